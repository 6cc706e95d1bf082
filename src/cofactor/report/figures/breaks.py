"""The steps of variables between neighbouring cycles, and which of them are notable."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.lines import Line2D

from cofactor.report.figures.grid import add_legend, draw_grid, grid_axes
from cofactor.report.figures.style import INK

EDGES = (-9.0, -0.5, -0.25, -0.1, 0.1, 0.25, 0.5, 9.0)
COLOURS = ("#2d004b", "#8073ac", "#d8daeb", "#f7f7f7", "#fee0b6", "#e08214", "#7f3b08")
"""ColorBrewer's purple to orange, which colour-blind readers can tell apart."""

WORDS = (
    "down 0.5 SD or more",
    "0.25 to 0.5 down",
    "0.1 to 0.25 down",
    "within 0.1 SD",
    "0.1 to 0.25 up",
    "0.25 to 0.5 up",
    "up 0.5 SD or more",
)
DARK = 0.5
"""Steps of this size have a dark colour, and a light mark on it."""


def plot_breaks(steps: pd.DataFrame, cycles: Sequence[str], ax: Axes | None = None) -> Axes:
    """Draw the step of each variable to each cycle from the one before that has it.

    Parameters
    ----------
    steps : DataFrame
        One row a step: variable, to, step_sd, notable, explained.
    cycles : all cycles, in order; the first has no step to it and no column.
    ax : Axes, optional
        Where to draw; new axes of a fitting height otherwise.
    """
    names, later = list(dict.fromkeys(steps["variable"])), list(cycles[1:])
    ax = ax if ax is not None else grid_axes(names)
    wide = steps.pivot_table(index="variable", columns="to", values="step_sd")
    draw_grid(ax, wide.reindex(index=names, columns=later).to_numpy(dtype=np.float64), names, later, EDGES, COLOURS)
    for (dark, explained), part in _notable(steps).groupby(["dark", "explained"]):
        across = [later.index(cycle) + 0.5 for cycle in part["to"]]
        down = [names.index(name) + 0.5 for name in part["variable"]]
        colour = "white" if dark else INK
        ax.plot(across, down, "o", ms=4, mec=colour, mew=1, mfc=colour if explained else "none", ls="", zorder=3)
    marks = [_mark(INK, "notable, a change is known"), _mark("none", "notable, no change known")]
    add_legend(ax, WORDS, COLOURS, "no step to this cycle", marks)
    return ax


def _notable(steps: pd.DataFrame) -> pd.DataFrame:
    notable = steps[steps["notable"]]
    return notable.assign(dark=notable["step_sd"].abs() >= DARK, explained=notable["explained"].astype(bool))


def _mark(fill: str, words: str) -> Line2D:
    return Line2D([], [], marker="o", ms=4, mec=INK, mew=1, mfc=fill, ls="", label=words)
