"""The one quantile rule of the house: the inverse of the weighted distribution function (R's ``math`` rule)."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from cofactor.errors import DesignError

Floats = npt.NDArray[np.float64]

# A cumulated weight that misses its share by rounding alone has reached it: 0.3 of ten equal weights is the third.
ROUNDING = 1e-12


def weighted_quantile_values(values: npt.ArrayLike, weights: npt.ArrayLike, probs: npt.ArrayLike) -> Floats:
    r"""Return weighted quantiles: the smallest value whose cumulated share of the weight is at least the probability.

    :math:`q(p) = \min\{x : \sum_{x_i \le x} w_i \ge p \sum_i w_i\}`

    Parameters
    ----------
    values : array (n,)
        Without missing values.
    weights : array (n,)
        Not negative; rows of weight 0 do not count.
    probs : array (m,) or float
        In 0 to 1; 0 gives the smallest value, 1 the largest.

    Returns
    -------
    array (m,)

    Raises
    ------
    DesignError
        A probability outside 0 to 1, missing values, no positive weight.

    Notes
    -----
    Hyndman RJ, Fan Y (1996), Sample quantiles in statistical packages. American Statistician 50:361-365, definition 1,
    weighted. doi:10.1080/00031305.1996.10473566

    Examples
    --------
    >>> weighted_quantile_values([1, 2, 3, 4], [1, 1, 1, 3], [0.25, 0.5, 0.75]).tolist()
    [2.0, 3.0, 4.0]
    """
    asked = np.atleast_1d(np.asarray(probs, dtype=np.float64))
    if not ((asked >= 0.0) & (asked <= 1.0)).all():
        raise DesignError(f"probabilities of quantiles lie in 0 to 1; got {', '.join(f'{p:g}' for p in asked)}")
    x, cumulated = sorted_distribution(values, weights)
    return quantiles_of(x, cumulated, asked)


def sorted_distribution(values: npt.ArrayLike, weights: npt.ArrayLike) -> tuple[Floats, Floats]:
    """Return the values of positive weight in order and their cumulated weights."""
    x, w = np.asarray(values, dtype=np.float64), np.asarray(weights, dtype=np.float64)
    if x.shape != w.shape:
        raise DesignError(f"{x.shape} values and {w.shape} weights: one weight a value is needed")
    counts = w > 0.0
    x, w = x[counts], w[counts]
    if not len(x):
        raise DesignError("a quantile of no values: there is no row of positive weight")
    if np.isnan(x).any():
        raise DesignError(f"{int(np.isnan(x).sum()):,} values are missing; take quantiles of known rows")
    order = np.argsort(x, kind="stable")
    return x[order], np.cumsum(w[order])


def quantiles_of(x: Floats, cumulated: Floats, probs: Floats) -> Floats:
    """Return quantiles (m,) of what `sorted_distribution` gives."""
    share = np.asarray(probs) * cumulated[-1]
    position = np.searchsorted(cumulated, share - ROUNDING * cumulated[-1], side="left")
    return np.asarray(x[np.minimum(position, len(x) - 1)])
