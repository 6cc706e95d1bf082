"""Raw columns into values: pure functions on arrays."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from cofactor.cohort.measured import Number, Recode, Source
from cofactor.errors import FileError

Floats = NDArray[np.float64]


def recode_numbers(raw: Floats, recode: Recode, where: str) -> Floats:
    """Return a number or months column: missing codes become NaN, classes their value, the top its cap.

    Raises
    ------
    FileError
        A class that the catalogue gives no value; `where` names the column and file.
    """
    values = np.array(raw, dtype=float)
    if recode.missing:
        values[_among(values, recode.missing)] = np.nan
    if recode.values:
        values = _mapped(values, recode.values, where)
    if recode.top is not None:
        values = np.minimum(values, recode.top)
    if recode.zero is not None:
        values[values == 0] = recode.zero
    return values if recode.scale == 1.0 else values * recode.scale


def recode_outcomes(raw: Floats, recode: Recode, where: str) -> NDArray[np.int8]:
    """Return, for each row, the number of its level (flags: 0 no, 1 yes), and -1 where missing.

    Raises
    ------
    FileError
        A code that the catalogue neither gives a level nor calls missing; `where` names the column and file.
    """
    codes = np.full(len(raw), -1, dtype=np.int8)
    settled = np.isnan(raw) | _among(raw, recode.missing)
    for number, (_, spans) in enumerate(recode.outcomes):
        rows = _among(raw, spans)
        codes[rows] = number
        settled |= rows
    _refuse_strange(raw[~settled], where)
    return codes


def collapse_rows(frame: pd.DataFrame, source: Source) -> pd.Series:
    """Return one value a person of a file with several rows a person, indexed by SEQN.

    "sum of products": the sum over rows of the product of the columns; a missing part makes the sum missing.
    "any missing": 1 where any column of any row is missing (or holds a missing code), else 0.
    """
    columns = frame[list(source.columns)].to_numpy(dtype=float)
    columns = np.where(_among(columns, source.recode.missing), np.nan, columns)
    if source.rows == "sum of products":
        rows = pd.Series(columns.prod(axis=1), index=frame["SEQN"])
        return rows.groupby(level=0).sum(skipna=False)
    rows = pd.Series(np.isnan(columns).any(axis=1).astype(float), index=frame["SEQN"])
    return rows.groupby(level=0).max()


def _among(values: Floats, spans: tuple[Number, ...]) -> NDArray[np.bool_]:
    found = np.zeros(values.shape, dtype=bool)
    for low, high in spans:
        found |= (values >= low) & (values <= high)
    return found


def _mapped(values: Floats, pairs: tuple[tuple[float, float], ...], where: str) -> Floats:
    mapped = np.full(len(values), np.nan)
    for code, value in pairs:
        mapped[values == code] = value
    _refuse_strange(values[np.isnan(mapped) & ~np.isnan(values)], where)
    return mapped


def _refuse_strange(strange: Floats, where: str) -> None:
    if not len(strange):
        return
    codes, counts = np.unique(strange, return_counts=True)
    shown = ", ".join(f"{code:g} ({count} rows)" for code, count in zip(codes[:5], counts[:5], strict=True))
    raise FileError(
        f"{where} holds codes that the catalogue does not know: {shown}; "
        "is it the right file? Else add them to the catalogue's entry"
    )
