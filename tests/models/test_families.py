"""Families and links beyond the canonical ones, against R's svyglm and glm.nb and the derivative in the weights."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from cofactor.errors import FitError
from cofactor.models import fit_glm
from cofactor.survey import SurveyDesign, replicate

FOLDER = Path(__file__).parent.parent / "reference" / "glm"
EXPECTED = json.loads((FOLDER / "families.json").read_text())
OUTCOMES = {"binomial": "event", "gaussian": "x", "gamma": "x"}
TERMS = {"(Intercept)": "Intercept", "groupmiddle": "group[middle]", "grouphigh": "group[high]"}


@pytest.fixture(scope="module")
def design() -> SurveyDesign:
    data = pd.read_csv(FOLDER / "data.csv")
    data["group"] = pd.Categorical(data["group"], categories=["low", "middle", "high"])
    return SurveyDesign(data, weight="weight", domain="domain == 1")


@pytest.mark.parametrize("case", list(EXPECTED["cases"]))
def test_coefficients_and_covariance_match_svyglm(design, case):
    family, link = case.split()
    expected = EXPECTED["cases"][case]
    fit = fit_glm(design, f"{OUTCOMES[family]} ~ flag + group", family=family, link=link)
    order = [[TERMS.get(term, term) for term in expected["terms"]].index(name) for name in fit.terms]
    covariance = np.array(expected["covariance"])[np.ix_(order, order)]
    np.testing.assert_allclose(fit.estimate.values, np.array(expected["coefficients"])[order], rtol=1e-8, atol=1e-10)
    np.testing.assert_allclose(fit.covariance, covariance, rtol=1e-8, atol=1e-8 * np.abs(covariance).max())
    assert fit.counts.n_used == expected["n_used"]


def test_negative_binomial_coefficients_and_dispersion_match_glm_nb(design):
    fit = fit_glm(design, "count ~ x + flag", family="negative binomial")
    expected = EXPECTED["negative_binomial"]
    np.testing.assert_allclose(fit.estimate.values, expected["coefficients"], rtol=1e-6)
    assert fit.extra["alpha"] == pytest.approx(expected["alpha"], rel=1e-6)


def test_negative_binomial_influence_is_the_derivative_in_the_weights(design):
    fit = fit_glm(design, "count ~ x + flag", family="negative binomial")
    influence = fit.influence()
    for row in np.flatnonzero(fit.used_rows)[[0, 40, 200]]:
        step = 1e-4 * design.weights[row]
        moved = []
        for sign in (1.0, -1.0):
            weights = design.weights.copy()
            weights[row] += sign * step
            moved.append(
                fit_glm(design.with_weights(weights), "count ~ x + flag", family="negative binomial").estimate.values
            )
        derivative = (moved[0] - moved[1]) / (2.0 * step) * design.weights[row]
        np.testing.assert_allclose(influence[row], derivative, rtol=1e-4, atol=1e-8)


def test_negative_binomial_errors_are_close_to_the_jackknife(design):
    def model(part):
        return fit_glm(part, "count ~ x + flag", family="negative binomial")

    np.testing.assert_allclose(model(design).estimate.se, replicate(design, model).se, rtol=0.15)


@pytest.mark.parametrize(
    ("outcome", "family", "link", "says"),
    [
        ("I(y - 100)", "gamma", None, "0 or below"),
        ("event", "binomial", "identity", "no link 'identity'; there are: logit, cloglog, log"),
        ("count", "negative binomial", "logit", "has no link"),
        ("event", "negative binomial", None, "no more spread than a Poisson's"),
        ("y", "tweedie", None, "unknown family"),
    ],
)
def test_what_a_family_cannot_have_is_refused(design, outcome, family, link, says):
    with pytest.raises(FitError, match=says):
        fit_glm(design, f"{outcome} ~ flag", family=family, link=link)


def test_a_log_binomial_fit_stays_below_a_risk_of_one(design):
    fit = fit_glm(design, "event ~ flag + group", family="binomial", link="log")
    values = fit.spec.new_rows(design.data.loc[fit.used_rows]) @ fit.estimate.values
    assert values.max() < 0.0
