"""How compatible each change point is with the data: the profile of its p, and where the interval ends."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd
from matplotlib.axes import Axes

from cofactor.report.figures.style import COLOURS, GREY, INK, SMALL, TEXT, new_axes, plain

BELOW = 0.05


def plot_profile(
    table: pd.DataFrame, ax: Axes | None = None, *, xlabel: str, marks: Sequence[float] = (), names: Sequence[str] = ()
) -> Axes:
    """Draw p of each value searched for a change point; those above the line at 0.05 make the 95% interval.

    Parameters
    ----------
    table : DataFrame
        As ``change_point(...).profile.table()``: value, p.
    ax : Axes, optional
        Where to draw; new axes otherwise.
    xlabel : str
        Name and unit of the number.
    marks : sequence of float
        Values of interest, as upright lines.
    names : sequence of str
        A name for each of the marks.

    Returns
    -------
    Axes
    """
    ax = ax if ax is not None else new_axes(2.8)
    value, p = table["value"].to_numpy(dtype=float), table["p"].to_numpy(dtype=float)
    ax.fill_between(value, BELOW, p, where=(p >= BELOW).tolist(), interpolate=True, color=COLOURS[0], alpha=0.16, lw=0)
    ax.plot(value, p, color=COLOURS[0], lw=2)
    ax.axhline(BELOW, color=GREY, lw=0.9)
    for i, mark in enumerate(marks):
        ax.axvline(mark, color=COLOURS[1], lw=1.2, ls=(0, (5, 2)))
        if i < len(names):
            ax.annotate(
                plain(names[i]), (mark, 1.0), xycoords=ax.get_xaxis_transform(), xytext=(3, -2),
                textcoords="offset points", va="top", fontsize=SMALL, color=INK,
            )  # fmt: skip
    ax.set_xlim(value[0], value[-1])
    ax.set_ylim(0.0, 1.05)
    ax.set_xlabel(xlabel, fontsize=TEXT, color=INK)
    ax.set_ylabel("p of this change point", fontsize=TEXT, color=INK)
    return ax
