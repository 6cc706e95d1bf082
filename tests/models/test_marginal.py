"""Marginal means against R's svypredmeans, and effects against the derivative in the weights and by hand."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from cofactor.errors import FitError, UnknownVariableError
from cofactor.models import average_marginal_effect, fit_cox, fit_glm, marginal_means
from cofactor.survey import SurveyDesign, replicate

FOLDER = Path(__file__).parent.parent / "reference" / "glm"
EXPECTED = json.loads((FOLDER / "margins.json").read_text())["means"]
OUTCOMES = {"gaussian": "y", "binomial": "event", "poisson": "count"}


@pytest.fixture(scope="module")
def design() -> SurveyDesign:
    data = pd.read_csv(FOLDER / "data.csv")
    data["group"] = pd.Categorical(data["group"], categories=["low", "middle", "high"])
    return SurveyDesign(data, weight="weight", domain="known(x) and known(group)")


def fitted(design, family="binomial", right="x + flag + group"):
    return fit_glm(design, f"{OUTCOMES[family]} ~ {right}", family=family)


@pytest.mark.parametrize("family", list(OUTCOMES))
def test_means_match_svypredmeans(design, family):
    made = marginal_means(fitted(design, family), "group")
    expected = [EXPECTED[family][level] for level in ("low", "middle", "high")]
    np.testing.assert_allclose(made.means.values, expected, rtol=1e-8)


@pytest.mark.parametrize(
    "question",
    [
        lambda fit: marginal_means(fit, "group").means,
        lambda fit: marginal_means(fit, "x", [40, 60]).differences,
        lambda fit: average_marginal_effect(fit, "x"),
    ],
    ids=["levels", "numbers", "effect"],
)
def test_influence_is_the_derivative_in_the_weights(design, question):
    def found(part):
        return question(fitted(part, right="rcs(x, [30, 45, 55, 70]) * flag + group"))

    influence = found(design).influence()
    for row in np.flatnonzero(design.in_domain)[[0, 40, 200]]:
        step = 1e-3 * design.weights[row]
        moved = []
        for sign in (1.0, -1.0):
            weights = design.weights.copy()
            weights[row] += sign * step
            moved.append(found(design.with_weights(weights)).values)
        derivative = (moved[0] - moved[1]) / (2.0 * step) * design.weights[row]
        np.testing.assert_allclose(influence[row], derivative, rtol=1e-4, atol=1e-9)


def test_effects_of_a_linear_model_are_its_coefficients(design):
    fit = fitted(design, "gaussian")
    assert average_marginal_effect(fit, "x").values[0] == pytest.approx(fit.coefficient("x"), rel=1e-8)
    differences = marginal_means(fit, "group").differences
    expected = [fit.coefficient("group[middle]"), fit.coefficient("group[high]")]
    np.testing.assert_allclose(differences.values, expected, rtol=1e-10)
    np.testing.assert_allclose(
        differences.se, fit.table().set_index("term").loc[["group[middle]", "group[high]"], "se"]
    )


def test_ratios_of_a_log_model_without_products_are_its_own(design):
    fit = fitted(design, "poisson")
    ratios = marginal_means(fit, "group").ratios
    np.testing.assert_allclose(ratios.values, [fit.coefficient("group[middle]"), fit.coefficient("group[high]")])


def test_there_is_no_ratio_of_a_mean_that_is_not_positive(design):
    fit = fit_glm(design, "I(y - 10) ~ x + flag", family="gaussian")
    made = marginal_means(fit, "x", [10, 90])
    assert made.ratios is None
    assert made.differences.values[0] == pytest.approx(80 * fit.coefficient("x"))


def test_errors_are_close_to_the_jackknife(design):
    found = marginal_means(fitted(design), "group").differences
    again = replicate(design, lambda part: marginal_means(fitted(part), "group").differences)
    np.testing.assert_allclose(found.se, again.se, rtol=0.15)


@pytest.mark.parametrize(
    ("call", "error", "says"),
    [
        (lambda fit: marginal_means(fit, "sex"), UnknownVariableError, "sex"),
        (lambda fit: marginal_means(fit, "x"), FitError, "is a number"),
        (lambda fit: marginal_means(fit, "x", [3]), FitError, "two or more"),
        (lambda fit: marginal_means(fit, "group", ["low", "none"]), FitError, "no level 'none'"),
        (lambda fit: average_marginal_effect(fit, "group"), FitError, "is no number"),
    ],
)
def test_nonsense_says_what_is_wrong(design, call, error, says):
    with pytest.raises(error, match=says):
        call(fitted(design))


def test_a_cox_model_is_refused(design):
    data = design.data.assign(months=np.arange(len(design.data)) % 9 + 1.0)
    fit = fit_cox(SurveyDesign(data, weight="weight"), "x + group", time="months", event="event")
    with pytest.raises(FitError, match="generalised linear model"):
        marginal_means(fit, "group")
