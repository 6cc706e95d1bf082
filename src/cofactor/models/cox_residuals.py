"""Residuals of a Cox fit: martingale, deviance, score and Schoenfeld."""

from __future__ import annotations

from typing import Literal, get_args

import numpy as np
import numpy.typing as npt
import pandas as pd

from cofactor.errors import FitError
from cofactor.models.cox_kernel import state_at
from cofactor.models.cox_matrix import CentredMatrix
from cofactor.models.cox_pass import exposure, exposure_tables, scores
from cofactor.models.cox_rows import rows_of
from cofactor.models.cox_slots import RiskSlots
from cofactor.models.cox_sums import Hazards
from cofactor.models.fit import Fit
from cofactor.models.threads import one_blas_thread

Floats = npt.NDArray[np.float64]
Kind = Literal["martingale", "deviance", "score", "schoenfeld", "scaled schoenfeld"]


def cox_residuals(fit: Fit, kind: Kind = "martingale") -> pd.DataFrame:
    r"""Return residuals of the rows used, each of one person and without its weight.

    The martingale residual is :math:`M_i = d_i - e^{x_i'b} \Lambda_0(\text{at risk}_i)`: events seen less expected. The
    deviance residual is :math:`\mathrm{sign}(M)\sqrt{-2(M + d \log(d - M))}`; the score residual (p columns) a person's
    part of the score; Schoenfeld's, of the dead alone, their covariates less the mean of those at risk; scaled, s is
    turned into :math:`b + W I^{-1} s`, W the weight of the dead, whose mean at a time is about the coefficient then.

    Parameters
    ----------
    fit : Fit
        A Cox model.
    kind : {"martingale", "deviance", "score", "schoenfeld", "scaled schoenfeld"}

    Returns
    -------
    DataFrame
        Indexed as the data. One column named by the kind, or one a coefficient. Schoenfeld residuals have the column
        time besides and are in the order of time.

    Raises
    ------
    FitError
        No Cox model, or a kind that does not exist.

    Notes
    -----
    Therneau TM, Grambsch PM, Fleming TR (1990), doi:10.1093/biomet/77.1.147; Schoenfeld D (1982),
    doi:10.1093/biomet/69.1.239; Grambsch PM, Therneau TM (1994), doi:10.1093/biomet/81.3.515
    (scaled). With Efron's ties the dead are expected to be at risk for part of their last step. R:
    ``residuals`` of a ``coxph`` with the weights. ``proportional_hazards_test`` tests what Schoenfeld's show.

    Examples
    --------
    >>> import numpy as np, pandas as pd
    >>> from cofactor.models import fit_cox
    >>> from cofactor.survey import SurveyDesign
    >>> i = np.arange(60)
    >>> people = pd.DataFrame({
    ...     "analysis_weight": 1.0 + i % 3, "strata": i % 6, "psu": i // 6 % 2, "months": 1 + i * 7 % 12,
    ...     "died": i % 4 > 0, "x": (i * 5 % 11) / 10})
    >>> fit = fit_cox(SurveyDesign(people), "x", time="months", event="died")
    >>> cox_residuals(fit).head(2).round(3)
       martingale
    0       0.000
    1       0.286
    """
    if kind not in get_args(Kind):
        raise FitError(f"kind={kind!r} is unknown; there are: {', '.join(get_args(Kind))}")
    matrix, slots = rows_of(fit, "a residual")
    b = np.asarray(fit.estimate.values)
    with one_blas_thread():
        at = state_at(matrix, slots, b).hazards
    index = fit.design.data.index[fit.used_rows]
    if kind == "score":
        weighted = np.concatenate(list(scores(matrix, slots, b, at)))
        return pd.DataFrame(weighted / slots.weights[:, np.newaxis], index=index, columns=list(fit.terms))
    if kind in ("schoenfeld", "scaled schoenfeld"):
        return _schoenfeld(fit, matrix, slots, at, index, scaled=kind != "schoenfeld")
    martingale = _martingale(matrix, slots, b, at)
    if kind == "martingale":
        return pd.DataFrame({"martingale": martingale}, index=index)
    log = np.log(np.where(slots.dead, slots.dead - martingale, 1.0))
    spread = np.maximum(-2.0 * (martingale + slots.dead * log), 0.0)
    return pd.DataFrame({"deviance": np.sign(martingale) * np.sqrt(spread)}, index=index)


def _martingale(matrix: CentredMatrix, slots: RiskSlots, b: Floats, at: Hazards) -> Floats:
    everyone = slice(0, len(slots.weights))
    ratio = np.exp(matrix.rows[:, 1:] @ b + slots.offset)
    under = exposure(slots, everyone, *exposure_tables(slots, at.cumulated, at.b))
    return np.asarray(slots.dead - ratio * under)


def _schoenfeld(
    fit: Fit, matrix: CentredMatrix, slots: RiskSlots, at: Hazards, index: pd.Index[int], *, scaled: bool
) -> pd.DataFrame:
    dead = np.flatnonzero(slots.dead)
    dead = dead[np.argsort(slots.times[slots.exit[dead]], kind="stable")]
    gap = matrix.rows[dead, 1:] - at.xd[slots.exit[dead]]
    if scaled:
        gap = fit.estimate.values + slots.weights[dead].sum() * gap @ fit.naive_covariance
    made = pd.DataFrame(gap, index=index[dead], columns=list(fit.terms))
    made.insert(0, "time", slots.times[slots.exit[dead]])
    return made
