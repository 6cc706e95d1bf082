"""Quantile regression against R's quantreg and survey, the weighted quantiles of the house, and the jackknife."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from cofactor.models import fit_quantile
from cofactor.survey import SurveyDesign

REFERENCE = Path(__file__).parent.parent / "reference"
EXPECTED = json.loads((REFERENCE / "quantile" / "expected.json").read_text())["cases"]
CASES = {"main": "y ~ x + flag + group", "domain": "y ~ x * flag", "middle": "y ~ 1"}


@pytest.fixture(scope="module")
def data() -> pd.DataFrame:
    data = pd.read_csv(REFERENCE / "glm" / "data.csv")
    data["group"] = pd.Categorical(data["group"], categories=["low", "middle", "high"])
    return data


@pytest.fixture(scope="module")
def design(data) -> SurveyDesign:
    return SurveyDesign(data, weight="weight", domain="known(x) and known(group)")


@pytest.mark.parametrize("case", CASES)
def test_coefficients_covariance_and_influence_match_r(data, case):
    expected = EXPECTED[case]
    domain = "known(x) and known(group)" + (" and domain == 1" if case == "domain" else "")
    fit = fit_quantile(SurveyDesign(data, weight="weight", domain=domain), CASES[case], expected["taus"])
    np.testing.assert_allclose(fit.estimate.values, np.ravel(expected["coef"]), rtol=1e-9)
    scale = np.sqrt(np.diag(np.atleast_2d(expected["covariance"])))
    np.testing.assert_allclose(
        fit.covariance / np.outer(scale, scale),
        np.atleast_2d(expected["covariance"]) / np.outer(scale, scale),
        atol=1e-8,
    )
    rows = fit.influence()[expected["influence_rows"]]
    np.testing.assert_allclose(rows / scale, np.reshape(expected["influence"], rows.shape) / scale, atol=1e-8)
