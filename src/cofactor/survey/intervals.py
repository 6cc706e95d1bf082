"""Intervals of proportions: Korn-Graubard with or without the cap of NCHS, and logit."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from scipy import special, stats

from cofactor.survey.table import t_quantile

Floats = npt.NDArray[np.float64]


def effective_size(share: Floats, se: Floats, n: Floats, cap: bool) -> Floats:
    """Return p (1 - p) / se^2, the size of a simple random sample as precise as this one; n where p is 0 or 1.

    With `cap` it is n at most. All arrays are (k,).
    """
    with np.errstate(divide="ignore", invalid="ignore"):
        size = share * (1.0 - share) / se**2
    certain = (share <= 0.0) | (share >= 1.0)
    size = np.where(certain, n, size)
    return np.minimum(size, n) if cap else size


def korn_graubard_limits(
    share: Floats, se: Floats, n: Floats, df: Floats, cap: bool, level: float
) -> tuple[Floats, Floats]:
    r"""Return the limits of Clopper and Pearson for an effective sample that is corrected for degrees of freedom.

    :math:`n^* = \min(n, \; p(1-p)/se^2 \, (t_{n-1}/t_{df})^2)`, capped once, after the factor; the limits are quantiles
    of Beta(x, n* - x + 1) and Beta(x + 1, n* - x) with :math:`x = n^* p`.

    Parameters
    ----------
    share, se, n, df : array (k,)
        Proportion, its standard error, rows, degrees of freedom.
    cap : bool
        Never more than n, as NCHS; R's ``svyciprop(method="beta")`` does not cap.
    level : float

    Notes
    -----
    Korn EL, Graubard BI (1998), Confidence intervals for proportions with small expected number of positive counts
    estimated from survey data. Survey Methodology 24:193-201. Parker JD et al. (2017), National Center for Health
    Statistics Data Presentation Standards for Proportions, Vital Health Stat 2(175).

    Examples
    --------
    >>> import numpy as np
    >>> p, n, df = np.array([0.5]), np.array([100.0]), np.array([99.0])
    >>> low, high = korn_graubard_limits(p, np.array([0.05]), n, df, True, 0.95)
    >>> float(low[0].round(4)), float(high[0].round(4))
    (0.3983, 0.6017)
    """
    with np.errstate(invalid="ignore", divide="ignore"):
        factor = (t_quantile(level, n - 1.0) / t_quantile(level, df)) ** 2
        # Without degrees of freedom nothing is known of the error: the interval is everything.
        size = effective_size(share, se, n, cap=False) * np.where(df > 0.0, factor, 0.0)
        size = np.minimum(size, n) if cap else size
        events = size * share
        tail = (1.0 - level) / 2.0
        low = np.where(events <= 0.0, 0.0, stats.beta.ppf(tail, events, size - events + 1.0))
        high = np.where(size - events <= 0.0, 1.0, stats.beta.ppf(1.0 - tail, events + 1.0, size - events))
    exact = np.isinf(size)  # a standard error of 0 without the cap
    return np.where(exact, share, low), np.where(exact, share, high)


def logit_limits(share: Floats, se: Floats, df: Floats, level: float) -> tuple[Floats, Floats]:
    r"""Return :math:`\mathrm{expit}(\mathrm{logit}\,p \pm t_{df}\, se / (p (1 - p)))`; missing where p is 0 or 1.

    All arrays are (k,). Source: Korn EL, Graubard BI (1999), Analysis of Health Surveys, section 3.2.
    """
    with np.errstate(divide="ignore", invalid="ignore"):
        centre = special.logit(share)
        reach = t_quantile(level, df) * se / (share * (1.0 - share))
        low, high = special.expit(centre - reach), special.expit(centre + reach)
    defined = (share > 0.0) & (share < 1.0)
    return np.where(defined, low, np.nan), np.where(defined, high, np.nan)
