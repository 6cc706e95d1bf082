"""Hazard ratios along a number."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

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


def plot_curve(
    table: pd.DataFrame,
    ax: Axes | None = None,
    *,
    xlabel: str,
    by: str | None = None,
    reference: float | None = None,
    marks: Sequence[float] = (),
) -> Axes:
    """Draw hazard ratios against a reference, with their pointwise intervals, one line for each level of `by`.

    Parameters
    ----------
    table : DataFrame
        Columns value, hazard_ratio, ratio_low, ratio_high, and `by` where it is given.
    ax : Axes, optional
        Where to draw; new axes otherwise.
    xlabel : str
        Name and unit of the number.
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
    groups = [("", table)] if by is None else list(table.groupby(by, sort=False))
    for number, (level, part) in enumerate(groups):
        _draw_line(ax, part, number, str(level))
    limits = ratio_limits(list(table["ratio_low"]), list(table["ratio_high"]), list(table["hazard_ratio"]))
    set_ratio_axis(ax, limits, "y")
    ax.axhline(1, color=GREY, lw=0.9, zorder=1)
    if reference is not None:
        ax.axvline(reference, color=GREY, lw=0.7, ls=":", zorder=1)
    for mark in marks:
        ax.plot([mark], [0.0], marker="|", ms=8, mew=1.2, color=INK, transform=ax.get_xaxis_transform(), clip_on=False)
    ax.set_xlim(float(np.min(table["value"])), float(np.max(table["value"])))
    ax.set_xlabel(xlabel, fontsize=TEXT, color=INK)
    ax.set_ylabel("hazard ratio (logarithmic axis)", fontsize=TEXT, color=INK)
    if by is not None:
        ax.legend(loc="lower left", bbox_to_anchor=(0, 1.0), frameon=False, fontsize=SMALL, borderaxespad=0)
    return ax


def _draw_line(ax: Axes, part: pd.DataFrame, number: int, level: str) -> None:
    colour, dash = COLOURS[number % len(COLOURS)], DASHES[number % len(DASHES)]
    ax.fill_between(part["value"], part["ratio_low"], part["ratio_high"], color=colour, alpha=0.16, lw=0, zorder=2)
    label = plain("\n".join(textwrap.wrap(level, 52)))
    ax.plot(part["value"], part["hazard_ratio"], color=colour, ls=dash, lw=2, label=label, zorder=3)
