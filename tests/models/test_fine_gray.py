"""Fine-Gray and cause-specific models against R, the derivative in the weights, the jackknife, and properties.

R's coefficients and weighted dfbeta are those of coxph on rows that finegray(), or a script by hand, split.
"""

from __future__ import annotations

import json
import pickle
import time as clock
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from cofactor.errors import CofactorWarning, FitError, FormulaError, UnknownVariableError
from cofactor.models import (
    contrast,
    cumulative_incidence,
    fit_cause_specific,
    fit_cox,
    fit_fine_gray,
    predict,
    reri,
    standardized_risk,
    wald_test,
)
from cofactor.survey import SurveyDesign, joint, replicate

FOLDER = Path(__file__).parent.parent / "reference" / "competing"
EXPECTED = json.loads((FOLDER / "expected.json").read_text())["models"]
FORMULA = "age + x + flag + group"
ROLES = {"time": "months", "event": "died", "cause": "cause", "of": "heart"}
NEW = pd.DataFrame({"age": [50.0, 70.0], "x": [50.0, 60.0], "flag": [0, 1], "group": ["low", "high"]})


@pytest.fixture(scope="module")
def survey() -> pd.DataFrame:
    data = pd.read_csv(FOLDER / "data.csv")
    return data.assign(group=pd.Categorical(data["group"], categories=["low", "middle", "high"]))


@pytest.fixture(scope="module")
def design(survey) -> SurveyDesign:
    return SurveyDesign(survey, weight="weight")


@pytest.fixture(scope="module")
def fit(design):
    return fit_fine_gray(design, FORMULA, **ROLES)


def by_r(design, case):
    return fit_fine_gray(
        design, FORMULA, **{**ROLES, "time": case["time"]}, ties=case["ties"], censoring_by=case["by"],
        censoring_weighted=case["weighted"],
    )  # fmt: skip


@pytest.mark.parametrize("name", EXPECTED)
def test_coefficients_information_and_baseline_match_r(design, name):
    expected = EXPECTED[name]
    fit = by_r(design, expected)
    assert list(fit.terms) == [term.replace("groupm", "group[m").replace("grouph", "group[h") + "]" * ("group" in term)
                               for term in expected["terms"]]  # fmt: skip
    np.testing.assert_allclose(fit.coefficients, expected["coefficients"], rtol=1e-9)
    np.testing.assert_allclose(fit.naive_covariance, expected["naive"], rtol=1e-9)
    np.testing.assert_allclose([fit.null_log_likelihood, fit.log_likelihood], expected["loglik"], rtol=1e-11)
    at_zero = np.exp(-fit.extra["centre"].to_numpy() @ fit.coefficients.to_numpy())
    baseline = pd.DataFrame(expected["baseline"])
    np.testing.assert_allclose(fit.extra["baseline"]["cumulative_hazard"] * at_zero, baseline["hazard"], rtol=1e-9)
    np.testing.assert_allclose(fit.extra["baseline"]["time"], baseline["time"])


@pytest.mark.parametrize("name", EXPECTED)
def test_influence_with_the_censoring_curve_held_matches_rs_dfbeta(design, name):
    expected = EXPECTED[name]
    model = by_r(design, expected).extra["model"]
    held = replace(model, sets=replace(model.sets, curve=replace(model.sets.curve, weighted=False)))
    psu = design.data["strata"].astype(str) + " " + design.data["psu"].astype(str)
    totals = pd.DataFrame(held()).groupby(psu).sum().loc[expected["psus"]].to_numpy()
    np.testing.assert_allclose(totals, expected["totals"], rtol=1e-8, atol=1e-12)


@pytest.mark.parametrize("censoring_by", ["cycle", None])
@pytest.mark.parametrize("ties", ["efron", "breslow"])
def test_influence_is_the_derivative_in_the_weights_the_censoring_curve_included(design, ties, censoring_by):
    def made(part):
        fit = fit_fine_gray(part, FORMULA, **ROLES, ties=ties, censoring_by=censoring_by)
        return fit, predict(fit, NEW, at=[12, 40, 60], kind="risk")

    fit, predicted = made(design)
    influence = np.hstack([fit.influence(), predicted.influence()])
    step = 1e-4
    for row in range(0, 900, 71):
        ends = []
        for sign in (1.0, -1.0):
            weights = design.weights.copy()
            weights[row] *= 1.0 + sign * step
            moved = made(design.with_weights(weights))
            ends.append(np.concatenate([moved[0].estimate.values, moved[1].values]))
        np.testing.assert_allclose(influence[row], (ends[0] - ends[1]) / (2 * step), atol=2e-9)


def test_the_censoring_curve_counts_in_the_influence(design):
    """Left out it would be off by far more than the derivative of the test above allows."""
    model = fit_fine_gray(design, FORMULA, **ROLES).extra["model"]
    held = replace(model, sets=replace(model.sets, curve=replace(model.sets.curve, weighted=False)))
    assert np.abs(held() - model()).max() > 1e-4


def test_linearised_errors_are_near_the_jackknifes(design, fit):
    predicted = predict(fit, NEW, at=[12, 60], kind="risk")
    by_jackknife = replicate(design, lambda part: fit_fine_gray(part, FORMULA, **ROLES))
    np.testing.assert_allclose(fit.estimate.se, by_jackknife.se, rtol=0.02)
    of_incidence = replicate(
        design, lambda part: predict(fit_fine_gray(part, FORMULA, **ROLES), NEW, at=[12, 60], kind="risk")
    )
    np.testing.assert_allclose(predicted.se, of_incidence.se, rtol=0.02)


def test_rows_of_influence_add_up_to_the_psu_totals_and_to_nothing(design):
    inside = design.within("domain == 1")
    fit = fit_fine_gray(inside, FORMULA, **ROLES)
    for made in (fit.estimate, predict(fit, NEW, at=[12, 60], kind="risk")):
        rows = made.influence()
        sums = pd.DataFrame(rows).groupby(design.psu_index).sum().to_numpy()
        np.testing.assert_allclose(sums, made.psu_totals, atol=1e-13)
        np.testing.assert_allclose(rows.sum(axis=0), 0.0, atol=1e-11)
        assert np.all(rows[~inside.in_domain] == 0.0)


def test_a_domain_is_zero_weight_and_order_scale_and_labels_do_nothing(survey, design):
    inside = fit_fine_gray(design.within("domain == 1"), FORMULA, **ROLES)
    changed = survey.assign(weight=3.7 * survey["weight"] * survey["domain"], psu="psu " + survey["psu"].astype(str))
    other = fit_fine_gray(SurveyDesign(changed.sample(frac=1.0, random_state=1), weight="weight"), FORMULA, **ROLES)
    np.testing.assert_allclose(other.coefficients, inside.coefficients, rtol=1e-9)
    np.testing.assert_allclose(other.covariance, inside.covariance, rtol=1e-8)
    assert other.df == inside.df


def test_integer_weights_are_repeated_rows_with_breslows_ties(survey):
    data = survey.assign(weight=1.0 + np.arange(len(survey)) % 3)
    repeated = data.loc[data.index.repeat(data["weight"].astype(int))].assign(weight=1.0)
    one, other = (
        fit_fine_gray(SurveyDesign(d, weight="weight"), FORMULA, **ROLES, ties="breslow") for d in (data, repeated)
    )
    np.testing.assert_allclose(one.coefficients, other.coefficients, rtol=1e-9)
    np.testing.assert_allclose(one.covariance, other.covariance, rtol=1e-8)


def test_without_competing_events_it_is_the_cox_model(survey):
    design = SurveyDesign(survey.assign(cause="heart"), weight="weight")
    subdistribution = fit_fine_gray(design, FORMULA, **ROLES)
    cox = fit_cox(design, FORMULA, time="months", event="died")
    np.testing.assert_allclose(subdistribution.coefficients, cox.coefficients, rtol=1e-9)
    np.testing.assert_allclose(subdistribution.covariance, cox.covariance, rtol=1e-8)


def test_without_censoring_it_is_the_cox_model_of_who_never_leaves_after_a_competing_event(survey):
    data = survey.assign(died=1, cause=survey["cause"].fillna("other"))
    never = data.assign(
        months=data["months"].where(data["cause"] == "heart", 1000), died=(data["cause"] == "heart").astype(int)
    )
    subdistribution = fit_fine_gray(SurveyDesign(data, weight="weight"), FORMULA, **ROLES)
    cox = fit_cox(SurveyDesign(never, weight="weight"), FORMULA, time="months", event="died")
    np.testing.assert_allclose(subdistribution.coefficients, cox.coefficients, rtol=1e-9)
    np.testing.assert_allclose(subdistribution.covariance, cox.covariance, rtol=1e-8)


def test_with_one_binary_covariate_the_incidences_are_near_aalen_johansens(design):
    fit = fit_fine_gray(design, "flag", **ROLES, censoring_by="cycle")
    predicted = predict(fit, pd.DataFrame({"flag": [0, 1]}), at=[24, 48], kind="risk").table()
    free = cumulative_incidence(design, time="months", event="died", cause="cause", by="flag", times=[24, 48]).table()
    np.testing.assert_allclose(
        predicted["estimate"], free.loc[free["cause"] == "heart", "cumulative_incidence"], atol=0.03
    )
    assert predicted["low"].lt(predicted["estimate"]).all()
    assert predicted["high"].gt(predicted["estimate"]).all()


def test_days_and_half_months_give_the_same_fit(survey, fit):
    data = survey.assign(days=survey["months"] * 30.4375 + 0.001)
    days = fit_fine_gray(SurveyDesign(data, weight="weight"), FORMULA, **{**ROLES, "time": "days"})
    np.testing.assert_allclose(days.coefficients, fit.coefficients, rtol=1e-10)
    np.testing.assert_allclose(days.covariance, fit.covariance, rtol=1e-9)


def test_two_causes_are_one_cause_under_another_name(survey, design):
    both = fit_fine_gray(design, FORMULA, **{**ROLES, "of": ["heart", "cancer"]})
    merged = survey.assign(cause=survey["cause"].replace("cancer", "heart"))
    one = fit_fine_gray(SurveyDesign(merged, weight="weight"), FORMULA, **ROLES)
    np.testing.assert_array_equal(both.coefficients, one.coefficients)
    assert "events of heart or cancer" in both.notes[1]


def test_cause_specific_hazards_are_fit_coxs_with_a_flag_of_the_cause(survey, design):
    fit = fit_cause_specific(design, FORMULA, **ROLES)
    flagged = SurveyDesign(survey.assign(of_heart=survey["cause"] == "heart"), weight="weight")
    cox = fit_cox(flagged, FORMULA, time="months", event="of_heart")
    np.testing.assert_array_equal(fit.coefficients, cox.coefficients)
    np.testing.assert_array_equal(fit.covariance, cox.covariance)
    inside = fit_cause_specific(design.within("domain == 1"), FORMULA, **ROLES)
    np.testing.assert_array_equal(
        inside.coefficients,
        fit_cox(flagged.within("domain == 1"), FORMULA, time="months", event="of_heart").coefficients,
    )


@pytest.mark.parametrize(
    "more", [{"offset": "offset"}, {"penalty": "firth"}, {"entry": "late", "person": "person"}], ids=str
)
def test_cause_specific_hazards_take_what_fit_cox_takes(survey, more):
    data = survey.assign(offset=survey["x"] / 100, person=np.arange(900), of_heart=survey["cause"] == "heart")
    design = SurveyDesign(data, weight="weight")
    fit = fit_cause_specific(design, "age + flag", **ROLES, **more)
    cox = fit_cox(design, "age + flag", time="months", event="of_heart", **more)
    np.testing.assert_array_equal(fit.coefficients, cox.coefficients)
    np.testing.assert_array_equal(fit.covariance, cox.covariance)
    assert fit.notes[-1] == cox.notes[-1]


def test_tables_and_notes_say_which_kind_of_hazard_they_show(design, fit):
    specific = fit_cause_specific(design, FORMULA, **ROLES)
    assert set(fit.table()["hazard"]) == {"subdistribution"}
    assert set(specific.table(exponentiate=True)["hazard"]) == {"cause-specific"}
    assert "for prognosis" in fit.notes[0]
    assert "for aetiology" in specific.notes[0]
    assert "subdistribution hazard" in repr(fit)
    assert "censoring curve: weighted, one for each cycle (3)" in fit.notes


def test_events_without_a_cause_are_counted_in_both_kinds(survey):
    data = survey.copy()
    data.loc[np.flatnonzero(data["cause"] == "other")[:5], "cause"] = None
    design = SurveyDesign(data, weight="weight")
    assert (
        "events without a cause: 5; they count as events of other causes" in fit_fine_gray(design, "age", **ROLES).notes
    )
    notes = fit_cause_specific(design, "age", **ROLES).notes
    assert "255 events of other causes end the follow-up without this one" in notes
    assert "events without a cause: 5; censored there, too" in notes
    whole = fit_fine_gray(SurveyDesign(survey, weight="weight"), "age", **ROLES)
    np.testing.assert_array_equal(fit_fine_gray(design, "age", **ROLES).coefficients, whole.coefficients)


def test_both_kinds_stand_in_one_joint_covariance_and_answer_questions(design, fit):
    specific = fit_cause_specific(design, FORMULA, **ROLES)
    both = joint(fit.estimate, specific.estimate)
    np.testing.assert_allclose(both.covariance[:5, :5], fit.covariance, rtol=1e-12)
    ratio = contrast(fit, {"age": 60}, {"age": 50}).values[0]
    assert ratio == pytest.approx(10 * fit.coefficient("age"))
    assert wald_test(fit, "group").p < 0.5
    product = fit_fine_gray(design, "age + flag * group", **ROLES)
    assert len(reri(product, "flag", "group", exposure_levels=(0, 1)).values) > 0


def test_a_fit_takes_the_columns_of_another_and_survives_pickling(design, fit):
    again = fit_fine_gray(design, FORMULA, **ROLES, like=fit.spec)
    np.testing.assert_array_equal(again.coefficients, fit.coefficients)
    np.testing.assert_array_equal(pickle.loads(pickle.dumps(fit)).influence(), fit.influence())


def test_a_group_without_events_is_a_result_with_a_note_and_a_warning(survey):
    data = survey.assign(never=((survey["cause"] != "heart") & (np.arange(900) % 3 == 0)).astype(int))
    with pytest.warns(CofactorWarning, match="grows without bound in never"):
        fit = fit_fine_gray(SurveyDesign(data, weight="weight"), "age + never", **ROLES)
    assert any("grows without bound" in note for note in fit.notes)


def test_thirty_five_thousand_people_take_about_a_second(survey):
    rng = np.random.default_rng(5)
    rows = survey.sample(35_000, replace=True, random_state=3, ignore_index=True)
    rows = rows.assign(**{f"z{j}": rng.normal(size=35_000) for j in range(10)})
    design = SurveyDesign(rows, weight="weight")
    start = clock.process_time()
    fit_fine_gray(design, FORMULA + "".join(f" + z{j}" for j in range(10)), **ROLES).table()
    assert clock.process_time() - start < 1.0  # 0.1 measured; the bound is for busy machines


@pytest.mark.parametrize(
    ("change", "asked", "error", "message"),
    [
        ({}, {"of": "hart"}, FitError, "asks for 'hart'; the causes are: 'cancer', 'heart', 'other'"),
        ({}, {"of": []}, FitError, "asks for no cause"),
        ({}, {"ties": "exact"}, FitError, "there are: efron, breslow"),
        ({}, {"censoring_by": "wave"}, UnknownVariableError, "or censoring_by=None for one curve"),
        ({}, {"cause": "causes"}, UnknownVariableError, "did you mean cause"),
        ({"domain": 0}, {}, FitError, "no event of heart"),
        ({"died": 2}, {}, FitError, "must be a flag, or 0 and 1; it also has 2"),
        ({"months": 0}, {}, FitError, "have a time of 0 in 'months'.*use 0.5"),
    ],
)
def test_bad_input_is_refused(survey, change, asked, error, message):
    data = survey.assign(**change)
    if "domain" in change:
        data["cause"] = data["cause"].where(data["cause"] != "heart", "cancer")
        data["cause"] = pd.Categorical(data["cause"], categories=["heart", "cancer", "other"])
    with pytest.raises(error, match=message):
        fit_fine_gray(SurveyDesign(data, weight="weight"), FORMULA, **{**ROLES, **asked})


@pytest.mark.parametrize(
    ("formula", "error", "message"),
    [
        ("1", FitError, "has no term; cumulative_incidence"),
        ("age + I(2 * age)", FitError, "collinear|depend"),
        ("ages", UnknownVariableError, "did you mean age"),
        ("age ** 2", FormulaError, "use I"),
    ],
)
def test_a_formula_that_cannot_be_fitted_is_refused(design, formula, error, message):
    with pytest.raises(error, match=message):
        fit_fine_gray(design, formula, **ROLES)


@pytest.mark.parametrize(
    ("rows", "at", "error", "message"),
    [
        (NEW.iloc[:0], 12, FitError, "needs rows"),
        (NEW, 0, FitError, "needs times above 0"),
        (NEW, 97, FitError, "nobody is followed beyond 96"),
        (NEW.drop(columns="age"), 12, UnknownVariableError, "age"),
        (NEW.assign(group="tall"), 12, FormulaError, "tall"),
    ],
)
def test_a_prediction_that_cannot_be_made_is_refused(fit, rows, at, error, message):
    with pytest.raises(error, match=message):
        predict(fit, rows, at=at, kind="risk")


def test_standardised_incidence_carries_the_censoring_curve_in_its_influence(design):
    def made(part):
        fit = fit_fine_gray(part, FORMULA, **ROLES)
        return standardized_risk(fit, "group", ["low", "high"], at=[24, 48]).risks

    influence = made(design).influence()
    step = 1e-4
    for row in (3, 250, 611):
        ends = []
        for sign in (1.0, -1.0):
            weights = design.weights.copy()
            weights[row] *= 1.0 + sign * step
            ends.append(made(design.with_weights(weights)).values)
        np.testing.assert_allclose(influence[row], (ends[0] - ends[1]) / (2 * step), atol=2e-9)


def test_a_cause_that_nobody_of_the_domain_has_is_refused(survey):
    data = survey.assign(cause=pd.Categorical(survey["cause"], categories=["heart", "cancer", "other", "fall"]))
    with pytest.raises(FitError, match="no event of fall in the domain"):
        fit_cause_specific(SurveyDesign(data, weight="weight"), "age", **{**ROLES, "of": "fall"})
