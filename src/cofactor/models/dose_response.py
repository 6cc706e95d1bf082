"""The curve of an outcome along a number: ratios or differences against a reference value, and tests of its shape."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from cofactor.display import lines_html, notes_html, table_html
from cofactor.errors import FitError, UnknownVariableError
from cofactor.models.columns import has_levels
from cofactor.models.contrast import contrast_rows
from cofactor.models.fit import Fit
from cofactor.models.shape import bends, joint_test, spanning
from cofactor.survey.estimate import Estimate, linear
from cofactor.survey.quantiles import weighted_quantile_values
from cofactor.survey.wald import WaldTest

Floats = npt.NDArray[np.float64]

POINTS = 100
SHOWN = (0.01, 0.99)  # weighted quantiles between which a curve is drawn if nothing is said: beyond, few people hold it
TESTED = 60  # quantiles at which the shape is read from the model, beside knots and even steps


@dataclass(frozen=True, eq=False, repr=False)
class DoseResponseCurve:
    """Ratios or differences along a number, against one value of it.

    Attributes
    ----------
    variable : str
    reference : float
        Where the ratio is 1, or the difference 0, by definition.
    estimate : Estimate
        One row a value, on the scale of the linear predictor: logarithms of ratios, or differences.
    association : WaldTest or None
        That the curve is flat. None where it has more coefficients than the design has degrees of freedom.
    non_linearity : WaldTest or None
        That the curve is a straight line on the scale of the linear predictor. None where the model holds nothing but
        a straight line, or no straight line at all.
    knots : tuple of float
        Of the spline of the variable, if it has one.
    notes : tuple of str
    """

    variable: str
    reference: float
    estimate: Estimate
    association: WaldTest | None
    non_linearity: WaldTest | None
    knots: tuple[float, ...]
    notes: tuple[str, ...]

    def table(self, level: float = 0.95) -> pd.DataFrame:
        """Return one row a value: the variable, estimate, se, low, high, p, df.

        The estimate and its limits are ratios where the model has them (se is that of the logarithm), else differences.
        """
        made = self.estimate.table(level=level, exponentiate=self.estimate.log_scale)
        return made.drop(columns="term")

    def __repr__(self) -> str:
        """Return the curve at ten values, the tests and the notes as text."""
        shown = self.table()
        thinned = shown.iloc[np.unique(np.linspace(0, len(shown) - 1, min(len(shown), 10)).round().astype(int))]
        kind = "ratios" if self.estimate.log_scale else "differences"
        head = f"{kind} against {self.variable} = {self.reference:g}"
        tests = [str(test) for test in (self.association, self.non_linearity) if test is not None]
        return "\n".join([head, thinned.to_string(index=False), *tests, *(f"note: {note}" for note in self.notes)])

    def _repr_html_(self) -> str:
        kind = "Ratios" if self.estimate.log_scale else "Differences"
        table = table_html(self.table(), caption=f"{kind} against {self.variable} = {self.reference:g}")
        tests = [str(test) for test in (self.association, self.non_linearity) if test is not None]
        return table + lines_html(tests) + notes_html(self.notes)


def dose_response(
    fit: Fit,
    variable: str,
    values: npt.ArrayLike | None = None,
    *,
    reference: float,
    at: Mapping[str, Any] | None = None,
) -> DoseResponseCurve:
    r"""Return the curve of a number against a reference value, by the model's own description.

    With :math:`x(v)` the row of the model at value v, :math:`g(v) = (x(v) - x(v_0))'b`; its influence is the same
    combination of that of b. Intervals are pointwise; the covariance with any other estimate of the design is known.
    Any terms will do: splines, polynomials, powers, logarithms, a straight line, products with what is given `at`.

    Parameters
    ----------
    fit : Fit
    variable : str
        A number of the formula.
    values : array (r,), optional
        In its unit; else 100 between the weighted 1st and 99th percentile of the rows used.
    reference : float
        In its unit. It is fixed beforehand: the interval is narrow near it by construction.
    at : mapping, optional
        Values of variables that interact with it: the curve is then that of these people.

    Returns
    -------
    DoseResponseCurve
        Hazard, odds, risk or mean ratios where the model has logarithms of these, else differences on the scale of
        the link.

    Raises
    ------
    UnknownVariableError
        A variable that the formula does not use.
    FitError
        A category or flag; values that are not finite; a variable that interacts and is not given.

    Notes
    -----
    The test of non-linearity is the Wald F of the combinations of coefficients that are 0 exactly where the curve is a
    straight line: of a restricted cubic spline, its non-linear terms. Harrell FE (2015), Regression Modeling
    Strategies, 2nd ed., section 2.4. doi:10.1007/978-3-319-19425-7. The F: Korn EL, Graubard BI (1990),
    doi:10.1080/00031305.1990.10475737. Reference values: Orsini N, Greenland S (2011), A procedure to tabulate and plot
    results after flexible modeling of a quantitative covariate. Stata Journal 11:1-29. doi:10.1177/1536867X1101100101

    Examples
    --------
    >>> import numpy as np, pandas as pd
    >>> from cofactor.models import fit_glm
    >>> from cofactor.survey import SurveyDesign
    >>> x = np.arange(40.0)
    >>> data = pd.DataFrame({
    ...     "analysis_weight": 1.0, "strata": np.arange(40) % 5, "psu": np.arange(40) // 5 % 2, "x": x,
    ...     "y": 0.01 * x**2 + np.sin(7 * x)})
    >>> curve = dose_response(fit_glm(SurveyDesign(data), "y ~ poly(x, 2)"), "x", [10, 20, 30], reference=10)
    >>> curve.estimate.values.round(2).tolist()
    [0.0, 2.89, 8.03]
    >>> curve.non_linearity.df1
    1.0
    """
    seen = number_of(fit, variable)
    asked = between_percentiles(fit, seen, POINTS) if values is None else finite(values, variable)
    start = finite([reference], f"the reference of {variable}")[0]
    held = dict(at or {})
    rows, terms = contrast_rows(fit, {variable: list(asked), **held}, {variable: start, **held})
    made = linear(fit.estimate, rows, terms)
    labels = pd.DataFrame({variable: asked, "term": terms})
    association, non_linearity = _tests(fit, variable, seen, start, held)
    return DoseResponseCurve(
        variable=variable,
        reference=float(start),
        estimate=replace(made, labels=labels),
        association=association,
        non_linearity=non_linearity,
        knots=knots_of(fit, variable),
        notes=(*fit.notes, *_notes(fit, variable, asked, seen, held)),
    )


def number_of(fit: Fit, variable: str) -> Floats:
    """Return the values (m,) of a number of the formula on the rows used; raises as `dose_response`."""
    if variable not in fit.spec.variables:
        raise UnknownVariableError.suggest(variable, fit.spec.variables, f"the formula {fit.formula!r}")
    values = fit.design.data[variable]
    by_level = any(f.levels is not None and variable in f.code.variables for f in fit.spec.factors.values())
    if by_level or has_levels(values):
        raise FitError(
            f"{variable!r} is a category or a flag in {fit.formula!r}, and has no curve; contrast() and the table of "
            "the fit compare its levels"
        )
    return np.asarray(values.to_numpy(dtype=np.float64, na_value=np.nan)[fit.used_rows])


def finite(values: npt.ArrayLike, name: str) -> Floats:
    """Return values as an array (r,), or raise FitError where there are none or one is no number."""
    try:
        made = np.atleast_1d(np.asarray(values, dtype=np.float64)).ravel()
    except (TypeError, ValueError):
        raise FitError(f"the values of {name} must be numbers; got {values!r}") from None
    if not made.size or not np.isfinite(made).all():
        raise FitError(f"the values of {name} must be one or more finite numbers; got {made.tolist()}")
    return made


def between_percentiles(fit: Fit, seen: Floats, points: int) -> Floats:
    """Return so many values between the weighted 1st and 99th percentile of what the rows used have."""
    low, high = weighted_quantile_values(seen, fit.design.weights[fit.used_rows], np.asarray(SHOWN))
    return np.linspace(low, high, points)


def telling_values(fit: Fit, variable: str, seen: Floats, number: int) -> Floats:
    """Return rising values at which a curve shows its shape: quantiles, even steps, knots and what lies between them.

    Even steps alone would pass over all knots of a skewed variable.
    """
    knots = np.asarray(knots_of(fit, variable))
    middles = (knots[1:] + knots[:-1]) / 2.0
    steps = np.linspace(seen.min(), seen.max(), number // 3)
    values = np.concatenate([np.quantile(seen, np.linspace(0.0, 1.0, number)), steps, knots, middles])
    return np.unique(values[(values >= seen.min()) & (values <= seen.max())])


def knots_of(fit: Fit, variable: str) -> tuple[float, ...]:
    """Return the knots of the first spline of a variable itself, () without one."""
    for factor in fit.spec.factors.values():
        if factor.knots is not None and factor.code.operand == variable:
            return factor.knots
    return ()


def _tests(
    fit: Fit, variable: str, seen: Floats, reference: float, held: Mapping[str, Any]
) -> tuple[WaldTest | None, WaldTest | None]:
    values = telling_values(fit, variable, seen, TESTED)
    rows, _ = contrast_rows(fit, {variable: list(values), **held}, {variable: reference, **held})
    bent = bends(values, rows)
    flat = joint_test(fit.estimate, spanning(rows), fit.df, variable)
    return flat, None if bent is None else joint_test(fit.estimate, bent, fit.df, f"{variable}, non-linear part")


def _notes(fit: Fit, variable: str, asked: Floats, seen: Floats, held: Mapping[str, Any]) -> tuple[str, ...]:
    notes = []
    outside = int(((asked < seen.min()) | (asked > seen.max())).sum())
    if outside:
        notes.append(f"{outside} values lie outside the data, where {variable} is {seen.min():g} to {seen.max():g}")
    if held:
        notes.append("the curve is that at " + ", ".join(f"{name} = {value}" for name, value in held.items()))
    if not fit.estimate.log_scale and fit.link != "identity":
        notes.append(f"differences are on the scale of the {fit.link} link")
    return tuple(notes)
