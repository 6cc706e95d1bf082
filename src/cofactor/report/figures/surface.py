"""The surface of two numbers: a picture of the ratio, one of how well it is known, and their words."""

from __future__ import annotations

from collections.abc import Sequence

import matplotlib as mpl
import numpy as np
import numpy.typing as npt
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.colors import BoundaryNorm, ListedColormap
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from scipy.ndimage import convolve

from cofactor.errors import StudyError
from cofactor.models import Surface
from cofactor.report.figures.style import GREY, INK, SMALL, TEXT, figure_of, new_axes
from cofactor.report.labels import catalogue_labels

Floats = npt.NDArray[np.float64]

LEVELS = (0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0, 1.1, 1.25, 1.5, 1.75, 2.0, 2.5, 3.0, 4.0, 5.0)
"""Ratios at which lines are drawn: those within the surface, 1 always among them."""

FACTORS = (1.05, 1.1, 1.15, 1.2, 1.3, 1.4, 1.5, 1.75, 2.0, 2.5, 3.0, 5.0)
FEW = 10
"""People within one step of the grid, below which a part of the surface is the model's and not the data's."""

FEWEST, MOST = 3, 9
EMPTY, EXCLUDED = "////", "..."
HEIGHT = 4.6


def plot_surface(
    surface: Surface | pd.DataFrame,
    ax: Axes | None = None,
    *,
    xlabel: str = "",
    ylabel: str = "",
    reference: Sequence[float] | None = None,
    what: str = "hazard ratio",
) -> Axes:
    """Draw ratios over two numbers as contours; dots where the interval excludes 1, strokes where few people are near.

    Parameters
    ----------
    surface : Surface or DataFrame
        What `cofactor.models.surface` returns; or its table: the number across, the number upwards, estimate, low,
        high, people; a full grid.
    ax : Axes, optional
        Where to draw; new axes otherwise.
    xlabel, ylabel : str
        Names and units of the two; by the surface's variables if not given.
    reference : two numbers
        Where the ratio is 1 by definition; marked with a cross. A Surface knows its own.
    what : str
        What the ratio is of.

    Returns
    -------
    Axes

    Raises
    ------
    StudyError
        A surface of differences, or a table without the reference.
    """
    table, (xlabel, ylabel), reference = surface_parts(surface, (xlabel, ylabel), reference)
    ax = ax if ax is not None else new_axes(HEIGHT)
    x, y, ratio = _grid(table, "estimate")
    levels = _levels_within(ratio, LEVELS)
    colours = mpl.colormaps["PuOr_r"](_places(levels))
    ax.contourf(x, y, ratio, levels=levels, cmap=ListedColormap(colours), norm=BoundaryNorm(levels, len(colours)))
    lines = ax.contour(x, y, ratio, levels=levels[1:-1], colors=INK, linewidths=[1.8 if v == 1.0 else 0.6 for v in
                       levels[1:-1]], linestyles="solid")  # fmt: skip
    ax.clabel(lines, fmt=lambda value: f"{value:g}", fontsize=SMALL)
    _hatch(ax, x, y, _excluded(table), EXCLUDED)
    _finish(ax, x, y, table, (xlabel, ylabel), reference)
    _words(ax, [f"lines: {what}; thick where it is 1", "dots: the 95% interval excludes 1"])
    return ax


def surface_parts(
    surface: Surface | pd.DataFrame, names: tuple[str, str], reference: Sequence[float] | None
) -> tuple[pd.DataFrame, tuple[str, str], Sequence[float]]:
    """Return the table of a surface, the names of its axes and its reference, those given before its own."""
    if isinstance(surface, pd.DataFrame):
        if reference is None:
            raise StudyError("a table of a surface does not say where its ratio is 1; give reference=(first, second)")
        return surface, names, reference
    if not surface.estimate.log_scale:
        raise StudyError("the surface holds differences, and its picture shows ratios; read its .table()")
    labels = catalogue_labels()
    own = [given or labels.with_unit(name) for given, name in zip(names, surface.variables, strict=True)]
    return surface.table(), (own[0], own[1]), surface.reference if reference is None else reference


def plot_surface_uncertainty(
    surface: Surface | pd.DataFrame,
    ax: Axes | None = None,
    *,
    xlabel: str = "",
    ylabel: str = "",
    reference: Sequence[float] | None = None,
    what: str = "hazard ratio",
) -> Axes:
    """Draw how well a surface is known: the factor by which the limits lie above and below the ratio.

    Parameters
    ----------
    surface, ax, xlabel, ylabel, reference, what
        As `plot_surface` takes them.

    Returns
    -------
    Axes
    """
    table, (xlabel, ylabel), reference = surface_parts(surface, (xlabel, ylabel), reference)
    ax = ax if ax is not None else new_axes(HEIGHT)
    x, y, factor = _factor(table)
    levels = _levels_within(factor, (1.0, *FACTORS))
    colours = mpl.colormaps["Greys"](np.linspace(0.05, 0.6, len(levels) - 1))
    ax.contourf(x, y, factor, levels=levels, cmap=ListedColormap(colours), norm=BoundaryNorm(levels, len(colours)))
    lines = ax.contour(x, y, factor, levels=levels[1:-1], colors=INK, linewidths=0.6)
    ax.clabel(lines, fmt=lambda value: f"{value:g}", fontsize=SMALL)
    _finish(ax, x, y, table, (xlabel, ylabel), reference)
    _words(ax, [f"lines: 95% limits are the {what} × and ÷ this"])
    return ax


def surface_alt(table: pd.DataFrame, *, names: Sequence[str], reference: Sequence[float], what: str) -> str:
    """Return what the two pictures show, in words, for those who do not see them.

    Parameters
    ----------
    table : DataFrame
        As `plot_surface` takes it.
    names : two names, as a sentence has them
    reference : two numbers
    what : str
        What the ratio is of, e.g. "hazard ratio".
    """
    first, second = table.columns[:2]
    ratio = table["estimate"].to_numpy()
    lowest, highest = table.iloc[int(np.argmin(ratio))], table.iloc[int(np.argmax(ratio))]
    excluded = 100.0 * float(_excluded(table).mean())
    return (
        f"Contours of the {what} over {names[0]} and {names[1]}, against {reference[0]:g} and {reference[1]:g}. It is "
        f"lowest, {lowest['estimate']:.2f} ({lowest['low']:.2f} to {lowest['high']:.2f}), at {lowest[first]:.3g} and "
        f"{lowest[second]:.3g}, and highest, {highest['estimate']:.2f} ({highest['low']:.2f} to "
        f"{highest['high']:.2f}), at {highest[first]:.3g} and {highest[second]:.3g}. The 95% interval excludes 1 at "
        f"{excluded:.0f}% of the points of the grid."
    )


def _grid(table: pd.DataFrame, column: str) -> tuple[Floats, Floats, Floats]:
    """Return the values across (s,), upwards (t,), and of a column (t, s)."""
    first, second = table.columns[:2]
    wide = table.pivot_table(index=second, columns=first, values=column, aggfunc="first", dropna=False)
    return wide.columns.to_numpy(dtype=float), wide.index.to_numpy(dtype=float), wide.to_numpy(dtype=float)


def _excluded(table: pd.DataFrame) -> npt.NDArray[np.bool_]:
    """Return at which points the interval excludes 1, in the order of the table."""
    return np.asarray((table["low"] > 1.0) | (table["high"] < 1.0))


def _factor(table: pd.DataFrame) -> tuple[Floats, Floats, Floats]:
    x, y, ratio = _grid(table, "estimate")
    return x, y, _grid(table, "high")[2] / ratio


def _levels_within(values: Floats, levels: Sequence[float]) -> list[float]:
    """Return the levels between the extremes, the next outside at each end, and no more than can be read."""
    low, high = float(np.min(values)), float(np.max(values))
    inside = [level for level in levels if low < level < high]
    if len(inside) > MOST:
        step = -(-len(inside) // MOST)
        inside = [level for i, level in enumerate(inside) if level == 1.0 or i % step == 0]
    if len(inside) < FEWEST:
        inside = sorted({*inside, *(float(f"{v:.3g}") for v in np.geomspace(low, high, FEWEST + 2)[1:-1])})
    below, above = min(low, inside[0]) * 0.999, max(high, inside[-1]) * 1.001
    return [below, *inside, above]


def _places(levels: Sequence[float]) -> Floats:
    """Return where between 0 and 1 the colour of each band lies: 0.5 at a ratio of 1, alike on both sides."""
    middle = (np.log(levels[1:]) + np.log(levels[:-1])) / 2.0
    reach = max(float(np.abs(middle).max()), 0.05)
    return np.asarray(0.5 + 0.42 * middle / reach)


def _hatch(ax: Axes, x: Floats, y: Floats, marked: npt.NDArray[np.bool_], strokes: str) -> None:
    """Mark the points of the grid (in the order of the table, or (t, s)) with a pattern."""
    field = marked.reshape(len(x), len(y)).T if marked.ndim == 1 else marked
    if not field.any():
        return
    with mpl.rc_context({"hatch.linewidth": 0.5, "hatch.color": GREY}):
        ax.contourf(x, y, field.astype(float), levels=[0.5, 1.5], colors="none", hatches=[strokes])


def _finish(
    ax: Axes, x: Floats, y: Floats, table: pd.DataFrame, names: tuple[str, str], reference: Sequence[float]
) -> None:
    """Mark where few people are near (within a step of the grid) and the reference, and name the axes."""
    near = convolve(_grid(table, "people")[2], np.ones((3, 3)), mode="constant")
    _hatch(ax, x, y, near < FEW, EMPTY)
    ax.plot([reference[0]], [reference[1]], marker="x", color=INK, ms=7, mew=1.8, ls="none", clip_on=False)
    ax.set_xlim(x[0], x[-1])
    ax.set_ylim(y[0], y[-1])
    ax.set_xlabel(names[0], fontsize=TEXT, color=INK)
    ax.set_ylabel(names[1], fontsize=TEXT, color=INK)


def _words(ax: Axes, said: Sequence[str]) -> None:
    """Write what lines and patterns mean below the picture."""
    lines = [Line2D([], [], color=INK, lw=1.0, label=said[0])]
    patches = [Patch(facecolor="white", edgecolor=GREY, hatch=EXCLUDED, lw=0.3, label=text) for text in said[1:]]
    patches.append(
        Patch(facecolor="white", edgecolor=GREY, hatch=EMPTY, lw=0.3, label=f"strokes: fewer than {FEW} people near")
    )
    cross = Line2D([], [], color=INK, marker="x", ls="none", label="cross: reference, ratio 1")
    with mpl.rc_context({"hatch.linewidth": 0.5}):
        figure_of(ax).legend(
            handles=[*lines, *patches, cross], loc="outside lower center", ncols=1, frameon=False, fontsize=SMALL,
            labelspacing=0.3,
        )  # fmt: skip
