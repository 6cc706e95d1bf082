"""What an estimate would be without some of its people, from influence alone: by PSU, by any group, by person."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy import sparse

from cofactor.errors import FitError, UnknownVariableError
from cofactor.models.fit import Fit

Floats = npt.NDArray[np.float64]
Indices = npt.NDArray[np.intp]


def leave_out(fit: Fit, group: str = "psu") -> pd.DataFrame:
    r"""Return each coefficient as it would be without each group of people in turn, to first order, without refits.

    :math:`\theta_{(g)} \approx \theta - \sum_{i \in g} z_i / (1 - s_g)`, with the influence z of the rows and the
    group's share s of the weight used. It is exact for a mean.

    Parameters
    ----------
    fit : Fit
    group : str
        "psu": each PSU of the design that holds rows used. Else a column of its data, as the cycle; rows where it is
        missing belong to no group.

    Returns
    -------
    DataFrame
        A row a group and coefficient: the group (for "psu" the columns stratum and psu), n (its rows used), term,
        estimate (with everybody), without, change (without less estimate), and change_in_se, on the model's scale.

    Raises
    ------
    UnknownVariableError
        A column that the data do not have.
    FitError
        A column with fewer than two groups among the rows used.

    Notes
    -----
    The error is of second order: it grows with the square of the share left out. In a Cox model of 9,000 people in
    nine cycles it was at most 3% of a standard error where leaving out a cycle moved the estimate by 1.3 of them.
    Hampel FR (1974), The influence curve and its role in robust estimation. Journal of the American Statistical
    Association 69:383-393. doi:10.1080/01621459.1974.10482962

    Examples
    --------
    >>> from cofactor.models import fit_glm
    >>> from cofactor.survey import SurveyDesign
    >>> data = pd.DataFrame({
    ...     "analysis_weight": 1.0, "strata": 1, "psu": [1, 1, 2, 2, 3, 3], "y": [1.0, 2, 3, 4, 5, 9]})
    >>> leave_out(fit_glm(SurveyDesign(data), "y ~ 1"))[["psu", "n", "estimate", "without"]].round(6)
       psu  n  estimate  without
    0    1  2       4.0     5.25
    1    2  2       4.0     4.25
    2    3  2       4.0     2.50
    """
    codes, labels = _psus(fit) if group == "psu" else _groups(fit, group)
    weight = fit.design.weights * fit.used_rows
    inside = codes >= 0
    share = np.bincount(codes[inside], weights=weight[inside], minlength=len(labels)) / weight.sum()
    people = np.bincount(codes[fit.used_rows & inside], minlength=len(labels))
    totals = fit.estimate.psu_totals[labels.index] if group == "psu" else _totals(fit.influence(), codes, len(labels))
    change = -totals / (1.0 - share)[:, np.newaxis]
    return _table(fit, labels.assign(n=people), change)


def most_influential(fit: Fit, term: str, n: int = 10) -> pd.DataFrame:
    """Return the people who move a coefficient most, with what it would be without each of them, to first order.

    Parameters
    ----------
    fit : Fit
    term : str
        One of ``fit.terms``.
    n : int
        How many.

    Returns
    -------
    DataFrame
        A row a person, the strongest first: row (label in the index of the data), weight, term, estimate (with
        everybody), without, change, change_in_se, and share: the change over the estimate.

    Raises
    ------
    UnknownVariableError
        The fit has no such coefficient.
    FitError
        `n` is under 1.

    Notes
    -----
    As `leave_out`, with groups of one person.

    Examples
    --------
    >>> from cofactor.models import fit_glm
    >>> from cofactor.survey import SurveyDesign
    >>> data = pd.DataFrame({
    ...     "analysis_weight": 1.0, "strata": 1, "psu": [1, 1, 2, 2, 3, 3], "y": [1.0, 2, 3, 4, 5, 9]})
    >>> most_influential(fit_glm(SurveyDesign(data), "y ~ 1"), "Intercept", 2)[["row", "without", "share"]].round(6)
       row  without  share
    0    5      3.0  -0.25
    1    0      4.6   0.15
    """
    if n < 1:
        raise FitError(f"n={n} people cannot be shown; give 1 or more")
    estimate = fit.coefficient(term)
    position = fit.terms.index(term)
    weight = fit.design.weights * fit.used_rows
    moved = -fit.influence()[:, position] / (1.0 - weight / weight.sum())
    rows = np.flatnonzero(fit.used_rows)
    first = rows[np.argsort(-np.abs(moved[rows]), kind="stable")[:n]]
    change = moved[first]
    return pd.DataFrame({
        "row": fit.design.data.index[first],
        "weight": weight[first],
        "term": term,
        "estimate": estimate,
        "without": estimate + change,
        "change": change,
        "change_in_se": change / fit.estimate.se[position],
        "share": change / estimate if estimate else np.nan,
    })  # fmt: skip


def _psus(fit: Fit) -> tuple[Indices, pd.DataFrame]:
    """Return the PSU of each row (n,), counted among those that hold rows used, and their labels.

    The index of the labels is the number of the PSU in the design.
    """
    design = fit.design
    held = np.flatnonzero(design.psus_holding(fit.used_rows))
    if len(held) < 2:
        raise FitError(f"the rows used by {fit.formula!r} are of one PSU: without it nobody is left")
    first = np.unique(design.psu_index, return_index=True)[1][held]
    names = design.data.index[first] if design.psu is None else design.data[design.psu].iloc[first]
    strata = [design.stratum_label(int(stratum)) for stratum in design.stratum_of_psu[held]]
    position = np.full(design.n_psu, -1, dtype=np.intp)
    position[held] = np.arange(len(held))
    return position[design.psu_index], pd.DataFrame({"stratum": strata, "psu": np.asarray(names)}, index=held)


def _groups(fit: Fit, column: str) -> tuple[Indices, pd.DataFrame]:
    """Return the group of each row used (n,), -1 for none, and the groups in order."""
    data = fit.design.data
    if column not in data:
        raise UnknownVariableError.suggest(column, ["psu", *map(str, data.columns)], "the groups to leave out")
    codes, levels = pd.factorize(data[column].where(pd.Series(fit.used_rows, index=data.index)), sort=True)
    if len(levels) < 2:
        raise FitError(
            f"{column!r} has {len(levels)} group among the rows used by {fit.formula!r}: "
            "leaving groups out needs two or more"
        )
    return np.asarray(codes, dtype=np.intp), pd.DataFrame({column: levels})


def _totals(influence: Floats, codes: Indices, n_groups: int) -> Floats:
    """Add influence (n, p) up by group: (g, p)."""
    rows = np.flatnonzero(codes >= 0)
    indicator = sparse.csr_matrix((np.ones(len(rows)), (codes[rows], rows)), shape=(n_groups, len(codes)))
    return np.asarray(indicator @ influence)


def _table(fit: Fit, groups: pd.DataFrame, change: Floats) -> pd.DataFrame:
    p = len(fit.terms)
    made = groups.loc[groups.index.repeat(p)].reset_index(drop=True)
    made["term"] = np.tile(np.array(fit.terms, dtype=object), len(groups))
    made["estimate"] = np.tile(fit.estimate.values, len(groups))
    made["without"] = (fit.estimate.values + change).ravel()
    made["change"] = change.ravel()
    made["change_in_se"] = (change / fit.estimate.se).ravel()
    return made
