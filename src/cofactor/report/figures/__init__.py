"""Pictures of results: each function takes a result or its tidy table, and axes, and returns the axes."""

from cofactor.report.figures.breaks import plot_breaks
from cofactor.report.figures.curve import curve_alt, plot_curve
from cofactor.report.figures.error_dial import error_dial_alt, plot_error_dial
from cofactor.report.figures.estimates import plot_estimates, plot_marginal_means, plot_standardized_risk
from cofactor.report.figures.evidence import (
    e_value_alt,
    f_test_alt,
    plot_e_value,
    plot_f_test,
    plot_pvalues,
    pvalues_alt,
)
from cofactor.report.figures.forest import forest_alt, plot_forest
from cofactor.report.figures.incidence import cumulative_incidence_alt, plot_cumulative_incidence
from cofactor.report.figures.influence import (
    leave_out_alt,
    leave_out_rows,
    plot_leave_out,
    plot_replicate_weights,
    plot_replicates,
    replicate_weights_alt,
    replicates_alt,
)
from cofactor.report.figures.interaction import (
    expected_cells,
    interaction_alt,
    measures_alt,
    plot_interaction,
    plot_measures,
)
from cofactor.report.figures.missing_values import (
    imputations_alt,
    missing_information_alt,
    plot_imputations,
    plot_missing_information,
    plot_response_weights,
    response_weights_alt,
)
from cofactor.report.figures.missingness import plot_missingness
from cofactor.report.figures.people import (
    design_alt,
    design_people,
    distribution_alt,
    flow_alt,
    plot_design,
    plot_distribution,
    plot_flow,
    weighted_shares,
)
from cofactor.report.figures.pictures_of_results import alt_text, plot
from cofactor.report.figures.profile import plot_profile, profile_alt
from cofactor.report.figures.proportional_hazards import (
    new_panels,
    plot_proportional_hazards,
    proportional_hazards_alt,
)
from cofactor.report.figures.quantiles import plot_quantile_slopes, plot_quantiles, quantile_slopes_alt, quantiles_alt
from cofactor.report.figures.standard_errors import plot_standard_errors, standard_errors_alt
from cofactor.report.figures.strip import plot_strip
from cofactor.report.figures.style import new_axes, png
from cofactor.report.figures.surface import plot_surface, plot_surface_uncertainty, surface_alt
from cofactor.report.figures.survival import plot_survival, survival_alt
from cofactor.report.figures.trust import plot_trust

__all__ = [
    "alt_text",
    "cumulative_incidence_alt",
    "curve_alt",
    "design_alt",
    "design_people",
    "distribution_alt",
    "e_value_alt",
    "error_dial_alt",
    "expected_cells",
    "f_test_alt",
    "flow_alt",
    "forest_alt",
    "imputations_alt",
    "interaction_alt",
    "leave_out_alt",
    "leave_out_rows",
    "measures_alt",
    "missing_information_alt",
    "new_axes",
    "new_panels",
    "plot",
    "plot_breaks",
    "plot_cumulative_incidence",
    "plot_curve",
    "plot_design",
    "plot_distribution",
    "plot_e_value",
    "plot_error_dial",
    "plot_estimates",
    "plot_f_test",
    "plot_flow",
    "plot_forest",
    "plot_imputations",
    "plot_interaction",
    "plot_leave_out",
    "plot_marginal_means",
    "plot_measures",
    "plot_missing_information",
    "plot_missingness",
    "plot_profile",
    "plot_proportional_hazards",
    "plot_pvalues",
    "plot_quantile_slopes",
    "plot_quantiles",
    "plot_replicate_weights",
    "plot_replicates",
    "plot_response_weights",
    "plot_standard_errors",
    "plot_standardized_risk",
    "plot_strip",
    "plot_surface",
    "plot_surface_uncertainty",
    "plot_survival",
    "plot_trust",
    "png",
    "profile_alt",
    "proportional_hazards_alt",
    "pvalues_alt",
    "quantile_slopes_alt",
    "quantiles_alt",
    "replicate_weights_alt",
    "replicates_alt",
    "response_weights_alt",
    "standard_errors_alt",
    "surface_alt",
    "survival_alt",
    "weighted_shares",
]
