"""Quantile and ordinal regression on real files of 2007-2008 against R's quantreg and svyolr."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pyreadstat
import pytest

from cofactor.models import fit_ordinal, fit_quantile
from cofactor.survey import SurveyDesign
from cofactor.survey.estimate import joint

REFERENCE = Path(__file__).parent.parent / "reference"


def columns_2007(mirror: Path) -> pd.DataFrame:
    """Everyone of 2007-2008 with the variables of the models; both nhanes.R read this frame as CSV."""
    folder = mirror / "wwwn.cdc.gov" / "Nchs" / "Data" / "Nhanes" / "Public" / "2007" / "DataFiles"
    frames = [pyreadstat.read_xport(folder / f"{name}_E.xpt")[0].set_index("SEQN") for name in ("DEMO", "VID", "BMX")]
    raw = frames[0].join(frames[1:])
    return pd.DataFrame({
        "strata": raw["SDMVSTRA"], "psu": raw["SDMVPSU"], "analysis_weight": raw["WTMEC2YR"],
        "age": raw["RIDAGEYR"].clip(upper=80), "sex": raw["RIAGENDR"].map({1: "male", 2: "female"}),
        "race": "r" + raw["RIDRETH1"].astype(int).astype(str), "bmi": raw["BMXBMI"], "vitamin": raw["LBXVIDMS"],
        "adult": (raw["RIDAGEYR"] >= 20).astype(float),
    })  # fmt: skip


@pytest.mark.real_data
def test_quantiles_of_real_people_match_quantreg(mirror):
    expected = json.loads((REFERENCE / "quantile" / "nhanes.json").read_text())
    design = SurveyDesign(columns_2007(mirror), domain="adult == 1")
    fit = fit_quantile(design, "vitamin ~ age + sex + race + bmi", [0.1, 0.5, 0.9])
    assert fit.counts.n_used == expected["n"]
    values = fit.design.data.loc[fit.used_rows]
    for one in expected["quantiles"]:
        coefficients = fit.coefficients[one["tau"]].to_numpy()
        np.testing.assert_allclose(coefficients, one["coef"], rtol=1e-8)
        residual = values["vitamin"] - fit.spec.new_rows(values) @ coefficients
        loss = (values["analysis_weight"] * residual * (one["tau"] - (residual < 0))).sum()
        assert loss == pytest.approx(one["loss"], rel=1e-10)


@pytest.mark.real_data
def test_ordered_weight_classes_of_real_people_match_svyolr(mirror):
    expected = json.loads((REFERENCE / "ordinal" / "nhanes.json").read_text())
    people = columns_2007(mirror)
    people["weight_class"] = pd.cut(
        people["bmi"], [0, 18.5, 25, 30, np.inf], labels=["under", "normal", "over", "obese"], right=False
    )
    people["decades"] = (people["age"] - 50.0) / 10.0
    fit = fit_ordinal(SurveyDesign(people, domain="adult == 1"), "weight_class ~ decades * sex + race")
    made = joint(fit.estimate, fit.extra["thresholds"])
    # svyolr stops where BFGS does, and takes the information by differences of width 1e-3.
    order = [fit.terms.index(term) for term in ("decades", "sex[male]", *(f"race[r{i}]" for i in range(2, 6)))]
    order += [fit.terms.index("decades:sex[male]"), *range(len(fit.terms), len(made.values))]
    np.testing.assert_allclose(made.values[order], expected["coef"], rtol=1e-4)
    np.testing.assert_allclose(made.se[order], expected["se"], rtol=1e-3)
