"""How a hazard ratio changes as adjustment and selection are added."""

from __future__ import annotations

import textwrap

import pandas as pd
from matplotlib.axes import Axes

from cofactor.report.figures.style import COLOURS, GREY, INK, SMALL, TEXT, new_axes, ratio_limits, set_ratio_axis

MARKERS = ("o", "s", "^", "v")


def plot_trust(table: pd.DataFrame, ax: Axes | None = None, *, ylabel: str = "hazard ratio (logarithmic axis)") -> Axes:
    """Draw the hazard ratio of each exposure at each step, from crude on, joined by a line.

    table : one row an estimate, columns label (the step, in order), series (the exposure), ratio, low, high.
    """
    ax = ax if ax is not None else new_axes(3.9)
    steps = list(dict.fromkeys(table["label"]))
    names = list(dict.fromkeys(table["series"]))
    for number, name in enumerate(names):
        part = table[table["series"] == name]
        _draw_series(ax, part, [steps.index(label) for label in part["label"]], number, len(names), str(name))
    set_ratio_axis(ax, ratio_limits(list(table["low"]), list(table["high"]), list(table["ratio"])), "y")
    ax.axhline(1, color=GREY, lw=0.9, zorder=1)
    ax.set_xlim(-0.5, len(steps) - 0.5)
    ax.set_xticks(range(len(steps)), ["\n".join(textwrap.wrap(step, 12)) for step in steps], fontsize=7)
    ax.set_ylabel(ylabel, fontsize=TEXT, color=INK)
    ax.legend(
        loc="lower left", bbox_to_anchor=(0, 1.0), frameon=False, fontsize=SMALL, handlelength=1.6, borderaxespad=0
    )
    return ax


def _draw_series(ax: Axes, part: pd.DataFrame, places: list[int], number: int, series: int, name: str) -> None:
    colour = COLOURS[number % len(COLOURS)]
    x = [place + 0.14 * (number - (series - 1) / 2) for place in places]
    ax.vlines(x, part["low"], part["high"], color=colour, lw=1.5, zorder=3)
    label = "\n".join(textwrap.wrap(name, 62))
    ax.plot(x, part["ratio"], marker=MARKERS[number % 4], ms=5, lw=0.8, ls=":", color=colour, label=label, zorder=4)
