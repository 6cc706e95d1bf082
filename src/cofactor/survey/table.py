"""The table of an estimate: term, estimate, se, low, high, p, df."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy import stats

from cofactor.errors import DesignError

if TYPE_CHECKING:
    from cofactor.survey.result import Limits

Floats = npt.NDArray[np.float64]


class Tabled(Protocol):
    """What a table is made of: an `Estimate`, or one with the errors of replicates; see `Estimate` for each."""

    @property
    def labels(self) -> pd.DataFrame: ...  # noqa: D102
    @property
    def values(self) -> Floats: ...  # noqa: D102
    @property
    def se(self) -> Floats: ...  # noqa: D102
    @property
    def df(self) -> Floats: ...  # noqa: D102
    @property
    def tested(self) -> bool: ...  # noqa: D102
    @property
    def limits(self) -> Limits | None: ...  # noqa: D102
    @property
    def extra(self) -> pd.DataFrame | None: ...  # noqa: D102
    @property
    def shown_as_ratio(self) -> npt.NDArray[np.bool_] | None: ...  # noqa: D102
    @property
    def unbounded(self) -> npt.NDArray[np.bool_] | None: ...  # noqa: D102


def result_table(estimate: Tabled, level: float, exponentiate: bool) -> pd.DataFrame:
    """Return the table of an estimate; see `Estimate.table`."""
    if not 0.0 < level < 1.0:
        raise DesignError(f"level={level} is no level of an interval; give one between 0 and 1, as 0.95")
    if exponentiate and estimate.extra is not None and "reliability" in estimate.extra:
        raise DesignError("exponentiate=True turns logarithms into ratios; these are proportions")
    se = estimate.se
    low, high = _limits(estimate, se, level)
    p = _p_values(estimate, se)
    if estimate.unbounded is not None:
        low, high, p = (np.where(estimate.unbounded, np.nan, values) for values in (low, high, p))
    # Beside values that are always ratios stand differences (RERI, AP): no logarithms, so never exponentiated.
    ratio = np.full(len(se), exponentiate) if estimate.shown_as_ratio is None else estimate.shown_as_ratio
    made = estimate.labels.reset_index(drop=True).copy()
    for name, values in (("estimate", estimate.values), ("low", low), ("high", high)):
        with np.errstate(over="ignore"):  # the limits of a coefficient that runs away
            made[name] = np.where(ratio, np.exp(np.where(ratio, values, 0.0)), values)
    made["se"] = se
    made["p"] = p
    made["df"] = np.asarray(estimate.df, dtype=np.float64)
    columns = [*estimate.labels.columns, "estimate", "se", "low", "high", "p", "df"]
    if estimate.extra is None:
        return made[columns]
    return pd.concat([made[columns], estimate.extra.reset_index(drop=True)], axis=1)


def _limits(estimate: Tabled, se: Floats, level: float) -> tuple[Floats, Floats]:
    if estimate.limits is not None:
        return estimate.limits(level)
    reach = t_quantile(level, estimate.df) * se
    return estimate.values - reach, estimate.values + reach


def _p_values(estimate: Tabled, se: Floats) -> Floats:
    if not estimate.tested:
        return np.full(len(se), np.nan)
    with np.errstate(divide="ignore", invalid="ignore"):
        statistic = np.abs(estimate.values) / se
    return np.asarray(2.0 * stats.t.sf(statistic, _positive(estimate.df)))


def t_quantile(level: float, df: Floats) -> Floats:
    """Return the t quantile of a two-sided interval; missing where there are no degrees of freedom."""
    return np.asarray(stats.t.ppf((1.0 + level) / 2.0, _positive(df)))


def _positive(df: Floats) -> Floats:
    values = np.asarray(df, dtype=np.float64)
    return np.where(values > 0.0, values, np.nan)
