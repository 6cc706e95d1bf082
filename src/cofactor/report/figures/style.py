"""How every picture looks: colours that colour-blind readers can tell apart, and sizes that a telephone can show."""

from __future__ import annotations

import io
from collections.abc import Sequence

import matplotlib as mpl
import numpy as np
import seaborn as sns
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.ticker import FixedFormatter, FixedLocator, NullLocator

from cofactor.progress import notebook_shell

WIDTH = 4.6
"""Inches. A picture this wide on a screen of 390 pixels shows 9-point text at about 10 pixels."""

DPI = 200
COLOURS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#56B4E9", "#E69F00")
"""Okabe and Ito's colours, told apart by colour-blind readers (Wong 2011, doi:10.1038/nmeth.1618)."""

DASHES: tuple[str | tuple[float, tuple[float, ...]], ...] = ("solid", (0, (5, 2)), (0, (1, 1.2)), (0, (6, 2, 1, 2)))
INK = "#1d2529"
GREY = "#5f6b73"
PALE = "#e4e9eb"
TEXT = 9.0
SMALL = 8.0

FARTHEST = np.log(1e4)
"""An estimate beyond is of a model that the data cannot determine, and leaves the picture."""

TICKS = (
    0.01,
    0.02,
    0.05,
    0.1,
    0.2,
    0.3,
    0.4,
    0.5,
    0.6,
    0.7,
    0.8,
    0.9,
    1,
    1.1,
    1.25,
    1.5,
    2,
    3,
    4,
    5,
    7,
    10,
    20,
    50,
    100,
)


def new_axes(height: float, width: float = WIDTH) -> Axes:
    """Return the axes of a new figure of this size in inches, which no global state knows of.

    A notebook shows it where ``axes.figure`` is the last line of a cell.
    """
    _let_notebook_show_figures()
    with mpl.rc_context(), sns.axes_style("ticks"):
        figure = Figure(figsize=(width, height), layout="constrained")
        FigureCanvasAgg(figure)
        axes = figure.add_subplot()
    axes.spines[["top", "right"]].set_visible(False)
    axes.tick_params(labelsize=TEXT, colors=INK, length=3)
    return axes


def _let_notebook_show_figures() -> None:
    """Tell the notebook how to show a figure, unless it knows: it learns that from ``%matplotlib inline`` alone."""
    shell = notebook_shell()
    if shell is not None:
        pictures = shell.display_formatter.formatters["image/png"]
        if Figure not in pictures.type_printers:
            pictures.for_type(Figure, _figure_png)


def _figure_png(figure: Figure) -> tuple[bytes, dict[str, str]]:
    """Return the picture, and in its metadata the words for those who do not see it, where it has them as its label."""
    buffer = io.BytesIO()
    figure.savefig(buffer, format="png", dpi=DPI // 2, facecolor="white")
    words = str(figure.get_label() or "")
    return buffer.getvalue(), {"alt": words} if words else {}


def figure_of(axes: Axes) -> Figure:
    """Return the figure that the axes are in, beneath any subfigure."""
    figure = axes.get_figure(root=True)
    assert figure is not None
    return figure


def png(axes: Axes, mark: str = "") -> bytes:
    """Return the picture as PNG bytes, with a mark across it where one is given."""
    figure = figure_of(axes)
    if mark:
        low = figure.get_figheight() < 2
        figure.text(
            0.5, 0.5, mark, ha="center", va="center", rotation=0 if low else 20,
            fontsize=12 if low else 24, fontweight="bold", color="#b3261e", alpha=0.3, zorder=10, in_layout=False,
        )  # fmt: skip
    buffer = io.BytesIO()
    figure.savefig(buffer, format="png", dpi=DPI, facecolor="white", metadata={"Software": None})
    return buffer.getvalue()


def ratio_limits(low: Sequence[float], high: Sequence[float], ratio: Sequence[float]) -> tuple[float, float]:
    """Return limits of a ratio axis: all estimates and most of the intervals, with 1 inside.

    Intervals that reach beyond three times the estimates' own range are cut there, and drawn with an arrow.

    >>> ratio_limits([0.0], [float("inf")], [1e-300])[0] > 0
    True
    """
    logs = np.log(_positive(ratio)).clip(-FARTHEST, FARTHEST)
    span = max(1.2, 3 * float(np.ptp(np.append(logs, 0.0))))
    centre = float(np.mean([logs.min(initial=0.0), logs.max(initial=0.0)]))
    lows = np.log(_positive(low)).min(initial=0.0)
    highs = np.log(_positive(high)).max(initial=0.0)
    left = min(max(lows, centre - span), float(logs.min(initial=0.0)), 0.0)
    right = max(min(highs, centre + span), float(logs.max(initial=0.0)), 0.0)
    pad = 0.05 * max(right - left, 0.1)
    return float(np.exp(left - pad)), float(np.exp(right + pad))


def _positive(values: Sequence[float]) -> np.ndarray:
    array: np.ndarray = np.asarray(values, dtype=float)
    return np.extract(np.isfinite(array) & (array > 0), array)


def plain_limits(values: np.ndarray, *, holds_zero: bool = False) -> tuple[float, float]:
    """Return limits of a linear axis that holds all known values, and 0 where that is asked.

    >>> plain_limits(np.array([1.0, 2.0, np.nan]), holds_zero=True)
    (-0.1, 2.1)
    """
    known: np.ndarray = np.append(values[np.isfinite(values)], [0.0] if holds_zero else [])
    low, high = (float(known.min()), float(known.max())) if known.size else (0.0, 1.0)
    pad = 0.05 * (high - low) or 0.05 * max(abs(high), 1.0)
    return low - pad, high + pad


def ratio_ticks(limits: tuple[float, float], most: int = 7) -> list[float]:
    """Return round numbers to mark on a logarithmic ratio axis, 1 always among them, not nearer than can be read.

    >>> ratio_ticks((0.45, 2.2))
    [0.5, 0.7, 1, 1.5, 2]
    """
    gap = np.log(limits[1] / limits[0]) / most
    inside = [tick for tick in TICKS if limits[0] <= tick <= limits[1]]
    chosen: list[float] = [1]
    for tick in sorted(inside, key=lambda tick: abs(np.log(tick))):
        if all(abs(np.log(tick / other)) >= gap for other in chosen):
            chosen.append(tick)
    return sorted(chosen)


def set_ratio_axis(axes: Axes, limits: tuple[float, float], which: str) -> None:
    """Make an axis ("x" or "y") logarithmic between the limits with plain numbers on it."""
    ticks = ratio_ticks(limits, most=7 if which == "x" else 10)
    axis = axes.xaxis if which == "x" else axes.yaxis
    if which == "x":
        axes.set_xscale("log")
        axes.set_xlim(*limits)
    else:
        axes.set_yscale("log")
        axes.set_ylim(*limits)
    axis.set_major_locator(FixedLocator(ticks))
    axis.set_major_formatter(FixedFormatter([f"{tick:g}" for tick in ticks]))
    axis.set_minor_locator(NullLocator())


def plain(text: str) -> str:
    """Return text in which matplotlib reads no dollar sign as mathematics.

    >>> plain("$x$")
    '\\\\$x\\\\$'
    """
    return text.replace("$", r"\$")
