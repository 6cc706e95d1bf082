r"""Risk sets of a subdistribution hazard: who is free of any event, and who had a competing one, in part.

Person i with a competing event at :math:`b_i` stays at risk after it with the share :math:`G(t-)/G(b_i-)`, G being the
curve of not being censored; with late entry the share is :math:`G(t-)H(t-)/\{G(b_i-)H(b_i-)\}`, H being the curve of
having entered. Sums over them by the slot of their own event, cumulated and times the curves, are all that the risk
sets need: no row is split. People of one group, which lies in one stratum of baseline hazards, share the curves.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import sparse

from cofactor.errors import FitError
from cofactor.models.cox_matrix import CentredMatrix
from cofactor.models.cox_slots import RiskSlots, Ties, risk_slots
from cofactor.models.fine_gray_censoring import CensoringCurve, censoring_curve, entry_curve, order_codes
from cofactor.models.follow_up import FollowUp

Floats = npt.NDArray[np.float64]
Mask = npt.NDArray[np.bool_]
Indices = npt.NDArray[np.intp]
Later = Callable[[Floats], Floats]


@dataclass(frozen=True, eq=False)
class SubdistributionSets:
    r"""Of m people: K slots at the times of the event in question, and who stays at risk after a competing one.

    Attributes
    ----------
    slots : RiskSlots
        As if people with a competing event left there.
    competing : int array (c,)
        Rows of the people with a competing event.
    group : int array (c,)
        Which curves are theirs.
    stratum : int array (S,)
        Stratum of baseline hazards of each of the S groups.
    inverse : array (c,)
        :math:`1/\{G(b-)H(b-)\}` at their own event.
    growth : array (S, K)
        :math:`G(t-)H(t-)` of each group at each slot of its stratum; 0 at those of others.
    codes : array (K,)
        Code of the time of each slot; that of a stratum's first slot is below all.
    curve : CensoringCurve
        G.
    entries : CensoringCurve, optional
        H, where people enter late.
    """

    slots: RiskSlots
    competing: Indices
    group: Indices
    stratum: Indices
    inverse: Floats
    growth: Floats
    codes: Floats
    curve: CensoringCurve
    entries: CensoringCurve | None = None

    def shares(self, matrix: CentredMatrix, b: Floats) -> tuple[Floats, Floats]:
        """Return the rows [1, x] of the competing, (c, q), and their r / (G H) at their own event, (c,)."""
        z = matrix.rows[self.competing]
        return z, np.asarray(self.slots.exposure[self.competing] * np.exp(z[:, 1:] @ b) * self.inverse)

    def carried(self, z: Floats, share: Floats) -> Floats:
        """Return the sums of r [1, x] over the competing who are still at risk at each slot, (K, q)."""
        n_groups, size = self.growth.shape
        cell = self.group * size + self.slots.exit[self.competing]
        sums = _sums(cell, n_groups * size, share, z).reshape(n_groups, size, z.shape[1])
        before = np.cumsum(sums, axis=1) - sums  # at risk after their own slot: its events came at or before theirs
        return np.asarray(np.einsum("sk,skq->kq", self.growth, before))

    def later(self, increments: Floats) -> Floats:
        """Return sums of G H times the increments (K,) or (K, q) over the slots after each: (S, K), (S, K, q)."""
        growth = self.growth if increments.ndim == 1 else self.growth[:, :, np.newaxis]
        cumulated = np.cumsum(growth * increments, axis=1)
        return np.asarray(cumulated[:, -1:] - cumulated)

    def of_competing(self, tables: Floats) -> Floats:
        """Return what tables (S, K) or (S, K, q) hold at the slot and in the group of each competing person."""
        return np.asarray(tables[self.group, self.slots.exit[self.competing]])

    def through_curves(self, z: Floats, share: Floats, moved: Callable[[Floats, Later], Floats]) -> Floats:
        """Return how each person moves a quantity (m, p) by the curves.

        `moved` says what the logarithm of the shares moves it by, less its sign, at T times of a curve: from the sums
        of r [1, x] over the competing of the group up to each time, (T, q), and from a function that takes what tables
        (S, K, ...) hold for the slots after each time.
        """
        made = self.curve.influence(moved(self._since(self.curve, z, share), self._after(self.curve)))
        if self.entries is not None:  # who enters raises the shares, who is censored lowers them
            made -= self.entries.influence(moved(self._since(self.entries, z, share), self._after(self.entries)))
        return made

    def _since(self, curve: CensoringCurve, z: Floats, share: Floats) -> Floats:
        return curve.since(_sums(curve.at_exit[self.competing], curve.slots.size, share, z))

    def _after(self, curve: CensoringCurve) -> Later:
        codes, group = curve.codes, curve.slots.stratum
        position = np.empty(curve.slots.size, dtype=np.intp)
        ends = np.append(self.slots.starts[1:], self.slots.size)
        for stratum, (start, end) in enumerate(zip(self.slots.starts, ends, strict=True)):
            mine = self.stratum[group] == stratum
            position[mine] = start + np.searchsorted(self.codes[start + 1 : end], codes[mine], side="right")
        return lambda tables: np.asarray(tables[group, position])


def subdistribution_sets(
    people: FollowUp, main: Mask, group: Indices | None, weights: Floats, *, ties: Ties, weighted: bool, where: str
) -> SubdistributionSets:
    """Prepare the risk sets of m people with positive weights.

    Parameters
    ----------
    people : FollowUp
        Its event is that of any cause; its strata are those of baseline hazards.
    main : bool array (m,)
        An event of the cause in question.
    group : int array (m,), optional
        Codes 0..S-1 of who shares the curves, within strata; all if not given.
    weights : array (m,)
    ties : {"efron", "breslow"}
    weighted : bool
        The curves are weighted, and estimated.

    Raises
    ------
    FitError
        Late entry leaves times with nobody under observation between a competing event and a later entry.
    """
    slots = risk_slots(
        people.exit, main, weights, entry=people.entry, stratum=people.stratum, offset=people.offset, ties=ties
    )
    codes, entry = order_codes(people.exit, ~people.event, people.entry)
    curve = censoring_curve(codes, ~people.event, group, weights, weighted, entry)
    entries = None if entry is None else entry_curve(codes, entry, group, weights, weighted)
    competing = np.flatnonzero(people.event & ~main)
    of_slot = np.full(slots.size, -1.0)
    of_slot[slots.exit[slots.dead]] = codes[slots.dead]
    growth, own = curve.before(of_slot), curve.own[competing]
    if entries is not None:
        growth, own = growth * entries.before(of_slot), own * entries.own[competing]
    _check_observed(own, people.exit[competing], where)
    of_group, stratum = _nested(group, people.stratum, len(growth))
    return SubdistributionSets(
        slots=slots, competing=competing, group=of_group[competing] if group is not None else np.zeros_like(competing),
        stratum=stratum, inverse=1.0 / own, growth=growth * (stratum[:, np.newaxis] == slots.stratum),
        codes=of_slot, curve=curve, entries=entries,
    )  # fmt: skip


def _nested(group: Indices | None, stratum: Indices | None, n_groups: int) -> tuple[Indices, Indices]:
    """Return the group of each person, and the stratum of each group."""
    of_stratum = np.zeros(n_groups, dtype=np.intp)
    if group is None:
        return np.zeros(0, dtype=np.intp), of_stratum
    if stratum is not None:
        of_stratum[group] = stratum
    return group, of_stratum


def _check_observed(own: Floats, exits: Floats, where: str) -> None:
    if not (own > 0.0).all():
        first = float(exits[~(own > 0.0)].min())
        raise FitError(
            f"{where} carries people along after an event of another cause by how many come under observation and "
            f"leave it, and at {first:g} these curves are 0: with late entry there are times, before or after it, with "
            "nobody else under observation. Restrict the domain to times with more people, or take fewer groups "
            "(censoring_by=None, no strata)"
        )


def _sums(cell: npt.NDArray[np.integer], cells: int, weights: Floats, rows: Floats) -> Floats:
    """Return the weighted sums of rows (c, q) by cell, (cells, q); c may be 0."""
    # An indicator matrix (cell by row) in compressed columns is the cells themselves: nothing is sorted.
    indicator = sparse.csc_matrix((weights, cell, np.arange(len(cell) + 1)), shape=(cells, len(cell)))
    return np.asarray(indicator @ rows)
