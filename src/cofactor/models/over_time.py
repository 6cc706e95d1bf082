"""How the coefficients of a Cox model move over the follow-up: smoothed residuals, to be looked at beside the test."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
import pandas as pd

from cofactor.display import table_html
from cofactor.errors import FitError, UnknownVariableError
from cofactor.models.cox_residuals import cox_residuals
from cofactor.models.fit import Fit
from cofactor.models.splines import rcs
from cofactor.survey.estimate import Estimate, from_influence, linear
from cofactor.survey.quantiles import weighted_quantile_values

Floats = npt.NDArray[np.float64]
WHERE = "coefficients over time"
SPREAD = (0.05, 0.35, 0.65, 0.95)
ENDS = (0.01, 0.99)
POINTS = 61


@dataclass(frozen=True, eq=False, repr=False)
class OverTime:
    """The scaled Schoenfeld residuals of a Cox model, and their smooth, coefficient by coefficient.

    Attributes
    ----------
    residuals : DataFrame
        One row a coefficient and death: term, time, residual, weight.
    smooth : mapping of str to Estimate
        By coefficient: its course, on the scale of the log hazard ratio; labels: time, term.
    """

    residuals: pd.DataFrame
    smooth: dict[str, Estimate]

    def table(self, level: float = 0.95) -> pd.DataFrame:
        """Return the smooths: one row a coefficient and time, with term, time, estimate, se, low, high, df."""
        made = [estimate.table(level=level).drop(columns="p") for estimate in self.smooth.values()]
        return pd.concat(made, ignore_index=True)

    def __repr__(self) -> str:
        """Return which coefficients, over which times."""
        table = self.table()
        span = f"{table['time'].min():g} to {table['time'].max():g}"
        return f"Coefficients over time {span}, by {len(self.residuals):,} residuals: {', '.join(self.smooth)}"

    def _repr_html_(self) -> str:
        return table_html(self.table(), caption="Coefficients over time, by smoothed residuals", row_headers=2)


def coefficients_over_time(fit: Fit, terms: Sequence[str] | None = None) -> OverTime:
    r"""Smooth the scaled Schoenfeld residuals of a Cox model over time.

    The residual of a death, scaled, has about the mean :math:`b(t)`, the coefficient at its time (see `cox_residuals`).
    They are regressed, with the weights of the dead, on a restricted cubic spline of log time with knots at the 5th,
    35th, 65th and 95th percentile of the deaths; the interval is the design's and pointwise.

    Parameters
    ----------
    fit : Fit
        A Cox model.
    terms : sequence of str, optional
        Coefficients; all if not given.

    Returns
    -------
    OverTime

    Raises
    ------
    UnknownVariableError
        A coefficient that the fit does not have.
    FitError
        No Cox model; deaths at fewer than four times, or at times that have no logarithm.

    Notes
    -----
    A picture beside `proportional_hazards_test`, not a test: the scaling takes the spread of the covariates among those
    at risk as the same at all times, and the interval takes the fitted coefficients and the means of those at risk as
    known. Grambsch PM, Therneau TM (1994), doi:10.1093/biomet/81.3.515.

    Examples
    --------
    >>> import numpy as np, pandas as pd
    >>> from cofactor.models import fit_cox
    >>> from cofactor.survey import SurveyDesign
    >>> i = np.arange(60)
    >>> people = pd.DataFrame({
    ...     "analysis_weight": 1.0 + i % 3, "strata": i % 6, "psu": i // 6 % 2, "months": 1 + i * 7 % 12,
    ...     "died": i % 4 > 0, "x": (i * 5 % 11) / 10})
    >>> coefficients_over_time(fit_cox(SurveyDesign(people), "x", time="months", event="died"))
    Coefficients over time 2 to 12, by 45 residuals: x
    """
    asked = list(fit.terms if terms is None else terms)
    for term in asked:
        if term not in fit.terms:
            raise UnknownVariableError.suggest(term, fit.terms, f"the coefficients of {fit.formula!r}")
    residuals = cox_residuals(fit, "scaled schoenfeld")
    dead = _dead(fit)
    time, weights = residuals["time"].to_numpy(), fit.design.weights[dead]
    knots, grid = _places(time, weights)
    at, of_grid = _spline(time, knots), _spline(grid, knots)
    smooth = {
        term: _smooth(fit, dead, residuals[term].to_numpy(), at, of_grid, pd.DataFrame({"time": grid, "term": term}))
        for term in asked
    }
    long = [pd.DataFrame({"term": term, "time": time, "residual": residuals[term].to_numpy(), "weight": weights})
            for term in asked]  # fmt: skip
    return OverTime(pd.concat(long, ignore_index=True), smooth)


def _dead(fit: Fit) -> npt.NDArray[np.intp]:
    """Return the rows of the deaths in the order of their residuals; an index may name a person several times."""
    roles, data = fit.extra["roles"], fit.design.data
    used = np.flatnonzero(fit.used_rows)
    dead = used[data[roles.event].to_numpy(dtype=np.float64, na_value=np.nan)[used] == 1.0]
    order = np.argsort(data[roles.time].to_numpy(dtype=np.float64, na_value=np.nan)[dead], kind="stable")
    return np.asarray(dead[order], dtype=np.intp)


def _places(time: Floats, weights: Floats) -> tuple[tuple[float, ...], Floats]:
    """Return the knots, of log time, and the times at which the smooth is given."""
    if time.min() <= 0.0:
        raise FitError(f"{WHERE}: events at time {time.min():g} have no logarithm")
    log = np.log(time)
    knots = np.unique(weighted_quantile_values(log, weights, np.array(SPREAD)))
    if len(knots) < len(SPREAD):
        raise FitError(f"{WHERE} needs deaths at more times: there are {len(np.unique(time))}")
    ends = weighted_quantile_values(time, weights, np.array(ENDS))
    return tuple(knots.tolist()), np.linspace(ends[0], ends[1], POINTS)


def _spline(time: Floats, knots: tuple[float, ...]) -> Floats:
    return np.column_stack([np.ones(len(time)), rcs(np.log(time), knots)])


def _smooth(
    fit: Fit, dead: npt.NDArray[np.intp], residuals: Floats, at: Floats, of_grid: Floats, labels: pd.DataFrame
) -> Estimate:
    """Return the weighted regression of residuals (d,) on a spline (d, k) at the rows (r, k) of a grid."""
    design = fit.design
    weighted = design.weights[dead, np.newaxis] * at
    inverse = np.linalg.inv(weighted.T @ at)
    b = inverse @ (weighted.T @ residuals)
    influence = np.zeros((len(fit.used_rows), len(b)))
    influence[dead] = weighted * (residuals - at @ b)[:, np.newaxis] @ inverse
    rows = np.zeros(len(fit.used_rows), dtype=bool)
    rows[dead] = True
    names = [f"spline {j}" for j in range(len(b))]
    made = from_influence(design, names, b, influence, rows=rows)
    return replace(linear(made, of_grid, list(labels["term"])), labels=labels, log_scale=True)
