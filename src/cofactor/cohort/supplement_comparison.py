"""How far supplements from products are from CDC's totals, where a cycle has both."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from cofactor.cohort.catalogue_files import measured_variables
from cofactor.cohort.loading import load
from cofactor.errors import NotMeasuredError, UnknownVariableError
from cofactor.loaders.cycles import parse_cycles
from cofactor.loaders.store import DataFolder

Floats = NDArray[np.float64]

COLUMNS = (
    "cycle",
    "people",
    "same",
    "differ",
    "total_alone",
    "products_alone",
    "mean_total",
    "mean_products",
    "largest_difference",
)
STEPS = (1.0, 0.1, 0.01, 0.001)
"""To which totals may be rounded."""
RELATIVE = 1e-3
"""Where totals are not rounded: how near is the same."""


def compare_supplements(
    nutrient: str, *, cycles: str | Sequence[str], data: str | Path | DataFolder | None = None
) -> pd.DataFrame:
    """Return, for each cycle with both, how CDC's total of a nutrient meets the sum over a person's products.

    Parameters
    ----------
    nutrient : as in the names of variables: "magnesium", "vitamin_d".
    cycles : a span, a cycle or a list; cycles before the totals are left out.
    data : as for `load`.

    Returns
    -------
    DataFrame, one row a cycle, unweighted: people with an amount by either road; of these the `same` (within the
    rounding of the totals, or 0.1%), those who `differ`, and those with the total or the products alone; the means
    among people with both, and the largest difference, in the variable's unit.

    Raises
    ------
    UnknownVariableError
        A nutrient of which the catalogue has no supplements.
    NotMeasuredError
        None of the cycles has totals.
    FileError

    Examples
    --------
    >>> compare_supplements("iodine", cycles="2007-2018")
    Traceback (most recent call last):
    cofactor.errors.UnknownVariableError: unknown variable 'iodine' in compare_supplements; ...
    """
    total, products = _names(nutrient)
    source = measured_variables()[total]
    rounds = [c for c in parse_cycles(cycles) if (s := source.source(c)) is not None and s.question is None]
    if not rounds:
        raise NotMeasuredError(f"no cycle of {cycles!r} has a released total of {nutrient}; they begin in 2007-2008")
    frame = load([total, products], cycles=rounds, data=data, weight=None, pool_2021=True)
    rows = [
        (cycle, *_compared(part[total].to_numpy(), part[products].to_numpy()))
        for cycle, part in frame.groupby("cycle", observed=True)
    ]
    return pd.DataFrame(rows, columns=list(COLUMNS))


def _names(nutrient: str) -> tuple[str, str]:
    """The measured variables of the total and of the products."""
    listed = {
        name.split("_supplement_listed_")[0]: name
        for name, found in measured_variables().items()
        if "_supplement_listed_" in name and found.kind == "number"
    }
    if nutrient not in listed:
        raise UnknownVariableError.suggest(nutrient, list(listed), "compare_supplements")
    return listed[nutrient].replace("_listed_", "_released_"), listed[nutrient]


def _compared(total: Floats, products: Floats) -> tuple[int, int, int, int, int, float, float, float]:
    has_total, has_products = ~np.isnan(total), ~np.isnan(products)
    both = has_total & has_products
    apart = np.abs(total[both] - products[both])
    same = apart <= np.maximum(RELATIVE * total[both], rounding_of(total[both]))
    return (
        int((has_total | has_products).sum()),
        int(same.sum()),
        int((~same).sum()),
        int((has_total & ~has_products).sum()),
        int((has_products & ~has_total).sum()),
        float(total[both].mean()),
        float(products[both].mean()),
        float(apart.max()),
    )


def rounding_of(values: Floats) -> float:
    """Return half of the coarsest step that all values are multiples of; 0 where they are not rounded.

    >>> rounding_of(np.array([1.5, 2.0])), rounding_of(np.array([1.0, np.pi]))
    (0.050000001, 0.0)
    """
    for step in STEPS:
        if np.allclose(values / step, np.round(values / step), rtol=0, atol=1e-6):
            return step / 2 + 1e-9
    return 0.0
