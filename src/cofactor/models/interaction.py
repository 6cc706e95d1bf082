"""Interaction on the additive scale: RERI, attributable proportion and synergy index, with delta-method intervals.

The cells are contrasts of the linear predictor, made by the model's own description. So it does not matter whether the
formula holds main effects and their product, a joint coding (``exposure:modifier`` alone), splines or continuous
exposures: each gives the log ratio of a cell against the reference cell.
"""

from __future__ import annotations

import warnings
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from cofactor.errors import CofactorWarning, FitError
from cofactor.models.contrast import contrast_rows
from cofactor.models.fit import Fit
from cofactor.models.levels import Levels, levels_of
from cofactor.survey.estimate import Estimate, delta, linear

Floats = npt.NDArray[np.float64]

COMMON_OUTCOME = 0.10  # weighted share of the outcome above which an odds ratio is far from a risk ratio
MEASURES = ("RERI", "AP", "S", "multiplicative")


def reri(
    fit: Fit,
    exposure: str,
    modifier: str,
    *,
    exposure_levels: Sequence[Any] | None = None,
    modifier_levels: Sequence[Any] | None = None,
    at: Mapping[str, Any] | None = None,
    measures: Sequence[str] = MEASURES,
) -> Estimate:
    r"""Measure interaction of an exposure and a modifier on the additive scale of ratios.

    With ratios :math:`R_{10}, R_{01}, R_{11}` against one reference cell: RERI :math:`= R_{11}-R_{10}-R_{01}+1`,
    AP :math:`= \mathrm{RERI}/R_{11}`, S :math:`= (R_{11}-1)/(R_{10}+R_{01}-2)`, and beside them the multiplicative
    interaction :math:`R_{11}/(R_{10}R_{01})`. S and the multiplicative interaction are judged on their logarithm: the
    table shows the ratio with the standard error of its logarithm. S is missing where numerator or denominator is not
    positive.

    Parameters
    ----------
    fit : Fit
        A Cox model, or a GLM with a log, logit or complementary log-log link, with a product of `exposure` and
        `modifier`: hazard ratios, risk or mean ratios, odds ratios, hazard ratios of a grouped time.
    exposure, modifier : str
        Variables of the formula.
    exposure_levels, modifier_levels : sequence, optional
        The reference first, then what is set against it. A continuous variable needs it, e.g. ``(75, 25)``; a
        category's is its formula reference against every other level, a flag's no against yes.
    at : mapping, optional
        Values of other variables that interact with the two.
    measures : sequence, optional
        Which of RERI, AP, S, multiplicative; all of them if not given.

    Returns
    -------
    Estimate
        For every pair of levels the rows RERI, AP, S, multiplicative; labels exposure, modifier, term. Its values hold
        the logarithms of S and of the multiplicative interaction; its table shows them as ratios.

    Raises
    ------
    FitError
        An identity or inverse link, no product in the model, a continuous variable without levels, or one that
        interacts with something that is not given.
    UnknownVariableError
        A variable that the formula does not use.

    Warns
    -----
    CofactorWarning
        Odds ratios of an outcome more common than 10%.

    Notes
    -----
    Hosmer DW, Lemeshow S (1992), Confidence interval estimation of interaction. Epidemiology 3:452-456.
    doi:10.1097/00001648-199209000-00012. Knol MJ, VanderWeele TJ (2012), Recommendations for presenting analyses of
    effect modification and interaction. International Journal of Epidemiology 41:514-520. doi:10.1093/ije/dyr218

    Intervals by replicate weights: ``replicate(design, lambda part: reri(fit(part), ..., measures=["RERI", "AP"]))``; a
    replicate in which S is asked for and undefined has failed.

    Examples
    --------
    >>> import numpy as np, pandas as pd
    >>> from cofactor.models import fit_glm
    >>> from cofactor.survey import SurveyDesign
    >>> a, b, psu = np.meshgrid([0, 1], [0, 1], range(10), indexing="ij")
    >>> data = pd.DataFrame({
    ...     "analysis_weight": 1.0, "strata": psu.ravel() // 2, "psu": psu.ravel() % 2, "a": a.ravel(), "b": b.ravel(),
    ...     "y": 1.0 + a.ravel() + b.ravel() + a.ravel() * b.ravel()})
    >>> fit = fit_glm(SurveyDesign(data), "y ~ a * b", family="poisson")
    >>> reri(fit, "a", "b").table()["estimate"].round(6).tolist()
    [1.0, 0.25, 1.5, 1.0]
    """
    check_scale(fit)
    names = _chosen(measures)
    e, m = levels_of(fit, exposure, exposure_levels), levels_of(fit, modifier, modifier_levels)
    check_product(fit, exposure, modifier)
    pairs = [(x, y) for x in e.others for y in m.others]
    rows = [cell_rows(fit, e, m, x, y, at or {}) for x, y in pairs]
    cells = linear(fit.estimate, np.vstack(rows), [f"log ratio {i + 1}" for i in range(3 * len(pairs))])
    values = np.asarray(cells.values).reshape(-1, 3)
    kept = [4 * i + MEASURES.index(name) for i in range(len(pairs)) for name in names]
    made = delta(cells, partial(_some_measures, kept), names * len(pairs), jacobian=_jacobian(values)[kept])
    labels = pd.DataFrame({
        "exposure": [x for x, _ in pairs for _ in names],
        "modifier": [y for _, y in pairs for _ in names],
        "term": names * len(pairs),
    })  # fmt: skip
    notes = (*fit.notes, *_notes(fit, e, m, pairs, values, names))
    ratio = labels["term"].isin(["S", "multiplicative"]).to_numpy(dtype=bool)
    return replace(made, labels=labels, notes=notes, log_scale=False, shown_as_ratio=ratio)


def check_scale(fit: Fit) -> None:
    """Raise FitError unless the fit is on a scale of ratios; warn where odds ratios are far from risk ratios."""
    if not fit.estimate.log_scale:
        raise FitError(
            f"additive interaction is measured from ratios: fit a Cox model, or one with a log, logit or cloglog link, "
            f"not one with {fit.link} link"
        )
    share = float(fit.extra.get("outcome_mean", 0.0))
    if fit.link == "logit" and share > COMMON_OUTCOME:
        warnings.warn(
            f"the outcome of {fit.formula!r} occurs in {100 * share:.0f}%: its odds ratios are far from risk ratios, "
            'and so is RERI; family="poisson" gives risk ratios',
            CofactorWarning,
            stacklevel=3,
        )


def check_product(fit: Fit, exposure: str, modifier: str) -> None:
    """Raise FitError unless some term of the model holds both variables."""
    for term in fit.spec.parsed.terms:
        inside = {name for factor in term.factors for name in factor.variables}
        if {exposure, modifier} <= inside:
            return
    raise FitError(
        f"{fit.formula!r} has no product of {exposure} and {modifier}, so it holds that there is no multiplicative "
        f"interaction; write {exposure} * {modifier}"
    )


def cell_rows(fit: Fit, e: Levels, m: Levels, x: Any, y: Any, at: Mapping[str, Any]) -> Floats:
    """Return the model rows (3, p) of the log ratios R10, R01 and R11 of one pair of levels against the reference."""
    high = {e.variable: [x, e.reference, x], m.variable: [m.reference, y, y], **at}
    rows, _ = contrast_rows(fit, high, {e.variable: e.reference, m.variable: m.reference, **at})
    for i, levels in ((0, e), (1, m)):
        if not rows[i].any():
            raise FitError(
                f"{fit.formula!r} has a product but no main effect of {levels.variable}; "
                f"write {e.variable} * {m.variable}"
            )
    return rows


def _chosen(measures: Sequence[str]) -> list[str]:
    names = [measures] if isinstance(measures, str) else list(measures)
    unknown = [name for name in names if name not in MEASURES]
    if unknown or not names or len(set(names)) < len(names):
        raise FitError(f"measures are some of {', '.join(MEASURES)}, each once; got {', '.join(names) or 'none'}")
    return names


def _some_measures(kept: list[int], flat: Floats) -> Floats:
    return np.concatenate([_measures(*row) for row in np.asarray(flat).reshape(-1, 3)])[kept]


def _measures(g10: float, g01: float, g11: float) -> Floats:
    """Return RERI, AP, log S and the log of the multiplicative interaction from three log ratios."""
    r10, r01, r11 = np.exp([g10, g01, g11])
    excess = r11 - r10 - r01 + 1.0
    top, bottom = r11 - 1.0, r10 + r01 - 2.0
    log_s = np.log(top / bottom) if top > 0.0 and bottom > 0.0 else np.nan
    return np.array([excess, excess / r11, log_s, g11 - g10 - g01])


def _jacobian(values: Floats) -> Floats:
    """Return the derivatives (4k, 3k) of the measures in the log ratios."""
    made = np.zeros((4 * len(values), 3 * len(values)))
    for i, row in enumerate(values):
        made[4 * i : 4 * i + 4, 3 * i : 3 * i + 3] = _one_jacobian(*np.exp(row))
    return made


def _one_jacobian(r10: float, r01: float, r11: float) -> Floats:
    top, bottom = r11 - 1.0, r10 + r01 - 2.0
    defined = top > 0.0 and bottom > 0.0
    log_s = [-r10 / bottom, -r01 / bottom, r11 / top] if defined else [np.nan] * 3
    return np.array([
        [-r10, -r01, r11],
        [-r10 / r11, -r01 / r11, (r10 + r01 - 1.0) / r11],
        log_s,
        [-1.0, -1.0, 1.0],
    ])  # fmt: skip


def _notes(
    fit: Fit, e: Levels, m: Levels, pairs: list[tuple[Any, Any]], values: Floats, names: Sequence[str]
) -> tuple[str, ...]:
    notes = [f"reference cell: {e.variable} = {e.reference}, {m.variable} = {m.reference}"]
    cells = {(e.reference, m.reference): 0.0}
    for (x, y), (g10, g01, g11) in zip(pairs, values, strict=True):
        cells |= {(x, m.reference): g10, (e.reference, y): g01, (x, y): g11}
    lowest = min(cells, key=lambda cell: cells[cell])
    if cells[lowest] < 0.0:
        notes.append(
            f"{e.variable} = {lowest[0]}, {m.variable} = {lowest[1]} has a lower risk than the reference cell (ratio "
            f"{np.exp(cells[lowest]):.3g}); AP and S are made for a reference with the lowest risk"
        )
    if fit.link == "logit":
        notes.append("odds ratios stand for risk ratios")
    undefined = sum(not np.isfinite(_measures(*row)[2]) for row in values)
    if undefined and "S" in names:
        notes.append(f"S is undefined for {undefined} of {len(values)} pairs: an excess risk is not positive")
    return tuple(notes)
