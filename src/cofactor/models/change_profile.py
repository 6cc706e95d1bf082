"""The profile of the likelihood over change points, and the interval that it gives under a design."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy import stats

from cofactor.display import table_html
from cofactor.errors import FitError
from cofactor.models.dose_response import finite, number_of
from cofactor.models.fit import Fit
from cofactor.survey.quantiles import weighted_quantile_values
from cofactor.survey.result import Estimate
from cofactor.survey.table import t_quantile

Floats = npt.NDArray[np.float64]

FEWEST = 5  # values of the profile, and of the variable inside the range
SEARCHED = (0.05, 0.95)  # weighted quantiles between which a change point is looked for if nothing is said


@dataclass(frozen=True, eq=False)
class Profile:
    r"""What each value of a change point does to the likelihood.

    Attributes
    ----------
    values : array (r,)
        Rising; the best value is among them.
    log_likelihood : array (r,)
        Weighted (mean weight 1), profiled over all other coefficients.
    root : array (r,)
        Signed root of the corrected likelihood ratio, :math:`\pm\sqrt{2(\ell(\hat c)-\ell(c))/\hat\delta}`: about t
        with `df` degrees of freedom if the change point is there.
    best : float
    design_effect : float
        :math:`\hat\delta`: design over naive variance of the change point.
    df : float
    """

    values: Floats
    log_likelihood: Floats
    root: Floats
    best: float
    design_effect: float
    df: float

    @staticmethod
    def of(values: Floats, log_likelihood: list[float], best: float, design_effect: float, df: float) -> Profile:
        """Return the profile of values (r,), in any order, which hold the best one."""
        places, first = np.unique(values, return_index=True)
        found = np.asarray(log_likelihood)[first]
        loss = np.maximum(2.0 * (found.max() - found), 0.0)
        root = np.sign(places - best) * np.sqrt(loss / design_effect)
        return Profile(places, found, root, best, design_effect, df)

    def table(self) -> pd.DataFrame:
        """Return one row a value: value, log_likelihood, root, p of the hypothesis that the change point is there."""
        p = 2.0 * stats.t.sf(np.abs(self.root), self.df)
        columns = {"value": self.values, "log_likelihood": self.log_likelihood, "root": self.root, "p": p}
        return pd.DataFrame(columns)

    def _repr_html_(self) -> str:
        return table_html(self.table(), caption=f"Profile of a change point, best at {self.best:.4g}")

    def p_value(self, value: float) -> float:
        """Return p of a value, by the root interpolated between those of the profile; FitError outside them."""
        if not self.values[0] <= value <= self.values[-1]:
            raise FitError(
                f"change points were looked for from {self.values[0]:g} to {self.values[-1]:g}, and {value:g} lies "
                "outside; widen between=(low, high)"
            )
        return float(2.0 * stats.t.sf(abs(np.interp(value, self.values, self.root)), self.df))

    def interval(self, level: float) -> tuple[float, float]:
        """Return the outermost values that the data are compatible with; missing where there is no end in the range."""
        reach = float(t_quantile(level, np.array([self.df]))[0])
        flipped = _first_inside(-self.values[::-1], -self.root[::-1], reach)
        return _first_inside(self.values, self.root, reach), -flipped

    def notes(self, variable: str) -> tuple[str, ...]:
        """Return what a reader of the interval needs to know."""
        low, high = self.interval(0.95)
        open_sides = [side for side, end in (("below", low), ("above", high)) if np.isnan(end)]
        said = [
            f"change points of {variable} were looked for from {self.values[0]:g} to {self.values[-1]:g}; the profile "
            f"interval is corrected by its design effect, {self.design_effect:.3g}"
        ]
        if open_sides:
            said.append(
                f"the 95% interval of the change point is open {' and '.join(open_sides)}: no value searched there is "
                "incompatible with the data"
            )
        if self.best in (self.values[0], self.values[-1]):
            said.append(
                f"the likelihood is largest at the end of the range, {self.best:g}: there may be no change point in it"
            )
        return tuple(said)


def limits_with(profile: Profile, estimate: Estimate, level: float) -> tuple[Floats, Floats]:
    """Return the limits of an estimate whose first value is the change point: its profile's, and -/+ t se."""
    reach = t_quantile(level, estimate.df) * estimate.se
    low, high = estimate.values - reach, estimate.values + reach
    low[0], high[0] = profile.interval(level)
    return low, high


def search_range(plain: Fit, variable: str, between: Sequence[float] | None) -> tuple[float, float]:
    """Return where a change point is looked for: `between`, else the weighted 5th to 95th percentile of the rows used.

    Raises FitError where the range is none, or holds too few values, or has no values on both sides.
    """
    seen = number_of(plain, variable)
    if between is None:
        low, high = weighted_quantile_values(seen, plain.design.weights[plain.used_rows], np.asarray(SEARCHED))
    else:
        ends = finite(between, f"the range of {variable}")
        if ends.size != 2 or ends[0] >= ends[1]:
            raise FitError(f"between= is two numbers, the lower first; got {list(between)}")
        low, high = ends
    inside = np.unique(seen[(seen > low) & (seen < high)]).size
    if inside < FEWEST or not seen.min() < low or not seen.max() > high:
        raise FitError(
            f"a change point of {variable} is looked for from {low:g} to {high:g}, where it has {inside} values (all "
            f"its values: {seen.min():g} to {seen.max():g}); the range needs five or more, and values on both sides"
        )
    return float(low), float(high)


def search_grid(low: float, high: float, points: int, candidates: Floats | None) -> Floats:
    """Return evenly spaced values with the candidates among them; FitError for too few or for candidates outside."""
    if points < FEWEST:
        raise FitError(f"points={points}: a profile needs {FEWEST} values or more")
    grid = np.linspace(low, high, points)
    if candidates is None:
        return grid
    outside = candidates[(candidates < low) | (candidates > high)]
    if outside.size:
        raise FitError(
            f"the candidate {outside[0]:g} lies outside the range searched, {low:g} to {high:g}; widen between="
        )
    return np.unique(np.concatenate([grid, candidates]))


def _first_inside(values: Floats, root: Floats, reach: float) -> float:
    """Return where the root first rises above -reach, coming from outside; missing if it begins above."""
    inside = int(np.argmax(root > -reach))
    if inside == 0:
        return float("nan")
    gap = root[inside] - root[inside - 1]
    return float(values[inside - 1] + (values[inside] - values[inside - 1]) * (-reach - root[inside - 1]) / gap)
