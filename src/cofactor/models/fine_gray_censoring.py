r"""The curve of not being censored yet, G, by which people with a competing event stay in a Fine-Gray risk set.

With :math:`Y^c` the weight of those who may be censored at a time (after the events of that time) and C that of those
who are, :math:`G(t-) = \prod_{t_c < t} (1 - C_c/Y^c_c)` in each group of people who share a curve. Let a quantity move
by :math:`q_c` with the censoring hazard at :math:`t_c`, over 1 less that hazard. Person i then moves it by

.. math:: w_i \Big\{ \frac{q_{c(i)}}{Y^c_{c(i)} - C_{c(i)}} [i\text{ censored}]
          - \sum_{c\text{ at risk}} \frac{q_c C_c}{Y^c_c (Y^c_c - C_c)} \Big\}.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from cofactor.models.cox_slots import RiskSlots, risk_slots
from cofactor.models.cox_sums import risk_sums

Floats = npt.NDArray[np.float64]
Mask = npt.NDArray[np.bool_]
Indices = npt.NDArray[np.intp]


@dataclass(frozen=True, eq=False)
class CensoringCurve:
    """Curves of S groups of m people, over T slots: the times of censoring of each group, end to end.

    Attributes
    ----------
    slots : RiskSlots
        Their "deaths" are the censorings, their times the codes of `order_codes`.
    values : array (T,)
        G just after the slot.
    share, inverse : arrays (T,)
        :math:`C/Y^c`, and :math:`1/(Y^c - C)`, which is 0 where nobody is left.
    weighted : bool
        By the weights of the design; else every person counts as one, and the curve as known.
    """

    slots: RiskSlots
    values: Floats
    share: Floats
    inverse: Floats
    weighted: bool

    @property
    def own(self) -> Floats:
        """G just before the event of each person who has one, (m,)."""
        return np.asarray(self.values[self.slots.exit])

    def before(self, codes: Floats) -> Floats:
        """Return G just before events at times of these codes, in every group: (S, R)."""
        starts = self.slots.starts
        ends = np.append(starts[1:], self.slots.size)
        position = np.stack([
            start + np.searchsorted(self.slots.times[start + 1 : end], codes, side="right")
            for start, end in zip(starts, ends, strict=True)
        ])  # fmt: skip
        return np.asarray(self.values[position])

    def influence(self, moved: Floats) -> Floats:
        """Return how each person moves (m, q), by the curve, what the hazard of censoring moves by `moved` (T, q).

        Nothing where the curve counts as known.
        """
        if not self.weighted:
            return np.zeros((len(self.slots.weights), moved.shape[1]))
        slots = self.slots
        made = -slots.cumulated(moved * (self.share * self.inverse)[:, np.newaxis]).take(slots.exit, axis=0)
        made[slots.dead] += (moved * self.inverse[:, np.newaxis])[slots.exit[slots.dead]]
        made *= slots.weights[:, np.newaxis]
        return made


def order_codes(exit_time: Floats, censored: Mask) -> Floats:
    """Return numbers (m,) that order exits: even for events, which come first at a time, odd for censorings."""
    _, rank = np.unique(exit_time, return_inverse=True)
    return np.asarray(2.0 * rank + censored)


def censoring_curve(
    codes: Floats, censored: Mask, group: Indices | None, weights: Floats, weighted: bool
) -> CensoringCurve:
    """Return the curves of m people with positive weights (m,).

    codes : (m,), of `order_codes`. censored : (m,), no event. group : (m,), 0..S-1, who shares a curve; None: all do.
    """
    counted = weights if weighted else np.ones_like(weights)
    slots = risk_slots(codes, censored, counted, stratum=group, ties="breslow")
    at_risk, leaving = _sums(slots, counted)
    people, _ = _sums(slots, np.ones_like(weights))
    left = people > slots.deaths + 0.5  # counted, for a difference of weights is not exactly 0
    happened = slots.deaths > 0
    share = np.divide(leaving, at_risk, out=np.zeros(slots.size), where=happened)
    share[happened & ~left] = 1.0
    inverse = np.divide(1.0, at_risk - leaving, out=np.zeros(slots.size), where=happened & left)
    values = np.empty(slots.size)
    for start, end in zip(slots.starts, np.append(slots.starts[1:], slots.size), strict=True):
        np.cumprod(1.0 - share[start:end], out=values[start:end])
    return CensoringCurve(slots, values, share, inverse, weighted)


def _sums(slots: RiskSlots, weights: Floats) -> tuple[Floats, Floats]:
    """Return the weight of who may be censored and of who is at each slot, (T,) both."""
    sums = np.bincount(slots.group, weights, 2 * slots.size).astype(np.float64)[:, np.newaxis]
    at_risk, leaving = risk_sums(slots, sums)
    return at_risk[:, 0], leaving[:, 0]
