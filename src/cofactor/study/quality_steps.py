r"""Steps of a variable between neighbouring cycles, adjusted for age and sex, with their design-based errors.

For two cycles and cells c of age group × sex, the linear model :math:`y = a_c + b\,[\text{later cycle}]` has the
weighted least-squares solution :math:`b = \sum_c k_c(\bar y_{2c} - \bar y_{1c}) / \sum_c k_c` with
:math:`k_c = W_{1c}W_{2c}/(W_{1c}+W_{2c})`. A cell that one of the two cycles lacks says nothing of the step. Estimate
and influence need no more than weighted sums by PSU and cell, so that hundreds of variables cost seconds.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy import stats

from cofactor.survey import SurveyDesign
from cofactor.survey.design import freedom_of
from cofactor.survey.variance import covariance

Floats = npt.NDArray[np.float64]
Indices = npt.NDArray[np.intp]
Mask = npt.NDArray[np.bool_]

AGE_EDGES = (3, 6, 9, 12, 14, 16, 18, 20, 25, 30, 35, 40, 45, 50, 55, 60, 65, 70, 75, 80)
"""First ages of the groups after the youngest, in years: questions begin at 12, 14, 16, 18, 20, 40, 50 and 60."""

COLUMNS = ("from", "to", "level", "step", "se", "df", "p", "sd", "step_sd", "sd_ratio", "sd_ratio_log_se", "sd_ratio_p")


@dataclass(frozen=True, eq=False)
class Survey:
    """Everyone of some cycles, in PSUs and in cells of age and sex; a PSU belongs to one cycle.

    design : n rows in G PSUs. cell : (n,) age group × sex, -1 where one of them is unknown. n_cells : how many.
    cycle_of_psu : (G,) positions in `cycles`.
    """

    design: SurveyDesign
    cell: Indices
    n_cells: int
    cycle_of_psu: Indices
    cycles: tuple[str, ...]


@dataclass(frozen=True, eq=False)
class Sums:
    """Weighted sums of a variable by PSU and cell, (G, cells): of one, of the value less `centre`, of its square."""

    weight: Floats
    value: Floats
    square: Floats
    centre: float


@dataclass(frozen=True, eq=False)
class Step:
    """The step between two cycles: estimates, and PSU totals of their influence, (G,).

    pair : positions of the cycles. held : (G,) PSUs with people in the shared cells. level : weighted mean of the
    earlier cycle there. sd : of a person within a cycle. log_ratio : of the spreads around the cells' means.
    """

    pair: tuple[int, int]
    held: Mask
    level: float
    step: float
    influence: Floats
    sd: float
    log_ratio: float
    log_ratio_influence: Floats


def survey_of(frame: pd.DataFrame) -> Survey:
    """Return the design, the cells and the cycles of a frame with cycle, strata, psu, analysis_weight, age_years, sex.

    A stratum with one PSU counts by its deviation from the mean ("adjust"): made-up or partial folders have such.
    """
    design = SurveyDesign(frame, lonely_psu="adjust")
    age = frame["age_years"].to_numpy(dtype=float)
    sex = frame["sex"].cat.codes.to_numpy().astype(np.intp)
    groups = len(AGE_EDGES) + 1
    cell = sex * groups + np.searchsorted(AGE_EDGES, age, side="right")
    cell = np.where(np.isnan(age) | (sex < 0), -1, cell)
    cycle_of_psu = np.zeros(design.n_psu, dtype=np.intp)
    cycle_of_psu[design.psu_index] = frame["cycle"].cat.codes.to_numpy()
    return Survey(design, cell, 2 * groups, cycle_of_psu, tuple(map(str, frame["cycle"].cat.categories)))


def steps_of(survey: Survey, values: Floats, weights: Floats) -> pd.DataFrame:
    """Return the steps of one variable between each of its cycles and the next that has it.

    Parameters
    ----------
    survey : Survey
    values : array (n,)
        NaN where missing; a flag as 0 and 1.
    weights : array (n,)
        Of the subsample that the variable rests on, each cycle's own; 0 outside it.

    Returns
    -------
    DataFrame
        One row a step: from, to (cycles), level (weighted mean of the earlier cycle), step, se, df, p (t test of no
        step), sd (of a person within a cycle, root of the mean of the two variances), step_sd (step over sd), sd_ratio
        (spread around the cells' means, later over earlier), sd_ratio_log_se, sd_ratio_p. All in cells that both cycles
        have. No row where two cycles share no cell, or nothing varies.
    """
    sums = sums_of(survey, values, weights)
    members = sums.weight.sum(axis=1) > 0
    present = [t for t in range(len(survey.cycles)) if (members & (survey.cycle_of_psu == t)).any()]
    found = [step for pair in pairwise(present) if (step := step_between(survey, sums, pair)) is not None]
    if not found:
        return pd.DataFrame(columns=list(COLUMNS))
    held = np.column_stack([step.held for step in found])
    df = freedom_of(survey.design.stratum_of_psu, held)
    level_se = _errors(survey.design, np.column_stack([step.influence for step in found]), held)
    ratio_se = _errors(survey.design, np.column_stack([step.log_ratio_influence for step in found]), held)
    rows = [_row(survey, *parts) for parts in zip(found, df, level_se, ratio_se, strict=True)]
    return pd.DataFrame(rows, columns=list(COLUMNS))


def sums_of(survey: Survey, values: Floats, weights: Floats) -> Sums:
    """Return the sums of values (n,) over the rows that have one, a cell and a positive weight (n,)."""
    rows = np.flatnonzero(~np.isnan(values) & (weights > 0) & (survey.cell >= 0))
    code = survey.design.psu_index[rows] * survey.n_cells + survey.cell[rows]
    shape = (survey.design.n_psu, survey.n_cells)
    weight = weights[rows]
    centre = float(np.average(values[rows], weights=weight)) if len(rows) else 0.0
    value = values[rows] - centre  # squares of numbers far from 0 would lose digits
    first, second, third = (
        np.bincount(code, part, shape[0] * shape[1]).astype(np.float64).reshape(shape)
        for part in (weight, weight * value, weight * value**2)
    )
    return Sums(first, second, third, centre)


def step_between(survey: Survey, sums: Sums, pair: tuple[int, int]) -> Step | None:
    """Return the step between two cycles, by their positions; None where they share no cell or nothing varies."""
    early, late = (survey.cycle_of_psu == t for t in pair)
    shared = (sums.weight[early].sum(axis=0) > 0) & (sums.weight[late].sum(axis=0) > 0)
    parts = Sums(sums.weight[:, shared], sums.value[:, shared], sums.square[:, shared], sums.centre)
    first, second = _moments(parts, early), _moments(parts, late)
    if not shared.any() or min(first.variance, second.variance) <= 0:
        return None
    both = first.weight + second.weight
    k = first.weight * second.weight / both
    step = float(k @ (second.mean - first.mean) / k.sum())
    common = (first.weight * first.mean + second.weight * second.mean) / both
    influence, ratio_influence = np.zeros((2, survey.design.n_psu))
    for rows, lean in ((early, -second.weight / both), (late, first.weight / both)):
        residual = parts.value[rows] - (common + step * lean) * parts.weight[rows]
        influence[rows] = residual @ lean / k.sum()  # lean: the indicator of the later cycle less its mean in the cell
    ratio_influence[early], ratio_influence[late] = -first.log_sd_influence, second.log_sd_influence
    return Step(
        pair=pair,
        held=(parts.weight.sum(axis=1) > 0) & (early | late),
        level=sums.centre + float(first.weight @ first.mean / first.weight.sum()),
        step=step,
        influence=influence,
        sd=float(np.sqrt((first.total_variance + second.total_variance) / 2)),
        log_ratio=0.5 * float(np.log(second.variance / first.variance)),
        log_ratio_influence=ratio_influence,
    )


@dataclass(frozen=True, eq=False)
class _Moments:
    """Of one cycle: weight and mean of the cells, variance around these and around one mean, influence of log SD."""

    weight: Floats
    mean: Floats
    variance: float
    total_variance: float
    log_sd_influence: Floats


def _moments(sums: Sums, rows: Mask) -> _Moments:
    weight, value, square = sums.weight[rows], sums.value[rows], sums.square[rows]
    by_cell, whole = weight.sum(axis=0), weight.sum()
    if whole == 0:
        return _Moments(by_cell, by_cell, 0.0, 0.0, np.zeros(len(weight)))
    mean = value.sum(axis=0) / by_cell
    squares = (square - 2 * mean * value + mean**2 * weight).sum(axis=1)  # around the cells' means, by PSU
    variance = max(float(squares.sum() / whole), 0.0)
    total = float(square.sum() / whole - (value.sum() / whole) ** 2)
    if variance <= 1e-12 * total or total <= 0:  # what rounding leaves of nothing
        return _Moments(by_cell, mean, 0.0, max(total, 0.0), np.zeros(len(weight)))
    influence = (squares - variance * weight.sum(axis=1)) / (2 * variance * whole)
    return _Moments(by_cell, mean, variance, total, influence)


def _errors(design: SurveyDesign, totals: Floats, held: Mask) -> Floats:
    """Standard errors of estimates with these PSU totals, (G, k), each of which holds people of its own PSUs."""
    return np.sqrt(np.diag(covariance(design, totals, rows=held)))


def _row(survey: Survey, step: Step, df: int, level_se: float, ratio_se: float) -> dict[str, object]:
    return {
        "from": survey.cycles[step.pair[0]],
        "to": survey.cycles[step.pair[1]],
        "level": step.level,
        "step": step.step,
        "se": level_se,
        "df": df,
        "p": _p(step.step, level_se, df),
        "sd": step.sd,
        "step_sd": step.step / step.sd,
        "sd_ratio": float(np.exp(step.log_ratio)),
        "sd_ratio_log_se": ratio_se,
        "sd_ratio_p": _p(step.log_ratio, ratio_se, df),
    }


def _p(estimate: float, se: float, df: int) -> float:
    """Two-sided p of the t test; missing where there is no error or no freedom."""
    return float(2 * stats.t.sf(abs(estimate) / se, df)) if se > 0 and df > 0 else np.nan
