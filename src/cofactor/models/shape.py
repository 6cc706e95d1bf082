"""Which combinations of coefficients bend a curve, or twist a surface: found from the model's own rows.

So the tests do not depend on the basis: splines, orthogonal polynomials, powers and products give the same answer as a
test of their non-linear or product coefficients.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from cofactor.survey.estimate import Estimate, linear
from cofactor.survey.wald import WaldTest, wald_f

Floats = npt.NDArray[np.float64]

NOTHING = 1e-8  # singular value of rows whose largest entry is 1, below which a direction is rounding
INSIDE = 1e-7  # relative distance at which a function counts as one that the model can be


def bends(values: Floats, rows: Floats) -> Floats | None:
    """Return the combinations (q, p) of coefficients that are 0 exactly where a curve is a straight line.

    Parameters
    ----------
    values : array (r,)
        Of the variable, more of them than the curve has coefficients.
    rows : array (r, p)
        Model rows at the values, less the row at the reference.

    Returns
    -------
    array (q, p) or None
        None where no coefficients make the curve a straight line (a logarithm alone, say): nothing to test it against.
    """
    scale = _scale(rows)
    line = np.stack([np.ones_like(values), (values - values.mean()) / np.ptp(values)], axis=1)
    given = np.column_stack([line[:, 0], rows / scale])
    left = line[:, 1] - given @ np.linalg.lstsq(given, line[:, 1], rcond=NOTHING)[0]
    if np.abs(left).max() > INSIDE:
        return None
    scaled = rows / scale
    return _independent(scaled - line @ np.linalg.lstsq(line, scaled, rcond=None)[0]) * scale


def twists(rows: Floats) -> Floats:
    """Return the combinations (q, p) of coefficients that are 0 exactly where two variables have no interaction.

    Parameters
    ----------
    rows : array (s, t, p)
        Model rows at s values of one variable and t of the other.
    """
    scale = _scale(rows.reshape(-1, rows.shape[2]))
    scaled = rows / scale
    mixed = scaled - scaled[:1] - scaled[:, :1] + scaled[:1, :1]
    return _independent(mixed.reshape(-1, rows.shape[2])) * scale


def joint_test(estimate: Estimate, combinations: Floats, freedom: float, name: str) -> WaldTest | None:
    """Test that combinations of coefficients (q, p) are all 0; None where there are none, or too many for `freedom`."""
    if not 0 < len(combinations) <= freedom:
        return None
    tested = linear(estimate, combinations, [f"{name} {i + 1}" for i in range(len(combinations))])
    return wald_f(tested.values, tested.covariance, freedom, [name])


def spanning(rows: Floats) -> Floats:
    """Return independent combinations (q, p) that are 0 exactly where all rows (r, p) give 0."""
    scale = _scale(rows)
    return _independent(rows / scale) * scale


def _scale(rows: Floats) -> Floats:
    largest = np.abs(rows).max(axis=0, initial=0.0)
    return np.asarray(np.where(largest > 0.0, largest, 1.0))


def _independent(rows: Floats) -> Floats:
    _, sizes, directions = np.linalg.svd(rows, full_matrices=False)
    return np.asarray(directions[sizes > NOTHING * np.sqrt(len(rows))])
