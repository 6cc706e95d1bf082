"""The pictures of an answer, each with words for those who do not see it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pandas as pd

from cofactor.explore.answer import Curves, Distributions, People
from cofactor.explore.distribution import plot_histogram, plot_shares, weighted_histogram
from cofactor.explore.offered import label, with_unit
from cofactor.explore.plan import Grouped, Plan
from cofactor.explore.words import group_words, level_words, outcome_words, plain_number, rows_of
from cofactor.models.dose_response import DoseResponseCurve
from cofactor.report.figures import plot_curve, png
from cofactor.report.format import interval, percent, significant
from cofactor.survey.estimate import Estimate

MARK = "SYNTHETIC"


@dataclass(frozen=True)
class Picture:
    """A picture as PNG, and its text alternative."""

    png: bytes
    alt: str


def exposure_picture(plan: Plan, people: People, found: Distributions, *, synthetic: bool) -> Picture:
    """Return the distribution of the exposure in each group of the modifier."""
    return _distribution(plan.exposure, people, found.exposure, plan.modifier, synthetic)


def modifier_picture(plan: Plan, people: People, found: Distributions, *, synthetic: bool) -> Picture:
    """Return the distribution of the modifier."""
    return _distribution(plan.modifier, people, found.modifier, None, synthetic)


def curves_picture(plan: Plan, people: People, found: Curves, *, synthetic: bool) -> Picture:
    """Return the curves with their pointwise intervals."""
    parts = []
    for level, curve in found.by_level.items():
        named = _where_people_are(plan, people, level, curve).rename(
            columns={
                plan.exposure.variable: "value", "estimate": "hazard_ratio", "low": "ratio_low", "high": "ratio_high",
            }
        )  # fmt: skip
        parts.append(named.assign(group=group_words(plan.modifier, level, people.cuts)))
    knots = next(iter(found.by_level.values())).knots
    axes = plot_curve(
        pd.concat(parts), xlabel=with_unit(plan.exposure.variable), by="group", reference=found.reference, marks=knots
    )
    axes.set_ylabel(f"{plan.measure} (logarithmic axis)")
    return Picture(png(axes, MARK if synthetic else ""), _curves_alt(plan, people, found))


def _where_people_are(plan: Plan, people: People, level: Any, curve: DoseResponseCurve) -> pd.DataFrame:
    """Return the curve of a group between the least and the most that anybody in it has: the rest is the spline's."""
    design, table = people.design, curve.table()
    group = design.data.loc[
        design.in_domain & (design.data[plan.modifier.column] == level).fillna(False).to_numpy(bool)
    ]
    values = group[plan.exposure.variable]
    return table[table[plan.exposure.variable].between(values.min(), values.max())]


def _curves_alt(plan: Plan, people: People, found: Curves) -> str:
    said = []
    for level, curve in found.by_level.items():
        table = _where_people_are(plan, people, level, curve)
        ends = [
            f"{interval(row['estimate'], row['low'], row['high'])} at {significant(row[plan.exposure.variable])}"
            for _, row in table.iloc[[0, -1] if len(table) else []].iterrows()
        ]
        said.append(f"{group_words(plan.modifier, level, people.cuts)}: {' and '.join(ends)}")
    head = f"{plan.measure.capitalize()} of {outcome_words(plan)} along {with_unit(plan.exposure.variable)}"
    return f"{head}, 1 at {plain_number(found.reference)}. {'; '.join(said)}."


def _distribution(one: Grouped, people: People, found: Estimate, by: Grouped | None, synthetic: bool) -> Picture:
    table = _in_words(found.table(), one, people, by)
    mark = MARK if synthetic else ""
    if one.number:
        return _histogram(one, people, table, by, mark)
    said = "; ".join(
        f"{row.level}{f' ({row.group})' if row.group else ''} {percent(100 * row.estimate)}" for row in rows_of(table)
    )
    return Picture(png(plot_shares(table), mark), f"Shares of {label(one.variable)}: {said}.")


def _histogram(one: Grouped, people: People, table: pd.DataFrame, by: Grouped | None, mark: str) -> Picture:
    column, levels = (None, ()) if by is None else (by.column, by.ordered)
    bars = weighted_histogram(people.design, one.variable, column, levels)
    bars["group"] = "" if by is None else bars["group"].map(lambda level: group_words(by, level, people.cuts))
    medians = table[table["prob"] == 0.5].set_index("group")["estimate"].to_dict()
    axes = plot_histogram(
        bars, {str(group): median for group, median in medians.items()}, xlabel=with_unit(one.variable)
    )
    said = "; ".join(f"{f'{group}: ' if group else ''}median {significant(m)}" for group, m in medians.items())
    return Picture(png(axes, mark), f"Weighted histogram of {with_unit(one.variable)}. {said}.")


def _in_words(table: pd.DataFrame, one: Grouped, people: People, by: Grouped | None) -> pd.DataFrame:
    """Return a table of quartiles or shares with `group` and `level` in words; of a flag both its levels."""
    groups = [""] * len(table) if by is None else [group_words(by, level, people.cuts) for level in table[by.column]]
    made = table.assign(group=groups)
    if one.number:
        return made
    made["level"] = [level_words(one, level, people.cuts) for level in made["level"]]
    return made if len(set(made["level"])) > 1 else pd.concat([_complement(made), made], ignore_index=True)


def _complement(yes: pd.DataFrame) -> pd.DataFrame:
    """Return the shares of no from those of yes."""
    return yes.assign(level="no", estimate=1 - yes["estimate"], low=1 - yes["high"], high=1 - yes["low"])
