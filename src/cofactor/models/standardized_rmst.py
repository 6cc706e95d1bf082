"""Mean time free of the event up to a horizon, standardised to the people of a design, and what compares its levels."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from cofactor.errors import FitError
from cofactor.models.against_first import against_first
from cofactor.models.baseline import baseline_at, check_times
from cofactor.models.contrast import rows_with
from cofactor.models.crude import RestrictedMeans
from cofactor.models.fit import Fit
from cofactor.models.standardized_risk import cell_labels, cells_of, risk_of_cell
from cofactor.survey.estimate import from_influence

Floats = npt.NDArray[np.float64]
WHERE = "a standardised restricted mean"
BLOCK = 4_000_000
"""People times event times that are worked out at once."""


def standardized_rmst(
    fit: Fit,
    exposure: str,
    levels: Sequence[Any],
    *,
    until: float,
    modifier: str | None = None,
    modifier_levels: Sequence[Any] = (),
) -> RestrictedMeans:
    r"""Return the mean time alive up to a horizon if everybody of the domain had each level of an exposure.

    :math:`\mu(a) = \int_0^\tau S(t, a)\,dt`, with S the standardised survival :math:`1 - R(t, a)` of
    `standardized_risk`: the area under its steps. The influence is the like integral of that of the risks.

    Parameters
    ----------
    fit : Fit
        A Cox model.
    exposure : str
        A variable of the formula.
    levels : sequence
        Values of the exposure; the first is the one that the others are compared with.
    until : float
        :math:`\tau`, in the unit of the follow-up: 120 for ten years of months.
    modifier, modifier_levels : optional
        A second variable; the cells are all pairs, the first of both the reference.

    Returns
    -------
    RestrictedMeans
        One row a cell, in the unit of the follow-up.

    Raises
    ------
    UnknownVariableError
        A variable that the formula does not have.
    FitError
        Another model, a horizon that is not positive or after the last exit, a level that the fit has not seen, one
        level alone.

    Notes
    -----
    As with `standardized_risk`, a mean of the model, causal only if exposure is as good as random given the covariates.
    With delayed entry, conditional on being alive at the earliest entry, the time before which counts in full. Zucker
    DM (1998), doi:10.1080/01621459.1998.10473722; Royston P, Parmar MKB (2013), doi:10.1186/1471-2288-13-152.

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
    >>> standardized_rmst(fit, "x", [0, 1], until=6).table()["estimate"].round(2).tolist()
    [5.35, 5.0]
    """
    if fit.kind != "cox":
        raise FitError(f"{WHERE} needs a Cox model; {fit.formula!r} is a {fit.kind} fit")
    cells = cells_of(fit, exposure, levels, modifier, modifier_levels, WHERE)
    steps = _steps(fit, until)
    influence = np.zeros((len(fit.used_rows), len(cells)))
    means, influence[fit.used_rows] = _means(fit, cells, steps, until)
    labels = cell_labels(cells, exposure, modifier)
    made = from_influence(
        fit.design, labels, means, influence, np.full(len(cells), fit.df), rows=fit.used_rows, notes=fit.notes[:1]
    )
    return RestrictedMeans(made, *against_first(made, len(cells)))


def _steps(fit: Fit, until: float) -> Floats:
    """Return the times before the horizon at which somebody used had the event."""
    check_times(fit, np.array([until], dtype=np.float64), WHERE)
    roles, data = fit.extra["roles"], fit.design.data.loc[fit.used_rows]
    happened = data[roles.event].to_numpy(dtype=np.float64) == 1.0
    steps: Floats = np.unique(data[roles.time].to_numpy(dtype=np.float64)[happened])
    return steps[steps < until]


def _means(fit: Fit, cells: list[dict[str, Any]], steps: Floats, until: float) -> tuple[Floats, Floats]:
    """Return the means (C,) of the cells and the influence (m, C) of the rows used: tau less the area above S."""
    used = fit.used_rows
    weights = fit.design.weights[used] / fit.design.weights[used].sum()
    of_coefficients = fit.influence()[used]
    data = fit.design.data.loc[used, list(fit.spec.variables)]
    rows = [rows_with(fit, data, cell) for cell in cells]
    widths = np.diff(np.append(steps, until))
    means, influence = np.full(len(cells), float(until)), np.zeros((len(weights), len(cells)))
    size = max(1, BLOCK // len(weights))
    for start in range(0, len(steps), size):
        part = slice(start, start + size)
        baseline = baseline_at(fit, list(steps[part]), WHERE)
        for j, z in enumerate(rows):
            lost, moved = risk_of_cell(
                z - baseline.matrix.centre, fit.estimate.values, weights, baseline, of_coefficients,
                widths[part, np.newaxis],
            )  # fmt: skip
            means[j] -= lost[0]
            influence[:, j] -= moved[:, 0]
    return means, influence
