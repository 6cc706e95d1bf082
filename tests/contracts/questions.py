"""Rows of the contract: what is asked of a fit."""

from __future__ import annotations

from typing import Any

import numpy as np

from cofactor.models import (
    average_marginal_effect,
    compare_interactions,
    contrast,
    covariances,
    design_effects,
    dose_response,
    error_dial,
    fit_glm,
    interaction_heterogeneity,
    interaction_table,
    leave_out,
    marginal_means,
    most_influential,
    regression_calibration,
    reliability,
    reri,
    surface,
    wald_test,
)
from cofactor.survey import SurveyDesign, joint

from .row import Row, figures


def gaussian(d: SurveyDesign) -> Any:
    return fit_glm(d, "y ~ z + group")


def product(d: SurveyDesign) -> Any:
    return fit_glm(d, "count ~ flag * group", family="poisson")


def two_interactions(d: SurveyDesign) -> Any:
    fits = {name: fit_glm(d, f"{name} ~ flag * group", link="log") for name in ("z", "exact")}
    return compare_interactions({name: reri(fit, "flag", "group") for name, fit in fits.items()}).differences


def by_half(d: SurveyDesign) -> Any:
    fit = fit_glm(d, "z ~ flag * group * half", link="log")
    return interaction_heterogeneity(fit, "flag", "group", "half").differences


def without_groups(d: SurveyDesign) -> np.ndarray:
    return leave_out(gaussian(d), "third").sort_values(["third", "term"])["without"].to_numpy()


def of_intake(d: SurveyDesign) -> Any:
    return fit_glm(d, "y ~ intake + group")


def measured(d: SurveyDesign) -> Any:
    return reliability(of_intake(d), {"intake": ("first", "second")})


COUNTED = {"repeated rows": "counts rows", "repeated rows' errors": "counts rows"}

QUESTIONS = {
    "contrast": Row(lambda d: contrast(gaussian(d), {"z": 3, "group": "b"}, {"z": 1, "group": "a"})),
    "wald_test": figures(lambda d: (lambda test: [test.f, test.p])(wald_test(gaussian(d), ["z", "group"]))),
    "dose_response": Row(lambda d: dose_response(fit_glm(d, "y ~ poly(z, 2)"), "z", [2, 5], reference=3)),
    "surface": Row(lambda d: surface(fit_glm(d, "y ~ z * exact"), "z", "exact", [1, 3], [2, 5], reference=(2, 3))),
    "reri": Row(lambda d: reri(product(d), "flag", "group")),
    "interaction_table": figures(lambda d: interaction_table(product(d), "flag", "group").table(), lacks=COUNTED),
    "compare_interactions": Row(two_interactions),
    "interaction_heterogeneity": Row(by_half),
    "marginal_means": Row(lambda d: marginal_means(product(d), "group").means),
    "average_marginal_effect": Row(lambda d: average_marginal_effect(fit_glm(d, "count ~ z", family="poisson"), "z")),
    "joint: two models": Row(lambda d: joint(fit_glm(d, "y ~ z").estimate, gaussian(d).estimate)),
    "design_effects": figures(lambda d: design_effects(gaussian(d)), lacks=COUNTED),
    "covariances": figures(lambda d: covariances(gaussian(d)).table()[["scaled", "robust", "design"]], lacks=COUNTED),
    "leave_out": figures(without_groups),
    "error_dial": Row(lambda d: error_dial(of_intake(d), "intake", [0.4, 0.8])),
    "reliability": Row(lambda d: measured(d).of_terms),
    "regression_calibration": Row(lambda d: regression_calibration(of_intake(d), measured(d))),
    "most_influential": figures(
        lambda d: most_influential(gaussian(d), "z", 3)["without"],
        lacks={"repeated rows": "leaves out a row, which is a person"},
    ),
}
