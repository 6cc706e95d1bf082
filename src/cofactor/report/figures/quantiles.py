"""Quantiles of a distribution by group, and what a term does to each of them."""

from __future__ import annotations

import pandas as pd
from matplotlib.axes import Axes

from cofactor.errors import StudyError
from cofactor.models import QuantileFit
from cofactor.report.figures.style import COLOURS, DASHES, GREY, INK, SMALL, TEXT, new_axes, plain
from cofactor.report.labels import catalogue_labels
from cofactor.survey import Estimate


def plot_quantile_slopes(
    fit: QuantileFit | pd.DataFrame,
    ax: Axes | None = None,
    *,
    term: str | None = None,
    ylabel: str | None = None,
    mean: tuple[float, float, float] | None = None,
) -> Axes:
    """Draw the coefficients of one term against the quantile, with their pointwise intervals as a band.

    Parameters
    ----------
    fit : QuantileFit or DataFrame
        A fit; or rows of one term of its table: columns prob, estimate, low, high.
    ax : Axes, optional
        Where to draw; new axes otherwise.
    term : str, optional
        The coefficient of a fit; the first after the intercept otherwise.
    ylabel : str, optional
        What a coefficient means, with its unit; the term otherwise.
    mean : (estimate, low, high), optional
        The coefficient of the mean, by linear regression, to compare with.

    Returns
    -------
    Axes
    """
    ax = ax if ax is not None else new_axes(3.0)
    rows, name = slope_rows(fit, term)
    if mean is not None:
        ax.axhspan(mean[1], mean[2], color=COLOURS[1], alpha=0.10, lw=0, zorder=1)
        ax.axhline(mean[0], color=COLOURS[1], ls=DASHES[1], lw=1.4, label="of the mean", zorder=2)
    ax.fill_between(rows["prob"], rows["low"], rows["high"], color=COLOURS[0], alpha=0.16, lw=0, zorder=2)
    ax.plot(rows["prob"], rows["estimate"], color=COLOURS[0], lw=2, marker="o", ms=4, label="of the quantile", zorder=3)
    ax.axhline(0, color=GREY, lw=0.9, zorder=1)
    ax.set_xlim(0.0, 1.0)
    ax.set_xlabel("quantile of the outcome", fontsize=TEXT, color=INK)
    ax.set_ylabel(plain(ylabel if ylabel is not None else f"coefficient of {name}"), fontsize=TEXT, color=INK)
    if mean is not None:
        ax.legend(loc="lower left", bbox_to_anchor=(0, 1.0), ncols=2, frameon=False, fontsize=SMALL, borderaxespad=0)
    return ax


def slope_rows(fit: QuantileFit | pd.DataFrame, term: str | None = None) -> tuple[pd.DataFrame, str]:
    """Return the rows of one coefficient by rising quantile, and its name."""
    if isinstance(fit, pd.DataFrame):
        return fit.sort_values("prob"), term or "the term"
    chosen = term if term is not None else next((name for name in fit.terms if name != "Intercept"), fit.terms[0])
    fit.positions([chosen], fit.quantiles[0])  # says which coefficients there are where this is none
    table = fit.table()
    return table[table["term"] == chosen].sort_values("prob"), catalogue_labels().term(chosen)


def quantile_slopes_alt(fit: QuantileFit | pd.DataFrame, *, name: str = "", term: str | None = None) -> str:
    """Say in words what `plot_quantile_slopes` shows of a term with this name.

    >>> rows = pd.DataFrame({"prob": [0.1, 0.9], "estimate": [0.5, 2.0], "low": [0.1, 1.0], "high": [0.9, 3.0]})
    >>> quantile_slopes_alt(rows, name="body mass index")
    'Coefficients of body mass index against the quantile: 0.5 (0.1 to 0.9) at 0.1; 2 (1 to 3) at 0.9.'
    """
    rows, own = slope_rows(fit, term)
    shown = "; ".join(
        f"{row.estimate:.3g} ({row.low:.3g} to {row.high:.3g}) at {row.prob:g}" for row in rows.itertuples()
    )
    return f"Coefficients of {name or own} against the quantile: {shown}."


def plot_quantiles(quantiles: Estimate, ax: Axes | None = None, *, xlabel: str | None = None) -> Axes:
    """Draw weighted quantiles with their intervals, the distribution read from the left, one line for each group.

    Parameters
    ----------
    quantiles : Estimate
        As `cofactor.survey.weighted_quantile` returns it, of one variable.
    ax : Axes, optional
        Where to draw; new axes otherwise.
    xlabel : str, optional
        Name and unit of the variable; by the catalogue otherwise.

    Raises
    ------
    StudyError
        An estimate that holds no quantiles.
    """
    parts, name = quantile_groups(quantiles)
    ax = ax if ax is not None else new_axes(3.0)
    for number, (level, rows) in enumerate(parts.items()):
        colour, shift = COLOURS[number % len(COLOURS)], 0.8 * (number - (len(parts) - 1) / 2)
        share = 100 * rows["prob"] + shift
        ax.hlines(share, rows["low"], rows["high"], color=colour, lw=1.6, zorder=3)
        ax.plot(rows["estimate"], share, color=colour, ls=DASHES[number % len(DASHES)], lw=1.0, marker="o", ms=4,
                zorder=4, label=plain(level))  # fmt: skip
    ax.set_ylim(0, 100)
    ax.set_xlabel(plain(xlabel if xlabel is not None else name), fontsize=TEXT, color=INK)
    ax.set_ylabel("% of people below", fontsize=TEXT, color=INK)
    if len(parts) > 1:
        ax.legend(loc="lower left", bbox_to_anchor=(0, 1.0), ncols=2, frameon=False, fontsize=SMALL, borderaxespad=0)
    return ax


def quantile_groups(quantiles: Estimate) -> tuple[dict[str, pd.DataFrame], str]:
    """Return the rows of each group by rising quantile, and the variable with its unit."""
    table, labels = quantiles.table(), catalogue_labels()
    if "prob" not in table.columns:
        raise StudyError("the estimate holds no quantiles; give what weighted_quantile() returns")
    by = list(table.columns[: list(table.columns).index("term")])
    words = [", ".join(labels.yes_no(name, str(row[name])) for name in by) or labels.variable(str(row["term"]))
             for row in table.to_dict("records")]  # fmt: skip
    parts = {str(level): rows.sort_values("prob") for level, rows in table.groupby(words, sort=False)}
    return parts, labels.with_unit(str(table["term"].iloc[0]))


def quantiles_alt(quantiles: Estimate) -> str:
    """Say in words what `plot_quantiles` shows."""
    parts, name = quantile_groups(quantiles)
    said = [
        f"{level}: "
        + ", ".join(f"{row['estimate']:.3g} at {100 * row['prob']:.3g}%" for row in rows.to_dict("records"))
        for level, rows in parts.items()
    ]
    return f"Weighted quantiles of {name}. {'; '.join(said)}."
