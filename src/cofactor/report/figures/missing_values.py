"""Missing values in pictures: what was imputed beside what is known, what it costs, and response weights."""

from __future__ import annotations

import textwrap

import numpy as np
import numpy.typing as npt
from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator

from cofactor.errors import UnknownVariableError
from cofactor.models import Imputations, Pooled, ResponseWeights
from cofactor.report.figures.style import COLOURS, GREY, INK, SMALL, TEXT, new_axes, plain
from cofactor.report.labels import catalogue_labels

Floats = npt.NDArray[np.float64]
BINS = 25
ROW = 0.26


def plot_imputations(imputations: Imputations, ax: Axes | None = None, *, variable: str | None = None) -> Axes:
    """Draw the values that were imputed for a variable beside those that are known, one thin line an imputation.

    Parameters
    ----------
    imputations : Imputations
    ax : Axes, optional
        Where to draw; new axes otherwise.
    variable : str, optional
        The first imputed one otherwise.

    Returns
    -------
    Axes
        Shares of people, unweighted: a number's in bins, a category's by level.

    Raises
    ------
    UnknownVariableError
        A variable that was not imputed.
    """
    name = _variable(imputations, variable)
    known, made, words = imputed_shares(imputations, name)
    ax = ax if ax is not None else new_axes(3.0)
    place = np.arange(len(known))
    if isinstance(words, list):
        ax.bar(place, 100 * known, width=0.7, color=COLOURS[0], alpha=0.35, label="known")
        ax.plot(place, 100 * made.T, marker="_", ms=16, mew=1.4, ls="", color=COLOURS[1], zorder=3)
        ax.set_xticks(place, [plain(word) for word in words])
    else:
        ax.stairs(100 * known, words, fill=True, color=COLOURS[0], alpha=0.35, lw=0, label="known")
        for share in made:
            ax.stairs(100 * share, words, color=COLOURS[1], lw=0.9, alpha=0.8, zorder=3)
        ax.set_xlim(words[0], words[-1])
    ax.plot([], [], color=COLOURS[1], lw=1.2, label=f"imputed, {imputations.m} times")
    ax.set_ylim(bottom=0.0)
    ax.set_xlabel(plain(catalogue_labels().with_unit(name)), fontsize=TEXT, color=INK)
    ax.set_ylabel("% of people", fontsize=TEXT, color=INK)
    ax.legend(loc="lower left", bbox_to_anchor=(0, 1.0), ncols=2, frameon=False, fontsize=SMALL, borderaxespad=0)
    return ax


def imputed_shares(imputations: Imputations, variable: str) -> tuple[Floats, Floats, list[str] | Floats]:
    """Return the shares of known values (b,), of imputed ones (m, b), and the levels or the edges of bins (b + 1,)."""
    found, design = imputations.imputed[variable], imputations.design
    column = design.data[variable][design.in_domain].dropna()
    if found.kind == "number":
        known = column.to_numpy(dtype=np.float64)
        together = np.append(known, found.values)
        edges = MaxNLocator(BINS, steps=[1, 2, 2.5, 5, 10]).tick_values(together.min(), together.max())
        return _in_bins(known, edges), np.stack([_in_bins(one, edges) for one in found.values]), np.asarray(edges)
    levels = list(found.levels) if found.kind == "category" else [False, True]
    known = np.array([float((column == level).mean()) for level in levels])
    made = np.stack([[float((one == i).mean()) for i in range(len(levels))] for one in found.values])
    return known, made, ["no", "yes"] if found.kind == "flag" else [str(level) for level in levels]


def imputations_alt(imputations: Imputations, *, variable: str | None = None) -> str:
    """Say in words what `plot_imputations` shows."""
    name = _variable(imputations, variable)
    known, made, words = imputed_shares(imputations, name)
    if isinstance(words, list):
        said = "; ".join(f"{word} {100 * k:.0f}% of known, {100 * i:.0f}% of imputed" for word, k, i in
                         zip(words, known, made.mean(axis=0), strict=True))  # fmt: skip
        return f"{name}, known and imputed {imputations.m} times: {said}."
    middle = (words[1:] + words[:-1]) / 2
    return (
        f"{name}, known and imputed {imputations.m} times: mean about {float(known @ middle):.3g} of known values and "
        f"{float(made.mean(axis=0) @ middle):.3g} of imputed ones."
    )


def plot_missing_information(pooled: Pooled, ax: Axes | None = None) -> Axes:
    """Draw which part of the information on each value the missing data took.

    Parameters
    ----------
    pooled : Pooled
    ax : Axes, optional
        Where to draw; new axes of a fitting height otherwise.
    """
    labels = catalogue_labels()
    share = 100.0 * np.asarray(pooled.missing_information)
    ax = ax if ax is not None else new_axes(ROW * len(share) + 0.85)
    place = np.arange(len(share))
    ax.hlines(place, 0, share, color=GREY, lw=1.0, zorder=2)
    ax.plot(share, place, marker="o", ms=5, ls="", color=COLOURS[0], zorder=3)
    ax.set_yticks(place, [plain(textwrap.fill(labels.term(term), 32)) for term in pooled.terms], fontsize=SMALL)
    ax.set_ylim(len(share) - 0.4, -0.6)
    ax.set_xlim(0, max(10.0, 1.1 * float(np.nanmax(share))))
    ax.set_xlabel("missing information, %", fontsize=TEXT, color=INK)
    return ax


def missing_information_alt(pooled: Pooled) -> str:
    """Say in words what `plot_missing_information` shows."""
    said = [f"{term} {100 * share:.0f}%" for term, share in zip(pooled.terms, pooled.missing_information, strict=True)]
    return f"Missing information on each value: {'; '.join(said)}."


def plot_response_weights(weights: ResponseWeights, ax: Axes | None = None) -> Axes:
    """Draw by what the weights in each cell grow, against the share of its people who were measured.

    Parameters
    ----------
    weights : ResponseWeights
    ax : Axes, optional
        Where to draw; new axes otherwise.
    """
    ax = ax if ax is not None else new_axes(3.0)
    cells = weights.cells
    size = 12.0 + 160.0 * cells["people"] / cells["people"].max()
    ax.scatter(100 * cells["share_known"], cells["factor"], s=size, color=COLOURS[0], alpha=0.5, lw=0, zorder=3)
    ax.axhline(1, color=GREY, lw=0.9, zorder=1)
    ax.set_xlabel("measured in the cell, % (weighted)", fontsize=TEXT, color=INK)
    ax.set_ylabel("factor of the weight", fontsize=TEXT, color=INK)
    ax.set_title("one mark a cell, by its number of people", fontsize=SMALL, color=INK, loc="left")
    return ax


def response_weights_alt(weights: ResponseWeights) -> str:
    """Say in words what `plot_response_weights` shows."""
    cells = weights.cells
    return (
        f"{len(cells)} cells: {100 * cells['share_known'].min():.0f}% to {100 * cells['share_known'].max():.0f}% "
        f"measured, weights multiplied by {cells['factor'].min():.2f} to {cells['factor'].max():.2f}."
    )


def _variable(imputations: Imputations, variable: str | None) -> str:
    name = next(iter(imputations.imputed)) if variable is None else variable
    if name not in imputations.imputed:
        raise UnknownVariableError.suggest(name, imputations.imputed, "the imputed variables")
    return name


def _in_bins(values: Floats, edges: npt.ArrayLike) -> Floats:
    counts = np.histogram(values, bins=np.asarray(edges))[0]
    return np.asarray(counts / max(counts.sum(), 1), dtype=np.float64)
