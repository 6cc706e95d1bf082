"""Which picture shows which result: the table that `plot` and `alt_text` look into."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pandas as pd
from matplotlib.axes import Axes

from cofactor.errors import StudyError
from cofactor.models import (
    ChangePoint,
    ComparedRisks,
    Covariances,
    CumulativeIncidence,
    Curve,
    DoseResponseCurve,
    EValue,
    Fit,
    Imputations,
    InteractionComparison,
    InteractionTable,
    MarginalMeans,
    OverTime,
    Pooled,
    ProportionalHazardsTest,
    ProportionalOddsTest,
    QuantileFit,
    ResponseWeights,
    RestrictedMeans,
    Surface,
    WaldTest,
)
from cofactor.models.change_profile import Profile
from cofactor.report.figures.curve import curve_alt, plot_curve
from cofactor.report.figures.estimates import plot_estimates, plot_marginal_means, plot_standardized_risk
from cofactor.report.figures.evidence import e_value_alt, f_test_alt, plot_e_value, plot_f_test
from cofactor.report.figures.forest import forest_alt, plot_forest
from cofactor.report.figures.incidence import cumulative_incidence_alt, plot_cumulative_incidence
from cofactor.report.figures.influence import (
    plot_replicate_weights,
    plot_replicates,
    replicate_weights_alt,
    replicates_alt,
)
from cofactor.report.figures.interaction import interaction_alt, measures_alt, plot_interaction, plot_measures
from cofactor.report.figures.missing_values import (
    imputations_alt,
    plot_imputations,
    plot_response_weights,
    response_weights_alt,
)
from cofactor.report.figures.people import design_alt, flow_alt, plot_design, plot_flow
from cofactor.report.figures.profile import plot_profile, profile_alt
from cofactor.report.figures.proportional_hazards import plot_proportional_hazards, proportional_hazards_alt
from cofactor.report.figures.quantiles import (
    plot_quantile_slopes,
    plot_quantiles,
    quantile_slopes_alt,
    quantiles_alt,
)
from cofactor.report.figures.standard_errors import plot_standard_errors, standard_errors_alt
from cofactor.report.figures.style import figure_of
from cofactor.report.figures.surface import plot_surface, surface_alt
from cofactor.report.figures.survival import plot_survival, survival_alt
from cofactor.report.labels import catalogue_labels
from cofactor.study import StudyResult
from cofactor.survey import ChiSquareTest, Estimate, RankTest, Replicated, ReplicateWeights, SurveyDesign


@dataclass(frozen=True)
class PictureOf:
    """How a result is drawn on axes, and how the picture is said in words."""

    draw: Callable[[Any, Axes | None], Axes]
    alt: Callable[[Any], str]


def plot(result: Any, ax: Axes | None = None) -> Axes:
    """Draw a result by the picture that suits it; the functions behind it have further arguments.

    Parameters
    ----------
    result : any result of this package
        A fit, an estimate, a curve, a test, a design, a study's result.
    ax : Axes, optional
        Where to draw; new axes otherwise.

    Returns
    -------
    Axes
        In a notebook ``plot(result).figure`` as the last line of a cell shows it. The label of a new figure says in
        words what it shows, for screen readers.

    Raises
    ------
    StudyError
        Something that has no picture.

    Examples
    --------
    >>> from cofactor.models import e_value
    >>> plot(e_value(1.8, 1.3, 2.5)).get_xlabel()
    'risk ratio of confounder and exposure'
    """
    picture = _picture_of(result)
    made = picture.draw(result, ax)
    if ax is None:
        figure_of(made).set_label(picture.alt(result))
    return made


def alt_text(result: Any) -> str:
    """Say in words what `plot` shows of a result, for those who do not see it.

    Raises
    ------
    StudyError
        Something that has no picture.

    Examples
    --------
    >>> from cofactor.models import e_value
    >>> alt_text(e_value(1.8))
    'Confounders that could explain a ratio of 1.80 away: E-value 3.00 for the estimate.'
    """
    return _picture_of(result).alt(result)


def _picture_of(result: Any) -> PictureOf:
    if isinstance(result, Estimate):
        return _of_estimate(result)
    if type(result) not in PICTURES:
        there = ", ".join(sorted(kind.__name__ for kind in PICTURES))
        raise StudyError(f"a {type(result).__name__} has no picture of its own; there is one of: {there}")
    return PICTURES[type(result)]


def _of_estimate(estimate: Estimate) -> PictureOf:
    """Return the picture of quantiles, of measures of interaction, or of estimates one under another."""
    columns = estimate.labels.columns if estimate.extra is None else [*estimate.labels.columns, *estimate.extra.columns]
    if "prob" in columns and not estimate.tested:
        return PictureOf(plot_quantiles, quantiles_alt)
    if "exposure" in columns and "modifier" in columns and estimate.shown_as_ratio is not None:
        return PictureOf(plot_measures, measures_alt)
    return PictureOf(plot_forest, forest_alt)


def _plot_incidence(result: CumulativeIncidence, ax: Axes | None) -> Axes:
    return plot_cumulative_incidence(_incidence_lines(result), ax, cause="line", ylabel="had the event (crude)")


def _incidence_alt(result: CumulativeIncidence) -> str:
    return cumulative_incidence_alt(_incidence_lines(result), cause="line")


def _incidence_lines(result: CumulativeIncidence) -> pd.DataFrame:
    """Return the table with a name for each line: the cause, and the group where there are several."""
    table, labels = result.table(), catalogue_labels()
    names = [
        ", ".join([str(row[result.cause]), *(labels.yes_no(name, str(row[name])) for name in result.by)])
        for row in table.to_dict("records")
    ]
    return table.assign(line=names)


def _plot_over_time(result: OverTime, ax: Axes | None) -> Axes:
    """Draw the first coefficient: the others by `plot_proportional_hazards`, one picture each."""
    term = next(iter(result.smooth))
    residuals = result.residuals[result.residuals["term"] == term]
    name = catalogue_labels().term(term)
    return plot_proportional_hazards(result.smooth[term].table(), residuals, ax, title=name)


def _over_time_alt(result: OverTime) -> str:
    term = next(iter(result.smooth))
    return proportional_hazards_alt(result.smooth[term].table(), name=catalogue_labels().term(term))


def _surface_alt(result: Surface) -> str:
    names = [catalogue_labels().with_unit(name) for name in result.variables]
    return surface_alt(result.table(), names=names, reference=result.reference, what="ratio")


PICTURES: dict[type, PictureOf] = {
    ChangePoint: PictureOf(plot_profile, profile_alt),
    ChiSquareTest: PictureOf(plot_f_test, f_test_alt),
    Covariances: PictureOf(plot_standard_errors, standard_errors_alt),
    ComparedRisks: PictureOf(plot_standardized_risk, forest_alt),
    CumulativeIncidence: PictureOf(_plot_incidence, _incidence_alt),
    Curve: PictureOf(plot_survival, survival_alt),
    DoseResponseCurve: PictureOf(plot_curve, curve_alt),
    EValue: PictureOf(plot_e_value, e_value_alt),
    Estimate: PictureOf(plot_forest, forest_alt),
    Fit: PictureOf(plot_forest, forest_alt),
    Imputations: PictureOf(plot_imputations, imputations_alt),
    InteractionComparison: PictureOf(plot_forest, forest_alt),
    InteractionTable: PictureOf(plot_interaction, interaction_alt),
    MarginalMeans: PictureOf(plot_marginal_means, forest_alt),
    OverTime: PictureOf(_plot_over_time, _over_time_alt),
    Pooled: PictureOf(plot_forest, forest_alt),
    Profile: PictureOf(plot_profile, profile_alt),
    ProportionalHazardsTest: PictureOf(plot_forest, forest_alt),
    ProportionalOddsTest: PictureOf(plot_forest, forest_alt),
    QuantileFit: PictureOf(plot_quantile_slopes, quantile_slopes_alt),
    RankTest: PictureOf(plot_estimates, forest_alt),
    ReplicateWeights: PictureOf(plot_replicate_weights, replicate_weights_alt),
    Replicated: PictureOf(plot_replicates, replicates_alt),
    ResponseWeights: PictureOf(plot_response_weights, response_weights_alt),
    RestrictedMeans: PictureOf(plot_estimates, forest_alt),
    StudyResult: PictureOf(plot_flow, flow_alt),
    Surface: PictureOf(plot_surface, _surface_alt),
    SurveyDesign: PictureOf(plot_design, design_alt),
    WaldTest: PictureOf(plot_f_test, f_test_alt),
}
"""Every public class of results and its picture; an `Estimate` is looked at more closely first."""
