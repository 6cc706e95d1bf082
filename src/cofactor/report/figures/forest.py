"""Estimates with their intervals, one under another."""

from __future__ import annotations

import math
import textwrap
from dataclasses import dataclass
from typing import Any

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator

from cofactor.report import format as shown
from cofactor.report.figures.interval_rows import Scale, axis_words, interval_rows, scale_of
from cofactor.report.figures.style import (
    COLOURS,
    GREY,
    INK,
    PALE,
    SMALL,
    TEXT,
    new_axes,
    plain,
    plain_limits,
    ratio_limits,
    set_ratio_axis,
)

LETTERS, BESIDE = 46, 19
"""Letters of a label on one line, beside a number at the right of so many; a longer number leaves it fewer."""

HEADING_LETTERS = 52
"""Letters of a heading on one line, which has nothing beside it."""

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


def plot_forest(result: Any, ax: Axes | None = None, *, xlabel: str | None = None, margin: float | None = None) -> Axes:
    """Draw estimates with their intervals; the label stands above each interval, so that it reads on a narrow screen.

    Parameters
    ----------
    result : fit, Estimate, or DataFrame
        A result with estimates; or one row an interval: columns label, one of ratio, difference and value, low, high;
        and optionally group (a heading where it changes) and main (True draws the row strong).
    ax : Axes, optional
        Where to draw; new axes of a fitting height otherwise.
    xlabel : str, optional
        What the axis shows, with its unit; by the result otherwise.
    margin : float, optional
        Shade the ratios between it and its inverse: too near 1 to matter.

    Returns
    -------
    Axes

    Raises
    ------
    StudyError
        Something that has no estimates.

    Examples
    --------
    >>> rows = pd.DataFrame({"label": ["smoking"], "ratio": [1.8], "low": [1.5], "high": [2.2]})
    >>> plot_forest(rows, xlabel="hazard ratio").get_xlabel()
    'hazard ratio'
    """
    table = interval_rows(result)
    scale = scale_of(table)
    places, height = _places(table, scale)
    ax = ax if ax is not None else new_axes(height + 0.55)
    limits = _set_axis(ax, table, scale, margin)
    ax.set_ylim(height, 0)
    ax.set_yticks([])
    ax.spines["left"].set_visible(False)
    ax.set_xlabel(plain(xlabel if xlabel is not None else axis_words(result)), fontsize=TEXT, color=INK)
    for place in places:
        _draw_label(ax, place)
        if not place.heading:
            _draw_row(ax, table.iloc[place.row], place, limits, scale)
    return ax


def forest_alt(result: Any) -> str:
    """Say in words what `plot_forest` shows of a result.

    >>> forest_alt(pd.DataFrame({"label": ["smoking"], "ratio": [1.8], "low": [1.5], "high": [2.2]}))
    'Estimates with 95% intervals, ratio of hazard ratios (logarithmic axis). smoking: 1.80 (1.50 to 2.20).'
    """
    table = interval_rows(result)
    scale = scale_of(table)
    said = []
    for row in table.to_dict("records"):
        name = ", ".join(str(row[part]) for part in ("group", "label") if row.get(part))
        said.append(f"{name}: {estimate_words(row[scale], row['low'], row['high'], scale)}")
    return f"Estimates with 95% intervals, {axis_words(result)}. {'; '.join(said)}."


def estimate_words(estimate: float, low: float, high: float, scale: Scale) -> str:
    """Return an estimate and its interval as a picture writes them.

    >>> estimate_words(123.456, 101.2, 145.6, "value"), estimate_words(0.00012, 0.00010, 0.00014, "difference")
    ('123.5 (101.2 to 145.6)', '0.000120 (0.000100 to 0.000140)')
    """
    ends = (low, high)
    if scale == "ratio" or not all(map(shown.known, ends)):
        return shown.interval(estimate, low, high)
    decimals = max(1, 1 - math.floor(math.log10((high - low) / 2))) if high > low else 2
    return f"{estimate:,.{decimals}f} ({low:,.{decimals}f} to {high:,.{decimals}f})"


def _set_axis(ax: Axes, table: pd.DataFrame, scale: Scale, margin: float | None) -> tuple[float, float]:
    """Set the limits of the axis, which hold the null value where the scale has one; return them."""
    if scale == "ratio":
        limits = ratio_limits(list(table["low"]), list(table["high"]), list(table["ratio"]))
        if margin is not None:
            inner, outer = sorted((margin, 1 / margin))
            limits = (min(limits[0], inner * 0.98), max(limits[1], outer * 1.02))
            ax.axvspan(inner, outer, color=PALE, alpha=0.7, lw=0, zorder=0)
        set_ratio_axis(ax, limits, "x")
        ax.axvline(1, color=GREY, lw=0.9, zorder=1)
        return limits
    limits = plain_limits(table[[scale, "low", "high"]].to_numpy(dtype=float), holds_zero=scale == "difference")
    ax.set_xlim(*limits)
    ax.xaxis.set_major_locator(MaxNLocator(6))
    if scale == "difference":
        ax.axvline(0, color=GREY, lw=0.9, zorder=1)
    return limits


def _places(table: pd.DataFrame, scale: Scale) -> tuple[list[_Place], float]:
    places: list[_Place] = []
    depth = 0.05
    group = None
    for number, row in enumerate(table.to_dict("records")):
        if row.get("group") and row["group"] != group:
            group = row["group"]
            depth += 0.10 if places else 0.0
            heading = textwrap.wrap(str(group), HEADING_LETTERS) or [""]
            places.append(_Place("\n".join(heading), depth, depth, heading=True))
            depth += 0.24 + LINE * (len(heading) - 1)
        beside = len(estimate_words(row[scale], row["low"], row["high"], scale))
        lines = textwrap.wrap(str(row["label"]), LETTERS - max(0, beside - BESIDE)) or [""]
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


def _draw_row(ax: Axes, row: pd.Series, place: _Place, limits: tuple[float, float], scale: Scale) -> None:
    strong = bool(row.get("main", False))
    colour = COLOURS[1] if strong else COLOURS[0]
    low, high = max(float(row["low"]), limits[0]), min(float(row["high"]), limits[1])
    ax.hlines(place.middle, low, high, color=colour, lw=2.2 if strong else 1.5, zorder=4)
    marker = "D" if strong else "o"
    ax.plot([row[scale]], [place.middle], marker=marker, ms=6 if strong else 4.5, color=colour, ls="", zorder=5)
    for cut, end, arrow in ((row["low"] < limits[0], low, "<"), (row["high"] > limits[1], high, ">")):
        if cut:
            ax.plot([end], [place.middle], marker=arrow, ms=4.5, color=colour, ls="", zorder=5, clip_on=False)
    ax.text(
        1.0, place.top, estimate_words(row[scale], row["low"], row["high"], scale), transform=ax.get_yaxis_transform(),
        ha="right", va="top", fontsize=SMALL, fontweight="bold" if strong else "normal", color=INK, zorder=3,
        bbox={"facecolor": "white", "edgecolor": "none", "alpha": 0.75, "pad": 0.4},
    )  # fmt: skip
