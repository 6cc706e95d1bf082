"""What an information matrix says: the Newton step, its inverse, and which columns others determine.

All is asked in the scale of each column, so that the units of covariates do not matter.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from scipy import linalg

Floats = npt.NDArray[np.float64]

DEPENDENT = 1e-10  # information left over information at which a column is determined by others


def correlation_of(information: Floats) -> tuple[Floats, Floats]:
    """Return the scale of each column (p,), and the information in these scales: units of covariates do not matter."""
    diagonal = np.diag(information)
    scale = np.sqrt(np.where(diagonal > 0.0, diagonal, 1.0))
    return scale, information / np.outer(scale, scale)


def is_positive(information: Floats) -> bool:
    """Whether an information matrix has a positive value in every direction."""
    try:
        linalg.cho_factor(correlation_of(information)[1])
    except linalg.LinAlgError:
        return False
    return True


def newton_step(information: Floats, score: Floats) -> Floats:
    """Return the Newton step (p,); along directions without information, where the likelihood is flat, none."""
    scale, scaled = correlation_of(information)
    try:
        return np.asarray(linalg.cho_solve(linalg.cho_factor(scaled), score / scale) / scale)
    except linalg.LinAlgError:
        return np.asarray(linalg.pinvh(scaled) @ (score / scale) / scale)


def inverse_of(information: Floats) -> Floats:
    """Return the inverse of an information matrix (p, p)."""
    scale, scaled = correlation_of(information)
    try:
        inverse = np.asarray(linalg.cho_solve(linalg.cho_factor(scaled), np.eye(len(scale))))
    except linalg.LinAlgError:
        inverse = np.asarray(linalg.pinvh(scaled))
    inverse = inverse / np.outer(scale, scale)
    return np.asarray((inverse + inverse.T) / 2.0)


def determined_columns(information: Floats) -> dict[int, list[int]]:
    """Return the columns that earlier ones determine, with those that do."""
    _, correlation = correlation_of(information)
    if _all_free(correlation):
        return {}
    free: list[int] = []
    found: dict[int, list[int]] = {}
    for j in range(len(correlation)):
        weights = np.zeros(0)
        if free:
            weights = np.asarray(linalg.solve(correlation[np.ix_(free, free)], correlation[free, j], assume_a="pos"))
        left = 1.0 - float(correlation[j, free] @ weights)
        if left > DEPENDENT:
            free.append(j)
        else:
            found[j] = [i for i, weight in zip(free, weights, strict=True) if abs(weight) > 1e-6]
    return found


def _all_free(correlation: Floats) -> bool:
    """Whether no column is determined by those before it: what they leave of it is on the diagonal of the root."""
    try:
        left = np.square(np.diag(linalg.cholesky(correlation, lower=True)))
    except linalg.LinAlgError:
        return False
    return bool(np.all(left > DEPENDENT))
