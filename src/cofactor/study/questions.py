"""What a study asks of a fit, as estimates: coefficients, comparisons, additive interaction."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from cofactor.models import Fit, Pooled, contrast, reri
from cofactor.models.formula import MatrixSpec
from cofactor.study.parts import Model
from cofactor.survey import Estimate, joint, linear

Floats = NDArray[np.float64]
COEFFICIENT, COMPARISON, ADDITIVE = "coefficient", "comparison", "additive"


@dataclass(frozen=True, eq=False)
class Answer:
    """What pooling needs of an estimate and its fit, without the data behind them.

    people, events : of the fit.
    """

    labels: pd.DataFrame
    values: Floats
    covariance: Floats
    df: Floats
    tested: bool
    log_scale: bool
    unbounded: NDArray[np.bool_] | None
    spec: MatrixSpec
    people: int
    events: int


def questions_of(fit: Fit, model: Model) -> dict[str, Estimate]:
    """Return the estimates that a model is fitted for, by kind: coefficients, comparisons, RERI.

    The labels of coefficients are their terms, of comparisons the model's words, of RERI ``RERI``, with the levels
    behind it where there are several pairs.
    """
    at = list(fit.spec.positions(model.coefficients or model.terms))
    chosen = linear(fit.estimate, np.eye(len(fit.terms))[at], [fit.terms[position] for position in at])
    runaway = fit.estimate.unbounded
    found = {COEFFICIENT: chosen if runaway is None else replace(chosen, unbounded=runaway[at])}
    comparisons = [_named(contrast(fit, dict(one.high), dict(one.low)), [one.label]) for one in model.comparisons]
    if comparisons:
        found[COMPARISON] = joint(*comparisons)
    if model.additive:
        made = reri(fit, *model.additive, measures=["RERI"])
        pairs = made.labels[["exposure", "modifier"]].astype(str).agg(" and ".join, axis=1)
        words = ["RERI"] if len(pairs) == 1 else [f"RERI, {pair}" for pair in pairs]
        found[ADDITIVE] = _named(made, words)
    return found


def answers_of(fit: Fit, model: Model) -> dict[str, Answer]:
    """Return the same in the small form that pooling takes."""
    people, events = fit.counts.n_used, fit.counts.events or 0
    return {
        kind: Answer(
            estimate.labels, estimate.values, estimate.covariance, np.asarray(estimate.df), estimate.tested,
            estimate.log_scale, estimate.unbounded, fit.spec, people, events,
        )
        for kind, estimate in questions_of(fit, model).items()
    }  # fmt: skip


def table_of(kind: str, estimate: Estimate | Pooled) -> pd.DataFrame:
    """Return quantity, term, estimate, se, low, high, p, df, missing_information, hazard_ratio, ratio_low, ratio_high.

    The last three are missing for RERI, which is no ratio; missing_information is missing but for imputations.
    """
    table: pd.DataFrame = estimate.table().assign(quantity=kind)
    if "missing_information" not in table:
        table["missing_information"] = np.nan
    ratio: Any = np.exp if kind != ADDITIVE else lambda values: np.full(len(values), np.nan)
    with np.errstate(over="ignore"):  # the limits of a coefficient that runs away
        for name, of in (("hazard_ratio", "estimate"), ("ratio_low", "low"), ("ratio_high", "high")):
            table[name] = ratio(table[of])
    return table[
        ["quantity", "term", "estimate", "se", "low", "high", "p", "df", "missing_information", "hazard_ratio",
         "ratio_low", "ratio_high"]
    ]  # fmt: skip


def _named(estimate: Estimate, terms: list[str]) -> Estimate:
    return replace(estimate, labels=pd.DataFrame({"term": terms}))
