"""Times as integers in their order, so that who is at risk when is a matter of looking up.

Whole and half months are integers already when doubled; any other times are ranked by search among the event times.
Times are read in blocks, whose intermediate arrays stay in the processor's cache: of many people nothing is held but
the result.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Mask = npt.NDArray[np.bool_]
Keys = npt.NDArray[np.int64]

LARGEST_TABLE = 4_000_000  # cells of a look-up table by stratum and time; beyond it a binary search takes its place
BLOCK = 16_384


@dataclass(frozen=True)
class HalfMonths:
    """Times that are whole when doubled: the code of a time is its double less that of the earliest."""

    low: int
    width: int

    def codes(self, times: Floats) -> Keys:
        """Return the codes 0..width-1 of times."""
        made: Keys = (2.0 * times).astype(np.int64)
        made -= self.low
        return made

    @property
    def times(self) -> Floats:
        """The time of each code, (width,)."""
        return np.asarray((np.arange(self.width) + self.low) / 2.0)


@dataclass(frozen=True, eq=False)
class Ranks:
    """Any times: the code of a time is the number of distinct event times up to it."""

    distinct: Floats

    @property
    def width(self) -> int:
        """How many codes there are."""
        return len(self.distinct) + 1

    def codes(self, times: Floats) -> Keys:
        """Return the codes 0..width-1 of times."""
        return np.searchsorted(self.distinct, times, side="right")

    @property
    def times(self) -> Floats:
        """The event time of each code, (width,); missing for the first, which is before all events."""
        return np.append(np.nan, self.distinct)


Clock = HalfMonths | Ranks


def clock_of(time: Floats, entry: Floats | None, dead: Mask) -> Clock:
    """Return the clock of exits and entries (n,)."""
    bounds = [_doubled_range(times) for times in (time, entry) if times is not None]
    known = [one for one in bounds if one is not None]
    if len(known) == len(bounds):
        low, high = min(one[0] for one in known), known[0][1]
        # Entries are before their exits, so a later one is an error of the data that the callers have found already.
        if high - low < LARGEST_TABLE and all(one[1] <= high for one in known):
            return HalfMonths(low, high - low + 1)
    return Ranks(np.unique(time[dead]))


def _doubled_range(times: Floats) -> tuple[int, int] | None:
    """Return the least and the greatest double of times, or None if one is not whole (or there are none)."""
    low, high = 2**31, -(2**31)
    for rows in blocks(len(times), BLOCK):
        doubled = 2.0 * times[rows]
        if not np.abs(doubled).max() < 2**31:
            return None
        whole = doubled.astype(np.int64)
        if not np.array_equal(whole, doubled):
            return None
        low, high = min(low, int(whole.min())), max(high, int(whole.max()))
    return (low, high) if len(times) else None


def blocks(n: int, size: int) -> Iterator[slice]:
    """Yield slices of at most `size` rows that cover n rows."""
    for start in range(0, n, size):
        yield slice(start, min(start + size, n))
