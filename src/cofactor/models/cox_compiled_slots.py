"""The compiled steps from sums by slot to hazards: at tens of thousands of people they take as long as the people do.

As `cofactor.models.cox_sums`, which calls what is here where a fit is compiled; needs numba.
"""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt
from numba import types

from cofactor.models.cox_compiled_pass import MATRIX, TABLE, VECTOR, Floats, compiled

Whole = npt.NDArray[np.int64]
WHOLE = types.Array(types.int64, 1, "C", readonly=True)
SMALL = 1e-250  # product of steps at which its logarithm is taken: one for many steps


@compiled("reassoc", "contract", signature=types.void(WHOLE, VECTOR, TABLE))
def ladder(deaths: Whole, ratio: Floats, made: Floats) -> None:
    """Write the sums over Efron's steps into `made` (6, L): as `cofactor.models.cox_sums.over_steps`."""
    for k in range(deaths.size):
        a, b, alpha, beta, gamma, product, logs = 0.0, 0.0, 0.0, 0.0, 0.0, 1.0, 0.0
        for step in range(deaths[k]):
            share = step / deaths[k]
            left = 1.0 - share * ratio[k]
            one = 1.0 / left
            a += one
            b += share * one
            alpha += one * one
            beta += share * one * one
            gamma += share * share * one * one
            product *= left
            if product < SMALL:
                logs -= math.log(product)
                product = 1.0
        made[0, k], made[1, k], made[2, k], made[3, k], made[4, k] = a, b, alpha, beta, gamma
        made[5, k] = logs - math.log(product)


@compiled("reassoc", "contract", signature=types.void(MATRIX, MATRIX, WHOLE, TABLE))
def at_risk(leaving: Floats, entering: Floats, starts: Whole, made: Floats) -> None:
    """Write the sums over those at risk into `made` (T, q), of sums by exit and by entry slot (T, q).

    From behind, or from before, whichever takes from less: as `cofactor.models.cox_sums.risk_sums`.
    """
    width = made.shape[1]
    total, left = np.zeros(width), np.zeros(made.shape[0])
    for stratum in range(starts.size):
        start = starts[stratum]
        end = starts[stratum + 1] if stratum + 1 < starts.size else made.shape[0]
        total[:], gone, come = 0.0, 0.0, 0.0
        for k in range(end - 1, start - 1, -1):
            gone += leaving[k, 0]
            left[k] = gone
            for j in range(width):
                total[j] += leaving[k, j] - entering[k, j]
                made[k, j] = total[j]
        total[:] = 0.0
        for k in range(start, end):
            backward = left[k] <= come
            come += entering[k, 0]
            for j in range(width):
                if not backward:
                    made[k, j] = total[j]
                total[j] += entering[k, j] - leaving[k, j]


@compiled(
    "reassoc", "contract",
    signature=types.void(
        MATRIX, MATRIX, VECTOR, VECTOR, VECTOR, VECTOR, VECTOR, VECTOR, WHOLE, TABLE, TABLE, TABLE, TABLE,
        types.float64[::1],
    ),
)  # fmt: skip
def means(
    s1: Floats, e1: Floats, a: Floats, b: Floats, alpha: Floats, beta: Floats, gamma: Floats, weight: Floats,
    starts: Whole, xa: Floats, xb: Floats, xd: Floats, cumulated: Floats, loss: Floats,
) -> None:  # fmt: skip
    """Write `xa`, `xb`, `xd`, `cumulated_xa` (T, p) and `score_loss` (p,) of `cofactor.models.cox_sums.Hazards`.

    s1, e1 (T, p) are sums at risk and of deaths, a to gamma (T,) those over the ladder, weight (T,) of the deaths.
    """
    stratum = 0
    for k in range(xa.shape[0]):
        first = stratum < starts.size and k == starts[stratum]
        stratum += first
        for j in range(xa.shape[1]):
            xa[k, j] = alpha[k] * s1[k, j] - beta[k] * e1[k, j]
            xb[k, j] = beta[k] * s1[k, j] - gamma[k] * e1[k, j]
            mean = a[k] * s1[k, j] - b[k] * e1[k, j]
            xd[k, j] = mean / weight[k]
            loss[j] += mean
            cumulated[k, j] = xa[k, j] if first else xa[k, j] + cumulated[k - 1, j]
