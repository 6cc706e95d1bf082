"""Columns that depend on others: named, with what they depend on."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
from scipy import linalg

from cofactor.errors import FitError

Floats = npt.NDArray[np.float64]

SUSPICIOUS = 1e-8  # residual variance over variance at which the quick check hands over to the exact one
DEPENDENT = 1e-7  # residual length over length below which a column depends on others (R's lm)
BLOCK = 4096  # rows taken at a time: their columns stay in the cache
SAMPLE = 8192  # rows that are looked at before all are
SHOWN = 1e-6  # smallest coefficient, relative to the largest, that is named in the message


def refuse_collinear(values: Floats, columns: Sequence[str], formula: str) -> None:
    """Raise FitError naming the columns that are linear combinations of others, and which.

    Parameters
    ----------
    values : array (m, p)
    columns : the p names
    formula : for the message

    Notes
    -----
    A Cholesky decomposition of the Gram matrix of centred, scaled columns finds any suspicion in one product; only then
    does a pivoted QR decomposition, which loses no digits, decide.
    """
    if values.shape[1] > values.shape[0]:
        raise FitError(f"{formula!r} has {values.shape[1]} columns on {values.shape[0]} rows; use fewer terms")
    if not _suspicious(values, columns):
        return
    dependent = _dependencies(values, columns)
    if dependent:
        shown = "; ".join(f"{name} depends on {', '.join(others)}" for name, others in dependent.items())
        raise FitError(f"columns of {formula!r} are collinear: {shown}. Leave out one of the terms")


def _suspicious(values: Floats, columns: Sequence[str]) -> bool:
    """Return whether some column, the intercept aside, may be constant or determined by others.

    Columns that vary freely on some of the rows do so on all: most matrices are let go by a sample of their rows.
    """
    mean = np.ones(len(values)) @ values / len(values)
    kept = [i for i, name in enumerate(columns) if name != "Intercept"]
    length = _sums_of_squares(values, mean)[kept]
    if np.any(length <= DEPENDENT**2 * len(values) * mean[kept] ** 2):
        return True
    every = len(values) // SAMPLE
    return (every < 2 or _bound(values[::every], kept, length)) and _bound(values, kept, length)


def _sums_of_squares(values: Floats, mean: Floats) -> Floats:
    total = np.zeros(len(mean))
    for start in range(0, len(values), BLOCK):
        squares = (values[start : start + BLOCK] - mean) ** 2
        total += np.ones(len(squares)) @ squares  # half the time of sum(axis=0)
    return total


def _bound(values: Floats, kept: Sequence[int], squares: Floats) -> bool:
    """Return whether a column of these rows, given those before, leaves little of its sum of squares on all rows."""
    mean = values.mean(axis=0)
    gram = np.zeros((values.shape[1], values.shape[1]))
    for start in range(0, len(values), BLOCK):
        centred = values[start : start + BLOCK] - mean
        gram += centred.T @ centred
    length = np.sqrt(squares)
    try:
        diagonal = np.diag(np.linalg.cholesky(gram[np.ix_(kept, kept)] / np.outer(length, length)))
    except np.linalg.LinAlgError:
        return True
    return bool(np.any(diagonal**2 < SUSPICIOUS))


def _dependencies(values: Floats, columns: Sequence[str]) -> dict[str, list[str]]:
    """Return, in the order of the columns, each one that earlier ones determine, with those that do."""
    length = np.sqrt(np.einsum("ij,ij->j", values, values))
    scaled = values / np.where(length > 0.0, length, 1.0)
    r = linalg.qr(scaled, mode="r")[0][: values.shape[1]]
    independent: list[int] = []
    found: dict[str, list[str]] = {}
    for j, name in enumerate(columns):
        target = r[:, j]
        basis = r[:, independent]
        solution = np.linalg.lstsq(basis, target, rcond=None)[0] if independent else np.zeros(0)
        rest = float(np.linalg.norm(target - basis @ solution))
        if rest > DEPENDENT and length[j] > 0.0:
            independent.append(j)
            continue
        large = np.abs(solution) > SHOWN * max(np.abs(solution).max(initial=0.0), SHOWN)
        others = [columns[i] for i, use in zip(independent, large, strict=True) if use]
        found[name] = others or ["nothing: it is zero throughout"]
    return found
