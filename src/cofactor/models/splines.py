"""Restricted cubic splines: cubic between the knots, a straight line beyond the outer ones."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from cofactor.errors import FormulaError
from cofactor.survey.quantiles import weighted_quantile_values

Floats = npt.NDArray[np.float64]

# Where knots stand, by their number: Harrell (2015), Regression Modeling Strategies, table 2.3.
KNOT_PROBABILITIES: dict[int, tuple[float, ...]] = {
    3: (0.10, 0.50, 0.90),
    4: (0.05, 0.35, 0.65, 0.95),
    5: (0.05, 0.275, 0.50, 0.725, 0.95),
    6: (0.05, 0.23, 0.41, 0.59, 0.77, 0.95),
    7: (0.025, 0.1833, 0.3417, 0.50, 0.6583, 0.8167, 0.975),
}


def rcs(x: npt.ArrayLike, knots: Sequence[float]) -> Floats:
    r"""Return the restricted cubic spline basis of `x`, the linear term first.

    For knots :math:`t_1 < \dots < t_k`, column 1 is x and column j + 1 (j = 1 .. k - 2) is

    .. math:: \frac{(x-t_j)_+^3 - (x-t_{k-1})_+^3 \frac{t_k-t_j}{t_k-t_{k-1}} +
        (x-t_k)_+^3 \frac{t_{k-1}-t_j}{t_k-t_{k-1}}}{(t_k-t_1)^2}

    Parameters
    ----------
    x : array (n,)
        Any unit; the columns are in the unit of `x`.
    knots : sequence of at least three numbers, rising
        In the unit of `x`.

    Returns
    -------
    array (n, k - 1)

    Raises
    ------
    FormulaError
        Fewer than three knots, or knots that do not rise.

    Notes
    -----
    Harrell FE (2015), Regression Modeling Strategies, 2nd ed., section 2.4.5. doi:10.1007/978-3-319-19425-7

    Examples
    --------
    >>> rcs([0.0, 2.0, 4.0], knots=[1, 2, 3])
    array([[0.  , 0.  ],
           [2.  , 0.25],
           [4.  , 3.  ]])
    """
    t = check_knots(knots, "rcs")
    values = np.asarray(x, dtype=np.float64)
    basis = np.empty((values.size, t.size - 1))
    basis[:, 0] = values
    scale = (t[-1] - t[0]) ** 2
    last, penultimate = _cubed(values - t[-1]), _cubed(values - t[-2])
    for j in range(t.size - 2):
        bend = _cubed(values - t[j])
        bend -= penultimate * ((t[-1] - t[j]) / (t[-1] - t[-2]))
        bend += last * ((t[-2] - t[j]) / (t[-1] - t[-2]))
        basis[:, j + 1] = bend / scale
    return basis


def _cubed(distance: Floats) -> Floats:
    positive = np.maximum(distance, 0.0)
    return positive * positive * positive


def check_knots(knots: Any, where: str) -> Floats:
    """Return the knots as an array, or raise FormulaError naming `where` they were met."""
    t = np.asarray(knots, dtype=np.float64).ravel()
    if t.size < 3 or not np.all(np.isfinite(t)) or np.any(np.diff(t) <= 0.0):
        shown = ", ".join(f"{knot:g}" for knot in t)
        raise FormulaError(
            f"{where} needs at least three knots, each above the one before; got {shown or 'none'}. "
            "Where many people share a value, give the knots yourself: rcs(x, [22, 39, 55])"
        )
    return t


def weighted_knots(x: Floats, weights: Floats, number: int, where: str) -> tuple[float, ...]:
    """Return `number` knots at Harrell's percentiles of `x`, weighted, by the quantile rule of the house.

    Raises
    ------
    FormulaError
        A number outside 3 to 7, or percentiles that coincide.
    """
    if number not in KNOT_PROBABILITIES:
        raise FormulaError(f"{where} asks for {number} knots; the percentiles are laid down for 3 to 7")
    knots = weighted_quantile_values(x, weights, np.asarray(KNOT_PROBABILITIES[number]))
    return tuple(float(knot) for knot in check_knots(knots, where))
