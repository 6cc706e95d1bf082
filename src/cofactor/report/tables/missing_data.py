"""Complete cases, imputed and weighted, side by side; what was imputed; whom the weights stand for."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from cofactor.report import format as shown
from cofactor.report.labels import Labels
from cofactor.report.tables.basis import weight_words
from cofactor.report.tables.model import Column, Row, Table
from cofactor.study import MissingDataAnswers, StudyResult
from cofactor.study.missing_data import IMPUTED
from cofactor.study.questions import ADDITIVE, COEFFICIENT, COMPARISON

ENOUGH = 20
"""Imputations from which their number hardly moves the interval."""


def questions(result: StudyResult, answers: MissingDataAnswers, labels: Labels) -> Iterator[tuple[str, pd.DataFrame]]:
    """Yield each question in words with its rows, one an approach.

    Of a model with a product: its comparisons, the product and RERI; of another all that was read from it.
    """
    for model, part in answers.answers.groupby("model", sort=False):
        coefficients = part[part["quantity"] == COEFFICIENT]
        products = coefficients["term"].str.contains(":", regex=False)
        read = coefficients[products] if products.any() else coefficients
        for rows in (part[part["quantity"] == COMPARISON], read, part[part["quantity"] == ADDITIVE]):
            for term, one in rows.groupby("term", sort=False):
                kind = str(one["quantity"].iloc[0])
                yield _words(result, str(model), kind, str(term), labels), one


def _words(result: StudyResult, model: str, kind: str, term: str, labels: Labels) -> str:
    asked, item = result.study.headline, result.study.model(model)
    if kind == COMPARISON:
        return f"{asked.exposure}, {term}" if model == asked.model else f"{item.label}, {term}"
    if kind == ADDITIVE:
        return f"{term}: {item.label}"
    if model == asked.picture_model:
        return asked.picture
    return labels.term(term) + (" (ratio of hazard ratios)" if ":" in term else "")


def answers_table(result: StudyResult, answers: MissingDataAnswers, labels: Labels) -> Table:
    """Return every question with one row an approach: people, events, estimate, p, missing information."""
    rows: list[Row] = []
    for words, part in questions(result, answers, labels):
        rows.append(Row(words))
        rows += [_row(row) for _, row in part.iterrows()]
    columns = (
        Column("people"),
        Column("events"),
        Column("ratio, or RERI (95% interval)"),
        Column("p"),
        Column("missing information"),
    )
    pooled = answers.answers[answers.answers["approach"] == IMPUTED]
    least = shown.percent(200.0 / (float(pooled["df"].median()) + 3.0))
    few = "" if answers.m >= ENOUGH else f" With {answers.m} it is itself uncertain: a report has {ENOUGH} or more."
    return Table(
        "missing_data",
        f"The same questions to complete cases, to {answers.m} imputations, and to weighted people",
        "question",
        columns,
        tuple(rows),
        f"{weight_words(result)}; cycles {result.study.cycles}",
        (
            "Imputed: Rubin's rules, with the degrees of freedom of Barnard and Rubin (1999). Missing information: the"
            f" share of an estimate's variance that the missing values account for; the formula gives {least} where"
            f" nothing is missing.{few} Weighted: the interval holds that the weights were estimated; in brackets, how"
            " many the people stand for.",
            *answers.notes,
        ),
    )


def _row(row: pd.Series) -> Row:
    ratio = row["quantity"] != ADDITIVE
    stand_for = f" ({shown.count(row['stand_for'])})" if row["stand_for"] > row["people"] else ""
    names = ("hazard_ratio", "ratio_low", "ratio_high") if ratio else ("estimate", "low", "high")
    cells = (
        shown.count(row["people"]) + stand_for,
        shown.count(row["events"]),
        shown.interval(*(float(row[name]) for name in names)),
        shown.p_value(row["p"]),
        shown.percent(100.0 * row["missing_information"]) if row["approach"] == IMPUTED else shown.UNKNOWN,
    )
    return Row(str(row["approach"]), cells, indent=True)


def imputed_table(result: StudyResult, answers: MissingDataAnswers, labels: Labels) -> Table:
    """Return what was imputed for the headline's model: variable, how, for how many, and whether the chains mixed."""
    found = answers.imputed[answers.imputed["model"] == answers.imputed["model"].iloc[0]]
    rows = tuple(
        Row(
            labels.with_unit(str(row["variable"])),
            (
                str(row["method"]),
                shown.count(row["missing"]),
                shown.percent(100.0 * row["share"]),
                shown.significant(row["r_hat"]),
            ),
        )
        for row in found.to_dict("records")
    )
    asked = result.study.missing_data
    rounds = "" if asked is None else f" of {asked.rounds} rounds each"
    return Table(
        "imputed_variables",
        "What was imputed",
        "variable",
        (Column("drawn by", words=True), Column("people"), Column("percent"), Column("R-hat")),
        rows,
        f"Cycles {result.study.cycles}; {answers.m} chains{rounds}, seed {answers.seed}",
        (
            "R-hat compares the chains with each other: near 1 once they have forgotten where they began (Gelman and"
            " Rubin, 1992). With few chains and rounds it is rough. Exposures, deaths and what a cycle did not ask are"
            " never imputed.",
        ),
    )


def cells_table(result: StudyResult, answers: MissingDataAnswers, labels: Labels) -> Table:
    """Return whom people with complete rows stand for: one row a cell."""
    lead = ("approach", "people", "known", "share_known", "factor")
    names = [str(name) for name in answers.cells if name not in lead]
    rows: list[Row] = []
    for approach, part in answers.cells.groupby("approach", sort=False):
        rows.append(Row(str(approach)))
        rows += [
            Row(
                ", ".join(labels.yes_no(name, str(row[name])) for name in names if pd.notna(row[name])),
                (
                    shown.count(row["people"]),
                    shown.count(row["known"]),
                    shown.percent(100.0 * row["share_known"]),
                    shown.significant(row["factor"]),
                ),
                indent=True,
            )
            for row in part.to_dict("records")
        ]
    return Table(
        "response_cells",
        f"The cells of the weights: {', '.join(labels.variable(name).lower() for name in names)}",
        "cell",
        (Column("people"), Column("complete"), Column("complete, weighted"), Column("weight times")),
        tuple(rows),
        f"{weight_words(result)}; cycles {result.study.cycles}",
        ("The weights of a cell's people with complete rows are multiplied up to the weight of all its people.",),
        folded=True,
    )
