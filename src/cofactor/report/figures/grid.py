"""A grid of variables × cycles: the frame that the pictures of missing values and of breaks share."""

from __future__ import annotations

from collections.abc import Sequence

import matplotlib as mpl
import numpy as np
import numpy.typing as npt
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.colors import BoundaryNorm, ListedColormap
from matplotlib.figure import Figure
from matplotlib.patches import Patch, Rectangle

from cofactor.report.figures.style import GREY, INK, PALE, SMALL, WIDTH, figure_of

ROW = 0.17
"""Inches of a variable's row."""

HEADS, LEGEND, LETTER = 0.72, 0.74, 0.064
"""Inches above and below the grid, and of a letter of a name."""

HATCH = "/////"

Floats = npt.NDArray[np.float64]


def grid_axes(names: Sequence[str]) -> Axes:
    """Return axes with room for a row a variable, their names at the left, column heads above and a legend below.

    The room is reckoned beforehand: a layout engine draws everything twice, and a catalogue needs many such pictures.
    """
    height = ROW * len(names) + HEADS + LEGEND
    left = min(max(map(len, names), default=0) * LETTER + 0.1, 0.64 * WIDTH)
    figure = Figure(figsize=(WIDTH, height))
    FigureCanvasAgg(figure)
    return figure.add_axes(
        (left / WIDTH, LEGEND / height, (WIDTH - left - 0.06) / WIDTH, ROW * max(len(names), 1) / height)
    )


def draw_grid(
    ax: Axes,
    values: Floats,
    rows: Sequence[str],
    columns: Sequence[str],
    edges: Sequence[float],
    colours: Sequence[str],
) -> None:
    """Draw values (rows, columns) in classes between `edges`, one colour a class; what is missing is hatched.

    A value beyond the first or the last edge belongs to the class at that end.
    """
    across, down = len(columns), len(rows)
    with mpl.rc_context({"hatch.linewidth": 0.5}):
        ax.add_patch(Rectangle((0, 0), across, down, facecolor="white", edgecolor=GREY, hatch=HATCH, lw=0, zorder=0))
    inside = np.clip(values, edges[0], np.nextafter(edges[-1], edges[0]))
    norm = BoundaryNorm(list(edges), len(colours))
    ax.pcolormesh(
        np.ma.masked_invalid(inside), cmap=ListedColormap(list(colours)), norm=norm, edgecolors="white", linewidth=0.6,
        zorder=1,
    )  # fmt: skip
    ax.set_xlim(0, across)
    ax.set_ylim(down, 0)
    ax.set_xticks(np.arange(across) + 0.5, list(columns), rotation=90, fontsize=SMALL)
    ax.set_yticks([])
    for place, name in enumerate(rows):  # a tick is a dozen artists, and there may be hundreds of rows
        ax.text(-0.1, place + 0.5, name, ha="right", va="center", fontsize=SMALL, color=INK)
    ax.xaxis.tick_top()
    ax.tick_params(length=0, colors=INK, pad=2)
    ax.spines[:].set_visible(False)


def add_legend(
    ax: Axes, words: Sequence[str], colours: Sequence[str], missing: str, marks: Sequence[mpl.artist.Artist]
) -> None:
    """Write below the grid what its colours, its hatching and its marks mean."""
    with mpl.rc_context({"hatch.linewidth": 0.5}):
        patches = [Patch(facecolor=c, edgecolor=PALE, label=w) for w, c in zip(words, colours, strict=True)]
        patches.append(Patch(facecolor="white", edgecolor=GREY, hatch=HATCH, lw=0.3, label=missing))
        figure_of(ax).legend(
            handles=[*patches, *marks], loc="lower center", ncols=3, frameon=False, fontsize=SMALL - 1,
            handlelength=1.4, columnspacing=1.0, labelspacing=0.3,
        )  # fmt: skip
