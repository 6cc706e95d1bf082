"""The small chart of the first screen: the one number with its interval, and where the other analyses fell."""

from __future__ import annotations

from collections.abc import Sequence

from matplotlib.axes import Axes

from cofactor.report.figures.style import COLOURS, GREY, INK, PALE, SMALL, new_axes, set_ratio_axis


def plot_strip(
    ratio: float,
    low: float,
    high: float,
    others: Sequence[float] = (),
    ax: Axes | None = None,
    *,
    margin: float = 0.90,
    ends: tuple[str, str] = ("", ""),
) -> Axes:
    """Draw a ratio with its interval on a logarithmic strip around 1, the other analyses as small ticks below it.

    ratio, low, high : the primary ratio. others : ratios of the other analyses. margin : ratios between it and its
    inverse are shaded. ends : words at the left and right end, on what smaller and larger ratios would mean.
    """
    ax = ax if ax is not None else new_axes(1.2, width=4.0)
    limits = _limits([ratio, low, high, margin, 1 / margin, *others])
    ax.axvspan(margin, 1 / margin, color=PALE, lw=0, zorder=0)
    ax.axvline(1, color=GREY, lw=1, zorder=1)
    shown_low, shown_high = max(low, limits[0]), min(high, limits[1])
    ax.hlines(0.62, shown_low, shown_high, color=COLOURS[1], lw=3.5, zorder=3)
    ax.plot([ratio], [0.62], marker="D", ms=9, color=COLOURS[1], mec="white", mew=1, ls="", zorder=4)
    if len(others):
        ax.plot(list(others), [0.24] * len(others), marker="|", ms=9, mew=1.2, color=COLOURS[0], ls="", zorder=3)
    ax.text(0.0, 1.0, ends[0], transform=ax.transAxes, ha="left", va="top", fontsize=SMALL, color=GREY)
    ax.text(1.0, 1.0, ends[1], transform=ax.transAxes, ha="right", va="top", fontsize=SMALL, color=GREY)
    set_ratio_axis(ax, limits, "x")
    ax.set_ylim(0, 1)
    ax.set_yticks([])
    ax.spines["left"].set_visible(False)
    ax.tick_params(labelsize=SMALL, colors=INK)
    return ax


def _limits(values: Sequence[float]) -> tuple[float, float]:
    """Symmetric around 1 and never beyond a factor of four, so that harm and benefit get the same room."""
    widest = max(max(value, 1 / value) for value in values if value > 0)
    edge = min(max(widest * 1.06, 1.3), 4.0)
    return 1 / edge, edge
