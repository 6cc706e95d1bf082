r"""Risk sets of a subdistribution hazard: who is free of any event, and who had a competing one, in part.

Person i with a competing event at :math:`b_i` stays at risk after it with the share :math:`G(t-)/G(b_i-)`, G being the
curve of not being censored. Sums over them by the slot of their own event, cumulated and times G, are all that the
risk sets need: no row is split.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import sparse

from cofactor.models.cox_matrix import CentredMatrix
from cofactor.models.cox_slots import RiskSlots, Ties, risk_slots
from cofactor.models.fine_gray_censoring import CensoringCurve, censoring_curve, order_codes

Floats = npt.NDArray[np.float64]
Mask = npt.NDArray[np.bool_]
Indices = npt.NDArray[np.intp]


@dataclass(frozen=True, eq=False)
class SubdistributionSets:
    """Of m people: K slots at the times of the event in question, and who stays at risk after a competing one.

    Attributes
    ----------
    slots : RiskSlots
        As if people with a competing event left there.
    competing : int array (c,)
        Rows of the people with a competing event.
    group : int array (c,)
        Which curve of censoring is theirs.
    inverse : array (c,)
        :math:`1/G(b-)` at their own event.
    growth : array (S, K)
        :math:`G(t-)` of each curve at each slot.
    codes : array (K,)
        Code of the time of each slot; that of slot 0 is below all.
    curve : CensoringCurve
    """

    slots: RiskSlots
    competing: Indices
    group: Indices
    inverse: Floats
    growth: Floats
    codes: Floats
    curve: CensoringCurve

    def shares(self, matrix: CentredMatrix, b: Floats) -> tuple[Floats, Floats]:
        """Return the rows [1, x] of the competing, (c, q), and their r / G at their own event, (c,)."""
        z = matrix.rows[self.competing]
        return z, np.asarray(self.slots.weights[self.competing] * np.exp(z[:, 1:] @ b) * self.inverse)

    def carried(self, z: Floats, share: Floats) -> Floats:
        """Return the sums of r [1, x] over the competing who are still at risk at each slot, (K, q)."""
        n_groups, size = self.growth.shape
        cell = self.group * size + self.slots.exit[self.competing]
        sums = _sums(cell, n_groups * size, share, z).reshape(n_groups, size, z.shape[1])
        before = np.cumsum(sums, axis=1) - sums  # at risk after their own slot: its events came at or before theirs
        return np.asarray(np.einsum("sk,skq->kq", self.growth, before))

    def later(self, increments: Floats) -> Floats:
        """Return sums of G times the increments (K,) or (K, q) over the slots after each one: (S, K), (S, K, q)."""
        growth = self.growth if increments.ndim == 1 else self.growth[:, :, np.newaxis]
        cumulated = np.cumsum(growth * increments, axis=1)
        return np.asarray(cumulated[:, -1:] - cumulated)

    def of_competing(self, tables: Floats) -> Floats:
        """Return what tables (S, K) or (S, K, q) hold at the slot and in the group of each competing person."""
        return np.asarray(tables[self.group, self.slots.exit[self.competing]])

    def before_censoring(self, z: Floats, share: Floats) -> Floats:
        """Return the sums of r [1, x] / G over the competing of the group up to each time of censoring, (T, q)."""
        slots = self.curve.slots
        at = slots.exit[self.competing]
        sums = _sums(at, slots.size, share, z)
        return slots.cumulated(sums) - sums

    def after_censoring(self, later: Floats) -> Floats:
        """Return what `later` (S, K) or (S, K, q) holds for the slots after each time of censoring, (T, ...)."""
        slots = self.curve.slots
        codes = np.where(np.isnan(slots.times), -np.inf, slots.times)
        position = np.maximum(np.searchsorted(self.codes, codes, side="right") - 1, 0)
        return np.asarray(later[slots.stratum, position])


def subdistribution_sets(
    exit_time: Floats, happened: Mask, main: Mask, group: Indices | None, weights: Floats, *, ties: Ties, weighted: bool
) -> SubdistributionSets:
    """Prepare the risk sets of m people with positive weights.

    Parameters
    ----------
    exit_time, weights : arrays (m,)
    happened, main : bool arrays (m,)
        An event of any cause, and of the cause in question.
    group : int array (m,), optional
        Codes 0..S-1 of who shares a curve of censoring; all if not given.
    ties : {"efron", "breslow"}
    weighted : bool
        The curve of censoring is weighted, and estimated.
    """
    slots = risk_slots(exit_time, main, weights, ties=ties)
    codes = order_codes(exit_time, ~happened)
    curve = censoring_curve(codes, ~happened, group, weights, weighted)
    competing = np.flatnonzero(happened & ~main)
    of_slot = np.full(slots.size, -1.0)
    of_slot[slots.exit[slots.dead]] = codes[slots.dead]
    return SubdistributionSets(
        slots=slots, competing=competing,
        group=np.zeros(len(competing), dtype=np.intp) if group is None else group[competing],
        inverse=1.0 / curve.own[competing], growth=curve.before(of_slot), codes=of_slot, curve=curve,
    )  # fmt: skip


def _sums(cell: npt.NDArray[np.integer], cells: int, weights: Floats, rows: Floats) -> Floats:
    """Return the weighted sums of rows (c, q) by cell, (cells, q); c may be 0."""
    # An indicator matrix (cell by row) in compressed columns is the cells themselves: nothing is sorted.
    indicator = sparse.csc_matrix((weights, cell, np.arange(len(cell) + 1)), shape=(cells, len(cell)))
    return np.asarray(indicator @ rows)
