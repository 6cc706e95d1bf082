"""Weighted means and totals."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

import numpy as np

from cofactor.errors import DesignError
from cofactor.survey.estimate import Estimate
from cofactor.survey.grouped import Floats, KnownRows, Quantity, grouped_estimate, known_rows
from cofactor.survey.groups import By, groups_of, number_of

if TYPE_CHECKING:
    from cofactor.survey.design import SurveyDesign


def weighted_mean(design: SurveyDesign, names: str | Sequence[str], *, by: By = None) -> Estimate:
    r"""Estimate means in the domain, each over the rows where its variable is known.

    :math:`\bar y = \sum w_i y_i / \sum w_i`; the influence of row i is :math:`w_i (y_i - \bar y) / \sum w_j`.

    Parameters
    ----------
    design : SurveyDesign
    names : str or sequence of str
        Numbers; or flags, whose mean is the share of yes.
    by : str or sequence of str, optional
        Categories, flags or texts: a mean in each of their groups. Missing values form no group.

    Returns
    -------
    Estimate
        One row a group and name, in the units of the variable; their joint covariance is known.

    Raises
    ------
    UnknownVariableError
        A name that the data do not have.
    DesignError
        A name that is no number, or known for nobody.

    Notes
    -----
    Binder DA (1983), On the variances of asymptotically normal estimators from complex surveys. International
    Statistical Review 51:279-292. doi:10.2307/1402588

    Examples
    --------
    >>> import pandas as pd
    >>> from cofactor.survey import SurveyDesign
    >>> data = pd.DataFrame({
    ...     "analysis_weight": [1.0, 1, 2, 2], "strata": 1, "psu": [1, 2, 3, 4], "x": [1.0, 2, 3, 4]})
    >>> weighted_mean(SurveyDesign(data), "x").table().round(4)[["term", "estimate", "se", "df"]]
      term  estimate      se   df
    0    x    2.8333  0.5966  3.0
    """
    return _each(design, names, by, mean_of)


def weighted_total(design: SurveyDesign, names: str | Sequence[str], *, by: By = None) -> Estimate:
    r"""Estimate totals in the domain, each over the rows where its variable is known.

    :math:`t = \sum w_i y_i`; the influence of row i is :math:`w_i y_i`, which sums to the total. The total of a flag is
    the number of people who have it. Rows with missing values count nothing and stand in the notes.

    Parameters
    ----------
    design, names, by
        As in `weighted_mean`.

    Returns
    -------
    Estimate
        One row a group and name.

    Raises
    ------
    UnknownVariableError, DesignError
        As in `weighted_mean`.

    Examples
    --------
    >>> import pandas as pd
    >>> from cofactor.survey import SurveyDesign
    >>> data = pd.DataFrame({
    ...     "analysis_weight": [1.0, 1, 2, 2], "strata": 1, "psu": [1, 2, 3, 4], "x": [1.0, 2, 3, 4]})
    >>> weighted_total(SurveyDesign(data), "x").values.tolist()
    [17.0]
    """
    return _each(design, names, by, _total)


def _each(
    design: SurveyDesign, names: str | Sequence[str], by: By, make: Callable[[KnownRows, Floats], Quantity]
) -> Estimate:
    wanted = [names] if isinstance(names, str) else list(names)
    if not wanted:
        raise DesignError("no variable is named; give one, or a list of some")
    groups = groups_of(design, by)
    quantities, notes = [], list[str]()
    for name in wanted:
        values = number_of(design, name)
        known, more = known_rows(design, groups, ~np.isnan(values), name)
        quantities.append(make(known, values[known.rows]))
        notes += more
    return grouped_estimate(design, groups, wanted, quantities, notes)


def mean_of(known: KnownRows, values: Floats) -> Quantity:
    """Return the mean of values (m,) of the known rows in each group."""
    with np.errstate(invalid="ignore"):
        weight = known.totals(known.weights)
        means = known.totals(known.weights * values) / weight
    return Quantity(known, means, known.weights * (values - means[known.groups]) / weight[known.groups])


def _total(known: KnownRows, values: Floats) -> Quantity:
    influence = known.weights * values
    return Quantity(known, known.totals(influence), influence)
