"""Risks standardised to the people studied: how many of 1,000 would die by a time in each joint category."""

from __future__ import annotations

import pandas as pd

from cofactor.report import format as shown
from cofactor.report.labels import Labels
from cofactor.report.tables.basis import basis_of
from cofactor.report.tables.model import Column, Row, Table
from cofactor.study import ModelResult, StudyResult

PER = 1000
MEAN, MEAN_DIFFERENCE = "restricted mean", "difference in restricted mean"


def standardized_table(result: StudyResult, item: ModelResult, labels: Labels) -> Table | None:
    """Return the standardised risks of the four joint categories, their differences and the additive interaction."""
    found, pair = item.standardized, item.model.additive
    if found is None or pair is None:
        return None
    parts = dict(list(found.groupby("quantity", sort=False)))
    first, second = pair
    differences = {(bool(row[first]), bool(row[second])): row for _, row in parts["difference"].iterrows()}
    rows = [
        Row(_cell_words(row, pair, labels), (_per(row), _difference(differences, row, pair)))
        for _, row in parts["risk"].iterrows()
    ]
    excess = parts["interaction"].iloc[0]
    rows.append(Row("both together over the sum of each (R11 - R10 - R01 + R00)", ("", _tested(excess)), strong=True))
    years = float(parts["risk"]["time"].iloc[0]) / 12
    return Table(
        f"standardized_{item.model.name}",
        f"Standardised {years:g}-year risk of {result.study.outcome(item.model.outcome).label}, per {PER:,} people",
        "category",
        (Column(f"risk per {PER:,} (95% interval)"), Column("difference from the first row (95% interval), p")),
        tuple(rows),
        basis_of(result, [item]),
        (_how(result, item), _expected(item, parts["expected RERI"].iloc[0])),
    )


def restricted_mean_table(result: StudyResult, item: ModelResult, labels: Labels) -> Table | None:
    """Return the standardised mean time alive of the four joint categories up to the same time, and its differences."""
    found, pair = item.standardized, item.model.additive
    if found is None or pair is None:
        return None
    parts = dict(list(found.groupby("quantity", sort=False)))
    if MEAN not in parts:
        return None
    first, second = pair
    differences = {(bool(row[first]), bool(row[second])): row for _, row in parts[MEAN_DIFFERENCE].iterrows()}
    rows = tuple(
        Row(_cell_words(row, pair, labels), (_per(row, 1), _difference(differences, row, pair, 1)))
        for _, row in parts[MEAN].iterrows()
    )
    years = float(item.model.standardized or 0) / 12
    return Table(
        f"restricted_mean_{item.model.name}",
        f"Standardised mean time alive in the first {years:g} years, in months",
        "category",
        (Column("months alive (95% interval)"), Column("difference from the first row (95% interval), p")),
        rows,
        basis_of(result, [item]),
        (
            f"The restricted mean survival time: the area under the standardised survival curve up to {years:g} years,"
            f" of {12 * years:g} months that are possible.",
        ),
    )


def _cell_words(row: pd.Series, pair: tuple[str, str], labels: Labels) -> str:
    return "; ".join(f"{labels.variable(name)}: {'yes' if row[name] else 'no'}" for name in pair)


def _per(row: pd.Series, per: int = PER) -> str:
    return shown.interval(*(per * float(row[name]) for name in ("estimate", "low", "high")))


def _tested(row: pd.Series, per: int = PER) -> str:
    return f"{_per(row, per)}, {shown.p_value(row['p'])}"


def _difference(
    differences: dict[tuple[bool, bool], pd.Series], row: pd.Series, pair: tuple[str, str], per: int = PER
) -> str:
    other = differences.get((bool(row[pair[0]]), bool(row[pair[1]])))
    return "0 (reference)" if other is None else _tested(other, per)


def _how(result: StudyResult, item: ModelResult) -> str:
    covariates = result.study.adjustment(item.model.adjustment).label
    return (
        "Each line is the model's mean risk over all people in it, weighted, were everybody in that category and their"
        f" other covariates ({covariates}) as they are: comparable across lines, and no experiment."
    )


def _expected(item: ModelResult, row: pd.Series) -> str:
    assert item.additive is not None
    observed = item.additive.loc[item.additive["term"] == "RERI"].iloc[0]
    return (
        "If the two hazard ratios simply multiplied, RERI would be (HR10 - 1)(HR01 - 1) = "
        f"{shown.interval(row['estimate'], row['low'], row['high'])}; observed "
        f"{shown.interval(observed['estimate'], observed['low'], observed['high'])}."
    )
