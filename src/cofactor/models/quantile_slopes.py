"""Does a term do the same to all of a distribution? Coefficients of different quantiles compared."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from cofactor.errors import FitError
from cofactor.models.quantile_fit import QuantileFit
from cofactor.survey.estimate import Estimate, linear
from cofactor.survey.wald import WaldTest, wald_f


def slope_difference(fit: QuantileFit, term: str, high: float = 0.9, low: float = 0.1) -> Estimate:
    r"""Return by how much a coefficient differs between two quantiles, with the interval of their joint covariance.

    Parameters
    ----------
    fit : QuantileFit
        With both quantiles.
    term : str
        A coefficient.
    high, low : float
        The difference is that at `high` less that at `low`: above 0 where the term widens the distribution.

    Raises
    ------
    FitError, UnknownVariableError
        A quantile that was not fitted, or the same twice; a coefficient that the fit does not have.

    Examples
    --------
    >>> import numpy as np, pandas as pd
    >>> from cofactor.models import fit_quantile
    >>> from cofactor.survey import SurveyDesign
    >>> i = np.arange(200)
    >>> people = pd.DataFrame({
    ...     "analysis_weight": 1.0 + i % 3, "strata": i % 10, "psu": i // 10 % 2, "x": i * 7 % 31 / 10})
    >>> people["y"] = 2 * people["x"] + (1 + people["x"]) * (i * 13 % 47) / 47
    >>> slope_difference(fit_quantile(SurveyDesign(people), "y ~ x"), "x").values.round(1).tolist()
    [0.8]
    """
    if high == low:
        raise FitError(f"the difference of the quantile {high:g} to itself is 0; give two quantiles")
    above, below = fit.positions([term], high)[0], fit.positions([term], low)[0]
    row = np.zeros(len(fit.estimate.values))
    row[above], row[below] = 1.0, -1.0
    return linear(fit.estimate, row, [f"{term}: quantile {high:g} against {low:g}"])


def equal_slopes_test(fit: QuantileFit, terms: str | Sequence[str]) -> WaldTest:
    r"""Test that coefficients are the same at all quantiles of a fit: that the terms shift the distribution alone.

    A joint Wald test of each quantile's coefficients less the first's. Koenker R, Bassett G (1982), Robust tests for
    heteroscedasticity based on regression quantiles. Econometrica 50:43-61. doi:10.2307/1912528

    Parameters
    ----------
    fit : QuantileFit
        With two quantiles or more.
    terms : str or sequence of str
        Terms as the formula writes them.

    Raises
    ------
    FitError, UnknownVariableError
        One quantile alone, more differences than degrees of freedom, a term that the model does not have.

    Examples
    --------
    >>> import numpy as np, pandas as pd
    >>> from cofactor.models import fit_quantile
    >>> from cofactor.survey import SurveyDesign
    >>> i = np.arange(200)
    >>> people = pd.DataFrame({
    ...     "analysis_weight": 1.0 + i % 3, "strata": i % 10, "psu": i // 10 % 2, "x": i * 7 % 31 / 10})
    >>> people["y"] = 2 * people["x"] + (1 + people["x"]) * (i * 13 % 47) / 47
    >>> equal_slopes_test(fit_quantile(SurveyDesign(people), "y ~ x"), "x").df1
    4.0
    """
    asked = (terms,) if isinstance(terms, str) else tuple(terms)
    if len(fit.quantiles) < 2:
        raise FitError(f"{fit.formula!r} was fitted at one quantile; slopes are compared between two or more")
    names = [fit.terms[i] for i in fit.spec.positions(asked)]
    first = fit.positions(names, fit.quantiles[0])
    rows = np.zeros(((len(fit.quantiles) - 1) * len(names), len(fit.estimate.values)))
    shown = []
    for i, prob in enumerate(fit.quantiles[1:]):
        for j, (above, below) in enumerate(zip(fit.positions(names, prob), first, strict=True)):
            rows[i * len(names) + j, [above, below]] = 1.0, -1.0
        shown.append(prob)
    differences = linear(fit.estimate, rows, [f"{name} at {prob:g}" for prob in shown for name in names])
    return wald_f(differences.values, differences.covariance, fit.df, [f"equal slopes of {', '.join(names)}"])
