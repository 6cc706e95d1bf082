"""What a column holds, in a few figures: the same content in another container has the same fingerprint.

Container and content differ: a file written anew from the same values has other bytes (widths of text columns, dates in
the header, the last bit of a number that went through decimals), and is as good. A hash of values would not agree
then; sums do, within a tolerance.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import pandas as pd

TOLERANCE = 1e-9
"""Relative to the sum of absolute values. Fifteen decimal digits are good to 5e-15; one changed code among 10,000 rows
moves it by 1e-5 or more."""

_GOLDEN = 0.6180339887498949

Kind = Literal["number", "text", "empty"]


@dataclass(frozen=True)
class ColumnFingerprint:
    """What one column holds.

    Attributes
    ----------
    column : str
        Its name.
    type : {"number", "text", "empty"}
        "empty" where no value is present: the container alone decides then what it would be.
    present, missing : int
        Values present and missing; a blank text is missing.
    sum, minimum, maximum, absolute_sum : float or None
        Of the values present. For text, `sum` and `absolute_sum` are of each value's rank among the sorted distinct
        values (0, 1, ...), and there is no minimum and maximum. None where nothing is present.
    position_sum : float or None
        Sum of the values (or ranks), each times the weight of its row, the fractional part of (row + 1) * 0.618...:
        neighbours weigh differently by 0.38 or 0.62, so values that change places change it.
    text_hash : str
        SHA-256 over the sorted distinct texts with their counts, blanks at the end off, in UTF-8; "" for numbers.
    """

    column: str
    type: Kind
    present: int
    missing: int
    sum: float | None
    minimum: float | None
    maximum: float | None
    position_sum: float | None
    absolute_sum: float | None
    text_hash: str


@dataclass(frozen=True)
class Difference:
    """One figure of one column that is not as expected; "absent" where a column is missing or unexpected."""

    column: str
    figure: str
    found: str
    expected: str

    def __str__(self) -> str:
        return f"{self.column} {self.figure}: found {self.found}, expected {self.expected}"


def position_weights(rows: int) -> np.ndarray[Any, np.dtype[np.float64]]:
    """Return the weight of each row, shape (rows,), in [0, 1).

    >>> position_weights(3).round(4).tolist()
    [0.618, 0.2361, 0.8541]
    """
    return np.mod(np.arange(1, rows + 1, dtype=np.float64) * _GOLDEN, 1.0)


def _of_nothing(column: str, rows: int) -> ColumnFingerprint:
    return ColumnFingerprint(column, "empty", 0, rows, None, None, None, None, None, "")


def _of_numbers(column: str, values: np.ndarray[Any, Any], weights: np.ndarray[Any, Any]) -> ColumnFingerprint:
    is_present = ~np.isnan(values)
    present = int(is_present.sum())
    if present == 0:
        return _of_nothing(column, len(values))
    if present < len(values):
        values, weights = values[is_present], weights[is_present]
    low, high, total = float(values.min()), float(values.max()), float(values.sum())
    absolute = total if low >= 0 else float(np.abs(values).sum())
    # Not values @ weights: the last bit of that depends on how many threads BLAS has.
    position = float((values * weights).sum())
    return ColumnFingerprint(
        column, "number", present, len(is_present) - present, total, low, high, position, absolute, ""
    )


def _of_text(column: str, values: pd.Series, weights: np.ndarray[Any, Any]) -> ColumnFingerprint:
    stripped = values.astype("str").str.rstrip()
    stripped = stripped.where(stripped != "")
    is_present = stripped.notna().to_numpy()
    if not is_present.any():
        return _of_nothing(column, len(values))
    # Sorted as UTF-8, so that no locale and no version of Unicode has a say.
    encoded = np.array([text.encode("utf-8") for text in stripped[is_present]], dtype=object)
    distinct, ranks, counts = np.unique(encoded, return_inverse=True, return_counts=True)
    told = b"\x00".join(text + b"\x00" + str(count).encode() for text, count in zip(distinct, counts, strict=True))
    total = float(ranks.sum())
    return ColumnFingerprint(
        column,
        "text",
        int(is_present.sum()),
        int((~is_present).sum()),
        total,
        None,
        None,
        float((ranks * weights[is_present]).sum()),
        total,
        hashlib.sha256(told).hexdigest(),
    )


def fingerprint(frame: pd.DataFrame) -> tuple[ColumnFingerprint, ...]:
    """Return the fingerprint of each column of `frame`, in its order.

    Parameters
    ----------
    frame : DataFrame
        Shape (rows, columns), as `read_transport` or `read_mortality` give it.

    Examples
    --------
    >>> import pandas as pd
    >>> [first] = fingerprint(pd.DataFrame({"AGE": [2.0, None, 80.0]}))
    >>> first.present, first.missing, first.sum, first.maximum
    (2, 1, 82.0, 80.0)
    """
    weights = position_weights(len(frame))
    return tuple(
        _of_numbers(str(name), values.to_numpy(dtype=np.float64), weights)
        if pd.api.types.is_numeric_dtype(values.dtype)
        else _of_text(str(name), values, weights)
        for name, values in frame.items()
    )


def _shown(value: float | str | None) -> str:
    if value is None or value == "":
        return "none"
    return value if isinstance(value, str) else f"{value:.15g}"


def _figures(found: ColumnFingerprint, expected: ColumnFingerprint) -> Iterable[tuple[str, float]]:
    """Yield the figures to compare, each with the difference that is allowed."""
    by_sum = TOLERANCE * (expected.absolute_sum or 0.0)
    largest = max(abs(expected.minimum or 0.0), abs(expected.maximum or 0.0))
    yield from (("present", 0.0), ("missing", 0.0), ("sum", by_sum), ("absolute_sum", by_sum))
    yield from (("position_sum", by_sum), ("minimum", TOLERANCE * largest), ("maximum", TOLERANCE * largest))


def _column_differences(found: ColumnFingerprint, expected: ColumnFingerprint) -> list[Difference]:
    if found.type != expected.type:
        return [Difference(expected.column, "type", found.type, expected.type)]
    result = []
    for figure, allowed in _figures(found, expected):
        a, b = getattr(found, figure), getattr(expected, figure)
        # Written so that NaN differs from everything.
        if a != b and (a is None or b is None or not abs(a - b) <= allowed):
            result.append(Difference(expected.column, figure.replace("_", " "), _shown(a), _shown(b)))
    if found.text_hash != expected.text_hash:
        result.append(Difference(expected.column, "texts", found.text_hash[:12], expected.text_hash[:12]))
    return result


def differences(found: Sequence[ColumnFingerprint], expected: Sequence[ColumnFingerprint]) -> list[Difference]:
    """Return what differs between two fingerprints of a file; an empty list where the content is the same.

    Sums are compared with a tolerance of 1e-9 relative to the expected sum of absolute values, minimum and maximum
    relative to the greater of the two, counts and texts exactly. The order of the columns does not matter.
    """
    by_name: Mapping[str, ColumnFingerprint] = {one.column: one for one in found}
    known = {one.column for one in expected}
    result: list[Difference] = []
    for one in expected:
        if one.column in by_name:
            result.extend(_column_differences(by_name[one.column], one))
        else:
            result.append(Difference(one.column, "column", "absent", "present"))
    result.extend(Difference(one.column, "column", "present", "absent") for one in found if one.column not in known)
    return result
