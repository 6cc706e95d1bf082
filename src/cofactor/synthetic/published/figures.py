"""What CDC published of a column: how often each code stands in it, and the mean of its numbers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from cofactor.loaders.codes import CodeCount, published_codes
from cofactor.loaders.fingerprint import ColumnFingerprint
from cofactor.loaders.manifest import load_manifest

MOST_DECIMALS = 3

UNCOUNTED = (("ALB_CR_G.xpt", "URXUMA"), ("ALB_CR_G.xpt", "URXUCR"))
"""Columns whose codebook page gives no counts: their numbers lie between the smallest and the largest of the file."""


@dataclass(frozen=True)
class Figures:
    """What is published of one column of numbers.

    Attributes
    ----------
    column : str
    missing : float
        Share of the file's rows.
    values : tuple of (value, rows)
        The codes.
    low, high, mean : float
        Of the numbers that are no code. rows : how many they are. decimals : with how many they are written.
    total : float
        Sum of all values.
    """

    column: str
    missing: float
    values: tuple[tuple[float, int], ...]
    low: float
    high: float
    mean: float
    rows: int
    decimals: int
    total: float


def figures_of(file: str) -> Mapping[str, Figures]:
    """Return what is published of the columns of `file` that the catalogue reads, but its texts."""
    return _all_figures().get(file, {})


@cache
def _all_figures() -> Mapping[str, Mapping[str, Figures]]:
    prints = load_manifest().fingerprints
    by_file: dict[str, dict[str, Figures]] = {}
    for (file, column), lines in (dict.fromkeys(UNCOUNTED, ()) | dict(published_codes())).items():
        known = next((one for one in prints.get(file, ()) if one.column == column), None)
        if known is not None and known.type != "text":
            by_file.setdefault(file, {})[column] = _figures(known, lines or (_range_of(known),))
    return by_file


def _range_of(known: ColumnFingerprint) -> CodeCount:
    return CodeCount("range", known.minimum, known.maximum, "", known.present)


def _figures(known: ColumnFingerprint, lines: Sequence[CodeCount]) -> Figures:
    codes = tuple((float(line.low or 0.0), line.count) for line in lines if line.kind == "code" and line.count)
    ranges = [line for line in lines if line.kind == "range" and line.count]
    rows, total = sum(line.count for line in ranges), known.sum or 0.0
    low = min((line.low for line in ranges if line.low is not None), default=0.0)
    high = max((line.high for line in ranges if line.high is not None), default=0.0)
    mean = (total - sum(value * count for value, count in codes)) / rows if rows else 0.0
    decimals = 0 if total.is_integer() else max(1, _decimals(low), _decimals(high))
    missing = known.missing / max(known.present + known.missing, 1)
    return Figures(known.column, missing, codes, low, high, min(max(mean, low), high), rows, decimals, total)


def _decimals(value: float) -> int:
    """How many decimals a number is written with, three at most.

    >>> _decimals(14.25), _decimals(3.0)
    (2, 0)
    """
    return next((n for n in range(MOST_DECIMALS) if round(value, n) == value), MOST_DECIMALS)
