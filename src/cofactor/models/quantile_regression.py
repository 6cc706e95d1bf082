"""Design-based quantile regression over a grid of quantiles, with the joint covariance of all their coefficients."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy import linalg

from cofactor.errors import FitError, FormulaError, UnknownVariableError
from cofactor.models.fit import ModelRows, check_freedom, model_rows
from cofactor.models.formula import Cuts, MatrixSpec
from cofactor.models.irls import centre_and_spread
from cofactor.models.parse import parse_formula
from cofactor.models.quantile_density import kernel_density
from cofactor.models.quantile_program import problem_of, solve_quantile
from cofactor.models.rows import Counts
from cofactor.models.threads import one_blas_thread
from cofactor.survey.estimate import Estimate, linear
from cofactor.survey.variance import psu_totals
from cofactor.survey.wald import WaldTest, wald_f

if TYPE_CHECKING:
    from cofactor.survey.design import SurveyDesign

Floats = npt.NDArray[np.float64]
Mask = npt.NDArray[np.bool_]

QUANTILES = (0.1, 0.25, 0.5, 0.75, 0.9)
WORST_CONDITION = 1e12  # of the scaled slope: beyond, its inverse is rounding
CROSSED = 1e-9  # share of the largest fitted value by which a higher quantile must lie below a lower one


@dataclass(frozen=True, eq=False, repr=False)
class QuantileFit:
    """Regressions of several quantiles of one outcome on the same rows.

    Attributes
    ----------
    estimate : Estimate
        The coefficients, quantile by quantile; labels: prob, term.
    quantiles : tuple of float
        In rising order.
    formula : str
    spec : MatrixSpec
        Makes the columns of the coefficients from new rows.
    counts : Counts
    used_rows : bool array (n,)
    notes : tuple of str
        What was decided; quantiles with other solutions as good; for how many people fitted quantiles cross.
    """

    estimate: Estimate
    quantiles: tuple[float, ...]
    formula: str
    spec: MatrixSpec
    counts: Counts
    used_rows: Mask
    notes: tuple[str, ...] = ()

    @property
    def design(self) -> SurveyDesign:
        """The design that the fit stands on."""
        return self.estimate.design

    @property
    def terms(self) -> tuple[str, ...]:
        """The names of the coefficients of each quantile."""
        return self.spec.columns

    @property
    def coefficients(self) -> pd.DataFrame:
        """The coefficients, one row a term and one column a quantile, in units of the outcome."""
        values = self.estimate.values.reshape(len(self.quantiles), -1).T
        return pd.DataFrame(values, index=list(self.terms), columns=list(self.quantiles))

    @property
    def covariance(self) -> Floats:
        """Joint design covariance of all coefficients, in the order of the table."""
        return self.estimate.covariance

    @property
    def df(self) -> float:
        """Degrees of freedom of the tests and intervals."""
        return float(self.estimate.df[0])

    def influence(self) -> Floats:
        """Return the weighted influence of every row of the design on each coefficient, made on demand."""
        return self.estimate.influence()

    def table(self, level: float = 0.95) -> pd.DataFrame:
        """Return one row a quantile and coefficient: prob, term, estimate, se, low, high, p, df."""
        return self.estimate.table(level=level)

    def positions(self, terms: Sequence[str], prob: float) -> list[int]:
        """Return where the coefficients of these names stand for a quantile.

        Raises
        ------
        FitError
            A quantile that was not fitted.
        UnknownVariableError
            A coefficient that the fit does not have.
        """
        at = [i for i, quantile in enumerate(self.quantiles) if abs(quantile - prob) < 1e-12]
        if not at:
            fitted = ", ".join(f"{quantile:g}" for quantile in self.quantiles)
            raise FitError(f"the quantile {prob:g} of {self.formula!r} was not fitted; there are {fitted}")
        for term in terms:
            if term not in self.terms:
                raise UnknownVariableError.suggest(term, self.terms, f"the coefficients of {self.formula!r}")
        return [at[0] * len(self.terms) + self.terms.index(term) for term in terms]

    def _title(self) -> str:
        probs = ", ".join(f"{quantile:g}" for quantile in self.quantiles)
        return f"quantile regression ({probs}): {self.formula}\n{self.counts}, {self.df:g} degrees of freedom"

    def __repr__(self) -> str:
        """Return the model, its rows, its table and its notes as text."""
        notes = "".join(f"\nnote: {note}" for note in self.notes)
        return f"{self._title()}\n{self.table().to_string(index=False)}{notes}"

    def _repr_html_(self) -> str:
        notes = "".join(f"<p>note: {escape(note)}</p>" for note in self.notes)
        title = "<br>".join(escape(line) for line in self._title().splitlines())
        return f"<p>{title}</p>{self.table().to_html(index=False)}{notes}"


def fit_quantile(
    design: SurveyDesign,
    formula: str,
    quantiles: Sequence[float] | float = QUANTILES,
    *,
    cuts: Cuts | None = None,
    like: MatrixSpec | None = None,
) -> QuantileFit:
    r"""Fit quantile regressions, with the design covariance of the coefficients of all quantiles together.

    For each quantile :math:`\tau` the coefficients minimise :math:`\sum_i w_i \rho_\tau(y_i - x_i'b)` with
    :math:`\rho_\tau(r) = r(\tau - 1[r<0])`, exactly (a linear programme). Row i's influence is
    :math:`D^{-1} w_i x_i (\tau - 1[y_i < x_i'b])` with :math:`D = \sum_i w_i f_i x_i x_i'`, where :math:`f_i` is the
    density of the outcome at the quantile, by Powell's kernel with Hall and Sheather's bandwidth
    (`cofactor.models.quantile_density`); the few rows on the fitted plane have what makes the scores sum to zero.

    Parameters
    ----------
    design : SurveyDesign
        n rows; those outside its domain keep their PSUs and carry zero influence.
    formula : str
        ``"outcome ~ terms"``, the outcome a number; see `cofactor.models.formula.design_matrix`.
    quantiles : float or sequence of float
        Each between 0 and 1, in any order.
    cuts : mapping, optional
        Knots by name, for ``rcs(x, knots=name)``.
    like : MatrixSpec, optional
        ``other_fit.spec``: take its levels, references and knots.

    Returns
    -------
    QuantileFit
        `slope_difference` compares two of its quantiles, `equal_slopes_test` all of them.

    Raises
    ------
    FormulaError, UnknownVariableError
        The formula cannot be understood or names what the data do not have.
    FitError
        No quantile or one outside 0 to 1, collinear columns, an outcome that does not vary or is fitted exactly, no
        outcomes near a quantile in some part of the data, no degrees of freedom.

    Notes
    -----
    Koenker R, Bassett G (1978), Regression quantiles. Econometrica 46:33-50. doi:10.2307/1913643. Powell JL (1991),
    see `quantile_density.kernel_density`. The coefficients are those of quantreg's ``rq(weights=)``; its ``summary``
    knows no design.

    Examples
    --------
    >>> import numpy as np, pandas as pd
    >>> from cofactor.survey import SurveyDesign
    >>> i = np.arange(200)
    >>> people = pd.DataFrame({
    ...     "analysis_weight": 1.0 + i % 3, "strata": i % 10, "psu": i // 10 % 2, "x": i * 7 % 31 / 10})
    >>> people["y"] = 2 * people["x"] + (1 + people["x"]) * (i * 13 % 47) / 47
    >>> fit_quantile(SurveyDesign(people), "y ~ x", [0.1, 0.9]).coefficients.loc["x"].round(1).tolist()
    [2.1, 2.9]
    """
    probs = _checked_quantiles(quantiles)
    if parse_formula(formula).response is None:
        raise FormulaError(f"the formula {formula!r} has no outcome; write 'outcome ~ terms'")
    rows = model_rows(design, formula, cuts=cuts, like=like)
    y = rows.matrix.response
    assert y is not None
    _check_outcome(y, rows, formula)
    with one_blas_thread():
        planes = _planes(rows, y, probs, formula)
    notes = (*rows.matrix.spec.notes, *_notes(rows, planes))
    estimate = _estimate(design, rows, planes, notes)
    return QuantileFit(estimate, probs, formula, rows.matrix.spec, rows.counts, rows.used, notes)


@dataclass(frozen=True, eq=False)
class _Plane:
    """A quantile's coefficients (p,), the pull of each row used (m,), and what turns centred scores into influence."""

    prob: float
    coefficients: Floats
    pull: Floats
    to_influence: Floats
    unique: bool


def _planes(rows: ModelRows, y: Floats, probs: tuple[float, ...], formula: str) -> tuple[_Plane, ...]:
    values, weights = rows.matrix.values, rows.weights / rows.weights.mean()
    centre, spread = centre_and_spread(values)
    z = (values - centre) / spread
    z[:, 0] = 1.0
    back = np.diag(1.0 / spread)  # coefficients of the columns as they are, from those of the scaled ones
    back[0, 1:] = -centre[1:] / spread[1:]
    middle, unit = float(y.mean()), float(y.std())
    problem = problem_of(z, (y - middle) / unit, weights)
    made = []
    for prob in probs:
        solution = solve_quantile(problem, prob, formula)
        plane = back @ (unit * solution.coefficients)
        plane[0] += middle
        residual = y - middle - unit * (z @ solution.coefficients)
        inverse = _inverse_slope(z, weights * kernel_density(residual, weights, prob, formula), prob, formula)
        to_influence = np.diag(1.0 / spread) @ inverse @ back.T
        made.append(_Plane(prob, plane, solution.pull, to_influence, solution.unique))
    return tuple(made)


def _inverse_slope(z: Floats, density: Floats, prob: float, formula: str) -> Floats:
    """Return the inverse of the slope of the estimating equations in the coefficients, (p, p)."""
    root = z * np.sqrt(density)[:, np.newaxis]
    slope = root.T @ root
    unit = np.sqrt(np.diag(slope))
    if unit.min() > 0.0:
        scaled = slope / np.outer(unit, unit)
        if np.linalg.cond(scaled) < WORST_CONDITION:
            return np.asarray(linalg.inv(scaled) / np.outer(unit, unit))
    raise FitError(
        f"near the {prob:g} quantile of {formula!r} some part of the data has no outcomes, so that the error of its "
        "coefficient is unknown: merge rare levels, leave a term out, or ask for a quantile nearer to the middle"
    )


@dataclass(frozen=True, eq=False)
class _Influence:
    """Gives the influence (n, Q p) of every row when asked, from the description of the matrix; holds no matrix."""

    design: SurveyDesign
    spec: MatrixSpec
    rows: Mask
    planes: tuple[_Plane, ...]

    def __call__(self) -> Floats:
        values = self.spec.new_rows(self.design.data.loc[self.rows])
        p = values.shape[1]
        made = np.zeros((self.rows.size, p * len(self.planes)))
        for i, plane in enumerate(self.planes):
            made[self.rows, i * p : (i + 1) * p] = _scores(values, plane) @ plane.to_influence
        return made


def _scores(values: Floats, plane: _Plane) -> Floats:
    """Return the weighted scores (m, p) of centred columns."""
    return np.asarray((values - centre_and_spread(values)[0]) * plane.pull[:, np.newaxis])


def _estimate(design: SurveyDesign, rows: ModelRows, planes: tuple[_Plane, ...], notes: tuple[str, ...]) -> Estimate:
    spec = rows.matrix.spec
    freedom = float(design.degrees_of_freedom(rows.used))
    check_freedom(freedom, len(spec.columns), spec.formula)
    totals = []
    for plane in planes:
        scores = np.zeros((rows.used.size, len(spec.columns)))
        scores[rows.used] = _scores(rows.matrix.values, plane)
        totals.append(psu_totals(design, scores) @ plane.to_influence)
    labels = pd.DataFrame({
        "prob": np.repeat([plane.prob for plane in planes], len(spec.columns)),
        "term": list(spec.columns) * len(planes),
    })  # fmt: skip
    return Estimate(
        design=design, labels=labels, values=np.concatenate([plane.coefficients for plane in planes]),
        psu_totals=np.hstack(totals), df=np.full(len(labels), freedom),
        influence_rows=_Influence(design, spec, rows.used, planes), notes=notes, tested=True,
        held=design.psus_holding(rows.used),
    )  # fmt: skip


def _checked_quantiles(quantiles: Sequence[float] | float) -> tuple[float, ...]:
    asked = [float(prob) for prob in np.atleast_1d(np.asarray(quantiles, dtype=np.float64)).ravel()]
    wrong = [prob for prob in asked if not 0.0 < prob < 1.0]
    if wrong or not asked:
        shown = f"got {wrong[0]:g}" if wrong else "none was given"
        raise FitError(f"quantiles lie between 0 and 1 (0.5 is the median); {shown}")
    if len(set(asked)) < len(asked):
        raise FitError(f"a quantile is given twice in {', '.join(f'{prob:g}' for prob in asked)}; give each once")
    return tuple(sorted(asked))


def _check_outcome(y: Floats, rows: ModelRows, formula: str) -> None:
    name = rows.matrix.response_name
    distinct = np.unique(y).size
    if distinct < 3:
        raise FitError(
            f"the outcome {name!r} of {formula!r} has {distinct} distinct value(s) in the {y.size} rows used: "
            'quantiles say nothing of it; fit_glm(..., family="binomial") models a yes or no'
        )


def _notes(rows: ModelRows, planes: tuple[_Plane, ...]) -> tuple[str, ...]:
    notes = []
    several = [f"{plane.prob:g}" for plane in planes if not plane.unique]
    if several:
        notes.append(
            f"at the quantile {', '.join(several)} other coefficients fit as well (ties); one solution is shown"
        )
    fitted = rows.matrix.values @ np.stack([plane.coefficients for plane in planes], axis=1)
    crossed = int((np.diff(fitted, axis=1) < -CROSSED * np.abs(fitted).max()).any(axis=1).sum())
    if crossed:
        notes.append(f"fitted quantiles cross for {crossed:,} of {len(fitted):,} rows used")
    return tuple(notes)


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
