r"""From sums over risk sets to the partial likelihood: its value, score, and what information and influence need.

At the slot k with d deaths of weight W: :math:`S_0=\sum_{\text{at risk}} r_i`, :math:`S_1=\sum r_i x_i`, and
:math:`E_0, E_1` the same over its deaths, with :math:`r_i = w_i \exp(x_i'b)`. Efron's ladder has the steps
:math:`D_l = S_0 - (l/d) E_0`, each with the mean weight W/d of the deaths; Breslow's is D_l = S_0.

Efron B (1977), doi:10.1080/01621459.1977.10480613; Binder DA (1992), doi:10.1093/biomet/79.1.139.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from cofactor.models import cox_compiled
from cofactor.models.cox_compiled import compiled_wanted
from cofactor.models.cox_slots import RiskSlots
from cofactor.models.cox_times import BLOCK, blocks

Floats = npt.NDArray[np.float64]

STEPS = 16_384  # of Efron's ladders that are taken at a time
CLIP = 5.0  # largest change of a logarithmic hazard that a prediction makes


@dataclass(frozen=True, eq=False)
class Hazards:
    """The slots at one value b of the coefficients; T slots, p columns of the centred matrix.

    `a`, `b` (T,) are the sums over the ladder of w/D and w (l/d)/D; `xa`, `xb` (T, p) minus their derivatives in the
    coefficients; `xd` (T, p) the mean of x over the ladder. `cumulated` (T,) is the baseline cumulative hazard and
    `cumulated_xa` (T, p) the like sum of `xa`. `score_loss` (p,), `log_loss` and `information_loss` (p, p) are what
    the risk sets take off the sums over people in score, log-likelihood and information; `s0`, `e0` (T,), `s1`, `e1`
    (T, p) are the sums.
    """

    a: Floats
    b: Floats
    xa: Floats
    xb: Floats
    xd: Floats
    cumulated: Floats
    cumulated_xa: Floats
    score_loss: Floats
    log_loss: float
    information_loss: Floats
    s0: Floats
    e0: Floats
    s1: Floats
    e1: Floats


class Ladder(NamedTuple):
    """Sums over Efron's ladder, (T,) each: of w/D, w f/D, w/D², w f/D², w f²/D² with f = l/d; and of w log D in all."""

    a: Floats
    b: Floats
    alpha: Floats
    beta: Floats
    gamma: Floats
    log_loss: float


def summed_by(codes: npt.NDArray[np.integer], values: Floats, size: int) -> Floats:
    """Return sums of values (n,) by code (size,), in blocks: of millions of people no copy is made."""
    made = np.zeros(size)
    for rows in blocks(len(codes), max(BLOCK, 4 * size)):
        made += np.bincount(codes[rows], values[rows], size)
    return made


def risk_sums(slots: RiskSlots, sums: Floats) -> tuple[Floats, Floats]:
    """Return the sums over those at risk and over the deaths at each slot, (T, q) both.

    Parameters
    ----------
    sums : array (2 T, q) or (3 T, q)
        By exit slot of the living, of the dead, and by entry slot; the first column is the sum of r.
    """
    size = slots.size
    deaths = sums[size : 2 * size]
    leaving = sums[:size] + deaths
    if slots.entry is None:
        return slots.remaining(leaving), deaths
    entering = sums[2 * size :]
    if compiled_wanted(len(slots.weights)):
        return cox_compiled.at_risk(slots, leaving, entering), deaths
    net = leaving - entering
    # Leaving less entering from here on, or entering less leaving before here: both are exact. The one that takes from
    # less keeps the digits of a risk set that is small at young ages.
    backward = slots.remaining(leaving[:, 0]) <= slots.cumulated(entering[:, 0]) - entering[:, 0]
    return np.where(backward[:, np.newaxis], slots.remaining(net), net - slots.cumulated(net)), deaths


def ladder(slots: RiskSlots, s0: Floats, e0: Floats) -> Ladder:
    """Return the sums over the ladder of every slot from the sums of r at risk and among deaths, (T,) both."""
    live = slots.live
    deaths, weight, total = slots.deaths[live], slots.mean_weight[live], s0[live]
    if slots.efron:
        add_up = cox_compiled.over_steps if compiled_wanted(len(slots.weights)) else over_steps
        steps = add_up(deaths, np.minimum(e0[live] / total, 1.0))
    else:
        steps = np.zeros((6, len(live)))
        steps[0] = steps[2] = deaths
    log_loss = float(weight @ (deaths * np.log(total) - steps[5]))
    steps[:5] *= weight / total
    steps[2:5] /= total
    summed = np.zeros((5, slots.size))
    summed[:, live] = steps[:5]
    a, b, alpha, beta, gamma = summed
    return Ladder(a, b, alpha, beta, gamma, log_loss)


def over_steps(deaths: npt.NDArray[np.intp], ratio: Floats) -> Floats:
    """Return sums over f = l/d, l = 0..d-1, of 1/D, f/D, 1/D², f/D², f²/D² and -log D, D = 1 - f ratio; (6, L).

    In pieces, since there is a step for every death.
    """
    made = np.empty((6, len(deaths)))
    piece = np.cumsum(deaths) // STEPS
    starts = np.flatnonzero(np.diff(piece, prepend=-1))
    for start, end in zip(starts, [*starts[1:], len(deaths)], strict=True):
        d = deaths[start:end]
        first = np.cumsum(d) - d
        share = (np.arange(d.sum()) - np.repeat(first, d)) / np.repeat(d, d)
        steps = np.empty((6, len(share)))
        np.divide(1.0, 1.0 - share * np.repeat(ratio[start:end], d), out=steps[0])
        np.multiply(steps[0], share, out=steps[1])
        np.multiply(steps[0], steps[0], out=steps[2])
        np.multiply(steps[2], share, out=steps[3])
        np.multiply(steps[3], share, out=steps[4])
        np.log(steps[0], out=steps[5])
        made[:, start:end] = np.add.reduceat(steps, first, axis=1)
    return made


def hazards(slots: RiskSlots, at_risk: Floats, deaths: Floats) -> Hazards:
    """Return all that the slots hold, from the sums of r [1, x] over those at risk and over the deaths, (T, p + 1)."""
    s0, s1, e0, e1 = at_risk[:, 0], at_risk[:, 1:], deaths[:, 0], deaths[:, 1:]
    made = ladder(slots, s0, e0)
    derive = cox_compiled.means if compiled_wanted(len(slots.weights)) else means
    xa, xb, xd, cumulated_xa, score_loss = derive(slots, s1, e1, made)
    return Hazards(
        a=made.a, b=made.b, xa=xa, xb=xb, xd=xd, cumulated=slots.cumulated(made.a), cumulated_xa=cumulated_xa,
        score_loss=score_loss, log_loss=made.log_loss,
        information_loss=s1.T @ xa - e1.T @ xb, s0=s0, e0=e0, s1=s1, e1=e1,
    )  # fmt: skip


def means(slots: RiskSlots, s1: Floats, e1: Floats, made: Ladder) -> tuple[Floats, ...]:
    """Return `xa`, `xb`, `xd`, `cumulated_xa` (T, p) and `score_loss` (p,) of the hazards."""
    a, b, alpha, beta, gamma = (values[:, np.newaxis] for values in made[:5])
    xa = alpha * s1 - beta * e1
    mean = a * s1 - b * e1
    xd = mean / np.where(slots.deaths > 0, slots.death_weight, 1.0)[:, np.newaxis]
    return xa, beta * s1 - gamma * e1, xd, slots.cumulated(xa), mean.sum(axis=0)


def predicted(now: Hazards, step: Floats) -> tuple[Floats, Floats]:
    """Return `a` and `b` (T,) as they will be after a step, to first order in their logarithm.

    The step of the coefficients is (p,), or (p, T) if it differs by slot.

    So the weighted Gram matrix of the next information can be gathered in the same pass as the sums that decide what
    the hazards are; `scale_of_prediction` takes off most of the error.
    """
    if step.ndim == 1:
        return _moved(now.a, now.xa @ step), _moved(now.b, now.xb @ step)
    return _moved(now.a, np.einsum("kp,pk->k", now.xa, step)), _moved(now.b, np.einsum("kp,pk->k", now.xb, step))


def _moved(value: Floats, loss: Floats) -> Floats:
    change = np.divide(-loss, value, out=np.zeros_like(value), where=value > 0.0)
    return np.asarray(value * np.exp(np.clip(change, -CLIP, CLIP)))


def scale_of_prediction(slots: RiskSlots, exact: Hazards, a: Floats, b: Floats) -> float:
    """Return by what predicted hazards are to be multiplied: the exact ones account for the whole weight of deaths."""
    return float(slots.death_weight.sum() / (a @ exact.s0 - b @ exact.e0))
