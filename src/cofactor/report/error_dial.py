"""The section on how badly intake is told: what random error does to the estimates, and what no correction mends."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from cofactor.report import format as shown
from cofactor.report.content import Block, Bullets, Heading, Picture, Section, Tabular, Words
from cofactor.report.figures import error_dial_alt, plot_error_dial, png
from cofactor.report.labels import Labels
from cofactor.report.tables.error_dial import assumed, by_term, error_dial_table, ratio_words
from cofactor.study import ErrorDial, ModelResult, StudyResult
from cofactor.study.error_dial import CORRECTED, MEASURED

NAME, TITLE = "error-dial", "If intake had been told without error"


def error_dial_section(result: StudyResult, labels: Labels, mark: str) -> Section:
    """Return the section; empty for a study without an error dial."""
    items = [item for item in result.models.values() if item.error_dial is not None]
    blocks: list[Block] = []
    for item in items:
        assert item.model.error_dial is not None
        assert item.error_dial is not None
        blocks.append(_picture(result, item, item.model.error_dial, item.error_dial, labels, mark))
        table = error_dial_table(result, item, labels)
        blocks += [] if table is None else [Tabular(table)]
    if not blocks:
        return Section(NAME, TITLE, ())
    return Section(
        NAME, TITLE, (Words(_lead(items, labels)), *blocks, Heading("What this cannot mend"), Bullets(_limits(items)))
    )


def _lead(items: list[ModelResult], labels: Labels) -> tuple[str, ...]:
    words = (
        "One or two days say little of what a person usually eats. If what they say is wrong at random, associations"
        " shrink: the fitted logarithm of a ratio is the true one times the reliability of the intake, which is the"
        " share of its variance, given the other columns of the model, that lies between people and not between one"
        " person's days. Each curve shows what the ratio would be at every reliability from 0.3 to 1."
    )
    table = items[0].error_dial
    rows = {} if table is None else by_term(table, MEASURED)
    if not rows:
        return (words, "No second recall was found here, so that no reliability was measured.")
    first: Mapping[Any, Any] = next(iter(rows.values()))
    dial = items[0].model.error_dial
    told = " and ".join(labels.variable(recall.of).lower() for recall in dial.recalls) if dial else ""
    return (
        words,
        f"It was measured in the {shown.count(first['people_with_two'])} people with two recalls"
        f" ({shown.percent(100 * float(first['share_with_two']))} of those in the model, weighted), for the mean of the"
        " recalls that each person has, as the models use it. Intakes told on the same day are wrong together: the"
        f" correction takes {told} at once.",
    )


def _picture(
    result: StudyResult, item: ModelResult, asked: ErrorDial, table: pd.DataFrame, labels: Labels, mark: str
) -> Picture:
    measured, corrected = (_interval(by_term(table, what).get(asked.term)) for what in (MEASURED, CORRECTED))
    dial = assumed(table)
    axes = plot_error_dial(dial, ylabel=asked.label, measured=measured, corrected=corrected)
    marks = (
        " Upright line: the measured reliability, its 95% interval shaded. Diamond and bar: the ratio corrected for the"
        " measured errors of all intakes of the model together, with its 95% interval."
        if measured
        else ""
    )
    return Picture(
        f"error_dial_{item.model.name}",
        f"{labels.term(asked.term)}: the estimate against the reliability of the intake",
        error_dial_alt(dial, name=asked.label, measured=measured, corrected=corrected),
        f"Curve and band: the ratio and its 95% interval if the intake had the reliability below,"
        f" {result.study.adjustment(item.model.adjustment).label}; at 1 they are as fitted:"
        f" {ratio_words(dial.iloc[-1])}. Grey line: no association.{marks}",
        png(axes, mark),
    )


def _interval(row: Mapping[Any, Any] | None) -> tuple[float, float, float] | None:
    return None if row is None else (float(row["estimate"]), float(row["low"]), float(row["high"]))


def _limits(items: list[ModelResult]) -> tuple[str, ...]:
    said = [
        "It makes no evidence. Estimate and limits move away from 1 by the same factor: an interval of the curve that"
        " holds 1 at one reliability holds it at every other, and p stays what it was.",
        "What a person tells wrongly on both days alike stays: telling less than was eaten (as heavier people do more"
        " than others), and what tables of foods have wrong. Beside markers in urine, recalls were found to be less"
        " reliable than two recalls say of themselves (Freedman LS et al. 2014, doi:10.1093/aje/kwu116).",
        "The errors of the two days are taken as independent of each other, of the truth, of the other columns and of"
        " death, and as large in people with one recall as in those with two.",
        "A yes or no made from a told intake, such as reaching a requirement, is misclassified, and most near the line:"
        " no factor divides that out, so that the ratios of such models are not corrected here.",
    ]
    if any(":" in item.model.error_dial.term for item in items if item.model.error_dial):
        said.append(
            "A product is corrected as if the other variable in it were measured without error, which one measurement"
            " years before death is not."
        )
    return tuple(said)
