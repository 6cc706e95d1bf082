"""The test that there is no change point: the largest statistic over all places where one could be."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from cofactor.display import lines_html
from cofactor.models.fit import Fit
from cofactor.survey.variance import covariance

Floats = npt.NDArray[np.float64]

DRAWS = 20_000


@dataclass(frozen=True)
class NoChangeTest:
    """That the slope is the same throughout: the largest |t| of a change over all places searched, and its p."""

    statistic: float
    df: float
    p: float
    places: int
    draws: int

    def __repr__(self) -> str:
        """Say the test in one line."""
        return (
            f"Test of no change of slope: largest |t| of {self.places} places = {self.statistic:.4g} "
            f"({self.df:g} df), p = {self.p:.4g} ({self.draws:,} draws)"
        )

    def _repr_html_(self) -> str:
        return lines_html([repr(self)])


def no_change_test(plain: Fit, changes: Sequence[float], totals: Sequence[Floats], seed: int) -> NoChangeTest:
    r"""Test that the slope does not change anywhere.

    Without a change its place means nothing, so that the p of the best place is too small. The changes at all K places
    searched are estimates of one design; their joint covariance is known by their influence, and p is the chance that
    the largest of K values of t with that correlation exceeds the largest found.

    Parameters
    ----------
    plain : Fit
        Without a change.
    changes : K numbers
    totals : K arrays (G,)
        PSU totals of the influence of each.
    seed : int

    Notes
    -----
    Davies RB (1987), Hypothesis testing when a nuisance parameter is present only under the alternative. Biometrika
    74:33-43. doi:10.1093/biomet/74.1.33. Hansen BE (1996), Inference when a nuisance parameter is not identified under
    the null hypothesis. Econometrica 64:413-430. doi:10.2307/2171789
    """
    joint = covariance(plain.design, np.stack(list(totals), axis=1), rows=plain.used_rows)
    spread = np.sqrt(np.diag(joint))
    largest = float(np.abs(np.asarray(changes) / spread).max())
    sizes, directions = np.linalg.eigh(joint / np.outer(spread, spread))
    factor = directions * np.sqrt(np.maximum(sizes, 0.0))
    rng = np.random.default_rng(seed)
    scale = np.sqrt(rng.chisquare(plain.df, DRAWS) / plain.df)
    draws = np.abs(rng.standard_normal((DRAWS, len(spread))) @ factor.T).max(axis=1) / scale
    p = (1.0 + float((draws >= largest).sum())) / (DRAWS + 1.0)
    return NoChangeTest(largest, plain.df, p, len(spread), DRAWS)
