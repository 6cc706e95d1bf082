"""Many tests at once: adjusted p-values of a family, and the levels at which their intervals say the same."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, get_args

import numpy as np
import numpy.typing as npt
import pandas as pd

from cofactor.errors import FitError

Floats = npt.NDArray[np.float64]
Method = Literal["holm", "benjamini-hochberg"]


def adjust_pvalues(
    p: Sequence[float] | Floats | pd.Series[float], *, method: Method = "holm", alpha: float = 0.05
) -> pd.DataFrame:
    r"""Adjust the p-values of a family of k tests, and give each the level of the interval that agrees with it.

    Holm's adjusted value of the r-th smallest is :math:`\max_{s \le r} (k - s + 1)\,p_{(s)}` and keeps the chance of
    any false rejection below alpha. Benjamini and Hochberg's is :math:`\min_{s \ge r} k\,p_{(s)}/s` and keeps the
    expected share of false rejections below it.

    Parameters
    ----------
    p : sequence of float, (k,)
        A missing value is no test of the family: it stays missing and is not counted.
    method : {"holm", "benjamini-hochberg"}
    alpha : float
        Of the family.

    Returns
    -------
    DataFrame
        One row a test, in the order given (and with the index of a Series): p, adjusted (at most 1), rejected (a flag;
        adjusted <= alpha), level (of the interval behind the verdict). By Holm the level of the r-th smallest is
        1 - alpha / (k - r + 1), and after the first test that is not rejected, that one's. By Benjamini-Hochberg it is
        1 - alpha R / k for the R rejected (false coverage rate), and 1 - alpha / k where none is.

    Raises
    ------
    FitError
        A p-value outside 0 to 1, an alpha outside 0 to 1, or an unknown method.

    Notes
    -----
    Holm S (1979), A simple sequentially rejective multiple test procedure. Scandinavian Journal of Statistics 6:65-70.
    Benjamini Y, Hochberg Y (1995), doi:10.1111/j.2517-6161.1995.tb02031.x. Benjamini Y, Yekutieli D (2005), False
    discovery rate-adjusted multiple confidence intervals, doi:10.1198/016214504000001907. The adjusted values are
    statsmodels'; R has the same in ``p.adjust``.

    Examples
    --------
    >>> adjust_pvalues([0.01, 0.04, 0.03])[["adjusted", "rejected"]]
       adjusted  rejected
    0      0.03      True
    1      0.06     False
    2      0.06     False
    """
    if method not in get_args(Method):
        raise FitError(f"method={method!r} is unknown; there are: {', '.join(get_args(Method))}")
    if not 0.0 < alpha < 1.0:
        raise FitError(f"alpha={alpha!r} is no probability between 0 and 1; 0.05 is usual")
    values = np.asarray(p, dtype=np.float64)
    known = ~np.isnan(values)
    if ((values[known] < 0.0) | (values[known] > 1.0)).any():
        raise FitError("a p-value lies outside 0 to 1; give p-values, not test statistics")
    adjusted, level = np.full(values.size, np.nan), np.full(values.size, np.nan)
    if known.any():
        adjusted[known] = _adjusted(values[known], method)
        level[known] = _levels(values[known], adjusted[known] <= alpha, method, alpha)
    rejected = pd.arrays.BooleanArray(adjusted <= alpha, ~known)
    index = p.index if isinstance(p, pd.Series) else pd.RangeIndex(values.size)
    return pd.DataFrame({"p": values, "adjusted": adjusted, "rejected": rejected, "level": level}, index=index)


def _adjusted(p: Floats, method: Method) -> Floats:
    from statsmodels.stats.multitest import multipletests

    name = {"holm": "holm", "benjamini-hochberg": "fdr_bh"}[method]
    return np.asarray(multipletests(p, method=name)[1], dtype=np.float64)


def _levels(p: Floats, rejected: npt.NDArray[np.bool_], method: Method, alpha: float) -> Floats:
    k, rejections = p.size, int(rejected.sum())
    if method == "benjamini-hochberg":
        return np.full(k, 1.0 - alpha * max(rejections, 1) / k)
    rank = np.empty(k, dtype=np.int64)
    rank[np.argsort(p, kind="stable")] = np.arange(k)
    return np.asarray(1.0 - alpha / (k - np.minimum(rank, min(rejections, k - 1))))
