r"""Bayesian linear and logistic regressions with many group effects, made to be solved again and again.

A chain of imputations solves the same regressions round after round on data that hardly change. Each begins at its
last mode and steps with the information matrix of an earlier round (a chord instead of a tangent): a step reads the
matrix twice and forms no product of it. The mode is exact all the same, since the gradient is; the matrix is formed
anew where the steps shrink slowly. Effects of groups (the strata) never become columns: their block of the
information is diagonal, and what is left for the columns is :math:`S = Z'WZ - C'D^{-1}C`.

Priors: every standardised column but the intercept, and every group effect, is N(0, 1) on the logit scale, or worth
one observation in a linear model. They bound what few people leave open, as a stratum without a case.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import linalg, special

Floats = npt.NDArray[np.float64]
Columns = npt.NDArray[np.float32] | npt.NDArray[np.float64]
Mask = npt.NDArray[np.bool_]
Indices = npt.NDArray[np.intp]

PRIOR = 1.0
STEPS = 60
CLOSE = 0.05  # posterior standard deviations of the last step; what is left is a fraction, and the noise of a draw is 1
SLOW = 0.3  # a step longer than this share of the one before asks for a new information matrix
LARGEST = 4.0  # change of a linear predictor in one step, on the logit scale


@dataclass(frozen=True, eq=False)
class Rows:
    """The rows of all regressions: standardised columns (n, p), the first the intercept, and their groups.

    Columns in single precision halve the time of a step, which is that of reading them.
    Rows are sorted by group; `group` (n,) is 0..H-1 and `starts` (H,) the first row of each.
    """

    columns: Columns
    group: Indices
    starts: Indices


@dataclass(frozen=True, eq=False)
class Information:
    """Posterior precision: Cholesky factor of the columns' Schur complement, groups' diagonal, the block between."""

    factor: Floats
    diagonal: Floats
    between: Floats


@dataclass(frozen=True, eq=False)
class Mode:
    """Coefficients (p,), 0 where a column is not used; group effects (H,); information; residual variance."""

    coefficients: Floats
    effects: Floats
    information: Information | None = None
    variance: float = 1.0


def predictor(rows: Rows, mode: Mode, at: Indices | None = None) -> Floats:
    """Return the linear predictor of all rows, or of those at some positions."""
    if at is None:
        return _times(rows.columns, mode.coefficients) + mode.effects[rows.group]
    return _times(rows.columns[at], mode.coefficients) + mode.effects[rows.group[at]]


def _times(columns: Columns, vector: Floats) -> Floats:
    """Return the product in the precision of the columns: any other would copy them."""
    return np.asarray(columns @ vector.astype(columns.dtype), dtype=np.float64)


def solve_mode(rows: Rows, use: Indices, y: Floats, known: Mask, logistic: bool, start: Mode | None = None) -> Mode:
    """Return the posterior mode of a regression of `y` on the columns in `use`, over the rows `known`.

    Parameters
    ----------
    rows : Rows
        n rows.
    use : int array
        Positions of the columns used, the intercept among them.
    y : array (n,)
        0 and 1 if `logistic`; what stands outside `known` is not read.
    start : Mode, optional
        Of an earlier round.
    """
    begin = start or Mode(np.zeros(rows.columns.shape[1]), np.zeros(len(rows.starts)))
    coefficients, effects, information = begin.coefficients.copy(), begin.effects.copy(), begin.information
    eta, outcome, last = predictor(rows, begin), np.where(known, y, 0.0), np.inf
    for _ in range(STEPS):
        mean = special.expit(eta) if logistic else eta
        if information is None:
            information = _information(rows, use, np.where(known, mean * (1.0 - mean) if logistic else 1.0, 0.0))
        residual = np.where(known, outcome - mean, 0.0)
        score = (_times(rows.columns.T, residual) - PRIOR * _penalised(coefficients))[use]
        of_groups = np.bincount(rows.group, residual, minlength=len(effects)) - PRIOR * effects
        step, jump = _step(information, score, of_groups)
        length = float(np.sqrt(max(float(score @ step + of_groups @ jump), 0.0)))
        if length < CLOSE and logistic:
            coefficients[use] += step
            effects += jump
            break
        move = _times(rows.columns, _spread(step, use, coefficients.size)) + jump[rows.group]
        scale = min(1.0, LARGEST / float(np.abs(move).max(initial=1e-300))) if logistic else 1.0
        coefficients[use] += scale * step
        effects += scale * jump
        eta += scale * move
        if length < CLOSE * float(np.sqrt(begin.variance)):
            break
        if scale < 1.0 or length > SLOW * last:
            information = None
        last = length
    if information is None:
        mean = special.expit(eta) if logistic else eta
        information = _information(rows, use, np.where(known, mean * (1.0 - mean) if logistic else 1.0, 0.0))
    return Mode(coefficients, effects, information, _variance(outcome - eta, known))


def draw(rows: Rows, use: Indices, mode: Mode, scale: float, rng: np.random.Generator) -> Mode:
    """Return coefficients and group effects drawn from their posterior, whose covariance is `scale` / precision."""
    information = mode.information
    assert information is not None
    step = linalg.solve_triangular(information.factor, rng.standard_normal(len(use)), lower=True, trans="T")
    free = rng.standard_normal(len(mode.effects)) / np.sqrt(information.diagonal)
    jump = free - (information.between @ step) / information.diagonal
    coefficients = mode.coefficients + np.sqrt(scale) * _spread(step, use, mode.coefficients.size)
    return Mode(coefficients, mode.effects + np.sqrt(scale) * jump)


def _information(rows: Rows, use: Indices, weight: Floats) -> Information:
    """Return the precision for working weights (n,): that of the columns after the groups are taken out."""
    columns = rows.columns.astype(np.float64)
    weighted = columns * weight[:, np.newaxis]
    gram = (weighted.T @ columns)[np.ix_(use, use)]
    prior = np.full(len(use), PRIOR)
    prior[use == 0] = 0.0
    diagonal = np.add.reduceat(weight, rows.starts) + PRIOR
    between = np.add.reduceat(weighted, rows.starts, axis=0)[:, use]
    left = gram + np.diag(prior) - between.T @ (between / diagonal[:, np.newaxis])
    return Information(linalg.cholesky(left, lower=True), diagonal, between)


def _step(information: Information, score: Floats, of_groups: Floats) -> tuple[Floats, Floats]:
    """Solve precision x (step, jump) = (score, of_groups)."""
    alone = of_groups / information.diagonal
    step = linalg.cho_solve((information.factor, True), score - information.between.T @ alone)
    return step, alone - (information.between @ step) / information.diagonal


def _penalised(coefficients: Floats) -> Floats:
    """Return the coefficients that have a prior: all but the intercept."""
    made = coefficients.copy()
    made[0] = 0.0
    return made


def _spread(values: Floats, use: Indices, size: int) -> Floats:
    made = np.zeros(size)
    made[use] = values
    return made


def _variance(gap: Floats, known: Mask) -> float:
    return float((gap[known] ** 2).sum()) / max(int(known.sum()) - 1, 1)
