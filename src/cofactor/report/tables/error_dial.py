"""Estimates as told and as corrected for the measured error of the intakes behind them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from cofactor.report import format as shown
from cofactor.report.labels import Labels
from cofactor.report.tables.basis import basis_of
from cofactor.report.tables.model import Column, Row, Table
from cofactor.study import ModelResult, StudyResult
from cofactor.study.error_dial import ASSUMED, CORRECTED, MEASURED, TOLD


def error_dial_table(result: StudyResult, item: ModelResult, labels: Labels) -> Table | None:
    """Return the ratios of all intakes of a model, fitted and corrected; None where nothing was measured."""
    table = item.error_dial
    if table is None or not (table["quantity"] == MEASURED).any():
        return None
    measured, corrected = by_term(table, MEASURED), by_term(table, CORRECTED)
    fitted = by_term(table, TOLD)
    rows = tuple(
        Row(
            labels.term(term),
            (
                ratio_words(fitted[term]),
                shown.interval(*(float(row[name]) for name in ("estimate", "low", "high"))),
                ratio_words(corrected[term]) if term in corrected else shown.UNKNOWN,
            ),
            strong=term == str(table["term"].iloc[0]),
        )
        for term, row in measured.items()
    )
    return Table(
        f"error_dial_{item.model.name}",
        f"Corrected for random error of the intakes: {item.model.label}",
        "coefficient",
        (
            Column("ratio, as told (95% interval)"),
            Column("measured reliability (95% interval)"),
            Column("ratio, corrected for all intakes together (95% interval)"),
        ),
        rows,
        basis_of(result, [item]),
        (
            "Reliability: the part of a coefficient that random error leaves, given all other columns of the model; for"
            " a single intake, its intraclass correlation. The corrected ratios take the errors of all these intakes"
            " into account at once (regression calibration), and their intervals the uncertainty of the reliability"
            " too.",
            *(_OF_MAIN_TERMS if any(":" in term for term in measured) else ()),
        ),
    )


_OF_MAIN_TERMS = ("A row whose intake also stands in a product is about people in whom the other variable is 0.",)


def by_term(table: pd.DataFrame, quantity: str) -> dict[str, Mapping[Any, Any]]:
    """Return the rows of one quantity by their term."""
    return {str(row["term"]): row for row in table[table["quantity"] == quantity].to_dict("records")}


def assumed(table: pd.DataFrame) -> pd.DataFrame:
    """Return the rows of the dial itself."""
    return table[table["quantity"] == ASSUMED]


def ratio_words(row: Mapping[Any, Any] | pd.Series) -> str:
    """Return a ratio and its interval in words, from the row of its logarithm."""
    return shown.interval(*(float(np.exp(row[name])) for name in ("estimate", "low", "high")))
