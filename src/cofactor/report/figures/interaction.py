"""Interaction in pictures: the cells beside what no interaction would give, and the measures with their intervals."""

from __future__ import annotations

import textwrap
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from cofactor.errors import StudyError
from cofactor.models import InteractionTable
from cofactor.report.figures.forest import estimate_words, plot_forest
from cofactor.report.figures.interval_rows import Scale
from cofactor.report.figures.style import (
    COLOURS,
    GREY,
    INK,
    SMALL,
    TEXT,
    figure_of,
    new_axes,
    plain,
    ratio_limits,
    set_ratio_axis,
)
from cofactor.report.labels import Labels, catalogue_labels
from cofactor.survey import Estimate

MARKERS = ("o", "s", "^", "D")
LETTERS = 46
"""Of the levels of the exposure together, on one line below the axes."""

GAP = 0.16
"""Steps between the levels of the exposure that lie between two levels of the modifier, side by side."""


def plot_interaction(
    table: InteractionTable, ax: Axes | None = None, *, ylabel: str = "ratio to the reference cell (log axis)"
) -> Axes:
    """Draw the ratio of every cell against the reference, and where it would lie without interaction.

    Parameters
    ----------
    table : InteractionTable
        As `cofactor.models.interaction_table` returns it.
    ax : Axes, optional
        Where to draw; new axes otherwise.
    ylabel : str
        What the ratio is.

    Returns
    -------
    Axes
        Levels of the exposure across, a colour for each level of the modifier. In cells of two other levels a line
        shows the ratio if the excesses added up, and a cross if the ratios multiplied.
    """
    ax = ax if ax is not None else new_axes(3.9)
    labels, cells = catalogue_labels(), table.cells
    exposures, modifiers = (list(dict.fromkeys(cells[name])) for name in ("exposure", "modifier"))
    for number, modifier in enumerate(modifiers):
        _draw_modifier(
            ax, cells, (exposures, modifier, number), len(modifiers), _level(labels, table.modifier, modifier)
        )
    _draw_expected(ax, expected_cells(cells), exposures, modifiers)
    set_ratio_axis(ax, ratio_limits(list(cells["low"]), list(cells["high"]), list(cells["estimate"])), "y")
    ax.axhline(1, color=GREY, lw=0.9, zorder=1)
    wide = LETTERS // len(exposures)
    ax.set_xticks(range(len(exposures)), [plain(textwrap.fill(_answer(level), wide)) for level in exposures])
    ax.set_xlabel(plain(labels.variable(table.exposure)), fontsize=TEXT, color=INK)
    ax.set_xlim(-0.3 - 0.15 * len(exposures), len(exposures) - 0.5)  # the first cell has words on its left
    ax.set_ylabel(plain(ylabel), fontsize=TEXT, color=INK)
    figure_of(ax).legend(*ax.get_legend_handles_labels(), loc="outside lower center", ncols=1, frameon=False,
                         fontsize=SMALL, title=_measure_words(table), title_fontsize=SMALL)  # fmt: skip
    return ax


def expected_cells(cells: pd.DataFrame) -> pd.DataFrame:
    """Return what the cells of two other levels would be without interaction.

    Columns exposure, modifier, additive (the two excesses added, R10 + R01 - 1), multiplicative (R10 R01).

    >>> cells = pd.DataFrame({"exposure": [0, 1, 0, 1], "modifier": [0, 0, 1, 1], "estimate": [1.0, 2.0, 3.0, 9.0]})
    >>> expected_cells(cells).to_dict("records")
    [{'exposure': 1, 'modifier': 1, 'additive': 4.0, 'multiplicative': 6.0}]
    """
    ratio = {(row["exposure"], row["modifier"]): float(row["estimate"]) for row in cells.to_dict("records")}
    exposures, modifiers = (list(dict.fromkeys(cells[name])) for name in ("exposure", "modifier"))
    rows = []
    for x in exposures[1:]:
        for y in modifiers[1:]:
            alone = ratio[x, modifiers[0]], ratio[exposures[0], y]
            rows.append(
                {"exposure": x, "modifier": y, "additive": sum(alone) - 1, "multiplicative": alone[0] * alone[1]}
            )
    return pd.DataFrame(rows, columns=["exposure", "modifier", "additive", "multiplicative"])


def interaction_alt(table: InteractionTable) -> str:
    """Say in words what `plot_interaction` shows."""
    labels = catalogue_labels()
    said = [
        f"{_level(labels, table.exposure, row['exposure'])} and {_level(labels, table.modifier, row['modifier'])}: "
        f"{estimate_words(row['estimate'], row['low'], row['high'], 'ratio')}"
        for row in table.cells.to_dict("records")
    ]
    expected = [
        f"without interaction {row.additive:.2f} if excesses added and {row.multiplicative:.2f} if ratios multiplied"
        for row in expected_cells(table.cells).itertuples()
    ]
    return f"Ratios against the reference cell with 95% intervals. {'; '.join([*said, *expected])}."


def plot_measures(measures: Estimate | InteractionTable, ax: Axes | None = None) -> Axes:
    """Draw RERI and AP around 0, and below them S and the product of ratios around 1.

    Parameters
    ----------
    measures : Estimate or InteractionTable
        As `cofactor.models.reri` or `interaction_table` return it.
    ax : Axes, optional
        Where to draw; new axes of a fitting height otherwise. It is split into two.

    Raises
    ------
    StudyError
        Something that holds no measures of interaction.
    """
    rows = measure_rows(measures)
    parts: list[tuple[Scale, pd.DataFrame]] = [
        (scale, part) for scale in ("difference", "ratio") if len(part := _of_scale(rows, scale))
    ]
    ax = ax if ax is not None else new_axes(0.46 * len(rows) + 0.95 * len(parts))
    ax.set_axis_off()
    heights = np.array([len(part) + 1.6 for _, part in parts])
    tops = 1.0 - np.cumsum(heights) / heights.sum()
    for (scale, part), low, height in zip(parts, tops, heights / heights.sum(), strict=True):
        room = 1.1 / (len(part) + 1.6)
        inset = ax.inset_axes((0.0, float(low + height * room), 1.0, float(height * (1 - room))))
        inset.spines[["top", "right"]].set_visible(False)
        inset.tick_params(labelsize=TEXT, colors=INK, length=3)
        words = {"difference": "difference from additivity (0: none)", "ratio": "ratio (1: none; logarithmic axis)"}
        plot_forest(part, inset, xlabel=words[scale])
    return ax


def measure_rows(measures: Any) -> pd.DataFrame:
    """Return the measures of interaction as rows: label, measure, estimate, low, high."""
    table = measures.measures if isinstance(measures, InteractionTable) else getattr(measures, "table", pd.DataFrame)()
    if not {"exposure", "modifier", "term"} <= set(table.columns):
        raise StudyError("these are no measures of interaction; give what reri() or interaction_table() returns")
    several = len(set(zip(table["exposure"], table["modifier"], strict=True))) > 1
    pairs = [
        f" ({_answer(x)}, {_answer(y)})" if several else ""
        for x, y in zip(table["exposure"], table["modifier"], strict=True)
    ]
    names = [f"{term}{pair}" for term, pair in zip(table["term"], pairs, strict=True)]
    return table.assign(label=names, measure=table["term"])[["label", "measure", "estimate", "low", "high"]]


def measures_alt(measures: Estimate | InteractionTable) -> str:
    """Say in words what `plot_measures` shows."""
    said = [
        f"{row['label']} {estimate_words(row['estimate'], row['low'], row['high'], 'ratio')}"
        for row in measure_rows(measures).to_dict("records")
    ]
    return f"Measures of interaction with 95% intervals: {'; '.join(said)}. None: 0 for RERI and AP, 1 for the others."


def _of_scale(rows: pd.DataFrame, scale: Scale) -> pd.DataFrame:
    ratios = rows["measure"].isin(["S", "multiplicative"])
    part = rows[ratios if scale == "ratio" else ~ratios]
    return part[part["estimate"].notna()].rename(columns={"estimate": scale}).drop(columns="measure")


def _draw_modifier(ax: Axes, cells: pd.DataFrame, which: tuple[list[Any], Any, int], modifiers: int, name: str) -> None:
    exposures, modifier, number = which
    part = cells[cells["modifier"] == modifier]
    place = [exposures.index(level) + GAP * (number - (modifiers - 1) / 2) for level in part["exposure"]]
    colour, left = COLOURS[number % len(COLOURS)], number < (modifiers - 1) / 2
    ax.vlines(place, part["low"].fillna(1.0), part["high"].fillna(1.0), color=colour, lw=1.8, zorder=3)
    ax.plot(place, part["estimate"], marker=MARKERS[number % len(MARKERS)], ms=6.5, color=colour, ls="", zorder=4,
            label=plain(name))  # fmt: skip
    for x, row in zip(place, part.itertuples(), strict=True):
        ax.annotate(f"{row.events:,} events", (x, row.estimate), xytext=(-6 if left else 6, 2), va="bottom",
                    textcoords="offset points", ha="right" if left else "left", fontsize=SMALL - 1,
                    color=colour)  # fmt: skip


def _draw_expected(ax: Axes, expected: pd.DataFrame, exposures: list[Any], modifiers: list[Any]) -> None:
    place = np.array([exposures.index(row.exposure) + GAP * (modifiers.index(row.modifier) - (len(modifiers) - 1) / 2)
                      for row in expected.itertuples()])  # fmt: skip
    added = expected["additive"].where(expected["additive"] > 0)
    ax.hlines(added, place - 0.07, place + 0.07, color=INK, lw=1.6, zorder=5, label="if the excesses added up")
    ax.plot(place, expected["multiplicative"], marker="x", ms=6, mew=1.4, ls="", color=INK, zorder=5,
            label="if the ratios multiplied")  # fmt: skip


def _measure_words(table: InteractionTable) -> str:
    """Return RERI and the product, where one pair of levels is set against the reference."""
    rows = {row["term"]: row for row in table.measures.to_dict("records")}
    if len(table.measures) != len(rows):
        return ""
    said = [
        f"{name} {estimate_words(rows[name]['estimate'], rows[name]['low'], rows[name]['high'], 'ratio')}"
        for name in ("RERI", "multiplicative")
        if name in rows
    ]
    return "; ".join(said)


def _answer(level: Any) -> str:
    return {"True": "yes", "False": "no"}.get(str(level), str(level))


def _level(labels: Labels, name: str, level: Any) -> str:
    said = labels.yes_no(name, str(level))
    return said if said != str(level) else f"{labels.variable(name)}: {level}"
