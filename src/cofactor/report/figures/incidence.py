"""Cumulative incidence of causes that compete, each line with its name at its end."""

from __future__ import annotations

import textwrap

import numpy as np
import numpy.typing as npt
import pandas as pd
from matplotlib.axes import Axes

from cofactor.report import format as shown
from cofactor.report.figures.style import COLOURS, DASHES, GREY, INK, SMALL, TEXT, new_axes, plain

MONTHS = 12.0
LINE, LETTERS = 0.14, 19
"""Inches of a line of a name, and letters in it."""

Floats = npt.NDArray[np.float64]


def plot_cumulative_incidence(
    table: pd.DataFrame, ax: Axes | None = None, *, cause: str, height: float = 3.6, ylabel: str = "died of it (crude)"
) -> Axes:
    """Draw the cumulative incidence of each cause as steps with its pointwise interval, named at its end.

    Parameters
    ----------
    table : DataFrame
        As ``cumulative_incidence(...).table()`` without groups: the causes, time (months), cumulative_incidence, low,
        high.
    ax : Axes, optional
        Where to draw; new axes otherwise.
    cause : str
        The column of the causes.
    height : float
        Inches of new axes.
    ylabel : str
        What a share is of.

    Returns
    -------
    Axes
    """
    ax = ax if ax is not None else new_axes(height)
    curves = [(str(name), part.sort_values("time")) for name, part in table.groupby(cause, sort=False, observed=True)]
    curves.sort(key=lambda item: -_end(item[1]))
    last = float(table["time"].max()) / MONTHS
    top = float(np.nanmax(table["high"].to_numpy(dtype=float)))
    for number, (_, part) in enumerate(curves):
        _draw(ax, part, number)
    ax.set_xlim(0.0, last)
    ax.set_ylim(0.0, 1.05 * top)
    names = ["\n".join(textwrap.wrap(name, LETTERS)) for name, _ in curves]
    _write_names(ax, names, [_end(part) for _, part in curves], 1.05 * top * LINE / (0.8 * height))
    ax.yaxis.set_major_formatter(lambda value, _: f"{100 * value:g}%")
    ax.set_xlabel("years since the examination", fontsize=TEXT, color=INK)
    ax.set_ylabel(ylabel, fontsize=TEXT, color=INK)
    return ax


def _end(part: pd.DataFrame) -> float:
    return float(part["cumulative_incidence"].dropna().iloc[-1])


def _look(number: int) -> tuple[str, str | tuple[float, tuple[float, ...]]]:
    """Colour and dash of a line: the dash changes when the colours are used up, so that no two are alike."""
    return COLOURS[number % len(COLOURS)], DASHES[number // len(COLOURS) % len(DASHES)]


def _draw(ax: Axes, part: pd.DataFrame, number: int) -> None:
    colour, dash = _look(number)
    time = np.append(0.0, part["time"].to_numpy(dtype=float) / MONTHS)
    value, low, high = (
        np.append(0.0, part[name].to_numpy(dtype=float)) for name in ("cumulative_incidence", "low", "high")
    )
    ax.fill_between(time, low, high, step="post", color=colour, alpha=0.18, lw=0, zorder=2)
    ax.step(time, value, where="post", color=colour, ls=dash, lw=1.6, zorder=3)


def _write_names(ax: Axes, names: list[str], ends: list[float], line: float) -> None:
    """Write each name beside the end of its line, apart from the others, with a hair line to where it belongs."""
    sizes = np.array([1.0 + name.count("\n") for name in names])
    places = spread_apart(np.array(ends), line * (sizes[:-1] + sizes[1:]) / 2.0)
    right = ax.get_yaxis_transform()  # across in shares of the axes, up in data
    for number, (name, end, place) in enumerate(zip(names, ends, places, strict=True)):
        colour, _ = _look(number)
        ax.plot([1.0, 1.04], [end, place], color=GREY, lw=0.6, transform=right, clip_on=False, zorder=1)
        ax.text(
            1.05, place, plain(name), transform=right, va="center", fontsize=SMALL, color=colour, linespacing=1.0
        )  # fmt: skip


def spread_apart(places: Floats, gaps: Floats) -> Floats:
    """Return places (k,), falling, moved up as little as keeps the lowest where it is and the gaps (k - 1,) between.

    >>> spread_apart(np.array([5.0, 1.2, 1.1, 1.0]), np.array([0.5, 0.5, 0.5])).tolist()
    [5.0, 2.0, 1.5, 1.0]
    """
    made = np.array(places, dtype=np.float64)
    for i in range(len(made) - 2, -1, -1):
        made[i] = max(made[i], made[i + 1] + gaps[i])
    return made


def cumulative_incidence_alt(table: pd.DataFrame, *, cause: str) -> str:
    """Say in words what `plot_cumulative_incidence` shows: each cause at the last time.

    >>> rows = pd.DataFrame({"why": ["heart", "heart"], "time": [60, 120], "cumulative_incidence": [0.01, 0.02],
    ...                      "low": [0.008, 0.016], "high": [0.012, 0.024]})
    >>> cumulative_incidence_alt(rows, cause="why")
    'Cumulative incidence by 10 years, of 100 people: heart 2.00 (1.60 to 2.40).'
    """
    known = table.dropna(subset="cumulative_incidence")
    last = known.sort_values("time").groupby(cause, sort=False, observed=True).tail(1)
    said = [
        f"{row[cause]} {shown.interval(*(100 * float(row[name]) for name in ('cumulative_incidence', 'low', 'high')))}"
        for row in last.sort_values("cumulative_incidence", ascending=False).to_dict("records")
    ]
    return f"Cumulative incidence by {known['time'].max() / MONTHS:g} years, of 100 people: " + "; ".join(said) + "."
