"""How reliable a told intake is, by people who told it twice: what random error between days leaves of coefficients."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import partial

import numpy as np
import numpy.typing as npt
import pandas as pd

from cofactor.display import table_html
from cofactor.errors import FitError, UnknownVariableError
from cofactor.models.columns import has_levels
from cofactor.models.fit import Fit
from cofactor.survey.estimate import Estimate, from_influence, linear

Floats = npt.NDArray[np.float64]
Mask = npt.NDArray[np.bool_]
WHERE = "the reliability of an intake"
BENT = 1e-6
"""How far a column may lie off a straight line in the intakes."""
SAME = 1e-8
"""How far the mean of two days may lie from the model's column, in standard deviations."""


@dataclass(frozen=True, eq=False, repr=False)
class Reliability:
    """What random error between recalls leaves of the coefficients of a model.

    Attributes
    ----------
    terms : tuple of str
        The q columns of the model that hold the intakes, products with other variables among them.
    attenuation : Estimate
        The q x q factors row by row: how much of the true coefficient of the column `true` arrives in the fitted one of
        the column `fitted`; labels: fitted, true, term.
    two_recalls : float
        Weighted share of the rows used with a second recall.
    n_two_recalls : int
        How many rows that are.
    """

    terms: tuple[str, ...]
    attenuation: Estimate
    two_recalls: float
    n_two_recalls: int

    @property
    def matrix(self) -> Floats:
        """The factors as a matrix (q, q), fitted by true."""
        return np.reshape(self.attenuation.values, (len(self.terms),) * 2)

    @property
    def of_terms(self) -> Estimate:
        """Of each column the part of its own coefficient that is left: its reliability given the other columns."""
        q = len(self.terms)
        made = linear(self.attenuation, np.eye(q * q)[:: q + 1], list(self.terms))
        return replace(made, tested=False)

    def table(self, level: float = 0.95) -> pd.DataFrame:
        """Return one row a column: term, estimate, se, low, high, df."""
        return self.of_terms.table(level=level).drop(columns="p")

    def __repr__(self) -> str:
        """Return the reliabilities as text."""
        share = f"{100 * self.two_recalls:.0f}% of the people (weighted) have a second recall"
        return f"Reliability given the other columns of the model\n{self.table().to_string(index=False)}\n{share}"

    def _repr_html_(self) -> str:
        return table_html(self.table(), caption="Reliability given the other columns of the model")


def reliability(fit: Fit, recalls: Mapping[str, tuple[str, str]]) -> Reliability:
    r"""Measure how reliable the intakes of a model are, from people whose intake was told on two days.

    A model uses the mean of a person's :math:`k_i` recalls, one or two. With S the weighted residual covariance of the
    columns that hold the intakes, given all other columns, D half that of the intakes' differences between the days,
    and :math:`J_i` the slopes of person i's columns in the intakes (1, or the other variable of a product), the fitted
    coefficients are about :math:`\Lambda` times the true ones, :math:`\Lambda = I - S^{-1} U` with
    :math:`U = \sum_i w_i J_i D J_i' / k_i \,/ \sum_i w_i`. For one intake that is its intraclass correlation given the
    other columns. The influence is that of S, D and U.

    Parameters
    ----------
    fit : Fit
    recalls : mapping
        Variable of the formula to the columns of its first and second recall, in its own unit; the second is missing
        where there was none. All intakes told on the same day belong here, since their errors go together.

    Returns
    -------
    Reliability

    Raises
    ------
    UnknownVariableError
        A variable that the formula, or a recall that the data, do not have.
    FitError
        The variable is not the mean of its recalls; the model is not linear in it (a spline, a group); fewer than two
        people have a second recall.

    Notes
    -----
    Assumes that the errors of the two days are independent of each other, of the truth, of the other columns and of the
    outcome, that people without a second recall err as those with one, and that a day is wrong by the same spread for
    all. A lasting bias of a person, such as telling less than was eaten, is in both recalls and in no difference: it
    stays. Rosner B, Spiegelman D, Willett WC (1992), doi:10.1093/oxfordjournals.aje.a116453; Carroll RJ et al. (2006),
    Measurement Error in Nonlinear Models, chapter 4, doi:10.1201/9781420010138.

    Examples
    --------
    >>> import numpy as np, pandas as pd
    >>> from cofactor.models import fit_glm
    >>> from cofactor.survey import SurveyDesign
    >>> i = np.arange(8)
    >>> people = pd.DataFrame({
    ...     "analysis_weight": 1.0, "strata": i % 2, "psu": i // 2, "first": [1.0, 2, 3, 4, 5, 6, 7, 8],
    ...     "second": [2.0, 1, 4, 3, 6, 5, 8, 7], "y": [1.0, 2, 2, 4, 3, 5, 6, 6]})
    >>> people["intake"] = (people["first"] + people["second"]) / 2
    >>> fit = fit_glm(SurveyDesign(people), "y ~ intake")
    >>> reliability(fit, {"intake": ("first", "second")}).of_terms.values.round(3).tolist()
    [0.95]
    """
    told = _told(fit, recalls)
    columns = _columns(fit, recalls, told)
    weights = fit.design.weights[fit.used_rows]
    values, influence = _factors(columns, told.two, weights / weights.sum())
    q = len(columns.terms)
    made = np.zeros((len(fit.used_rows), q * q))
    made[fit.used_rows] = influence
    labels = pd.DataFrame({"fitted": np.repeat(columns.terms, q), "true": np.tile(columns.terms, q)})
    labels["term"] = labels["fitted"] + " from " + labels["true"]
    attenuation = from_influence(
        fit.design, labels, values.ravel(), made, np.full(q * q, fit.df), rows=fit.used_rows, notes=fit.notes[:1]
    )
    share = float(weights[told.two].sum() / weights.sum())
    return Reliability(columns.terms, attenuation, share, int(told.two.sum()))


@dataclass(frozen=True, eq=False)
class _Told:
    """The variables of the model on the m rows used, and on the rows of `two` (m,) as told on each day."""

    rows: pd.DataFrame
    two: Mask
    first: pd.DataFrame
    second: pd.DataFrame


def _told(fit: Fit, recalls: Mapping[str, tuple[str, str]]) -> _Told:
    """Return what was told, after checking that the model's variables are the means of it."""
    data = fit.design.data.loc[fit.used_rows]
    if not recalls:
        raise FitError(f"{WHERE} needs the recalls of one: name a variable of {fit.formula!r} and its two columns")
    for name, pair in recalls.items():
        if name not in fit.spec.variables:
            raise UnknownVariableError.suggest(name, fit.spec.variables, f"the formula {fit.formula!r}")
        if has_levels(data[name]):
            raise FitError(f"{WHERE}: {name!r} is a flag or category; its errors are misclassifications")
        for column in pair:
            if column not in data.columns:
                raise UnknownVariableError.suggest(column, map(str, data.columns), f"{WHERE}, as a recall of {name!r}")
    days = {name: tuple(_numbers(data[column]) for column in pair) for name, pair in recalls.items()}
    two = np.all([np.isfinite(second) for _, second in days.values()], axis=0)
    for name, (first, second) in days.items():
        _check_mean(name, _numbers(data[name]), np.where(two, (first + second) / 2.0, first))
    if two.sum() < 2:
        raise FitError(f"{WHERE} needs people with two recalls; {two.sum()} of {len(two):,} rows used have both")
    rows = data[list(fit.spec.variables)]
    on = [rows[two].assign(**{name: pair[day][two] for name, pair in days.items()}) for day in (0, 1)]
    return _Told(rows, two, on[0], on[1])


def _numbers(column: pd.Series) -> Floats:
    return column.to_numpy(dtype=np.float64, na_value=np.nan)


def _check_mean(name: str, used: Floats, mean: Floats) -> None:
    away = ~(np.abs(used - mean) <= SAME * (used.std() or 1.0))
    if away.any():
        raise FitError(
            f"{WHERE}: in {int(away.sum()):,} of {len(used):,} rows used, {name!r} is not the mean of the recalls that "
            "are known (the first alone, or both); give recalls in the variable's unit, missing where not used"
        )


@dataclass(frozen=True, eq=False)
class _Columns:
    """The q columns that hold the v intakes: what others leave of them, and of the differences between two days.

    residuals : (m, q) given the other columns. slopes : (m, q, v) of the columns in the intakes. differences : of the
    intakes of people told twice, given the other columns.
    """

    terms: tuple[str, ...]
    residuals: Floats
    slopes: Floats
    differences: Floats


def _columns(fit: Fit, recalls: Mapping[str, tuple[str, str]], told: _Told) -> _Columns:
    matrix = fit.spec.new_rows(told.rows)
    slopes = _slopes(fit, recalls, told)
    scale = matrix.std(axis=0)
    scale[scale == 0.0] = 1.0
    held = np.asarray((np.abs(slopes) > 0.0).any(axis=(0, 2)), dtype=np.bool_)
    others = np.column_stack([np.ones(len(matrix)), matrix[:, ~held] / scale[~held]])
    weights = fit.design.weights[fit.used_rows]
    return _Columns(
        tuple(name for name, inside in zip(fit.terms, held, strict=True) if inside),
        _residuals(matrix[:, held], others, weights),
        slopes[:, held],
        _residuals(_gaps(recalls, told), others[told.two], weights[told.two]),
    )


def _gaps(recalls: Mapping[str, tuple[str, str]], told: _Told) -> Floats:
    """Return how far each intake differs between the days of people told twice, (m2, v)."""
    made = np.column_stack([_numbers(told.first[name]) - _numbers(told.second[name]) for name in recalls])
    if not made.any(axis=0).all():
        raise FitError(f"{WHERE}: the two recalls of {', '.join(recalls)} never differ")
    return made


def _slopes(fit: Fit, recalls: Mapping[str, tuple[str, str]], told: _Told) -> Floats:
    """Return the slopes (m, p, v) of the columns in the intakes, after checking that they are straight lines."""
    touched = partial(fit.spec.new_rows, touching=recalls)
    here = touched(told.rows)
    made = np.stack([touched(told.rows.assign(**{name: told.rows[name] + 1.0})) - here for name in recalls], axis=2)
    off = touched(told.first) - touched(told.second) - np.einsum("ipv,iv->ip", made[told.two], _gaps(recalls, told))
    bent = (np.abs(off) > BENT * (here.std(axis=0) + 1.0)).any(axis=0)
    if bent.any():
        raise FitError(
            f"{WHERE}: {fit.formula!r} is not linear in {', '.join(recalls)} (see"
            f" {', '.join(np.asarray(fit.terms)[bent])}); enter it linearly"
        )
    made[np.abs(made) <= BENT] = 0.0
    return made


def _residuals(columns: Floats, others: Floats, weights: Floats) -> Floats:
    root = np.sqrt(weights)[:, np.newaxis]
    slopes = np.linalg.lstsq(root * others, root * columns, rcond=None)[0]
    return np.asarray(columns - others @ slopes)


def _factors(columns: _Columns, two: Mask, share: Floats) -> tuple[Floats, Floats]:
    """Return the factors (q, q) and the influence (m, q q) of the rows used on them; `share` (m,) adds up to 1.

    The slopes on the other columns have no part in the influence: residuals are orthogonal to those columns.
    """
    m, q = columns.residuals.shape
    spread, slopes = _products(columns.residuals), columns.slopes
    total = np.tensordot(share, spread, axes=1)
    of_two = share[two] / share[two].sum()
    gaps = _products(columns.differences) / 2.0
    day = np.tensordot(of_two, gaps, axes=1)
    per_recall = np.where(two, 0.5, 1.0)[:, np.newaxis, np.newaxis]
    own = per_recall * (slopes @ day @ slopes.transpose(0, 2, 1))
    error = np.tensordot(share, own, axes=1)
    inverse = np.linalg.inv(total)
    factors = np.eye(q) - inverse @ error
    moved = share[:, np.newaxis, np.newaxis] * ((spread - total) @ (np.eye(q) - factors) - (own - error))
    carried = np.einsum("i,iac,ibd->abcd", share, per_recall * slopes, slopes)
    moved[two] -= np.einsum("abcd,icd->iab", carried, of_two[:, np.newaxis, np.newaxis] * (gaps - day))
    return factors, np.asarray((inverse @ moved).reshape(m, q * q))


def _products(rows: Floats) -> Floats:
    """Return the products of each row with itself, (m, q, q)."""
    return np.asarray(rows[:, :, np.newaxis] * rows[:, np.newaxis, :])
