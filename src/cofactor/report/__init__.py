"""Results to tables, figures and pages. Nothing is computed here: a page shows what a `StudyResult` holds."""

from cofactor.report.figures import alt_text, plot, plot_curve, plot_forest, plot_strip, plot_survival, plot_trust
from cofactor.report.page import ReportFiles, check_report_folder, write_report

__all__ = [
    "ReportFiles",
    "alt_text",
    "check_report_folder",
    "plot",
    "plot_curve",
    "plot_forest",
    "plot_strip",
    "plot_survival",
    "plot_trust",
    "write_report",
]
