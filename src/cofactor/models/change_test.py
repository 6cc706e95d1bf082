"""The test that there is no change point: the largest statistic over all places where one could be."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from cofactor.display import lines_html
from cofactor.models.change_scores import change_scores
from cofactor.models.fit import Fit
from cofactor.survey.variance import covariance, psu_totals

Floats = npt.NDArray[np.float64]

DRAWS = 10_000
BLOCK = 250  # draws at a time
FLAT = 1e-6  # of the largest variance of a direction: below, it is nothing
KNOWN = 200  # degrees of freedom beyond which an error is as good as known


@dataclass(frozen=True)
class NoChangeTest:
    """That the slope is the same throughout: the largest |t| of a score over all places searched, and its p."""

    statistic: float
    df: float
    p: float
    places: int
    draws: int

    def __repr__(self) -> str:
        """Say the test in one line."""
        return (
            f"Test of no change of slope: largest score |t| of {self.places} places = {self.statistic:.4g} "
            f"({self.df:g} df), p = {self.p:.4g} ({self.draws:,} draws)"
        )

    def _repr_html_(self) -> str:
        return lines_html([repr(self)])


def no_change_test(plain: Fit, seen: Floats, places: Floats, seed: int) -> NoChangeTest:
    r"""Test that the slope does not change anywhere.

    Without a change its place means nothing, so that the p of the best place is too small. The scores of a change at
    all K places, taken in the model without one, are estimates of one design, and their joint covariance is known by
    their influence: :math:`t_k = U_k / \sqrt{V_{kk}}`. p is the chance that the largest of K normal scores of that
    covariance, each over an error that was itself estimated with the design's degrees of freedom, exceeds the largest
    found, signs aside.

    Scores are taken rather than the changes of K fits over their errors: the error of a steep change at the edge of the
    range is too small where few people determine it, and the largest of K such ratios picks it out. In simulated
    surveys without a change this test called 2.8 to 6.2% changed for a level of 5% at 40 degrees of freedom, and 4.2 to
    6.5% at 15 (400 of each model; ``benchmarks/results/change_point_level.md``).

    Parameters
    ----------
    plain : Fit
        Without a change.
    seen : array (m,)
        The variable on the rows used.
    places : array (K,)
    seed : int

    Notes
    -----
    Davies RB (1987), Hypothesis testing when a nuisance parameter is present only under the alternative. Biometrika
    74:33-43. doi:10.1093/biomet/74.1.33. Hansen BE (1996), Inference when a nuisance parameter is not identified under
    the null hypothesis. Econometrica 64:413-430. doi:10.2307/2171789. Rao JNK, Scott AJ, Skinner CJ (1998),
    Quasi-score tests with survey data. Statistica Sinica 8:1059-1070.
    """
    rows = change_scores(plain, seen, places)
    joint = covariance(plain.design, psu_totals(plain.design, rows), rows=plain.used_rows)
    spread = np.sqrt(np.diag(joint))
    largest = float(np.abs(rows.sum(axis=0) / spread).max())
    draws = largest_ratios(joint / np.outer(spread, spread), plain.df, np.random.default_rng(seed))
    p = (1.0 + float((draws >= largest).sum())) / (DRAWS + 1.0)
    return NoChangeTest(largest, plain.df, p, len(places), DRAWS)


def largest_ratios(correlation: Floats, df: float, rng: np.random.Generator) -> Floats:
    """Return draws (DRAWS,) of the largest of K normal values over their errors, each error drawn with `df`.

    The errors of places that are near each other go together, as their values do: both are of one covariance (K, K),
    the values' a draw of it, the errors' its estimate from df draws.
    """
    sizes, directions = np.linalg.eigh(correlation)
    kept = sizes > FLAT * sizes[-1]  # neighbouring places are nearly one: few directions carry all
    factor = (directions[:, kept] * np.sqrt(sizes[kept])).T
    freedom = int(min(df, KNOWN))
    values = rng.standard_normal((DRAWS, len(factor))) @ factor
    squares = np.empty_like(values)
    for start in range(0, DRAWS, BLOCK):
        some = rng.standard_normal((BLOCK, freedom, len(factor))) @ factor
        squares[start : start + BLOCK] = np.einsum("bfk,bfk->bk", some, some) / freedom
    return np.asarray((np.abs(values) / np.sqrt(squares)).max(axis=1))
