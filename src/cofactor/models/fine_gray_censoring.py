r"""The curves by which people with a competing event stay in a Fine-Gray risk set: G and, with late entry, H.

With :math:`Y^c` the weight of those who may be censored at a time (after the events of that time) and C that of those
who are, :math:`G(t-) = \prod_{t_c < t} (1 - C_c/Y^c_c)` in each group of people who share a curve. H is the same with
time reversed, of having entered: :math:`H(t-) = \prod_{t_e \ge t} (1 - E_e/Y^e_e)`, with E the weight of those who
enter at a time and :math:`Y^e` that of those under observation just after it. Let a quantity move by :math:`q_c` with
the hazard at :math:`t_c`, over 1 less that hazard. Person i then moves it by

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
    """Curves of S groups of m people, over T slots: the times of censoring, or entry, of each group, end to end.

    Attributes
    ----------
    slots : RiskSlots
        Their "deaths" are the censorings, or entries; their times the codes of `order_codes`, negative for entries.
    values : array (T,)
        G just after the slot, or H just before its time.
    share, inverse : arrays (T,)
        :math:`C/Y^c`, and :math:`1/(Y^c - C)`, which is 0 where nobody is left.
    weighted : bool
        By the weights of the design; else every person counts as one, and the curve as known.
    reversed : bool
        It is H.
    """

    slots: RiskSlots
    values: Floats
    share: Floats
    inverse: Floats
    weighted: bool
    reversed: bool = False

    @property
    def at_exit(self) -> npt.NDArray[np.integer]:
        """Slot of the time just before the exit of each person, (m,)."""
        return self.slots.entry_of if self.reversed else self.slots.exit

    @property
    def own(self) -> Floats:
        """The curve just before the event of each person who has one, (m,)."""
        return np.asarray(self.values[self.at_exit])

    @property
    def codes(self) -> Floats:
        """Code of the time of each slot, (T,); that of a group's first slot is before, or after, all times."""
        codes = np.where(np.isnan(self.slots.times), -np.inf, self.slots.times)
        return -codes if self.reversed else codes

    def before(self, codes: Floats) -> Floats:
        """Return the curve just before events at times of these codes, in every group: (S, R)."""
        starts = self.slots.starts
        ends = np.append(starts[1:], self.slots.size)
        sought = -codes if self.reversed else codes
        position = np.stack([
            start + np.searchsorted(self.slots.times[start + 1 : end], sought, side="right")
            for start, end in zip(starts, ends, strict=True)
        ])  # fmt: skip
        return np.asarray(self.values[position])

    def since(self, sums: Floats) -> Floats:
        """Return the sums (T, q) by the slot just before people's event over those whose event came before each one."""
        return self.slots.remaining(sums) if self.reversed else self.slots.cumulated(sums) - sums

    def influence(self, moved: Floats) -> Floats:
        """Return how each person moves (m, q), by the curve, what its hazard moves by `moved` (T, q).

        Nothing where the curve counts as known.
        """
        if not self.weighted:
            return np.zeros((len(self.slots.weights), moved.shape[1]))
        slots = self.slots
        drift = slots.cumulated(moved * (self.share * self.inverse)[:, np.newaxis])
        made = drift.take(slots.entry_of, axis=0) - drift.take(slots.exit, axis=0)
        made[slots.dead] += (moved * self.inverse[:, np.newaxis])[slots.exit[slots.dead]]
        made *= slots.weights[:, np.newaxis]
        return made


def order_codes(exit_time: Floats, censored: Mask, entry: Floats | None = None) -> tuple[Floats, Floats | None]:
    """Return numbers (m,) that order exits, and entries: at a time events come first (even), then the rest (odd)."""
    both = exit_time if entry is None else np.concatenate([exit_time, entry])
    _, rank = np.unique(both, return_inverse=True)
    at_exit = np.asarray(2.0 * rank[: len(exit_time)] + censored)
    return at_exit, None if entry is None else np.asarray(2.0 * rank[len(exit_time) :] + 1.0)


def censoring_curve(
    codes: Floats,
    censored: Mask,
    group: Indices | None,
    weights: Floats,
    weighted: bool,
    entry: Floats | None = None,
) -> CensoringCurve:
    """Return the curves of not being censored of m people with positive weights (m,).

    codes, entry : (m,), of `order_codes`. censored : (m,), no event. group : (m,), 0..S-1, who shares a curve; None:
    all do.
    """
    counted = weights if weighted else np.ones_like(weights)
    slots = risk_slots(codes, censored, counted, entry=entry, stratum=group, ties="breslow")
    return _curve(slots, weighted, False)


def entry_curve(codes: Floats, entry: Floats, group: Indices | None, weights: Floats, weighted: bool) -> CensoringCurve:
    """Return the curves of having entered of m people; arguments as in `censoring_curve`."""
    counted = weights if weighted else np.ones_like(weights)
    everyone = np.ones(len(weights), dtype=bool)
    slots = risk_slots(-entry, everyone, counted, entry=-codes, stratum=group, ties="breslow")
    return _curve(slots, weighted, True)


def _curve(slots: RiskSlots, weighted: bool, reverse: bool) -> CensoringCurve:
    at_risk, leaving = _sums(slots, slots.weights)
    people, _ = _sums(slots, np.ones_like(slots.weights))
    left = people > slots.deaths + 0.5  # counted, for a difference of weights is not exactly 0
    happened = slots.deaths > 0
    share = np.divide(leaving, at_risk, out=np.zeros(slots.size), where=happened)
    share[happened & ~left] = 1.0
    inverse = np.divide(1.0, at_risk - leaving, out=np.zeros(slots.size), where=happened & left)
    values = np.empty(slots.size)
    for start, end in zip(slots.starts, np.append(slots.starts[1:], slots.size), strict=True):
        np.cumprod(1.0 - share[start:end], out=values[start:end])
    return CensoringCurve(slots, values, share, inverse, weighted, reverse)


def _sums(slots: RiskSlots, weights: Floats) -> tuple[Floats, Floats]:
    """Return the weight of who may be censored and of who is at each slot, (T,) both."""
    sums = np.bincount(slots.group, weights, 2 * slots.size).astype(np.float64)
    if slots.entry is not None:
        sums = np.append(sums, np.bincount(slots.entry, weights, slots.size))
    at_risk, leaving = risk_sums(slots, sums[:, np.newaxis])
    return at_risk[:, 0], leaving[:, 0]
