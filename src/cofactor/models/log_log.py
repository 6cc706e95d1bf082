"""Intervals on the scale of logarithms: of survival by log(-log S), of a cumulative hazard by log H."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from cofactor.survey.table import t_quantile

Floats = npt.NDArray[np.float64]


def log_log_limits(survival: Floats, se: Floats, df: Floats, level: float) -> tuple[Floats, Floats]:
    r"""Return :math:`S^{\exp(\pm t\, se / (S \log S))}`, low and high (k,); missing where S is 0 or 1."""
    inner = (survival > 0.0) & (survival < 1.0)
    safe = np.where(inner, survival, 0.5)
    reach = np.where(inner, t_quantile(level, df) * se / (safe * -np.log(safe)), np.nan)
    return safe ** np.exp(reach), safe ** np.exp(-reach)


def log_limits(values: Floats, se: Floats, df: Floats, level: float) -> tuple[Floats, Floats]:
    r"""Return :math:`H \exp(\pm t\, se / H)`, low and high (k,); missing where H is not positive."""
    inner = values > 0.0
    reach = np.exp(t_quantile(level, df) * se / np.where(inner, values, 1.0))
    return np.where(inner, values / reach, np.nan), np.where(inner, values * reach, np.nan)


def risk_limits(risks: Floats, se: Floats, df: Floats, level: float) -> tuple[Floats, Floats]:
    """Return `log_log_limits` of the survival 1 - risk, as low and high of the risk."""
    low, high = log_log_limits(1.0 - risks, se, df, level)
    return 1.0 - high, 1.0 - low
