"""Pictures: each function takes a tidy table and axes, and returns the axes."""

from cofactor.report.figures.breaks import plot_breaks
from cofactor.report.figures.curve import plot_curve
from cofactor.report.figures.error_dial import error_dial_alt, plot_error_dial
from cofactor.report.figures.forest import plot_forest
from cofactor.report.figures.incidence import cumulative_incidence_alt, plot_cumulative_incidence
from cofactor.report.figures.missingness import plot_missingness
from cofactor.report.figures.profile import plot_profile
from cofactor.report.figures.proportional_hazards import (
    new_panels,
    plot_proportional_hazards,
    proportional_hazards_alt,
)
from cofactor.report.figures.quantiles import plot_quantile_slopes, quantile_slopes_alt
from cofactor.report.figures.strip import plot_strip
from cofactor.report.figures.style import new_axes, png
from cofactor.report.figures.surface import plot_surface, plot_surface_uncertainty, surface_alt
from cofactor.report.figures.survival import plot_survival
from cofactor.report.figures.trust import plot_trust

__all__ = [
    "cumulative_incidence_alt",
    "error_dial_alt",
    "new_axes",
    "new_panels",
    "plot_breaks",
    "plot_cumulative_incidence",
    "plot_curve",
    "plot_error_dial",
    "plot_forest",
    "plot_missingness",
    "plot_profile",
    "plot_proportional_hazards",
    "plot_quantile_slopes",
    "plot_strip",
    "plot_surface",
    "plot_surface_uncertainty",
    "plot_survival",
    "plot_trust",
    "png",
    "proportional_hazards_alt",
    "quantile_slopes_alt",
    "surface_alt",
]
