"""Intervals of a survival probability on the scale of log(-log S), which stay between 0 and 1."""

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
