"""Which rows an estimate is about: the domain, or each group of it that by-variables make."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np
import numpy.typing as npt
import pandas as pd

from cofactor.errors import DesignError, UnknownVariableError

if TYPE_CHECKING:
    from cofactor.survey.design import SurveyDesign

Floats = npt.NDArray[np.float64]
Indices = npt.NDArray[np.intp]
By: TypeAlias = str | Sequence[str] | None


@dataclass(frozen=True, eq=False)
class Groups:
    """The groups of the domain, in the order of the levels.

    codes : (n,) group of each row, -1 outside the domain or where a by-variable is missing.
    labels : DataFrame (K rows), a column for each by-variable.
    notes : who is in no group.
    """

    codes: Indices
    labels: pd.DataFrame
    notes: tuple[str, ...] = ()

    def __len__(self) -> int:
        """Return how many groups there are, K."""
        return len(self.labels)

    def name(self, group: int) -> str:
        """Return a group in words; nothing if the domain is the only one."""
        return ", ".join(f"{name} = {level}" for name, level in self.labels.iloc[group].items())


def groups_of(design: SurveyDesign, by: By) -> Groups:
    """Return the groups within the domain that hold anybody; without `by`, the domain as the only one.

    Raises
    ------
    UnknownVariableError
        A by-variable that the data do not have.
    DesignError
        A by-variable that is a number with fractions, or missing for everyone.
    """
    names = () if by is None else (by,) if isinstance(by, str) else tuple(by)
    coded = [(name, *level_codes(design, name, "by")) for name in names]
    inside = design.in_domain.copy()
    combined = np.zeros(len(inside), dtype=np.intp)
    notes = []
    for name, codes, levels in coded:
        missing = int((design.in_domain & (codes < 0)).sum())
        if missing:
            notes.append(f"{name} is missing for {missing:,} rows of the domain: they are in no group")
        inside &= codes >= 0
        combined = combined * max(len(levels), 1) + codes
    if not inside.any():
        raise DesignError(f"{' and '.join(names)} is missing for everyone in the domain: there are no groups")
    present, found = np.unique(combined[inside], return_inverse=True)
    groups = np.full(len(inside), -1, dtype=np.intp)
    groups[inside] = found
    return Groups(groups, _labels(coded, present), tuple(notes))


def _labels(coded: Sequence[tuple[str, Indices, pd.Index[Any]]], present: Indices) -> pd.DataFrame:
    columns: dict[str, Any] = {}
    rest = present
    for name, _, levels in reversed(coded):
        columns[name] = levels.take(rest % len(levels))
        rest = rest // len(levels)
    return pd.DataFrame({name: columns[name] for name, _, _ in coded}, index=range(len(present)))


def level_codes(design: SurveyDesign, name: str, role: str) -> tuple[Indices, pd.Index[Any]]:
    """Return the level of each row (-1 where missing) and the levels in order: of a category, flag, text or integer.

    The levels are categorical, boolean, or as the column; those of text and integers are sorted.
    """
    column = column_of(design, name)
    if isinstance(column.dtype, pd.CategoricalDtype):
        levels: pd.Index[Any] = pd.CategoricalIndex(column.dtype.categories, dtype=column.dtype)
        return column.cat.codes.to_numpy().astype(np.intp), levels
    if pd.api.types.is_bool_dtype(column.dtype):
        values = column.to_numpy(np.float64, na_value=np.nan)
        return np.where(np.isnan(values), -1, np.nan_to_num(values)).astype(np.intp), pd.Index([False, True])
    if pd.api.types.is_float_dtype(column.dtype) and not (column.dropna() % 1 == 0).all():
        raise DesignError(f"{role}: {name!r} is a number with fractions; cut it into groups first, as with pandas.cut")
    codes, found = pd.factorize(column, sort=True)
    return codes.astype(np.intp), pd.Index(found)


def column_of(design: SurveyDesign, name: str) -> pd.Series[Any]:
    """Return a column of the data, or raise UnknownVariableError with near names."""
    if name not in design.data.columns:
        raise UnknownVariableError.suggest(name, map(str, design.data.columns), "the data of the design")
    return design.data[name]


def number_of(design: SurveyDesign, name: str) -> Floats:
    """Return a number, or a flag as 0 and 1, as float64 (n,) with NaN where missing.

    Raises DesignError for a category or text, or for infinite values in the domain.
    """
    column = column_of(design, name)
    if not pd.api.types.is_numeric_dtype(column.dtype):  # pandas counts flags as numbers
        raise DesignError(f"{name!r} is no number but {column.dtype}; weighted_proportion takes categories")
    values = column.to_numpy(np.float64, na_value=np.nan)
    if np.isinf(values[design.in_domain]).any():
        raise DesignError(f"{name!r} has infinite values in the domain; make them missing or mend them")
    return values
