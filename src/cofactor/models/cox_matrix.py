"""The matrix of a Cox fit: a column of ones, and columns less their centre, which are copied once or not at all.

The ones make sums of r and of r x one product. Centring keeps the digits of the information, which is a difference of
sums of squares: uncentred, its relative error grows with the square of mean over standard deviation. numpy reads
centred rows, since centring blocks anew in each reading takes longer: a copy of somebody's columns, or a formula's own
matrix, centred where it stands. The compiled kernel centres as it reads.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from cofactor.models.cox_times import blocks

Floats = npt.NDArray[np.float64]

BLOCK = 1024


@dataclass(frozen=True, eq=False)
class CentredMatrix:
    """Rows [1, x - centre] of n people, (n, p + 1), and the centre (p,)."""

    rows: Floats
    centre: Floats

    def __len__(self) -> int:
        return len(self.rows)

    def block(self, rows: slice | npt.NDArray[np.intp] | npt.NDArray[np.bool_]) -> Floats:
        """Return some of the rows."""
        return self.rows[rows]


@dataclass(frozen=True, eq=False)
class StreamedMatrix:
    """Columns x (n, p) of n people as they are, in rows or in columns, and the centre (p,); nothing is copied."""

    values: Floats
    centre: Floats

    def __len__(self) -> int:
        return len(self.values)

    def block(self, rows: slice | npt.NDArray[np.intp] | npt.NDArray[np.bool_]) -> Floats:
        """Return some of the rows as [1, x - centre]."""
        return centred(self.values[rows], self.centre).rows


CoxMatrix = CentredMatrix | StreamedMatrix


def weighted_centre(values: Floats, weights: Floats) -> Floats:
    """Return the weighted means (p,) of columns (n, p)."""
    return np.asarray(weights @ values / weights.sum())


def centred_in_place(rows: Floats, weights: Floats) -> CentredMatrix:
    """Return rows [1, x] (n, p + 1), which nobody else needs, as the centred matrix: nothing is copied."""
    centre = weighted_centre(rows[:, 1:], weights)
    rows[:, 1:] -= centre
    return CentredMatrix(rows, centre)


def centred(values: Floats, centre: Floats) -> CentredMatrix:
    """Return the centred matrix of columns (n, p): one copy, made in blocks since the columns may lie one by one."""
    rows = np.empty((values.shape[0], values.shape[1] + 1))
    for block in blocks(len(values), BLOCK):
        rows[block, 0] = 1.0
        rows[block, 1:] = values[block]
        rows[block, 1:] -= centre
    return CentredMatrix(rows, np.asarray(centre))
