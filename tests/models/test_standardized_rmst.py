"""Standardised restricted means: R's survfit, the area under predicted curves, derivative in weights, jackknife."""

from __future__ import annotations

import importlib
import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from cofactor.errors import FitError, UnknownVariableError
from cofactor.models import fit_cox, fit_fine_gray, standardized_risk, standardized_rmst
from cofactor.survey import SurveyDesign, replicate

FOLDER = Path(__file__).parent.parent / "reference" / "cox"
EXPECTED = json.loads((FOLDER / "standardized_rmst.json").read_text())
FORMULA = "age + x + flag * group"


@pytest.fixture(scope="module")
def design() -> SurveyDesign:
    data = pd.read_csv(FOLDER / "data.csv")
    data["group"] = pd.Categorical(data["group"], categories=["low", "middle", "high"])
    return SurveyDesign(data, weight="weight")


def fitted(design, time="months", **options):
    return fit_cox(design, FORMULA, time=time, event="died", **options)


def mean(design, until=36.0, **options):
    return standardized_rmst(fitted(design, **options), "group", ["low", "high"], until=until)


@pytest.mark.parametrize("ties", ["efron", "breslow"])
def test_means_match_the_area_under_survfit_averaged_over_the_people(design, ties):
    expected = EXPECTED["means"][ties]
    fit = fitted(design, ties=ties)
    alone = standardized_rmst(fit, "group", ["low", "high"], until=EXPECTED["until"])
    np.testing.assert_allclose(alone.means.values, [expected["low"], expected["high"]], rtol=1e-8)
    pairs = standardized_rmst(
        fit, "group", ["low", "high"], until=EXPECTED["until"], modifier="flag", modifier_levels=[0, 1]
    )
    cells = [expected[name] for name in ("low_0", "high_0", "low_1", "high_1")]
    np.testing.assert_allclose(pairs.means.values, cells, rtol=1e-8)
    np.testing.assert_allclose(pairs.differences.values, np.subtract(cells[1:], cells[0]), rtol=1e-6)


@pytest.mark.parametrize(
    "options",
    [{}, {"ties": "breslow"}, {"strata": "site"}, {"entry": "late"}, {"time": "time"}],
    ids=["efron", "breslow", "strata", "delayed entry", "untied"],
)
def test_it_is_the_area_under_the_standardised_survival_and_influence_its_derivative(design, options, monkeypatch):
    monkeypatch.setattr(
        importlib.import_module("cofactor.models.standardized_rmst"), "BLOCK", 5_000
    )  # several blocks of times
    fit = fitted(design, **options)
    grid = np.append(np.unique(design.data.loc[design.data["died"] == 1, options.get("time", "months")]), np.inf)
    grid = np.append(grid[grid < 36.0], 36.0)
    risks = standardized_risk(fit, "group", ["low", "high"], at=grid).risks
    widths = np.append(np.diff(grid), 0.0)
    area = grid[0] + widths @ (1.0 - risks.values.reshape(-1, 2))
    made = mean(design, **options).means
    np.testing.assert_allclose(made.values, area, rtol=1e-12)
    influence = made.influence()
    assert np.abs(influence.sum(axis=0)).max() < 1e-8
    for row in (*np.flatnonzero(fit.used_rows & design.data["died"].astype(bool))[[2, 40]],
                np.flatnonzero(design.data["died"] == 0)[3]):  # fmt: skip
        step = 1e-3 * design.weights[row]
        moved = []
        for sign in (1.0, -1.0):
            weights = design.weights.copy()
            weights[row] += sign * step
            moved.append(mean(design.with_weights(weights), **options).means.values)
        derivative = (moved[0] - moved[1]) / (2.0 * step) * design.weights[row]
        np.testing.assert_allclose(influence[row], derivative, rtol=5e-5, atol=1e-8)


def test_errors_are_close_to_the_jackknife(design):
    found = mean(design)
    again = replicate(design, lambda part: mean(part).differences)
    np.testing.assert_allclose(found.differences.se, again.se, rtol=0.1)


@pytest.mark.parametrize(
    ("change", "error", "says"),
    [
        ({"exposure": "sex"}, UnknownVariableError, "sex"),
        ({"levels": ["low"]}, FitError, "a standardised restricted mean compares levels"),
        ({"levels": ["low", "none"]}, FitError, "no level 'none'"),
        ({"until": 0}, FitError, "above 0"),
        ({"until": 1e6}, FitError, "nobody is followed"),
    ],
)
def test_nonsense_says_what_is_wrong(design, change, error, says):
    asked = {"exposure": "group", "levels": ["low", "high"], "until": 24} | change
    with pytest.raises(error, match=says):
        standardized_rmst(fitted(design), **asked)


def test_a_fine_gray_model_is_refused(design):
    data = design.data.assign(why=np.where(design.data["x"] > 0, "a", "b"))
    fit = fit_fine_gray(
        SurveyDesign(data, weight="weight"),
        "group",
        time="months",
        event="died",
        cause="why",
        of="a",
        censoring_by=None,
    )
    with pytest.raises(FitError, match="needs a Cox model"):
        standardized_rmst(fit, "group", ["low", "high"], until=24)
