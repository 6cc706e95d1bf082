"""Ratios with their intervals, one under another."""

from __future__ import annotations

import textwrap
from dataclasses import dataclass

import pandas as pd
from matplotlib.axes import Axes

from cofactor.report import format as shown
from cofactor.report.figures.style import (
    COLOURS,
    GREY,
    INK,
    PALE,
    SMALL,
    TEXT,
    new_axes,
    plain,
    ratio_limits,
    set_ratio_axis,
)

LETTERS = 46
"""Letters of a label on one line, beside the number at the right."""

ROW = 0.40
LINE = 0.15
"""Inches of a row, and of each further line of its label."""


@dataclass(frozen=True)
class _Place:
    """Where a row stands: the height of its label's top and of its interval, in inches from the top."""

    label: str
    top: float
    middle: float
    heading: bool = False
    row: int = -1


def plot_forest(
    table: pd.DataFrame,
    ax: Axes | None = None,
    *,
    xlabel: str = "ratio of hazard ratios (logarithmic axis)",
    margin: float | None = None,
) -> Axes:
    """Draw ratios with their intervals; the label stands above each interval, so that it reads on a narrow screen.

    Parameters
    ----------
    table : DataFrame
        One row an interval, columns label, ratio, low, high; and optionally group (a heading where it changes) and
        main (True draws the row strong).
    ax : Axes, optional
        Where to draw; new axes of a fitting height otherwise.
    xlabel : str
    margin : float, optional
        Shade the ratios between it and its inverse: too near 1 to matter.

    Returns
    -------
    Axes
    """
    places, height = _places(table)
    ax = ax if ax is not None else new_axes(height + 0.55)
    limits = ratio_limits(list(table["low"]), list(table["high"]), list(table["ratio"]))
    if margin is not None:
        inner, outer = sorted((margin, 1 / margin))
        limits = (min(limits[0], inner * 0.98), max(limits[1], outer * 1.02))
        ax.axvspan(inner, outer, color=PALE, alpha=0.7, lw=0, zorder=0)
    set_ratio_axis(ax, limits, "x")
    ax.axvline(1, color=GREY, lw=0.9, zorder=1)
    ax.set_ylim(height, 0)
    ax.set_yticks([])
    ax.spines["left"].set_visible(False)
    ax.set_xlabel(xlabel, fontsize=TEXT, color=INK)
    for place in places:
        _draw_label(ax, place)
        if not place.heading:
            _draw_row(ax, table.iloc[place.row], place, limits)
    return ax


def _places(table: pd.DataFrame) -> tuple[list[_Place], float]:
    places: list[_Place] = []
    depth = 0.05
    group = None
    for number, row in enumerate(table.to_dict("records")):
        if row.get("group") and row["group"] != group:
            group = row["group"]
            depth += 0.10 if places else 0.0
            places.append(_Place(str(group), depth, depth, heading=True))
            depth += 0.24
        lines = textwrap.wrap(str(row["label"]), LETTERS) or [""]
        middle = depth + LINE * len(lines) + 0.10
        places.append(_Place("\n".join(lines), depth, middle, row=number))
        depth = middle + ROW - LINE - 0.10
    return places, depth + 0.05


def _draw_label(ax: Axes, place: _Place) -> None:
    ax.text(
        0.0, place.top, plain(place.label), transform=ax.get_yaxis_transform(), ha="left", va="top",
        fontsize=TEXT if place.heading else SMALL, fontweight="bold" if place.heading else "normal", color=INK,
        linespacing=1.05, bbox={"facecolor": "white", "edgecolor": "none", "alpha": 0.75, "pad": 0.4}, zorder=3,
    )  # fmt: skip


def _draw_row(ax: Axes, row: pd.Series, place: _Place, limits: tuple[float, float]) -> None:
    strong = bool(row.get("main", False))
    colour = COLOURS[1] if strong else COLOURS[0]
    low, high = max(float(row["low"]), limits[0]), min(float(row["high"]), limits[1])
    ax.hlines(place.middle, low, high, color=colour, lw=2.2 if strong else 1.5, zorder=4)
    marker = "D" if strong else "o"
    ax.plot([row["ratio"]], [place.middle], marker=marker, ms=6 if strong else 4.5, color=colour, ls="", zorder=5)
    for cut, end, arrow in ((row["low"] < limits[0], low, "<"), (row["high"] > limits[1], high, ">")):
        if cut:
            ax.plot([end], [place.middle], marker=arrow, ms=4.5, color=colour, ls="", zorder=5, clip_on=False)
    ax.text(
        1.0, place.top, shown.interval(row["ratio"], row["low"], row["high"]), transform=ax.get_yaxis_transform(),
        ha="right", va="top", fontsize=SMALL, fontweight="bold" if strong else "normal", color=INK, zorder=3,
        bbox={"facecolor": "white", "edgecolor": "none", "alpha": 0.75, "pad": 0.4},
    )  # fmt: skip
