"""Risks by some times, set beside the first of them: differences, ratios, numbers needed, additive interaction."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from cofactor.survey.estimate import Estimate


@dataclass(frozen=True, eq=False, repr=False)
class ComparedRisks:
    """Risks of groups, or of levels of an exposure, by some times, and what compares them.

    Attributes
    ----------
    risks : Estimate
        One row a time and cell (a group, a level or a pair of levels), with their names, time and term as labels.
    differences, ratios : Estimate
        Each cell against the first; ratios by their logarithm, None where a risk is 0.
    interaction : Estimate or None
        With a modifier of two levels and an exposure of two: R11 - R10 - R01 + R00.
    """

    risks: Estimate
    differences: Estimate
    ratios: Estimate | None
    interaction: Estimate | None

    def table(self, level: float = 0.95) -> pd.DataFrame:
        """Return the risks: one row a time and cell, with its names, time, term, estimate, se, low, high."""
        return self.risks.table(level=level).drop(columns="p")

    def number_needed(self, level: float = 0.95) -> pd.DataFrame:
        """Return how many people one case fewer (or more) stands for: 1 / difference, by time and cell.

        Where the interval of the difference holds 0 the number's runs through infinity: low and high are missing.
        """
        made = self.differences.table(level=level)
        clear = (made["low"] > 0.0) | (made["high"] < 0.0)
        inverse = pd.DataFrame(
            {"estimate": 1.0 / made["estimate"], "low": 1.0 / made["high"], "high": 1.0 / made["low"]}
        )
        labels = made[list(self.differences.labels.columns)]
        return pd.concat([labels, inverse[["estimate"]], inverse[["low", "high"]].where(clear)], axis=1)

    def __repr__(self) -> str:
        """Return the risks as text."""
        return repr(self.risks)

    def _repr_html_(self) -> str:
        return self.risks._repr_html_()
