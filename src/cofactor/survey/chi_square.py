"""Whether two categories go together: Pearson's chi-square of the weighted table, corrected for the design."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy import stats

from cofactor.display import table_html
from cofactor.errors import DesignError
from cofactor.survey.estimate import Estimate, from_influence
from cofactor.survey.groups import level_codes

if TYPE_CHECKING:
    from cofactor.survey.design import SurveyDesign

Floats = npt.NDArray[np.float64]
Indices = npt.NDArray[np.intp]
Mask = npt.NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class ChiSquareTest:
    """Rao and Scott's second-order corrected chi-square test of a table of two categories.

    Attributes
    ----------
    row, column : str
    cells : Estimate
        The shares of the cells, with their joint covariance; labels: row, column, term.
    f, df1, df2, p : float
        The corrected statistic and its F distribution.
    n : int
        Rows of positive weight in the domain where both are known.
    """

    row: str
    column: str
    cells: Estimate
    f: float
    df1: float
    df2: float
    p: float
    n: int

    def table(self) -> pd.DataFrame:
        """Return one row: term, f, df1, df2, p, n."""
        term = f"{self.row} × {self.column}"
        return pd.DataFrame({
            "term": [term], "f": [self.f], "df1": [self.df1], "df2": [self.df2], "p": [self.p], "n": [self.n],
        })  # fmt: skip

    def __repr__(self) -> str:
        """Say the test in one line."""
        return (
            f"{self.row} × {self.column}, chi-square by Rao and Scott: "
            f"F({self.df1:.4g}, {self.df2:.4g}) = {self.f:.4g}, p = {self.p:.4g}"
        )

    def _repr_html_(self) -> str:
        return table_html(self.table(), caption="Chi-square test by Rao and Scott")


def chi_square_test(design: SurveyDesign, row: str, column: str) -> ChiSquareTest:
    r"""Test whether two categories are independent of each other in the domain.

    With the cells' shares p, their design covariance V, contrasts C of the interaction and D = diag(p), Pearson's
    statistic of the weighted table is divided by the trace of
    :math:`\Delta = (C' D^{-1} C / n)^{-1} C' D^{-1} V D^{-1} C`; the result has an F distribution on
    :math:`d_0 = (\mathrm{tr} \Delta)^2 / \mathrm{tr} \Delta^2` and :math:`d_0` times the design's degrees of freedom.

    Parameters
    ----------
    design : SurveyDesign
    row, column : str
        Categories, flags, texts or integers. Rows where either is missing are left out, as a domain.

    Raises
    ------
    UnknownVariableError
        A name that the data do not have.
    DesignError
        A number with fractions, or a category with fewer than two levels that anybody has.

    Notes
    -----
    Rao JNK, Scott AJ (1984), On chi-squared tests for multiway contingency tables with cell proportions estimated from
    survey data. Annals of Statistics 12:46-60. doi:10.1214/aos/1176346391. R: ``svychisq(statistic = "F")``.

    Examples
    --------
    >>> import pandas as pd
    >>> from cofactor.survey import SurveyDesign
    >>> data = pd.DataFrame({
    ...     "analysis_weight": 1.0, "strata": [1, 1, 2, 2] * 5, "psu": [1, 2] * 10,
    ...     "sex": ["m", "f", "f", "m", "m"] * 4, "smokes": [True, False, False] * 6 + [True, True]})
    >>> test = chi_square_test(SurveyDesign(data), "sex", "smokes")
    >>> round(test.f, 2), test.df2, test.n
    (0.56, 2.0, 20)
    """
    first, second = level_codes(design, row, "row"), level_codes(design, column, "column")
    inside = design.in_domain & (first[0] >= 0) & (second[0] >= 0)
    rows, row_levels = _present(first[0][inside], first[1], row)
    columns, column_levels = _present(second[0][inside], second[1], column)
    shape = (len(row_levels), len(column_levels))
    labels = pd.DataFrame({
        row: row_levels.repeat(shape[1]), column: column_levels.take(np.tile(np.arange(shape[1]), shape[0])),
        "term": "share",
    })  # fmt: skip
    shares, influence = _shares(design, inside, rows * shape[1] + columns, shape[0] * shape[1])
    cells = from_influence(design, labels, shares, influence, rows=inside)
    n = int(inside.sum())
    f, d0 = _corrected(cells, shape, n)
    d = d0 * design.degrees_of_freedom(inside)
    return ChiSquareTest(row, column, cells, f, d0, d, float(stats.f.sf(f, d0, d)), n)


def _present(codes: Indices, levels: pd.Index[Any], name: str) -> tuple[Indices, pd.Index[Any]]:
    """Return codes and levels without the levels that nobody has."""
    found, renumbered = np.unique(codes, return_inverse=True)
    if len(found) < 2:
        raise DesignError(f"{name!r} has fewer than two levels where both are known: there is nothing to compare")
    return renumbered, levels.take(found)


def _shares(design: SurveyDesign, inside: Mask, cell: Indices, size: int) -> tuple[Floats, Floats]:
    """Return the weighted shares of cells (size,) and the influence (n, size) of each row on them."""
    weights = design.weights[inside]
    shares = np.bincount(cell, weights=weights, minlength=size) / weights.sum()
    of_rows = -np.outer(weights, shares)
    of_rows[np.arange(len(cell)), cell] += weights
    influence = np.zeros((len(inside), size))
    influence[inside] = of_rows / weights.sum()
    return shares, influence


def _corrected(cells: Estimate, shape: tuple[int, int], n: int) -> tuple[float, float]:
    """Return the corrected statistic and the numerator's degrees of freedom.

    An empty cell adds nothing but its part of Pearson's sum, as in R.
    """
    p = cells.values
    table = p.reshape(shape)
    expected = np.outer(table.sum(axis=1), table.sum(axis=0))
    pearson = n * float(((table - expected) ** 2 / expected).sum())
    inverse = np.divide(1.0, p, out=np.zeros_like(p), where=p > 0.0)[:, np.newaxis]
    contrasts = _interaction_contrasts(shape)
    simple = contrasts.T @ (contrasts * inverse / n)
    scaled = contrasts * inverse
    deff = np.linalg.solve(simple, scaled.T @ cells.covariance @ scaled)
    trace = float(np.trace(deff))
    return pearson / trace, trace**2 / float(np.trace(deff @ deff))


def _interaction_contrasts(shape: tuple[int, int]) -> Floats:
    """Return contrasts (cells, (r - 1)(c - 1)) of the interaction that are free of both margins."""
    of_rows, of_columns = (np.eye(size)[:, 1:] - 1.0 / size for size in shape)
    return np.asarray(np.kron(of_rows, of_columns), dtype=np.float64)
