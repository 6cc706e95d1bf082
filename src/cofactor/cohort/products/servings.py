"""How many label servings a person's amount is: units of the interview against units of the label."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Sizes = Mapping[str, float]

TEASPOON, TABLESPOON, CUP, FLUID_OUNCE = 5.0, 15.0, 240.0, 30.0  # mL
OUNCE = 28.0  # g
"""Household measures as labels have them: 21 CFR 101.9(b)(5)(viii)."""

_PIECE: Sizes = {"piece": 1.0}

TAKEN: Mapping[int, Sizes] = {
    **dict.fromkeys((1, 6, 13, 17, 20, 30, 31, 41), _PIECE),
    2: {"dropper": 1.0},
    3: {"drop": 1.0},
    4: {"mL": FLUID_OUNCE},
    7: {"mL": 1.0},
    8: {"package": 1.0},
    9: {"package": 1.0},
    11: {"mL": TABLESPOON},
    12: {"mL": TEASPOON},
    14: {"g": OUNCE},
    15: {"can": 1.0},
    16: {"g": 1.0},
    18: {"mL": CUP},
    19: {"spray": 1.0},
    21: {"scoop": 1.0},
    22: {"mL": 1.0},
    23: {"capful": 1.0},
    27: {"mL": FLUID_OUNCE, "g": OUNCE},
    28: {"package": 1.0},
    32: {"bottle": 1.0},
}
"""The interview's codes (DSD120U, DSD122U; they mean the same in all cycles). "Powder", a gulp, a shot, a vial and
"units" have no size."""

LABEL: Mapping[int, Sizes] = {
    **dict.fromkeys((1, 2, 6, 9, 13, 16, 18, 20, 27, 29, 32, 39, 42, 44), _PIECE),
    3: {"dropper": 1.0},
    4: {"drop": 1.0},
    5: {"mL": FLUID_OUNCE},
    10: {"mL": 1.0},
    12: {"package": 1.0},
    14: {"mL": TABLESPOON},
    17: {"mL": TABLESPOON},
    19: {"mL": TEASPOON},
    21: {"g": OUNCE},
    22: {"spray": 1.0},
    24: {"scoop": 1.0},
    25: {"mL": CUP},
    30: {"can": 1.0},
    31: {"capful": 1.0},
    33: {"g": 1.0},
    34: {"mL": TEASPOON},
    37: {"mL": CUP},
    38: {"g": 1.0},
    43: {"bottle": 1.0},
}
"""The label's codes (DSDSERVU), another list; spoons of powder and of liquid are both volumes. 99 is unknown."""


def _factors() -> Floats:
    """What one of a taken unit (row) is in a label's unit (column); NaN where the two do not meet."""
    factors = np.full((max(TAKEN) + 1, max(LABEL) + 1), np.nan)
    for taken, sizes in TAKEN.items():
        for label, own in LABEL.items():
            for measure in sizes.keys() & own.keys():
                factors[taken, label] = sizes[measure] / own[measure]
    return factors


_FACTORS = _factors()


def servings(amount: Floats, unit: Floats, label_amount: Floats, label_unit: Floats) -> Floats:
    """Return how many label servings amounts are: amount × (unit in the label's unit) / serving, arrays of (n,).

    Missing where a part is, or where the units do not meet (drops against millilitres).

    >>> two, tablets, spoons = np.array([2.0]), np.array([1.0]), np.array([11.0])
    >>> servings(two, tablets, np.array([1.0]), np.array([18.0])).tolist()
    [2.0]
    >>> servings(two, spoons, np.array([10.0]), np.array([10.0])).tolist()  # 2 tablespoons of a 10 mL serving
    [3.0]
    """
    rows, columns = _position(unit, _FACTORS.shape[0]), _position(label_unit, _FACTORS.shape[1])
    with np.errstate(divide="ignore", invalid="ignore"):
        counted: Floats = amount * _FACTORS[rows, columns] / label_amount
    return np.where(np.isfinite(counted), counted, np.nan)


def _position(codes: Floats, size: int) -> NDArray[np.intp]:
    """Codes as positions; 0, which is no code and has no size, for what is missing or beyond the list."""
    inside = (codes >= 0) & (codes < size)
    return np.where(inside, codes, 0.0).astype(np.intp)
