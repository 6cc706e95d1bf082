"""Generalised linear models on survey designs: pseudo-likelihood estimates with design-based covariance."""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from cofactor.errors import CofactorWarning, FitError, FormulaError
from cofactor.models.families import RATIOS, Family, family_of
from cofactor.models.fit import Fit, ModelRows, assemble, model_rows
from cofactor.models.formula import Cuts, MatrixSpec, response_values
from cofactor.models.irls import Solution, solve
from cofactor.models.negative_binomial import JointSolution, solve_negative_binomial
from cofactor.models.parse import parse_formula
from cofactor.models.threads import one_blas_thread
from cofactor.survey.variance import psu_totals

if TYPE_CHECKING:
    from cofactor.survey.design import SurveyDesign

Floats = npt.NDArray[np.float64]


def fit_glm(
    design: SurveyDesign,
    formula: str,
    *,
    family: str = "gaussian",
    link: str | None = None,
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
    family : {"gaussian", "binomial", "poisson", "negative binomial", "gamma"}
        A 0/1 outcome with "poisson" gives risk ratios. The dispersion of a negative binomial (variance
        :math:`\mu + \alpha\mu^2`) is estimated with the coefficients and stands in ``extra["alpha"]``.
    link : str, optional
        The first of each is its default. gaussian: "identity", "log"; binomial: "logit", "cloglog", "log"; poisson and
        negative binomial: "log"; gamma: "log", "inverse".
    cuts : mapping, optional
        Knots by name, for ``rcs(x, knots=name)``.
    like : MatrixSpec, optional
        ``other_fit.spec``: take its levels, references and knots.
    df : {"design", "residual"}
        Degrees of freedom: PSUs - strata among the rows used, or that + 1 - coefficients as R's svyglm.

    Returns
    -------
    Fit
        Coefficients on the link's scale; ``.table(exponentiate=True)`` gives odds, hazard, risk or mean ratios.

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
    Statistical Review 51:279-292. doi:10.2307/1402588. The information is the expected one, as svyglm's; that of a
    negative binomial is the observed one of coefficients and dispersion together.

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
    chosen, link = family_of(family, link)
    if df not in ("design", "residual"):
        raise FitError(f"df={df!r} is unknown; use 'design' (PSUs - strata) or 'residual' (as R's svyglm)")
    parsed = parse_formula(formula)
    if parsed.response is None:
        raise FormulaError(f"the formula {formula!r} has no outcome; write 'outcome ~ terms'")
    event = response_values(parsed, design.data, design.in_domain) if chosen.event else None
    rows = model_rows(design, formula, event=event, cuts=cuts, like=like)
    y, name = rows.matrix.response, rows.matrix.response_name
    assert y is not None
    chosen.check(y, str(name), f"the outcome {name!r} of {formula!r}")
    scaled = rows.weights / rows.weights.mean()
    with one_blas_thread():
        solution = _solved(rows.matrix.values, y, scaled, chosen, link, formula)
    return _result(design, rows, scaled, chosen, link, solution, df)


def _solved(
    values: Floats, y: Floats, weights: Floats, family: Family, link: str, formula: str
) -> Solution | JointSolution:
    if family.name == "negative binomial":
        return solve_negative_binomial(values, y, weights, lambda alpha: family.model(link, alpha), formula)
    return solve(values, y, weights, family.model(link), formula)


@dataclass(frozen=True, eq=False)
class _Influence:
    """Gives the influence (n, p) of every row when asked, from the description of the matrix; holds no matrix."""

    design: SurveyDesign
    spec: MatrixSpec
    rows: npt.NDArray[np.bool_]
    solution: Solution | JointSolution

    def __call__(self) -> Floats:
        values = self.spec.new_rows(self.design.data.loc[self.rows])
        made = np.zeros((self.rows.size, values.shape[1]))
        made[self.rows] = self.solution.scores(values) @ self.solution.to_influence
        return made


def _result(
    design: SurveyDesign, rows: ModelRows, weights: Floats, family: Family, link: str,
    solution: Solution | JointSolution, df: str,
) -> Fit:  # fmt: skip
    y = rows.matrix.response
    assert y is not None
    parameters = len(rows.matrix.columns)
    alpha = solution.alpha if isinstance(solution, JointSolution) else None
    model = family.model(link, alpha or 1.0)
    scale = 1.0
    if family.dispersion:
        scale = float(weights @ ((y - solution.mu) ** 2 / model.variance(solution.mu))) / max(y.size - parameters, 1)
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
        log_scale=link in RATIOS,
        df=freedom,
        unbounded=solution.drifting,
        notes=_separation(rows, solution),
        family=family.name,
        link=link,
        outcome={"outcome": rows.matrix.response_name},
        extra={
            "dispersion": scale,
            "iterations": solution.iterations,
            "outcome_mean": float(null[0]),
            **({} if alpha is None else {"alpha": alpha}),
        },
    )


def _totals(design: SurveyDesign, rows: ModelRows, solution: Solution | JointSolution) -> Floats:
    """Return the PSU totals (G, p) of the influence: totals of the centred scores first, the inverse afterwards."""
    used = solution.scores(rows.matrix.values)
    scores = np.zeros((rows.used.size, used.shape[1]))
    scores[rows.used] = used
    return np.asarray(psu_totals(design, scores) @ solution.to_influence)


def _log_likelihood(model: Any, y: Floats, mu: Floats, weights: Floats) -> float:
    scale = 1.0
    if type(model).__name__ in ("Gaussian", "Gamma"):
        scale = float(weights @ ((y - mu) ** 2 / model.variance(mu))) / float(weights.sum())
    if scale == 0.0:
        return float("inf")
    with np.errstate(divide="ignore"):
        return float(weights @ model.loglike_obs(y, mu, scale=scale))


def _separation(rows: ModelRows, solution: Solution | JointSolution) -> tuple[str, ...]:
    if not solution.drifting:
        return ()
    names = ", ".join(rows.matrix.columns[j] for j in solution.drifting)
    note = (
        f"the likelihood grows without bound in {names} (separation): the value shown is where the iterations stopped, "
        "and it has no interval; merge levels or leave the term out"
    )
    warnings.warn(note, CofactorWarning, stacklevel=4)
    return (note,)
