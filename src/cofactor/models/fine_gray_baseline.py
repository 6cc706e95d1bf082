r"""The baseline cumulative subdistribution hazard of a Fine-Gray fit at given times, with each person's influence.

As in `baseline`, with three things more. A person with a competing event takes :math:`r_i \alpha_k G(t_k-)/G(b_i-)` at
the slots after it. The hazard of censoring at :math:`t_c` moves :math:`\Lambda_0(t)` by
:math:`\sum_{i} r_i/G(b_i-) \sum_{t_c < t_k \le t} G(t_k-) \alpha_k` over the competing of its group up to then, which
`CensoringCurve.influence` gives to people. All is the derivative in the weights.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from cofactor.errors import FitError
from cofactor.models.baseline import Baseline, check_times
from cofactor.models.cox_baseline import own_influence, slots_at
from cofactor.models.cox_kernel import State
from cofactor.models.cox_matrix import CentredMatrix, centred
from cofactor.models.cox_sums import ladder
from cofactor.models.fine_gray_sets import SubdistributionSets
from cofactor.models.fit import Fit

Floats = npt.NDArray[np.float64]
Indices = npt.NDArray[np.intp]


def subdistribution_baseline(fit: Fit, at: Sequence[float] | float, question: str) -> Baseline:
    """Return the baseline subdistribution hazard of a Fine-Gray fit at some times.

    Raises
    ------
    FitError
        No Fine-Gray model, no time, or a time that is not positive or after the last exit.
    """
    if fit.kind != "fine_gray":
        raise FitError(f"{question} needs a Fine-Gray model; {fit.formula!r} is a {fit.kind} fit")
    times = np.atleast_1d(np.asarray(at, dtype=np.float64))
    check_times(fit, times, question)
    model = fit.extra["model"]
    sets, state = model.sets, model.solution.state
    matrix = centred(fit.spec.new_rows(fit.design.data.loc[fit.used_rows]), model.centre)
    position = slots_at(sets.slots, times)
    return Baseline(
        times=times,
        values=state.hazards.cumulated[position],
        stratum=sets.slots.stratum[sets.slots.exit],
        direct=_direct(matrix, sets, state, position),
        slopes=-state.hazards.cumulated_xa[position],
        matrix=matrix,
        offset=sets.slots.offset,
    )


def _direct(matrix: CentredMatrix, sets: SubdistributionSets, state: State, position: Indices) -> Floats:
    """Return the influence (m, T) at fixed coefficients on the hazard of the own stratum up to `position` (S, T)."""
    slots, at_b = sets.slots, state.hazards
    r = slots.exposure * np.exp(matrix.rows[:, 1:] @ state.b)
    z, carried = sets.shares(matrix, state.b)
    grown = np.cumsum(sets.growth * ladder(slots, at_b.s0, at_b.e0).alpha, axis=1)
    until = np.take_along_axis(grown, position[sets.stratum], axis=1)
    # Between a slot and a later one; where it is not later, nothing.
    between = np.maximum(until[:, np.newaxis, :] - grown[:, :, np.newaxis], 0.0)  # (S, K, T)
    direct = own_influence(slots, at_b.s0, at_b.e0, r, position)
    direct[sets.competing] -= carried[:, np.newaxis] * sets.of_competing(between)
    return np.asarray(direct + sets.through_curves(z, carried, lambda sums, after: sums[:, :1] * after(between)))
