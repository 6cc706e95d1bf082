"""Ratios or differences along a number."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from cofactor.models import DoseResponseCurve
from cofactor.report import format as shown
from cofactor.report.figures.style import (
    COLOURS,
    DASHES,
    GREY,
    INK,
    SMALL,
    TEXT,
    new_axes,
    plain,
    ratio_limits,
    set_ratio_axis,
)
from cofactor.report.labels import catalogue_labels


def plot_curve(
    curve: DoseResponseCurve | pd.DataFrame,
    ax: Axes | None = None,
    *,
    xlabel: str = "",
    by: str | None = None,
    reference: float | None = None,
    marks: Sequence[float] = (),
) -> Axes:
    """Draw ratios against a reference, with their pointwise intervals, one line for each level of `by`.

    Parameters
    ----------
    curve : DoseResponseCurve or DataFrame
        What `cofactor.models.dose_response` returns, which knows its reference and knots; differences where the model
        has no ratios. Or columns value, hazard_ratio, ratio_low, ratio_high, and `by` where it is given.
    ax : Axes, optional
        Where to draw; new axes otherwise.
    xlabel : str
        Name and unit of the number; by the curve's variable if not given.
    by : str, optional
        The column whose levels get a line each.
    reference : float, optional
        Where the ratio is 1 by definition; marked.
    marks : sequence of float
        Knots or cut points, as small ticks on the axis.

    Returns
    -------
    Axes
    """
    ax = ax if ax is not None else new_axes(3.3)
    table = curve_table(curve)
    if isinstance(curve, DoseResponseCurve):
        reference, marks = curve.reference if reference is None else reference, marks or curve.knots
        xlabel = xlabel or catalogue_labels().with_unit(curve.variable)
    groups = [("", table)] if by is None else list(table.groupby(by, sort=False))
    for number, (level, part) in enumerate(groups):
        _draw_line(ax, part, number, str(level))
    _set_upright(ax, table, curve)
    if reference is not None:
        ax.axvline(reference, color=GREY, lw=0.7, ls=":", zorder=1)
    for mark in marks:
        ax.plot([mark], [0.0], marker="|", ms=8, mew=1.2, color=INK, transform=ax.get_xaxis_transform(), clip_on=False)
    ax.set_xlim(float(np.min(table["value"])), float(np.max(table["value"])))
    ax.set_xlabel(plain(xlabel), fontsize=TEXT, color=INK)
    if by is not None:
        ax.legend(loc="lower left", bbox_to_anchor=(0, 1.0), frameon=False, fontsize=SMALL, borderaxespad=0)
    return ax


def curve_table(curve: DoseResponseCurve | pd.DataFrame) -> pd.DataFrame:
    """Return value, hazard_ratio (or the difference), ratio_low and ratio_high of each point."""
    if isinstance(curve, pd.DataFrame):
        return curve
    names = {curve.variable: "value", "estimate": "hazard_ratio", "low": "ratio_low", "high": "ratio_high"}
    return curve.table().rename(columns=names)


def curve_alt(curve: DoseResponseCurve) -> str:
    """Say in words what `plot_curve` shows at the ends and in the middle."""
    table = curve_table(curve)
    kind = "Ratios" if _has_ratios(curve) else "Differences"
    rows = table.iloc[[0, len(table) // 2, len(table) - 1]].to_dict("records")
    said = "; ".join(
        f"at {row['value']:.3g} {shown.interval(row['hazard_ratio'], row['ratio_low'], row['ratio_high'])}"
        for row in rows
    )
    return (
        f"{kind} along {catalogue_labels().with_unit(curve.variable)} against {curve.reference:g}, with 95% intervals: "
        f"{said}."
    )


def _has_ratios(curve: DoseResponseCurve | pd.DataFrame) -> bool:
    return isinstance(curve, pd.DataFrame) or curve.estimate.log_scale


def _set_upright(ax: Axes, table: pd.DataFrame, curve: DoseResponseCurve | pd.DataFrame) -> None:
    if not _has_ratios(curve):
        ax.axhline(0, color=GREY, lw=0.9, zorder=1)
        ax.set_ylabel("difference", fontsize=TEXT, color=INK)
        return
    limits = ratio_limits(list(table["ratio_low"]), list(table["ratio_high"]), list(table["hazard_ratio"]))
    set_ratio_axis(ax, limits, "y")
    ax.axhline(1, color=GREY, lw=0.9, zorder=1)
    word = "hazard ratio" if isinstance(curve, pd.DataFrame) else "ratio"
    ax.set_ylabel(f"{word} (logarithmic axis)", fontsize=TEXT, color=INK)


def _draw_line(ax: Axes, part: pd.DataFrame, number: int, level: str) -> None:
    colour, dash = COLOURS[number % len(COLOURS)], DASHES[number % len(DASHES)]
    ax.fill_between(part["value"], part["ratio_low"], part["ratio_high"], color=colour, alpha=0.16, lw=0, zorder=2)
    label = plain("\n".join(textwrap.wrap(level, 52)))
    ax.plot(part["value"], part["hazard_ratio"], color=colour, ls=dash, lw=2, label=label, zorder=3)
