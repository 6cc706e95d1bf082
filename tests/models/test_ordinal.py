"""Proportional-odds regression against R's svyolr, the derivative in the weights and binary regression."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from cofactor.models.ordinal import fit_ordinal
from cofactor.survey import SurveyDesign
from cofactor.survey.estimate import joint

FOLDER = Path(__file__).parent.parent / "reference" / "ordinal"
EXPECTED = json.loads((FOLDER / "expected.json").read_text())["cases"]
CASES = {"main": ("health ~ x + flag + group", None), "domain": ("health ~ x * flag", "domain == 1")}
LEVELS = ["poor", "fair", "good", "excellent"]


@pytest.fixture(scope="module")
def data() -> pd.DataFrame:
    data = pd.read_csv(FOLDER / "data.csv")
    data["group"] = pd.Categorical(data["group"], categories=["low", "middle", "high"])
    data["health"] = pd.Categorical(data["health"], categories=LEVELS, ordered=True)
    return data


def fitted(data, case="main"):
    formula, domain = CASES[case]
    return fit_ordinal(SurveyDesign(data, weight="weight", domain=domain), formula)


def everything(fit):
    return joint(fit.estimate, fit.extra["thresholds"])


@pytest.mark.parametrize("case", CASES)
def test_slopes_thresholds_covariance_and_influence_match_svyolr(data, case):
    made, expected = everything(fitted(data, case)), EXPECTED[case]["exact"]
    np.testing.assert_allclose(made.values, expected["coef"], rtol=1e-8)
    np.testing.assert_allclose(made.covariance, expected["covariance"], rtol=1e-8, atol=1e-12)
    np.testing.assert_allclose(made.influence()[expected["rows"]], expected["influence"], rtol=1e-8, atol=1e-10)


@pytest.mark.parametrize("case", CASES)
def test_svyolr_itself_is_as_near_as_its_optimiser_goes(data, case):
    made, expected = everything(fitted(data, case)), EXPECTED[case]["svyolr"]
    np.testing.assert_allclose(made.values, expected["coef"], rtol=1e-5)
    np.testing.assert_allclose(made.covariance, expected["covariance"], rtol=2e-3, atol=1e-8)
