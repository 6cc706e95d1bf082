"""Who is in the study: the flow of exclusions, the characteristics, what is missing, and the cut points."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from cofactor.report import format as shown
from cofactor.report.labels import Labels
from cofactor.report.tables.basis import population_basis, weight_words
from cofactor.report.tables.model import Column, Row, Table
from cofactor.study import StudyResult


def flow_table(result: StudyResult) -> Table:
    """Return the flow of exclusions: who is left after each step, and why the others left."""
    rows = tuple(
        Row(
            str(step["step"]),
            (
                shown.count(step["people"]),
                shown.millions(step["weighted"]),
                shown.count(step["deaths"]),
                shown.count(step["left_false"]) if number else shown.UNKNOWN,
                shown.count(step["left_unknown"]) if number else shown.UNKNOWN,
            ),
            strong=number == len(result.flow) - 1,
        )
        for number, step in enumerate(result.flow.to_dict("records"))
    )
    columns = (
        Column("people", "left after this step"),
        Column("weighted", "left after this step"),
        Column("deaths", "left after this step"),
        Column("condition false", "who left"),
        Column("unknown", "who left"),
    )
    return Table(
        "flow",
        "Flow of exclusions",
        "step",
        columns,
        rows,
        f"{weight_words(result)}; cycles {result.study.cycles}",
        (
            "Nobody is dropped from the design: the population is a domain, and every stratum and PSU counts in the"
            " variance. “Weighted” is the number of people whom those left stand for.",
        ),
    )


def characteristics_table(result: StudyResult, labels: Labels) -> Table:
    """Return the weighted Table 1: mean (SE) or percent by group, people in the heading, and a row for the missing."""
    tidy = result.characteristics
    groups = list(dict.fromkeys(tidy["group"]))
    people = (tidy["people"] + tidy["missing"]).groupby(tidy["group"]).max()
    rows: list[Row] = []
    for name in dict.fromkeys(tidy["variable"]):
        rows += _characteristic(tidy[tidy["variable"] == name], str(name), groups, labels)
    columns = tuple(
        Column(f"{'everyone' if group == 'all' else group} (n\u00a0=\u00a0{shown.count(people[group])})")
        for group in groups
    )
    return Table(
        "characteristics",
        f"Characteristics of the population by {labels.variable(result.study.groups)}",
        "characteristic",
        columns,
        tuple(rows),
        population_basis(result),
        (
            "Weighted mean (standard error) or weighted percent of those with a known value; n and the rows of the"
            " missing are unweighted. No tests: with this many people every difference is “significant”.",
        ),
    )


def _characteristic(part: pd.DataFrame, name: str, groups: list[str], labels: Labels) -> list[Row]:
    rows = []
    if (part["statistic"] == "mean").all():
        cells = {str(row["group"]): shown.mean_and_error(row["estimate"], row["se"]) for row in part.to_dict("records")}
        rows.append(Row(f"{labels.with_unit(name)}, mean (SE)", _in_order(cells, groups)))
    else:
        levels = list(dict.fromkeys(part["level"]))
        yes_no = set(levels) <= {"True", "False", "yes", "no"}
        if yes_no:
            kept = part[part["level"].isin(["True", "yes"])]
            rows.append(Row(labels.variable(name), _in_order(_percents(kept), groups)))
        else:
            rows.append(Row(labels.variable(name)))
            rows += [
                Row(str(level), _in_order(_percents(part[part["level"] == level]), groups), indent=True)
                for level in levels
            ]
    missing = part.drop_duplicates("group").set_index("group")["missing"]
    if missing.sum() > 0:
        lacking = {str(group): shown.count(value) for group, value in missing.items()}
        rows.append(Row("missing, n", _in_order(lacking, groups), indent=True))
    return rows


def _percents(part: pd.DataFrame) -> dict[str, str]:
    return {str(row["group"]): shown.percent(100 * row["estimate"]) for row in part.to_dict("records")}


def _in_order(cells: dict[str, str], groups: list[str]) -> tuple[str, ...]:
    return tuple(cells.get(group, shown.UNKNOWN) for group in groups)


def followed_table(result: StudyResult) -> Table:
    """Return how many were still followed after some years, by cycle, and how many of them died later."""
    tidy = result.at_risk_by_cycle
    years = list(dict.fromkeys(tidy["years"]))
    rows = []
    for cycle in dict.fromkeys(tidy["cycle"]):
        of_cycle = {row["years"]: row for row in tidy[tidy["cycle"] == cycle].to_dict("records")}
        cells = [_people_and_deaths(of_cycle[year]) for year in years]
        rows.append(Row(str(cycle), tuple(cells)))
    return Table(
        "followed",
        "Still followed, by cycle: people / deaths among them from then on",
        "cycle",
        tuple(Column(f"{year} years", "after") for year in years),
        tuple(rows),
        f"Unweighted; cycles {result.study.cycles}; n = {shown.count(result.flow['people'].iloc[-1])}",
        ("Follow-up ends on one day for all, so that late years rest on early cycles alone.",),
    )


def _people_and_deaths(row: Mapping[Any, Any]) -> str:
    return f"{shown.count(row['people'])} / {shown.count(row['deaths'])}" if row["people"] else shown.UNKNOWN


def missing_table(result: StudyResult, labels: Labels) -> Table:
    """Return what the population lacks, by variable: people, share with and without weights, deaths."""
    last = len(result.missing) - 1
    rows = tuple(
        Row(
            labels.variable(str(item["variable"])) if number < last else str(item["variable"]),
            (
                shown.count(item["people"]),
                shown.percent(item["percent"]),
                shown.percent(item["weighted_percent"]),
                shown.count(item["deaths"]),
            ),
            strong=number == last,
        )
        for number, item in enumerate(result.missing.to_dict("records"))
    )
    columns = (Column("people"), Column("percent"), Column("weighted percent"), Column("deaths"))
    return Table(
        "missing",
        "What the population lacks",
        "variable",
        columns,
        rows,
        population_basis(result),
        (
            "A row that lacks a variable of a model leaves as a further restriction of the domain: its influence is 0"
            f" and its PSU stays. {_imputed_words(result)}",
        ),
    )


def _imputed_words(result: StudyResult) -> str:
    if result.missing_answers is not None:
        return "No value was imputed but in the section on those left out for a missing answer."
    return "No value was imputed."


def cut_points_table(result: StudyResult, labels: Labels) -> Table:
    """Return the cut points and knots: which quantile of what, and where it fell."""
    tidy = result.cut_points
    rows = []
    for (cut, level), part in tidy.groupby(["cut", "level"], sort=False):
        of = labels.with_unit(str(part["of"].iloc[0]))
        probs = [f"{100 * prob:.3g}%" if shown.known(prob) else "given" for prob in part["prob"]]
        values = [shown.significant(value) for value in part["value"]]
        header = f"{shown.named(str(cut))}{f' ({level})' if level else ''}"
        rows.append(Row(header, (of, ", ".join(probs), ", ".join(values))))
    columns = (Column("of", words=True), Column("weighted quantiles", words=True), Column("values", words=True))
    return Table("cut_points", "Cut points and knots", "name", columns, tuple(rows), population_basis(result))
