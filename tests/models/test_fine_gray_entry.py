"""Fine-Gray models with delayed entry, strata and an offset: against finegray of R, and by the derivative in weights.

R's coefficients and weighted dfbeta are those of coxph on the rows of finegray(), its curves unweighted and known.
"""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from cofactor.errors import FitError, UnknownVariableError
from cofactor.models import fit_cox, fit_fine_gray, predict
from cofactor.survey import SurveyDesign

FOLDER = Path(__file__).parent.parent / "reference" / "competing"
EXPECTED = json.loads((FOLDER / "finegray.json").read_text())["models"]
ROLES = {"event": "died", "cause": "cause", "of": "heart"}
CASES = {
    "delayed entry": {"entry": "late"},
    "strata": {"strata": "flag"},
    "offset": {"offset": "push"},
    "all three, by cycle": {"entry": "late", "strata": "flag", "offset": "push", "censoring_by": "half"},
}


@pytest.fixture(scope="module")
def survey() -> pd.DataFrame:
    data = pd.read_csv(FOLDER / "data.csv")
    late_time = np.minimum(data["late"] + data["x"] / 1000, data["time"] * 0.9)
    return data.assign(push=data["x"] / 100, late_time=late_time, half=data["strata"] % 2)


@pytest.fixture(scope="module")
def design(survey) -> SurveyDesign:
    return SurveyDesign(survey, weight="weight")


def by_r(design, case, **more):
    asked = case["asked"]
    terms = "age + x" if "strata" in asked else "age + x + flag"
    return fit_fine_gray(design, terms, **ROLES, censoring_by=None, censoring_weighted=False, **asked, **more)


@pytest.mark.parametrize("case", EXPECTED.values(), ids=EXPECTED)
def test_coefficients_information_and_influence_match_r(design, case):
    fit = by_r(design, case)
    np.testing.assert_allclose(fit.coefficients, case["coefficients"], rtol=1e-9)
    np.testing.assert_allclose(fit.naive_covariance, case["naive"], rtol=1e-9)
    np.testing.assert_allclose([fit.null_log_likelihood, fit.log_likelihood], case["loglik"], rtol=1e-11)
    psu = design.data["strata"].astype(str) + " " + design.data["psu"].astype(str)
    totals = pd.DataFrame(fit.influence()).groupby(psu).sum().loc[case["psus"]].to_numpy()
    np.testing.assert_allclose(totals, case["totals"], rtol=1e-8, atol=1e-12)


@pytest.mark.parametrize("asked", CASES.values(), ids=CASES)
def test_influence_is_the_derivative_in_the_weights_the_curves_included(design, asked):
    new = pd.DataFrame({"age": [50.0, 70.0], "flag": [0, 1], "push": [0.5, 0.6]})

    def made(part):
        fit = fit_fine_gray(part, "age", **ROLES, **{"time": "months", "censoring_by": None, **asked})
        predicted = predict(fit, new, at=[12, 40, 60], kind="risk")
        return np.concatenate([fit.estimate.values, predicted.values]), fit, predicted

    _, fit, predicted = made(design)
    influence = np.hstack([fit.influence(), predicted.influence()])
    np.testing.assert_allclose(influence.sum(axis=0), 0.0, atol=1e-11)
    step = 1e-4
    for row in range(0, 900, 101):
        weights = [design.weights.copy() for _ in range(2)]
        weights[0][row] *= 1.0 + step
        weights[1][row] *= 1.0 - step
        up, down = (made(design.with_weights(w))[0] for w in weights)
        np.testing.assert_allclose(influence[row], (up - down) / (2 * step), atol=2e-9)


def test_the_curve_of_entry_counts_in_the_influence(design):
    model = fit_fine_gray(design, "age + x", time="months", entry="late", **ROLES).extra["model"]
    held = replace(model.sets.entries, weighted=False)
    without = replace(model, sets=replace(model.sets, entries=held))
    assert np.abs(without() - model()).max() > 1e-4


def test_without_competing_events_they_are_those_of_the_cox_model(survey):
    data = SurveyDesign(survey.assign(cause="heart"), weight="weight")
    asked = {"entry": "late", "strata": "flag", "offset": "push", "time": "months"}
    subdistribution = fit_fine_gray(data, "age", **ROLES, **asked)
    cox = fit_cox(data, "age", event="died", **asked)
    np.testing.assert_allclose(subdistribution.coefficients, cox.coefficients, rtol=1e-9)
    np.testing.assert_allclose(subdistribution.covariance, cox.covariance, rtol=1e-8)
    new = pd.DataFrame({"age": [60.0], "flag": [1], "push": [0.4]})
    one, other = (predict(fit, new, at=[20, 50]) for fit in (subdistribution, cox))
    np.testing.assert_allclose(one.values, other.values, rtol=1e-9)
    np.testing.assert_allclose(one.covariance, other.covariance, rtol=1e-8)


def test_people_who_all_enter_at_once_change_nothing(survey):
    plain = fit_fine_gray(SurveyDesign(survey, weight="weight"), "age", time="months", **ROLES)
    begun = SurveyDesign(survey.assign(begin=0), weight="weight")
    entered = fit_fine_gray(begun, "age", time="months", entry="begin", **ROLES)
    np.testing.assert_allclose(entered.coefficients, plain.coefficients, rtol=1e-10)
    np.testing.assert_allclose(entered.covariance, plain.covariance, rtol=1e-9)


@pytest.mark.parametrize(
    ("change", "asked", "error", "message"),
    [
        ({}, {"entry": "months"}, FitError, "leave .* no later than they enter"),
        ({}, {"entry": "begun"}, UnknownVariableError, "begun"),
        ({}, {"offset": "offsets"}, UnknownVariableError, "offsets"),
        ({"push": np.inf}, {"offset": "push"}, FitError, "infinite"),
    ],
)
def test_bad_input_is_refused(survey, change, asked, error, message):
    with pytest.raises(error, match=message):
        fit_fine_gray(SurveyDesign(survey.assign(**change), weight="weight"), "age", **ROLES, time="months", **asked)


def test_a_gap_in_observation_is_an_error_that_says_when():
    early = pd.DataFrame({"begin": 0.0, "months": [2.0, 3.0, 4.0, 4.0], "died": 1, "cause": ["heart", "other"] * 2})
    later = pd.DataFrame({"begin": 5.0, "months": [6.0, 7.0, 8.0, 9.0], "died": 1, "cause": ["heart", "other"] * 2})
    data = pd.concat([early, later], ignore_index=True)
    data = data.assign(weight=1.0, strata=1, psu=np.arange(8) // 2, x=[0.3, 1.0, 0.7, 0.1, 0.4, 0.9, 0.6, 0.2])
    with pytest.raises(FitError, match="at 3 these curves are 0: with late entry there are times"):
        fit_fine_gray(
            SurveyDesign(data, weight="weight"), "x", time="months", entry="begin", censoring_by=None, **ROLES
        )
