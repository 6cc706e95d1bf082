r"""The density of an outcome at its conditional quantiles: what the error of a quantile regression divides by.

Two estimates. Hendricks and Koenker's is local: each person's own density, from how far apart that person's fitted
quantiles just above and below lie; it is right where these are linear in the columns, however the spread differs among
people. Powell's kernel has one width for everybody. benchmarks/quantile_coverage compares the intervals.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from scipy import stats

from cofactor.survey.quantiles import weighted_quantile_values

Floats = npt.NDArray[np.float64]

CROSSING = 0.01  # share of the mean gap below which a person's fitted quantiles meet, and give no density


def effective_number(weights: Floats) -> float:
    r"""Return Kish's effective number of people, :math:`(\sum w)^2 / \sum w^2`. Kish L (1965), Survey Sampling.

    Examples
    --------
    >>> import numpy as np
    >>> effective_number(np.array([2.0, 2.0, 2.0]))
    3.0
    """
    return float(weights.sum()) ** 2 / float(weights @ weights)


def hall_sheather(tau: float, n: float, level: float = 0.95) -> float:
    r"""Return the bandwidth in units of probability for a quantile of n people.

    :math:`n^{-1/3} z_{(1+level)/2}^{2/3} [1.5\,\phi(x)^2 / (2 x^2 + 1)]^{1/3}`, :math:`x = \Phi^{-1}(\tau)`, halved
    until :math:`\tau \pm h` lies within 0 to 1. Hall P, Sheather SJ (1988), On the distribution of a studentized
    quantile. Journal of the Royal Statistical Society B 50:381-391. doi:10.1111/j.2517-6161.1988.tb01735.x

    Examples
    --------
    >>> round(hall_sheather(0.5, 1000.0), 4)
    0.0972
    """
    x = float(stats.norm.ppf(tau))
    height = 1.5 * float(stats.norm.pdf(x)) ** 2 / (2.0 * x**2 + 1.0)
    width: float = n ** (-1.0 / 3.0) * float(stats.norm.ppf((1.0 + level) / 2.0)) ** (2.0 / 3.0) * height ** (1.0 / 3.0)
    while tau - width <= 0.0 or tau + width >= 1.0:
        width /= 2.0
    return width


def local_density(gap: Floats, weights: Floats, width: float) -> Floats:
    r"""Return each row's density :math:`2h / (q_{\tau+h} - q_{\tau-h})` at its own quantile, by Hendricks and Koenker.

    Parameters
    ----------
    gap : array (m,)
        How far each row's fitted quantile at tau + h lies above that at tau - h.
    weights : array (m,)
    width : float
        The h, in units of probability.

    Returns
    -------
    array (m,)
        Per unit of the outcome; 0 where the two quantiles meet or cross.

    Notes
    -----
    Hendricks W, Koenker R (1992), Hierarchical spline models for conditional quantiles and the demand for electricity.
    Journal of the American Statistical Association 87:58-68. doi:10.1080/01621459.1992.10475175. R: quantreg's
    ``summary.rq(se="nid")``.

    Examples
    --------
    >>> import numpy as np
    >>> local_density(np.array([1.0, 2.0, -0.1]), np.ones(3), 0.1).tolist()
    [0.2, 0.1, 0.0]
    """
    least = CROSSING * float(weights @ np.maximum(gap, 0.0)) / float(weights.sum())
    apart = gap > least
    return np.where(apart, 2.0 * width / np.where(apart, gap, 1.0), 0.0)


def kernel_density(residual: Floats, weights: Floats, tau: float) -> Floats:
    r"""Return each row's kernel weight :math:`\phi(r_i/h)/h`, whose weighted mean is the density at the quantile.

    Parameters
    ----------
    residual : array (m,)
        Outcome less its fitted quantile; not all alike.
    weights : array (m,)
    tau : float

    Returns
    -------
    array (m,)
        Per unit of the outcome.

    Notes
    -----
    :math:`h = [\Phi^{-1}(\tau+b) - \Phi^{-1}(\tau-b)] \min(sd, IQR/1.34)` with Hall and Sheather's b, as quantreg's
    ``summary.rq(se="ker")``; standard deviation and quartiles of the residuals are weighted here, and n is the
    effective number, so that the scale of the weights does not matter.
    Powell JL (1991), in: Barnett WA et al. (eds), Nonparametric and Semiparametric Methods in Econometrics and
    Statistics, 357-384.
    """
    total = float(weights.sum())
    centred = residual - float(weights @ residual) / total
    deviation = float(np.sqrt(weights @ centred**2 / total))
    quarter, three_quarters = weighted_quantile_values(residual, weights, [0.25, 0.75])
    between = float(three_quarters - quarter) / 1.34
    spread = min(deviation, between) if between > 0.0 else deviation
    width = hall_sheather(tau, effective_number(weights))
    h = (float(stats.norm.ppf(tau + width)) - float(stats.norm.ppf(tau - width))) * spread
    return np.asarray(stats.norm.pdf(residual / h) / h)
