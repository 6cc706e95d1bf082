"""Standardised risks against R's survfit, the derivative in the weights and the jackknife."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from cofactor.errors import FitError, UnknownVariableError
from cofactor.models import fit_cox, fit_glm, standardized_risk
from cofactor.survey import SurveyDesign, replicate

FOLDER = Path(__file__).parent.parent / "reference" / "cox"
EXPECTED = json.loads((FOLDER / "standardized.json").read_text())
TIMES = EXPECTED["times"]
FORMULA = "age + x + flag * group"


@pytest.fixture(scope="module")
def design() -> SurveyDesign:
    data = pd.read_csv(FOLDER / "data.csv")
    data["group"] = pd.Categorical(data["group"], categories=["low", "middle", "high"])
    return SurveyDesign(data, weight="weight")


def fitted(design, **options):
    return fit_cox(design, FORMULA, time="months", event="died", **options)


def risk(design, **options):
    return standardized_risk(fitted(design, **options), "group", ["low", "high"], at=TIMES)


@pytest.mark.parametrize("ties", ["efron", "breslow"])
def test_risks_match_survfit_averaged_over_the_people(design, ties):
    fit = fitted(design, ties=ties)
    expected = EXPECTED["risks"][ties]
    alone = standardized_risk(fit, "group", ["low", "high"], at=TIMES)
    np.testing.assert_allclose(
        alone.risks.values, np.stack([expected["low"], expected["high"]], axis=1).ravel(), rtol=1e-8
    )
    pairs = standardized_risk(fit, "group", ["low", "high"], at=TIMES, modifier="flag", modifier_levels=[0, 1])
    cells = [expected[name] for name in ("low_0", "high_0", "low_1", "high_1")]
    np.testing.assert_allclose(pairs.risks.values, np.stack(cells, axis=1).ravel(), rtol=1e-8)
    of_time = np.array(cells)
    excess = of_time[3] - of_time[2] - of_time[1] + of_time[0]
    np.testing.assert_allclose(pairs.interaction.values, excess, rtol=1e-6)


@pytest.mark.parametrize(
    "options",
    [{}, {"ties": "breslow"}, {"strata": "site"}, {"entry": "late"}],
    ids=["efron", "breslow", "strata", "delayed entry"],
)
def test_influence_is_the_derivative_in_the_weights(design, options):
    made = risk(design, **options).risks
    influence = made.influence()
    used = np.flatnonzero(fitted(design, **options).used_rows & design.data["died"].astype(bool).to_numpy())
    for row in [*used[[0, 7, 50]], int(np.flatnonzero(design.data["died"] == 0)[3])]:
        step = 1e-3 * design.weights[row]
        moved = []
        for sign in (1.0, -1.0):
            weights = design.weights.copy()
            weights[row] += sign * step
            moved.append(risk(design.with_weights(weights), **options).risks.values)
        derivative = (moved[0] - moved[1]) / (2.0 * step) * design.weights[row]
        np.testing.assert_allclose(influence[row], derivative, rtol=2e-5, atol=1e-9)


def test_influence_sums_to_zero(design):
    made = risk(design.within("age > 40")).risks
    influence = made.influence()
    assert np.abs(influence.sum(axis=0)).max() < 1e-10
    assert not influence[~made.design.in_domain].any()


def test_errors_are_close_to_the_jackknife(design):
    found = risk(design)
    again = replicate(design, lambda part: risk(part).differences)
    np.testing.assert_allclose(found.differences.se, again.se, rtol=0.1)


def test_a_domain_is_a_weight_of_zero(design):
    inside = design.data["age"].to_numpy() > 40
    zero = design.with_weights(np.where(inside, design.weights, 0.0))
    one, other = risk(design.within("age > 40")), risk(zero)
    np.testing.assert_allclose(one.differences.values, other.differences.values, rtol=1e-10)
    np.testing.assert_allclose(one.differences.se, other.differences.se, rtol=1e-8)


def test_differences_ratios_and_number_needed_agree_with_the_risks(design):
    made = risk(design)
    low, high = made.risks.values.reshape(2, 2).T
    np.testing.assert_allclose(made.differences.values, high - low, rtol=1e-12)
    np.testing.assert_allclose(np.exp(made.ratios.values), high / low, rtol=1e-12)
    needed = made.number_needed()
    np.testing.assert_allclose(needed["estimate"], 1.0 / (high - low), rtol=1e-12)
    table = made.differences.table()
    holds_zero = (table["low"] <= 0) & (table["high"] >= 0)
    assert needed["low"].isna().tolist() == holds_zero.tolist()


def test_intervals_of_risks_stay_between_0_and_1(design):
    table = risk(design).table(level=0.9999)
    assert ((table["low"] > 0) & (table["high"] < 1) & (table["low"] < table["estimate"])).all()


@pytest.mark.parametrize(
    ("change", "error", "says"),
    [
        ({"exposure": "sex"}, UnknownVariableError, "sex"),
        ({"levels": ["low"]}, FitError, "two or more"),
        ({"levels": ["low", "none"]}, FitError, "no level 'none'"),
        ({"at": 0}, FitError, "above 0"),
        ({"at": 1e6}, FitError, "nobody is followed"),
    ],
)
def test_nonsense_says_what_is_wrong(design, change, error, says):
    asked = {"exposure": "group", "levels": ["low", "high"], "at": 24} | change
    with pytest.raises(error, match=says):
        standardized_risk(fitted(design), **asked)


def test_another_model_is_refused(design):
    with pytest.raises(FitError, match="needs a Cox model"):
        standardized_risk(fit_glm(design, "died ~ group", family="poisson"), "group", ["low", "high"], at=24)
