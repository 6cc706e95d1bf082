"""What single parts of the data do: estimates without each group in turn, and over replicate weights."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from cofactor.errors import StudyError
from cofactor.models import Fit, leave_out
from cofactor.report import format as shown
from cofactor.report.figures.style import COLOURS, GREY, INK, SMALL, TEXT, new_axes, plain
from cofactor.report.labels import catalogue_labels
from cofactor.survey import Replicated, ReplicateWeights

NAMED = 3
"""Groups that move an estimate most, whose names are written beside their mark."""

NOTABLE = 0.5
"""Standard errors beyond which one group's weight in an estimate deserves a look."""


def plot_leave_out(result: pd.DataFrame | Fit, ax: Axes | None = None, *, term: str | None = None) -> Axes:
    """Draw by how much a coefficient would move without each group in turn, in its standard errors.

    Parameters
    ----------
    result : DataFrame or Fit
        As `cofactor.models.leave_out` returns it; of a fit its PSUs are left out.
    ax : Axes, optional
        Where to draw; new axes otherwise.
    term : str, optional
        The coefficient; the first otherwise.

    Raises
    ------
    StudyError
        A frame without the columns, or a coefficient that it does not have.
    """
    rows = leave_out_rows(result, term)
    ax = ax if ax is not None else new_axes(2.9)
    place = np.arange(len(rows))
    change = rows["change_in_se"].to_numpy(dtype=float)
    ax.vlines(place, 0.0, change, color=GREY, lw=0.8, zorder=2)
    ax.plot(place, change, marker="o", ms=3.8, ls="", color=COLOURS[0], zorder=3)
    for i in np.argsort(-np.abs(change), kind="stable")[:NAMED]:
        ax.plot([i], [change[i]], marker="o", ms=5, ls="", color=COLOURS[1], zorder=4)
        right = i > 0.7 * len(rows)
        name = plain(str(rows["group"].iloc[i]))
        ax.annotate(name, (i, change[i]), xytext=(-5 if right else 5, 0), textcoords="offset points", color=INK,
                    ha="right" if right else "left", va="center", fontsize=SMALL)  # fmt: skip
    reach = max(1.15 * float(np.abs(change).max()), 1.2 * NOTABLE)
    ax.axhspan(-NOTABLE, NOTABLE, color=GREY, alpha=0.10, lw=0, zorder=0)
    ax.axhline(0, color=GREY, lw=0.9, zorder=1)
    ax.set_ylim(-reach, reach)
    ax.set_xticks([])
    ax.set_xlabel(f"{len(rows):,} groups, each left out in turn", fontsize=TEXT, color=INK)
    ax.set_ylabel("change, standard errors", fontsize=TEXT, color=INK)
    ax.set_title(plain(catalogue_labels().term(str(rows["term"].iloc[0]))), fontsize=TEXT, color=INK, loc="left")
    return ax


def leave_out_rows(result: pd.DataFrame | Fit, term: str | None = None) -> pd.DataFrame:
    """Return the rows of one coefficient: group (its name), term, change_in_se."""
    table = leave_out(result) if isinstance(result, Fit) else result
    if not {"term", "change_in_se", "n"} <= set(table.columns):
        raise StudyError("leaving out has the columns term, n and change_in_se; give what leave_out() returns")
    chosen = str(table["term"].iloc[0]) if term is None else term
    rows = table[table["term"] == chosen]
    if not len(rows):
        there = ", ".join(dict.fromkeys(table["term"]))
        raise StudyError(f"no coefficient {chosen!r} was followed; there are: {there}")
    names = list(rows.columns[: list(rows.columns).index("n")])
    words = ["stratum {}, PSU {}".format(*group) if len(group) == 2 else ", ".join(map(str, group))
             for group in rows[names].itertuples(index=False, name=None)]  # fmt: skip
    return pd.DataFrame({"group": words, "term": chosen, "change_in_se": rows["change_in_se"].to_numpy()})


def leave_out_alt(result: pd.DataFrame | Fit, *, term: str | None = None) -> str:
    """Say in words what `plot_leave_out` shows."""
    rows = leave_out_rows(result, term)
    most = rows.loc[rows["change_in_se"].abs().sort_values(ascending=False, kind="stable").index[:NAMED]]
    said = "; ".join(f"{row['group']}: {row['change_in_se']:+.2f}" for row in most.to_dict("records"))
    return (
        f"By how many standard errors {rows['term'].iloc[0]} moves without each of {len(rows):,} groups. Most: {said}."
    )


def plot_replicates(result: Replicated, ax: Axes | None = None, *, position: int = 0) -> Axes:
    """Draw the estimates of the replicates around that of the whole design.

    Parameters
    ----------
    result : Replicated
    ax : Axes, optional
        Where to draw; new axes otherwise.
    position : int
        Which of the k estimates.

    Raises
    ------
    StudyError
        There is no estimate at that position.
    """
    name = _estimate_name(result, position)
    ax = ax if ax is not None else new_axes(2.6)
    values, whole = result.replicates[:, position], float(result.values[position])
    known = values[np.isfinite(values)]
    ax.hist(known, bins=min(30, max(8, len(known) // 5)), color=COLOURS[0], alpha=0.35, lw=0, zorder=2)
    ax.plot(known, np.zeros(len(known)), marker="|", ms=10, ls="", color=COLOURS[0], zorder=3, clip_on=False)
    ax.axvline(whole, color=COLOURS[1], lw=1.8, zorder=4, label="the whole design")
    ax.set_xlabel(plain(name), fontsize=TEXT, color=INK)
    ax.set_ylabel(f"of {len(values):,} replicates", fontsize=TEXT, color=INK)
    ax.legend(loc="lower left", bbox_to_anchor=(0, 1.0), frameon=False, fontsize=SMALL, borderaxespad=0)
    return ax


def replicates_alt(result: Replicated, *, position: int = 0) -> str:
    """Say in words what `plot_replicates` shows."""
    values = result.replicates[:, position]
    low, high = (shown.significant(float(end)) for end in (np.nanmin(values), np.nanmax(values)))
    return (
        f"{_estimate_name(result, position)} in {len(values):,} replicates, {result.method}: from {low} to {high}, "
        f"around {shown.significant(float(result.values[position]))} of the whole design."
    )


def plot_replicate_weights(weights: ReplicateWeights, ax: Axes | None = None) -> Axes:
    """Draw by what each replicate multiplies the weights of each PSU: white where it leaves the PSU out.

    Parameters
    ----------
    weights : ReplicateWeights
        G PSUs, R replicates.
    ax : Axes, optional
        Where to draw; new axes otherwise.
    """
    ax = ax if ax is not None else new_axes(3.4)
    factors = factors_of(weights)
    image = ax.imshow(factors, aspect="auto", cmap="Blues", vmin=0.0, interpolation="nearest")
    figure = ax.get_figure()
    assert figure is not None
    figure.colorbar(image, ax=ax, label="factor of the weight", shrink=0.9)
    ax.set_xlabel("replicate", fontsize=TEXT, color=INK)
    ax.set_ylabel("PSU", fontsize=TEXT, color=INK)
    ax.set_title(plain(weights.method), fontsize=TEXT, color=INK, loc="left")
    return ax


def factors_of(weights: ReplicateWeights) -> np.ndarray:
    """Return the factors of all replicates, (G, R)."""
    return np.stack([weights.multiplier(i) for i in range(len(weights))], axis=1)


def replicate_weights_alt(weights: ReplicateWeights) -> str:
    """Say in words what `plot_replicate_weights` shows."""
    factors = factors_of(weights)
    return (
        f"Factors of {factors.shape[0]:,} PSUs in {factors.shape[1]:,} replicates, {weights.method}: "
        f"{factors.min():.3g} to {factors.max():.3g}; {100 * float((factors == 0).mean()):.0f}% are 0."
    )


def _estimate_name(result: Replicated, position: int) -> str:
    if not 0 <= position < len(result.labels):
        raise StudyError(f"there is no estimate at position {position}; there are {len(result.labels)}, from 0")
    return ", ".join(map(str, result.labels.iloc[position]))
