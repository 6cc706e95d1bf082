"""Make a study's own columns and cut points, in the order in which they need each other."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from cofactor.errors import StudyError
from cofactor.study.names import needs
from cofactor.study.parts import Column, Crossed, Cut, Flag, Groups, Residual, Scaled, Score
from cofactor.survey.expression import evaluate
from cofactor.survey.quantiles import weighted_quantile_values

Floats = NDArray[np.float64]
Points = dict[str, tuple[float, ...]]
CutPoints = Mapping[str, Points]
"""Cut name -> level of its `by` ("" where it has none) -> points."""


def make_columns(
    frame: pd.DataFrame, population: NDArray[np.bool_], columns: tuple[Column, ...], cuts: tuple[Cut, ...]
) -> tuple[pd.DataFrame, dict[str, Points]]:
    """Return the frame with the study's columns added, and its cut points by name.

    frame : one row a person, everyone of the cycles, with `analysis_weight`. population : (n,) who the quantiles and
    regressions are of. Raises StudyError where a part needs a name that nothing makes.
    """
    made: dict[str, pd.Series] = {}
    points: dict[str, Points] = {}
    view = frame.copy(deep=False)
    pending: list[Column | Cut] = [*columns, *cuts]
    while pending:
        ready = [part for part in pending if all(name in view or name in points for name in needs(part))]
        if not ready:
            missing = sorted(
                {name for part in pending for name in needs(part) if name not in view and name not in points}
            )
            raise StudyError(
                f"the columns {', '.join(p.name for p in pending)} need {', '.join(missing)}, which nothing makes"
            )
        for part in ready:
            if isinstance(part, Cut):
                points[part.name] = cut_points(part, view, population)
            else:
                made[part.name] = view[part.name] = _column(part, view, population, points, cuts)
            pending.remove(part)
    return view, points


def columns_again(
    frame: pd.DataFrame,
    population: NDArray[np.bool_],
    columns: tuple[Column, ...],
    cuts: tuple[Cut, ...],
    points: CutPoints,
) -> pd.DataFrame:
    """Return the frame with some columns made again from its present values, at cut points made before.

    columns : in an order in which each stands behind what it needs.
    """
    view = frame.copy(deep=False)
    for column in columns:
        view[column.name] = _column(column, view, population, points, cuts)
    return view


def cut_points(cut: Cut, frame: pd.DataFrame, population: NDArray[np.bool_]) -> Points:
    """Return the points of a cut by level of its `by`, "" where it has none; a level without anybody has no points."""
    if cut.values:
        return {"": cut.values}
    return {
        level: tuple(_quantiles(frame, cut.of, population & inside, cut.probs))
        for level, inside in _levels(frame, cut.by)
        if cut.by is None or (population & inside).any()
    }


def _quantiles(frame: pd.DataFrame, name: str, rows: NDArray[np.bool_], probs: tuple[float, ...]) -> Floats:
    values = frame[name].to_numpy(dtype=float, na_value=np.nan)
    weights = frame["analysis_weight"].to_numpy(dtype=float)
    known = rows & np.isfinite(values) & (weights > 0)
    if not known.any():
        raise StudyError(f"the cut of {name!r} has no known value in the population")
    return weighted_quantile_values(values[known], weights[known], np.asarray(probs))


def _levels(frame: pd.DataFrame, by: str | None) -> list[tuple[str, NDArray[np.bool_]]]:
    if by is None:
        return [("", np.ones(len(frame), dtype=bool))]
    codes, levels = _coded(frame, by)
    return [(level, codes == code) for code, level in enumerate(levels)]


def _coded(frame: pd.DataFrame, name: str) -> tuple[NDArray[np.intp], list[str]]:
    """Return the code of each row (-1 unknown) and the levels of a category, flag or text."""
    category = frame[name].astype("category").cat
    return np.asarray(category.codes, dtype=np.intp), [str(level) for level in category.categories]


def _as_category(codes: NDArray[np.intp], levels: Iterable[str], index: pd.Index) -> pd.Series:
    return pd.Series(pd.Categorical.from_codes(codes, dtype=pd.CategoricalDtype(list(levels))), index=index)


def _column(
    column: Column,
    frame: pd.DataFrame,
    population: NDArray[np.bool_],
    points: CutPoints,
    cuts: tuple[Cut, ...],
) -> pd.Series:
    match column:
        case Flag():
            return evaluate(column.condition, frame)
        case Scaled():
            values = frame[column.of].astype(float)
            return (values if column.cap is None else values.clip(upper=column.cap)) / column.per
        case Groups():
            cut = next(cut for cut in cuts if cut.name == column.cut)
            return _grouped(column, cut, frame, points[cut.name])
        case Score():
            codes, _ = _coded(frame, column.of)
            return pd.Series(np.where(codes < 0, np.nan, codes + 1.0), index=frame.index)
        case Residual():
            return _residual(column, frame, population)
        case Crossed():
            return _crossed(column, frame)


def _grouped(groups: Groups, cut: Cut, frame: pd.DataFrame, points: Points) -> pd.Series:
    """Group g holds the values from its point on, up to below the next: closed on the left."""
    values = frame[cut.of].to_numpy(dtype=float, na_value=np.nan)
    codes = np.full(len(frame), -1, dtype=np.intp)
    for level, inside in _levels(frame, cut.by):
        if level not in points:
            continue
        if len(points[level]) + 1 != len(groups.levels):
            raise StudyError(
                f"{groups.name!r} names {len(groups.levels)} levels, but the cut {cut.name!r} makes"
                f" {len(points[level]) + 1} groups"
            )
        known = inside & np.isfinite(values)
        codes[known] = np.searchsorted(points[level], values[known], side="right")
    return _as_category(codes, groups.levels, frame.index)


def _residual(residual: Residual, frame: pd.DataFrame, population: NDArray[np.bool_]) -> pd.Series:
    """The line is fitted in the population and the residual taken for everybody."""
    y = frame[residual.of].to_numpy(dtype=float, na_value=np.nan)
    x = frame[residual.on].to_numpy(dtype=float, na_value=np.nan)
    weights = frame["analysis_weight"].to_numpy(dtype=float)
    result = np.full(len(frame), np.nan)
    for _, inside in _levels(frame, residual.by):
        rows = population & inside & np.isfinite(x) & np.isfinite(y) & (weights > 0)
        if len(np.unique(x[rows])) < 2:
            continue  # no line through one point: unknown
        center = np.average(x[rows], weights=weights[rows])
        mean = np.average(y[rows], weights=weights[rows])
        gap = x[rows] - center
        slope = (weights[rows] * gap) @ (y[rows] - mean) / ((weights[rows] * gap) @ gap)
        result[inside] = y[inside] - mean - slope * (x[inside] - center)
    return pd.Series(result, index=frame.index)


def _crossed(crossed: Crossed, frame: pd.DataFrame) -> pd.Series:
    first, second = (frame[name].astype("boolean") for name in (crossed.first, crossed.second))
    unknown = (first.isna() | second.isna()).to_numpy()
    codes = 2 * first.fillna(False).to_numpy(dtype=np.intp) + second.fillna(False).to_numpy(dtype=np.intp)
    codes[unknown] = -1
    return _as_category(codes, crossed.levels, frame.index)
