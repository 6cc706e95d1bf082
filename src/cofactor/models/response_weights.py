"""Weights for people whose measurement is known, so that they stand for those whose is not."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from cofactor.display import notes_html, table_html
from cofactor.errors import DesignError, FitError, UnknownVariableError
from cofactor.survey.estimate import Estimate
from cofactor.survey.groups import groups_of
from cofactor.survey.variance import psu_totals

if TYPE_CHECKING:
    from cofactor.survey.design import SurveyDesign

Floats = npt.NDArray[np.float64]
Mask = npt.NDArray[np.bool_]
Indices = npt.NDArray[np.intp]


@dataclass(frozen=True, eq=False, repr=False)
class ResponseWeights:
    """A design in which the people with a known measurement carry the weight of those without.

    Attributes
    ----------
    design : SurveyDesign
        With the adjusted weights: 0 for who lacks the measurement or is outside the domain.
    original : SurveyDesign
    cells : DataFrame
        One row a cell: the by-variables, people, known, share_known (weighted), factor.
    cell : int array (n,)
        Cell of each row, -1 outside the domain.
    known : bool array (n,)
    notes : tuple of str
    """

    design: SurveyDesign
    original: SurveyDesign
    cells: pd.DataFrame
    cell: Indices
    known: Mask
    notes: tuple[str, ...] = ()

    def adjusted(self, result: Any) -> Estimate:
        r"""Return an estimate from `design` with the estimation of the weights in its influence.

        With the influence :math:`z_i` at fixed weights and its total :math:`Z_c` in cell c, row i's becomes
        :math:`z_i + Z_c (w_i / W_c - r_i w_i / R_c)`: W is the cell's weight, R that of those known (r = 1).

        Parameters
        ----------
        result : Fit or Estimate
            Made from `design`. An estimator's own intervals are left behind.

        Raises
        ------
        FitError
            No estimate with influence, or one of another design.
        """
        estimate = getattr(result, "estimate", result)
        if not isinstance(estimate, Estimate):
            raise FitError(f"a {type(result).__name__} has no influence to adjust; give a fit or an estimate")
        if estimate.design is not self.design and not np.array_equal(estimate.design.weights, self.design.weights):
            raise FitError("the result was not made from the adjusted weights; estimate from .design first")
        rows = partial(_through_cells, estimate.influence_rows, self.original.weights, self.cell, self.known)
        return replace(
            estimate,
            design=self.original,
            psu_totals=psu_totals(self.original, rows()),
            influence_rows=rows,
            held=None,
            limits=None,
            notes=(*estimate.notes, *self.notes, "the error holds the estimation of the response weights"),
        )

    def __repr__(self) -> str:
        """Return the cells and the notes as text."""
        return "\n".join([self.cells.to_string(index=False), *(f"note: {note}" for note in self.notes)])

    def _repr_html_(self) -> str:
        headers = list(self.cells.columns).index("people")
        return table_html(self.cells, caption="Response weights", row_headers=headers) + notes_html(self.notes)


def response_weights(
    design: SurveyDesign, known: str | Sequence[str], *, by: str | Sequence[str], fewest: int = 20
) -> ResponseWeights:
    r"""Weight the people of the domain whose measurement is known up to all, within cells of alike people.

    Weighting-class adjustment: in cell c the weight of those known is multiplied by :math:`W_c / R_c`, the weight of
    all over that of those known. It mends a loss that within cells does not depend on what is lost.

    Parameters
    ----------
    design : SurveyDesign
        Its domain is who should have been measured.
    known : str or sequence of str
        Variables that must all be known.
    by : str or sequence of str
        Categories, flags or whole numbers that make the cells. A missing value is a level of its own.
    fewest : int
        Known people that a cell needs.

    Returns
    -------
    ResponseWeights
        Estimate from ``.design``; ``.adjusted(result)`` adds the estimation of the weights to the error.

    Raises
    ------
    UnknownVariableError
        A name that the data do not have.
    DesignError
        A cell with too few people whose measurement is known.

    Notes
    -----
    Little RJA (1986), Survey nonresponse adjustments for estimates of means. International Statistical Review
    54:139-157. doi:10.2307/1403140

    Examples
    --------
    >>> import pandas as pd
    >>> from cofactor.survey import SurveyDesign, weighted_mean
    >>> data = pd.DataFrame({
    ...     "analysis_weight": 1.0, "strata": 1, "psu": [1, 2, 3] * 2, "sex": ["f", "f", "f", "m", "m", "m"],
    ...     "x": [1.0, 1, None, 4, 4, 4]})
    >>> made = response_weights(SurveyDesign(data), "x", by="sex", fewest=2)
    >>> made.cells["factor"].tolist()
    [1.5, 1.0]
    >>> made.adjusted(weighted_mean(made.design, "x")).values.tolist()
    [2.5]
    """
    names = [known] if isinstance(known, str) else list(known)
    groups = [by] if isinstance(by, str) else list(by)
    for name in (*names, *groups):
        if name not in design.data.columns:
            raise UnknownVariableError.suggest(name, map(str, design.data.columns), "response_weights")
    if not names or not groups:
        raise DesignError("response_weights needs what must be known, and the cells: known=..., by=...")
    has = design.data[names].notna().all(axis=1).to_numpy() & design.in_domain
    cell, labels = _cells(design, groups)
    cells = _sums(design, cell, has, labels)
    _check(cells, groups, names, fewest)
    factors = np.append(cells["factor"].to_numpy(), 0.0)
    adjusted = design.with_weights(np.where(has, design.weights * factors[cell], 0.0))
    lost = int(design.in_domain.sum()) - int(has.sum())
    note = (
        f"{int(has.sum()):,} people with {', '.join(names)} known stand for {lost:,} without, in {len(cells)} cells of "
        f"{', '.join(groups)}; factors {cells['factor'].min():.3g} to {cells['factor'].max():.3g}"
    )
    return ResponseWeights(adjusted, design, cells, cell, has, (note,))


def _cells(design: SurveyDesign, by: list[str]) -> tuple[Indices, pd.DataFrame]:
    """Return the cell of each row, -1 outside the domain, and the by-variables of each cell."""
    columns = {name: _with_missing(design.data[name]) for name in by}
    groups = groups_of(_on_columns(design, columns), by)
    return groups.codes, groups.labels


def _with_missing(values: pd.Series[Any]) -> pd.Series[Any]:
    """Return a column in which missing values are a level of their own."""
    if not values.isna().any():
        return values
    if isinstance(values.dtype, pd.CategoricalDtype):
        return values.cat.add_categories(["missing"]).fillna("missing")
    return values.astype("category").cat.rename_categories(str).cat.add_categories(["missing"]).fillna("missing")


def _on_columns(design: SurveyDesign, columns: dict[str, pd.Series[Any]]) -> SurveyDesign:
    """Return the design on data with other columns; its domain is who it was."""
    inside = pd.Series(design.in_domain, index=design.data.index)
    return replace(design, data=design.data.assign(**columns), domain=inside)


def _sums(design: SurveyDesign, cell: Indices, known: Mask, labels: pd.DataFrame) -> pd.DataFrame:
    inside = cell >= 0
    size = len(labels)
    all_weight = np.bincount(cell[inside], design.weights[inside], minlength=size)
    known_weight = np.bincount(cell[known], design.weights[known], minlength=size)
    with np.errstate(divide="ignore"):
        factor = all_weight / known_weight
    return labels.reset_index(drop=True).assign(
        people=np.bincount(cell[inside], minlength=size),
        known=np.bincount(cell[known], minlength=size),
        share_known=known_weight / all_weight,
        factor=factor,
    )


def _check(cells: pd.DataFrame, by: list[str], known: list[str], fewest: int) -> None:
    few = cells[(cells["known"] < max(fewest, 1)) & (cells["known"] < cells["people"])]
    if len(few):
        first = few.iloc[0]
        where = ", ".join(f"{name} = {first[name]}" for name in by)
        raise DesignError(
            f"{len(few)} of {len(cells)} cells have fewer than {fewest} people with {', '.join(known)} known; the "
            f"first, {where}, has {first['known']} of {first['people']}: take fewer or coarser by-variables"
        )


def _through_cells(influence: Any, weights: Floats, cell: Indices, known: Mask) -> Floats:
    """Return influence (n, k) with what each row does to the factors of its cell."""
    fixed = influence()
    inside = cell >= 0
    size = int(cell.max()) + 1
    of_all = np.bincount(cell[inside], weights[inside], minlength=size)
    of_known = np.bincount(cell[known], weights[known], minlength=size)
    totals = np.zeros((size, fixed.shape[1]))
    np.add.at(totals, cell[inside], fixed[inside])
    share = np.zeros(len(weights))
    share[inside] = weights[inside] / of_all[cell[inside]]
    share[known] -= weights[known] / of_known[cell[known]]
    return np.asarray(fixed + share[:, np.newaxis] * np.where(inside[:, np.newaxis], totals[cell], 0.0))
