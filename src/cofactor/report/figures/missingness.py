"""Which share of each variable is missing in each cycle."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from cofactor.report.figures.grid import add_legend, draw_grid, grid_axes

EDGES = (0.0, 0.01, 0.05, 0.10, 0.20, 0.40, 0.60, 1.0)
COLOURS = ("#fdf6d2", "#f3dc7d", "#cfb85e", "#a59c74", "#7d7c78", "#4f576c", "#00224e")
"""From the map cividis (Nuñez, Anderton and Renslow 2018, doi:10.1371/journal.pone.0199239), its light end lightened:
lightness falls evenly, with and without colour vision."""

WORDS = ("below 1%", "1 to 5%", "5 to 10%", "10 to 20%", "20 to 40%", "40 to 60%", "60% and over")


def plot_missingness(table: pd.DataFrame, cycles: Sequence[str], ax: Axes | None = None) -> Axes:
    """Draw the missing share of each variable in each cycle; hatched where the cycle does not have the variable.

    Parameters
    ----------
    table : DataFrame
        One row a variable and cycle: variable, cycle, missing_weighted_share (0 to 1; missing where not asked).
    cycles : the columns, in order.
    ax : Axes, optional
        Where to draw; new axes of a fitting height otherwise.
    """
    names = list(dict.fromkeys(table["variable"]))
    ax = ax if ax is not None else grid_axes(names)
    wide = table.pivot_table(index="variable", columns="cycle", values="missing_weighted_share", dropna=False)
    values = wide.reindex(index=names, columns=list(cycles)).to_numpy(dtype=np.float64)
    draw_grid(ax, values, names, cycles, EDGES, COLOURS)
    add_legend(ax, WORDS, COLOURS, "not in this cycle", ())
    return ax
