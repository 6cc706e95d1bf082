r"""Rubin's rules on arrays: the covariance of pooled estimates, their degrees of freedom, and the joint test.

With estimates :math:`Q_l` and covariances :math:`U_l` of m imputations: :math:`\bar Q` their mean, :math:`\bar U` the
covariance within, :math:`B = \sum_l (Q_l - \bar Q)(Q_l - \bar Q)' / (m - 1)` that between, and
:math:`T = \bar U + (1 + 1/m) B` the total. Rubin DB (1987), Multiple Imputation for Nonresponse in Surveys, chapter 3.
doi:10.1002/9780470316696
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import linalg

from cofactor.errors import FitError

Floats = npt.NDArray[np.float64]

NOTHING = 1e-12  # between over within below which the imputations do not differ: rounding alone


@dataclass(frozen=True, eq=False)
class Moments:
    """Mean (k,) of the estimates, covariance within (k, k) and between (k, k), and how many imputations."""

    mean: Floats
    within: Floats
    between: Floats
    m: int

    @property
    def total(self) -> Floats:
        """Covariance (k, k) of the pooled estimates."""
        return np.asarray(self.within + (1.0 + 1.0 / self.m) * self.between)


def moments(values: Floats, covariances: Floats) -> Moments:
    """Return the moments of estimates (m, k) with covariances (m, k, k).

    Examples
    --------
    >>> import numpy as np
    >>> moments(np.array([[1.0], [3.0]]), np.array([[[1.0]], [[3.0]]])).total.tolist()
    [[5.0]]
    """
    mean = values.mean(axis=0)
    gaps = values - mean
    return Moments(mean, covariances.mean(axis=0), np.asarray(gaps.T @ gaps) / (len(values) - 1), len(values))


def relative_increase(found: Moments) -> Floats:
    """Return by what share missing values increase each variance, r = (1 + 1/m) B / U, (k,); 0 below rounding."""
    with np.errstate(divide="ignore", invalid="ignore"):
        r = (1.0 + 1.0 / found.m) * np.diag(found.between) / np.diag(found.within)
    return np.where(r < NOTHING, 0.0, r)


def barnard_rubin(r: Floats, m: int, complete: Floats) -> Floats:
    r"""Return the degrees of freedom of each pooled estimate, (k,).

    With the share :math:`\lambda = r / (1 + r)` of the variance that missing values make and d degrees of freedom of
    complete data: :math:`1/\nu = \lambda^2/(m-1) + (d+3) / ((d+1)\, d\, (1-\lambda))`. Where the imputations do not
    differ there is nothing to correct, and d is returned.

    Parameters
    ----------
    r : array (k,)
        Relative increase in variance.
    m : int
        Imputations.
    complete : array (k,)
        Degrees of freedom of the complete data; infinite gives Rubin's :math:`(m-1)/\lambda^2`.

    Notes
    -----
    Barnard J, Rubin DB (1999), Small-sample degrees of freedom with multiple imputation. Biometrika 86:948-955.
    doi:10.1093/biomet/86.4.948. R's ``mice::pool`` has the same; ``mitools::MIcombine`` leaves 1 + 1/m out of
    :math:`\lambda` in the second term.

    Examples
    --------
    >>> import numpy as np
    >>> barnard_rubin(np.array([0.0, 0.25]), 20, np.array([100.0, 100.0])).round(2).tolist()
    [100.0, 67.33]
    """
    share = r / (1.0 + r)
    with np.errstate(divide="ignore", invalid="ignore"):
        observed = np.where(np.isinf(complete), 1.0, (complete + 1.0) / (complete + 3.0)) * complete * (1.0 - share)
        pooled = 1.0 / (1.0 / observed + share**2 / (m - 1.0))
    return np.where(r == 0.0, complete, pooled)


def missing_information(r: Floats, df: Floats) -> Floats:
    """Return the fraction of missing information of each estimate, (r + 2 / (df + 3)) / (r + 1), (k,); Rubin (1987)."""
    return np.where(r == 0.0, 0.0, (r + 2.0 / (df + 3.0)) / (r + 1.0))


@dataclass(frozen=True)
class Joint:
    """Statistic F on q and `df2` degrees of freedom, and the mean relative increase in variance."""

    f: float
    df2: float
    increase: float


def joint_statistic(found: Moments, complete: float) -> Joint:
    r"""Test that all q values are 0: the statistic D1, with the design's degrees of freedom d.

    :math:`D_1 = \bar Q' \bar U^{-1} \bar Q / (q (1 + r))` with :math:`r = (1 + 1/m) \mathrm{tr}(B \bar U^{-1}) / q`.
    Complete data of a design give :math:`F = W (d - q + 1)/(q d)` on q and d - q + 1; so here
    :math:`F = D_1 (d - q + 1)/d`, on q and the degrees of freedom of `joint_freedom` for d - q + 1.

    Notes
    -----
    Li KH, Raghunathan TE, Rubin DB (1991), doi:10.1080/01621459.1991.10475152.

    Raises
    ------
    FitError
        The covariance within is singular, or there are more values than degrees of freedom.
    """
    q = len(found.mean)
    if q > complete:
        raise FitError(
            f"the joint test takes {q} coefficients, and the design has {complete:g} degrees of freedom: test fewer "
            "terms, or pool more cycles"
        )
    spread = np.sqrt(np.diag(found.within))
    try:
        factor = linalg.cho_factor(found.within / np.outer(spread, spread))
    except (linalg.LinAlgError, ValueError):
        raise FitError("the covariance of the terms tested is singular; some cannot be told apart") from None
    scaled = found.mean / spread
    between = found.between / np.outer(spread, spread)
    increase = (1.0 + 1.0 / found.m) * float(np.trace(linalg.cho_solve(factor, between))) / q
    left = complete - q + 1.0
    d1 = float(scaled @ linalg.cho_solve(factor, scaled)) / (q * (1.0 + increase))
    shrink = 1.0 if np.isinf(complete) else left / complete
    return Joint(d1 * shrink, joint_freedom(increase, q, found.m, left), increase)


def joint_freedom(r: float, q: int, m: int, complete: float) -> float:
    """Return the denominator degrees of freedom of D1 for q values and m imputations.

    Reiter JP (2007), Small-sample degrees of freedom for multi-component significance tests with multiple imputation.
    Biometrika 94:502-508. doi:10.1093/biomet/asm028; with infinite `complete` it is Li, Raghunathan and Rubin's. Where
    q (m - 1) <= 4, or Reiter's expansion leaves its range, the smaller of theirs and `complete` stands.

    Examples
    --------
    >>> round(joint_freedom(0.2, 2, 20, float("inf")), 1), round(joint_freedom(0.2, 2, 20, 100.0), 1)
    (1123.0, 88.8)
    """
    if r < NOTHING:
        return complete
    t = float(q * (m - 1))
    large = 4.0 + (t - 4.0) * (1.0 + (1.0 - 2.0 / t) / r) ** 2
    if t <= 4.0:
        large = t * (1.0 + 1.0 / q) * (1.0 + 1.0 / r) ** 2 / 2.0
    if np.isinf(complete):
        return large
    if t <= 4.0:
        return min(large, complete)
    small = _reiter(r * t / (t - 2.0), t, complete)
    return small if 4.0 <= small <= large else min(large, complete)


def _reiter(a: float, t: float, complete: float) -> float:
    """Return Reiter's degrees of freedom (his equations 1 and 2) for a = r t / (t - 2); NaN outside their range."""
    star = (complete + 1.0) / (complete + 3.0) * complete
    first, second = star - 2.0 * (1.0 + a), star - 4.0 * (1.0 + a)
    if second <= 0.0:
        return float("nan")
    share = a / (1.0 + a)
    spread = share**2 * first / second + 8.0 * a * share * first / second**2 + 4.0 * a * share / second
    spread += 4.0 * a**2 / (second * first) + 16.0 * a**2 * first / second**3 + 8.0 * a**2 / second**2
    return 4.0 + 1.0 / (1.0 / second + spread / (t - 4.0))
