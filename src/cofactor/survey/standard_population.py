"""The standard population to which U.S. rates are age-adjusted."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from cofactor.errors import DesignError

Floats = npt.NDArray[np.float64]

US_2000 = (
    (0, 3_794_901), (1, 15_191_619), (5, 19_919_840), (10, 20_056_779), (15, 19_819_518), (20, 18_257_225),
    (25, 17_722_067), (30, 19_511_370), (35, 22_179_956), (40, 22_479_229), (45, 19_805_793), (50, 17_224_359),
    (55, 13_307_234), (60, 10_654_272), (65, 9_409_940), (70, 8_725_574), (75, 7_414_559), (80, 4_900_234),
    (85, 4_259_173),
)  # fmt: skip
"""First age of each group of the U.S. population of 2000 (projected), and its size: 274,633,642 people in all."""


def us2000_population(first_ages: Sequence[int], last_age: int | None = None) -> Floats:
    """Return the sizes of age groups in the U.S. standard population of 2000.

    Parameters
    ----------
    first_ages : sequence of int
        First age of each group, rising: [20, 40, 60] for NCHS's 20-39, 40-59 and 60 and over.
    last_age : int, optional
        Last age of the last group; without it the group is open.

    Raises
    ------
    DesignError
        Ages that do not rise, or that fall inside one of the standard's own groups of five years.

    Notes
    -----
    Klein RJ, Schoenborn CA (2001), Age adjustment using the 2000 projected U.S. population. Healthy People Statistical
    Notes 20, National Center for Health Statistics. Sizes: SEER, standard populations, 19 age groups.

    Examples
    --------
    >>> us2000_population([20, 40, 60]).tolist()
    [77670618.0, 72816615.0, 45363752.0]
    """
    starts = np.array([age for age, _ in US_2000])
    sizes = np.array([size for _, size in US_2000], dtype=np.float64)
    ends = [*first_ages, *([] if last_age is None else [last_age + 1])]
    strange = [age for age in ends if age not in starts]
    if strange or sorted(set(ends)) != ends or not first_ages:
        raise DesignError(
            f"{ends} do not begin groups of the standard population; rising ages out of {', '.join(map(str, starts))}"
        )
    group = np.searchsorted(ends, starts, side="right") - 1
    return np.bincount(group[group >= 0], weights=sizes[group >= 0])[: len(first_ages)].astype(np.float64)
