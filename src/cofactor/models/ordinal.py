"""Proportional-odds regression of an ordered outcome on survey designs."""

from __future__ import annotations

import warnings
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import pandas as pd

from cofactor.errors import CofactorWarning, FitError, FormulaError
from cofactor.models.columns import column, is_category, level_codes, levels_present
from cofactor.models.factors import Level
from cofactor.models.fit import Fit, ModelRows, assemble, model_rows
from cofactor.models.formula import Cuts, MatrixSpec
from cofactor.models.ordinal_kernel import OrdinalSolution, solve_ordinal
from cofactor.models.parse import parse_formula
from cofactor.models.threads import one_blas_thread
from cofactor.survey.variance import psu_totals

if TYPE_CHECKING:
    from cofactor.survey.design import SurveyDesign

Floats = npt.NDArray[np.float64]
Mask = npt.NDArray[np.bool_]
Codes = npt.NDArray[np.intp]

MOST_LEVELS = 50


def fit_ordinal(design: SurveyDesign, formula: str, *, cuts: Cuts | None = None, like: MatrixSpec | None = None) -> Fit:
    r"""Fit a proportional-odds regression of an ordered outcome, with design-based covariance.

    :math:`P(Y \le j) = 1 / (1 + \exp(-(\zeta_j - x'b)))` for the levels in their order: a coefficient is the log odds
    ratio of a higher level, the same wherever the levels are split. Coefficients and thresholds solve the weighted
    score equations :math:`\sum_i w_i \, \partial \log P(Y_i = y_i) / \partial(b, \zeta) = 0`; row i's influence is
    its term of that sum times the inverse of the observed information.

    Parameters
    ----------
    design : SurveyDesign
        n rows; those outside its domain keep their PSUs and carry zero influence.
    formula : str
        ``"outcome ~ terms"``. The outcome is a column: a Categorical with its levels in order, or a number of few
        values.
    cuts : mapping, optional
        Knots by name, for ``rcs(x, knots=name)``.
    like : MatrixSpec, optional
        ``other_fit.spec``: take its levels, references and knots.

    Returns
    -------
    Fit
        The slopes; ``.table(exponentiate=True)`` gives odds ratios of higher levels. ``extra["thresholds"]`` is the
        Estimate of the thresholds (``joint(fit.estimate, fit.extra["thresholds"])`` has the covariance of all),
        ``extra["levels"]`` the levels. `predict_levels` gives probabilities, `proportional_odds_test` tests the model.

    Raises
    ------
    FormulaError, UnknownVariableError
        The formula cannot be understood or names what the data do not have, or its outcome has no order.
    FitError
        Fewer than three levels among the rows used, or more than 50; no terms, collinear columns, no convergence, no
        degrees of freedom.

    Warns
    -----
    CofactorWarning
        A coefficient that runs off to infinity, or more coefficients than degrees of freedom.

    Notes
    -----
    McCullagh P (1980), Regression models for ordinal data. Journal of the Royal Statistical Society B 42:109-142.
    doi:10.1111/j.2517-6161.1980.tb01109.x. Binder DA (1983), doi:10.2307/1402588. R: ``survey::svyolr``.

    Examples
    --------
    >>> import numpy as np, pandas as pd
    >>> from cofactor.survey import SurveyDesign
    >>> i = np.arange(120)
    >>> people = pd.DataFrame({
    ...     "analysis_weight": 1.0 + i % 3, "strata": i % 6, "psu": i // 6 % 2, "x": i * 7 % 11 / 10})
    >>> people["health"] = pd.cut(people["x"] + i * 13 % 17 / 10, [-1, 0.9, 1.6, 9], labels=["poor", "fair", "good"])
    >>> fit = fit_ordinal(SurveyDesign(people), "health ~ x")
    >>> round(fit.coefficient("x"), 2), fit.extra["thresholds"].terms
    (3.06, ('poor | fair', 'fair | good'))
    """
    name, right = _outcome_and_terms(formula, design.data)
    rows = model_rows(design, right, others=[name], cuts=cuts, like=like)
    rows = replace(rows, matrix=rows.matrix.without_intercept())
    if not rows.matrix.columns:
        raise FitError(f"{formula!r} has no terms; weighted_proportion gives the shares of the levels")
    outcome = design.data.loc[rows.used, name]
    levels, codes = _levels(outcome, name, formula)
    scaled = rows.weights / rows.weights.mean()
    with one_blas_thread():
        solution = solve_ordinal(rows.matrix.values, codes, scaled, formula)
    return _result(design, rows, solution, _Outcome(name, levels, codes, outcome), scaled, formula)


@dataclass(frozen=True, eq=False)
class _Outcome:
    """An ordered outcome: its column, its levels that occur, the position of each row used among them."""

    name: str
    levels: tuple[Level, ...]
    codes: Codes
    values: pd.Series

    def notes(self) -> tuple[str, ...]:
        kind = self.values.dtype
        if not isinstance(kind, pd.CategoricalDtype) or len(kind.categories) == len(self.levels):
            return ()
        absent = ", ".join(str(level) for level in kind.categories if not (self.values == level).any())
        return (f"levels of {self.name} that no row used has are left out: {absent}",)


def _outcome_and_terms(formula: str, data: pd.DataFrame) -> tuple[str, str]:
    """Return the column of the outcome and the text of the terms."""
    parsed = parse_formula(formula)
    if parsed.response is None:
        raise FormulaError(f"the formula {formula!r} has no outcome; write 'outcome ~ terms'")
    if parsed.response.role != "column":
        raise FormulaError(
            f"the outcome {parsed.response.text!r} of {formula!r} must be a column as it stands, its levels in order"
        )
    name = parsed.response.operand
    values = column(data, name, formula)
    if is_category(values) and not isinstance(values.dtype, pd.CategoricalDtype):
        raise FormulaError(
            f"the outcome {name!r} of {formula!r} is text, which has no order; make it a Categorical with its levels "
            "in order: pd.Categorical(values, categories=[...], ordered=True)"
        )
    return name, formula.rpartition("~")[2].strip()


def _levels(outcome: pd.Series, name: str, formula: str) -> tuple[tuple[Level, ...], Codes]:
    levels = levels_present(outcome)
    if len(levels) < 3:
        raise FitError(
            f"the outcome {name!r} of {formula!r} has {len(levels)} level(s) in the {len(outcome):,} rows used; "
            'ordered levels begin at three: fit_glm(..., family="binomial") models two'
        )
    if len(levels) > MOST_LEVELS:
        raise FitError(
            f"the outcome {name!r} of {formula!r} has {len(levels)} levels; group it into {MOST_LEVELS} or fewer, or "
            "use fit_quantile or fit_glm, which take it as a number"
        )
    return levels, level_codes(outcome, levels, name, formula)


@dataclass(frozen=True, eq=False)
class _Influence:
    """Gives the influence (n, k) of every row on some of the coefficients and thresholds; holds no matrix."""

    design: SurveyDesign
    spec: MatrixSpec
    rows: Mask
    solution: OrdinalSolution
    part: slice

    def __call__(self) -> Floats:
        chosen = self.solution.to_influence[:, self.part]
        made = np.zeros((self.rows.size, chosen.shape[1]))
        made[self.rows] = self.solution.scores(self.spec.new_rows(self.design.data.loc[self.rows])) @ chosen
        return made


def _result(
    design: SurveyDesign, rows: ModelRows, solution: OrdinalSolution, outcome: _Outcome, weights: Floats, formula: str
) -> Fit:
    p = len(rows.matrix.columns)
    scores = np.zeros((rows.used.size, solution.coefficients.size))
    scores[rows.used] = solution.scores(rows.matrix.values)
    totals = psu_totals(design, scores) @ solution.to_influence
    slopes, rest = slice(0, p), slice(p, None)
    fit = assemble(
        design,
        rows,
        kind="ordinal",
        coefficients=solution.coefficients[slopes],
        totals=totals[:, slopes],
        influence_rows=_Influence(design, rows.matrix.spec, rows.used, solution, slopes),
        naive_covariance=solution.inverse_information[slopes, slopes],
        log_likelihood=solution.log_likelihood,
        null_log_likelihood=_null_log_likelihood(outcome.codes, weights),
        log_scale=True,
        unbounded=solution.drifting,
        notes=(*outcome.notes(), *_separation(rows, solution)),
        family="proportional-odds",
        link="logit",
        outcome={"outcome": outcome.name},
        extra={"levels": outcome.levels, "iterations": solution.iterations},
    )
    between = zip(outcome.levels, outcome.levels[1:], strict=False)
    thresholds = replace(
        fit.estimate,
        labels=pd.DataFrame({"term": [f"{low} | {high}" for low, high in between]}),
        values=solution.coefficients[rest],
        psu_totals=totals[:, rest],
        df=np.full(len(outcome.levels) - 1, fit.df),
        influence_rows=_Influence(design, rows.matrix.spec, rows.used, solution, rest),
        tested=False,
        notes=(),
        unbounded=None,
    )
    return replace(fit, formula=formula, extra={**fit.extra, "thresholds": thresholds})


def _null_log_likelihood(codes: Codes, weights: Floats) -> float:
    totals = np.bincount(codes, weights=weights)
    return float(totals @ np.log(totals / totals.sum()))


def _separation(rows: ModelRows, solution: OrdinalSolution) -> tuple[str, ...]:
    if not solution.drifting:
        return ()
    names = ", ".join(rows.matrix.columns[j] for j in solution.drifting)
    note = (
        f"the likelihood grows without bound in {names} (separation): the value shown is where the iterations stopped, "
        "and it has no interval; merge levels or leave the term out"
    )
    warnings.warn(note, CofactorWarning, stacklevel=4)
    return (note,)
