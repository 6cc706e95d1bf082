"""Results as rows of a forest: a label, an estimate and its interval, and on which scale."""

from __future__ import annotations

import re
from typing import Any, Literal, TypeAlias

import numpy as np
import pandas as pd

from cofactor.errors import StudyError
from cofactor.models import (
    ComparedRisks,
    InteractionComparison,
    MarginalMeans,
    ProportionalHazardsTest,
    ProportionalOddsTest,
    RestrictedMeans,
)
from cofactor.report.labels import Labels, catalogue_labels
from cofactor.survey import ChiSquareTest, RankTest

Scale: TypeAlias = Literal["ratio", "difference", "value"]
SCALES: tuple[Scale, ...] = ("ratio", "difference", "value")
"""Ratios stand on a logarithmic axis around 1, differences around 0; values (means, shares, risks) around nothing."""

PARTS: dict[type, str] = {
    ChiSquareTest: "cells",
    ComparedRisks: "risks",
    InteractionComparison: "interactions",
    MarginalMeans: "means",
    ProportionalHazardsTest: "slopes",
    ProportionalOddsTest: "slopes",
    RankTest: "differences",
    RestrictedMeans: "means",
}
"""Which estimate of a result is drawn."""

RATIOS = {"cox": "hazard ratio", "fine_gray": "subdistribution hazard ratio", "ordinal": "odds ratio"}
LINKS = {"logit": "odds ratio", "log": "ratio of means or risks", "cloglog": "hazard ratio"}
_CELL = re.compile(r"(\w+) = (.+)")


def scale_of(table: pd.DataFrame) -> Scale:
    """Return which scale the rows of a forest are on, by the column that holds the estimates."""
    for scale in SCALES:
        if scale in table.columns:
            return scale
    raise StudyError(
        f"a forest needs a column ratio, difference or value beside label, low and high; there are "
        f"{', '.join(map(str, table.columns))}; give the result itself, or rename the column"
    )


def interval_rows(result: Any) -> pd.DataFrame:
    """Return the rows of a forest from a result; a frame of such rows is returned as it is.

    Parameters
    ----------
    result : DataFrame, fit, Estimate, or a result that holds one
        Coefficients of models on a log scale become ratios, of other models differences; a fit's intercept is left
        out. Means and risks are values; shares and risks are shown in percent.

    Returns
    -------
    DataFrame
        Columns group, label, one of ratio, difference and value, low, high.

    Raises
    ------
    StudyError
        A frame without the columns, or something that has no estimates.
    """
    if isinstance(result, pd.DataFrame):
        scale_of(result)
        return result
    estimate = getattr(result, PARTS.get(type(result), "estimate"), result)
    if not hasattr(estimate, "labels"):
        raise StudyError(
            f"a {type(result).__name__} holds no estimates with intervals; give a fit, an estimate or their rows"
        )
    scale = _scale(result, estimate)
    table = estimate.table(exponentiate=True) if scale == "ratio" and estimate.log_scale else estimate.table()
    if estimate.tested and not table["term"].eq("Intercept").all():
        table = table[table["term"].ne("Intercept")]
    size = 100.0 if is_share(result, estimate) else 1.0
    names = _names(table, catalogue_labels(), scale if size == 1.0 else "difference")
    made = {scale: table["estimate"] * size, "low": table["low"] * size, "high": table["high"] * size}
    return pd.concat([names, pd.DataFrame(made)], axis=1).reset_index(drop=True)


def is_share(result: Any, estimate: Any) -> bool:
    """Return whether the estimates are shares of people: proportions, and risks by some time."""
    extra = getattr(estimate, "extra", None)
    return isinstance(result, ComparedRisks | ChiSquareTest) or (extra is not None and "reliability" in extra)


def axis_words(result: Any) -> str:
    """Return what the axis of a forest says about a result."""
    if isinstance(result, pd.DataFrame):
        words = {"ratio": "ratio of hazard ratios (logarithmic axis)", "difference": "difference", "value": "estimate"}
        return words[scale_of(result)]
    estimate = getattr(result, PARTS.get(type(result), "estimate"), result)
    scale = _scale(result, estimate)
    if scale == "ratio":
        kind = RATIOS.get(getattr(result, "kind", ""), LINKS.get(getattr(result, "link", None) or "", "ratio"))
        return f"{kind} (logarithmic axis)"
    if is_share(result, estimate):
        return "percent"
    if scale == "difference":
        return "difference"
    return catalogue_labels().with_unit(str(estimate.labels["term"].iloc[0])) if _one_variable(estimate) else "estimate"


def _one_variable(estimate: Any) -> bool:
    """Return whether all values are of one variable, in several groups or at several quantiles: the axis names it."""
    terms = set(estimate.labels["term"])
    return len(terms) == 1 and not any(" = " in str(term) for term in terms)


def _scale(result: Any, estimate: Any) -> Scale:
    ratios = getattr(estimate, "shown_as_ratio", None)
    if estimate.log_scale or (ratios is not None and bool(np.all(ratios))):
        return "ratio"
    if ratios is not None and bool(np.any(ratios)):
        raise StudyError("RERI and AP stand around 0, S and the product around 1; draw them by plot_measures")
    return "difference" if estimate.tested else "value"


def _names(table: pd.DataFrame, labels: Labels, scale: Scale) -> pd.DataFrame:
    """Return group and label of each row: terms that are all the same are the group, and the others' labels."""
    leading = list(table.columns[: list(table.columns).index("term")])
    by = [name for name in leading if len(set(table[name])) > 1] or leading[:1]
    terms = [_term(str(term), labels) for term in table["term"]]
    levels = [_levels(row, by, table, labels) for row in table.to_dict("records")]
    distinct = len(set(terms)) > 1
    if not any(levels):
        return pd.DataFrame({"group": "", "label": terms}, index=table.index)
    if not distinct and scale == "value":
        return pd.DataFrame({"group": "", "label": levels}, index=table.index)
    if not distinct:
        return pd.DataFrame({"group": terms, "label": levels}, index=table.index)
    if "time" in by or "prob" in by:  # the terms name the people already
        where = "time" if "time" in by else "prob"
        lead = {"time": "by time", "prob": "quantile"}[where]
        return pd.DataFrame({"group": [f"{lead} {v:g}" for v in table[where]], "label": terms}, index=table.index)
    named = all(any(str(row[name]) in str(row["term"]) for name in by) for row in table.to_dict("records"))
    if named:
        return pd.DataFrame({"group": "", "label": terms}, index=table.index)
    return pd.DataFrame({"group": levels, "label": terms}, index=table.index)


def _term(term: str, labels: Labels) -> str:
    """Return a coefficient in words; of cells, "a = x, b = y" (against others), each variable and its level."""
    if " against " in term:
        return " against ".join(_term(part, labels) for part in term.split(" against "))
    cells = [_CELL.fullmatch(part) for part in term.split(", ")]
    if all(cells):
        return ", ".join(_in_words(cell[1], cell[2], labels) for cell in cells if cell)
    return term if " = " in term or " minus " in term else labels.term(term)


def _in_words(name: str, level: str, labels: Labels) -> str:
    said = labels.yes_no(name, level)
    return said if said != level else f"{labels.variable(name)}: {level}"


def _levels(row: dict[Any, Any], by: list[str], table: pd.DataFrame, labels: Labels) -> str:
    parts = [labels.yes_no(name, str(row[name])) for name in by]
    if "level" in table.columns and "level" not in by:
        parts.append(str(row["level"]))
    if "prob" in table.columns and "prob" not in by:
        parts.append(f"quantile {row['prob']:g}")
    return ", ".join(parts)
