r"""Weighted quantile regression as a linear programme, solved exactly.

The coefficients minimise :math:`\sum_i w_i \rho_\tau(y_i - x_i'b)`, :math:`\rho_\tau(r) = r(\tau - 1[r<0])`. The dual
programme has one bounded variable a row and one equation a column: :math:`\max_\lambda \sum_i y_i \lambda_i` with
:math:`\sum_i x_i \lambda_i = 0` and :math:`(\tau-1) w_i \le \lambda_i \le \tau w_i`. A row above the fitted plane has
:math:`\lambda_i = \tau w_i`, one below :math:`(\tau-1) w_i`; the few rows on the plane have what makes the equations
hold. So :math:`\lambda` is each row's pull on the plane, and the score of the influence.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import linalg, optimize

from cofactor.errors import FitError

Floats = npt.NDArray[np.float64]
Mask = npt.NDArray[np.bool_]
Indices = npt.NDArray[np.intp]

DIRECT = 3000  # rows up to which the whole programme is solved at once: nothing is gained by guessing signs
ROUNDS = 30
ON_THE_PLANE = (
    1e-11,
    1e-10,
    1e-9,
    1e-8,
    1e-7,
)  # residuals (of an outcome with unit spread) that count as 0, until enough do
JOIN = 0.1  # share of the rows near the plane up to which those guessed wrong just join them
INTERIOR = 1e-8  # share of a row's weight by which its pull must keep off its bounds to hold the plane in place
NUDGE = 1e-6  # of a person's mean weight, by which the quantile asked of HiGHS is lower: several planes may fit as well
FEASIBLE = 1e-10  # HiGHS's tightest


@dataclass(frozen=True, eq=False)
class QuantileSolution:
    """Coefficients (p,), each row's pull on the plane (m,), and whether no other plane is as good."""

    coefficients: Floats
    pull: Floats
    unique: bool


@dataclass(frozen=True, eq=False)
class Problem:
    """The distinct rows of a regression in an order of their own, so that the order of the data changes nothing.

    Rows with the same outcome and columns are one row with their weights added: with ties the share of the pull that
    each has would be arbitrary otherwise. `group` gives the distinct row of each row, `share` its part of the weight.
    """

    x: Floats
    y: Floats
    weights: Floats
    group: Indices
    share: Floats


def problem_of(x: Floats, y: Floats, weights: Floats) -> Problem:
    """Return the problem of columns (m, p), an outcome (m,) and positive weights (m,)."""
    order: Indices = np.asarray(np.lexsort(np.vstack([x.T[::-1], y])))
    in_order, outcome = x[order], y[order]
    new = np.ones(y.size, dtype=bool)
    new[1:] = (outcome[1:] != outcome[:-1]) | (in_order[1:] != in_order[:-1]).any(axis=1)
    group: Indices = np.empty(y.size, dtype=np.intp)
    group[order] = np.cumsum(new) - 1
    together = np.bincount(group, weights=weights)
    return Problem(in_order[new], outcome[new], np.asarray(together), group, weights / together[group])


def solve_quantile(problem: Problem, tau: float, formula: str) -> QuantileSolution:
    """Solve for one quantile.

    Where there are many rows, those far from a first plane are held to be above or below it, the programme of the rows
    near it is solved, and the guess is checked: a plane that every row lies on the guessed side of is the optimum of
    all rows. Otherwise the rows guessed wrong join, and it is solved again (Portnoy and Koenker 1997).

    Parameters
    ----------
    problem : Problem
        Columns of about unit size, the intercept first.
    tau : float
        In 0 to 1.

    Raises
    ------
    FitError
        The programme does not settle.
    """
    everyone = np.ones(problem.y.size, dtype=bool)
    if problem.y.size <= DIRECT:
        return _checked(problem, _reduced(problem, tau, everyone, everyone), tau, formula)
    near, above, gaps = _first_guess(problem, tau)
    for _ in range(ROUNDS):
        found = _reduced(problem, tau, near, above)
        wrong = np.zeros_like(near)
        if found is not None:
            wrong = ~near & (np.where(above, 1.0, -1.0) * (problem.y - problem.x @ found.plane) < 0.0)
            if not wrong.any():
                return _checked(problem, found, tau, formula)
        few = found is not None and wrong.sum() <= JOIN * near.sum()
        near = near | wrong if few else gaps <= np.sort(gaps)[min(2 * near.sum(), gaps.size) - 1]
    return _checked(problem, _reduced(problem, tau, everyone, above), tau, formula)


@dataclass(frozen=True, eq=False)
class _Found:
    """What the programme of some rows ended with: a plane (p,) and the pull of all rows (m,)."""

    plane: Floats
    pull: Floats


def _first_guess(problem: Problem, tau: float) -> tuple[Mask, Mask, Floats]:
    """Return the rows near a first plane (m,), those above it (m,), and how far off each is in its own error (m,).

    The first plane is that of every k-th row in the order of the outcome.
    """
    m, p = problem.x.shape
    size = int(np.sqrt(p) * m ** (2 / 3))
    part = np.zeros(m, dtype=bool)
    part[:: max(m // size, 1)] = True
    sample = Problem(problem.x[part], problem.y[part], problem.weights[part], problem.group, problem.share)
    everyone = np.ones(sample.y.size, dtype=bool)
    first = _reduced(sample, tau, everyone, everyone)
    plane = np.zeros(p) if first is None else first.plane
    triangle = np.linalg.qr(problem.x, mode="r")
    own = np.sqrt((linalg.solve_triangular(triangle, problem.x.T, trans="T") ** 2).sum(axis=0))
    residual = problem.y - problem.x @ plane
    gaps = np.abs(residual) / own
    return gaps <= np.partition(gaps, size - 1)[size - 1], residual > 0.0, gaps


def _reduced(problem: Problem, tau: float, near: Mask, above: Mask) -> _Found | None:
    """Solve the programme of the rows `near`, all others held above or below; None where that has no solution.

    A quantile smaller by a hair makes the lowest of several equal planes the only one: as the house's rule for
    quantiles, and whatever the order of the rows.
    """
    weights = problem.weights
    tau = tau - NUDGE / problem.y.size
    pull = np.where(above, tau, tau - 1.0) * weights
    pull[near] = 0.0
    bounds = np.column_stack([(tau - 1.0) * weights[near], tau * weights[near]])
    solved = optimize.linprog(
        -problem.y[near], A_eq=problem.x[near].T, b_eq=-(pull @ problem.x), bounds=list(map(tuple, bounds.tolist())),
        method="highs-ds", options={"primal_feasibility_tolerance": FEASIBLE, "dual_feasibility_tolerance": FEASIBLE},
    )  # fmt: skip
    if solved.status != 0:
        return None
    pull[near] = solved.x
    return _Found(-np.asarray(solved.eqlin.marginals, dtype=np.float64), pull)


def _checked(problem: Problem, found: _Found | None, tau: float, formula: str) -> QuantileSolution:
    """Return the plane through the rows that it rests on, solved from them, with pulls whose equations hold."""
    if found is None:
        raise FitError(f"the {tau:g} quantile of {formula!r} was not found: look at the outcome's largest values")
    x, y = problem.x, problem.y
    residual = np.abs(y - x @ found.plane)
    p = x.shape[1]
    for tolerance in ON_THE_PLANE:
        resting = residual <= tolerance * (1.0 + np.abs(y))
        if resting.sum() >= p and np.linalg.matrix_rank(x[resting]) == p:
            break
    else:
        raise FitError(f"the {tau:g} quantile of {formula!r} rests on too few rows: leave out rare levels")
    plane = np.asarray(np.linalg.lstsq(x[resting], y[resting], rcond=None)[0], dtype=np.float64)
    pull = np.where(y > x @ plane, tau, tau - 1.0) * problem.weights
    pull[resting] = found.pull[resting]
    pull[resting] -= np.linalg.lstsq(x[resting].T, pull @ x, rcond=None)[0]
    low, high = (tau - 1.0) * problem.weights, tau * problem.weights
    slack = INTERIOR * problem.weights
    holding = resting & (pull > low + slack) & (pull < high - slack)
    unique = holding.sum() >= p and np.linalg.matrix_rank(x[holding]) == p
    return QuantileSolution(plane, pull[problem.group] * problem.share, bool(unique))
