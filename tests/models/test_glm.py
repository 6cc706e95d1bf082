"""Generalised linear models against R's svyglm, statsmodels and properties that need no reference."""

from __future__ import annotations

import json
import pickle
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from cofactor.errors import CofactorWarning, FitError, FormulaError
from cofactor.models import contrast, fit_glm, wald_test
from cofactor.survey import SurveyDesign

FOLDER = Path(__file__).parent.parent / "reference" / "glm"
EXPECTED = json.loads((FOLDER / "expected.json").read_text())
OUTCOME = {"gaussian": "y", "binomial": "event", "poisson": "count"}
NAMES = {  # R's names of coefficients and ours
    "(Intercept)": "Intercept", "groupmiddle": "group[middle]", "grouphigh": "group[high]", "x:flag": "x:flag",
    "x": "rcs(x)[1]", "s2": "rcs(x)[2]", "s3": "rcs(x)[3]", "ell": "ell", "meals": "meals", "mobility": "mobility",
    "stypeH": "stype[H]", "stypeM": "stype[M]",
}  # fmt: skip


@pytest.fixture(scope="module")
def survey() -> pd.DataFrame:
    data = pd.read_csv(FOLDER / "data.csv")
    data["group"] = pd.Categorical(data["group"], categories=["low", "middle", "high"])
    return data


def in_our_order(case, fit):
    """Return R's coefficients and covariance in the order of our columns."""
    ours = [NAMES.get(name, name) if name not in fit.terms else name for name in case["terms"]]
    order = [ours.index(name) for name in fit.terms]
    return np.array(case["coefficients"])[order], np.array(case["covariance"])[np.ix_(order, order)], order


def assert_close(found, expected, tolerance=1e-8):
    """Compare relative to the largest element, as parity is stated."""
    expected = np.asarray(expected)
    np.testing.assert_allclose(found, expected, rtol=tolerance, atol=tolerance * np.abs(expected).max())


@pytest.mark.parametrize("name", list(EXPECTED["cases"]))
def test_coefficients_covariance_influence_and_df_match_svyglm(survey, name):
    case = EXPECTED["cases"][name]
    right = "rcs(x, [30, 45, 55, 70]) + flag" if "s2" in case["right"] else case["right"]
    policy = "error" if case["policy"] == "fail" else case["policy"]
    design = SurveyDesign(
        survey, weight="weight", psu=case["psu"], domain="domain == 1" if case["domain"] else None, lonely_psu=policy
    )
    fit = fit_glm(design, f"{OUTCOME[case['family']]} ~ {right}", family=case["family"], df="residual")
    coefficients, covariance, order = in_our_order(case, fit)
    assert_close(fit.estimate.values, coefficients)
    assert_close(fit.covariance, covariance)
    assert fit.counts.n_used == case["n_used"]
    assert fit.df == case["residual_df"]
    assert design.degrees_of_freedom(fit.used_rows) == case["design_df"]
    if case["influence"]:
        assert_close(fit.influence(), np.array(case["influence"])[:, order])


@pytest.mark.parametrize(
    ("family", "formula"),
    [("gaussian", "api00 ~ ell + meals + mobility"), ("binomial", "I(Q('sch.wide') == 'Yes') ~ ell + meals + mobility"),
     ("poisson", "api_stu ~ ell + meals + stype")],
)  # fmt: skip
def test_api_matches_svyglm(family, formula):
    data = pd.read_csv(FOLDER / "apistrat.csv").rename(columns={"api.stu": "api_stu", "sch.wide": "sch_wide"})
    design = SurveyDesign(data, weight="pw", strata="stype", psu=None)
    fit = fit_glm(design, formula.replace("Q('sch.wide')", "sch_wide"), family=family, df="residual")
    coefficients, covariance, order = in_our_order(EXPECTED["api"][family], fit)
    assert_close(fit.estimate.values, coefficients)
    assert_close(fit.covariance, covariance)
    assert_close(fit.influence(), np.array(EXPECTED["api"][family]["influence"])[:, order])
    assert fit.df == EXPECTED["api"][family]["residual_df"]


@pytest.mark.parametrize("term", list(EXPECTED["wald"]))
def test_wald_test_matches_regtermtest_before_its_reference_distribution(survey, term):
    design = SurveyDesign(survey, weight="weight", domain="domain == 1")
    fit = fit_glm(design, "event ~ x * flag + group", family="binomial")
    test = wald_test(fit, term)
    d, q = fit.df, EXPECTED["wald"][term]["q"]
    chi_square = test.f * q * d / (d - q + 1)
    assert (test.df1, test.df2) == (q, d - q + 1)
    assert chi_square == pytest.approx(EXPECTED["wald"][term]["chi_square"], rel=1e-8)


@pytest.mark.parametrize("family", list(OUTCOME))
def test_coefficients_match_statsmodels_with_frequency_weights(people, family):
    import statsmodels.api as sm

    outcome = OUTCOME[family]
    fit = fit_glm(SurveyDesign(people), f"{outcome} ~ age * sex + smokes", family=family)
    frame = people[people["analysis_weight"] > 0]
    values = fit.spec.new_rows(frame)
    model = {"gaussian": sm.families.Gaussian, "binomial": sm.families.Binomial, "poisson": sm.families.Poisson}[family]
    theirs = sm.GLM(frame[outcome], values, family=model(), freq_weights=frame["analysis_weight"]).fit(tol=1e-14)
    assert_close(fit.estimate.values, theirs.params.to_numpy(), 1e-8)


@pytest.mark.parametrize("family", list(OUTCOME))
def test_integer_weights_are_repeated_rows(people, family):
    people["analysis_weight"] = np.random.default_rng(3).integers(1, 4, len(people)).astype(float)
    repeated = people.loc[people.index.repeat(people["analysis_weight"].astype(int))].assign(analysis_weight=1.0)
    formula = f"{OUTCOME[family]} ~ age + sex + smokes"
    weighted = fit_glm(SurveyDesign(people), formula, family=family)
    unweighted = fit_glm(SurveyDesign(repeated.reset_index(drop=True)), formula, family=family)
    assert_close(weighted.estimate.values, unweighted.estimate.values, 1e-9)
    assert_close(weighted.covariance, unweighted.covariance, 1e-9)


@pytest.mark.parametrize("family", list(OUTCOME))
def test_influence_sums_to_zero_and_makes_the_covariance(people, family):
    people["analysis_weight"] *= 1000.0
    people.loc[:3, "age"] = np.nan
    fit = fit_glm(SurveyDesign(people), f"{OUTCOME[family]} ~ age + sex", family=family)
    influence = fit.influence()
    assert influence.shape == (len(people), 3)
    assert not influence[:4].any()
    np.testing.assert_allclose(influence.sum(axis=0), 0.0, atol=1e-9 * np.abs(influence).sum())
    by_psu = pd.DataFrame(influence).groupby([people["strata"], people["psu"]]).sum().to_numpy()
    difference = by_psu[0::2] - by_psu[1::2]
    np.testing.assert_allclose(fit.covariance, difference.T @ difference, rtol=1e-9)


def test_influence_is_the_derivative_in_the_weights(people):
    fit = fit_glm(SurveyDesign(people), "event ~ age + sex", family="binomial")
    moved = people.copy()
    step = 1e-4
    moved.loc[5, "analysis_weight"] *= 1.0 + step
    difference = fit_glm(SurveyDesign(moved), "event ~ age + sex", family="binomial").estimate.values
    np.testing.assert_allclose((difference - fit.estimate.values) / step, fit.influence()[5], rtol=1e-3)


@pytest.mark.parametrize(("scale", "shift"), [(1.0, 1e5), (1e-6, 0.0), (1e6, -1e7)])
def test_units_of_a_covariate_do_not_matter(people, scale, shift):
    plain = fit_glm(SurveyDesign(people), "event ~ age + sex", family="binomial")
    other = people.assign(age=people["age"] * scale + shift)
    moved = fit_glm(SurveyDesign(other), "event ~ age + sex", family="binomial")
    assert moved.coefficient("age") * scale == pytest.approx(plain.coefficient("age"), rel=1e-7)
    assert moved.estimate.se[1] * scale == pytest.approx(plain.estimate.se[1], rel=1e-6)


def test_a_domain_is_a_weight_of_zero(people):
    inside = people["age"] > 35
    domain = fit_glm(SurveyDesign(people, domain=inside), "y ~ bmi + sex")
    zero = people.assign(analysis_weight=people["analysis_weight"].where(inside, 0.0))
    weightless = fit_glm(SurveyDesign(zero), "y ~ bmi + sex")
    assert_close(domain.covariance, weightless.covariance, 1e-12)
    assert domain.df == weightless.df


def test_counts_say_what_was_lost(people):
    people.loc[:5, "age"] = np.nan
    people.loc[4:7, "bmi"] = np.nan
    people.loc[8, "event"] = np.nan
    fit = fit_glm(SurveyDesign(people), "event ~ age + bmi", family="binomial")
    assert (fit.counts.n_domain, fit.counts.n_used) == (60, 51)
    assert fit.counts.n_missing == {"event": 1, "age": 6, "bmi": 4}
    assert fit.counts.events == int(people.loc[9:, "event"].sum())
    assert fit.counts.events_lost == int(people.loc[:7, "event"].sum())
    lost = people.loc[:8, "analysis_weight"].sum() / people["analysis_weight"].sum()
    assert fit.counts.weighted_share_lost == pytest.approx(lost)
    assert "51 of 60 rows used" in repr(fit)
    assert "51 of 60 rows used" in fit._repr_html_()


def test_modified_poisson_gives_the_risk_ratio(people):
    fit = fit_glm(SurveyDesign(people), "event ~ smokes", family="poisson")
    risk = [
        np.average(group["event"], weights=group["analysis_weight"]) for _, group in people.groupby(people["smokes"])
    ]
    ratio = contrast(fit, {"smokes": True}, {"smokes": False}).table(exponentiate=True).loc[0, "estimate"]
    assert ratio == pytest.approx(risk[1] / risk[0], rel=1e-10)


def test_log_likelihood_is_that_of_the_weighted_model(people):
    fit = fit_glm(SurveyDesign(people), "event ~ age", family="binomial")
    weights = people["analysis_weight"] / people["analysis_weight"].mean()
    for value, mean in (
        (fit.log_likelihood, 1 / (1 + np.exp(-fit.spec.new_rows(people) @ fit.estimate.values))),
        (fit.null_log_likelihood, np.full(60, np.average(people["event"], weights=weights))),
    ):
        by_hand = weights @ np.where(people["event"] == 1, np.log(mean), np.log(1 - mean))
        assert value == pytest.approx(by_hand, rel=1e-10)


def test_separation_is_a_result_with_a_note_and_a_warning(people):
    people.loc[people["education"] == "high", "event"] = 0.0
    with pytest.warns(CofactorWarning, match=r"without bound in education\[low\]|without bound"):
        fit = fit_glm(SurveyDesign(people), "event ~ reference(education, 'low') + age", family="binomial")
    assert "education[high]" in fit.notes[-1]
    assert fit.coefficient("education[high]") < -10.0
    with pytest.warns(CofactorWarning):
        rest = fit_glm(SurveyDesign(people), "event ~ reference(education, 'low') + age", family="binomial")
    without = SurveyDesign(people, domain=people["education"] != "high")
    alone = fit_glm(without, "event ~ reference(education, 'low') + age", family="binomial")
    assert rest.coefficient("age") == pytest.approx(alone.coefficient("age"), rel=1e-4)


def test_more_parameters_than_degrees_of_freedom_warn(people):
    with pytest.warns(CofactorWarning, match="7 parameters but the design only 6 degrees"):
        fit = fit_glm(SurveyDesign(people), "y ~ rcs(age) + education + sex")
    with pytest.raises(FitError, match="7 coefficients, and the design has 6"):
        wald_test(fit, ["1", "rcs(age)", "education", "sex"])


@pytest.mark.parametrize(
    ("change", "formula", "family", "error", "says"),
    [
        ({}, "age + sex", "gaussian", FormulaError, "no outcome"),
        ({}, "y ~ age", "tweedie", FitError, "unknown family"),
        ({"age": 1e300}, "y ~ age + I(age * 1e300)", "gaussian", FormulaError, "infinite"),
        ({}, "count ~ age", "binomial", FitError, "must be 0 or 1"),
        ({"event": 0.0}, "event ~ age", "binomial", FitError, "0 in all 60 rows"),
        ({"count": 0.0}, "count ~ age", "poisson", FitError, "no events"),
        ({"count": -1.0}, "count ~ age", "poisson", FitError, "negative"),
        ({"age": np.nan}, "y ~ age", "gaussian", FitError, "missing age 60"),
        ({"twice": 7.0}, "y ~ twice", "gaussian", FitError, "twice depends on Intercept"),
    ],
)
def test_what_cannot_be_fitted_says_why(people, change, formula, family, error, says):
    with pytest.raises(error, match=says):
        fit_glm(SurveyDesign(people.assign(**change)), formula, family=family)


def test_collinear_columns_are_named_with_what_they_depend_on(people):
    people["sum"] = people["age"] + 2.0 * people["bmi"]
    with pytest.raises(FitError, match=r"sum depends on age, bmi\. Leave out"):
        fit_glm(SurveyDesign(people), "y ~ age + bmi + sum")
    with pytest.raises(FitError, match=r"collinear: .* depends on"):
        fit_glm(SurveyDesign(people), "y ~ sex + I(sex == 'female')")


def test_nearly_collinear_columns_are_fitted(people):
    people["near"] = people["age"] + 1e-4 * people["bmi"]
    fit = fit_glm(SurveyDesign(people), "y ~ age + near")
    other = fit_glm(SurveyDesign(people), "y ~ age + bmi")
    assert fit.coefficient("near") == pytest.approx(other.coefficient("bmi") * 1e4, rel=1e-5)


def test_linearised_errors_are_close_to_the_jackknife(people):
    fit = fit_glm(SurveyDesign(people), "event ~ age + smokes", family="binomial")
    total = np.zeros((3, 3))
    for stratum, members in people.groupby("strata"):
        for psu in members["psu"].unique():
            dropped = (people["strata"] == stratum) & (people["psu"] == psu)
            doubled = (people["strata"] == stratum) & ~dropped
            weight = people["analysis_weight"].mask(dropped, 0.0).mask(doubled, people["analysis_weight"] * 2)
            design = SurveyDesign(people.assign(analysis_weight=weight))
            replicate = fit_glm(design, "event ~ age + smokes", family="binomial", like=fit.spec).estimate.values
            total += np.outer(replicate - fit.estimate.values, replicate - fit.estimate.values) / 2
    np.testing.assert_allclose(np.sqrt(np.diag(total)), fit.estimate.se, rtol=0.25)


def test_order_of_rows_labels_of_psus_and_scale_of_weights_do_not_matter(people):
    fit = fit_glm(SurveyDesign(people), "event ~ rcs(age, 3) + education", family="binomial")
    shuffled = people.sample(frac=1.0, random_state=1)
    shuffled = shuffled.assign(
        psu="unit " + (7 - shuffled["psu"]).astype(str), analysis_weight=shuffled["analysis_weight"] * 1e5
    )
    other = fit_glm(SurveyDesign(shuffled), "event ~ rcs(age, 3) + education", family="binomial")
    assert_close(other.estimate.values, fit.estimate.values, 1e-9)
    assert_close(other.covariance, fit.covariance, 1e-9)
    assert other.log_likelihood == pytest.approx(fit.log_likelihood)
    np.testing.assert_allclose(other.influence(), fit.influence()[shuffled.index], atol=1e-9)


def test_complete_separation_is_a_result_with_a_note(people):
    people["event"] = (people["age"] > 50).astype(float)
    with pytest.warns(CofactorWarning, match="without bound in .*age"):
        fit = fit_glm(SurveyDesign(people), "event ~ age", family="binomial")
    assert np.isfinite(fit.estimate.values).all()


@pytest.mark.parametrize("family", ["binomial", "poisson"])
def test_a_heavy_tailed_covariate_is_no_separation(family):
    rng = np.random.default_rng(5)
    n = 2000
    x = np.exp(rng.normal(0.0, 2.0, n))
    data = pd.DataFrame({"x": x, "strata": 1, "psu": np.arange(n), "analysis_weight": 1.0,
                         "event": (rng.random(n) < 0.05 + 0.2 * (x > 5)).astype(float)})  # fmt: skip
    assert not fit_glm(SurveyDesign(data), "event ~ x", family=family).notes


def test_a_fit_survives_pickling(people):
    fit = fit_glm(SurveyDesign(people), "y ~ rcs(age, 3) * sex")
    again = pickle.loads(pickle.dumps(fit))
    pd.testing.assert_frame_equal(again.table(), fit.table())
    np.testing.assert_array_equal(again.influence(), fit.influence())


def test_a_perfect_fit_is_no_error(people):
    people["y"] = 3.0 + 2.0 * people["bmi"]
    fit = fit_glm(SurveyDesign(people), "y ~ bmi")
    assert fit.coefficient("bmi") == pytest.approx(2.0)


def test_references_come_with_the_data(people):
    people.attrs["references"] = {"education": "low"}
    fit = fit_glm(SurveyDesign(people), "y ~ education")
    assert fit.terms == ("Intercept", "education[high]", "education[middle]")
