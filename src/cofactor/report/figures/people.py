"""Who is in the data: distributions by group, people of strata and PSUs, and the flow into a cohort."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator

from cofactor.errors import StudyError, UnknownVariableError
from cofactor.report import format as shown
from cofactor.report.figures.style import COLOURS, DASHES, GREY, INK, PALE, SMALL, TEXT, new_axes, plain
from cofactor.report.labels import catalogue_labels

if TYPE_CHECKING:
    from cofactor.survey import SurveyDesign

Floats = npt.NDArray[np.float64]
BINS = 30
BAR = 0.30
"""Inches of a bar of the flow; its words take a line or two above it."""


def plot_distribution(
    design: SurveyDesign, variable: str, ax: Axes | None = None, *, by: str | None = None, bins: int = BINS
) -> Axes:
    """Draw the weighted distribution of a number in the domain, one line for each group.

    Parameters
    ----------
    design : SurveyDesign
    variable : str
        A number.
    ax : Axes, optional
        Where to draw; new axes otherwise.
    by : str, optional
        A category or flag. Each group's shares add up to 100%.
    bins : int
        At most, of equal and round width.

    Returns
    -------
    Axes

    Raises
    ------
    UnknownVariableError
        A name that the data do not have.
    StudyError
        Nobody in the domain has a known value.
    """
    ax = ax if ax is not None else new_axes(3.0)
    parts, edges = weighted_shares(design, variable, by=by, bins=bins)
    labels = catalogue_labels()
    for number, (level, share) in enumerate(parts.items()):
        colour, dash = COLOURS[number % len(COLOURS)], DASHES[number % len(DASHES)]
        name = plain("\n".join(textwrap.wrap(labels.yes_no(by or "", level), 52)))
        ax.stairs(100 * share, edges, baseline=None, color=colour, ls=dash, lw=1.8, zorder=3, label=name)
        if by is None:
            ax.stairs(100 * share, edges, color=colour, alpha=0.12, fill=True, lw=0, zorder=2)
    ax.set_xlim(edges[0], edges[-1])
    ax.set_ylim(bottom=0.0)
    ax.set_xlabel(plain(labels.with_unit(variable)), fontsize=TEXT, color=INK)
    unit = labels.units.get(variable, "")
    ax.set_ylabel(plain(f"% of people in each {edges[1] - edges[0]:.3g} {unit}".rstrip()), fontsize=TEXT, color=INK)
    if by is not None:
        ax.legend(loc="lower left", bbox_to_anchor=(0, 1.0), frameon=False, fontsize=SMALL, borderaxespad=0)
    return ax


def weighted_shares(
    design: SurveyDesign, variable: str, *, by: str | None = None, bins: int = BINS
) -> tuple[dict[str, Floats], Floats]:
    """Return the weighted share of each group in each of b bins, (b,), and their edges, (b + 1,)."""
    for name in filter(None, (variable, by)):
        if name not in design.data.columns:
            raise UnknownVariableError.suggest(name, map(str, design.data.columns), "the design's data")
    value = design.data[variable].astype(float).to_numpy(dtype=np.float64, na_value=np.nan)
    inside = design.in_domain & np.isfinite(value)
    if not inside.any():
        raise StudyError(f"nobody in the domain has a known {variable}, so there is no distribution to draw")
    edges = MaxNLocator(bins, steps=[1, 2, 2.5, 5, 10]).tick_values(value[inside].min(), value[inside].max())
    group = pd.Series("everyone", index=design.data.index) if by is None else design.data[by]
    levels = list(group.cat.categories) if isinstance(group.dtype, pd.CategoricalDtype) else sorted(set(group.dropna()))
    made = {}
    for level in levels:
        rows = inside & (group == level).fillna(False).to_numpy(dtype=bool)
        if rows.any():
            counts = np.histogram(value[rows], bins=edges, weights=design.weights[rows])[0]
            made[str(level)] = np.asarray(counts / counts.sum(), dtype=np.float64)
    return made, np.asarray(edges, dtype=np.float64)


def distribution_alt(design: SurveyDesign, variable: str, *, by: str | None = None) -> str:
    """Say in words where most of a distribution lies, for each group."""
    parts, edges = weighted_shares(design, variable, by=by)
    said = []
    for level, share in parts.items():
        total = np.cumsum(share)
        low, high = (edges[1 + int(np.searchsorted(total, prob))] for prob in (0.1, 0.9))
        said.append(f"{level}: 8 of 10 people between about {low:.3g} and {high:.3g}")
    return f"Weighted distribution of {catalogue_labels().with_unit(variable)}. {'; '.join(said)}."


def plot_design(design: SurveyDesign, ax: Axes | None = None) -> Axes:
    """Draw how many people of the domain each PSU holds, the PSUs of a stratum joined by a line.

    Parameters
    ----------
    design : SurveyDesign
    ax : Axes, optional
        Where to draw; new axes otherwise.

    Returns
    -------
    Axes
        Strata across, in the order of their size. Strata with one PSU, and PSUs without anybody of the domain, have a
        mark of their own.
    """
    ax = ax if ax is not None else new_axes(3.1)
    people = design_people(design)
    order = people.groupby("stratum")["people"].mean().sort_values(kind="stable").index
    place = people["stratum"].map({stratum: i for i, stratum in enumerate(order)}).to_numpy()
    ends = people.assign(place=place).groupby("place")["people"].agg(["min", "max"])
    ax.vlines(ends.index, ends["min"], ends["max"], color=GREY, lw=1.0, zorder=2)
    ax.plot(place, people["people"], marker="o", ms=3.5, ls="", color=COLOURS[0], zorder=3, label="a PSU")
    _mark_psus(ax, place, people)
    ax.set_ylim(bottom=min(0.0, -0.02 * float(people["people"].max())))
    ax.set_xticks([])
    ax.set_xlabel(f"{design.n_strata:,} strata, by size", fontsize=TEXT, color=INK)
    ax.set_ylabel("people of the domain in a PSU", fontsize=TEXT, color=INK)
    ax.legend(loc="lower left", bbox_to_anchor=(0, 1.0), ncols=3, frameon=False, fontsize=SMALL, borderaxespad=0)
    return ax


def design_people(design: SurveyDesign) -> pd.DataFrame:
    """Return one row a PSU: stratum (0..H-1), people (of the domain), lonely (the only PSU of its stratum)."""
    people = np.bincount(design.psu_index[design.in_domain], minlength=design.n_psu)
    psus = np.bincount(design.stratum_of_psu)
    return pd.DataFrame(
        {"stratum": design.stratum_of_psu, "people": people, "lonely": psus[design.stratum_of_psu] == 1}
    )


def design_alt(design: SurveyDesign) -> str:
    """Say in words what `plot_design` shows."""
    people = design_people(design)
    return (
        f"People of the domain in each of {design.n_psu:,} PSUs of {design.n_strata:,} strata: "
        f"{int(people['people'].min()):,} to {int(people['people'].max()):,}, median {people['people'].median():,.0f}; "
        f"{int((people['people'] == 0).sum())} PSUs hold nobody, {int(people['lonely'].sum())} strata have one PSU."
    )


def plot_flow(flow: Any, ax: Axes | None = None) -> Axes:
    """Draw the people left after each step into a cohort, and how many left at it.

    Parameters
    ----------
    flow : StudyResult or DataFrame
        A result, or its ``flow``: one row a step with step, people, left_false and left_unknown.
    ax : Axes, optional
        Where to draw; new axes of a fitting height otherwise.
    """
    table = flow_table(flow)
    lines = [textwrap.wrap(str(step), 72) or [""] for step in table["step"]]
    heights = np.array([0.17 * len(text) + BAR for text in lines])
    ax = ax if ax is not None else new_axes(float(heights.sum()) + 0.25)
    tops = np.append(0.0, np.cumsum(heights)[:-1])
    most = float(table["people"].max())
    for text, top, height, row in zip(lines, tops, heights, table.to_dict("records"), strict=True):
        middle = top + height - BAR / 2 - 0.03
        ax.barh(middle, most, height=0.6 * BAR, color=PALE, lw=0, zorder=1)
        ax.barh(middle, row["people"], height=0.6 * BAR, color=COLOURS[0], lw=0, zorder=2)
        ax.text(0, top + 0.02, plain("\n".join(text)), va="top", fontsize=SMALL, color=INK, linespacing=1.05)
        inside = row["people"] > 0.5 * most
        ax.annotate(_flow_words(row), (row["people"], middle), xytext=(-4 if inside else 4, 0),
                    textcoords="offset points", ha="right" if inside else "left", va="center", fontsize=SMALL,
                    color="white" if inside else INK, fontweight="bold", zorder=3)  # fmt: skip
    ax.set_ylim(float(heights.sum()), 0)
    ax.set_xlim(0, most)
    ax.set_axis_off()
    return ax


def flow_table(flow: Any) -> pd.DataFrame:
    """Return the flow of a result, or the frame given."""
    table = flow if isinstance(flow, pd.DataFrame) else getattr(flow, "flow", None)
    if table is None or not {"step", "people", "left_false", "left_unknown"} <= set(table.columns):
        raise StudyError("a flow has the columns step, people, left_false and left_unknown; give a result's .flow")
    return table


def flow_alt(flow: Any) -> str:
    """Say in words what `plot_flow` shows."""
    return f"People left after each step. {'; '.join(map(_flow_line, flow_table(flow).to_dict('records')))}."


def _flow_line(row: dict[Any, Any]) -> str:
    return f"{row['step']}: {shown.count(row['people'])} people"


def _flow_words(row: dict[Any, Any]) -> str:
    left = int(row["left_false"]) + int(row["left_unknown"])
    unknown = f", {int(row['left_unknown']):,} of them unknown" if row["left_unknown"] else ""
    return f"{shown.count(row['people'])}" + (f" (−{left:,}{unknown})" if left else "")


def _mark_psus(ax: Axes, place: npt.NDArray[Any], people: pd.DataFrame) -> None:
    for rows, marker, words in (
        (people["lonely"].to_numpy(), "D", "alone in its stratum"),
        ((people["people"] == 0).to_numpy(), "x", "nobody of the domain"),
    ):
        if rows.any():
            ax.plot(place[rows], people["people"][rows], marker=marker, ms=5.5, ls="", color=COLOURS[1], zorder=4,
                    label=words)  # fmt: skip
