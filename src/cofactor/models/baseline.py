"""The baseline hazard of a fit at given times, whatever model of hazards it is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from cofactor.errors import FitError
from cofactor.models.cox_matrix import CentredMatrix
from cofactor.models.fit import Fit

Floats = npt.NDArray[np.float64]
Indices = npt.NDArray[np.intp]


@dataclass(frozen=True, eq=False)
class Baseline:
    """Cumulative hazards of a person at the centre.

    Attributes
    ----------
    times : array (T,)
    values : array (S, T)
        By Cox stratum; S is 1 without strata.
    stratum : int array (m,)
        Cox stratum of each row used.
    direct : array (m, T)
        Weighted influence of each row on the hazard of its own stratum, at fixed coefficients.
    slopes : array (S, T, p)
        Derivatives of the values in the coefficients.
    matrix : CentredMatrix
        Of the m rows used.
    offset : array (m,)
        Theirs; the baseline is that of an offset of 0.
    """

    times: Floats
    values: Floats
    stratum: Indices
    direct: Floats
    slopes: Floats
    matrix: CentredMatrix
    offset: Floats


def baseline_at(fit: Fit, at: Sequence[float] | float, question: str) -> Baseline:
    """Return the baseline hazard of a Cox fit, or the subdistribution hazard of a Fine-Gray fit, at some times.

    Raises
    ------
    FitError
        Another model, no time, or a time that is not positive or after the last exit.
    """
    from cofactor.models.cox_baseline import cox_baseline
    from cofactor.models.fine_gray_baseline import subdistribution_baseline

    return (subdistribution_baseline if fit.kind == "fine_gray" else cox_baseline)(fit, at, question)


def check_times(fit: Fit, times: Floats, question: str) -> None:
    """Raise FitError unless there are times, all of them above 0 and followed."""
    last = float(fit.design.data.loc[fit.used_rows, fit.extra["roles"].time].max())
    if not times.size or not (times > 0.0).all():
        raise FitError(f"{question} needs times above 0, in the unit of {fit.extra['roles'].time!r}")
    if times.max() > last:
        raise FitError(f"{question} at {times.max():g}: nobody is followed beyond {last:g}; ask for an earlier time")
