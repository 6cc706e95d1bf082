"""Averages of readings that were taken again and again: pure functions on columns of one index."""

from __future__ import annotations

import warnings
from collections.abc import Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

Readings = NDArray[np.float64]


def mean_of_known(readings: Sequence[pd.Series]) -> pd.Series:
    """Return the mean of the readings that there are; missing where there is none.

    >>> mean_of_known([pd.Series([120.0, None]), pd.Series([110.0, None])]).tolist()
    [115.0, nan]
    """
    return pd.Series(_row_means(_matrix(readings)), index=readings[0].index)


def mean_after_first(readings: Sequence[pd.Series]) -> pd.Series:
    """Return the mean of all readings but the first one obtained; the one reading where there is no other.

    >>> mean_after_first([pd.Series([140.0, None]), pd.Series([120.0, 130.0]), pd.Series([110.0, None])]).tolist()
    [115.0, 130.0]
    """
    matrix = _matrix(readings)
    later = _row_means(np.where(_first(matrix), np.nan, matrix))
    return pd.Series(np.where(np.isnan(later), _row_means(matrix), later), index=readings[0].index)


def mean_after_first_above_zero(readings: Sequence[pd.Series]) -> pd.Series:
    """Return the mean as `mean_after_first`, without zeros where any reading is above zero; 0 where none is.

    A later zero gives way to the first reading, where all the later ones are zero.

    >>> mean_after_first_above_zero([pd.Series([40.0, 0.0]), pd.Series([0.0, 0.0]), pd.Series([0.0, None])]).tolist()
    [40.0, 0.0]
    """
    matrix = _matrix(readings)
    above = np.where(matrix > 0, matrix, np.nan)
    later = _row_means(np.where(_first(matrix), np.nan, above))
    any_above = _row_means(above)
    found = np.where(np.isnan(later), any_above, later)
    return pd.Series(np.where(np.isnan(found), _row_means(matrix), found), index=readings[0].index)


def mean_above_zero(readings: Sequence[pd.Series]) -> pd.Series:
    """Return the mean of the readings above zero; missing where there is none.

    >>> mean_above_zero([pd.Series([80.0, 0.0]), pd.Series([0.0, None])]).tolist()
    [80.0, nan]
    """
    matrix = _matrix(readings)
    return pd.Series(_row_means(np.where(matrix > 0, matrix, np.nan)), index=readings[0].index)


def largest_known(readings: Sequence[pd.Series]) -> pd.Series:
    """Return the largest of the readings that there are; missing where there is none.

    >>> largest_known([pd.Series([30.0, None]), pd.Series([32.5, None])]).tolist()
    [32.5, nan]
    """
    matrix = np.where(np.isnan(_matrix(readings)), -np.inf, _matrix(readings)).max(axis=1)
    return pd.Series(np.where(np.isinf(matrix), np.nan, matrix), index=readings[0].index)


def _matrix(readings: Sequence[pd.Series]) -> Readings:
    return np.column_stack([reading.to_numpy(dtype=float) for reading in readings])


def _first(matrix: Readings) -> NDArray[np.bool_]:
    """The first reading that each row has."""
    there = ~np.isnan(matrix)
    return np.asarray(there & (there.cumsum(axis=1) == 1), dtype=np.bool_)


def _row_means(matrix: Readings) -> Readings:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)  # a row without a reading: its mean is missing
        return np.asarray(np.nanmean(matrix, axis=1), dtype=float)
