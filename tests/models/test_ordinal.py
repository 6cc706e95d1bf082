"""Proportional-odds regression against R's svyolr, the derivative in the weights and binary regression."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from cofactor.errors import CofactorWarning, FitError, FormulaError, UnknownVariableError
from cofactor.models import contrast, fit_glm, fit_ordinal, predict_levels, proportional_odds_test, wald_test
from cofactor.survey import SurveyDesign, replicate, weighted_proportion
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


def test_probabilities_match_r(data):
    expected = EXPECTED["main"]["exact"]
    made = predict_levels(fitted(data), data.loc[expected["first_people"]])
    np.testing.assert_allclose(made.values, np.ravel(expected["probability"]), rtol=1e-8)
    assert made.table().columns.tolist() == ["row", "level", "term", "estimate", "se", "low", "high", "p", "df"]


QUESTIONS = {
    "slopes and thresholds": everything,
    "probabilities": lambda fit: predict_levels(fit, pd.DataFrame({"x": [30.0, 70], "flag": [0, 1], "group": "low"})),
}


@pytest.mark.parametrize("question", QUESTIONS.values(), ids=QUESTIONS)
def test_influence_is_the_derivative_in_the_weights(data, question):
    design = SurveyDesign(data, weight="weight")

    def found(part):
        return question(fit_ordinal(part, "health ~ rcs(x, [30, 45, 55, 70]) * flag + group"))

    influence = found(design).influence()
    for row in np.flatnonzero(design.in_domain & data["x"].notna() & data["health"].notna())[[0, 40, 200]]:
        step = 1e-3 * design.weights[row]
        moved = []
        for sign in (1.0, -1.0):
            weights = design.weights.copy()
            weights[row] += sign * step
            moved.append(found(design.with_weights(weights)).values)
        derivative = (moved[0] - moved[1]) / (2.0 * step) * design.weights[row]
        np.testing.assert_allclose(influence[row], derivative, rtol=1e-4, atol=1e-9)


def test_errors_agree_with_the_jackknife(data):
    # A PSU of some strata is all that is left of it in a replicate: 28 PSUs, so a tenth apart is near.
    design = SurveyDesign(data, weight="weight")
    jackknife = replicate(design, lambda part: fit_ordinal(part, "health ~ x + flag"))
    np.testing.assert_allclose(fit_ordinal(design, "health ~ x + flag").estimate.se, jackknife.se, rtol=0.1)


def same(one, other):
    one, other = everything(one), everything(other)
    np.testing.assert_allclose(other.values, one.values, rtol=1e-9, atol=1e-12)
    np.testing.assert_allclose(other.covariance, one.covariance, rtol=1e-7, atol=1e-12)
    np.testing.assert_array_equal(other.df, one.df)


CHANGES = {
    "the order of rows": lambda data: data.sample(frac=1.0, random_state=3),
    "the scale of weights": lambda data: data.assign(weight=data["weight"] * 1e4),
    "labels of PSUs": lambda data: data.assign(psu=7 - data["psu"], strata=data["strata"].map(lambda h: f"s{h}")),
    "codes for levels": lambda data: data.assign(health=data["health"].cat.codes.replace(-1, np.nan) * 10.0 + 3.0),
    "a level that nobody has": lambda data: data.assign(
        health=data["health"].cat.set_categories([*LEVELS[:2], "so-so", *LEVELS[2:]])
    ),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_changes_nothing(data, change):
    same(fitted(data), fitted(change(data)))


def test_a_domain_is_weight_zero_outside(data):
    zeroed = data.assign(weight=data["weight"].where(data["domain"] == 1, 0.0))
    same(fitted(data, "domain"), fit_ordinal(SurveyDesign(zeroed, weight="weight"), CASES["domain"][0]))


def test_integer_weights_are_repeated_rows(data):
    whole = data.assign(weight=np.ceil(data["weight"] / 10.0))
    repeated = whole.loc[whole.index.repeat(whole["weight"].astype(int))].assign(weight=1.0)
    np.testing.assert_allclose(everything(fitted(repeated)).values, everything(fitted(whole)).values, rtol=1e-9)


def test_influence_sums_to_zero_and_is_zero_outside_the_domain(data):
    fit = fitted(data, "domain")
    influence = everything(fit).influence()
    np.testing.assert_allclose(influence.sum(axis=0), 0.0, atol=1e-11)
    assert not influence[~fit.used_rows].any()


def test_turning_the_order_around_turns_the_signs(data):
    turned = data.assign(health=data["health"].cat.reorder_categories(LEVELS[::-1]))
    one, other = fitted(data), fitted(turned)
    np.testing.assert_allclose(other.estimate.values, -one.estimate.values, rtol=1e-9)
    np.testing.assert_allclose(other.extra["thresholds"].values, -one.extra["thresholds"].values[::-1], rtol=1e-9)


def test_columns_far_from_zero_keep_their_digits(data):
    far = fit_ordinal(SurveyDesign(data.assign(x=data["x"] + 1e6), weight="weight"), CASES["main"][0])
    near = fitted(data)
    np.testing.assert_allclose(far.estimate.values, near.estimate.values, rtol=1e-7)
    np.testing.assert_allclose(far.estimate.se, near.estimate.se, rtol=1e-7)


def test_a_fit_answers_what_other_fits_answer(data):
    fit = fitted(data)
    difference = contrast(fit, {"x": 60}, {"x": 50})
    assert difference.values[0] == pytest.approx(10.0 * fit.coefficient("x"), rel=1e-10)
    assert wald_test(fit, "group").df1 == 2.0
    assert fit.log_likelihood > fit.null_log_likelihood
    assert repr(fit).startswith("proportional-odds regression, logit link: health ~ x + flag + group\n")
    assert fit.table(exponentiate=True).loc[0, "estimate"] == pytest.approx(np.exp(fit.coefficient("x")))


def test_null_likelihood_is_that_of_the_weighted_shares(data):
    fit = fitted(data)
    shares = weighted_proportion(fit.design.within(fit.used_rows), "health").values
    weights = fit.design.weights[fit.used_rows]
    codes = data["health"].cat.codes.to_numpy()[fit.used_rows]
    expected = weights / weights.mean() @ np.log(shares[codes])
    assert fit.null_log_likelihood == pytest.approx(expected, rel=1e-12)


def test_proportional_odds_are_tested_by_separate_logistic_regressions(data):
    fit = fitted(data)
    test = proportional_odds_test(fit)
    used = fit.design.within(fit.used_rows)
    alone = fit_glm(used, "I(health == 'good' or health == 'excellent') ~ x + flag + group", family="binomial")
    middle = test.slopes.table().query("split == 'above fair'")
    np.testing.assert_allclose(middle["estimate"], alone.estimate.values[1:], rtol=1e-10)
    np.testing.assert_allclose(middle["se"], alone.estimate.se[1:], rtol=1e-8)
    assert test.table()["term"].tolist() == ["x", "flag", "group", "global"]
    assert test.table()["df1"].tolist() == [2.0, 2.0, 4.0, 8.0]
    # The coefficient of x from its own columns of the joint covariance.
    of_x = [i for i, term in enumerate(test.slopes.terms) if term == "x"]
    gaps = np.array([[-1.0, 1.0, 0.0], [-1.0, 0.0, 1.0]])
    values, covariance = gaps @ test.slopes.values[of_x], gaps @ test.slopes.covariance[np.ix_(of_x, of_x)] @ gaps.T
    f = values @ np.linalg.solve(covariance, values) * (fit.df - 1.0) / (2.0 * fit.df)
    assert test.tests[0].f == pytest.approx(f, rel=1e-9)


@pytest.mark.parametrize("change", ["codes for levels", "a level that nobody has"])
def test_proportional_odds_do_not_depend_on_what_levels_are_called(data, change):
    one, other = (proportional_odds_test(fitted(rows)).table() for rows in (data, CHANGES[change](data)))
    np.testing.assert_allclose(other["f"], one["f"], rtol=1e-8)
    numbered = data.assign(health=pd.Categorical(data["health"].cat.codes.replace(-1, np.nan)))
    np.testing.assert_allclose(proportional_odds_test(fitted(numbered)).table()["f"], one["f"], rtol=1e-8)


def test_odds_that_are_not_proportional_are_found(data):
    rng = np.random.default_rng(4)
    spread = data.assign(flag=rng.integers(0, 2, len(data)))
    latent = rng.logistic(size=len(data)) * (1.0 + 2.0 * spread["flag"])
    spread["health"] = pd.cut(latent, [-np.inf, -2, 0, 2, np.inf], labels=LEVELS)
    assert proportional_odds_test(fitted(spread)).tests[1].p < 0.001


def test_too_many_terms_for_the_design_are_tested_one_by_one(data):
    fit = fit_ordinal(SurveyDesign(data, weight="weight"), "health ~ x * flag + group + rcs(weight, 4) + domain")
    test = proportional_odds_test(fit)
    assert "global" not in test.table()["term"].tolist()
    assert "one by one" in test.notes[0]


def test_a_term_that_runs_away_is_named_and_has_no_interval(data):
    apart = data.assign(top=(data["health"] == "excellent").astype(float))
    with pytest.warns(CofactorWarning, match="grows without bound in top"):
        fit = fit_ordinal(SurveyDesign(apart, weight="weight"), "health ~ x + top")
    assert np.isnan(fit.table().set_index("term").loc["top", "low"])


BAD = {
    "no outcome": ("x + flag", FormulaError, "has no outcome"),
    "arithmetic as outcome": ("I(x > 3) ~ flag", FormulaError, "must be a column"),
    "text as outcome": ("words ~ x", FormulaError, "has no order"),
    "two levels": ("flag ~ x", FitError, "binomial"),
    "many levels": ("x ~ flag", FitError, "fit_quantile"),
    "no terms": ("health ~ 1", FitError, "weighted_proportion"),
    "an unknown name": ("helth ~ x", UnknownVariableError, "health"),
    "columns that depend": ("health ~ x + I(2 * x)", FitError, "collinear|depend"),
}


@pytest.mark.parametrize(("formula", "error", "words"), BAD.values(), ids=BAD)
def test_bad_input_gives_its_clear_error(data, formula, error, words):
    with pytest.raises(error, match=words):
        fit_ordinal(SurveyDesign(data.assign(words=data["group"].astype("str")), weight="weight"), formula)


def test_questions_need_an_ordinal_fit_and_rows(data):
    other = fit_glm(SurveyDesign(data, weight="weight"), "flag ~ x", family="binomial")
    for ask in (lambda: predict_levels(other, data), lambda: proportional_odds_test(other)):
        with pytest.raises(FitError, match="fit_ordinal"):
            ask()
    with pytest.raises(FitError, match="is empty"):
        predict_levels(fitted(data), data.iloc[:0])
