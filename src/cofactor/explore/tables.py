"""The tables of an answer as rows of text: the interaction's cells and measures, the quartiles, the people."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from cofactor.explore.answer import Distributions, Interaction, People
from cofactor.explore.offered import label
from cofactor.explore.plan import Grouped, Plan
from cofactor.explore.words import events_words, group_words, level_words, product_words, rows_of
from cofactor.report.format import count, interval, p_value, percent, significant
from cofactor.survey.estimate import Estimate

_MORE = {"AP": "Attributable proportion", "S": "Synergy index S"}


@dataclass(frozen=True)
class TextTable:
    """A table to show: a caption, the heads of its columns, and rows whose first cell is the row's head."""

    caption: str
    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


def cells_table(plan: Plan, people: People, found: Interaction) -> TextTable:
    """Return the ratio of each pair of groups against the reference, with people and events."""
    cells = found.table.cells
    modifier, exposure = plan.modifier, plan.exposure
    rows = []
    for x in exposure.levels:
        row = [level_words(exposure, x, people.cuts)]
        for y in modifier.levels:
            (one,) = _where(cells, x, y)
            row.append(_cell(plan, one))
        rows.append(tuple(row))
    heads = (label(exposure.variable), *(group_words(modifier, y, people.cuts) for y in modifier.levels))
    return TextTable(
        f"{plan.measure.capitalize()}s against the reference group, with 95% intervals", heads, tuple(rows)
    )


def measures_table(plan: Plan, people: People, found: Interaction) -> TextTable:
    """Return the interaction with intervals and p: of one pair of levels every measure, of several RERI and product."""
    caption = f"Interaction of {label(plan.exposure.variable)} and {label(plan.modifier.variable)}, on both scales"
    pairs = [(x, y) for x in plan.exposure.levels[1:] for y in plan.modifier.levels[1:]]
    measured = [{row.term: row for row in _where(found.table.measures, x, y)} for x, y in pairs]
    if len(pairs) == 1:
        names = {"RERI": "RERI", "multiplicative": product_words(plan), **_MORE}
        rows = [(names[term], _interval(measured[0][term]), p_value(measured[0][term].p)) for term in names]
        return TextTable(caption, ("Measure", "Estimate (95% interval)", "p"), tuple(rows))
    several = []
    for (x, y), row in zip(pairs, measured, strict=True):
        pair = f"{level_words(plan.exposure, x, people.cuts)}; {group_words(plan.modifier, y, people.cuts)}"
        several.append((pair, _with_p(row["RERI"]), _with_p(row["multiplicative"])))
    return TextTable(caption, ("Set against the reference", "RERI", product_words(plan)), tuple(several))


def quartiles_table(plan: Plan, people: People, found: Distributions) -> TextTable:
    """Return quartiles of numbers and shares of levels, with the interval of each median or share."""
    rows = [*_described(plan.exposure, found.exposure, people, plan.modifier)]
    rows += _described(plan.modifier, found.modifier, people, None)
    heads = ("Variable", "Group", "Median or share (95% interval)", "Quartiles")
    return TextTable("Weighted distributions", heads, tuple(rows))


def people_lines(plan: Plan, people: People, found: Interaction | None) -> tuple[str, ...]:
    """Return who is in question and in the model, and which weight stands for them, as sentences."""
    design = people.design
    inside = int(design.in_domain.sum())
    lines = [f"{count(len(design.data))} people in the files of {plan.cycles}, {count(inside)} in question."]
    if found is not None:
        counts = found.fit.counts
        happened = "" if counts.events is None else f", {count(counts.events)} {events_words(plan)}"
        lines.append(f"{count(counts.n_used)} of them complete on everything in the model{happened}.")
        lost = sorted(found.fit.n_missing.items(), key=lambda item: -item[1])
        if lost:
            lines.append("Missing: " + "; ".join(f"{_named(name)} ({count(n)})" for name, n in lost if n) + ".")
    lines.append(f"Weight: {design.data.attrs.get('weight_reason', '')}.")
    return tuple(lines)


def _named(column: str) -> str:
    return label(column.removesuffix("_group"))


def _where(frame: pd.DataFrame, x: Any, y: Any) -> Iterator[Any]:
    return (row for row in rows_of(frame) if row.exposure == x and row.modifier == y)


def _interval(row: Any) -> str:
    return interval(row.estimate, row.low, row.high)


def _with_p(row: Any) -> str:
    p = p_value(row.p)
    return f"{_interval(row)}\np {p if p[0] in '<>' else f'= {p}'}"


def _cell(plan: Plan, row: Any) -> str:
    shown = "1 (reference)" if np.isnan(row.low) and row.estimate == 1.0 else _interval(row)
    happened = "" if np.isnan(row.events) else f", {count(row.events)} {events_words(plan)}"
    return f"{shown}\n{count(row.n)} people{happened}"


def _described(one: Grouped, found: Estimate, people: People, by: Grouped | None) -> Iterator[tuple[str, ...]]:
    table = found.table()
    groups = ["everybody"] * len(table) if by is None else [group_words(by, g, people.cuts) for g in table[by.column]]
    if not one.number:
        for row, group in zip(rows_of(table), groups, strict=True):
            shown = f"{percent(100 * row.estimate)} ({percent(100 * row.low)} to {percent(100 * row.high)})"
            yield (f"{label(one.variable)}: {level_words(one, row.level, people.cuts)}", group, shown, "")
        return
    table = table.assign(group=groups)
    for name, part in table.groupby("group", sort=False):
        first, middle, third = rows_of(part.sort_values("prob"))
        shown = f"{significant(middle.estimate)} ({significant(middle.low)} to {significant(middle.high)})"
        quarters = f"{significant(first.estimate)} to {significant(third.estimate)}"
        yield (label(one.variable), str(name), shown, quarters)
