"""Imputed values of a design's covariates, and the designs that hold them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
import pandas as pd

if TYPE_CHECKING:
    from cofactor.survey.design import SurveyDesign

Floats = npt.NDArray[np.float64]
Indices = npt.NDArray[np.intp]


@dataclass(frozen=True, eq=False)
class Imputed:
    """The imputed values of one variable: `rows` (r,) of the data, and `values` (m, r), codes for a category."""

    rows: Indices
    values: Floats


@dataclass(frozen=True, eq=False)
class Imputations:
    """A design and m sets of values for what its covariates lack."""

    design: SurveyDesign
    imputed: Mapping[str, Imputed]
    m: int
    notes: tuple[str, ...] = ()

    def designs(self) -> Iterator[SurveyDesign]:
        """Yield the design with each set of imputed values in its data."""
        for number in range(self.m):
            yield replace(self.design, data=self.data(number))

    def data(self, number: int) -> pd.DataFrame:
        """Return the data with imputed values number 0 .. m - 1."""
        data = self.design.data
        filled: dict[str, Any] = {}
        for name, found in self.imputed.items():
            column = data[name].copy()
            column.iloc[found.rows] = _typed(column, found.values[number])
            filled[name] = column
        return data.assign(**filled)


def _typed(column: pd.Series[Any], values: Floats) -> Any:
    """Return imputed values as the column has them: levels for codes, True and False for a flag."""
    if isinstance(column.dtype, pd.CategoricalDtype):
        return pd.Categorical.from_codes(values.astype(int), dtype=column.dtype)
    if pd.api.types.is_bool_dtype(column.dtype):
        return pd.array(values == 1.0, dtype="boolean")
    return values
