"""Groups, outcomes and measures of a plan in words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from cofactor.cohort import variable
from cofactor.explore.offered import CAUSE, DEATH, label, with_unit
from cofactor.explore.plan import Grouped, Plan
from cofactor.report.format import significant


def level_words(one: Grouped, level: Any, cuts: Mapping[str, float]) -> str:
    """Return a group in words, short: "below 50 nmol/L", "yes", "former"."""
    if one.number:
        unit = variable(one.variable).unit
        cut = f"{plain_number(cuts[one.column])} {unit}".strip()
        return f"below {cut}" if level == "lower" else f"{cut} or more"
    return {True: "yes", False: "no"}.get(level, str(level))


def group_words(one: Grouped, level: Any, cuts: Mapping[str, float]) -> str:
    """Return a group in words, with the name of its variable."""
    return f"{label(one.variable)}: {level_words(one, level, cuts)}"


def outcome_words(plan: Plan) -> str:
    """Return the outcome in words, as it stands within a sentence."""
    if plan.outcome == DEATH:
        return "death from any cause"
    return f"death from {plan.cause}" if plan.outcome == CAUSE else with_unit(plan.outcome)


def events_words(plan: Plan) -> str:
    """Return what an event is called: deaths, or people with the outcome."""
    return "deaths" if plan.survival else "with it"


def product_words(plan: Plan) -> str:
    """Return what the product term is: the ratio of two ratios."""
    return f"Ratio of {plan.measure}s (product term)"


def note_words(note: str, plan: Plan, cuts: Mapping[str, float]) -> str:
    """Return a note of a model with the groups that it names in words."""
    for one in (plan.exposure, plan.modifier):
        for level in one.levels:
            note = note.replace(f"{one.column} = {level}", group_words(one, level, cuts))
    return note


def rows_of(table: pd.DataFrame) -> list[Any]:
    """Return the rows of a table, whose cells are named as its columns."""
    return list(table.itertuples())


def plain_number(value: float) -> str:
    """Return a cut without zeros that say nothing.

    >>> plain_number(50.0), plain_number(293.624)
    ('50', '293.6')
    """
    return significant(value, 4).rstrip("0").rstrip(".") if "." in significant(value, 4) else significant(value, 4)
