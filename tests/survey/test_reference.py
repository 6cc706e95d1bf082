"""Every estimator against R's survey 4.1-1: tests/reference/survey/make.R."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from cofactor.survey import (
    SurveyDesign,
    joint,
    weighted_mean,
    weighted_proportion,
    weighted_quantile,
    weighted_ratio,
    weighted_total,
)

REFERENCE = Path(__file__).parents[1] / "reference" / "survey"

SYNTHETIC = [f"synthetic/{p}/{d}" for p in ("fail", "adjust", "average", "certainty") for d in ("everyone", "older")]
API = [f"{name}/fail/{d}" for name in ("apistrat", "apiclus1", "apiclus2") for d in ("everyone", "larger")]
CASES = SYNTHETIC + API
TOLERANCE = {"rtol": 1e-10, "atol": 1e-12}


def numbers(case):
    return ("x", "y") if case.startswith("synthetic") else ("api00", "enroll")


def pair(case):
    return ("y", "z") if case.startswith("synthetic") else ("api00", "api99")


def category(case):
    return "group" if case.startswith("synthetic") else "stype"


def flag(case):
    return "flag" if case.startswith("synthetic") else "improved"


def quantiles(case):
    if case.startswith("synthetic"):
        return [("x", [0.1, 0.25, 0.5, 0.9]), ("z", [0.1, 0.25, 0.5, 0.9])]
    return [("api00", [0.25, 0.5, 0.75])]


@pytest.mark.parametrize("case", CASES)
def test_degrees_of_freedom_match_degf(case, make_design, expected):
    assert make_design(case).degrees_of_freedom() == expected(case, "df")[0]


@pytest.mark.parametrize("case", CASES)
def test_mean_matches_svymean(case, make_design, expected):
    for name in numbers(case):
        found = weighted_mean(make_design(case), name)
        np.testing.assert_allclose(found.values, expected(case, f"mean {name}"), **TOLERANCE)
        np.testing.assert_allclose(found.covariance.ravel(), expected(case, f"mean_var {name}"), **TOLERANCE)
        assert found.df[0] == expected(case, f"mean_df {name}")[0]


@pytest.mark.parametrize("case", CASES)
def test_joint_covariance_of_two_means_matches_svymean(case, make_design, expected):
    found = weighted_mean(make_design(case), pair(case))
    np.testing.assert_allclose(found.values, expected(case, "means"), **TOLERANCE)
    np.testing.assert_allclose(found.covariance.ravel(), expected(case, "means_cov"), **TOLERANCE)


@pytest.mark.parametrize("case", CASES)
def test_total_matches_svytotal(case, make_design, expected):
    for name in numbers(case):
        found = weighted_total(make_design(case), name)
        np.testing.assert_allclose(found.values, expected(case, f"total {name}"), **TOLERANCE)
        if "/adjust/" not in case:  # R centres at 0 there, which for a total is no mean: see test_variance.py
            np.testing.assert_allclose(found.covariance.ravel(), expected(case, f"total_var {name}"), **TOLERANCE)


@pytest.mark.parametrize("case", CASES)
def test_ratio_matches_svyratio(case, make_design, expected):
    found = weighted_ratio(make_design(case), *pair(case))
    np.testing.assert_allclose(found.values, expected(case, "ratio"), **TOLERANCE)
    np.testing.assert_allclose(found.covariance.ravel(), expected(case, "ratio_var"), **TOLERANCE)


@pytest.mark.parametrize("case", CASES)
def test_proportions_and_their_covariance_match_svymean_of_a_factor(case, make_design, expected):
    found = weighted_proportion(make_design(case), category(case))
    np.testing.assert_allclose(found.values, expected(case, "proportion"), **TOLERANCE)
    np.testing.assert_allclose(found.covariance.ravel(), expected(case, "proportion_cov"), **TOLERANCE)


@pytest.mark.parametrize("level", [0.95, 0.9])
@pytest.mark.parametrize(("interval", "method"), [("korn-graubard", "beta"), ("logit", "logit")])
@pytest.mark.parametrize("case", CASES)
def test_interval_of_a_proportion_matches_svyciprop_without_the_cap(
    case, interval, method, level, make_design, expected
):
    found = weighted_proportion(make_design(case), flag(case), interval=interval, cap=False)
    share, variance, low, high = expected(case, f"flag {method} {level}")
    row = found.table(level=level).iloc[0]
    # svyciprop's logit comes from glm, which stops when its deviance no longer moves
    tolerance = {"rtol": 1e-8} if method == "logit" else TOLERANCE
    np.testing.assert_allclose([row["estimate"], row["low"], row["high"]], [share, low, high], **tolerance)
    np.testing.assert_allclose(row["se"] ** 2, variance, **TOLERANCE)


@pytest.mark.parametrize("level", [0.95, 0.9])
@pytest.mark.parametrize("case", CASES)
def test_quantiles_and_their_intervals_match_svyquantile(case, level, make_design, expected):
    for name, probs in quantiles(case):
        found = weighted_quantile(make_design(case), name, probs)
        value, low, high, se = expected(case, f"quantile {name} {level}").reshape(-1, 4).T
        table = found.table(level=level)
        np.testing.assert_allclose(found.values, value, **TOLERANCE)
        np.testing.assert_allclose(table["low"], low, **TOLERANCE)
        np.testing.assert_allclose(table["high"], high, **TOLERANCE)
        if level == 0.95:
            np.testing.assert_allclose(table["se"], se, **TOLERANCE)


@pytest.mark.parametrize("case", CASES)
def test_means_by_group_match_svyby(case, make_design, expected):
    found = weighted_mean(make_design(case), numbers(case)[0], by=category(case))
    np.testing.assert_allclose(found.values, expected(case, "by"), **TOLERANCE)
    np.testing.assert_allclose(found.se**2, expected(case, "by_var"), **TOLERANCE)
    np.testing.assert_array_equal(found.df, expected(case, "by_df"))


@pytest.mark.parametrize("domain", ["everyone", "older"])
def test_influence_and_joint_covariance_match_what_r_puts_into_svyrecvar(domain, make_design, expected):
    case = f"synthetic/fail/{domain}"
    design = make_design(case)
    found = joint(
        weighted_mean(design, "x"),
        weighted_mean(design, "y"),
        weighted_ratio(design, "y", "z"),
        weighted_proportion(design, "group"),
        weighted_mean(design, "x", by="group"),
    )
    table = pd.read_csv(REFERENCE / "influence.csv")
    theirs = table[table["domain"] == domain].set_index("row").drop(columns="domain").loc[design.data.index]
    np.testing.assert_allclose(found.influence(), theirs.to_numpy(), rtol=1e-10, atol=1e-14)
    np.testing.assert_allclose(found.covariance.ravel(), expected(case, "joint_cov"), **TOLERANCE)


def test_the_reference_survey_is_what_its_script_makes(synthetic):
    import runpy

    made = runpy.run_path(str(REFERENCE / "make_data.py"))["survey"]()
    pd.testing.assert_frame_equal(
        made.astype({"group": "str", "flag": "float"}), synthetic.astype({"group": "str", "flag": "float"}),
        check_dtype=False,
    )  # fmt: skip


@pytest.mark.real_data
@pytest.mark.parametrize("domain", ["everyone", "women"])
def test_cholesterol_of_2009_2010_matches_r_on_its_nhanes_data(domain, mirror, expected):
    design = SurveyDesign(
        cholesterol(mirror), weight="WTMEC2YR", strata="SDMVSTRA", psu="SDMVPSU",
        domain="RIAGENDR == 2" if domain == "women" else None,
    )  # fmt: skip
    rows, high, missing = expected("nhanes", "rows")
    assert (len(design.data), design.data["HI_CHOL"].sum(), design.data["HI_CHOL"].isna().sum()) == (
        rows,
        high,
        missing,
    )
    np.testing.assert_allclose(design.weights.sum(), expected("nhanes", "weights")[0], rtol=1e-9)
    case = f"nhanes/{domain}"
    mean, variance, df = expected(case, "mean")
    found = weighted_mean(design, "HI_CHOL")
    np.testing.assert_allclose([found.values[0], found.covariance[0, 0], found.df[0]], [mean, variance, df], rtol=1e-8)
    by = weighted_mean(design, "HI_CHOL", by="agecat")
    np.testing.assert_allclose(by.values, expected(case, "by"), rtol=1e-8)
    np.testing.assert_allclose(by.se**2, expected(case, "by_var"), rtol=1e-8)
    race = weighted_proportion(design, "race")
    np.testing.assert_allclose(race.values, expected(case, "race"), rtol=1e-8)
    np.testing.assert_allclose(race.covariance.ravel(), expected(case, "race_cov"), rtol=1e-8, atol=1e-14)
    beta = weighted_proportion(design.within("known(HI_CHOL)"), "high", cap=False).table().iloc[0]
    np.testing.assert_allclose([beta["low"], beta["high"]], expected(case, "beta"), rtol=1e-8)


def cholesterol(mirror):
    """Rebuild R's `nhanes`: people with a cholesterol file, from CDC's two files."""
    import pyreadstat

    folder = mirror / "wwwn.cdc.gov" / "Nchs" / "Data" / "Nhanes" / "Public" / "2009" / "DataFiles"
    people, _ = pyreadstat.read_xport(str(folder / "DEMO_F.xpt"))
    blood, _ = pyreadstat.read_xport(str(folder / "TCHOL_F.xpt"))
    data = people.merge(blood, on="SEQN", how="right")
    data["HI_CHOL"] = (data["LBXTC"] >= 240).astype(float).mask(data["LBXTC"].isna())
    data["high"] = data["HI_CHOL"].astype("boolean")
    data["race"] = pd.Categorical(data["RIDRETH1"].map({1: 1, 2: 1, 3: 2, 4: 3, 5: 4}))
    data["agecat"] = pd.cut(data["RIDAGEYR"], [0, 19, 39, 59, np.inf])
    return data
