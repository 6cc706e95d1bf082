r"""The likelihood of ordered levels under proportional odds, and its maximum by Newton's method.

With thresholds :math:`\zeta_1 < \dots < \zeta_q` and :math:`\eta = x'b`, :math:`P(Y \le j) = F(\zeta_j - \eta)`, F the
logistic distribution. The log-likelihood is concave in b and the thresholds together (Pratt 1981,
doi:10.1080/01621459.1981.10477613), so that the maximum is the only one.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import linalg, special

from cofactor.errors import FitError

Floats = npt.NDArray[np.float64]
Codes = npt.NDArray[np.intp]

ITERATIONS = 60
STEP_TOLERANCE = 1e-9  # a step below this (in standard deviations) is converged: the next one is rounding
SETTLED = 1e-12  # relative change of the log-likelihood at which coefficients that still move run away
DRIFT = 1e-3  # a step (in standard deviations) that a coefficient which has settled never makes
HALVINGS = 40


@dataclass(frozen=True, eq=False)
class OrdinalSolution:
    """The maximum, for columns as they were given.

    Attributes
    ----------
    coefficients : array (p + q,)
        The slopes, then the thresholds.
    inverse_information : array (p + q, p + q)
        Of the observed information.
    log_likelihood : float
    iterations : int
    drifting : tuple of int
        Positions of slopes that were still running away when the log-likelihood had settled.
    to_influence : array (p + q, p + q)
        Turns `scores` into influence.
    """

    coefficients: Floats
    inverse_information: Floats
    log_likelihood: float
    iterations: int
    drifting: tuple[int, ...]
    to_influence: Floats
    level: Codes
    pulls: _Pulls
    centre: Floats
    spread: Floats

    def scores(self, x: Floats) -> Floats:
        """Return the weighted scores (m, p + q) of centred, scaled columns and of the thresholds."""
        steps = np.arange(self.to_influence.shape[0] - x.shape[1])
        data = _indicators((x - self.centre) / self.spread, self.level, np.empty(0), steps)
        return _scores(data, self.pulls)


@dataclass(frozen=True, eq=False)
class _Pulls:
    """Derivatives (m,) of each row's weighted log-likelihood: in its linear predictor, and in the thresholds around."""

    eta: Floats
    above: Floats
    below: Floats


@dataclass(frozen=True, eq=False)
class _Data:
    """Centred, scaled columns (m, p), weights (m,), and indicators of the thresholds above and below a level (m, q)."""

    z: Floats
    level: Codes
    weights: Floats
    above: Floats
    below: Floats


def solve_ordinal(x: Floats, level: Codes, weights: Floats, formula: str) -> OrdinalSolution:
    """Solve the weighted score equations.

    Parameters
    ----------
    x : array (m, p)
        Without an intercept.
    level : int array (m,)
        0 to q, each occurring.
    weights : array (m,)
        Positive, mean 1.
    formula : str
        For messages.

    Raises
    ------
    FitError
        The information is singular, or the iterations do not settle.
    """
    centre, spread = x.mean(axis=0), x.std(axis=0)
    p, q = x.shape[1], int(level.max())
    data = _indicators((x - centre) / spread, level, weights, np.arange(q))
    theta = np.concatenate([np.zeros(p), null_thresholds(level, weights)])
    value = _log_likelihood(theta, data)
    for iteration in range(1, ITERATIONS + 1):
        pulls, information = _derivatives(theta, data)
        step = _newton_step(_scores(data, pulls).sum(axis=0), information, formula)
        theta, new = _accept(theta, step, value, data, formula)
        size = float(np.abs(step).max())
        running_away = abs(new - value) <= SETTLED * abs(new) and size > DRIFT
        value = new
        if size < STEP_TOLERANCE or running_away:
            drifting = np.flatnonzero(np.abs(step[:p]) > DRIFT)
            return _solution(theta, data, value, iteration, tuple(int(j) for j in drifting), centre, spread)
    raise FitError(f"{formula!r} did not converge in {ITERATIONS} iterations; merge rare levels or leave out a term")


def _indicators(z: Floats, level: Codes, weights: Floats, steps: Codes) -> _Data:
    above, below = level[:, np.newaxis] == steps, level[:, np.newaxis] == steps + 1
    return _Data(z, level, weights, above.astype(np.float64), below.astype(np.float64))


def _scores(data: _Data, pulls: _Pulls) -> Floats:
    of_thresholds = data.above * pulls.above[:, np.newaxis] + data.below * pulls.below[:, np.newaxis]
    return np.hstack([data.z * pulls.eta[:, np.newaxis], of_thresholds])


def null_thresholds(level: Codes, weights: Floats) -> Floats:
    """Return the thresholds (q,) of a model without terms: logits of the weighted cumulative shares."""
    shares = np.cumsum(np.bincount(level, weights=weights))
    return np.asarray(special.logit(shares[:-1] / shares[-1]))


def level_probabilities(eta: Floats, thresholds: Floats) -> Floats:
    """Return the probabilities (m, q + 1) of the levels at linear predictors (m,)."""
    edges = np.concatenate([[-np.inf], thresholds, [np.inf]]) - eta[:, np.newaxis]
    # F(a) - F(b) = F(a) F(-b) (1 - exp(b - a)) keeps its digits far out in the tails.
    high, low = edges[:, 1:], edges[:, :-1]
    return np.asarray(special.expit(high) * special.expit(-low) * -np.expm1(low - high))


def _log_likelihood(theta: Floats, data: _Data) -> float:
    """Return the weighted log-likelihood; minus infinity where the thresholds are out of order."""
    p = data.z.shape[1]
    thresholds = theta[p:]
    if (np.diff(thresholds) <= 0.0).any():
        return -np.inf
    own = level_probabilities(data.z @ theta[:p], thresholds)[np.arange(data.level.size), data.level]
    with np.errstate(divide="ignore"):
        return float(data.weights @ np.log(own))


def _derivatives(theta: Floats, data: _Data) -> tuple[_Pulls, Floats]:
    """Return the first derivatives of the rows and the observed information (p + q, p + q)."""
    z, w, p = data.z, data.weights, data.z.shape[1]
    edges = np.concatenate([[-np.inf], theta[p:], [np.inf]])
    eta = z @ theta[:p]
    below, above = special.expit(edges[data.level] - eta), special.expit(edges[data.level + 1] - eta)
    f0, f1 = below * (1.0 - below), above * (1.0 - above)
    own = level_probabilities(eta, theta[p:])[np.arange(data.level.size), data.level]
    r0, r1 = f0 / own, f1 / own
    information = np.zeros((theta.size, theta.size))
    root = z * np.sqrt(w * (f0 + f1))[:, np.newaxis]
    information[:p, :p] = root.T @ root
    cross = data.above * (w * f1)[:, np.newaxis] + data.below * (w * f0)[:, np.newaxis]
    information[:p, p:] = -z.T @ cross
    information[p:, :p] = information[:p, p:].T
    curves = w * (r1**2 - f1 * (1.0 - 2.0 * above) / own) @ data.above
    curves += w * (r0**2 + f0 * (1.0 - 2.0 * below) / own) @ data.below
    between = (data.above * (w * r0 * r1)[:, np.newaxis]).T @ data.below
    information[p:, p:] = np.diag(curves) - between - between.T
    return _Pulls(w * (below + above - 1.0), w * r1, -w * r0), information


def _newton_step(gradient: Floats, information: Floats, formula: str) -> Floats:
    try:
        return np.asarray(linalg.cho_solve(linalg.cho_factor(information), gradient))
    except (linalg.LinAlgError, ValueError):
        raise FitError(
            f"the information of {formula!r} became singular: columns are (nearly) collinear, or they tell the levels "
            "of the outcome apart without error; leave out a term"
        ) from None


def _accept(theta: Floats, step: Floats, value: float, data: _Data, formula: str) -> tuple[Floats, float]:
    """Go the step, or part of the way where the log-likelihood would fall or the thresholds change places."""
    share = 1.0
    for _ in range(HALVINGS):
        new = _log_likelihood(theta + share * step, data)
        if new >= value - 1e-12 * abs(value):
            return theta + share * step, new
        share /= 2.0
    raise FitError(f"no step improves the likelihood of {formula!r}; merge rare levels or leave out a term")


def _solution(
    theta: Floats, data: _Data, value: float, iterations: int, drifting: tuple[int, ...], centre: Floats, spread: Floats
) -> OrdinalSolution:
    p = centre.size
    pulls, information = _derivatives(theta, data)
    inverse = linalg.pinvh(information)
    back = np.eye(theta.size)
    back[:p, :p] = np.diag(1.0 / spread)
    back[p:, :p] = centre / spread
    return OrdinalSolution(
        coefficients=back @ theta, inverse_information=back @ inverse @ back.T, log_likelihood=value,
        iterations=iterations, drifting=drifting, to_influence=inverse @ back.T, level=data.level, pulls=pulls,
        centre=centre, spread=spread,
    )  # fmt: skip
