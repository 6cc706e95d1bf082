"""Questions to a fit: the difference between two sets of values, and joint tests of terms."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from cofactor.errors import FitError, UnknownVariableError
from cofactor.models.columns import is_category
from cofactor.models.fit import Fit
from cofactor.survey.estimate import Estimate, linear
from cofactor.survey.wald import WaldTest, wald_f

Floats = npt.NDArray[np.float64]
Values = Mapping[str, Any]


def contrast(fit: Fit, high: Values, low: Values) -> Estimate:
    """Return the difference of the linear predictor between `high` and `low`: a log ratio for Cox, logit and log links.

    Parameters
    ----------
    fit : Fit
    high, low : dict of variable to value
        The same variables in both, in the units of the data. A value may be a list: one row of the result each.

    Returns
    -------
    Estimate
        One row a comparison; ``.table(exponentiate=True)`` gives ratios.

    Raises
    ------
    UnknownVariableError
        A variable that the formula does not use.
    FitError
        The dicts name different variables, or a variable that interacts with a named one is not given.
    FormulaError
        A level that the fit has not seen.

    Examples
    --------
    >>> import pandas as pd
    >>> from cofactor.models import fit_glm
    >>> from cofactor.survey import SurveyDesign
    >>> data = pd.DataFrame({
    ...     "analysis_weight": 1.0, "strata": [1] * 4 + [2] * 4, "psu": [1, 1, 2, 2] * 2,
    ...     "y": [1.0, 2, 3, 4, 2, 3, 4, 6], "x": [0.0, 1, 2, 3, 1, 2, 3, 4]})
    >>> fit = fit_glm(SurveyDesign(data), "y ~ x")
    >>> contrast(fit, {"x": 3}, {"x": 1}).table().loc[0, "term"]
    'x = 3 against 1'
    """
    matrix, terms = contrast_rows(fit, high, low)
    return linear(fit.estimate, matrix, terms)


def contrast_rows(fit: Fit, high: Values, low: Values) -> tuple[Floats, list[str]]:
    """Return the differences of model rows (r, p) that `contrast` applies to the coefficients, and their names."""
    _check_names(fit, high, low)
    lists = {name: (_as_list(high[name]), _as_list(low[name])) for name in high}
    size = max(len(values) for pair in lists.values() for values in pair)
    ends = []
    for side in (0, 1):
        frame = _filler(fit, size, list(lists))
        for name, pair in lists.items():
            frame[name] = _column(fit, name, _repeated(pair[side], size, name))
        ends.append(fit.spec.new_rows(frame, touching=lists))
    terms = [_label({name: (_at(pair[0], i), _at(pair[1], i)) for name, pair in lists.items()}) for i in range(size)]
    return ends[0] - ends[1], terms


def _check_names(fit: Fit, high: Values, low: Values) -> None:
    if set(high) != set(low) or not high:
        raise FitError(
            f"`high` names {', '.join(high) or 'nothing'} and `low` {', '.join(low) or 'nothing'}: "
            "name the same variables in both"
        )
    for name in high:
        if name not in fit.spec.variables:
            raise UnknownVariableError.suggest(name, fit.spec.variables, f"the formula {fit.formula!r}")
    moved = {name for name in high if _differs(high[name], low[name])}
    for term in fit.spec.parsed.terms:
        inside = {name for factor in term.factors for name in factor.variables}
        absent = sorted(inside - set(high))
        if inside & moved and absent:
            raise FitError(
                f"{', '.join(sorted(inside & moved))} interacts with {', '.join(absent)} in {fit.formula!r}: "
                f"give {', '.join(absent)} in both `high` and `low`"
            )


def _differs(high: Any, low: Any) -> bool:
    return list(map(str, _as_list(high))) != list(map(str, _as_list(low)))


def _as_list(value: Any) -> list[Any]:
    if isinstance(value, str) or not hasattr(value, "__iter__"):
        return [value]
    return list(value)


def _repeated(values: list[Any], size: int, name: str) -> list[Any]:
    if len(values) not in (1, size):
        raise FitError(f"{name!r} has {len(values)} values where another variable has {size}; give one, or as many")
    return values * size if len(values) == 1 else values


def _at(values: list[Any], i: int) -> Any:
    return values[0] if len(values) == 1 else values[i]


def _filler(fit: Fit, size: int, names: list[str]) -> pd.DataFrame:
    """Return `size` copies of one row used: what is not named is the same on both sides and drops out."""
    first = int(np.argmax(fit.used_rows))
    row = fit.design.data.loc[:, list(fit.spec.variables_with(names))].iloc[[first] * size]
    return row.reset_index(drop=True)


def rows_with(fit: Fit, data: pd.DataFrame, given: Mapping[str, Any]) -> Floats:
    """Return the model's rows (m, p) of people to whom some variables are given, the others as they are."""
    return fit.spec.new_rows(
        data.assign(**{name: column_like(fit, name, value, data.index) for name, value in given.items()})
    )


def column_like(fit: Fit, name: str, value: Any, index: pd.Index[Any]) -> pd.Series[Any]:
    """Return one value for everybody as a column of the type that the fit saw; raises FitError as `contrast`."""
    return _column(fit, name, [value]).iloc[[0] * len(index)].set_axis(index)


def _column(fit: Fit, name: str, values: list[Any]) -> pd.Series[Any]:
    """Return values as a column of the type that the fit saw, so that a level is a level and a number a number."""
    kind = fit.design.data[name].dtype
    if isinstance(kind, pd.CategoricalDtype):
        unknown = [value for value in values if value not in kind.categories]
        if unknown:
            raise FitError(f"{name!r} has no level {unknown[0]!r}; there are {', '.join(map(str, kind.categories))}")
        return pd.Series(pd.Categorical(values, dtype=kind))
    if is_category(fit.design.data[name]):
        return pd.Series(values, dtype=object)
    try:
        made = np.asarray(values, dtype=np.float64)
    except (TypeError, ValueError):
        raise FitError(f"{name!r} is a number in {fit.formula!r}; got {values[0]!r}") from None
    if pd.api.types.is_bool_dtype(kind) and not np.isin(made, (0.0, 1.0)).all():
        raise FitError(f"{name!r} is a flag in {fit.formula!r}: True or False, not {values[0]!r}")
    return pd.Series(made)


def _label(pairs: Mapping[str, tuple[Any, Any]]) -> str:
    moved = {name: pair for name, pair in pairs.items() if pair[0] != pair[1]}
    same = [f"{name} = {_shown(pair[0])}" for name, pair in pairs.items() if name not in moved]
    text = ", ".join(f"{name} = {_shown(a)} against {_shown(b)}" for name, (a, b) in moved.items())
    return f"{text or 'no difference'}{' at ' + ', '.join(same) if same else ''}"


def _shown(value: Any) -> str:
    return f"{value:g}" if isinstance(value, (int, float, np.number)) and not isinstance(value, bool) else str(value)


def wald_test(fit: Fit, terms: str | Sequence[str]) -> WaldTest:
    r"""Test that all coefficients of formula terms are 0.

    With q coefficients, :math:`W = b' V^{-1} b` and d degrees of freedom of the design,
    :math:`F = W (d - q + 1) / (q d)` on q and d - q + 1 degrees of freedom.

    Parameters
    ----------
    fit : Fit
    terms : str or sequence of str
        Terms as the formula writes them; the order of factors is free: ``"vitd_status:magnesium_diet_mg"``.

    Raises
    ------
    UnknownVariableError
        A term that the model does not have.
    FitError
        More coefficients than degrees of freedom, or coefficients whose covariance is singular.

    Notes
    -----
    Korn EL, Graubard BI (1990), Simultaneous testing of regression coefficients with complex survey data. American
    Statistician 44:270-276. doi:10.1080/00031305.1990.10475737

    Examples
    --------
    >>> import pandas as pd
    >>> from cofactor.models import fit_glm
    >>> from cofactor.survey import SurveyDesign
    >>> data = pd.DataFrame({
    ...     "analysis_weight": 1.0, "strata": [1] * 4 + [2] * 4, "psu": [1, 1, 2, 2] * 2,
    ...     "y": [1.0, 2, 3, 4, 2, 3, 4, 6], "x": [0.0, 1, 2, 3, 1, 2, 3, 4]})
    >>> wald_test(fit_glm(SurveyDesign(data), "y ~ x"), "x").df2
    2.0
    """
    asked = (terms,) if isinstance(terms, str) else tuple(terms)
    if not asked:
        raise FitError(f"no term is named; test some of {', '.join(term.name for term in fit.spec.parsed.terms)}")
    positions = list(fit.spec.positions(asked))
    return wald_f(fit.estimate.values[positions], fit.covariance[np.ix_(positions, positions)], fit.df, asked)
