"""The test of proportional hazards against svycoxph on rows split at every event time, and what it must refuse."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from cofactor.errors import FitError
from cofactor.models import fit_cox, fit_glm, proportional_hazards_test
from cofactor.survey import SurveyDesign

FOLDER = Path(__file__).parent.parent / "reference" / "cox"
EXPECTED = json.loads((FOLDER / "expected.json").read_text())["proportional"]


@pytest.fixture(scope="module")
def survey() -> pd.DataFrame:
    data = pd.read_csv(FOLDER / "data.csv")
    return data.assign(low=data["group"] == "low", high=data["group"] == "high")


@pytest.fixture(scope="module")
def design(survey) -> SurveyDesign:
    return SurveyDesign(survey, weight="weight")


@pytest.mark.parametrize("name", EXPECTED)
def test_slopes_and_their_covariance_match_svycoxph_on_split_rows(design, name):
    case = EXPECTED[name]
    fit = fit_cox(
        design, " + ".join(case["right"]), time=case["time"], event="died", entry=case.get("entry"),
        strata="site" if case["strata"] else None, ties=case["ties"],
    )  # fmt: skip
    test = proportional_hazards_test(fit, transform=case["transform"])
    np.testing.assert_allclose(test.slopes.values, case["slopes"], rtol=1e-8)
    np.testing.assert_allclose(test.slopes.covariance, case["covariance"], rtol=1e-8, atol=1e-12)


def test_each_term_has_its_wald_f_and_all_together_the_last(design):
    fit = fit_cox(design, "age + C(site) + flag", time="period", event="died")
    test = proportional_hazards_test(fit)
    table = test.table()
    assert list(table.columns) == ["term", "f", "df1", "df2", "p"]
    assert table["term"].tolist() == ["age", "C(site)", "flag", "global"]
    assert table["df1"].tolist() == [1.0, 2.0, 1.0, 4.0]
    assert table["df2"].tolist() == [fit.df - q + 1 for q in table["df1"]]
    np.testing.assert_allclose(table["f"][0], (test.slopes.values[0] / test.slopes.se[0]) ** 2, rtol=1e-12)


def test_rows_of_influence_add_up_to_the_psu_totals(design):
    fit = fit_cox(design, "age + flag", time="months", event="died", entry="late", strata="site")
    slopes = proportional_hazards_test(fit, transform="rank").slopes
    rows = pd.DataFrame(slopes.influence()).groupby(design.psu_index).sum().to_numpy()
    np.testing.assert_allclose(rows, slopes.psu_totals, rtol=0, atol=1e-12 * np.abs(rows).max())
    np.testing.assert_allclose(rows.sum(axis=0), 0.0, atol=1e-9)


def test_a_ratio_that_changes_is_found_and_one_that_does_not_is_not():
    rng = np.random.default_rng(11)
    n = 6000
    x, z = rng.integers(0, 2, n), rng.normal(size=n)
    # Hazard of x = 1: 3 times that of x = 0 in the first 40 months, a third of it later; of z: constant.
    early = rng.exponential(1.0, n) / (0.01 * np.exp(0.4 * z) * np.where(x == 1, 3.0, 1.0))
    later = 40 + rng.exponential(1.0, n) / (0.01 * np.exp(0.4 * z) * np.where(x == 1, 1 / 3, 1.0))
    time = np.where(early <= 40, early, later)
    data = pd.DataFrame({
        "analysis_weight": rng.uniform(0.5, 2.0, n), "strata": rng.integers(0, 30, n), "psu": rng.integers(0, 2, n),
        "x": x, "z": z, "months": np.minimum(np.ceil(time), 120.0), "died": np.ceil(time) <= 120,
    })  # fmt: skip
    fit = fit_cox(SurveyDesign(data), "x + z", time="months", event="died")
    p = proportional_hazards_test(fit).table().set_index("term")["p"]
    assert p["x"] < 1e-10
    assert p["z"] > 0.01


def test_more_coefficients_than_degrees_of_freedom_leave_out_the_global_test(survey):
    rows = survey[survey["strata"] < 3]
    fit_design = SurveyDesign(rows, weight="weight")
    with pytest.warns(UserWarning, match="degrees of freedom"):
        fit = fit_cox(fit_design, "age + x + flag + low + high", time="period", event="died")
    test = proportional_hazards_test(fit)
    assert np.isnan(test.table()["f"].iloc[-1])
    assert "5 coefficients" in test.notes[0]
    assert "no global test" in repr(test)


def test_a_fit_that_is_no_cox_model_is_refused(design):
    with pytest.raises(FitError, match="is a glm fit"):
        proportional_hazards_test(fit_glm(design, "x ~ age"))


def test_an_unknown_transform_is_refused(design):
    fit = fit_cox(design, "age", time="period", event="died")
    with pytest.raises(FitError, match="'km' is unknown; there are: log, identity, rank"):
        proportional_hazards_test(fit, transform="km")


def test_one_event_time_cannot_show_a_change_and_is_refused_by_name(survey):
    data = survey.assign(once=(survey["died"] == 1) & (survey["period"] == 2), window=np.minimum(survey["period"], 2))
    fit = fit_cox(SurveyDesign(data, weight="weight"), "age", time="window", event="once")
    with pytest.raises(FitError, match="whether the hazard ratio of age changes"):
        proportional_hazards_test(fit)
