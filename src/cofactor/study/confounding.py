"""How strong an unmeasured confounder would have to be, beside what the measured ones did."""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from cofactor.models import e_value

if TYPE_CHECKING:
    from cofactor.study.definition import Study
    from cofactor.study.result import ModelResult

COMMON = 0.15  # weighted share of the event from which a hazard ratio is no longer close to a risk ratio


def e_values(study: Study, models: Mapping[str, ModelResult]) -> pd.DataFrame:
    """Return E-values of the primary ratio and of the exposures, and of what each step of adjustment moved.

    Returns
    -------
    DataFrame
        kind ("interaction", "association" or "step"), model, term, ratio, low, high, e_value, e_value_limit (missing
        for a step). The associations are those of the model that the steps (group "trust") lead up to; a step's ratio
        is that of the hazard ratios before and after it. Empty for a study without steps.
    """
    steps = [item for item in models.values() if item.model.group == "trust"]
    if not steps:
        return pd.DataFrame()
    terms = list(dict.fromkeys(steps[0].hazard_ratios["term"]))
    primary = models[study.headline.model]
    rows = [_row("interaction", primary, study.headline.term)]
    whole = _same_terms(models, terms)
    if whole is not None:
        rows += [_row("association", whole, term) for term in terms]
    common_rows = [item for item in steps if item.people == steps[0].people and item.events == steps[0].events]
    for before, after in itertools.pairwise(common_rows):
        rows += [_step(before, after, term) for term in terms]
    return pd.DataFrame(rows)


def _same_terms(models: Mapping[str, ModelResult], terms: list[str]) -> ModelResult | None:
    """The first model of main effects that has just these terms: fully adjusted."""
    main = [item for item in models.values() if item.model.group == "main effects"]
    return next((item for item in main if list(item.hazard_ratios["term"]) == terms), None)


def _row(kind: str, item: ModelResult, term: str) -> dict[str, Any]:
    ratio, low, high = _ratio(item, term)
    made = e_value(ratio, low, high, measure="hazard ratio", common=_is_common(item))
    return {
        "kind": kind, "model": item.model.name, "term": term, "ratio": ratio, "low": low, "high": high,
        "e_value": made.estimate, "e_value_limit": made.limit,
    }  # fmt: skip


def _step(before: ModelResult, after: ModelResult, term: str) -> dict[str, Any]:
    moved = _ratio(before, term)[0] / _ratio(after, term)[0]
    made = e_value(moved, measure="hazard ratio", common=_is_common(after))
    return {
        "kind": "step", "model": after.model.name, "term": term, "ratio": moved, "low": np.nan,
        "high": np.nan, "e_value": made.estimate, "e_value_limit": np.nan,
    }  # fmt: skip


def _ratio(item: ModelResult, term: str) -> tuple[float, float, float]:
    """Return a hazard ratio and its limits."""
    rows = item.hazard_ratios.loc[item.hazard_ratios["term"] == term, ["hazard_ratio", "ratio_low", "ratio_high"]]
    ratio, low, high = rows.to_numpy(dtype=float)[0]
    return float(ratio), float(low), float(high)


def _is_common(item: ModelResult) -> bool:
    """Whether the event is common among the rows used, by weight."""
    fit = item.fit
    event = fit.design.data.loc[fit.used_rows, fit.extra["roles"].event].to_numpy(dtype=float)
    return bool(np.average(event, weights=fit.design.weights[fit.used_rows]) > COMMON)
