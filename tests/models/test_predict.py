"""Predictions of Cox models against R's survfit, the derivative in the weights and the jackknife."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from cofactor.errors import FitError, FormulaError, UnknownVariableError
from cofactor.models import fit_cox, fit_glm, kaplan_meier, predict
from cofactor.survey import SurveyDesign, replicate

FOLDER = Path(__file__).parent.parent / "reference" / "cox"
EXPECTED = json.loads((FOLDER / "predicted.json").read_text())
ROWS = pd.DataFrame({"age": [40.0, 70.0], "x": [50.0, 60.0], "flag": [0, 1], "group": ["low", "high"],
                     "site": ["north", "south"]}, index=["young", "old"])  # fmt: skip
KINDS = ("survival", "risk", "cumulative hazard")
OPTIONS = [{}, {"ties": "breslow"}, {"strata": "site"}, {"entry": "late"}]
NAMES = ["efron", "breslow", "strata", "delayed entry"]


@pytest.fixture(scope="module")
def design() -> SurveyDesign:
    data = pd.read_csv(FOLDER / "data.csv")
    data["group"] = pd.Categorical(data["group"], categories=["low", "middle", "high"])
    return SurveyDesign(data, weight="weight")


def fitted(design, **options):
    return fit_cox(design, "age + x + flag + group", time="months", event="died", **options)


@pytest.mark.parametrize(("options", "name"), list(zip(OPTIONS, NAMES, strict=True)), ids=NAMES)
def test_survival_matches_survfit(design, options, name):
    found = predict(fitted(design, **options), ROWS, at=EXPECTED["times"])
    np.testing.assert_allclose(found.values, np.ravel(EXPECTED["survival"][name]), rtol=1e-8)
    assert found.labels[["row", "time"]].to_numpy().tolist()[0] == ["young", EXPECTED["times"][0]]


@pytest.mark.parametrize("options", OPTIONS, ids=NAMES)
def test_influence_is_the_derivative_in_the_weights(design, options):
    def found(part):
        return predict(fitted(part, **options), ROWS, at=[24, 60], kind="risk")

    influence = found(design).influence()
    known = fitted(design, **options).used_rows
    for row in np.flatnonzero(known)[[3, 99, 201]]:
        step = 1e-3 * design.weights[row]
        moved = []
        for sign in (1.0, -1.0):
            weights = design.weights.copy()
            weights[row] += sign * step
            moved.append(found(design.with_weights(weights)).values)
        derivative = (moved[0] - moved[1]) / (2.0 * step) * design.weights[row]
        np.testing.assert_allclose(influence[row], derivative, rtol=2e-5, atol=1e-10)


def test_totals_of_psus_are_those_of_the_influence(design):
    from cofactor.survey.variance import psu_totals

    made = predict(fitted(design, strata="site"), ROWS, at=[24, 60])
    np.testing.assert_allclose(psu_totals(design, made.influence()), made.psu_totals, rtol=1e-8, atol=1e-14)


def test_survival_risk_and_hazard_say_the_same(design):
    fit = fitted(design)
    survival, risk, hazard = (predict(fit, ROWS, at=[24, 60], kind=kind).table() for kind in KINDS)
    for column, mirrored in (("estimate", "estimate"), ("low", "high"), ("high", "low")):
        np.testing.assert_allclose(risk[column], 1.0 - survival[mirrored], rtol=1e-12)
        np.testing.assert_allclose(np.exp(-hazard[mirrored]), survival[column], rtol=1e-10)


def test_errors_are_close_to_the_jackknife(design):
    found = predict(fitted(design), ROWS, at=24)
    again = replicate(design, lambda part: predict(fitted(part), ROWS, at=24))
    np.testing.assert_allclose(found.se, again.se, rtol=0.15)


def test_without_a_difference_between_people_it_is_nearly_the_kaplan_meier_curve(design):
    data = design.data.assign(noise=np.tile([0.0, 1.0], len(design.data))[: len(design.data)])
    part = SurveyDesign(data, weight="weight")
    fit = fit_cox(part, "noise", time="months", event="died")
    middle = pd.DataFrame({"noise": [float(fit.extra["centre"]["noise"])]})
    made, curve = predict(fit, middle, at=24), kaplan_meier(part, time="months", event="died", times=[24])
    assert made.values[0] == pytest.approx(curve.table()["survival"][0], abs=0.01)
    assert made.se[0] == pytest.approx(curve.table()["se"][0], rel=0.1)


@pytest.mark.parametrize(
    ("change", "error", "says"),
    [
        ({"rows": ROWS.drop(columns="x")}, UnknownVariableError, "x"),
        ({"rows": ROWS.assign(group="none")}, FormulaError, "none"),
        ({"rows": ROWS.assign(age=np.nan)}, FormulaError, "missing"),
        ({"rows": ROWS.iloc[:0]}, FitError, "empty"),
        ({"at": 1e6}, FitError, "nobody is followed"),
        ({"kind": "median"}, FitError, "there are: survival"),
    ],
)
def test_nonsense_says_what_is_wrong(design, change, error, says):
    asked = {"rows": ROWS, "at": 24} | change
    with pytest.raises(error, match=says):
        predict(fitted(design), asked.pop("rows"), **asked)


def test_an_unseen_cox_stratum_is_refused(design):
    with pytest.raises(FitError, match="no Cox stratum with site = west"):
        predict(fitted(design, strata="site"), ROWS.assign(site="west"), at=24)


def test_another_model_is_refused(design):
    with pytest.raises(FitError, match="needs a Cox model"):
        predict(fit_glm(design, "died ~ age", family="poisson"), ROWS, at=24)
