"""Regressions on real files of 2007-2008 against R's svyglm: figures of R in tests/reference/glm/nhanes.json."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pyreadstat
import pytest

from cofactor.models import fit_glm, reri
from cofactor.survey import SurveyDesign

EXPECTED = json.loads((Path(__file__).parent.parent / "reference" / "glm" / "nhanes.json").read_text())
SPLINE = "rcs(age, [25, 40, 55, 75])"
FORMULAS = {  # what each model of nhanes.R is called here
    "vitamin": (f"vitamin ~ {SPLINE} + sex + race + bmi", "gaussian"),
    "obese": (f"obese ~ {SPLINE} + sex * low + race", "binomial"),
    "deficient": ("deficient ~ age + sex * obese + race", "poisson"),
}


def columns_2007(mirror: Path) -> pd.DataFrame:
    """Everyone of 2007-2008 with the variables of the models; nhanes.R reads this frame as CSV."""
    folder = mirror / "wwwn.cdc.gov" / "Nchs" / "Data" / "Nhanes" / "Public" / "2007" / "DataFiles"
    frames = [pyreadstat.read_xport(folder / f"{name}_E.xpt")[0].set_index("SEQN") for name in ("DEMO", "VID", "BMX")]
    raw = frames[0].join(frames[1:])
    vitamin, bmi = raw["LBXVIDMS"], raw["BMXBMI"]
    return pd.DataFrame({
        "strata": raw["SDMVSTRA"], "psu": raw["SDMVPSU"], "analysis_weight": raw["WTMEC2YR"],
        "age": raw["RIDAGEYR"].clip(upper=80), "sex": raw["RIAGENDR"].map({1: "male", 2: "female"}),
        "race": "r" + raw["RIDRETH1"].astype(int).astype(str), "bmi": bmi, "vitamin": vitamin,
        "obese": (bmi >= 30).astype(float).mask(bmi.isna()),
        "low": (vitamin < 50).astype(float).mask(vitamin.isna()),
        "deficient": (vitamin < 30).astype(float).mask(vitamin.isna()),
        "adult": (raw["RIDAGEYR"] >= 20).astype(float),
    })  # fmt: skip


@pytest.mark.real_data
@pytest.mark.parametrize("name", list(FORMULAS))
def test_models_of_real_people_match_svyglm(mirror, name):
    formula, family = FORMULAS[name]
    fit = fit_glm(SurveyDesign(columns_2007(mirror), domain="adult == 1"), formula, family=family)
    expected = EXPECTED[name]
    np.testing.assert_allclose(fit.estimate.values, expected["coefficients"], rtol=1e-8)
    np.testing.assert_allclose(fit.estimate.se, expected["se"], rtol=1e-8)
    assert fit.counts.n_used == expected["n_used"]
    assert fit.df == expected["design_df"]


@pytest.mark.real_data
def test_additive_interaction_of_real_people_matches_svycontrast(mirror):
    formula, family = FORMULAS["deficient"]
    fit = fit_glm(SurveyDesign(columns_2007(mirror), domain="adult == 1"), formula, family=family)
    row = reri(fit, "sex", "obese", exposure_levels=("male", "female")).table().iloc[0]
    assert row["estimate"] == pytest.approx(EXPECTED["reri"]["estimate"], rel=1e-7)
    assert row["se"] == pytest.approx(EXPECTED["reri"]["se"], rel=1e-7)
