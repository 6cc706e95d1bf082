r"""Cox regression with Firth's penalty: finite estimates where a group has no events.

The partial likelihood is multiplied by the square root of the determinant of its information (Jeffreys' prior):
:math:`l(b) + \frac{1}{2} \log |I(b)|`, with weights of mean 1. Where the likelihood grows without bound the penalty
outweighs it. Its gradient is taken by central differences, two readings of the matrix each.

Firth D (1993), doi:10.1093/biomet/80.1.27; Heinze G, Schemper M (2001), doi:10.1111/j.0006-341X.2001.00114.x.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from cofactor.errors import FitError
from cofactor.models.cox_information import inverse_of, newton_step
from cofactor.models.cox_kernel import CoxSolution, State, refuse_dependent, state_at
from cofactor.models.cox_matrix import CoxMatrix
from cofactor.models.cox_slots import RiskSlots

Floats = npt.NDArray[np.float64]

ITERATIONS, HALVINGS = 60, 30
DECREMENT = 1e-14  # squared Newton step, in standard errors, at which iterations stop
STEP = 1e-4  # of central differences, in standard deviations of a column to the power -1
LONGEST = 2.0  # of a step, in the same unit: beyond it the quadratic is no guide


def solve_firth(matrix: CoxMatrix, slots: RiskSlots, columns: Sequence[str], formula: str) -> CoxSolution:
    """Maximise the penalised partial likelihood; the solution's `score` is what the penalty holds against.

    Raises
    ------
    FitError
        Collinear columns, or iterations that do not settle.
    """
    spread = matrix.block(slice(None))[:, 1:].std(axis=0)
    null = state = state_at(matrix, slots, np.zeros(len(columns)))
    refuse_dependent(null, columns, formula)
    for iteration in range(1, ITERATIONS + 1):
        score = state.score + _penalty_gradient(matrix, slots, state.b, spread)
        step = newton_step(state.information, score)
        if score @ step < DECREMENT:
            return _solution(matrix, null, state, iteration)
        step *= min(1.0, LONGEST / float(np.abs(step * spread).max()))
        state = _advanced(matrix, slots, state, step, formula)
    raise FitError(f"the penalised Cox model {formula!r} did not converge in {ITERATIONS} iterations; simplify it")


def _penalised(state: State) -> float:
    sign, value = np.linalg.slogdet(state.information)
    return state.log_likelihood + 0.5 * float(value) if state.finite and sign > 0.0 else -np.inf


def _advanced(matrix: CoxMatrix, slots: RiskSlots, before: State, step: Floats, formula: str) -> State:
    lowest = _penalised(before)
    for halving in range(HALVINGS):
        state = state_at(matrix, slots, before.b + step * 0.5**halving)
        if _penalised(state) >= lowest - 1e-12 * abs(lowest):
            return state
    raise FitError(f"no step improves the penalised likelihood of {formula!r}; look at its covariates")


def _penalty_gradient(matrix: CoxMatrix, slots: RiskSlots, b: Floats, spread: Floats) -> Floats:
    gradient = np.empty_like(b)
    for j, step in enumerate(STEP / spread):
        move = np.zeros_like(b)
        move[j] = step
        up, down = (np.linalg.slogdet(state_at(matrix, slots, b + sign * move).information)[1] for sign in (1, -1))
        gradient[j] = 0.5 * (up - down) / (2.0 * step)
    return gradient


def _solution(matrix: CoxMatrix, null: State, state: State, iterations: int) -> CoxSolution:
    return CoxSolution(
        coefficients=state.b, inverse_information=inverse_of(state.information), log_likelihood=state.log_likelihood,
        null_log_likelihood=null.log_likelihood, score=state.score, hazards=state.hazards, centre=matrix.centre,
        iterations=iterations, monotone=(), penalised=True,
    )  # fmt: skip
