"""How a hazard ratio changes as adjustment and selection are added."""

from __future__ import annotations

import textwrap

import pandas as pd
from matplotlib.axes import Axes

from cofactor.report import format as shown
from cofactor.report.figures.style import (
    COLOURS,
    GREY,
    INK,
    SMALL,
    TEXT,
    new_axes,
    plain,
    ratio_limits,
    set_ratio_axis,
)

MARKERS = ("o", "s", "^", "v")
STEP, LINE = 0.24, 0.17
"""Inches of a step's name, and of each exposure below it."""

NUMBERS = 0.42
"""Room for the numbers at the right, as a share of the (logarithmic) axis."""


def plot_trust(table: pd.DataFrame, ax: Axes | None = None, *, xlabel: str = "hazard ratio (logarithmic axis)") -> Axes:
    """Draw the hazard ratio of each exposure at each step, from crude on, joined by a line down the page.

    Parameters
    ----------
    table : DataFrame
        One row an estimate: columns label (the step, in order), series (the exposure), ratio, low, high.
    ax : Axes, optional
        Where to draw; new axes of a fitting height otherwise.
    xlabel : str

    Returns
    -------
    Axes
    """
    steps = list(dict.fromkeys(table["label"]))
    names = list(dict.fromkeys(table["series"]))
    room = STEP + LINE * len(names) + 0.06
    ax = ax if ax is not None else new_axes(room * len(steps) + 0.55 + 0.2 * len(names))
    left, right = ratio_limits(list(table["low"]), list(table["high"]), list(table["ratio"]))
    set_ratio_axis(ax, (left, right * (right / left) ** NUMBERS), "x")
    ax.axvline(1, color=GREY, lw=0.9, zorder=1)
    for number, name in enumerate(names):
        part = table[table["series"] == name]
        depths = [room * steps.index(label) + STEP + LINE * (number + 0.4) for label in part["label"]]
        _draw_series(ax, part, depths, number, str(name))
    for number, step in enumerate(steps):
        _write(ax, 0.0, room * number + 0.12, str(step), INK, "left")
    ax.set_ylim(room * len(steps), 0)
    ax.set_yticks([])
    ax.spines["left"].set_visible(False)
    ax.set_xlabel(xlabel, fontsize=TEXT, color=INK)
    ax.legend(
        loc="lower left", bbox_to_anchor=(0, 1.0), frameon=False, fontsize=SMALL, handlelength=1.6, borderaxespad=0
    )
    return ax


def _draw_series(ax: Axes, part: pd.DataFrame, depths: list[float], number: int, name: str) -> None:
    colour = COLOURS[number % len(COLOURS)]
    ax.hlines(depths, part["low"], part["high"], color=colour, lw=1.6, zorder=3)
    label = plain("\n".join(textwrap.wrap(name, 52)))
    marker = MARKERS[number % len(MARKERS)]
    ax.plot(part["ratio"], depths, marker=marker, ms=5, lw=0.8, ls=":", color=colour, label=label, zorder=4)
    for depth, (_, row) in zip(depths, part.iterrows(), strict=True):
        _write(ax, 1.0, depth, shown.interval(row["ratio"], row["low"], row["high"]), colour, "right")


def _write(ax: Axes, across: float, depth: float, text: str, colour: str, side: str) -> None:
    ax.text(
        across, depth, plain(text), transform=ax.get_yaxis_transform(), ha=side, va="center", fontsize=SMALL,
        color=colour, bbox={"facecolor": "white", "edgecolor": "none", "alpha": 0.75, "pad": 0.4}, zorder=5,
    )  # fmt: skip
