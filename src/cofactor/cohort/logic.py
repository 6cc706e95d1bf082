"""Comparisons that keep the unknown unknown: the only ones that derived variables use.

A plain ``column >= cut`` answers False for a missing value; these answer missing. Flags are of pandas' nullable
``boolean``, whose ``&``, ``|`` and ``~`` follow Kleene's three-valued logic.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping
from functools import reduce
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray


def _compared(compare: Callable[[Any, Any], Any], column: pd.Series, cut: float | pd.Series) -> pd.Series:
    left = column.to_numpy(dtype=float)
    right = cut.to_numpy(dtype=float) if isinstance(cut, pd.Series) else np.full(len(left), cut, dtype=float)
    return _flag(compare(left, right), np.isnan(left) | np.isnan(right), column.index)


def _flag(values: NDArray[np.bool_], unknown: NDArray[np.bool_], index: pd.Index) -> pd.Series:
    return pd.Series(pd.arrays.BooleanArray(values & ~unknown, unknown.copy()), index=index)


def at_least(column: pd.Series, cut: float | pd.Series) -> pd.Series:
    """Whether a number is `cut` or more; missing where either is missing.

    >>> at_least(pd.Series([6.5, 6.4, None]), 6.5).tolist()
    [True, False, <NA>]
    """
    return _compared(operator.ge, column, cut)


def below(column: pd.Series, cut: float | pd.Series) -> pd.Series:
    """Whether a number is less than `cut`; missing where either is missing."""
    return _compared(operator.lt, column, cut)


def at_most(column: pd.Series, cut: float | pd.Series) -> pd.Series:
    """Whether a number is `cut` or less; missing where either is missing."""
    return _compared(operator.le, column, cut)


def above(column: pd.Series, cut: float | pd.Series) -> pd.Series:
    """Whether a number is more than `cut`; missing where either is missing."""
    return _compared(operator.gt, column, cut)


def equals(column: pd.Series, value: float) -> pd.Series:
    """Whether a number is exactly `value`; missing where it is missing."""
    return _compared(operator.eq, column, value)


def is_level(column: pd.Series, *levels: str) -> pd.Series:
    """Whether a category is one of `levels`; missing where it is missing.

    >>> is_level(pd.Series(pd.Categorical(["male", None], categories=["male", "female"])), "male").tolist()
    [True, <NA>]
    """
    codes = column.cat.codes.to_numpy()
    wanted = [list(column.cat.categories).index(level) for level in levels]
    return _flag(np.isin(codes, wanted), codes < 0, column.index)


def known(column: pd.Series) -> pd.Series:
    """Whether a value is there; never missing."""
    return column.notna().astype("boolean")


def is_true(flag: pd.Series) -> pd.Series:
    """Whether a flag is known to be yes; never missing. For skips, where "not asked" is an answer.

    >>> is_true(pd.Series([True, False, None], dtype="boolean")).tolist()
    [True, False, False]
    """
    return flag.fillna(False)


def any_of(*flags: pd.Series) -> pd.Series:
    """One yes is yes; no needs every part to be no; else missing.

    >>> a = pd.Series([True, False, False], dtype="boolean")
    >>> b = pd.Series([None, None, False], dtype="boolean")
    >>> any_of(a, b).tolist()
    [True, <NA>, False]
    """
    return reduce(operator.or_, flags)


def all_of(*flags: pd.Series) -> pd.Series:
    """One no is no; yes needs every part to be yes; else missing."""
    return reduce(operator.and_, flags)


def pick(flag: pd.Series, yes: float | pd.Series, no: float | pd.Series) -> pd.Series:
    """Return the number `yes` where the flag is yes, `no` where it is no, and missing where it is unknown.

    >>> pick(pd.Series([True, False, None], dtype="boolean"), 1.0, 2.0).tolist()
    [1.0, 2.0, nan]
    """
    values = np.where(flag.to_numpy(dtype=bool, na_value=False), _numbers(yes, flag), _numbers(no, flag))
    return pd.Series(np.where(flag.isna(), np.nan, values), index=flag.index)


def _numbers(value: float | pd.Series, like: pd.Series) -> NDArray[np.float64]:
    return value.to_numpy(dtype=float) if isinstance(value, pd.Series) else np.full(len(like), value, dtype=float)


def first_known(*columns: pd.Series | None) -> pd.Series:
    """Return, for each person, the first number that is not missing; a column that is None has nothing to say.

    >>> first_known(pd.Series([1.0, None]), None, pd.Series([5.0, 6.0])).tolist()
    [1.0, 6.0]
    """
    present = [column for column in columns if column is not None]
    return reduce(lambda found, column: found.where(found.notna(), column), present)


def first_true(levels: Mapping[str, pd.Series]) -> pd.Series:
    """Return the level of the first flag that is yes, in the order given; missing once a flag before it is unknown.

    >>> young = pd.Series([True, False, None], dtype="boolean")
    >>> first_true({"young": young, "old": ~young}).tolist()
    ['young', 'old', nan]
    """
    flags = list(levels.values())
    codes = np.full(len(flags[0]), -1, dtype=np.int8)
    open_rows = np.ones(len(codes), dtype=bool)
    for code, flag in enumerate(flags):
        yes = flag.to_numpy(dtype=bool, na_value=False)
        codes[open_rows & yes] = code
        open_rows &= ~yes & flag.notna().to_numpy()
    return pd.Series(pd.Categorical.from_codes(codes, categories=pd.Index(list(levels))), index=flags[0].index)
