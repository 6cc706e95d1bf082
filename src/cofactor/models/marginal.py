"""Marginal means and effects of a generalised linear model: its predictions averaged over the people of the design."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from cofactor.errors import FitError, UnknownVariableError
from cofactor.models.against_first import against_first
from cofactor.models.columns import has_levels, is_category
from cofactor.models.contrast import rows_with
from cofactor.models.families import FAMILIES
from cofactor.models.fit import Fit
from cofactor.survey.estimate import Estimate, from_influence

Floats = npt.NDArray[np.float64]
STEP = 1e-4  # of a standard deviation, of central differences


@dataclass(frozen=True, eq=False, repr=False)
class MarginalMeans:
    """Mean predictions with everybody at each level of a variable, and what compares them.

    Attributes
    ----------
    means : Estimate
        One row a level, on the scale of the outcome; labels: the variable, term.
    differences, ratios : Estimate
        Each level against the first; ratios by their logarithm.
    """

    means: Estimate
    differences: Estimate
    ratios: Estimate | None

    def table(self, level: float = 0.95) -> pd.DataFrame:
        """Return the means: one row a level, with the variable, term, estimate, se, low, high, df."""
        return self.means.table(level=level).drop(columns="p")

    def __repr__(self) -> str:
        """Return the means as text."""
        return repr(self.means)

    def _repr_html_(self) -> str:
        return self.means._repr_html_()


def marginal_means(fit: Fit, variable: str, levels: Sequence[Any] | None = None) -> MarginalMeans:
    r"""Average a model's predictions over the people of the domain, everybody at each level of a variable.

    :math:`m(a) = \sum_i w_i \mu(x_i(a)'b) / \sum_i w_i` over the rows used. The influence is that of the people
    averaged over and, by the chain rule, of the coefficients.

    Parameters
    ----------
    fit : Fit
        A generalised linear model.
    variable : str
        Of the formula.
    levels : sequence, optional
        Its values, the first the one compared with; needed for a number, else all levels that the rows used have.

    Returns
    -------
    MarginalMeans
        Of a binary outcome: standardised risks, risk differences and risk ratios. `ratios` is None where a mean is not
        positive.

    Raises
    ------
    UnknownVariableError
        A variable that the formula does not have.
    FitError
        No generalised linear model; a number without levels, one level alone, or one that the fit has not seen.

    Notes
    -----
    Graubard BI, Korn EL (1999), Predictive margins with survey data. Biometrics 55:652-659.
    doi:10.1111/j.0006-341X.1999.00652.x. R: ``svypredmeans`` has the same means, and adds up the two parts of the
    variance as if they were independent.

    Examples
    --------
    >>> import pandas as pd
    >>> from cofactor.models import fit_glm
    >>> from cofactor.survey import SurveyDesign
    >>> data = pd.DataFrame({
    ...     "analysis_weight": 1.0, "strata": [1] * 4 + [2] * 4, "psu": [1, 1, 2, 2] * 2,
    ...     "y": [0, 1, 0, 1, 1, 1, 0, 1], "x": [0.0, 1, 0, 1, 0, 1, 0, 1]})
    >>> fit = fit_glm(SurveyDesign(data), "y ~ x", family="poisson")
    >>> marginal_means(fit, "x", [0, 1]).means.values.round(3).tolist()
    [0.25, 1.0]
    """
    link = _link(fit, variable)
    used = fit.used_rows
    data = fit.design.data.loc[used, list(fit.spec.variables)]
    values = _levels(fit, data[variable], variable, levels)
    rows = [rows_with(fit, data, {variable: value}) for value in values]
    etas = [x @ fit.estimate.values for x in rows]
    predictions = np.stack([link.inverse(eta) for eta in etas], axis=1)
    weights = _shares(fit)
    slopes = np.stack([(weights * link.inverse_deriv(eta)) @ x for x, eta in zip(rows, etas, strict=True)])
    labels = pd.DataFrame({variable: values, "term": [f"{variable} = {value}" for value in values]})
    means = _averaged(fit, predictions, slopes, labels)
    return MarginalMeans(means, *against_first(means, len(values)))


def average_marginal_effect(fit: Fit, variable: str) -> Estimate:
    r"""Return by how much the mean prediction changes with a unit of a number, averaged over the people of the domain.

    :math:`\sum_i w_i \, d\mu(x_i'b)/dv \,/ \sum_i w_i`, the derivative taken by central differences through all terms
    (splines, powers, products) that the variable stands in.

    Parameters
    ----------
    fit : Fit
        A generalised linear model.
    variable : str
        A number of the formula. Of a category or flag, `marginal_means` gives the differences.

    Raises
    ------
    UnknownVariableError
        A variable that the formula does not have.
    FitError
        No generalised linear model, or a variable that is no number.

    Examples
    --------
    >>> import pandas as pd
    >>> from cofactor.models import fit_glm
    >>> from cofactor.survey import SurveyDesign
    >>> data = pd.DataFrame({
    ...     "analysis_weight": 1.0, "strata": [1] * 4 + [2] * 4, "psu": [1, 1, 2, 2] * 2,
    ...     "y": [1.0, 2, 3, 4, 2, 3, 4, 6], "x": [0.0, 1, 2, 3, 1, 2, 3, 4]})
    >>> average_marginal_effect(fit_glm(SurveyDesign(data), "y ~ x"), "x").values.round(3).tolist()
    [1.167]
    """
    link = _link(fit, variable)
    data = fit.design.data.loc[fit.used_rows, list(fit.spec.variables)]
    if has_levels(data[variable]):
        raise FitError(f"{variable!r} is no number; marginal_means(fit, {variable!r}) compares its levels")
    number = data[variable].to_numpy(dtype=np.float64)
    step = STEP * (float(number.std()) or 1.0)
    weights, predictions, slopes = _shares(fit), [], []
    for sign in (1.0, -1.0):
        x = fit.spec.new_rows(data.assign(**{variable: number + sign * step}))
        eta = x @ fit.estimate.values
        predictions.append(link.inverse(eta))
        slopes.append((weights * link.inverse_deriv(eta)) @ x)
    effect = (predictions[0] - predictions[1])[:, np.newaxis] / (2.0 * step)
    labels = pd.DataFrame({"term": [f"{variable}: average marginal effect"]})
    made = _averaged(fit, effect, ((slopes[0] - slopes[1]) / (2.0 * step))[np.newaxis], labels)
    return replace(made, tested=True)


def _link(fit: Fit, variable: str) -> Any:
    if fit.kind != "glm" or fit.family is None or fit.link is None:
        raise FitError(f"marginal means need a generalised linear model; {fit.formula!r} is a {fit.kind} fit")
    if variable not in fit.spec.variables:
        raise UnknownVariableError.suggest(variable, fit.spec.variables, f"the formula {fit.formula!r}")
    return FAMILIES[fit.family].model(fit.link).link


def _levels(fit: Fit, column: pd.Series[Any], variable: str, levels: Sequence[Any] | None) -> list[Any]:
    if levels is not None:
        found = list(levels)
    elif pd.api.types.is_bool_dtype(column.dtype):
        found = [False, True]
    elif isinstance(column.dtype, pd.CategoricalDtype):
        found = [level for level in column.cat.categories if (column == level).any()]
    elif is_category(column):
        found = sorted(column.unique())
    else:
        raise FitError(f"{variable!r} is a number in {fit.formula!r}: give the levels to compare")
    if len(found) < 2:
        raise FitError(f"marginal means compare levels of {variable!r}; give two or more")
    return found


def _shares(fit: Fit) -> Floats:
    weights = fit.design.weights[fit.used_rows]
    return np.asarray(weights / weights.sum())


def _averaged(fit: Fit, values: Floats, slopes: Floats, labels: pd.DataFrame) -> Estimate:
    """Return the weighted means of values (m, k), whose derivatives in the coefficients are slopes (k, p)."""
    weights = _shares(fit)
    means = weights @ values
    influence = fit.influence() @ slopes.T
    influence[fit.used_rows] += weights[:, np.newaxis] * (values - means)
    return from_influence(fit.design, labels, means, influence, np.full(len(means), fit.df), rows=fit.used_rows)
