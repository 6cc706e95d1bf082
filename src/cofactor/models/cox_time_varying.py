r"""The Cox model in which every coefficient changes with time: :math:`x'(b + c\,g(t))`, on arrays, without split rows.

At the slot k the covariates of a person are x and x g(t_k), so nothing is the same at two event times and sums over
risk sets need each pair of person and event time once. Pairs are made in blocks of rows, as a matrix of rows by slots,
and never all together. Score, information and influence are those of the fit on rows split at every event time.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import sparse

from cofactor.errors import FitError
from cofactor.models.cox_information import inverse_of, newton_step
from cofactor.models.cox_kernel import HALVINGS, ITERATIONS, TOLERANCE
from cofactor.models.cox_matrix import CentredMatrix
from cofactor.models.cox_pass import Grouping
from cofactor.models.cox_slots import RiskSlots
from cofactor.models.cox_sums import Hazards, hazards, predicted, scale_of_prediction

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.integer]

PAIRS = 1 << 17  # pairs of person and slot held at a time: 1 MB
DECREMENT = 1e-18  # squared Newton step, in standard errors, at which iterations stop


@dataclass(frozen=True, eq=False)
class Problem:
    """The matrix of n people and p columns, their slots, and g at each slot (T,), 0 where none is."""

    matrix: CentredMatrix
    slots: RiskSlots
    g: Floats

    @property
    def width(self) -> int:
        """How many columns there are, p."""
        return len(self.matrix.centre)

    def pairs(self, theta: Floats) -> Iterator[Pairs]:
        """Yield people in the order of their exits, with r at every slot where they are at risk."""
        slots, p = self.slots, self.width
        order = np.argsort(slots.exit, kind="stable")
        entries = slots.entry_of
        size = max(PAIRS // slots.size, 16)
        for start in range(0, len(order), size):
            rows = order[start : start + size]
            entry, leave = entries[rows], slots.exit[rows]
            low, high = int(entry.min()) + 1, int(leave.max()) + 1
            if high <= low:
                continue
            columns = np.arange(low, high, dtype=np.int32)
            z = self.matrix.rows[rows]
            x = z[:, 1:]
            r = np.exp((x @ theta[:p])[:, np.newaxis] + np.outer(x @ theta[p:], self.g[low:high]))
            r *= slots.exposure[rows][:, np.newaxis]
            r *= (columns > entry[:, np.newaxis]) & (columns <= leave[:, np.newaxis])
            dead = np.flatnonzero(slots.dead[rows])
            yield Pairs(rows, z, r, slice(low, high), dead, leave[dead], r[dead, leave[dead] - low])


@dataclass(frozen=True, eq=False)
class Pairs:
    """A block: m rows z = [1, x] (m, p + 1), r (m, slots) at their `span`; the dead, their slots, and r there."""

    rows: Integers
    z: Floats
    r: Floats
    span: slice
    dead: Integers
    at: Integers
    r_dead: Floats


@dataclass(frozen=True, eq=False)
class Varying:
    """The partial likelihood at theta = (b, c), (2 p,): value, score, information, and the slots."""

    theta: Floats
    log_likelihood: float
    score: Floats
    information: Floats
    hazards: Hazards

    @property
    def finite(self) -> bool:
        """Whether value, score and information are all numbers."""
        return bool(
            np.isfinite(self.log_likelihood)
            and np.isfinite(self.score).all()
            and np.isfinite(self.information).all()
        )  # fmt: skip


def start(problem: Problem, b: Floats, at: Hazards) -> Varying:
    """Return the state where the coefficients b do not change, with the hazards there."""
    return _evaluate(problem, np.append(b, np.zeros_like(b)), at.a, at.b)


def solve_varying(problem: Problem, state: Varying, what: str) -> Varying:
    """Maximise the partial likelihood from `state`.

    Raises
    ------
    FitError
        The iterations do not settle.
    """
    for _ in range(ITERATIONS):
        step = newton_step(state.information, state.score)
        if state.score @ step <= DECREMENT:
            return state
        before = state
        state = _advance(problem, before, step, what)
        gain = state.log_likelihood - before.log_likelihood
        if before.score @ step < 1e-8 and gain <= 1e-14 * abs(state.log_likelihood):
            return state  # what is left of the score is rounding
    raise FitError(f"{what} did not converge in {ITERATIONS} iterations: some ratio runs away with time")


def psu_totals(problem: Problem, state: Varying, psu_index: Integers, n_psu: int) -> Floats:
    """Return the PSU totals (G, 2 p) of the influence on theta."""
    total = np.zeros((n_psu, len(state.theta)))
    for rows, score in _scores(problem, state):
        total += Grouping(psu_index[rows], n_psu, len(rows)).sums(slice(0, len(rows)), np.ones(len(rows)), score)
    return np.asarray(total @ inverse_of(state.information))


def influence(problem: Problem, state: Varying) -> Floats:
    """Return the weighted influence of each row on theta, (n, 2 p)."""
    made = np.zeros((len(problem.matrix.rows), len(state.theta)))
    for rows, score in _scores(problem, state):
        made[rows] = score
    return np.asarray(made @ inverse_of(state.information))


def _evaluate(problem: Problem, theta: Floats, a: Floats, b: Floats) -> Varying:
    """Read all pairs at theta; a and b (T,) are increments of the hazard there, exact or predicted."""
    slots, g, p = problem.slots, problem.g, problem.width
    at_risk, deaths = np.zeros((slots.size, p + 1)), np.zeros((slots.size, p + 1))
    deaths_x, grams = np.zeros((2, p)), np.zeros((3, p, p))
    powers = np.stack([np.ones_like(g), g, g * g], axis=1)
    for block in problem.pairs(theta):
        at_risk[block.span] += block.r.T @ block.z
        z_dead = block.z[block.dead]
        grouping = sparse.csc_matrix(
            (block.r_dead, block.at, np.arange(len(block.dead) + 1)), shape=(slots.size, len(block.dead))
        )
        deaths += np.asarray(grouping @ z_dead)
        weight = slots.weights[block.rows][block.dead]
        deaths_x += np.stack([weight, weight * g[block.at]]) @ z_dead[:, 1:]
        c = block.r @ (a[block.span, np.newaxis] * powers[block.span])
        c[block.dead] -= (block.r_dead * b[block.at])[:, np.newaxis] * powers[block.at]
        for gram, weights in zip(grams, c.T, strict=True):
            gram += (block.z[:, 1:] * weights[:, np.newaxis]).T @ block.z[:, 1:]
    at = hazards(slots, at_risk, deaths)
    grams *= scale_of_prediction(slots, at, a, b)
    return _state(problem, theta, at, deaths_x, grams)


def _state(problem: Problem, theta: Floats, at: Hazards, deaths_x: Floats, grams: Floats) -> Varying:
    g = problem.g
    mean = at.xd * problem.slots.death_weight[:, np.newaxis]
    for power, gram in enumerate(grams):
        weight = (g**power)[:, np.newaxis]
        gram -= at.s1.T @ (weight * at.xa) - at.e1.T @ (weight * at.xb)
    return Varying(
        theta=theta,
        log_likelihood=float(deaths_x.ravel() @ theta) - at.log_loss,
        score=(deaths_x - np.stack([mean.sum(axis=0), g @ mean])).ravel(),
        information=np.block([[grams[0], grams[1]], [grams[1], grams[2]]]),
        hazards=at,
    )


def _advance(problem: Problem, before: Varying, step: Floats, what: str) -> Varying:
    p, share = problem.width, 1.0
    lowest = before.log_likelihood - TOLERANCE * abs(before.log_likelihood)
    for _ in range(HALVINGS):
        part = share * step
        with np.errstate(all="ignore"):  # an absurd step overflows: its likelihood is not finite, and it is halved
            move = part[:p, np.newaxis] + np.outer(part[p:], problem.g)
            a, b = predicted(before.hazards, move)
            state = _evaluate(problem, before.theta + part, a, b)
        if state.finite and state.log_likelihood >= lowest:
            return state
        share /= 2.0
    raise FitError(f"{what}: no step improves the partial likelihood")


def _scores(problem: Problem, state: Varying) -> Iterator[tuple[Integers, Floats]]:
    """Yield rows and their weighted score residuals (m, 2 p): as in a model with covariates x and x g(t)."""
    slots, at = problem.slots, state.hazards
    powers = np.stack([np.ones_like(problem.g), problem.g], axis=1)
    for block in problem.pairs(state.theta):
        weight = slots.weights[block.rows][block.dead]
        martingale = -block.r @ (at.a[block.span, np.newaxis] * powers[block.span])
        jump = weight + block.r_dead * at.b[block.at]
        martingale[block.dead] += jump[:, np.newaxis] * powers[block.at]
        parts = []
        for j in (0, 1):
            power = powers[:, j, np.newaxis]
            score = block.z[:, 1:] * martingale[:, j, np.newaxis] + block.r @ (power * at.xa)[block.span]
            own = block.r_dead[:, np.newaxis] * at.xb[block.at] + weight[:, np.newaxis] * at.xd[block.at]
            score[block.dead] -= power[block.at] * own
            parts.append(score)
        yield block.rows, np.hstack(parts)
