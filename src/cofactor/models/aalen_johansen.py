r"""Weighted Aalen-Johansen estimate of one group on arrays, with the influence of every PSU.

With Y the weight at risk, :math:`D_j` the weight of events of cause j and D that of all, and S the product-limit
estimate of no event yet, :math:`F_j(t) = \sum_{t_k \le t} S(t_k-) D_{jk}/Y_k`. With N and Y of its own, and
:math:`u_{gk} = (N_{gk} - Y_{gk} D_k/Y_k)/(Y_k - D_k)`, PSU g moves :math:`F_j(t)` by

.. math:: \sum_{t_k \le t} \{ S(t_k-) (N_{gjk} - Y_{gk} D_{jk}/Y_k)/Y_k + u_{gk} F_j(t_k) \}
          - F_j(t) \sum_{t_k \le t} u_{gk}.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from cofactor.models.cox_slots import RiskSlots
from cofactor.models.follow_up import FollowUp
from cofactor.models.product_limit import StepEstimate, product_limit

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.integer]


@dataclass(frozen=True, eq=False)
class IncidenceEstimate:
    """Cumulative incidences of J causes over the T slots of a group (slot 0: before the first event).

    Attributes
    ----------
    free : StepEstimate
        Of no event yet, with the slots.
    cause : int array (m,)
        Cause of each row's event; -1 without.
    values : array (J, T)
    rate : array (J, T)
        :math:`D_j/Y`.
    jump : array (T,)
        :math:`S(t-)/Y`: what an event adds for one unit of weight.
    """

    free: StepEstimate
    cause: Integers
    values: Floats
    rate: Floats
    jump: Floats

    def at(self, times: Floats) -> Floats:
        """Return the cumulative incidences at the times, (J, R)."""
        return np.asarray(self.values[:, self.free.positions(times)])

    def psu_totals(self, psu_index: Integers, n_psu: int, times: Floats) -> Floats:
        """Return the PSU totals of the influence at the times, (G, J R): cause by cause."""
        slots, free, at = self.free.slots, self.free, self.free.positions(times)
        at_risk = _at_risk(slots, psu_index, n_psu)
        events = _tables(slots, slots.dead, psu_index, n_psu)
        moved = (events - at_risk * free.ratio) * free.inverse
        total = np.cumsum(moved, axis=1)
        made = []
        for cause, (value, rate) in enumerate(zip(self.values, self.rate, strict=True)):
            mine = _tables(slots, slots.dead & (self.cause == cause), psu_index, n_psu)
            path = np.cumsum((mine - at_risk * rate) * self.jump + moved * value, axis=1)
            made.append(path[:, at] - total[:, at] * value[at])
        return np.hstack(made)

    def influence(self, times: Floats) -> Floats:
        """Return the influence of each of the m rows at the times, (m, J R): cause by cause."""
        slots, free, at = self.free.slots, self.free, self.free.positions(times)
        happened = slots.dead[:, np.newaxis] & (slots.exit[:, np.newaxis] <= at)
        own = free.inverse[slots.exit]
        total = self._path(np.where(slots.dead, own, 0.0), free.ratio * free.inverse, at, happened)
        made = []
        for cause, (value, rate) in enumerate(zip(self.values, self.rate, strict=True)):
            mine = np.where(slots.dead & (self.cause == cause), self.jump[slots.exit], 0.0) + own * value[slots.exit]
            drift = rate * self.jump + free.ratio * free.inverse * value
            made.append(self._path(mine, drift, at, happened) - total * value[at])
        return np.hstack(made) * slots.weights[:, np.newaxis]

    def _path(self, own: Floats, drift: Floats, at: Integers, happened: npt.NDArray[np.bool_]) -> Floats:
        """Return what each row's event adds (m,) by each time, less the drift (T,) while it was at risk: (m, R)."""
        slots, cumulated = self.free.slots, np.cumsum(drift)
        entry, leave = slots.entry_of[:, np.newaxis], slots.exit[:, np.newaxis]
        last = np.minimum(leave, at)
        under = np.where(last > entry, cumulated[last] - cumulated[np.minimum(entry, last)], 0.0)
        return np.asarray(np.where(happened, own[:, np.newaxis], 0.0) - under)


def aalen_johansen(people: FollowUp, cause: Integers, n_causes: int, weights: Floats) -> IncidenceEstimate:
    """Return the weighted Aalen-Johansen estimate of m people with positive weights (m,).

    `cause` (m,) is 0..n_causes-1 where `people` have their event, of whatever cause.
    """
    free = product_limit(people, weights)
    slots = free.slots
    cell = cause[slots.dead] * slots.size + slots.exit[slots.dead]
    by_cause = np.bincount(cell, weights[slots.dead], n_causes * slots.size).reshape(n_causes, slots.size)
    # Where nobody is left the ratio is exactly 1, so the weight at risk is read from it, never from a difference.
    inverse = np.divide(free.ratio, slots.death_weight, out=np.zeros(slots.size), where=slots.deaths > 0)
    jump = np.append(1.0, free.values[:-1]) * inverse
    values = np.asarray(np.cumsum(by_cause * jump, axis=1), dtype=np.float64)
    return IncidenceEstimate(free, cause, values, np.asarray(by_cause * inverse, dtype=np.float64), jump)


def _tables(slots: RiskSlots, rows: npt.NDArray[np.bool_], psu_index: Integers, n_psu: int) -> Floats:
    """Return the weight of these rows by PSU and exit slot, (G, T)."""
    cell = psu_index[rows] * slots.size + slots.exit[rows]
    return np.bincount(cell, slots.weights[rows], n_psu * slots.size).reshape(n_psu, slots.size).astype(np.float64)


def _at_risk(slots: RiskSlots, psu_index: Integers, n_psu: int) -> Floats:
    """Return the weight at risk by PSU and slot, (G, T)."""
    cell = psu_index * slots.size
    left: npt.NDArray[Any] = np.bincount(cell + slots.exit, slots.weights, n_psu * slots.size)
    if slots.entry is not None:
        left = left - np.bincount(cell + slots.entry, slots.weights, n_psu * slots.size)
    return np.asarray(np.cumsum(left.reshape(n_psu, slots.size)[:, ::-1], axis=1)[:, ::-1], dtype=np.float64)
