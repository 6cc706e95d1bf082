"""Generalised linear models on survey designs: pseudo-likelihood estimates with design-based covariance."""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from cofactor.errors import CofactorWarning, FitError, FormulaError
from cofactor.models.fit import Fit, ModelRows, assemble, model_rows
from cofactor.models.formula import Cuts, MatrixSpec, response_values
from cofactor.models.irls import Solution, solve
from cofactor.models.parse import parse_formula
from cofactor.models.threads import one_blas_thread
from cofactor.survey.variance import psu_totals

if TYPE_CHECKING:
    from cofactor.survey.design import SurveyDesign

Floats = npt.NDArray[np.float64]

_FAMILIES = {"gaussian": ("Gaussian", "identity"), "binomial": ("Binomial", "logit"), "poisson": ("Poisson", "log")}


def fit_glm(
    design: SurveyDesign,
    formula: str,
    *,
    family: str = "gaussian",
    cuts: Cuts | None = None,
    like: MatrixSpec | None = None,
    df: str = "design",
) -> Fit:
    r"""Fit a generalised linear model by weighted pseudo-likelihood, with design-based covariance.

    The coefficients solve :math:`\sum_i w_i x_i (y_i-\mu_i)\,\mu'_i/V(\mu_i) = 0` over the rows of the domain whose
    variables are all known; row i's influence is its term of that sum times the inverse information.

    Parameters
    ----------
    design : SurveyDesign
        n rows; those outside its domain keep their PSUs and carry zero influence.
    formula : str
        ``"outcome ~ terms"``; see `cofactor.models.formula.design_matrix`.
    family : {"gaussian", "binomial", "poisson"}
        With the canonical link: identity, logit, log. A 0/1 outcome with "poisson" gives risk ratios.
    cuts : mapping, optional
        Knots by name, for ``rcs(x, knots=name)``.
    like : MatrixSpec, optional
        ``other_fit.spec``: take its levels, references and knots.
    df : {"design", "residual"}
        Degrees of freedom: PSUs - strata among the rows used, or that + 1 - coefficients as R's svyglm.

    Returns
    -------
    Fit
        Coefficients on the link's scale; ``.table(exponentiate=True)`` gives odds or rate ratios.

    Raises
    ------
    FormulaError, UnknownVariableError
        The formula cannot be understood or names what the data do not have.
    FitError
        An outcome that the family cannot have, no events, collinear columns, no convergence, no degrees of freedom.

    Warns
    -----
    CofactorWarning
        A coefficient that runs off to infinity (separation), or more coefficients than degrees of freedom.

    Notes
    -----
    Binder DA (1983), On the variances of asymptotically normal estimators from complex surveys. International
    Statistical Review 51:279-292. doi:10.2307/1402588

    Examples
    --------
    >>> import pandas as pd
    >>> from cofactor.survey import SurveyDesign
    >>> data = pd.DataFrame({
    ...     "analysis_weight": 1.0, "strata": [1] * 4 + [2] * 4, "psu": [1, 1, 2, 2] * 2,
    ...     "y": [1.0, 2, 3, 4, 2, 3, 4, 6], "x": [0.0, 1, 2, 3, 1, 2, 3, 4]})
    >>> fit = fit_glm(SurveyDesign(data), "y ~ x")
    >>> round(fit.coefficient("x"), 3)
    1.167
    """
    if family not in _FAMILIES:
        raise FitError(f"unknown family {family!r}; there are: {', '.join(sorted(_FAMILIES))}")
    if df not in ("design", "residual"):
        raise FitError(f"df={df!r} is unknown; use 'design' (PSUs - strata) or 'residual' (as R's svyglm)")
    parsed = parse_formula(formula)
    if parsed.response is None:
        raise FormulaError(f"the formula {formula!r} has no outcome; write 'outcome ~ terms'")
    event = None if family == "gaussian" else response_values(parsed, design.data, design.in_domain)
    rows = model_rows(design, formula, event=event, cuts=cuts, like=like)
    y = _checked_outcome(rows, family, formula)
    model = _family(family)
    scaled = rows.weights / rows.weights.mean()
    with one_blas_thread():
        solution = solve(rows.matrix.values, y, scaled, model, formula)
    return _result(design, rows, scaled, family, model, solution, df)


def _family(name: str) -> Any:
    from statsmodels.genmod import families

    return getattr(families, _FAMILIES[name][0])()


def _checked_outcome(rows: ModelRows, family: str, formula: str) -> Floats:
    """Return the outcome (m,), or raise FitError where the family cannot have it."""
    y, name = rows.matrix.response, rows.matrix.response_name
    assert y is not None
    where = f"the outcome {name!r} of {formula!r}"
    if family == "binomial":
        other = np.unique(y[(y != 0.0) & (y != 1.0)])
        if other.size:
            shown = ", ".join(f"{value:g}" for value in other[:3])
            raise FitError(f"{where} must be 0 or 1, false or true; it also has {shown}. Use I({name} == value)")
        if y.min() == y.max():
            raise FitError(f"{where} is {y[0]:g} in all {y.size} rows used: there is nothing to explain")
    if family == "poisson":
        if y.min() < 0.0:
            raise FitError(f"{where} has negative values ({y.min():g}); a Poisson model counts from 0")
        if y.max() == 0.0:
            raise FitError(f"{where} is 0 in all {y.size} rows used: there are no events")
    return y


@dataclass(frozen=True, eq=False)
class _Influence:
    """Gives the influence (n, p) of every row when asked, from the description of the matrix; holds no matrix."""

    design: SurveyDesign
    spec: MatrixSpec
    rows: npt.NDArray[np.bool_]
    solution: Solution

    def __call__(self) -> Floats:
        values = self.spec.new_rows(self.design.data.loc[self.rows])
        made = np.zeros((self.rows.size, values.shape[1]))
        made[self.rows] = self.solution.scores(values) @ self.solution.to_influence
        return made


def _result(
    design: SurveyDesign, rows: ModelRows, weights: Floats, family: str, model: Any, solution: Solution, df: str
) -> Fit:
    y = rows.matrix.response
    assert y is not None
    parameters = len(rows.matrix.columns)
    scale = float(weights @ (y - solution.mu) ** 2) / max(y.size - parameters, 1) if family == "gaussian" else 1.0
    influence = _Influence(design, rows.matrix.spec, rows.used, solution)
    null = np.full(y.size, float(weights @ y) / float(weights.sum()))
    freedom = None
    if df == "residual":
        freedom = float(design.degrees_of_freedom(rows.used)) + 1 - parameters
    return assemble(
        design,
        rows,
        kind="glm",
        coefficients=solution.coefficients,
        totals=_totals(design, rows, solution),
        influence_rows=influence,
        naive_covariance=scale * solution.inverse_information,
        log_likelihood=_log_likelihood(model, y, solution.mu, weights),
        null_log_likelihood=_log_likelihood(model, y, null, weights),
        log_scale=family != "gaussian",
        df=freedom,
        notes=_separation(rows, solution),
        family=family,
        link=_FAMILIES[family][1],
        outcome={"outcome": rows.matrix.response_name},
        extra={"dispersion": scale, "iterations": solution.iterations, "outcome_mean": float(null[0])},
    )


def _totals(design: SurveyDesign, rows: ModelRows, solution: Solution) -> Floats:
    """Return the PSU totals (G, p) of the influence: totals of the centred scores first, the inverse afterwards."""
    scores = np.zeros((rows.used.size, len(rows.matrix.columns)))
    scores[rows.used] = solution.scores(rows.matrix.values)
    return np.asarray(psu_totals(design, scores) @ solution.to_influence)


def _log_likelihood(model: Any, y: Floats, mu: Floats, weights: Floats) -> float:
    scale = float(weights @ (y - mu) ** 2) / float(weights.sum()) if type(model).__name__ == "Gaussian" else 1.0
    if scale == 0.0:
        return float("inf")
    with np.errstate(divide="ignore"):
        return float(weights @ model.loglike_obs(y, mu, scale=scale))


def _separation(rows: ModelRows, solution: Solution) -> tuple[str, ...]:
    if not solution.drifting:
        return ()
    names = ", ".join(rows.matrix.columns[j] for j in solution.drifting)
    note = (
        f"the likelihood grows without bound in {names} (separation): the value shown is where the iterations stopped, "
        "its interval means nothing; merge levels or leave the term out"
    )
    warnings.warn(note, CofactorWarning, stacklevel=4)
    return (note,)
