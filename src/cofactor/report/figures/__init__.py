"""Pictures: each function takes a tidy table and axes, and returns the axes."""

from cofactor.report.figures.breaks import plot_breaks
from cofactor.report.figures.curve import plot_curve
from cofactor.report.figures.forest import plot_forest
from cofactor.report.figures.missingness import plot_missingness
from cofactor.report.figures.profile import plot_profile
from cofactor.report.figures.quantiles import plot_quantile_slopes, quantile_slopes_alt
from cofactor.report.figures.strip import plot_strip
from cofactor.report.figures.style import new_axes, png
from cofactor.report.figures.surface import plot_surface, plot_surface_uncertainty, surface_alt
from cofactor.report.figures.survival import plot_survival
from cofactor.report.figures.trust import plot_trust

__all__ = [
    "new_axes",
    "plot_breaks",
    "plot_curve",
    "plot_forest",
    "plot_missingness",
    "plot_profile",
    "plot_quantile_slopes",
    "plot_strip",
    "plot_surface",
    "plot_surface_uncertainty",
    "plot_survival",
    "plot_trust",
    "png",
    "quantile_slopes_alt",
    "surface_alt",
]
