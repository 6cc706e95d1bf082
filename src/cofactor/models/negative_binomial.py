r"""Negative binomial regression: coefficients and dispersion together, on weighted rows.

The variance is :math:`\mu + \alpha \mu^2`. Coefficients and alpha take turns until both settle; the influence is that
of both at once, by the observed information of their joint pseudo-likelihood: in a sample they are not orthogonal.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy import optimize, special

from cofactor.errors import FitError
from cofactor.models.irls import Solution, centre_and_spread, solve

Floats = npt.NDArray[np.float64]

ROUNDS = 100
SETTLED = 1e-10  # change of log alpha at which the rounds end
SMALLEST, LARGEST = 1e-6, 1e4  # of alpha: below, the outcome is no more spread than a Poisson's


@dataclass(frozen=True, eq=False)
class JointSolution:
    """A `Solution` whose influence carries the estimation of alpha; the fields are those of `Solution`."""

    coefficients: Floats
    inverse_information: Floats
    mu: Floats
    iterations: int
    drifting: tuple[int, ...]
    alpha: float
    centre: Floats
    residual: Floats
    alpha_score: Floats
    to_influence: Floats

    def scores(self, values: Floats) -> Floats:
        """Return the weighted scores (m, p + 1) of centred columns and of alpha."""
        return np.column_stack([(values - self.centre) * self.residual[:, np.newaxis], self.alpha_score])


def solve_negative_binomial(
    values: Floats, y: Floats, weights: Floats, model: Callable[[float], Any], formula: str
) -> JointSolution:
    """Solve for coefficients and alpha.

    Parameters
    ----------
    values : array (m, p), the intercept first. y, weights : arrays (m,)
    model : from alpha to the statsmodels family.

    Raises
    ------
    FitError
        The outcome is no more spread than a Poisson's, or the rounds do not settle.
    """
    alpha = 1.0
    for _ in range(ROUNDS):
        solution = solve(values, y, weights, model(alpha), formula)
        new = _dispersion(y, solution.mu, weights, formula)
        if abs(np.log(new / alpha)) < SETTLED:
            return _joint(values, y, weights, solution, new)
        alpha = new
    raise FitError(f"the dispersion of {formula!r} did not settle in {ROUNDS} rounds; a Poisson model may do")


def _dispersion(y: Floats, mu: Floats, weights: Floats, formula: str) -> float:
    def score(log_alpha: float) -> float:
        return float(weights @ alpha_scores(y, mu, float(np.exp(log_alpha))))

    low, high = np.log(SMALLEST), np.log(LARGEST)
    if score(low) <= 0.0:
        raise FitError(
            f"the outcome of {formula!r} is no more spread than a Poisson's: the dispersion of a negative binomial runs"
            ' to 0; use family="poisson", whose design-based errors allow for any spread'
        )
    if score(high) >= 0.0:
        raise FitError(f"the dispersion of {formula!r} runs beyond {LARGEST:g}; look at the outcome's largest values")
    return float(np.exp(optimize.brentq(score, low, high, xtol=1e-14, rtol=1e-14)))


def alpha_scores(y: Floats, mu: Floats, alpha: float) -> Floats:
    """Return each row's derivative of the log-likelihood in alpha, (m,)."""
    theta = 1.0 / alpha
    gaps = special.digamma(y + theta) - special.digamma(theta)
    return np.asarray((np.log1p(alpha * mu) - gaps) * theta**2 + (y - mu) * theta / (1.0 + alpha * mu))


def _alpha_slopes(y: Floats, mu: Floats, alpha: float) -> Floats:
    """Return each row's second derivative in alpha, (m,)."""
    theta = 1.0 / alpha
    gaps = special.digamma(y + theta) - special.digamma(theta)
    bends = special.polygamma(1, y + theta) - special.polygamma(1, theta)
    spread = 1.0 + alpha * mu
    return np.asarray(
        -2.0 * theta**3 * (np.log1p(alpha * mu) - gaps) + theta**2 * (mu / spread + bends * theta**2)
        - (y - mu) * theta * (theta / spread + mu / spread**2)
    )  # fmt: skip


def _joint(values: Floats, y: Floats, weights: Floats, solution: Solution, alpha: float) -> JointSolution:
    centre, spread = centre_and_spread(values)
    z = (values - centre) / spread
    z[:, 0] = 1.0
    mu = solution.mu
    wide = 1.0 + alpha * mu
    p = z.shape[1]
    observed = np.empty((p + 1, p + 1))
    root = z * np.sqrt(weights * mu * (1.0 + alpha * y) / wide**2)[:, np.newaxis]
    observed[:p, :p] = root.T @ root
    observed[:p, p] = observed[p, :p] = z.T @ (weights * mu * (y - mu) / wide**2)
    observed[p, p] = -float(weights @ _alpha_slopes(y, mu, alpha))
    back = np.diag(1.0 / spread)
    back[0, 1:] = -centre[1:] / spread[1:]
    inverse = np.linalg.inv(observed)
    of_centred = np.diag(np.append(1.0 / spread, 1.0))
    return JointSolution(
        coefficients=solution.coefficients, inverse_information=solution.inverse_information, mu=mu,
        iterations=solution.iterations, drifting=solution.drifting, alpha=alpha, centre=centre,
        residual=weights * (y - mu) / wide, alpha_score=weights * alpha_scores(y, mu, alpha),
        to_influence=of_centred @ inverse[:, :p] @ back.T,
    )  # fmt: skip
