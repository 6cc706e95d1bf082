"""Pictures of a distribution: a weighted histogram of a number, or the shares of levels, by group."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from cofactor.report.figures.style import COLOURS, DASHES, INK, SMALL, TEXT, new_axes, plain
from cofactor.survey import SurveyDesign
from cofactor.survey.quantiles import weighted_quantile_values

BINS = 40
SHOWN = (0.005, 0.995)
"""Weighted quantiles between which a histogram is drawn: a few extreme values would squeeze the rest."""


def weighted_histogram(
    design: SurveyDesign, name: str, by: str | None = None, levels: Sequence[Any] = (), bins: int = BINS
) -> pd.DataFrame:
    """Return the weighted share of each interval of a number, within each group of the domain.

    Parameters
    ----------
    design : SurveyDesign
    name : str
        A number.
    by : str, optional
        A flag or category, of which `levels` are shown.
    levels : sequence
    bins : int
        Of equal width, between the weighted 0.5th and 99.5th percentile.

    Returns
    -------
    DataFrame
        group (the level; None without `by`), low, high (in the unit of the number), share (of all people of the group).

    Examples
    --------
    >>> data = pd.DataFrame({"analysis_weight": [1.0, 1, 2], "strata": 1, "psu": [1, 2, 3], "x": [0.0, 1, 2]})
    >>> weighted_histogram(SurveyDesign(data), "x", bins=2)["share"].tolist()
    [0.25, 0.75]
    """
    values = design.data[name].to_numpy(dtype=np.float64, na_value=np.nan)
    known = design.in_domain & np.isfinite(values)
    low, high = weighted_quantile_values(values[known], design.weights[known], np.asarray(SHOWN))
    edges = np.linspace(low, high if high > low else low + 1.0, bins + 1)
    parts = []
    for level in [None] if by is None else levels:
        rows = known if by is None else known & np.asarray((design.data[by] == level).fillna(False), dtype=bool)
        total = design.weights[rows].sum()
        share = np.histogram(values[rows], edges, weights=design.weights[rows])[0] / (total if total > 0 else np.nan)
        parts.append(pd.DataFrame({"group": level, "low": edges[:-1], "high": edges[1:], "share": share}))
    return pd.concat(parts, ignore_index=True)


def plot_histogram(table: pd.DataFrame, medians: Mapping[str, float], ax: Axes | None = None, *, xlabel: str) -> Axes:
    """Draw a weighted histogram for each group, and its median as a vertical line.

    Parameters
    ----------
    table : DataFrame
        As `weighted_histogram` returns it, the groups in words, or "" for one group.
    medians : mapping of group to median
    ax : Axes, optional
    xlabel : str
        Name and unit of the number.
    """
    ax = ax if ax is not None else new_axes(2.6)
    for number, (group, median) in enumerate(medians.items()):
        colour, dash = COLOURS[number % len(COLOURS)], DASHES[number % len(DASHES)]
        part = table[table["group"] == group]
        edges = np.append(part["low"].to_numpy(), part["high"].to_numpy()[-1:])
        ax.stairs(100 * part["share"], edges, color=colour, fill=True, alpha=0.13)
        ax.stairs(100 * part["share"], edges, color=colour, lw=1.4, ls=dash)
        words = f"{group}; median {median:.4g}" if group else f"median {median:.4g}"
        ax.axvline(median, color=colour, lw=1.6, ls=dash, label=_wrapped(words))
    ax.set_ylim(bottom=0)
    ax.set_xlabel(plain(xlabel), fontsize=TEXT, color=INK)
    ax.set_ylabel("% of people", fontsize=TEXT, color=INK)
    ax.legend(loc="lower left", bbox_to_anchor=(0, 1.0), frameon=False, fontsize=SMALL, borderaxespad=0)
    return ax


def plot_shares(table: pd.DataFrame, ax: Axes | None = None) -> Axes:
    """Draw the shares of levels as bars with their intervals, side by side for each group.

    Parameters
    ----------
    table : DataFrame
        Columns level, group (words, or "" for one group), estimate, low, high as shares.
    ax : Axes, optional
    """
    levels, groups = list(dict.fromkeys(table["level"])), list(dict.fromkeys(table["group"]))
    ax = ax if ax is not None else new_axes(0.9 + 0.26 * len(levels) * len(groups) + 0.2 * len(groups))
    height = 0.8 / len(groups)
    for number, group in enumerate(groups):
        rows = table[table["group"] == group].set_index("level").reindex(levels)
        places = np.arange(len(levels)) + height * (number - (len(groups) - 1) / 2)
        shares = 100 * rows[["estimate", "low", "high"]]
        ax.barh(places, shares["estimate"], height * 0.9, color=COLOURS[number % len(COLOURS)], label=_wrapped(group))
        ax.hlines(places, shares["low"], shares["high"], color=INK, lw=1.2)
    ax.set_yticks(np.arange(len(levels)), [plain(level) for level in levels])
    ax.invert_yaxis()
    ax.set_xlim(left=0)
    ax.set_xlabel("% of people", fontsize=TEXT, color=INK)
    if groups != [""]:
        ax.legend(loc="lower left", bbox_to_anchor=(0, 1.0), frameon=False, fontsize=SMALL, borderaxespad=0)
    return ax


def _wrapped(words: str) -> str:
    """Return the words of a legend on lines that a picture of the usual width holds."""
    return plain("\n".join(textwrap.wrap(words, 52)))
