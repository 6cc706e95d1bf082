"""What a part of a condition can stand for: truth of three values, numbers, labels, a constant."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt
import pandas as pd

Mask = npt.NDArray[np.bool_]
Floats = npt.NDArray[np.float64]
Compare: TypeAlias = Callable[[Any, Any], Any]


@dataclass(frozen=True, eq=False)
class Truth:
    """Where a condition is true and where it is false; elsewhere it is unknown."""

    true: Mask
    false: Mask


@dataclass(frozen=True, eq=False)
class Numbers:
    """Numbers with NaN where missing."""

    values: npt.NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Labels:
    """A category or text: a code a row (-1 missing), and the levels that the codes count."""

    name: str
    codes: npt.NDArray[np.intp]
    levels: tuple[Any, ...]
    ordered: bool
    closed: bool  # the levels are all that there can be: naming another one is a mistake


@dataclass(frozen=True)
class Constant:
    """One value for all rows."""

    value: bool | float | str


Value = Truth | Numbers | Labels | Constant


def joined(parts: Sequence[Truth], every: bool) -> Truth:
    """Return Kleene's conjunction (`every`) or disjunction."""
    true, false = [part.true for part in parts], [part.false for part in parts]
    if every:
        return Truth(np.logical_and.reduce(true), np.logical_or.reduce(false))
    return Truth(np.logical_or.reduce(true), np.logical_and.reduce(false))


def compared_numbers(left: Floats, compare: Compare, right: Floats) -> Truth:
    """Return where a comparison of numbers is true and false; it is unknown where either is missing."""
    known = ~(np.isnan(left) | np.isnan(right))
    true = known & compare(left, right)
    return Truth(true, known & ~true)


def known_rows(value: Value, n: int) -> Mask:
    """Return which of the n rows are known."""
    match value:
        case Truth():
            return value.true | value.false
        case Numbers():
            return ~np.isnan(value.values)
        case Labels():
            return value.codes >= 0
    return np.ones(n, dtype=bool)


def kind(value: Value) -> str:
    """Return in words what a value is."""
    match value:
        case Truth():
            return "a condition"
        case Numbers():
            return "a number"
        case Labels(name=name):
            return f"the category {name!r}"
    return repr(value.value)


def column_value(name: str, series: pd.Series[Any]) -> Value | None:
    """Return a column as truth, numbers or labels; None where it is neither."""
    dtype = series.dtype
    if isinstance(dtype, pd.CategoricalDtype):
        codes = series.cat.codes.to_numpy().astype(np.intp)
        return Labels(name, codes, tuple(dtype.categories), bool(dtype.ordered), closed=True)
    inferred = pd.api.types.infer_dtype(series, skipna=True) if pd.api.types.is_object_dtype(dtype) else ""
    if pd.api.types.is_bool_dtype(dtype) or inferred == "boolean":
        flags = series.astype("boolean")
        return Truth(flags.to_numpy(bool, na_value=False), (~flags).to_numpy(bool, na_value=False))
    if pd.api.types.is_numeric_dtype(dtype) and not pd.api.types.is_complex_dtype(dtype):
        return Numbers(series.to_numpy(np.float64, na_value=np.nan))
    if isinstance(dtype, pd.StringDtype) or inferred in ("string", "empty"):
        codes, levels = pd.factorize(series)
        return Labels(name, codes.astype(np.intp), tuple(levels), ordered=False, closed=False)
    return None
