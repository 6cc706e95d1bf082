"""Residuals of Cox fits against R's coxph (tests/reference/cox/residuals.R) and their own identities."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from cofactor.errors import FitError
from cofactor.models import cox_residuals, fit_cox, fit_glm
from cofactor.survey import SurveyDesign

FOLDER = Path(__file__).parent.parent / "reference" / "cox"
EXPECTED = json.loads((FOLDER / "residuals.json").read_text())["residuals"]
OPTIONS = {"efron": {}, "breslow": {"ties": "breslow"}, "late": {"entry": "late"}, "strata": {"strata": "site"}}
CLOSE = {"rtol": 1e-8, "atol": 1e-9}


@pytest.fixture(scope="module")
def design() -> SurveyDesign:
    return SurveyDesign(pd.read_csv(FOLDER / "data.csv"), weight="weight")


def fitted(design, case):
    return fit_cox(design, "age + x + flag", time="months", event="died", **OPTIONS[case])


@pytest.mark.parametrize("case", OPTIONS)
@pytest.mark.parametrize("kind", ["martingale", "deviance", "score"])
def test_residuals_match_coxph(design, case, kind):
    found = cox_residuals(fitted(design, case), kind).to_numpy()
    expected = np.array(EXPECTED[case][kind])
    scale = np.abs(expected).max()
    np.testing.assert_allclose(found if kind == "score" else found[:, 0], expected, rtol=1e-8, atol=1e-9 * scale)


@pytest.mark.parametrize("case", OPTIONS)
def test_schoenfeld_residuals_match_coxph(design, case):
    found = cox_residuals(fitted(design, case), "schoenfeld")
    sums = found.drop(columns="time").abs().sum()
    np.testing.assert_allclose(sums, [EXPECTED[case]["schoenfeld"][name] for name in sums.index], **CLOSE)
    np.testing.assert_allclose(found["time"], np.sort(EXPECTED[case]["time"]))


@pytest.mark.parametrize("case", OPTIONS)
def test_scaled_schoenfeld_residuals_match_coxph_and_are_the_coefficient_on_average(design, case):
    fit = fitted(design, case)
    found = cox_residuals(fit, "scaled schoenfeld").drop(columns="time")
    np.testing.assert_allclose(found.abs().sum(), [EXPECTED[case]["scaled"][name] for name in found], rtol=1e-7)
    weights = design.weights[design.data.index.get_indexer(found.index)]
    np.testing.assert_allclose(np.average(found, axis=0, weights=weights), fit.estimate.values, rtol=1e-6, atol=1e-9)


def test_weighted_martingale_and_score_residuals_sum_to_zero(design):
    fit = fitted(design, "efron")
    weights = design.weights[fit.used_rows]
    for kind in ("martingale", "score"):
        residuals = cox_residuals(fit, kind).to_numpy()
        assert np.abs(weights @ residuals).max() < 1e-8 * (weights @ np.abs(residuals)).max()


def test_rows_are_named_as_in_the_data(design):
    inside = design.within("age > 40")
    found = cox_residuals(fitted(inside, "efron"))
    assert found.index.tolist() == design.data.index[inside.in_domain].tolist()


def test_nonsense_says_what_is_wrong(design):
    with pytest.raises(FitError, match="there are: martingale"):
        cox_residuals(fitted(design, "efron"), "pearson")
    with pytest.raises(FitError, match="needs a Cox model"):
        cox_residuals(fit_glm(design, "died ~ age", family="poisson"))
