"""What a term does to each part of a distribution: its coefficients against the quantile."""

from __future__ import annotations

import pandas as pd
from matplotlib.axes import Axes

from cofactor.report.figures.style import COLOURS, DASHES, GREY, INK, SMALL, TEXT, new_axes, plain


def plot_quantile_slopes(
    table: pd.DataFrame,
    ax: Axes | None = None,
    *,
    ylabel: str,
    mean: tuple[float, float, float] | None = None,
) -> Axes:
    """Draw the coefficients of one term against the quantile, with their pointwise intervals as a band.

    Parameters
    ----------
    table : DataFrame
        Rows of one term of `QuantileFit.table`: columns prob, estimate, low, high.
    ax : Axes, optional
        Where to draw; new axes otherwise.
    ylabel : str
        What a coefficient means, with its unit.
    mean : (estimate, low, high), optional
        The coefficient of the mean, by linear regression, to compare with.

    Returns
    -------
    Axes
    """
    ax = ax if ax is not None else new_axes(3.0)
    rows = table.sort_values("prob")
    if mean is not None:
        ax.axhspan(mean[1], mean[2], color=COLOURS[1], alpha=0.10, lw=0, zorder=1)
        ax.axhline(mean[0], color=COLOURS[1], ls=DASHES[1], lw=1.4, label="of the mean", zorder=2)
    ax.fill_between(rows["prob"], rows["low"], rows["high"], color=COLOURS[0], alpha=0.16, lw=0, zorder=2)
    ax.plot(rows["prob"], rows["estimate"], color=COLOURS[0], lw=2, marker="o", ms=4, label="of the quantile", zorder=3)
    ax.axhline(0, color=GREY, lw=0.9, zorder=1)
    ax.set_xlim(0.0, 1.0)
    ax.set_xlabel("quantile of the outcome", fontsize=TEXT, color=INK)
    ax.set_ylabel(plain(ylabel), fontsize=TEXT, color=INK)
    if mean is not None:
        ax.legend(loc="lower left", bbox_to_anchor=(0, 1.0), ncols=2, frameon=False, fontsize=SMALL, borderaxespad=0)
    return ax


def quantile_slopes_alt(table: pd.DataFrame, *, name: str) -> str:
    """Say in words what `plot_quantile_slopes` shows of a term with this name.

    >>> rows = pd.DataFrame({"prob": [0.1, 0.9], "estimate": [0.5, 2.0], "low": [0.1, 1.0], "high": [0.9, 3.0]})
    >>> quantile_slopes_alt(rows, name="body mass index")
    'Coefficients of body mass index against the quantile: 0.5 (0.1 to 0.9) at 0.1; 2 (1 to 3) at 0.9.'
    """
    rows = table.sort_values("prob").itertuples()
    shown = "; ".join(f"{row.estimate:.3g} ({row.low:.3g} to {row.high:.3g}) at {row.prob:g}" for row in rows)
    return f"Coefficients of {name} against the quantile: {shown}."
