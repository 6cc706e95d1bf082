r"""The baseline cumulative hazard of a Cox fit at given times, and each person's influence on it.

With the sums over the ladder of ties as in `cox_sums`, :math:`\Lambda_0(t) = \sum_{t_k \le t} A_k`. A person's
influence at fixed coefficients is that of their own death, :math:`w_i A_k / W_k + r_i \beta_k` at its slot, less
:math:`r_i \alpha_k` at every slot where they are at risk; the coefficients' influence adds
:math:`-\sum_{t_k \le t} x_{A,k}` times theirs. All of it is the derivative in the weights; for Breslow's ties see
Lin DY (2000), doi:10.1093/biomet/87.1.37.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from cofactor.models.baseline import Baseline, check_times
from cofactor.models.cox_kernel import state_at
from cofactor.models.cox_rows import rows_of
from cofactor.models.cox_slots import RiskSlots
from cofactor.models.cox_sums import ladder
from cofactor.models.fit import Fit
from cofactor.models.threads import one_blas_thread

Floats = npt.NDArray[np.float64]
Indices = npt.NDArray[np.intp]


def cox_baseline(fit: Fit, at: Sequence[float] | float, question: str) -> Baseline:
    """Return the baseline hazard of a Cox fit at some times.

    Raises
    ------
    FitError
        No Cox model, no time, or a time that is not positive or after the last exit.
    """
    matrix, slots = rows_of(fit, question)
    times = np.atleast_1d(np.asarray(at, dtype=np.float64))
    check_times(fit, times, question)
    with one_blas_thread():
        at_b = state_at(matrix, slots, np.asarray(fit.estimate.values)).hazards
    r = slots.exposure * np.exp(matrix.rows[:, 1:] @ fit.estimate.values)
    position = slots_at(slots, times)
    return Baseline(
        times=times,
        values=at_b.cumulated[position],
        stratum=slots.stratum[slots.exit],
        direct=own_influence(slots, at_b.s0, at_b.e0, r, position),
        slopes=-at_b.cumulated_xa[position],
        matrix=matrix,
        offset=slots.offset,
    )


def slots_at(slots: RiskSlots, times: Floats) -> Indices:
    """Return the last slot at or before each time in every Cox stratum, (S, T)."""
    ends = np.append(slots.starts[1:], slots.size)
    return np.stack([
        start + np.searchsorted(slots.times[start + 1 : end], times, side="right")
        for start, end in zip(slots.starts, ends, strict=True)
    ])  # fmt: skip


def own_influence(slots: RiskSlots, s0: Floats, e0: Floats, r: Floats, position: Indices) -> Floats:
    """Return the influence (m, T) of each row on the hazard of its stratum up to the slots `position` (S, T).

    At fixed coefficients, by its event and its time at risk; from the sums of r at risk and among deaths, (K,) both.
    """
    made = ladder(slots, s0, e0)
    at = position[slots.stratum[slots.exit]]  # (m, T)
    exits, entries = slots.exit[:, np.newaxis], slots.entry_of[:, np.newaxis]
    alpha = slots.cumulated(made.alpha)
    under_risk = alpha[np.minimum(exits, at)] - alpha[np.minimum(entries, at)]
    share = np.divide(made.a, slots.death_weight, out=np.zeros_like(made.a), where=slots.deaths > 0)
    own = np.where(slots.dead, slots.weights * share[slots.exit] + r * made.beta[slots.exit], 0.0)
    return np.asarray(own[:, np.newaxis] * (exits <= at) - r[:, np.newaxis] * under_risk)
