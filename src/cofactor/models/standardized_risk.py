"""Risks standardised to the people of a design: what a Cox model gives if everybody had a level of an exposure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from cofactor.errors import FitError, UnknownVariableError
from cofactor.models.against_first import against_first
from cofactor.models.baseline import Baseline, baseline_at
from cofactor.models.compared_risks import ComparedRisks
from cofactor.models.contrast import rows_with
from cofactor.models.fit import Fit
from cofactor.models.log_log import risk_limits
from cofactor.survey.estimate import Estimate, from_influence, linear

Floats = npt.NDArray[np.float64]
WHERE = "a standardised risk"


def standardized_risk(
    fit: Fit,
    exposure: str,
    levels: Sequence[Any],
    *,
    at: Sequence[float] | float,
    modifier: str | None = None,
    modifier_levels: Sequence[Any] = (),
) -> ComparedRisks:
    r"""Return the risk by some times if everybody of the domain had each level of an exposure (the g-formula).

    :math:`R(t, a) = \sum_i w_i \{1 - \exp(-\Lambda_0(t)\, e^{(x_i(a) - c)'b})\} / \sum_i w_i` over the rows used,
    x(a) being their covariates with the exposure at a. Its influence is that of the people averaged over, of the
    coefficients and of the baseline hazard.

    Parameters
    ----------
    fit : Fit
        A Cox model; or a Fine-Gray model, whose risk is the cumulative incidence of its cause.
    exposure : str
        A variable of the formula.
    levels : sequence
        Values of the exposure; the first is the one that the others are compared with.
    at : float or sequence of float
        Times, in the unit of the follow-up: 120 for ten years of months.
    modifier, modifier_levels : optional
        A second variable; the cells are all pairs, the first of both the reference.

    Returns
    -------
    ComparedRisks

    Raises
    ------
    UnknownVariableError
        A variable that the formula does not have.
    FitError
        Another model, a time after the last exit, a level that the fit has not seen, one level alone.

    Notes
    -----
    A risk of the model, causal only if exposure is as good as random given the covariates. Death from other causes
    counts as survival free of the event only where the event is death of any cause. Makuch RW (1982),
    doi:10.1016/0021-9681(82)90043-9; Robins JM (1986), doi:10.1016/0270-0255(86)90088-6; influence by the chain rule,
    with Lin DY (2000), doi:10.1093/biomet/87.1.37.

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
    >>> standardized_risk(fit, "x", [0, 1], at=6).table()["estimate"].round(3).tolist()
    [0.329, 0.481]
    """
    cells = cells_of(fit, exposure, levels, modifier, modifier_levels, WHERE)
    baseline = baseline_at(fit, at, WHERE)
    risks = _risks(fit, baseline, cells, exposure, modifier)
    differences, ratios = against_first(risks, len(cells))
    interaction = _interaction(risks, len(baseline.times)) if len(levels) == 2 and len(modifier_levels) == 2 else None
    return ComparedRisks(risks, differences, ratios, interaction)


def cells_of(
    fit: Fit, exposure: str, levels: Sequence[Any], modifier: str | None, modifier_levels: Sequence[Any], where: str
) -> list[dict[str, Any]]:
    """Return what is given to everybody in each cell; raises where a variable or a level to compare with is lacking."""
    for name, given in ((exposure, levels), (modifier, modifier_levels)):
        if name is None:
            continue
        if name not in fit.spec.variables:
            raise UnknownVariableError.suggest(name, fit.spec.variables, f"the formula {fit.formula!r}")
        if len(given) < 2:
            raise FitError(f"{where} compares levels of {name!r}; give two or more")
    if modifier is None:
        return [{exposure: level} for level in levels]
    return [{modifier: other, exposure: level} for other in modifier_levels for level in levels]


def _risks(fit: Fit, baseline: Baseline, cells: list[dict[str, Any]], exposure: str, modifier: str | None) -> Estimate:
    used = fit.used_rows
    weights = fit.design.weights[used] / fit.design.weights[used].sum()
    of_coefficients = fit.influence()[used]
    data = fit.design.data.loc[used, list(fit.spec.variables)]
    each = np.eye(len(baseline.times))
    values, columns = [], []
    for cell in cells:
        z = rows_with(fit, data, cell) - baseline.matrix.centre
        value, influence = risk_of_cell(z, fit.estimate.values, weights, baseline, of_coefficients, each)
        values.append(value)
        columns.append(influence)
    risks = np.stack(values, axis=1).ravel()  # times outside, cells inside
    influence = np.zeros((len(used), risks.size))
    influence[used] = np.stack(columns, axis=2).reshape(int(used.sum()), -1)
    made = from_influence(
        fit.design, _labels(baseline.times, cells, exposure, modifier), risks, influence, np.full(risks.size, fit.df),
        rows=used, notes=fit.notes[:1],
    )  # fmt: skip
    return replace(made, limits=partial(risk_limits, risks, made.se, made.df))


def risk_of_cell(
    z: Floats, b: Floats, weights: Floats, baseline: Baseline, of_coefficients: Floats, combine: Floats
) -> tuple[Floats, Floats]:
    """Return combinations of the risks of one cell at the T times (c,), and the influence (m, c) of the rows used.

    z : (m, p) centred covariates with the exposure of the cell. weights : (m,), adding up to 1. of_coefficients :
    influence (m, p). combine : (T, c), the identity for the risks themselves.
    """
    own = baseline.stratum
    ratio = np.exp(z @ b + baseline.offset)
    hazard = baseline.values[own] * ratio[:, np.newaxis]  # (m, T)
    survival = np.exp(-hazard)
    risk = 1.0 - weights @ survival
    density = weights[:, np.newaxis] * survival  # of the people's hazards
    of_people = density * ratio[:, np.newaxis]
    by_stratum = np.stack([of_people[own == stratum].sum(axis=0) for stratum in range(len(baseline.values))])
    slope = (density * hazard).T @ z + np.einsum("st,stp->tp", by_stratum, baseline.slopes)
    influence = -weights[:, np.newaxis] * (survival @ combine - (1.0 - risk) @ combine)
    influence += of_coefficients @ (combine.T @ slope).T + (baseline.direct * by_stratum[own]) @ combine
    return np.asarray(risk @ combine), influence


def cell_labels(cells: list[dict[str, Any]], exposure: str, modifier: str | None) -> pd.DataFrame:
    """Return one row a cell: what is given in it, and term."""
    columns = [exposure, *([] if modifier is None else [modifier])]
    rows = [
        {**{name: cell[name] for name in columns}, "term": ", ".join(f"{name} = {cell[name]}" for name in columns)}
        for cell in cells
    ]
    return pd.DataFrame(rows)


def _labels(times: Floats, cells: list[dict[str, Any]], exposure: str, modifier: str | None) -> pd.DataFrame:
    """Return the rows of `cell_labels` for each time, with the time before the term."""
    labels = pd.concat([cell_labels(cells, exposure, modifier)] * len(times), ignore_index=True)
    labels.insert(len(labels.columns) - 1, "time", np.repeat(times, len(cells)))
    return labels


def _interaction(risks: Estimate, n_times: int) -> Estimate:
    made = linear(risks, np.kron(np.eye(n_times), [1.0, -1.0, -1.0, 1.0]), ["R11 - R10 - R01 + R00"] * n_times)
    labels = pd.DataFrame({"time": risks.labels["time"].to_numpy()[::4], "term": list(made.terms)})
    return replace(made, labels=labels, tested=True)
