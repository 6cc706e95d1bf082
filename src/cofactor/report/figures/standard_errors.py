"""What a standard error would be if the design were overlooked, beside what it is."""

from __future__ import annotations

import numpy as np
from matplotlib.axes import Axes

from cofactor.models import Covariances
from cofactor.report.figures.style import (
    COLOURS,
    GREY,
    INK,
    SMALL,
    TEXT,
    new_axes,
    plain,
    ratio_limits,
    set_ratio_axis,
)
from cofactor.report.labels import catalogue_labels

WORDS = {
    "counted": "weights taken as counts of people",
    "scaled": "weights scaled to mean 1",
    "robust": "robust, rows independent",
}
MARKERS = ("x", "s", "^")
ROW = 0.42


def plot_standard_errors(covariances: Covariances, ax: Axes | None = None) -> Axes:
    """Draw the standard errors that overlook the design as shares of the design-based one.

    Parameters
    ----------
    covariances : Covariances
        As ``covariances(fit)`` of `cofactor.models` returns them.
    ax : Axes, optional
        Where to draw; new axes of a fitting height otherwise.

    Returns
    -------
    Axes
        One row a coefficient. Left of 1 an error is too small: its interval is too narrow, and its p too.
    """
    table, labels = covariances.table(), catalogue_labels()
    ax = ax if ax is not None else new_axes(ROW * len(table) + 1.2)
    place = np.arange(len(table), dtype=float)
    shares = table[list(WORDS)].div(table["design"], axis=0)
    for number, (name, words) in enumerate(WORDS.items()):
        ax.plot(shares[name], place + 0.12, marker=MARKERS[number], ms=5.5, ls="", color=COLOURS[number], zorder=3,
                label=words)  # fmt: skip
    known = shares.to_numpy(dtype=float).ravel().tolist()
    set_ratio_axis(ax, ratio_limits(known, known, known), "x")
    ax.axvline(1, color=GREY, lw=0.9, zorder=1)
    for row, term in zip(place, table["term"], strict=True):
        ax.text(0.0, row - 0.28, plain(labels.term(term)), transform=ax.get_yaxis_transform(), va="center",
                fontsize=SMALL, color=INK)  # fmt: skip
    ax.set_ylim(len(table) - 0.5, -0.6)
    ax.set_yticks([])
    ax.spines["left"].set_visible(False)
    ax.set_xlabel("standard error / that of the design (log axis)", fontsize=TEXT, color=INK)
    ax.legend(loc="lower left", bbox_to_anchor=(0, 1.0), frameon=False, fontsize=SMALL, borderaxespad=0)
    return ax


def standard_errors_alt(covariances: Covariances) -> str:
    """Say in words what `plot_standard_errors` shows."""
    table = covariances.table()
    said = [
        f"{row['term']}: " + ", ".join(f"{words} {row[name] / row['design']:.2f}" for name, words in WORDS.items())
        for row in table.to_dict("records")
    ]
    return f"Standard errors as shares of the design-based one. {'; '.join(said)}."
