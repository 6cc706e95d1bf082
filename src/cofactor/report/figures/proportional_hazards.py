"""How the hazard ratio of a term moves over the follow-up, by the residuals of the deaths."""

from __future__ import annotations

import textwrap

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from cofactor.report import format as shown
from cofactor.report.figures.style import COLOURS, DASHES, GREY, INK, SMALL, TEXT, figure_of, new_axes, plain

MONTHS = 12.0
LETTERS = 56
ROOM = 0.6
"""How far the axis reaches beyond the band, in heights of it. Single residuals say little, and most lie far outside."""


def plot_proportional_hazards(
    table: pd.DataFrame,
    residuals: pd.DataFrame,
    ax: Axes | None = None,
    *,
    title: str = "",
    average: float | None = None,
) -> Axes:
    """Draw the smooth of scaled Schoenfeld residuals of one term over time, with its band, over the residuals.

    Parameters
    ----------
    table : DataFrame
        Rows of one term of ``coefficients_over_time(...).table()``: time (months), estimate, low, high.
    residuals : DataFrame
        Rows of the same term of its residuals: time, residual.
    ax : Axes, optional
        Where to draw; new axes otherwise.
    title : str
        The term in words.
    average : float, optional
        The coefficient of the model, which takes it as the same at all times.

    Returns
    -------
    Axes
    """
    ax = ax if ax is not None else new_axes(2.6)
    years, of_dead = table["time"] / MONTHS, residuals["time"] / MONTHS
    ax.scatter(of_dead, residuals["residual"], s=5, color=GREY, alpha=0.22, lw=0, zorder=1, rasterized=True)
    ax.fill_between(years, table["low"], table["high"], color=COLOURS[0], alpha=0.25, lw=0, zorder=2)
    ax.plot(years, table["estimate"], color=COLOURS[0], lw=2, zorder=4)
    ax.axhline(0.0, color=GREY, lw=0.9, zorder=1)
    if average is not None:
        ax.axhline(average, color=COLOURS[1], ls=DASHES[1], lw=1.4, zorder=3)
    ax.set_ylim(*_limits(table))
    last = float(of_dead.max())
    ax.set_xlim(0.0, last * 1.01)
    ax.set_xticks(np.arange(0.0, last, max(1, round(last / 6))))
    ax.set_xlabel("years since the examination", fontsize=TEXT, color=INK)
    ax.set_ylabel("log hazard ratio", fontsize=TEXT, color=INK)
    if title:
        ax.set_title(plain("\n".join(textwrap.wrap(title, LETTERS))), fontsize=SMALL, color=INK, loc="left")
    return ax


def _limits(table: pd.DataFrame) -> tuple[float, float]:
    low, high = min(table["low"].min(), 0.0), max(table["high"].max(), 0.0)
    room = ROOM * (high - low)
    return float(low - room), float(high + room)


def new_panels(count: int, height: float = 2.3) -> list[Axes]:
    """Return axes below one another in a new figure, each of this height in inches."""
    figure = figure_of(new_axes(height * count))
    figure.clear()
    panels = [figure.add_subplot(count, 1, number + 1) for number in range(count)]
    for axes in panels:
        axes.spines[["top", "right"]].set_visible(False)
        axes.tick_params(labelsize=TEXT, colors=INK, length=3)
    return panels


def proportional_hazards_alt(table: pd.DataFrame, *, name: str) -> str:
    """Say in words what `plot_proportional_hazards` shows of a term with this name.

    >>> rows = pd.DataFrame({"time": [12, 60, 120], "estimate": [0.0, 0.1, 0.2], "low": [-0.2, 0.0, 0.1],
    ...                      "high": [0.2, 0.2, 0.3]})
    >>> proportional_hazards_alt(rows, name="smoking")
    'smoking: hazard ratio 1.00 (0.82 to 1.22) at 1.0 years, 1.11 (1.00 to 1.22) at 5.0, 1.22 (1.11 to 1.35) at 10.0'
    """
    rows = table.iloc[[0, len(table) // 2, -1]][["time", "estimate", "low", "high"]].to_numpy(dtype=float)
    said = [f"{shown.interval(*np.exp(row[1:]))} at {row[0] / MONTHS:.1f}" for row in rows]
    return f"{name}: hazard ratio {said[0]} years, " + ", ".join(said[1:])
