"""The tables of the data-quality page."""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import pandas as pd

from cofactor.cohort.breaks import known_breaks
from cofactor.cohort.plausible import plausible_span
from cofactor.cohort.registry import variable
from cofactor.report import format as shown
from cofactor.report.tables.model import Column, Row, Table
from cofactor.study.quality import DataQuality

NOT_ASKED = "·"
FOLD = 40
"""Rows from which on a table opens on demand."""

REASONS = {
    "missing_code": "codes that stand for missing",
    "class_value": "classes given a value",
    "top_code": "values above the cap",
    "zero_rule": "zeros by rule",
    "scaled": "change of unit",
}


def missing_table(quality: DataQuality) -> Table:
    """Return the weighted percent missing of each variable in each cycle."""
    return _by_cycle(
        quality,
        "missing",
        "Missing, weighted percent",
        lambda row: shown.percent(100 * row["missing_weighted_share"]),
        "Of the people in the variable's reach. Below 0.1% is “<0.1%”.",
    )


def people_table(quality: DataQuality) -> Table:
    """Return known values over people in reach, and the ages, of each variable in each cycle."""
    return _by_cycle(
        quality,
        "people",
        "Known values / people in reach (ages)",
        lambda row: f"{shown.count(row['known'])} / {shown.count(row['people'])} ({_ages(row)})",
        "In reach: a row in the variable's file, or in the subsample that a derived variable rests on, and an age"
        " between the youngest and the oldest person with a value. Unweighted.",
    )


def implausible_table(quality: DataQuality) -> Table:
    """Return how many values lie outside the plausible span, for variables with any; the span stands in the heading."""
    rows = []
    for name, records in _counts(quality).items():
        span = plausible_span(name)
        if span is not None and any(record["implausible"] > 0 for record in records):
            words = f"{span.low:g} to {span.high:g} {variable(name).unit}. {span.reason}"
            rows.append(Row(heading(name), (*_cells(records, lambda row: shown.count(row["implausible"])), words)))
    return Table(
        "implausible",
        "Values outside the plausible span",
        "variable",
        (*_cycle_columns(quality), Column("span and why", words=True)),
        tuple(rows),
        "Unweighted counts",
        (
            "These values are used as they are. A span is wide on purpose: what lies outside is hardly true of a person"
            f" or of a usual day. {_without_span(quality)}",
        ),
        folded=len(rows) > FOLD,
    )


def recoded_table(quality: DataQuality) -> Table:
    """Return the cells that recodes changed, by reason, for variables with any."""
    rows = []
    for name, records in _counts(quality).items():
        for reason, words in REASONS.items():
            column = f"recoded_{reason}"
            if any(record[column] > 0 for record in records):
                rows.append(Row(heading(name), (words, *_cells(records, functools.partial(_count_of, column)))))
    return Table(
        "recoded",
        "Cells that a rule of the catalogue changed",
        "variable",
        (Column("change", words=True), *_cycle_columns(quality)),
        tuple(rows),
        "Unweighted counts of cells of the raw columns",
        ("Names of levels, and answers yes and no, are no change and are not counted; nor are derived variables.",),
        folded=len(rows) > FOLD,
    )


def _count_of(column: str, row: Mapping[Any, Any]) -> str:
    return shown.count(row[column])


def steps_table(quality: DataQuality, steps: pd.DataFrame, name: str, title: str, note: str) -> Table:
    """Return notable steps, the largest first; `steps` is a part of the quality's own."""
    ordered = steps.iloc[steps["step_sd"].abs().to_numpy(dtype=float).argsort(kind="stable")[::-1]]
    caused = bool(steps["explained"].any())
    columns = (
        Column("between", words=True),
        Column("mean before"),
        Column("step (SE)"),
        Column("step in SD"),
        Column("SD after / before"),
        Column("notable", words=True),
        Column("adjusted p"),
        *((Column("known change", words=True),) if caused else ()),
    )
    rows = tuple(
        Row(heading(row["variable"]), (*_step_cells(row), *((_causes(row),) if caused else ())))
        for row in ordered.to_dict("records")
    )
    basis = f"{len(quality.steps):,} steps of {quality.steps['variable'].nunique():,} variables were tested"
    return Table(name, title, "variable", columns, rows, basis, (note,), folded=len(rows) > FOLD)


def _step_cells(row: Mapping[Any, Any]) -> tuple[str, ...]:
    what = [word for word in ("level", "spread") if row[f"notable_{word}"]]
    p = min(row["p_adjusted"] if "level" in what else 1.0, row["sd_ratio_p_adjusted"] if "spread" in what else 1.0)
    return (
        f"{row['from']} to {row['to']}",
        shown.significant(row["level"]),
        shown.mean_and_error(row["step"], row["se"]),
        f"{row['step_sd']:+.2f}",
        f"{row['sd_ratio']:.2f}" if shown.known(row["sd_ratio"]) else shown.UNKNOWN,
        ", ".join(what),
        shown.p_value(p),
    )


def _causes(row: Mapping[Any, Any]) -> str:
    titles = {known.name: known.title for known in known_breaks()}
    return "; ".join(titles[name] for name in row["causes"].split(", "))


def changes_table(quality: DataQuality) -> Table:
    """Return the known changes among the variables, and what became of the steps that lie on them."""
    columns = (
        Column("what changed", words=True),
        Column("steps"),
        Column("notable"),
        Column("largest step", words=True),
        Column("source", words=True),
    )
    rows = tuple(
        Row(
            _named(row),
            (row["cause"], shown.count(row["steps"]), shown.count(row["notable"]), _largest(row), row["source"]),
        )
        for row in quality.changes.to_dict("records")
    )
    return Table(
        "changes", "Known changes, and the steps that lie on them", "change", columns, rows, "",
        (
            "A change may leave no notable step: it was small, it was undone in the files, or it changed who was asked"
            " and not what was found. A variable shares the changes of what it is made of. “Largest step” is of all of"
            " these variables, notable or not, in SD of a person within a cycle.",
        ),
    )  # fmt: skip


def _named(row: Mapping[Any, Any]) -> str:
    return f"{row['title']}, {'every cycle' if row['first_cycle'] == 'every' else 'from ' + row['first_cycle']}"


def _largest(row: Mapping[Any, Any]) -> str:
    return f"{row['largest_step_sd']:+.2f} SD, {row['largest_variable']}" if row["largest_variable"] else shown.UNKNOWN


def heading(name: str) -> str:
    """Return a variable's label with its name, as a row's heading."""
    return f"{variable(name).label} ({name})"


def _by_cycle(
    quality: DataQuality, name: str, title: str, cell: Callable[[Mapping[Any, Any]], str], note: str
) -> Table:
    rows = tuple(Row(heading(one), _cells(records, cell)) for one, records in _counts(quality).items())
    return Table(
        name, title, "variable", _cycle_columns(quality), rows, "", (note, f"“{NOT_ASKED}”: not in this cycle."),
        folded=len(rows) > FOLD,
    )  # fmt: skip


def _cells(rows: Sequence[Mapping[Any, Any]], cell: Callable[[Mapping[Any, Any]], str]) -> tuple[str, ...]:
    return tuple(cell(row) if row["asked"] else NOT_ASKED for row in rows)


def _counts(quality: DataQuality) -> dict[str, list[dict[Any, Any]]]:
    """The counts of each variable: a record a cycle, in order."""
    found: dict[str, list[dict[Any, Any]]] = {name: [] for name in quality.names}
    for row in quality.counts.to_dict("records"):
        found[row["variable"]].append(row)
    return found


def _cycle_columns(quality: DataQuality) -> tuple[Column, ...]:
    return tuple(Column(cycle) for cycle in quality.cycles)


def _ages(row: Mapping[Any, Any]) -> str:
    return f"{row['age_from']:.0f}-{row['age_to']:.0f}" if row["known"] else "none"


def _without_span(quality: DataQuality) -> str:
    numbers: Sequence[str] = [name for name in quality.names if variable(name).kind in ("number", "months")]
    without = sum(plausible_span(name) is None for name in numbers)
    return f"{without:,} of the {len(numbers):,} numbers here have no span in the catalogue."
