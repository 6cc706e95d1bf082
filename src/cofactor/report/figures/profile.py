"""How compatible each change point is with the data: the profile of its p, and where the interval ends."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd
from matplotlib.axes import Axes

from cofactor.models import ChangePoint
from cofactor.models.change_profile import Profile
from cofactor.report.figures.style import COLOURS, GREY, INK, SMALL, TEXT, new_axes, plain
from cofactor.report.labels import catalogue_labels

BELOW = 0.05


def plot_profile(
    profile: ChangePoint | Profile | pd.DataFrame,
    ax: Axes | None = None,
    *,
    xlabel: str | None = None,
    marks: Sequence[float] = (),
    names: Sequence[str] = (),
) -> Axes:
    """Draw p of each value searched for a change point; those above the line at 0.05 make the 95% interval.

    Parameters
    ----------
    profile : ChangePoint, Profile or DataFrame
        What `cofactor.models.change_point` returns, its profile, or that one's table: value, p.
    ax : Axes, optional
        Where to draw; new axes otherwise.
    xlabel : str, optional
        Name and unit of the number; by the change point's variable otherwise.
    marks : sequence of float
        Values of interest, as upright lines.
    names : sequence of str
        A name for each of the marks.

    Returns
    -------
    Axes
    """
    ax = ax if ax is not None else new_axes(2.8)
    table = profile_table(profile)
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
    ax.set_xlabel(plain(xlabel if xlabel is not None else _variable(profile)), fontsize=TEXT, color=INK)
    ax.set_ylabel("p of this change point", fontsize=TEXT, color=INK)
    return ax


def profile_table(profile: ChangePoint | Profile | pd.DataFrame) -> pd.DataFrame:
    """Return value and p of each change point that was looked at."""
    if isinstance(profile, pd.DataFrame):
        return profile
    return (profile.profile if isinstance(profile, ChangePoint) else profile).table()


def profile_alt(profile: ChangePoint | Profile | pd.DataFrame) -> str:
    """Say in words what `plot_profile` shows.

    >>> profile_alt(pd.DataFrame({"value": [10.0, 20, 30, 40], "p": [0.01, 0.4, 1.0, 0.02]}))
    'p of each change point from 10 to 40: largest at 30, 0.05 or more from 20 to 30.'
    """
    table = profile_table(profile)
    inside = table[table["p"] >= BELOW]
    best = float(table["value"].iloc[int(table["p"].to_numpy().argmax())])
    low, high, first, last = (
        f"{float(value):.3g}"
        for value in (inside["value"].min(), inside["value"].max(), table["value"].min(), table["value"].max())
    )
    return (
        f"p of each change point from {first} to {last}: largest at {best:.3g}, {BELOW} or more from {low} to {high}."
    )


def _variable(profile: ChangePoint | Profile | pd.DataFrame) -> str:
    return catalogue_labels().with_unit(profile.variable) if isinstance(profile, ChangePoint) else "change point"
