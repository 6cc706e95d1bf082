"""How the recalls of a person are put together."""

import numpy as np
import pandas as pd

from cofactor.cohort.logic import all_of, is_true, pick

SOURCE = "NHANES dietary interview, total nutrient intakes; a person's reliable 24-hour recalls"


def mean_of_reliable(
    day1: pd.Series, reliable1: pd.Series, day2: pd.Series | None, reliable2: pd.Series | None
) -> pd.Series:
    """The mean of the reliable recalls; the first must be one, the second counts where it is there and reliable."""
    first = day1.where(is_true(reliable1))
    if day2 is None or reliable2 is None:
        return first
    second = day2.where(is_true(reliable2))
    return pd.concat([first, second], axis=1).mean(axis=1).where(first.notna())


def mean_of_two(day1: pd.Series, reliable1: pd.Series, day2: pd.Series, reliable2: pd.Series) -> pd.Series:
    """The mean of two recalls, both reliable."""
    return pick(all_of(reliable1, reliable2), (day1 + day2) / 2, np.nan)
