"""Cox models with an offset against R's svycoxph and the derivative in the weights."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from cofactor.errors import UnknownVariableError
from cofactor.models import fit_cox, predict, proportional_hazards_test, standardized_risk
from cofactor.survey import SurveyDesign

FOLDER = Path(__file__).parent.parent / "reference" / "cox"
EXPECTED = json.loads((FOLDER / "offset.json").read_text())["fits"]


@pytest.fixture(scope="module")
def design() -> SurveyDesign:
    data = pd.read_csv(FOLDER / "data.csv")
    return SurveyDesign(data.assign(fixed=0.02 * data["age"]), weight="weight")


def fitted(design, ties="efron", offset="fixed"):
    return fit_cox(design, "x + flag", time="months", event="died", offset=offset, ties=ties)


@pytest.mark.parametrize("ties", ["efron", "breslow"])
def test_coefficients_covariance_and_likelihood_match_svycoxph(design, ties):
    fit, expected = fitted(design, ties), EXPECTED[ties]
    np.testing.assert_allclose(fit.estimate.values, expected["coefficients"], rtol=1e-8)
    covariance = np.array(expected["covariance"])
    np.testing.assert_allclose(fit.covariance, covariance, rtol=1e-8, atol=1e-8 * np.abs(covariance).max())
    np.testing.assert_allclose([fit.null_log_likelihood, fit.log_likelihood], expected["loglik"], rtol=1e-10)


@pytest.mark.parametrize(
    "question",
    [
        lambda fit: fit.estimate,
        lambda fit: standardized_risk(fit, "flag", [0, 1], at=24).risks,
        lambda fit: predict(fit, pd.DataFrame({"x": [50.0], "flag": [1], "fixed": [0.5]}), at=24),
    ],
    ids=["coefficients", "standardised risk", "prediction"],
)
def test_influence_is_the_derivative_in_the_weights(design, question):
    influence = question(fitted(design)).influence()
    for row in np.flatnonzero(design.in_domain)[[3, 77, 301]]:
        step = 1e-3 * design.weights[row]
        moved = []
        for sign in (1.0, -1.0):
            weights = design.weights.copy()
            weights[row] += sign * step
            moved.append(question(fitted(design.with_weights(weights))).values)
        derivative = (moved[0] - moved[1]) / (2.0 * step) * design.weights[row]
        np.testing.assert_allclose(influence[row], derivative, rtol=2e-5, atol=1e-10)


def test_an_offset_of_a_fitted_term_leaves_the_others_as_they_were(design):
    whole = fit_cox(design, "x + flag + age", time="months", event="died")
    data = design.data.assign(fixed=whole.coefficient("age") * design.data["age"])
    part = fitted(SurveyDesign(data, weight="weight"))
    np.testing.assert_allclose(part.estimate.values, whole.estimate.values[:2], rtol=1e-6)


def test_a_constant_offset_changes_nothing(design):
    constant = SurveyDesign(design.data.assign(fixed=3.0), weight="weight")
    np.testing.assert_allclose(fitted(constant).estimate.values, fitted(design, offset=None).estimate.values, rtol=1e-8)


def test_proportional_hazards_are_tested_with_the_offset(design):
    assert proportional_hazards_test(fitted(design)).table()["p"].notna().all()


def test_an_offset_that_is_not_there_is_named(design):
    with pytest.raises(UnknownVariableError, match="fixd"):
        fitted(design, offset="fixd")
