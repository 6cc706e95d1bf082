"""Under which heading a public name stands in the reference; a new name stands among the others until it is sorted."""

from __future__ import annotations

Topics = dict[str, tuple[str, ...]]

OTHERS = "Others"

PACKAGES: dict[str, Topics] = {
    "cofactor.loaders": {},
    "cofactor.cohort": {},
    "cofactor.synthetic": {},
    "cofactor.survey": {
        "Designs": ("SurveyDesign",),
        "Describe": (
            "weighted_mean",
            "weighted_total",
            "weighted_ratio",
            "weighted_proportion",
            "weighted_quantile",
            "standardize",
            "us2000_population",
        ),
        "Compare groups": ("t_test", "rank_test", "trend_test", "chi_square_test"),
        "Replicate weights": ("replicate_weights", "replicate"),
        "Estimates and their influence": ("Estimate", "from_influence", "linear", "delta", "joint"),
        "Results": ("ChiSquareTest", "RankTest", "ReplicateWeights", "Replicated", "WaldTest"),
    },
    "cofactor.models": {
        "Survival": (
            "fit_cox",
            "fit_cause_specific",
            "fit_fine_gray",
            "kaplan_meier",
            "nelson_aalen",
            "cumulative_incidence",
            "crude_risk",
            "rmst",
            "predict",
            "standardized_risk",
            "proportional_hazards_test",
            "cox_residuals",
        ),
        "Other regressions": (
            "fit_glm",
            "fit_ordinal",
            "fit_quantile",
            "average_marginal_effect",
            "marginal_means",
            "predict_levels",
            "proportional_odds_test",
            "equal_slopes_test",
            "slope_difference",
        ),
        "Interaction": (
            "reri",
            "interaction_table",
            "interaction_heterogeneity",
            "compare_interactions",
        ),
        "Dose and response": ("rcs", "dose_response", "surface", "change_point", "energy_adjusted"),
        "Ask a fit": ("contrast", "wald_test", "adjust_pvalues", "e_value"),
        "Missing data": ("impute", "pool", "response_weights"),
        "What an estimate rests on": ("design_effects", "leave_out", "most_influential"),
        "Results": (
            "ChangePoint",
            "ComparedRisks",
            "Counts",
            "CumulativeIncidence",
            "Curve",
            "DoseResponseCurve",
            "EValue",
            "Fit",
            "Imputations",
            "InteractionComparison",
            "InteractionTable",
            "MarginalMeans",
            "Pooled",
            "ProportionalHazardsTest",
            "ProportionalOddsTest",
            "QuantileFit",
            "ResponseWeights",
            "RestrictedMeans",
            "Surface",
        ),
    },
    "cofactor.study": {},
    "cofactor.report": {},
    "cofactor.report.figures": {},
    "cofactor.teach": {},
    "cofactor.errors": {},
}
"""Package -> heading -> names, in the order of the page."""
