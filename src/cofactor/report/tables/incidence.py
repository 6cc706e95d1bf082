"""Causes of death that compete: how many of 100 die of each by a time, in the study's groups."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from cofactor.report import format as shown
from cofactor.report.labels import Labels
from cofactor.report.tables.basis import population_basis
from cofactor.report.tables.model import Column, Row, Table
from cofactor.study import StudyResult


def incidence_table(result: StudyResult, labels: Labels) -> Table | None:
    """Return the crude cumulative incidence of each cause by group; None where the study does not ask for it."""
    asked, tidy = result.study.incidence, result.incidence
    if asked is None or not len(tidy):
        return None
    group = result.study.groups
    levels = list(dict.fromkeys(tidy[group].astype(str)))
    found = {(str(row[group]), str(row[asked.cause])): row for row in tidy.to_dict("records")}
    rows = tuple(
        Row(cause[:1].upper() + cause[1:], tuple(_cell(found.get((level, cause))) for level in levels))
        for cause in dict.fromkeys(tidy[asked.cause].astype(str))
    )
    return Table(
        "incidence_of_causes",
        f"Crude cumulative incidence by {asked.months / 12:g} years, of 100 people",
        "cause of death",
        tuple(Column(level, labels.variable(group)) for level in levels),
        rows,
        population_basis(result),
        (
            "The risk of dying of each cause while the others may come first (Aalen and Johansen); they add up to the"
            " risk of dying of any. Crude: the groups differ in age and all else. 95% intervals by the design.",
        ),
    )


def _cell(row: Mapping[Any, Any] | None) -> str:
    if row is None:
        return shown.UNKNOWN
    return shown.interval(*(100 * float(row[name]) for name in ("cumulative_incidence", "low", "high")))
