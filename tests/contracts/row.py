"""A row of the contract: an estimator, and which properties it need not keep, each with the reason."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd

from cofactor.survey import SurveyDesign

PROPERTIES = {
    "influence": "it has an influence, which sums to zero and adds up to the totals of PSUs",
    "order": "the order of rows does not matter",
    "scale": "the scale of the weights does not matter",
    "labels": "the labels of PSUs and strata do not matter",
    "repeated rows": "integer weights give the values of repeated rows",
    "repeated rows' errors": "integer weights give the errors of repeated rows",
    "zero weight": "outside the domain is the same as weight zero",
    "everyone": "a domain of everyone changes nothing",
    "derivative": "its influence is its derivative in the weights",
    "jackknife": "linearised and jackknife errors agree",
}

WITHOUT_INFLUENCE = dict.fromkeys(("influence", "derivative", "jackknife"), "figures have no influence")


@dataclass(frozen=True)
class Row:
    """An estimator, and what it need not keep.

    estimate: from a design to an estimate, a result that has one, or an array of figures. total: its influence sums to
    itself, and follows the scale of the weights. people: how many a PSU needs, at least. lacks: of `PROPERTIES`, with
    the reason. precision: relative, of values that are searched for.
    """

    estimate: Callable[[SurveyDesign], Any]
    total: bool = False
    people: int = 12
    lacks: Mapping[str, str] = field(default_factory=dict)
    precision: float = 1e-7

    def keeps(self, name: str) -> bool:
        return name not in self.lacks

    def made(self, design: SurveyDesign) -> Any:
        found = self.estimate(design)
        return getattr(found, "estimate", found)


def handful(estimate: Callable[[SurveyDesign], Any], **more: Any) -> Row:
    """Return the row of an estimator that a handful of people is enough for."""
    return Row(estimate, people=1, **more)


def figures(estimate: Callable[[SurveyDesign], Any], **more: Any) -> Row:
    """Return the row of numbers without influence: a test, a table, what stands beside each person."""
    lacks = {**WITHOUT_INFLUENCE, **more.pop("lacks", {})}
    return Row(lambda design: numbers(estimate(design)), lacks=lacks, **more)


def numbers(found: Any) -> np.ndarray:
    """Return all numbers of a table, a test or a sequence, in one array."""
    if isinstance(found, pd.DataFrame):
        found = found.select_dtypes("number").to_numpy(dtype=float, na_value=np.nan)
    return np.asarray(found, dtype=np.float64).ravel()
