r"""Weighted Fine-Gray regression on arrays: Newton's method, scores, and the influence of the curve of censoring.

The sums over risk sets are those of a Cox model and of the people carried along after a competing event, who are under
the further hazard :math:`\sum_{t_k > b_i} G(t_k-) A_k / G(b_i-)`; all else is as in `cox_kernel`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from cofactor.errors import FitError
from cofactor.models.cox_information import DEPENDENT, determined_columns, inverse_of, newton_step
from cofactor.models.cox_kernel import DRIFT, HALVINGS, ITERATIONS, TOLERANCE, State
from cofactor.models.cox_matrix import CentredMatrix
from cofactor.models.cox_pass import gather, psu_scores, scores
from cofactor.models.cox_sums import hazards, risk_sums
from cofactor.models.fine_gray_sets import Later, SubdistributionSets

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.integer]
DECREMENT = 1e-20  # squared Newton step, in standard errors, at which iterations end; each one squares it
MORE = 3


@dataclass(frozen=True, eq=False)
class FineGraySolution:
    """Maximum of the weighted partial likelihood of a subdistribution hazard.

    Attributes
    ----------
    state : State
        There: coefficients, hazards of a person at the centre.
    null_log_likelihood : float
    inverse_information : array (p, p)
    iterations : int
    monotone : tuple of int
        Columns whose coefficient was still running away when the likelihood had settled.
    """

    state: State
    null_log_likelihood: float
    inverse_information: Floats
    iterations: int
    monotone: tuple[int, ...]

    def influence(self, matrix: CentredMatrix, sets: SubdistributionSets) -> Floats:
        """Return the weighted influence of each of the m rows on the coefficients, (m, p)."""
        return np.asarray(subdistribution_scores(matrix, sets, self.state) @ self.inverse_information)

    def psu_totals(self, matrix: CentredMatrix, sets: SubdistributionSets, psu_index: Integers, n_psu: int) -> Floats:
        """Return the PSU totals (G, p) of the influence: totals of the scores first, the inverse afterwards."""
        made = psu_scores(iter([subdistribution_scores(matrix, sets, self.state)]), psu_index, n_psu)
        return np.asarray(made @ self.inverse_information)


def subdistribution_state(matrix: CentredMatrix, sets: SubdistributionSets, b: Floats) -> State:
    """Return the partial likelihood at any coefficients (p,), by two readings of the matrix."""
    slots, none = sets.slots, np.zeros(sets.slots.size)
    z, share = sets.shares(matrix, b)
    sums, _ = gather(matrix, slots, b, none, none)
    at_risk, deaths = risk_sums(slots, sums)
    at = hazards(slots, at_risk + sets.carried(z, share), deaths)
    _, gram = gather(matrix, slots, b, at.a, at.b)
    x = z[:, 1:]
    gram = gram + (x * (share * sets.of_competing(sets.later(at.a)))[:, np.newaxis]).T @ x
    deaths_x = slots.weights[slots.dead] @ matrix.rows[slots.dead, 1:]
    return State(
        b=b, log_likelihood=float(deaths_x @ b) - at.log_loss, score=deaths_x - at.score_loss,
        information=gram - at.information_loss, gram=gram, hazards=at,
    )  # fmt: skip


def solve_fine_gray(
    matrix: CentredMatrix, sets: SubdistributionSets, columns: Sequence[str], formula: str
) -> FineGraySolution:
    """Maximise the weighted partial likelihood of the m people of the matrix.

    Raises
    ------
    FitError
        Columns that do not vary, or depend on others, among those at risk; iterations that do not settle.
    """
    null = state = subdistribution_state(matrix, sets, np.zeros(len(columns)))
    _refuse_dependent(null, columns, formula)
    step, settled, more, iterations = newton_step(state.information, state.score), False, MORE, 0
    while not settled or (more > 0 and state.score @ step > DECREMENT):
        more -= settled
        iterations += 1
        if iterations > ITERATIONS:
            raise FitError(
                f"the Fine-Gray model {formula!r} did not converge in {ITERATIONS} iterations; simplify it or look at "
                "its covariates for extreme values"
            )
        before = state
        state = _advance(matrix, sets, before, step, formula)
        settled = settled or abs(state.log_likelihood - before.log_likelihood) <= TOLERANCE * abs(state.log_likelihood)
        step = newton_step(state.information, state.score)
    drifting = ~(np.abs(step) <= DRIFT * (1.0 + np.abs(state.b)))
    return FineGraySolution(
        state, null.log_likelihood, inverse_of(state.information), iterations,
        tuple(int(j) for j in np.flatnonzero(drifting)),
    )  # fmt: skip


def _advance(matrix: CentredMatrix, sets: SubdistributionSets, before: State, step: Floats, formula: str) -> State:
    """Return the state after a Newton step, or after as much of it as raises the likelihood."""
    lowest = before.log_likelihood - TOLERANCE * abs(before.log_likelihood)
    for halving in range(HALVINGS):
        with np.errstate(all="ignore"):  # an absurd step overflows: its likelihood is not finite, and it is halved
            state = subdistribution_state(matrix, sets, before.b + step / 2.0**halving)
        if state.finite and state.log_likelihood >= lowest:
            return state
    raise FitError(f"no step improves the partial likelihood of {formula!r}; look at its covariates for extreme values")


def _refuse_dependent(null: State, columns: Sequence[str], formula: str) -> None:
    diagonal, whole = np.diag(null.information), np.diag(null.gram)
    flat = [name for name, left, all_of in zip(columns, diagonal, whole, strict=True) if not left > DEPENDENT * all_of]
    if flat:
        raise FitError(
            f"{', '.join(flat)} of {formula!r} does not vary among those at risk together, so its coefficient is "
            "undetermined; leave the term out"
        )
    found = determined_columns(null.information)
    if found:
        shown = "; ".join(f"{columns[j]} depends on {', '.join(columns[i] for i in of)}" for j, of in found.items())
        raise FitError(f"columns of {formula!r} are collinear among those at risk: {shown}. Leave out one of the terms")


def subdistribution_scores(matrix: CentredMatrix, sets: SubdistributionSets, state: State) -> Floats:
    r"""Return the weighted scores (m, p): the derivative of the score in log w_i, by the censoring curve too.

    To the score of a Cox model a person with a competing event adds, with :math:`r_i/G(b_i-)`, the sum over later slots
    of :math:`G(t_k-)(x_{A,k} - A_k x_i)`; the hazard of censoring at :math:`t_c` moves the score by the like sum over
    the competing of its group up to then and the slots after it, which `CensoringCurve.influence` gives to people; the
    hazard of entry, where people enter late, moves it by as much the other way.
    """
    made = np.concatenate(list(scores(matrix, sets.slots, state.b, state.hazards)))
    z, share = sets.shares(matrix, state.b)
    later_a, later_xa = sets.later(state.hazards.a), sets.later(state.hazards.xa)
    own = sets.of_competing(later_xa) - z[:, 1:] * sets.of_competing(later_a)[:, np.newaxis]
    made[sets.competing] += own * share[:, np.newaxis]

    def moved(sums: Floats, after: Later) -> Floats:
        return sums[:, 1:] * after(later_a)[:, np.newaxis] - sums[:, :1] * after(later_xa)

    return made + sets.through_curves(z, share, moved)
