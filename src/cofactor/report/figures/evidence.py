"""Tests and doubts in pictures: a statistic on its F distribution, a family of p-values, an E-value."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from scipy import stats

from cofactor.errors import StudyError
from cofactor.models import EValue
from cofactor.report import format as shown
from cofactor.report.figures.style import COLOURS, DASHES, GREY, INK, SMALL, TEXT, new_axes, plain

LEAST = 3.0
"""How far the axes of an E-value reach at least: a confounder that triples a risk is no rare thing."""

ROW = 0.24


class FTest(Protocol):
    """What is drawn: a `WaldTest`, a `ChiSquareTest`, or anything with their four numbers."""

    @property
    def f(self) -> float: ...  # noqa: D102
    @property
    def df1(self) -> float: ...  # noqa: D102
    @property
    def df2(self) -> float: ...  # noqa: D102
    @property
    def p(self) -> float: ...  # noqa: D102


def plot_f_test(test: FTest, ax: Axes | None = None) -> Axes:
    """Draw a test: what F would be if the hypothesis were true, what it is, and the tail whose area is p.

    Parameters
    ----------
    test : WaldTest or ChiSquareTest
    ax : Axes, optional
        Where to draw; new axes otherwise.
    """
    ax = ax if ax is not None else new_axes(2.6)
    critical = float(stats.f.isf(0.05, test.df1, test.df2))
    last = max(1.15 * test.f, 1.6 * critical, 3.0)
    f = np.linspace(0.002 * last, last, 400)
    density = stats.f.pdf(f, test.df1, test.df2)
    highest = float(min(density.max(), 1.5))
    ax.plot(f, density, color=COLOURS[0], lw=1.8, zorder=3)
    ax.fill_between(f, 0, density, where=(f >= test.f).tolist(), color=COLOURS[1], alpha=0.35, lw=0, zorder=2)
    ax.axvline(test.f, color=COLOURS[1], lw=1.6, zorder=4)
    ax.axvline(critical, color=GREY, lw=0.9, ls=(0, (3, 2)), zorder=1)
    beyond = test.f > 0.55 * last
    ax.annotate(f"F = {shown.significant(test.f)}, p {_equals(test.p)}", (test.f, 0.93), fontsize=SMALL, color=INK,
                xycoords=ax.get_xaxis_transform(), xytext=(-4 if beyond else 4, 0), textcoords="offset points",
                ha="right" if beyond else "left")  # fmt: skip
    ax.annotate("5%", (critical, 0.80), xycoords=ax.get_xaxis_transform(), xytext=(3, 0), color=GREY, fontsize=SMALL,
                textcoords="offset points")  # fmt: skip
    ax.set_xlim(0, last)
    ax.set_ylim(0, 1.08 * highest)
    ax.set_yticks([])
    ax.set_xlabel(f"F on {test.df1:.3g} and {test.df2:.4g} degrees of freedom", fontsize=TEXT, color=INK)
    ax.set_ylabel("if the hypothesis were true", fontsize=TEXT, color=INK)
    return ax


def f_test_alt(test: FTest) -> str:
    """Say in words what `plot_f_test` shows."""
    return (
        f"F distribution on {test.df1:.3g} and {test.df2:.4g} degrees of freedom; the statistic lies at "
        f"{shown.significant(test.f)}, p {_equals(test.p)}."
    )


def plot_pvalues(
    table: pd.DataFrame, ax: Axes | None = None, *, names: Sequence[str] = (), alpha: float = 0.05
) -> Axes:
    """Draw a family of p-values in order, plain and adjusted, beside the level of the family.

    Parameters
    ----------
    table : DataFrame
        As `cofactor.models.adjust_pvalues` returns it: p, adjusted; missing values are left out.
    ax : Axes, optional
        Where to draw; new axes of a fitting height otherwise.
    names : sequence of str
        Of the tests; the index otherwise.
    alpha : float
        Level of the family.

    Raises
    ------
    StudyError
        A frame without the columns, no known p-value, or another number of names.
    """
    rows = _ordered(table, names)
    ax = ax if ax is not None else new_axes(ROW * len(rows) + 0.95)
    place = np.arange(len(rows))
    least = max(float(rows["p"].min()), 1e-6)
    plain_p, adjusted = (rows[column].clip(lower=1e-6) for column in ("p", "adjusted"))
    ax.hlines(place, plain_p, adjusted, color=GREY, lw=1.0, zorder=2)
    ax.plot(plain_p, place, marker="o", mfc="white", ms=5, ls="", color=COLOURS[0], zorder=3, label="p")
    ax.plot(adjusted, place, marker="D", ms=5, ls="", color=COLOURS[1], zorder=4, label="adjusted for the family")
    ax.axvline(alpha, color=INK, lw=0.9, ls=(0, (3, 2)), zorder=1)
    ax.set_xscale("log")
    ax.set_xlim(least / 2, 1.3)
    ax.set_yticks(place, [plain(str(name)) for name in rows["name"]], fontsize=SMALL)
    ax.set_ylim(len(rows) - 0.4, -0.6)
    ax.set_xlabel(f"p (logarithmic axis; dashed: {alpha:g})", fontsize=TEXT, color=INK)
    ax.legend(loc="lower left", bbox_to_anchor=(0, 1.0), ncols=2, frameon=False, fontsize=SMALL, borderaxespad=0)
    return ax


def pvalues_alt(table: pd.DataFrame, *, names: Sequence[str] = ()) -> str:
    """Say in words what `plot_pvalues` shows."""
    said = [
        f"{row['name']} {shown.p_value(row['p'])}, adjusted {shown.p_value(row['adjusted'])}"
        for row in _ordered(table, names).to_dict("records")
    ]
    return f"p-values of a family of tests, smallest first: {'; '.join(said)}."


def plot_e_value(value: EValue, ax: Axes | None = None) -> Axes:
    """Draw which unmeasured confounders could explain a ratio away, and the interval's limit.

    Parameters
    ----------
    value : EValue
    ax : Axes, optional
        Where to draw; new axes otherwise.

    Returns
    -------
    Axes
        The confounder's risk ratio with the exposure across and with the outcome upwards. Above and to the right of a
        line it is strong enough; the E-value is where both are alike.
    """
    ax = ax if ax is not None else new_axes(3.6, width=3.9)
    last = max(LEAST, 1.5 * value.estimate)
    for number, (e, words) in enumerate(_e_lines(value)):
        colour, ratio = COLOURS[number], _ratio_of(e)
        if e <= 1.0:
            continue
        first = ratio * (last - 1.0) / (last - ratio)  # where the curve enters the axes at the top
        across = ratio + np.geomspace(first - ratio, last - ratio, 200)
        up = ratio * (across - 1.0) / (across - ratio)
        ax.plot(across, up, color=colour, ls=DASHES[number], lw=1.8, zorder=3, label=f"{words}: E-value {e:.2f}")
        ax.plot([e], [e], marker="o", ms=6, color=colour, ls="", zorder=4)
    ax.plot([1, last], [1, last], color=GREY, lw=0.8, ls=":", zorder=1)
    ax.set_xlim(1, last)
    ax.set_ylim(1, last)
    ax.set_xlabel("risk ratio of confounder and exposure", fontsize=TEXT, color=INK)
    ax.set_ylabel("risk ratio of confounder and outcome", fontsize=TEXT, color=INK)
    if ax.get_legend_handles_labels()[0]:
        ax.legend(loc="lower left", bbox_to_anchor=(0, 1.0), frameon=False, fontsize=SMALL, borderaxespad=0)
    return ax


def e_value_alt(value: EValue) -> str:
    """Say in words what `plot_e_value` shows.

    >>> from cofactor.models import e_value
    >>> e_value_alt(e_value(3.9, 1.8, 8.7))
    'Confounders that could explain a ratio of 3.90 away: E-value 7.26 for the estimate, 3.00 for its limit.'
    """
    limit = f", {value.limit:.2f} for its limit" if shown.known(value.limit) else ""
    return (
        f"Confounders that could explain a ratio of {value.ratio:.2f} away: E-value {value.estimate:.2f} for the "
        f"estimate{limit}."
    )


def _e_lines(value: EValue) -> list[tuple[float, str]]:
    lines = [(value.estimate, "the estimate")]
    return [*lines, (value.limit, "its limit")] if shown.known(value.limit) else lines


def _ratio_of(e: float) -> float:
    """Return the ratio, 1 or more, that has this E-value: E = R + sqrt(R (R - 1)) solved for R."""
    return e * e / (2.0 * e - 1.0)


def _ordered(table: pd.DataFrame, names: Sequence[str]) -> pd.DataFrame:
    if not {"p", "adjusted"} <= set(table.columns) or not table["p"].notna().any():
        raise StudyError("a family of tests has the columns p and adjusted; give what adjust_pvalues() returns")
    if names and len(names) != len(table):
        raise StudyError(f"{len(names)} names are given for {len(table)} tests; give one for each")
    rows = pd.DataFrame({"name": list(names) or list(table.index), "p": table["p"], "adjusted": table["adjusted"]})
    return rows.dropna(subset="p").sort_values("p", kind="stable").reset_index(drop=True)


def _equals(p: float) -> str:
    words = shown.p_value(p)
    return words if words[0] in "<>" else f"= {words}"
