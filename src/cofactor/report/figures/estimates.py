"""Means, shares and risks with their intervals, group by group."""

from __future__ import annotations

from typing import Any

from matplotlib.axes import Axes

from cofactor.errors import StudyError
from cofactor.models import ComparedRisks, MarginalMeans
from cofactor.report.figures.forest import plot_forest
from cofactor.report.figures.interval_rows import interval_rows, scale_of


def plot_estimates(estimate: Any, ax: Axes | None = None, *, xlabel: str | None = None) -> Axes:
    """Draw weighted means, shares or totals with their intervals, one under another.

    Parameters
    ----------
    estimate : Estimate, or a result that holds one
        As `cofactor.survey.weighted_mean` and its like return it; shares are drawn in percent.
    ax : Axes, optional
        Where to draw; new axes of a fitting height otherwise.
    xlabel : str, optional
        What the axis shows, with its unit; by the catalogue where the variable is of it.

    Raises
    ------
    StudyError
        Ratios, or something that has no estimates.
    """
    if scale_of(interval_rows(estimate)) == "ratio":
        raise StudyError("these are ratios, which stand around 1 on a logarithmic axis; draw them by plot_forest")
    return plot_forest(estimate, ax, xlabel=xlabel)


def plot_marginal_means(means: MarginalMeans, ax: Axes | None = None, *, xlabel: str = "mean prediction") -> Axes:
    """Draw the mean prediction with everybody at each level of a variable.

    Parameters
    ----------
    means : MarginalMeans
    ax : Axes, optional
        Where to draw; new axes of a fitting height otherwise.
    xlabel : str
        The outcome, with its unit.
    """
    return plot_forest(means, ax, xlabel=xlabel)


def plot_standardized_risk(
    risks: ComparedRisks, ax: Axes | None = None, *, xlabel: str = "risk by the time, %", quantity: str = "risks"
) -> Axes:
    """Draw the risk of each cell by each time, or how the cells differ from the first.

    Parameters
    ----------
    risks : ComparedRisks
        As `cofactor.models.standardized_risk` or `crude_risk` returns it.
    ax : Axes, optional
        Where to draw; new axes of a fitting height otherwise.
    xlabel : str
        What the risk is of.
    quantity : {"risks", "differences", "ratios"}
        The risks themselves (in percent), or what compares them with the first cell.

    Raises
    ------
    StudyError
        An unknown quantity, or one that the result does not have.
    """
    if quantity == "risks":
        return plot_forest(risks, ax, xlabel=xlabel)
    part = {"differences": risks.differences, "ratios": risks.ratios}.get(quantity)
    if part is None:
        raise StudyError(f"the result has no {quantity!r}; there are risks, differences, and ratios where no risk is 0")
    if quantity == "ratios":
        return plot_forest(part, ax, xlabel="risk ratio (logarithmic axis)")
    rows = interval_rows(part)
    numbers = ["difference", "low", "high"]
    return plot_forest(rows.assign(**rows[numbers] * 100.0), ax, xlabel="difference of risks, percentage points")
