"""What the makers of files share: rows of people, and values that are missing outside a condition."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt
import pandas as pd

from cofactor.synthetic.people import People
from cofactor.synthetic.randomness import Floats, Mask

Values = npt.NDArray[np.generic]


def where(condition: Mask, values: npt.ArrayLike) -> Floats:
    """Return the values as numbers where the condition holds, NaN elsewhere."""
    return np.where(condition, np.asarray(values, dtype=np.float64), np.nan)


def positive(codes: npt.ArrayLike) -> Floats:
    """Return codes as numbers; 0, which stands for not asked, is missing."""
    numbers = np.asarray(codes, dtype=np.float64)
    return np.where(numbers > 0, numbers, np.nan)


def table(one: People, rows: Mask, columns: Mapping[str, npt.ArrayLike]) -> pd.DataFrame:
    """Return a file's table: SEQN and the columns (n,) of the people in `rows`, in order of their numbers."""
    content = {"SEQN": one.sample.seqn, **columns}
    return pd.DataFrame({name: np.asarray(values, dtype=np.float64)[rows] for name, values in content.items()})
