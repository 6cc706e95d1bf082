"""Regressions on survey designs, and the questions that are asked of them."""

from __future__ import annotations

from cofactor.models.cause_specific import fit_cause_specific
from cofactor.models.change_point import ChangePoint, change_point
from cofactor.models.compared_risks import ComparedRisks
from cofactor.models.contrast import contrast, wald_test
from cofactor.models.covariances import Covariances, covariances
from cofactor.models.cox import fit_cox
from cofactor.models.cox_residuals import cox_residuals
from cofactor.models.crude import RestrictedMeans, crude_risk, rmst
from cofactor.models.cumulative_incidence import cumulative_incidence
from cofactor.models.curves import Curve, kaplan_meier, nelson_aalen
from cofactor.models.diagnostics import design_effects
from cofactor.models.dose_response import DoseResponseCurve, dose_response
from cofactor.models.e_value import EValue, e_value
from cofactor.models.energy_adjusted import energy_adjusted
from cofactor.models.error_dial import error_dial, regression_calibration
from cofactor.models.fine_gray import fit_fine_gray
from cofactor.models.fit import Counts, Fit
from cofactor.models.glm import fit_glm
from cofactor.models.hazards import ProportionalHazardsTest, proportional_hazards_test
from cofactor.models.imputation import Imputations, impute
from cofactor.models.incidence import CumulativeIncidence
from cofactor.models.interaction import reri
from cofactor.models.interaction_comparison import (
    InteractionComparison,
    compare_interactions,
    interaction_heterogeneity,
)
from cofactor.models.knol_vanderweele import InteractionTable, interaction_table
from cofactor.models.leave_out import leave_out, most_influential
from cofactor.models.marginal import MarginalMeans, average_marginal_effect, marginal_means
from cofactor.models.multiplicity import adjust_pvalues
from cofactor.models.ordinal import fit_ordinal
from cofactor.models.ordinal_predict import predict_levels
from cofactor.models.over_time import OverTime, coefficients_over_time
from cofactor.models.pooled import Pooled
from cofactor.models.pooling import pool
from cofactor.models.predict import predict
from cofactor.models.proportional_odds import ProportionalOddsTest, proportional_odds_test
from cofactor.models.quantile_fit import QuantileFit
from cofactor.models.quantile_regression import fit_quantile
from cofactor.models.quantile_slopes import equal_slopes_test, slope_difference
from cofactor.models.reliability import Reliability, reliability
from cofactor.models.response_weights import ResponseWeights, response_weights
from cofactor.models.splines import rcs
from cofactor.models.standardized_risk import standardized_risk
from cofactor.models.standardized_rmst import standardized_rmst
from cofactor.models.surface import Surface, surface
from cofactor.survey.wald import WaldTest

__all__ = [
    "ChangePoint",
    "ComparedRisks",
    "Counts",
    "Covariances",
    "CumulativeIncidence",
    "Curve",
    "DoseResponseCurve",
    "EValue",
    "Fit",
    "Imputations",
    "InteractionComparison",
    "InteractionTable",
    "MarginalMeans",
    "OverTime",
    "Pooled",
    "ProportionalHazardsTest",
    "ProportionalOddsTest",
    "QuantileFit",
    "Reliability",
    "ResponseWeights",
    "RestrictedMeans",
    "Surface",
    "WaldTest",
    "adjust_pvalues",
    "average_marginal_effect",
    "change_point",
    "coefficients_over_time",
    "compare_interactions",
    "contrast",
    "covariances",
    "cox_residuals",
    "crude_risk",
    "cumulative_incidence",
    "design_effects",
    "dose_response",
    "e_value",
    "energy_adjusted",
    "equal_slopes_test",
    "error_dial",
    "fit_cause_specific",
    "fit_cox",
    "fit_fine_gray",
    "fit_glm",
    "fit_ordinal",
    "fit_quantile",
    "impute",
    "interaction_heterogeneity",
    "interaction_table",
    "kaplan_meier",
    "leave_out",
    "marginal_means",
    "most_influential",
    "nelson_aalen",
    "pool",
    "predict",
    "predict_levels",
    "proportional_hazards_test",
    "proportional_odds_test",
    "rcs",
    "regression_calibration",
    "reliability",
    "reri",
    "response_weights",
    "rmst",
    "slope_difference",
    "standardized_risk",
    "standardized_rmst",
    "surface",
    "wald_test",
]
