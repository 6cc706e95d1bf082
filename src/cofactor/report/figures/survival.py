"""Curves over the time of follow-up with the numbers at risk below them."""

from __future__ import annotations

import textwrap
from typing import Protocol

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.transforms import Transform, offset_copy

from cofactor.report import format as shown
from cofactor.report.figures.style import COLOURS, DASHES, INK, SMALL, TEXT, figure_of, new_axes, plain
from cofactor.report.labels import catalogue_labels

MONTHS = 12.0
FIRST, LINE = 44.0, 12.5
"""Points from the axes to the first line of the numbers at risk, and between lines."""

LETTERS = 34
"""Of a flag's label, beside which "at risk" has to stand."""


class Curves(Protocol):
    """What is drawn: a `Curve` of `kaplan_meier`, or anything with its by-variables and its table."""

    @property
    def by(self) -> tuple[str, ...]:
        """The by-variables."""

    def table(self) -> pd.DataFrame:
        """One row a group and time, in order: by-variables, time (months), survival, low, high, at_risk."""


def plot_survival(curves: Curves, ax: Axes | None = None, *, years: int | None = None) -> Axes:
    """Draw survival or cumulative hazard as steps with their pointwise intervals, and the numbers at risk below.

    Parameters
    ----------
    curves : Curve
        As `cofactor.models.kaplan_meier` or `nelson_aalen` returns them, with time in months.
    ax : Axes, optional
        Where to draw; new axes otherwise.
    years : int, optional
        Years between the marks of the time axis; by the length of follow-up otherwise.

    Returns
    -------
    Axes
    """
    table = curves.table()
    groups = survival_groups(curves, table)
    ax = ax if ax is not None else new_axes(3.3 + 2 * LINE / 72 * len(groups))
    last = float(table["time"].max()) / MONTHS
    step = years if years is not None else max(1, round(last / 6))
    marks = np.arange(0.0, last + 1e-9, step)
    for number, (name, part) in enumerate(groups):
        _draw_curve(ax, part, number, str(name), _quantity(table))
        _write_at_risk(ax, part, marks, number, str(name))
    ax.set_xlim(0, last * 1.01)
    ax.set_xticks(marks)
    _set_upright(ax, table, _quantity(table))
    ax.set_xlabel("years since the examination", fontsize=TEXT, color=INK)
    return ax


def survival_alt(curves: Curves) -> str:
    """Say in words where each curve of `plot_survival` ends."""
    table = curves.table()
    quantity = _quantity(table)
    said = []
    for name, part in survival_groups(curves, table):
        last = part.dropna(subset=quantity).iloc[-1]
        end = shown.interval(last[quantity], last["low"], last["high"])
        said.append(f"{name}: {end} at {last['time'] / MONTHS:.1f} years")
    words = {"survival": "Survival (Kaplan-Meier)", "cumulative_hazard": "Cumulative hazard (Nelson-Aalen)"}
    return f"{words[quantity]} by group, at the end of the curve with its 95% interval. {'; '.join(said)}."


def _group_words(name: str, level: str) -> str:
    """Return a level; of a flag what it is of, cut so that it fits below the axes, and yes or no."""
    if level not in ("True", "False"):
        return level
    label = textwrap.shorten(catalogue_labels().variable(name), LETTERS, placeholder=" …")
    return f"{label}: {'yes' if level == 'True' else 'no'}"


def _quantity(table: pd.DataFrame) -> str:
    return "survival" if "survival" in table.columns else "cumulative_hazard"


def _set_upright(ax: Axes, table: pd.DataFrame, quantity: str) -> None:
    if quantity == "cumulative_hazard":
        ax.set_ylim(bottom=0.0)
        ax.set_ylabel("cumulative hazard (crude)", fontsize=TEXT, color=INK)
        return
    lowest = float(table["low"].min()) if table["low"].notna().any() else float(table["survival"].min())
    ax.set_ylim(max(0.0, np.floor(lowest * 20) / 20), 1.0)
    ax.yaxis.set_major_formatter(lambda value, _: f"{100 * value:.3g}%")
    ax.set_ylabel("alive (crude)", fontsize=TEXT, color=INK)


def survival_groups(curves: Curves, table: pd.DataFrame) -> list[tuple[str, pd.DataFrame]]:
    """Return the name and the rows of each group, in the order of the table."""
    if not curves.by:
        return [("everyone", table)]
    words = [table[name].astype(str).map(lambda level, name=name: _group_words(name, level)) for name in curves.by]
    names = pd.concat(words, axis=1).agg(", ".join, axis=1)
    return [(name, table[names == name]) for name in dict.fromkeys(names)]


def _draw_curve(ax: Axes, part: pd.DataFrame, number: int, name: str, quantity: str) -> None:
    colour, dash = COLOURS[number % len(COLOURS)], DASHES[number % len(DASHES)]
    time = np.append(0.0, part["time"].to_numpy(dtype=float) / MONTHS)
    start = 1.0 if quantity == "survival" else 0.0
    low, high, value = (np.append(start, part[column].to_numpy(dtype=float)) for column in ("low", "high", quantity))
    ax.fill_between(time, low, high, step="post", color=colour, alpha=0.14, lw=0, zorder=2)
    ax.step(time, value, where="post", color=colour, ls=dash, lw=1.8, label=name, zorder=3)


def _write_at_risk(ax: Axes, part: pd.DataFrame, marks: np.ndarray, number: int, name: str) -> None:
    """The group's name in its colour, and below it how many were at risk at each mark; distances are in points."""
    colour, dash = COLOURS[number % len(COLOURS)], DASHES[number % len(DASHES)]
    drop = -(FIRST + 2 * LINE * number)
    below = _lowered(ax, ax.transAxes, drop)
    ax.plot([0, 0.07], [0, 0], color=colour, ls=dash, lw=1.8, transform=below, clip_on=False)
    ax.text(
        0.085,
        0,
        plain(f"{name}, at risk:"),
        transform=below,
        va="center",
        fontsize=SMALL,
        color=colour,
        fontweight="bold",
    )
    times = part["time"].to_numpy(dtype=float) / MONTHS
    at_risk = part["at_risk"].to_numpy(dtype=float)
    for mark in marks:
        later = np.flatnonzero(times >= mark - 1e-9)
        size = at_risk[later[0]] if len(later) else 0
        ax.text(
            mark, 0, shown.count(size), transform=_lowered(ax, ax.get_xaxis_transform(), drop - LINE), ha="center",
            va="center", fontsize=SMALL, color=INK,
        )  # fmt: skip


def _lowered(ax: Axes, transform: Transform, points: float) -> Transform:
    return offset_copy(transform, figure_of(ax), 0, points, units="points")
