"""E-values: how strong an unmeasured confounder would have to be to explain an association away."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal, get_args

import pandas as pd

from cofactor.display import table_html
from cofactor.errors import FitError

Measure = Literal["risk ratio", "odds ratio", "hazard ratio"]


@dataclass(frozen=True)
class EValue:
    """E-values of a ratio and of the limit of its interval that is nearer to 1.

    Attributes
    ----------
    ratio : float
        On the scale of risk ratios.
    estimate : float
        A confounder associated with exposure and outcome by this risk ratio each could explain the estimate.
    limit : float
        The same for the limit; 1 where the interval holds 1; missing where no interval was given.
    heterogeneity : float
        Of a ratio of ratios whose two groups are confounded in opposite directions: the E-value of its square root.
        `estimate` is the value where one group alone is confounded.
    """

    ratio: float
    estimate: float
    limit: float
    heterogeneity: float

    def table(self) -> pd.DataFrame:
        """Return one row: ratio, e_value, e_value_limit, e_value_both_groups."""
        return pd.DataFrame({
            "ratio": [self.ratio], "e_value": [self.estimate], "e_value_limit": [self.limit],
            "e_value_both_groups": [self.heterogeneity],
        })  # fmt: skip

    def _repr_html_(self) -> str:
        return table_html(self.table(), caption="E-value", row_headers=0)


def e_value(
    ratio: float,
    low: float | None = None,
    high: float | None = None,
    *,
    measure: Measure = "risk ratio",
    common: bool = False,
) -> EValue:
    r"""Return the E-value of a ratio and of its interval.

    A confounder U explains a ratio R > 1 away only where :math:`R \le R_{EU} R_{UD} / (R_{EU} + R_{UD} - 1)`; with both
    as large as each other that is :math:`E = R + \sqrt{R (R - 1)}`. A ratio below 1 is taken by its inverse.

    Parameters
    ----------
    ratio : float
        Estimate; of an interaction, the ratio of ratios.
    low, high : float, optional
        Limits of its interval; both or neither.
    measure : {"risk ratio", "odds ratio", "hazard ratio"}
    common : bool
        The outcome is common (over 15% by the end of follow-up): an odds ratio then becomes its square root, a hazard
        ratio :math:`(1 - 0.5^{\sqrt{HR}}) / (1 - 0.5^{\sqrt{1/HR}})`. A rare outcome's ratios are taken as they are.

    Raises
    ------
    FitError
        A ratio that is not positive, limits that do not hold it, one limit alone, or an unknown measure.

    Notes
    -----
    An E-value measures what confounding would have to do, not what it does: it is no support for an effect, and stands
    beside a benchmark, such as how much adding smoking moved the estimate. VanderWeele TJ, Ding P (2017), Sensitivity
    analysis in observational research: introducing the E-value, doi:10.7326/M16-2607. Heterogeneity: Mathur MB, Smith
    LH, Yoshida K, Ding P, VanderWeele TJ (2022), E-values for effect heterogeneity and approximations for causal
    interaction, doi:10.1093/ije/dyac073.

    Examples
    --------
    >>> made = e_value(3.9, 1.8, 8.7)  # the worked example of VanderWeele and Ding: 7.26 and 3.0
    >>> round(made.estimate, 2), round(made.limit, 2)
    (7.26, 3.0)
    """
    if measure not in get_args(Measure):
        raise FitError(f"measure={measure!r} is unknown; there are: {', '.join(get_args(Measure))}")
    if (low is None) != (high is None):
        raise FitError("one limit is given; an interval has low and high")
    values = [value for value in (low, ratio, high) if value is not None]
    if not all(math.isfinite(value) and value > 0.0 for value in values) or sorted(values) != values:
        raise FitError(f"{values} are no ratio with its limits: positive numbers, low <= ratio <= high")
    risk = _risk_ratio(ratio, measure, common)
    limit = math.nan
    if low is not None and high is not None:
        limit = _of_ratio(_nearest_to_one(_risk_ratio(low, measure, common), _risk_ratio(high, measure, common)))
    return EValue(risk, _of_ratio(risk), limit, _of_ratio(math.sqrt(risk)))


def _risk_ratio(ratio: float, measure: Measure, common: bool) -> float:
    if not common or measure == "risk ratio":
        return ratio
    if measure == "odds ratio":
        return math.sqrt(ratio)
    root = math.sqrt(ratio)
    return float((1.0 - 0.5**root) / (1.0 - 0.5 ** (1.0 / root)))


def _nearest_to_one(low: float, high: float) -> float:
    if low <= 1.0 <= high:
        return 1.0
    return low if low > 1.0 else high


def _of_ratio(ratio: float) -> float:
    away = max(ratio, 1.0 / ratio)
    return away + math.sqrt(away * (away - 1.0))
