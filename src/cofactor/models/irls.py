"""Iteratively reweighted least squares on centred, scaled columns, so that units of covariates do not matter."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy import linalg

from cofactor.errors import FitError

Floats = npt.NDArray[np.float64]

ITERATIONS = 100
DEVIANCE_TOLERANCE = 1e-11  # relative change at which the iterations stop; R's glm has 1e-8
STEP_TOLERANCE = 1e-9  # a Newton step below this (in standard deviations) is converged: the next one is rounding
EXPLAINED = 1e-10  # share of the null deviance below which nothing is left to explain
DRIFT = 3.2e-5  # relative step that a converged coefficient never makes: R's rule for coxph, sqrt(1e-9)
HALVINGS = 30
CANONICAL = {("Gaussian", "Identity"), ("Binomial", "Logit"), ("Poisson", "Log"), ("Gamma", "InversePower")}


@dataclass(frozen=True, eq=False)
class Solution:
    """Coefficients (p,), inverse information (p, p), fitted means (m,) and the rows' weighted working residuals (m,).

    Row i's influence is ``residual[i] * x[i] @ inverse_information``. `drifting` holds the positions of coefficients
    that were still running away when the deviance had settled.
    """

    coefficients: Floats
    inverse_information: Floats
    mu: Floats
    residual: Floats
    iterations: int
    drifting: tuple[int, ...]
    centre: Floats
    to_influence: Floats

    def scores(self, values: Floats) -> Floats:
        """Return the weighted scores (m, p) of centred columns; times `to_influence` they are the influence."""
        return (values - self.centre) * self.residual[:, np.newaxis]


def solve(values: Floats, y: Floats, weights: Floats, family: Any, formula: str) -> Solution:
    """Solve the weighted score equations.

    Parameters
    ----------
    values : array (m, p)
        The first column is the intercept.
    y : array (m,)
    weights : array (m,)
        Positive, mean 1.
    family : statsmodels family
        Carries link, variance and deviance.

    Raises
    ------
    FitError
        The iterations do not settle.
    """
    centre, spread = centre_and_spread(values)
    z = (values - centre) / spread
    z[:, 0] = 1.0
    null = float(family.deviance(y, mean := np.full(y.size, weights @ y / weights.sum()), freq_weights=weights))
    bounded, canonical = not _reaches_everywhere(family), _names(family) in CANONICAL
    b, eta = np.zeros(z.shape[1]), family.link(mean if bounded else family.starting_mu(y))
    b[0] = eta[0]
    deviance = null if bounded else np.inf
    before = np.inf
    for iteration in range(1, ITERATIONS + 1):
        target = _least_squares(z, y, weights, eta, family, formula)
        first = iteration == 1 and not bounded
        step = np.inf if first else float(np.abs(target - b).max())
        b, eta, new = _accept(z, y, weights, target if first else b, target, family, deviance, formula)
        change = abs(deviance - new) / (abs(new) + 0.1)
        # A separated outcome is explained by ever larger coefficients; a fit that is exact has ever smaller steps.
        running_away = new <= EXPLAINED * null and step > before / 2.0
        # Away from the canonical link steps shrink slowly: a deviance that rests says little while they still do.
        resting = change < DEVIANCE_TOLERANCE and (canonical or step > before / 2.0)
        if step < STEP_TOLERANCE or resting or running_away:
            return _solution(z, y, weights, b, eta, family, iteration, centre, spread)
        deviance, before = new, step
    raise FitError(
        f"{formula!r} did not converge in {ITERATIONS} iterations; simplify the model or look at its outcome"
    )


def _reaches_everywhere(family: Any) -> bool:
    """Whether any linear predictor gives a mean that the family can have.

    It does not under a log link of a binomial (a risk above 1) or an inverse link (a mean below 0): there the first
    step from a guess may land outside, so that the iterations begin at the mean, which lies inside.
    """
    kind, link = _names(family)
    return not (link == "InversePower" or (kind == "Binomial" and link == "Log"))


def _names(family: Any) -> tuple[str, str]:
    return type(family).__name__, type(family.link).__name__


def _possible(mu: Floats, family: Any) -> bool:
    """Whether the means are inside what the family can have, where a link does not see to it."""
    if _reaches_everywhere(family):
        return True
    return bool(mu.min() > 0.0 and (_names(family)[0] != "Binomial" or mu.max() < 1.0))


def centre_and_spread(values: Floats) -> tuple[Floats, Floats]:
    """Return the mean and standard deviation of each column (p,), 0 and 1 for the intercept."""
    centre, spread = values.mean(axis=0), values.std(axis=0)
    centre[0], spread[0] = 0.0, 1.0
    return centre, spread


def working_parts(y: Floats, weights: Floats, eta: Floats, family: Any) -> tuple[Floats, Floats, Floats]:
    """Return the working weights, the weighted working residuals w (y - mu) mu' / V, and the means."""
    with np.errstate(over="ignore"):  # exp(-eta) may be infinite: the mean is 0 then
        mu = family.link.inverse(eta)
    slope = 1.0 / family.link.deriv(mu)  # not inverse_deriv: it is inf / inf for a large eta
    share = weights * slope / family.variance(mu)
    return share * slope, share * (y - mu), np.asarray(mu)


def _gram(z: Floats, working: Floats) -> Floats:
    root = z * np.sqrt(working)[:, np.newaxis]
    return np.asarray(root.T @ root)


def _least_squares(z: Floats, y: Floats, weights: Floats, eta: Floats, family: Any, formula: str) -> Floats:
    working, residual, _ = working_parts(y, weights, eta, family)
    try:
        factor = linalg.cho_factor(_gram(z, working))
    except (linalg.LinAlgError, ValueError):
        raise FitError(
            f"the information of {formula!r} became singular: columns are (nearly) collinear among the rows that "
            "still matter, or the outcome is separated; leave out a term"
        ) from None
    return np.asarray(linalg.cho_solve(factor, z.T @ (working * eta + residual)))


def _accept(
    z: Floats, y: Floats, weights: Floats, b: Floats, target: Floats, family: Any, deviance: float, formula: str
) -> tuple[Floats, Floats, float]:
    """Go to `target`, or part of the way where the deviance would rise or not be finite."""
    share = 1.0
    for _ in range(HALVINGS):
        trial = b + share * (target - b)
        eta = z @ trial
        with np.errstate(all="ignore"):
            mu = family.link.inverse(eta)
            new = float(family.deviance(y, mu, freq_weights=weights)) if _possible(mu, family) else np.inf
        if np.isfinite(new) and new <= deviance + 1e-8 * (abs(deviance) + 0.1 if np.isfinite(deviance) else 1.0):
            return trial, eta, new
        share /= 2.0
    raise FitError(f"{formula!r}: no step improves the fit; look for extreme values of the covariates")


def _solution(
    z: Floats, y: Floats, weights: Floats, b: Floats, eta: Floats, family: Any, iterations: int, centre: Floats,
    spread: Floats,
) -> Solution:  # fmt: skip
    working, residual, mu = working_parts(y, weights, eta, family)
    inverse = linalg.pinvh(_gram(z, working))
    step = inverse @ (z.T @ residual)
    drifting = np.flatnonzero(np.abs(step) > DRIFT * (1.0 + np.abs(b)))
    back = np.diag(1.0 / spread)  # coefficients of the columns as they are, from those of the scaled ones
    back[0, 1:] = -centre[1:] / spread[1:]
    return Solution(
        coefficients=back @ b,
        inverse_information=back @ inverse @ back.T,
        mu=mu,
        residual=residual,
        iterations=iterations,
        drifting=tuple(int(j) for j in drifting),
        centre=centre,
        to_influence=np.diag(1.0 / spread) @ inverse @ back.T,
    )
