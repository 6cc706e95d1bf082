"""Nelson-Aalen curves, restricted means and crude risks against R, by hand, and by the derivative in the weights."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from cofactor.errors import FitError
from cofactor.models import crude_risk, kaplan_meier, nelson_aalen, rmst
from cofactor.survey import SurveyDesign, replicate

FOLDER = Path(__file__).parent.parent / "reference" / "cox"
EXPECTED = json.loads((FOLDER / "curves.json").read_text())
ROLES = {"time": "months", "event": "died"}
LEVELS = ("low", "middle", "high")


@pytest.fixture(scope="module")
def design() -> SurveyDesign:
    data = pd.read_csv(FOLDER / "data.csv")
    data["group"] = pd.Categorical(data["group"], categories=list(LEVELS))
    return SurveyDesign(data, weight="weight")


@pytest.mark.parametrize("level", LEVELS)
def test_cumulative_hazard_and_its_error_match_svykm(design, level):
    """On untied times: svykm reads its curve at the times of deaths, one by one."""
    expected = EXPECTED["hazards"][level]
    curve = nelson_aalen(design.within(f"group == '{level}'"), time="time", event="died", times=expected["time"])
    np.testing.assert_allclose(curve.table()["cumulative_hazard"], expected["hazard"], rtol=1e-8)
    np.testing.assert_allclose(curve.estimate.se**2, expected["variance"], rtol=1e-8)


def test_restricted_means_match_survfit(design):
    made = rmst(design, **ROLES, by="group", until=60)
    np.testing.assert_allclose(made.means.values, [EXPECTED["means_to_60"][level] for level in LEVELS], rtol=1e-10)


@pytest.mark.parametrize(
    "question",
    [
        lambda design: nelson_aalen(design, **ROLES, by="group", times=[12, 60]).estimate,
        lambda design: nelson_aalen(design, **ROLES, entry="late", times=[12, 60]).estimate,
        lambda design: rmst(design, **ROLES, by="group", until=60).differences,
        lambda design: rmst(design, **ROLES, entry="late", until=60).means,
        lambda design: crude_risk(design, **ROLES, by="group", at=[24, 60]).risks,
        lambda design: crude_risk(design, **ROLES, by="group", at=[24, 60]).ratios,
    ],
    ids=["hazard", "hazard, late entry", "restricted means", "restricted mean, late entry", "risks", "risk ratios"],
)
def test_influence_is_the_derivative_in_the_weights(design, question):
    influence = question(design).influence()
    for row in np.flatnonzero(design.in_domain)[[0, 40, 200, 333]]:
        step = 1e-3 * design.weights[row]
        moved = []
        for sign in (1.0, -1.0):
            weights = design.weights.copy()
            weights[row] += sign * step
            moved.append(question(design.with_weights(weights)).values)
        derivative = (moved[0] - moved[1]) / (2.0 * step) * design.weights[row]
        np.testing.assert_allclose(influence[row], derivative, rtol=1e-4, atol=1e-9)


def test_crude_risks_are_those_of_the_curves(design):
    made = crude_risk(design, **ROLES, by="group", at=[24, 60])
    table = kaplan_meier(design, **ROLES, by="group", times=[24, 60]).table()
    survival = table["survival"].to_numpy().reshape(3, 2)
    np.testing.assert_allclose(made.risks.values.reshape(2, 3), 1.0 - survival.T, rtol=1e-12)
    np.testing.assert_allclose(made.differences.values, (survival[0] - survival[1:]).T.ravel(), rtol=1e-10)
    limits = made.table()[["low", "high"]].to_numpy().reshape(2, 3, 2)
    expected = 1.0 - table[["high", "low"]].to_numpy().reshape(3, 2, 2).swapaxes(0, 1)
    np.testing.assert_allclose(limits, expected, rtol=1e-10)


def test_the_restricted_mean_is_the_area_under_the_curve(design):
    grid = np.arange(0.25, 60.0, 0.5)  # months are whole: each step of the curve lies between two of these
    curve = kaplan_meier(design, **ROLES, times=list(grid)).table()["survival"]
    assert rmst(design, **ROLES, until=60).means.values[0] == pytest.approx(0.5 * curve.sum(), rel=1e-10)


def test_errors_are_close_to_the_jackknife(design):
    found = rmst(design, **ROLES, by="group", until=60).differences
    again = replicate(design, lambda part: rmst(part, **ROLES, by="group", until=60).differences)
    np.testing.assert_allclose(found.se, again.se, rtol=0.1)


def test_the_hazard_is_minus_the_logarithm_of_survival_where_few_die(design):
    times = kaplan_meier(design, **ROLES).table()["time"].head(1).tolist()
    hazard = nelson_aalen(design, **ROLES, times=times).table()["cumulative_hazard"][0]
    survival = kaplan_meier(design, **ROLES, times=times).table()["survival"][0]
    assert hazard == pytest.approx(1.0 - survival, rel=1e-12)


@pytest.mark.parametrize(
    ("call", "says"),
    [
        (lambda d: rmst(d, **ROLES, until=0), "no time above 0"),
        (lambda d: rmst(d, **ROLES, until=1e6), "nobody is followed up to"),
        (lambda d: crude_risk(d, **ROLES, by="group", at=1e6), "nobody with group = low"),
        (lambda d: crude_risk(d.within("group == 'low'"), **ROLES, by="group", at=24), "one group"),
        (lambda d: nelson_aalen(d.within("died == 0"), **ROLES), "no event"),
    ],
)
def test_nonsense_says_what_is_wrong(design, call, says):
    with pytest.raises(FitError, match=says):
        call(design)
