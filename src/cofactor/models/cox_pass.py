"""One reading of the matrix at given coefficients: sums by slot, Gram matrix, and scores, in blocks of rows.

A block and what is made of it stay in the processor's cache; nothing of n rows by p columns is made.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt
from scipy import sparse

from cofactor.models import cox_compiled
from cofactor.models.cox_compiled import compiled_wanted
from cofactor.models.cox_matrix import CoxMatrix
from cofactor.models.cox_slots import RiskSlots
from cofactor.models.cox_sums import Hazards
from cofactor.models.cox_times import blocks

Floats = npt.NDArray[np.float64]
Codes = npt.NDArray[np.integer]

BLOCK = 2048
WIDE = 4  # rows a group in the blocks that are added to the groups: each of them costs a table of all groups


class Grouping:
    """Adds rows of blocks up by group: a sparse matrix whose columns are the rows and hold their one or two targets."""

    def __init__(self, targets: Codes, groups: int, n: int) -> None:
        self._targets = np.ascontiguousarray(targets, dtype=np.int32).reshape(n, -1)
        self._groups = groups
        self._matrix: sparse.csc_matrix | None = None

    def sums(self, rows: slice, weights: Floats, block: Floats) -> Floats:
        """Return the weighted sums (groups, q) of a block (m, q) of these rows."""
        m, per = len(block), self._targets.shape[1]
        data = weights if per == 1 else np.repeat(weights, per)
        indices = self._targets[rows].ravel()
        if self._matrix is None or self._matrix.shape[1] != m:
            indptr = np.arange(0, per * m + 1, per, dtype=np.int32)
            self._matrix = sparse.csc_matrix((data, indices, indptr), shape=(self._groups, m))
        else:  # the structure is known to be right: scipy would check it anew for every block
            self._matrix.data, self._matrix.indices = data, indices
        return np.asarray(self._matrix @ block)


def gather(matrix: CoxMatrix, slots: RiskSlots, b: Floats, a_of: Floats, b_of: Floats) -> tuple[Floats, Floats]:
    """Read the matrix once at the coefficients b.

    Parameters
    ----------
    matrix : CoxMatrix
        n rows [1, x], p columns x.
    b : array (p,)
    a_of, b_of : arrays (T,)
        Increments of the hazard (`Hazards.a`, `.b`, or predicted) that weight the Gram matrix.

    Returns
    -------
    sums : array (2 T, p + 1), or (3 T, p + 1) with entries
        Of r [1, x] by exit slot of the living, of the dead, and by entry slot.
    gram : array (p, p)
        Sum over people of c x x', with c = r times their cumulative hazard.
    """
    n, q = len(matrix), len(b) + 1
    if compiled_wanted(n):
        return cox_compiled.gather(matrix, slots, b, a_of, b_of)
    by_group, at_entry = exposure_tables(slots, slots.cumulated(a_of), b_of)
    groups = (2 if slots.entry is None else 3) * slots.size
    grouping = Grouping(slots.targets, groups, n)
    sums, gram = np.zeros((groups, q)), np.zeros((q, q))
    coefficients = np.insert(b, 0, 0.0)
    room, share = np.empty((min(BLOCK, n), q)), np.empty(n if n < BLOCK else max(BLOCK, WIDE * groups))
    for wide in blocks(n, len(share)):
        many = matrix.block(wide)
        for inner in blocks(len(many), BLOCK):
            z, rows = many[inner], slice(wide.start + inner.start, wide.start + inner.stop)
            r = np.exp(z @ coefficients)
            r *= slots.exposure[rows]
            share[inner] = r
            r *= exposure(slots, rows, by_group, at_entry)
            gram += np.multiply(z, r[:, np.newaxis], out=room[: len(z)]).T @ z
        sums += grouping.sums(wide, share[: len(many)], many)
    return sums, gram[1:, 1:]


def exposure_tables(slots: RiskSlots, cumulated: Floats, b: Floats) -> tuple[Floats, Floats | None]:
    """Return the cumulative hazard by group, less Efron's correction for the dead, and by entry slot."""
    return np.concatenate([cumulated, cumulated - b]), None if slots.entry is None else cumulated


def exposure(slots: RiskSlots, rows: slice, by_group: Floats, at_entry: Floats | None) -> Floats:
    """Return the cumulative hazard, at r = 1, that each of the rows was under."""
    made = by_group.take(slots.group[rows])
    if at_entry is not None and slots.entry is not None:
        made -= at_entry.take(slots.entry[rows])
    return made


def scores(matrix: CoxMatrix, slots: RiskSlots, b: Floats, at: Hazards) -> Iterator[Floats]:
    r"""Yield the weighted score residuals (m, p) of block after block of rows; their sum is 0 at the maximum.

    With :math:`M_i = d_i w_i - r_i H_i` the weighted martingale residual, row i has
    :math:`M_i x_i + r_i \sum_{k\text{ at risk}} x_{A,k} - d_i (r_i x_{B,k} + w_i x_{D,k})`, the last at its own exit:
    the derivative of the score in log w_i, for Efron's ties as well. Binder DA (1992), doi:10.1093/biomet/79.1.139.
    """
    by_group, at_entry = exposure_tables(slots, at.cumulated, at.b)
    drift = np.concatenate([at.cumulated_xa, at.cumulated_xa - at.xb])
    for rows in blocks(len(matrix), BLOCK):
        z = matrix.block(rows)[:, 1:]
        r = np.exp(z @ b)
        r *= slots.exposure[rows]
        score = drift.take(slots.group[rows], axis=0)
        if slots.entry is not None:
            score -= at.cumulated_xa.take(slots.entry[rows], axis=0)
        score *= r[:, np.newaxis]
        dead = np.flatnonzero(slots.dead[rows])
        martingale = -r * exposure(slots, rows, by_group, at_entry)
        weight = slots.weights[rows][dead]
        martingale[dead] += weight
        score += z * martingale[:, np.newaxis]
        score[dead] -= weight[:, np.newaxis] * at.xd[slots.exit[rows][dead]]
        yield score


def psu_scores(blocks_of_scores: Iterator[Floats], psu_index: Codes, n_psu: int) -> Floats:
    """Return the sums of scores by PSU, (G, p); psu_index (n,)."""
    grouping = Grouping(psu_index, n_psu, len(psu_index))
    start, total = 0, None
    for block in blocks_of_scores:
        rows = slice(start, start + len(block))
        added = grouping.sums(rows, np.ones(len(block)), block)
        total = added if total is None else np.add(total, added, out=total)
        start = rows.stop
    assert total is not None
    return total


def psu_totals(matrix: CoxMatrix, slots: RiskSlots, b: Floats, at: Hazards, psu_index: Codes, n_psu: int) -> Floats:
    """Return the sums by PSU (G, p) of what `scores` yields, without holding it; psu_index (n,)."""
    if compiled_wanted(len(matrix)):
        return cox_compiled.psu_scores(matrix, slots, b, at, psu_index, n_psu)
    return psu_scores(scores(matrix, slots, b, at), psu_index, n_psu)
