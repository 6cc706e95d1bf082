"""The planes of several quantiles, and the matrices that turn the scores of the rows into influence."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt
from scipy import linalg

from cofactor.errors import FitError
from cofactor.models.irls import centre_and_spread
from cofactor.models.quantile_density import effective_number, hall_sheather, kernel_density, local_density
from cofactor.models.quantile_program import Problem, problem_of, solve_quantile

Floats = npt.NDArray[np.float64]
Density = Literal["local", "kernel"]

EXACT = 1e-10  # share of the outcome's interquartile range below which all residuals are 0
WORST_CONDITION = 1e10  # of the scaled slope of the equations: beyond, some coefficient has no density to stand on


@dataclass(frozen=True, eq=False)
class Plane:
    """A quantile's coefficients (p,), the pull of each row used (m,), and what turns centred scores into influence.

    `unique` says whether no other coefficients fit as well; `without_density` how many rows have a density of 0.
    """

    prob: float
    coefficients: Floats
    pull: Floats
    to_influence: Floats
    unique: bool
    without_density: int

    def scores(self, values: Floats) -> Floats:
        """Return the weighted scores (m, p) of centred columns."""
        return np.asarray((values - centre_and_spread(values)[0]) * self.pull[:, np.newaxis])


@dataclass(frozen=True, eq=False)
class _Scaled:
    """Columns z (m, p) in standard deviations, the outcome's median and interquartile range, weights of mean 1."""

    problem: Problem
    z: Floats
    y: Floats
    weights: Floats
    middle: float
    unit: float
    density: Density
    formula: str


def planes_of(
    values: Floats, y: Floats, weights: Floats, probs: tuple[float, ...], density: Density, formula: str
) -> tuple[Plane, ...]:
    """Fit each quantile.

    Parameters
    ----------
    values : array (m, p)
        The intercept first.
    y, weights : arrays (m,)
        Weights of mean 1.
    probs : tuple of float
    density : {"local", "kernel"}
    formula : str
        For messages.

    Raises
    ------
    FitError
        A programme that does not settle, an exact fit, or a coefficient near which no density is found.
    """
    centre, spread = centre_and_spread(values)
    z = (values - centre) / spread
    z[:, 0] = 1.0
    # Not mean and standard deviation: a few outcomes far out would leave no digits to the others.
    quarter, middle, three_quarters = np.percentile(y, [25.0, 50.0, 75.0]).tolist()
    unit = three_quarters - quarter or float(y.std())
    scaled = _Scaled(problem_of(z, (y - middle) / unit, weights), z, y, weights, middle, unit, density, formula)
    back = np.diag(1.0 / spread)  # coefficients of the columns as they are, from those of the scaled ones
    back[0, 1:] = -centre[1:] / spread[1:]
    return tuple(_plane(scaled, prob, spread, back) for prob in probs)


def _plane(scaled: _Scaled, prob: float, spread: Floats, back: Floats) -> Plane:
    solution = solve_quantile(scaled.problem, prob, scaled.formula)
    coefficients = back @ (scaled.unit * solution.coefficients)
    coefficients[0] += scaled.middle
    residual = scaled.y - scaled.middle - scaled.unit * (scaled.z @ solution.coefficients)
    if np.abs(residual).max() <= EXACT * scaled.unit:
        raise FitError(f"{scaled.formula!r} fits every row exactly at the quantile {prob:g}: no error can be estimated")
    density = _density(scaled, prob, residual)
    to_influence = np.diag(1.0 / spread) @ _inverse_slope(scaled, density, prob) @ back.T
    return Plane(prob, coefficients, solution.pull, to_influence, solution.unique, int((density == 0.0).sum()))


def _density(scaled: _Scaled, prob: float, residual: Floats) -> Floats:
    if scaled.density == "kernel":
        return kernel_density(residual, scaled.weights, prob)
    width = hall_sheather(prob, effective_number(scaled.weights))
    above, below = (solve_quantile(scaled.problem, at, scaled.formula) for at in (prob + width, prob - width))
    gap = scaled.unit * (scaled.z @ (above.coefficients - below.coefficients))
    return local_density(gap, scaled.weights, width)


def _inverse_slope(scaled: _Scaled, density: Floats, prob: float) -> Floats:
    """Return the inverse of the slope of the estimating equations in the coefficients, (p, p)."""
    root = scaled.z * np.sqrt(scaled.weights * density)[:, np.newaxis]
    slope = root.T @ root
    size = np.sqrt(np.diag(slope))
    if size.min() > 0.0:
        unit = np.outer(size, size)
        if np.linalg.cond(slope / unit) < WORST_CONDITION:
            return np.asarray(linalg.inv(slope / unit) / unit)
    raise FitError(
        f"around the quantile {prob:g} of {scaled.formula!r} the fitted quantiles of some group do not move apart (few "
        'people, or an outcome in coarse units), so that its density is unknown: merge rare levels, or density="kernel"'
    )
