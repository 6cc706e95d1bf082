"""Hold a raw column against CDC's counts of its codes: a pure comparison."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from cofactor.loaders.codes import CodeCount

Mask = NDArray[np.bool_]

_EDGE = 1e-6
"""Relative: the pages print the ends of ranges with fewer digits than the files hold."""

_SHOWN = 5
"""Values that no line of the page has: so many are named, the rest is counted together."""


@dataclass(frozen=True)
class CountDifference:
    """A code that stands in a file otherwise than the codebook says.

    Attributes
    ----------
    code : str
        In words: a number, a range, a text, or "missing".
    published : int or None
        Rows by the codebook; None where the page does not have the value at all.
    found : int
        Rows of the file.
    """

    code: str
    published: int | None
    found: int


def count_differences(column: pd.Series, lines: Sequence[CodeCount]) -> tuple[CountDifference, ...]:
    """Return what differs between a raw column and its lines of the codebook; nothing where all counts agree.

    A value belongs to its code; else to a range that it lies in; else, a text, to "other text"; else the page does not
    have it.

    Parameters
    ----------
    column : Series of float or str, (rows of the file,)
    lines : sequence of CodeCount
        As `published_codes` gives them.

    Examples
    --------
    >>> lines = [CodeCount("code", 1, 1, "", 2), CodeCount("missing", None, None, "", 0)]
    >>> count_differences(pd.Series([1.0, 1.0, None]), lines)
    (CountDifference(code='missing', published=0, found=1),)
    """
    missing = column.isna().to_numpy()
    settled = missing.copy()
    differences = []
    if missing.any() and not any(line.kind == "missing" for line in lines):
        differences.append(CountDifference("missing", None, int(missing.sum())))
    for line in sorted(lines, key=_turn):
        rows = missing if line.kind == "missing" else _rows_of(column, line) & ~settled
        settled |= rows
        if (found := int(rows.sum())) != line.count:
            differences.append(CountDifference(line.words, line.count, found))
    return (*differences, *_strangers(column[~settled]))


def _turn(line: CodeCount) -> int:
    """Single codes take their rows before ranges do, ranges before any other text."""
    return ("missing", "code", "text", "range", "recorded").index(line.kind)


def _rows_of(column: pd.Series, line: CodeCount) -> Mask:
    if line.kind == "recorded":
        return np.ones(len(column), dtype=bool)
    if line.kind == "text" and column.dtype != np.float64:
        return (column == line.text).fillna(False).to_numpy(dtype=bool)
    numbers = pd.to_numeric(column, errors="coerce").to_numpy(dtype=float)
    if line.low is None or line.high is None:  # a text code of a column that this file keeps as numbers
        return np.asarray(numbers == pd.to_numeric(line.text, errors="coerce"))
    if line.kind == "code":
        return np.asarray(numbers == line.low)
    return np.asarray((numbers >= line.low - _EDGE * abs(line.low)) & (numbers <= line.high + _EDGE * abs(line.high)))


def _strangers(column: pd.Series) -> tuple[CountDifference, ...]:
    """Values that no line has, the most frequent first."""
    counts = column.value_counts()
    named = [CountDifference(_shown(value), None, int(n)) for value, n in counts.head(_SHOWN).items()]
    rest = counts.iloc[_SHOWN:]
    if len(rest):
        named.append(CountDifference(f"{len(rest)} other values", None, int(rest.sum())))
    return tuple(named)


def _shown(value: object) -> str:
    return f"{value:.10g}" if isinstance(value, float) else str(value)
