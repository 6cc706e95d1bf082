"""Design-based quantile regression over a grid of quantiles, with the joint covariance of all their coefficients."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, get_args

import numpy as np
import numpy.typing as npt
import pandas as pd

from cofactor.errors import FitError, FormulaError
from cofactor.models.fit import ModelRows, check_freedom, model_rows
from cofactor.models.formula import Cuts, MatrixSpec
from cofactor.models.parse import parse_formula
from cofactor.models.quantile_fit import QuantileFit
from cofactor.models.quantile_planes import Density, Plane, planes_of
from cofactor.models.threads import one_blas_thread
from cofactor.survey.estimate import Estimate
from cofactor.survey.variance import psu_totals

if TYPE_CHECKING:
    from cofactor.survey.design import SurveyDesign

Floats = npt.NDArray[np.float64]
Mask = npt.NDArray[np.bool_]

QUANTILES = (0.1, 0.25, 0.5, 0.75, 0.9)
FEW = 15  # rows beyond a quantile, for each coefficient, below which errors by a normal distribution are too small
CROSSED = 1e-9  # share of the largest fitted value by which a higher quantile must lie below a lower one


def fit_quantile(
    design: SurveyDesign,
    formula: str,
    quantiles: Sequence[float] | float = QUANTILES,
    *,
    density: Density = "local",
    cuts: Cuts | None = None,
    like: MatrixSpec | None = None,
) -> QuantileFit:
    r"""Fit quantile regressions, with the design covariance of the coefficients of all quantiles together.

    For each quantile :math:`\tau` the coefficients minimise :math:`\sum_i w_i \rho_\tau(y_i - x_i'b)` with
    :math:`\rho_\tau(r) = r(\tau - 1[r<0])`, exactly (a linear programme). Row i's influence is
    :math:`D^{-1} w_i x_i (\tau - 1[y_i < x_i'b])` with :math:`D = \sum_i w_i f_i x_i x_i'`, where :math:`f_i` is the
    density of the outcome at the quantile (`cofactor.models.quantile_density`, with Hall and Sheather's bandwidth); the
    few rows on the fitted plane have what makes the scores sum to zero.

    Parameters
    ----------
    design : SurveyDesign
        n rows; those outside its domain keep their PSUs and carry zero influence.
    formula : str
        ``"outcome ~ terms"``, the outcome a number; see `cofactor.models.formula.design_matrix`.
    quantiles : float or sequence of float
        Each between 0 and 1, in any order.
    density : {"local", "kernel"}
        How the errors estimate the density: each person's own, from the fitted quantiles just above and below
        (Hendricks and Koenker, as quantreg's ``se="nid"``), or one kernel for all (Powell, ``se="ker"``), which stands
        where the outcome is in coarse units, and takes a third of the time.
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
        No quantile or one outside 0 to 1, an unknown density, collinear columns, an outcome that has two values or is
        fitted exactly, a group in which no density is found, no degrees of freedom.

    Notes
    -----
    Koenker R, Bassett G (1978), Regression quantiles. Econometrica 46:33-50. doi:10.2307/1913643. The coefficients
    are those of quantreg's ``rq(weights=)``; its ``summary`` knows no design. Where several planes fit as well (ties),
    the lowest is taken, as for `weighted_quantile`, and a note says so. Far out in a tail the normal approximation
    fails (Chernozhukov V (2005), Extremal quantile regression. Annals of Statistics 33:806-839.
    doi:10.1214/009053604000001165); a note says where. Where few people of great weight lie far out in a term the
    errors come out too small, as sandwich errors do (benchmarks/quantile_coverage).

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
    if density not in get_args(Density):
        raise FitError(f"density={density!r} is unknown; there are: {', '.join(get_args(Density))}")
    if parse_formula(formula).response is None:
        raise FormulaError(f"the formula {formula!r} has no outcome; write 'outcome ~ terms'")
    rows = model_rows(design, formula, cuts=cuts, like=like)
    y = rows.matrix.response
    assert y is not None
    _check_outcome(y, rows, formula)
    with one_blas_thread():
        planes = planes_of(rows.matrix.values, y, rows.weights / rows.weights.mean(), probs, density, formula)
    notes = (*rows.matrix.spec.notes, *_notes(rows, planes))
    estimate = _estimate(design, rows, planes, notes)
    return QuantileFit(estimate, probs, formula, rows.matrix.spec, rows.counts, rows.used, notes)


@dataclass(frozen=True, eq=False)
class _Influence:
    """Gives the influence (n, Q p) of every row when asked, from the description of the matrix; holds no matrix."""

    design: SurveyDesign
    spec: MatrixSpec
    rows: Mask
    planes: tuple[Plane, ...]

    def __call__(self) -> Floats:
        values = self.spec.new_rows(self.design.data.loc[self.rows])
        p = values.shape[1]
        made = np.zeros((self.rows.size, p * len(self.planes)))
        for i, plane in enumerate(self.planes):
            made[self.rows, i * p : (i + 1) * p] = plane.scores(values) @ plane.to_influence
        return made


def _estimate(design: SurveyDesign, rows: ModelRows, planes: tuple[Plane, ...], notes: tuple[str, ...]) -> Estimate:
    spec = rows.matrix.spec
    freedom = float(design.degrees_of_freedom(rows.used))
    check_freedom(freedom, len(spec.columns), spec.formula)
    totals = []
    for plane in planes:
        scores = np.zeros((rows.used.size, len(spec.columns)))
        scores[rows.used] = plane.scores(rows.matrix.values)
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


def _notes(rows: ModelRows, planes: tuple[Plane, ...]) -> tuple[str, ...]:
    notes = []
    several = [f"{plane.prob:g}" for plane in planes if not plane.unique]
    if several:
        notes.append(
            f"at the quantile {', '.join(several)} other coefficients fit as well (ties); the lowest are shown"
        )
    for plane in planes:
        beyond, terms = int(min((plane.pull > 0.0).sum(), (plane.pull < 0.0).sum())), len(plane.coefficients)
        if beyond < FEW * terms:
            where = f"{beyond:,} rows lie beyond the quantile {plane.prob:g}, few for {terms} coefficients"
            notes.append(f"{where}: its intervals may be too narrow")
        if plane.without_density:
            who = f"{plane.without_density:,} rows"
            notes.append(f"around the quantile {plane.prob:g} fitted quantiles meet for {who}, which give no density")
    fitted = rows.matrix.values @ np.stack([plane.coefficients for plane in planes], axis=1)
    crossed = int((np.diff(fitted, axis=1) < -CROSSED * np.abs(fitted).max()).any(axis=1).sum())
    if crossed:
        notes.append(f"fitted quantiles cross for {crossed:,} of {len(fitted):,} rows used")
    return tuple(notes)
