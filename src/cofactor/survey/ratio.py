"""Weighted ratios of totals."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from cofactor.errors import DesignError
from cofactor.survey.estimate import Estimate
from cofactor.survey.grouped import Quantity, grouped_estimate, known_rows
from cofactor.survey.groups import By, groups_of, number_of

if TYPE_CHECKING:
    from cofactor.survey.design import SurveyDesign


def weighted_ratio(design: SurveyDesign, numerator: str, denominator: str, *, by: By = None) -> Estimate:
    r"""Estimate the total of one variable per total of another, over the rows where both are known.

    :math:`R = \sum w_i y_i / \sum w_i x_i`; the influence of row i is :math:`w_i (y_i - R x_i) / \sum w_j x_j`. This is
    the ratio of the means, not the mean of the ratios.

    Parameters
    ----------
    design : SurveyDesign
    numerator, denominator : str
        Numbers or flags.
    by : str or sequence of str, optional
        As in `weighted_mean`.

    Returns
    -------
    Estimate
        One row a group, in units of the numerator per unit of the denominator.

    Raises
    ------
    UnknownVariableError
        A name that the data do not have.
    DesignError
        A name that is no number; nobody has both known; a denominator that totals 0.

    Notes
    -----
    Cochran WG (1977), Sampling Techniques, chapter 6; Binder DA (1983). doi:10.2307/1402588

    Examples
    --------
    >>> import pandas as pd
    >>> from cofactor.survey import SurveyDesign
    >>> data = pd.DataFrame({
    ...     "analysis_weight": 1.0, "strata": 1, "psu": [1, 2], "calcium": [900.0, 700], "magnesium": [300.0, 500]})
    >>> weighted_ratio(SurveyDesign(data), "calcium", "magnesium").values.tolist()
    [2.0]
    """
    top, bottom = number_of(design, numerator), number_of(design, denominator)
    groups = groups_of(design, by)
    term = f"{numerator} / {denominator}"
    known, notes = known_rows(design, groups, ~np.isnan(top + bottom), term)
    y, x, weights = top[known.rows], bottom[known.rows], known.weights
    total = known.totals(weights * x)
    if (total[known.counts > 0] == 0.0).any():
        raise DesignError(f"the denominator {denominator!r} totals 0; a ratio to it is not defined")
    with np.errstate(invalid="ignore"):
        ratio = known.totals(weights * y) / total
    influence = weights * (y - ratio[known.groups] * x) / total[known.groups]
    return grouped_estimate(design, groups, [term], [Quantity(known, ratio, influence)], notes)
