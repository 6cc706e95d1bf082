"""Replicate weights: the second road to a covariance, by leaving out one PSU at a time."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from cofactor.errors import CofactorError, DesignError, FitError
from cofactor.survey.design import SurveyDesign
from cofactor.survey.table import t_quantile

Floats = npt.NDArray[np.float64]
FAILED_AT_MOST = 0.05


@dataclass(frozen=True, eq=False)
class Replicated:
    """Estimates of the whole design with their jackknife covariance.

    Attributes
    ----------
    values : array (k,)
    covariance : array (k, k)
    replicates : array (R, k)
        NaN where a replicate failed.
    df : int
        PSUs - strata among those with a member of the domain.
    notes : tuple of str
        Which replicates failed, and why.
    """

    values: Floats
    covariance: Floats
    replicates: Floats
    df: int
    terms: tuple[str, ...]
    notes: tuple[str, ...] = ()

    @property
    def se(self) -> Floats:
        """Standard errors (k,)."""
        return np.asarray(np.sqrt(np.diag(self.covariance)))

    def table(self, level: float = 0.95) -> pd.DataFrame:
        """Return one row an estimate: term, estimate, se, low, high, df."""
        reach = t_quantile(level, np.full(len(self.values), float(self.df))) * self.se
        low, high = self.values - reach, self.values + reach
        columns = {"term": self.terms, "estimate": self.values, "se": self.se, "low": low, "high": high}
        return pd.DataFrame({**columns, "df": float(self.df)})


def replicate(design: SurveyDesign, estimator: Callable[[SurveyDesign], Any]) -> Replicated:
    r"""Estimate again without each PSU in turn, and return the stratified jackknife (JKn) covariance.

    Parameters
    ----------
    design : SurveyDesign
        Every stratum has two PSUs or more.
    estimator : function
        From a design to a result (anything with ``values`` or ``estimate.values``) or an array (k,). The designs that
        it is given differ in their weights alone.

    Raises
    ------
    DesignError
        A stratum with one PSU.
    FitError
        More than 5% of the replicates fail.

    Notes
    -----
    Replicate g leaves out PSU g of stratum h and multiplies the weights of the stratum's others by n_h / (n_h - 1);
    :math:`V = \sum_g (n_h - 1)/n_h (\theta_g - \theta)(\theta_g - \theta)'`, around the whole design's estimate.
    Source: Wolter (2007), Introduction to Variance Estimation, doi:10.1007/978-0-387-35099-8, chapter 4. R:
    ``as.svrepdesign(type="JKn", mse=TRUE)``.

    Examples
    --------
    >>> from cofactor.survey import weighted_mean
    >>> data = pd.DataFrame({"analysis_weight": [1.0, 1, 2, 2], "strata": [1, 1, 2, 2], "psu": [1, 2, 1, 2],
    ...                      "x": [1.0, 2, 3, 5]})
    >>> replicate(SurveyDesign(data), lambda part: weighted_mean(part, "x")).table()[["term", "estimate", "df"]]
      term  estimate   df
    0    x  3.166667  2.0
    """
    whole, terms = _values(estimator(design))
    made = np.full((design.n_psu, len(whole)), np.nan)
    factors = np.empty(design.n_psu)
    failed: list[str] = []
    for psu, (factor, weights) in enumerate(jackknife_weights(design)):
        factors[psu] = factor
        try:
            made[psu] = _values(estimator(design.with_weights(weights)))[0]
        except CofactorError as error:
            failed.append(f"replicate without PSU {psu} failed: {error}")
    if len(failed) > FAILED_AT_MOST * design.n_psu:
        raise FitError(f"{len(failed)} of {design.n_psu} replicates failed; the first: {failed[0]}")
    kept = np.isfinite(made).all(axis=1)
    gaps = made[kept] - whole
    covariance = (gaps * factors[kept, np.newaxis]).T @ gaps
    return Replicated(whole, covariance, made, design.degrees_of_freedom(), terms, tuple(failed))


def jackknife_weights(design: SurveyDesign) -> Iterator[tuple[float, Floats]]:
    """Yield, for each PSU, its factor in the variance and the weights (n,) of everybody without it.

    Raises DesignError where a stratum has one PSU.
    """
    size = np.bincount(design.stratum_of_psu, minlength=design.n_strata)
    if (size == 1).any():
        raise DesignError(
            f"{int((size == 1).sum())} strata have one PSU, which cannot be left out; join strata, or use the"
            " linearised covariance with a lonely_psu policy"
        )
    stratum_of_row = design.stratum_of_psu[design.psu_index]
    for psu, stratum in enumerate(design.stratum_of_psu):
        n = float(size[stratum])
        weights = np.where(stratum_of_row == stratum, design.weights * n / (n - 1), design.weights)
        weights[design.psu_index == psu] = 0.0
        yield (n - 1) / n, weights


def _values(result: Any) -> tuple[Floats, tuple[str, ...]]:
    """Return the values and terms of a result or an array."""
    estimate = getattr(result, "estimate", result)
    values = np.atleast_1d(np.asarray(getattr(estimate, "values", estimate), dtype=np.float64))
    labels = getattr(estimate, "labels", None)
    terms = tuple(map(str, labels["term"])) if labels is not None else tuple(f"[{i}]" for i in range(len(values)))
    return values, terms
