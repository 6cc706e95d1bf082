"""A Cox fit and its influence from arrays alone: what `fit_cox` does between the data frame and the result."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from cofactor.models.cox_compiled import compiled_wanted
from cofactor.models.cox_kernel import CoxSolution, solve_cox
from cofactor.models.cox_matrix import CoxMatrix, StreamedMatrix, centred, centred_in_place, weighted_centre
from cofactor.models.cox_slots import RiskSlots, Ties, risk_slots
from cofactor.models.threads import one_blas_thread

Floats = npt.NDArray[np.float64]
Solve = Callable[[CoxMatrix, RiskSlots, Sequence[str], str], CoxSolution]


@dataclass(frozen=True, eq=False)
class ArraysFit:
    """A fit from arrays: its maximum, and the PSU totals (G, p) of the influence on the coefficients."""

    solution: CoxSolution
    psu_totals: Floats
    matrix: CoxMatrix
    slots: RiskSlots


def matrix_of(values: Floats, weights: Floats) -> CoxMatrix:
    """Return the matrix of a fit of columns (n, p): a centred copy for numpy, none for the compiled kernel."""
    centre = weighted_centre(values, weights)
    return StreamedMatrix(values, centre) if compiled_wanted(len(values)) else centred(values, centre)


def matrix_taken_over(rows: Floats, weights: Floats) -> CoxMatrix:
    """Return the same of rows [1, x] (n, p + 1) that nobody else needs: numpy centres them where they stand."""
    return matrix_of(rows[:, 1:], weights) if compiled_wanted(len(rows)) else centred_in_place(rows, weights)


def fit_arrays(
    values: Floats | CoxMatrix,
    time: Floats,
    event: npt.NDArray[np.bool_],
    weights: Floats,
    psu_index: npt.NDArray[np.integer],
    n_psu: int,
    *,
    entry: Floats | None = None,
    stratum: npt.NDArray[np.integer] | None = None,
    offset: Floats | None = None,
    ties: Ties = "efron",
    columns: Sequence[str] = (),
    formula: str = "of arrays",
    solve: Solve = solve_cox,
) -> ArraysFit:
    """Fit a survey Cox model to arrays; ``covariance(design, made.psu_totals)`` is the design covariance.

    Parameters
    ----------
    values : array (n, p), or matrix
        Columns without missing values; in rows or in columns, neither is copied by the compiled kernel. Or the matrix
        that was made of them.
    time, entry, offset : arrays (n,)
        See `cofactor.models.cox_slots.risk_slots`.
    event : bool array (n,)
    weights : array (n,)
        Not negative; brought to mean 1, as the rule that ends the iterations wants it.
    psu_index : int array (n,)
        PSU of each row, 0..G-1, as `SurveyDesign.psu_index`.
    n_psu : int
        G.
    stratum : int array (n,), optional
        Codes of Cox strata.
    columns, formula : names for messages
    solve : function
        `solve_cox`, with coefficients to begin from or not, or `solve_firth`.

    Raises
    ------
    FitError
        Collinear columns, or iterations that do not settle.

    Examples
    --------
    >>> import numpy as np
    >>> months, died = np.array([6.0, 12, 3, 9, 8, 10, 2, 7]), np.array([1, 0, 1, 1, 0, 1, 1, 0]) == 1
    >>> x = np.array([1.0, 0, 1, 0, 0, 1, 1, 0])[:, np.newaxis]
    >>> made = fit_arrays(x, months, died, np.ones(8), np.arange(8) // 2, 4)
    >>> made.solution.coefficients.round(4)
    array([1.75])
    """
    relative = weights / weights.mean()
    slots = risk_slots(time, event, relative, entry=entry, stratum=stratum, offset=offset, ties=ties)
    with one_blas_thread():
        matrix = matrix_of(values, relative) if isinstance(values, np.ndarray) else values
        names = columns or [f"column {j}" for j in range(len(matrix.centre))]
        solution = solve(matrix, slots, names, formula)
        totals = solution.psu_totals(matrix, slots, psu_index, n_psu)
    return ArraysFit(solution, totals, matrix, slots)
