r"""Weighted Cox regression on arrays: Newton's method with one reading of the matrix an iteration.

The information needs everybody's cumulative hazard, which needs the sums over all risk sets at the same coefficients:
two readings of the matrix, unless the hazard is predicted. It is: :math:`dA_k/db = -x_{A,k}` is known, so the
increments after a step are known to first order in their logarithm, and one scalar makes them account for all deaths.
Score and log-likelihood stay exact; the information is exact in the limit, since the last steps are tiny.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from cofactor.errors import FitError
from cofactor.models.cox_information import DEPENDENT, determined_columns, inverse_of, is_positive, newton_step
from cofactor.models.cox_matrix import CoxMatrix
from cofactor.models.cox_pass import gather, psu_totals, scores
from cofactor.models.cox_slots import RiskSlots
from cofactor.models.cox_sums import Hazards, hazards, predicted, risk_sums, scale_of_prediction, summed_by

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.integer]

ITERATIONS = 40
HALVINGS = 20
TOLERANCE = 1e-9  # relative change of the log-likelihood at which iterations stop, as R's coxph
DECREMENT = 1e-16  # squared Newton step, in standard errors, above which one or two more iterations follow
MORE = 2
DRIFT = 3.2e-5  # relative step that a converged coefficient never makes: R's toler.inf


@dataclass(frozen=True, eq=False)
class State:
    """The partial likelihood at coefficients b (p,) of the centred matrix: value, score, information, hazards."""

    b: Floats
    log_likelihood: float
    score: Floats
    information: Floats
    gram: Floats
    hazards: Hazards

    @property
    def finite(self) -> bool:
        """Whether value, score and information are all numbers."""
        parts = (self.log_likelihood, self.score, self.information)
        return all(bool(np.all(np.isfinite(part))) for part in parts)


@dataclass(frozen=True, eq=False)
class CoxSolution:
    """Maximum of the weighted partial likelihood.

    Attributes
    ----------
    coefficients : array (p,)
    inverse_information : array (p, p)
    log_likelihood, null_log_likelihood : float
    score : array (p,)
        What is left of it.
    hazards : Hazards
        For a person at `centre`.
    centre : array (p,)
    iterations : int
    monotone : tuple of int
        Columns whose coefficient was still running away when the likelihood had settled.
    penalised : bool
        A penalty holds the coefficients where the scores do not sum to 0: influence takes off each row's share, by its
        weight, since weights count relative to their mean.
    """

    coefficients: Floats
    inverse_information: Floats
    log_likelihood: float
    null_log_likelihood: float
    score: Floats
    hazards: Hazards
    centre: Floats
    iterations: int
    monotone: tuple[int, ...]
    penalised: bool = False

    def scores(self, matrix: CoxMatrix, slots: RiskSlots) -> Iterator[Floats]:
        """Yield blocks of weighted score residuals of the rows, which are centred as those of the fit."""
        start, left = 0, self.score / slots.weights.sum()
        for block in scores(matrix, slots, self.coefficients, self.hazards):
            if self.penalised:
                block -= np.outer(slots.weights[start : start + len(block)], left)
            start += len(block)
            yield block

    def influence(self, matrix: CoxMatrix, slots: RiskSlots) -> Floats:
        """Return the weighted influence of each row on the coefficients, (n, p): R's weighted dfbeta."""
        return np.concatenate(list(self.scores(matrix, slots))) @ self.inverse_information

    def psu_totals(self, matrix: CoxMatrix, slots: RiskSlots, psu_index: Integers, n_psu: int) -> Floats:
        """Return the PSU totals (G, p) of the influence: totals of the scores first, the inverse afterwards."""
        totals = psu_totals(matrix, slots, self.coefficients, self.hazards, psu_index, n_psu)
        if self.penalised:
            left = self.score / slots.weights.sum()
            totals = totals - np.outer(np.bincount(psu_index, slots.weights, n_psu), left)
        return np.asarray(totals @ self.inverse_information)


def solve_cox(
    matrix: CoxMatrix, slots: RiskSlots, columns: Sequence[str], formula: str, begin: Floats | None = None
) -> CoxSolution:
    """Maximise the weighted partial likelihood.

    Parameters
    ----------
    matrix : CoxMatrix
        n rows; it is read in blocks and never copied.
    slots : RiskSlots
        Of the same n people, with deaths.
    columns : the p names
    formula : for messages
    begin : array (p,), optional
        Coefficients to begin from, where they are likelier than 0.

    Raises
    ------
    FitError
        Collinear columns, or iterations that do not settle.
    """
    null, deaths_x = _start(matrix, slots)
    refuse_dependent(null, columns, formula)
    state = null if begin is None or not begin.any() else _begun(matrix, slots, deaths_x, begin, null)
    iterations, settled, more = 0, False, MORE
    step = newton_step(state.information, state.score)
    while not settled or (more > 0 and state.score @ step > DECREMENT):
        more -= settled
        iterations += 1
        if iterations > ITERATIONS:
            raise FitError(
                f"the Cox model {formula!r} did not converge in {ITERATIONS} iterations; simplify it or look at its "
                "covariates for extreme values"
            )
        before = state
        state, whole = _advance(matrix, slots, deaths_x, before, step, formula)
        change = abs(state.log_likelihood - before.log_likelihood)
        settled = settled or (whole and change <= TOLERANCE * abs(state.log_likelihood))
        step = newton_step(state.information, state.score)
    inverse = inverse_of(state.information)
    drifting = ~(np.abs(step) <= DRIFT * (1.0 + np.abs(state.b)))
    return CoxSolution(
        coefficients=state.b,
        inverse_information=inverse,
        log_likelihood=state.log_likelihood,
        null_log_likelihood=null.log_likelihood,
        score=state.score,
        hazards=state.hazards,
        centre=matrix.centre,
        iterations=iterations,
        monotone=tuple(int(j) for j in np.flatnonzero(drifting)),
    )


def _moved(matrix: CoxMatrix, slots: RiskSlots, deaths_x: Floats, b: Floats, a_of: Floats, b_of: Floats) -> State:
    """Read the matrix at new coefficients, with predicted increments of the hazard there.

    After a long first step the prediction may be too far off for an information at all: then the exact one is read.
    """
    sums, gram = gather(matrix, slots, b, a_of, b_of)
    at = hazards(slots, *risk_sums(slots, sums))
    state = _state(b, at, gram * scale_of_prediction(slots, at, a_of, b_of), deaths_x)
    return _read_twice(matrix, slots, deaths_x, b) if state.finite and not is_positive(state.information) else state


def state_at(matrix: CoxMatrix, slots: RiskSlots, b: Floats) -> State:
    """Return the partial likelihood at any coefficients (p,), by two readings of the matrix; nothing is predicted."""
    _, deaths_x = _start(matrix, slots)
    return _read_twice(matrix, slots, deaths_x, b)


def _read_twice(matrix: CoxMatrix, slots: RiskSlots, deaths_x: Floats, b: Floats) -> State:
    none = np.zeros(slots.size)
    with np.errstate(all="ignore"):
        sums, _ = gather(matrix, slots, b, none, none)
        at = hazards(slots, *risk_sums(slots, sums))
        _, gram = gather(matrix, slots, b, at.a, at.b)
    return _state(b, at, gram, deaths_x)


def _begun(matrix: CoxMatrix, slots: RiskSlots, deaths_x: Floats, b: Floats, null: State) -> State:
    """Return the state at b, or the one at 0 where that is likelier."""
    with np.errstate(all="ignore"):
        a_of, b_of = predicted(null.hazards, b)
        state = _moved(matrix, slots, deaths_x, b, a_of, b_of)
    return state if state.finite and state.log_likelihood > null.log_likelihood else null


def _start(matrix: CoxMatrix, slots: RiskSlots) -> tuple[State, Floats]:
    """Return the state at b = 0, and the weighted sum of x over the deaths (p,)."""
    sums = summed_by(slots.group, slots.exposure, 2 * slots.size)
    if slots.entry is not None:
        sums = np.append(sums, summed_by(slots.entry, slots.exposure, slots.size))
    null = hazards(slots, *risk_sums(slots, sums[:, np.newaxis]))
    b = np.zeros(len(matrix.centre))
    gathered, gram = gather(matrix, slots, b, null.a, null.b)
    deaths_x = gathered[slots.size : 2 * slots.size, 1:].sum(axis=0)
    if slots.exposure is not slots.weights:
        deaths_x = slots.weights[slots.dead] @ matrix.block(slots.dead)[:, 1:]
    return _state(b, hazards(slots, *risk_sums(slots, gathered)), gram, deaths_x), deaths_x


def _state(b: Floats, at: Hazards, gram: Floats, deaths_x: Floats) -> State:
    return State(
        b=b, log_likelihood=float(deaths_x @ b) - at.log_loss, score=deaths_x - at.score_loss,
        information=gram - at.information_loss, gram=gram, hazards=at,
    )  # fmt: skip


def _advance(
    matrix: CoxMatrix, slots: RiskSlots, deaths_x: Floats, before: State, step: Floats, formula: str
) -> tuple[State, bool]:
    """Return the state after a Newton step, or as much of it as raises the likelihood; and whether it is all of it."""
    share = 1.0
    lowest = before.log_likelihood - TOLERANCE * abs(before.log_likelihood)
    for _ in range(HALVINGS):
        part = share * step
        with np.errstate(all="ignore"):  # an absurd step overflows: its likelihood is not finite, and it is halved
            a, b = predicted(before.hazards, part)
            state = _moved(matrix, slots, deaths_x, before.b + part, a, b)
        if state.finite and state.log_likelihood >= lowest:
            return state, share == 1.0
        share /= 2.0
    raise FitError(f"no step improves the partial likelihood of {formula!r}; look at its covariates for extreme values")


def refuse_dependent(state: State, columns: Sequence[str], formula: str) -> None:
    """Raise FitError naming columns that do not vary within risk sets, or that others determine there."""
    diagonal, whole = np.diag(state.information), np.diag(state.gram)
    flat = ~(diagonal > DEPENDENT * whole) | (whole == 0.0)
    if flat.any():
        names = ", ".join(name for name, is_flat in zip(columns, flat, strict=True) if is_flat)
        raise FitError(
            f"{names} of {formula!r} does not vary among those at risk together, so its coefficient is undetermined "
            "(constant within the Cox strata?); leave the term out"
        )
    found = determined_columns(state.information)
    if found:
        shown = "; ".join(
            f"{columns[j]} depends on {', '.join(columns[i] for i in others)}" for j, others in found.items()
        )
        raise FitError(f"columns of {formula!r} are collinear among those at risk: {shown}. Leave out one of the terms")
