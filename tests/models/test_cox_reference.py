"""Cox models against R's svycoxph and survival (tests/reference/cox/make.R): every number of the fit, to 1e-8."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from cofactor.errors import DesignError
from cofactor.models import fit_cox
from cofactor.survey import SurveyDesign

FOLDER = Path(__file__).parent.parent / "reference" / "cox"
EXPECTED = json.loads((FOLDER / "expected.json").read_text())
CASES = EXPECTED["cases"]
NAMES = {"groupmiddle": "group[middle]", "grouphigh": "group[high]"}
WITH_BASELINE = [name for name, case in CASES.items() if "baseline" in case]


@pytest.fixture(scope="module")
def survey() -> pd.DataFrame:
    data = pd.read_csv(FOLDER / "data.csv")
    data["group"] = pd.Categorical(data["group"], categories=["low", "middle", "high"])
    return data


def fit_of(survey, case, **changes):
    """Fit the model of a case of make.R."""
    columns = case["surv"].removeprefix("Surv(").removesuffix(")").split(", ")
    roles = dict(zip(("time", "event") if len(columns) == 2 else ("entry", "time", "event"), columns, strict=True))
    formula, _, site = case["right"].partition(" + strata(")
    policy = "error" if case["policy"] == "fail" else case["policy"]
    zero = (case["domain"] or "").startswith("weight_some")
    design = SurveyDesign(
        survey, weight=case["weight"], psu=case["psu"], domain=None if zero else case["domain"], lonely_psu=policy
    )
    return fit_cox(design, formula, strata=site.removesuffix(")") or None, ties=case["ties"], **roles | changes)


def in_our_order(case, fit):
    ours = [NAMES.get(name, name) for name in case["terms"]]
    return [ours.index(name) for name in fit.terms]


def assert_close(found, expected, tolerance=1e-8):
    """Compare relative to the largest element, as parity is stated."""
    expected = np.asarray(expected)
    np.testing.assert_allclose(found, expected, rtol=tolerance, atol=tolerance * np.abs(expected).max())


@pytest.mark.parametrize("name", CASES)
def test_coefficients_and_covariances_match_svycoxph(survey, name):
    case = CASES[name]
    fit = fit_of(survey, case)
    order = in_our_order(case, fit)
    assert_close(fit.estimate.values, np.array(case["coefficients"])[order])
    assert_close(fit.covariance, np.array(case["covariance"])[np.ix_(order, order)])
    assert_close(fit.naive_covariance, np.array(case["naive"])[np.ix_(order, order)])


@pytest.mark.parametrize("name", CASES)
def test_log_likelihoods_counts_and_degrees_of_freedom_match_svycoxph(survey, name):
    case = CASES[name]
    fit = fit_of(survey, case)
    assert_close([fit.null_log_likelihood, fit.log_likelihood], case["loglik"], 1e-11)
    assert (fit.counts.n_used, fit.counts.events, fit.df) == (case["n"], case["events"], case["df"])


@pytest.mark.parametrize("name", CASES)
def test_psu_totals_and_rows_of_influence_match_weighted_dfbeta(survey, name):
    case = CASES[name]
    fit = fit_of(survey, case)
    order = in_our_order(case, fit)
    labels = survey["strata"].astype(str) + " " + survey[case["psu"]].astype(str)
    first = labels.groupby(fit.design.psu_index).first()
    totals = pd.DataFrame(case["totals"], index=case["psus"])
    expected = totals.reindex(first).fillna(0.0).to_numpy()[:, order]
    assert_close(fit.estimate.psu_totals, expected)
    rows = pd.DataFrame(fit.influence()).groupby(fit.design.psu_index).sum().to_numpy()
    assert_close(rows, expected)
    assert np.all(fit.influence()[~fit.used_rows] == 0.0)


@pytest.mark.parametrize("name", WITH_BASELINE)
def test_baseline_hazard_matches_basehaz(survey, name):
    case = CASES[name]
    fit = fit_of(survey, case)
    expected = pd.DataFrame(case["baseline"])
    baseline = fit.extra["baseline"]
    assert_close(baseline["time"], expected["time"], 1e-14)
    at_zero = baseline["cumulative_hazard"] * np.exp(-fit.extra["centre"].to_numpy() @ fit.estimate.values)
    assert_close(at_zero, expected["hazard"])


def test_pbc_matches_svycoxph():
    data = pd.read_csv(FOLDER / "pbc.csv").assign(died=lambda d: d["status"] == 2)
    design = SurveyDesign(data, weight="weight", strata=None, psu=None)
    fit = fit_cox(design, "log(bili) + protime + albumin", time="time", event="died")
    assert fit.terms == ("log(bili)", "protime", "albumin")
    assert_close(fit.estimate.values, EXPECTED["pbc"]["coefficients"])
    assert_close(fit.covariance, EXPECTED["pbc"]["covariance"])


def test_lonely_psu_is_refused_by_name_when_the_policy_is_error(survey):
    case = CASES["lonely_adjust"] | {"policy": "fail"}
    with pytest.raises(DesignError, match=r"one PSU in the whole design.*3, 11"):
        fit_of(survey, case).table()


def test_zero_weights_are_a_domain(survey):
    case = CASES["zero_weights"]
    fit = fit_of(survey, case)
    design = SurveyDesign(survey, weight="weight", domain="weight_some > 0")
    same = fit_cox(design, case["right"], time="months", event="died")
    assert_close(same.estimate.values, fit.estimate.values, 1e-13)
    assert_close(same.covariance, fit.covariance, 1e-13)
