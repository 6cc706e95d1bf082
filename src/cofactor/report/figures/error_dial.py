"""What an estimate would be at each reliability of the intake behind it."""

from __future__ import annotations

import textwrap

import numpy as np
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
    set_ratio_axis,
)

Interval = tuple[float, float, float]
LETTERS = 36
NARROW = 1.35
"""Highest over lowest ratio below which the axis is plain."""


def plot_error_dial(
    table: pd.DataFrame,
    ax: Axes | None = None,
    *,
    ylabel: str,
    measured: Interval | None = None,
    corrected: Interval | None = None,
) -> Axes:
    """Draw a ratio and its interval against the assumed reliability, with the measured one marked.

    Parameters
    ----------
    table : DataFrame
        As ``error_dial(...).table()``: reliability, estimate, low, high, as logarithms of the ratio.
    ax : Axes, optional
        Where to draw; new axes otherwise.
    ylabel : str
        What the ratio is, with its unit.
    measured : (estimate, low, high), optional
        The measured reliability: an upright line in its interval.
    corrected : (estimate, low, high), optional
        Logarithm of the ratio that the measured errors of all intakes together give, drawn at the measured reliability.

    Returns
    -------
    Axes
    """
    ax = ax if ax is not None else new_axes(3.2)
    rows = table.sort_values("reliability")
    ratio, low, high = (np.exp(rows[name].to_numpy(dtype=float)) for name in ("estimate", "low", "high"))
    ax.fill_between(rows["reliability"], low, high, color=COLOURS[0], alpha=0.16, lw=0, zorder=2)
    ax.plot(rows["reliability"], ratio, color=COLOURS[0], lw=2, zorder=3)
    ax.axhline(1.0, color=GREY, lw=0.9, zorder=1)
    ends = [low.min(), high.max()]
    if measured is not None:
        _mark_measured(ax, measured)
        if corrected is not None:
            _mark_corrected(ax, measured[0], corrected)
            ends += list(np.exp(corrected))
    _set_limits(ax, float(min(ends)), float(max(ends)))
    ax.set_xlim(float(rows["reliability"].min()), float(rows["reliability"].max()) + 0.005)
    ax.set_xlabel("assumed reliability of the intake (1: told without error)", fontsize=TEXT, color=INK)
    ax.set_ylabel(plain("\n".join(textwrap.wrap(ylabel, LETTERS))), fontsize=TEXT, color=INK)
    return ax


def _set_limits(ax: Axes, low: float, high: float) -> None:
    """Near 1 a logarithmic axis would have no other round number on it, and a plain one looks the same."""
    pad = (high / low) ** 0.05
    if high / low < NARROW:
        ax.set_ylim(low / pad, high * pad)
    else:
        set_ratio_axis(ax, (low / pad, high * pad), "y")


def _mark_measured(ax: Axes, measured: Interval) -> None:
    ax.axvspan(measured[1], measured[2], color=COLOURS[1], alpha=0.10, lw=0, zorder=0)
    ax.axvline(measured[0], color=COLOURS[1], lw=1.2, ls=(0, (5, 2)), zorder=2)
    ax.annotate(
        f"measured {measured[0]:.2f}", (measured[0], 1.0), xycoords=ax.get_xaxis_transform(), xytext=(3, -2),
        textcoords="offset points", va="top", fontsize=SMALL, color=COLOURS[1],
    )  # fmt: skip


def _mark_corrected(ax: Axes, at: float, corrected: Interval) -> None:
    ratio, low, high = np.exp(corrected)
    ax.plot([at, at], [low, high], color=COLOURS[1], lw=2.4, solid_capstyle="butt", zorder=4)
    ax.plot([at], [ratio], marker="D", ms=6, color=COLOURS[1], zorder=5)


def error_dial_alt(
    table: pd.DataFrame, *, name: str, measured: Interval | None = None, corrected: Interval | None = None
) -> str:
    """Say in words what `plot_error_dial` shows of a ratio with this name.

    >>> rows = pd.DataFrame(
    ...     {"reliability": [0.5, 1.0], "estimate": [0.2, 0.1], "low": [-0.2, -0.1], "high": [0.6, 0.3]}
    ... )
    >>> error_dial_alt(rows, name="hazard ratio")
    'hazard ratio at reliability 0.50: 1.22 (0.82 to 1.82); at 1.00: 1.11 (0.90 to 1.35).'
    """
    ends = table.sort_values("reliability").iloc[[0, -1]]
    logs = ends[["reliability", "estimate", "low", "high"]].to_numpy(dtype=float)
    said = [f"{row[0]:.2f}: {_ratio((row[1], row[2], row[3]))}" for row in logs]
    words = f"{name} at reliability " + "; at ".join(said) + "."
    if measured is not None:
        words += f" Measured reliability {shown.interval(*measured)}."
    if corrected is not None:
        words += f" Corrected for the measured errors of all intakes together: {_ratio(corrected)}."
    return words


def _ratio(logs: Interval) -> str:
    return shown.interval(*(float(value) for value in np.exp(logs)))
