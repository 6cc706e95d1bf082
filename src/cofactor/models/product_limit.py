r"""Weighted Kaplan-Meier and Nelson-Aalen estimates of one group on arrays, with the influence of every PSU.

With Y the weight at risk and D the weight of deaths at each event time, :math:`S(t) = \prod (1 - D_k/Y_k)` and
:math:`H(t) = \sum D_k/Y_k`. PSU g, with deaths N and weight at risk Y of its own, moves S by
:math:`-S(t) \sum_{k \le t} (N_{gk} - Y_{gk} D_k/Y_k)/(Y_k-D_k)`, and H by
:math:`\sum_{k \le t} (N_{gk} - Y_{gk} D_k/Y_k)/Y_k`. All of it comes from counts by PSU and time: no row is looked at
twice.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from cofactor.models.cox_slots import RiskSlots, risk_slots
from cofactor.models.cox_sums import risk_sums
from cofactor.models.follow_up import FollowUp

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.integer]


@dataclass(frozen=True, eq=False)
class StepEstimate:
    """One curve over the slots of a group (slot 0: before the first event), and what its influence needs.

    All are (T,): `values` of the curve; `ratio` D/Y; `scale` and `inverse`, with which :math:`N - Y D/Y` becomes
    influence: -S and 1/(Y - D) (0 where nobody is left) for survival, 1 and 1/Y for the cumulative hazard.
    """

    slots: RiskSlots
    values: Floats
    ratio: Floats
    scale: Floats
    inverse: Floats

    def positions(self, times: Floats) -> npt.NDArray[np.intp]:
        """Return the slot that holds at each of the times: the last event time up to it."""
        return np.searchsorted(self.slots.times[1:], times, side="right")

    def psu_totals(self, psu_index: Integers, n_psu: int, times: Floats) -> Floats:
        """Return the PSU totals of the influence on the curve at the times, (G, R)."""
        slots, size = self.slots, self.slots.size
        cell = psu_index * size
        dead = slots.dead
        deaths = np.bincount(cell[dead] + slots.exit[dead], slots.weights[dead], n_psu * size).reshape(n_psu, size)
        at_risk = _remaining(np.bincount(cell + slots.exit, slots.weights, n_psu * size), size)
        if slots.entry is not None:
            at_risk -= _remaining(np.bincount(cell + slots.entry, slots.weights, n_psu * size), size)
        moved = np.cumsum((deaths - at_risk * self.ratio) * self.inverse, axis=1) * self.scale
        return np.asarray(moved[:, self.positions(times)])

    def influence(self, times: Floats) -> Floats:
        """Return the influence of each of the m rows on the curve at the times, (m, R)."""
        slots, at = self.slots, self.positions(times)
        compensator = np.cumsum(self.ratio * self.inverse)
        entry = slots.entry_of[:, np.newaxis]
        exit_slot = slots.exit[:, np.newaxis]
        here = np.minimum(exit_slot, at)
        under = np.where(here > entry, compensator[here] - compensator[np.minimum(entry, at)], 0.0)
        jump = np.where(slots.dead[:, np.newaxis] & (exit_slot <= at), self.inverse[exit_slot], 0.0)
        return np.asarray(self.scale[at] * slots.weights[:, np.newaxis] * (jump - under))


def product_limit(people: FollowUp, weights: Floats) -> StepEstimate:
    """Return the weighted Kaplan-Meier estimate of m people with positive weights (m,)."""
    slots, at_risk, deaths, left = _counted(people, weights)
    event = slots.deaths > 0
    ratio = np.divide(deaths, at_risk, out=np.zeros_like(deaths), where=event)
    ratio[event & ~left] = 1.0
    survival = np.asarray(np.cumprod(1.0 - ratio), dtype=np.float64)
    inverse = np.divide(1.0, at_risk - deaths, out=np.zeros_like(deaths), where=event & left)
    return StepEstimate(slots, survival, ratio, -survival, inverse)


def cumulative_hazard(people: FollowUp, weights: Floats) -> StepEstimate:
    """Return the weighted Nelson-Aalen estimate of m people with positive weights (m,)."""
    slots, at_risk, deaths, _ = _counted(people, weights)
    event = slots.deaths > 0
    ratio = np.divide(deaths, at_risk, out=np.zeros_like(deaths), where=event)
    inverse = np.divide(1.0, at_risk, out=np.zeros_like(deaths), where=event)
    return StepEstimate(slots, np.cumsum(ratio), ratio, np.ones_like(ratio), inverse)


def _counted(people: FollowUp, weights: Floats) -> tuple[RiskSlots, Floats, Floats, npt.NDArray[np.bool_]]:
    """Return the slots, the weights at risk and of deaths (T,), and whether anybody is left after the deaths."""
    slots = risk_slots(people.exit, people.event, weights, entry=people.entry, ties="breslow")
    at_risk, deaths = (sums[:, 0] for sums in risk_sums(slots, _sums(slots, weights)))
    people_at_risk, _ = risk_sums(slots, _sums(slots, np.ones(len(weights))))
    left = people_at_risk[:, 0] > slots.deaths + 0.5  # counted, for a difference of weights is not exactly 0
    return slots, at_risk, deaths, left


def _sums(slots: RiskSlots, weights: Floats) -> Floats:
    made = [np.bincount(slots.group, weights, 2 * slots.size)]
    if slots.entry is not None:
        made.append(np.bincount(slots.entry, weights, slots.size))
    return np.concatenate(made, dtype=np.float64)[:, np.newaxis]


def _remaining(cells: npt.NDArray[Any], size: int) -> Floats:
    """Return sums over each slot and those after it, (G, T)."""
    return np.asarray(np.cumsum(cells.reshape(-1, size)[:, ::-1], axis=1)[:, ::-1], dtype=np.float64)
