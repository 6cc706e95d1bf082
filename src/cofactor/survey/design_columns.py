"""The columns that a design stands on, read and checked: weights, strata, PSUs, conditions."""

from __future__ import annotations

from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt
import pandas as pd

from cofactor.errors import DesignError, UnknownVariableError
from cofactor.survey.expression import evaluate

Mask = npt.NDArray[np.bool_]
Floats = npt.NDArray[np.float64]
Indices = npt.NDArray[np.intp]
Condition: TypeAlias = "str | pd.Series[Any] | Mask"


def _column(data: pd.DataFrame, name: str, role: str) -> pd.Series[Any]:
    if name not in data.columns:
        raise UnknownVariableError.suggest(name, map(str, data.columns), f"the data of the design, as {role}")
    return data[name]


def weights_of(data: pd.DataFrame, name: str) -> Floats:
    """Return the weights (n,), or raise where they are no numbers, missing or negative."""
    column = _column(data, name, "weight")
    if not pd.api.types.is_numeric_dtype(column.dtype):
        raise DesignError(f"the weight {name!r} is of type {column.dtype}; numbers are needed")
    values = np.array(column.to_numpy(np.float64, na_value=np.nan))
    check_weights(values, f"the weight {name!r}")
    return values


def check_weights(values: Floats, what: str) -> None:
    """Raise DesignError where weights are missing, infinite or negative, with counts and the first rows."""
    for wrong, problem in ((~np.isfinite(values), "missing or infinite"), (values < 0.0, "negative")):
        if wrong.any():
            raise DesignError(
                f"{what} is {problem} in {int(wrong.sum()):,} of {len(values):,} rows ({_first(wrong)}); "
                "give 0 to who is outside the sample that the weight is for"
            )


def _first(rows: Mask) -> str:
    positions = np.flatnonzero(rows)
    shown = ", ".join(map(str, positions[:5]))
    return f"positions {shown}{', ...' if len(positions) > 5 else ''}"


def nested_psus(data: pd.DataFrame, strata: str | None, psu: str | None) -> tuple[Indices, Indices, tuple[Any, ...]]:
    """Return the PSU of each row, the stratum of each PSU, and the labels of the strata."""
    n = len(data)
    in_stratum, labels = _codes(data, strata, "strata") if strata else (np.zeros(n, dtype=np.intp), ("all",))
    if psu is None:
        return np.arange(n, dtype=np.intp), in_stratum, labels
    in_psu, psu_labels = _codes(data, psu, "psu")
    key = in_stratum * max(len(psu_labels), 1) + in_psu
    index, keys = pd.factorize(key)
    return index.astype(np.intp, copy=False), (np.asarray(keys) // max(len(psu_labels), 1)).astype(np.intp), labels


def _codes(data: pd.DataFrame, name: str, role: str) -> tuple[Indices, tuple[Any, ...]]:
    codes, labels = pd.factorize(_column(data, name, role))
    missing = codes < 0
    if missing.any():
        raise DesignError(
            f"{role} {name!r} is missing in {int(missing.sum()):,} of {len(data):,} rows ({_first(missing)}); "
            "a row without stratum and PSU has no place in the design"
        )
    return codes.astype(np.intp, copy=False), tuple(labels)


def condition_masks(condition: Condition, data: pd.DataFrame) -> tuple[Mask, Mask]:
    """Return where a condition is true and where it is unknown."""
    if isinstance(condition, str):
        answer = evaluate(condition, data)
        return answer.to_numpy(bool, na_value=False), answer.isna().to_numpy()
    if isinstance(condition, pd.Series):
        if not condition.index.equals(data.index):
            raise DesignError("the domain is a Series with another index than the data; make it from its columns")
        if condition.isna().any():
            raise DesignError(
                f"the domain is a Series with {int(condition.isna().sum()):,} missing values: say whether they are in "
                "with .fillna(False) or .fillna(True), or give an expression"
            )
    if not pd.api.types.is_bool_dtype(condition):
        raise DesignError(
            f"a domain is an expression or boolean, not of type {getattr(condition, 'dtype', type(condition))}"
        )
    mask = np.array(condition, dtype=bool)
    if mask.shape != (len(data),):
        raise DesignError(f"the domain has shape {mask.shape} for {len(data):,} rows")
    return mask, np.zeros(len(data), dtype=bool)
