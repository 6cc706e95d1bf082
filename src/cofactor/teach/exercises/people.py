"""The people of most exercises, and columns of them as arrays."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from cofactor.synthetic import synthetic_people

Floats = npt.NDArray[np.float64]


@lru_cache(maxsize=6)
def _made(seed: int, people: int, cycles: str) -> pd.DataFrame:
    return synthetic_people(seed=seed, people=people, cycles=cycles)


def people_of(seed: int, people: int, cycles: str, columns: tuple[str, ...]) -> pd.DataFrame:
    """Return these columns, and cycle, design and weight, of synthetic people (see `synthetic_people`)."""
    return _made(seed, people, cycles)[[*columns, "cycle", "strata", "psu", "analysis_weight"]].copy()


def floats(column: pd.Series[Any]) -> Floats:
    """Return a column as floats, NaN where it is missing."""
    return column.to_numpy(dtype=float, na_value=np.nan)


def unweighted(data: pd.DataFrame) -> pd.DataFrame:
    """Return the data as if everybody who has a weight stood for as many people."""
    return data.assign(analysis_weight=(floats(data["analysis_weight"]) > 0).astype(float))
