"""Multiple imputation: what is imputed and what never is, from what, and that the whole finds the truth."""

from __future__ import annotations

import joblib
import numpy as np
import pandas as pd
import pytest
from scipy import special

from cofactor.errors import FitError, FormulaError, UnknownVariableError
from cofactor.models import fit_cox, fit_glm, impute, nelson_aalen, pool
from cofactor.models.imputation_problem import cumulative_hazard
from cofactor.models.imputation_regression import Rows, draw, predictor, solve_mode
from cofactor.models.imputation_targets import nearest_donors
from cofactor.survey import SurveyDesign

FORMULA = "z + x + flag + group"
COX = {"formula": FORMULA, "time": "time", "event": "died"}
NAMES = ["x", "flag", "group"]


def people(seed: int = 1, n: int = 600) -> pd.DataFrame:
    """People with nothing missing: a number with one decimal, a flag, a category and what they lead to."""
    rng = np.random.default_rng(seed)
    strata, psu = rng.integers(0, 8, n), rng.integers(1, 3, n)
    z = rng.normal(size=n)
    x = (0.5 * z + rng.normal(0, 0.3, (8, 3))[strata, psu] + rng.normal(size=n)).round(1)
    flag = rng.random(n) < special.expit(x - 0.5)
    group = np.array(["low", "middle", "high"])[np.digitize(x + z + rng.logistic(size=n), [-1, 1])]
    eta = 0.5 * z + 0.4 * x + 0.5 * flag + 0.6 * (group == "high")
    time = rng.exponential(np.exp(1.0 - eta))
    return pd.DataFrame({
        "strata": strata, "psu": psu, "analysis_weight": np.exp(rng.normal(0, 0.5, n)), "z": z, "x": x,
        "flag": pd.array(flag, dtype="boolean"),
        "group": pd.Categorical(group, categories=["low", "middle", "high", "none"]),
        "cycle": np.where(strata < 4, "first", "second"), "y": 1.0 + eta + rng.normal(size=n),
        "time": np.minimum(time, 5.0) + 0.001, "died": time < 5.0,
    })  # fmt: skip


def lacking(data: pd.DataFrame, seed: int = 2, share: float = 0.25) -> pd.DataFrame:
    """The same people, with covariates missing at random, more often where y is high."""
    rng = np.random.default_rng(seed)
    made = data.copy()
    odds = special.expit(data["y"] - data["y"].mean()) * 2 * share
    for name in NAMES:
        made[name] = made[name].mask(rng.random(len(data)) < odds)
    return made


@pytest.fixture(scope="module")
def data() -> pd.DataFrame:
    return lacking(people())


@pytest.fixture(scope="module")
def imputations(data):
    return impute(SurveyDesign(data), NAMES, **COX, m=4, rounds=3, seed=11)


def test_known_values_stay_and_missing_ones_are_filled(data, imputations):
    for number in range(imputations.m):
        filled = imputations.data(number)
        assert not filled[NAMES].isna().any().any()
        for name in data:
            known = data[name].notna()
            pd.testing.assert_series_equal(filled.loc[known, name], data.loc[known, name])
            assert filled[name].dtype == data[name].dtype


def test_numbers_are_values_that_somebody_has_and_levels_are_levels_that_occur(data, imputations):
    filled = imputations.data(1)
    assert set(filled["x"]) <= set(data["x"].dropna())
    assert set(filled["group"]) == {"low", "middle", "high"}


def test_the_design_as_it_was_is_untouched(data, imputations):
    assert imputations.design.data is data
    assert data["x"].isna().any()


def test_the_seed_decides_whatever_runs_beside(data):
    design = SurveyDesign(data)
    one = impute(design, NAMES, **COX, m=3, rounds=2, seed=5)
    more = impute(design, NAMES, **COX, m=4, rounds=2, seed=np.random.default_rng(5))
    with joblib.parallel_config("threading", n_jobs=2):
        beside = impute(design, NAMES, **COX, m=3, rounds=2, seed=5)
    other = impute(design, NAMES, **COX, m=3, rounds=2, seed=6)
    for name in NAMES:
        np.testing.assert_array_equal(one.imputed[name].values, more.imputed[name].values[:3])
        np.testing.assert_array_equal(one.imputed[name].values, beside.imputed[name].values)
        assert (one.imputed[name].values != other.imputed[name].values).any()


def test_scales_of_weights_and_of_numbers_change_nothing(data):
    scaled = data.assign(analysis_weight=1e5 * data["analysis_weight"], x=1000.0 * data["x"], z=0.001 * data["z"])
    one = impute(SurveyDesign(data), NAMES, **COX, m=2, rounds=2, seed=5)
    other = impute(SurveyDesign(scaled), NAMES, **COX, m=2, rounds=2, seed=5)
    np.testing.assert_allclose(other.imputed["x"].values, 1000.0 * one.imputed["x"].values, rtol=1e-12)
    np.testing.assert_array_equal(other.imputed["group"].values, one.imputed["group"].values)


def test_a_domain_is_the_same_as_weight_zero_and_its_outside_is_not_filled(data):
    inside = data["z"] > -1.0
    zeroed = data.assign(analysis_weight=data["analysis_weight"].where(inside, 0.0))
    one = impute(SurveyDesign(data, domain="z > -1"), NAMES, **COX, m=2, rounds=2, seed=5)
    other = impute(SurveyDesign(zeroed), NAMES, **COX, m=2, rounds=2, seed=5)
    np.testing.assert_array_equal(one.imputed["x"].values, other.imputed["x"].values)
    pd.testing.assert_series_equal(one.data(0)["x"][~inside], data["x"][~inside])


def test_who_lacks_an_exposure_is_not_imputed_and_is_counted(data):
    lost = data.assign(z=data["z"].mask(data.index % 10 == 0))
    made = impute(SurveyDesign(lost), NAMES, **COX, m=2, rounds=1, seed=1)
    assert made.people == int(lost["z"].notna().sum())
    assert "lack what is not imputed" in made.notes[1]
    assert made.data(0).loc[lost["z"].isna() & lost["x"].isna(), "x"].isna().all()


def test_what_a_cycle_did_not_ask_is_not_imputed_there(data):
    unasked = data.assign(flag=data["flag"].mask(data["cycle"] == "first"))
    made = impute(SurveyDesign(unasked), NAMES, **COX, cycle="cycle", m=2, rounds=1, seed=1)
    assert made.data(0).loc[data["cycle"] == "first", "flag"].isna().all()
    assert made.people == int((data["cycle"] == "second").sum())
    assert any("known for nobody in first" in note for note in made.notes)


def test_nothing_missing_gives_back_the_plain_fit():
    complete = SurveyDesign(people())
    made = impute(complete, NAMES, **COX, m=3, rounds=1, seed=1)

    def model(design):
        return fit_cox(design, FORMULA, time="time", event="died")

    columns = ["term", "estimate", "se", "low", "high", "p", "df"]
    pooled = pool(made, model)
    pd.testing.assert_frame_equal(pooled.table()[columns], model(complete).table()[columns], rtol=1e-12)


def test_complete_cases_stand_beside(data, imputations):
    def model(design):
        return fit_cox(design, FORMULA, time="time", event="died")

    pooled = pool(imputations, model)
    both = pooled.beside(exponentiate=True)
    plain = model(SurveyDesign(data)).table(exponentiate=True)
    np.testing.assert_array_equal(both.loc[both["rows"] == "complete cases", "estimate"], plain["estimate"])
    np.testing.assert_array_equal(
        both.loc[both["rows"] == "imputed", "estimate"], pooled.table(exponentiate=True)["estimate"]
    )
    assert list(both.columns[:2]) == ["rows", "term"]


@pytest.mark.parametrize("kind", ["gaussian", "cox"])
def test_imputation_mends_what_complete_cases_get_wrong(kind):
    whole = people(3, 4000)
    data = lacking(whole, share=0.35)
    right = {"gaussian": "y ~ z + x + flag + group", "cox": FORMULA}[kind]

    def model(design):
        return fit_glm(design, right) if kind == "gaussian" else fit_cox(design, right, time="time", event="died")

    more = {} if kind == "gaussian" else {"time": "time", "event": "died", "also": ["y"]}
    pooled = pool(impute(SurveyDesign(data), NAMES, formula=right, **more, m=10, rounds=5, seed=3), model)
    truth = model(SurveyDesign(whole)).estimate.values
    gap = np.abs(pooled.values - truth) / pooled.se
    assert gap.max() < 2.5
    if kind == "gaussian":  # missing by the outcome: the intercept of the complete cases is far off
        cases = pooled.complete_case
        assert abs(cases.estimate.values[0] - truth[0]) > 4 * cases.estimate.se[0]


def test_the_hazard_is_the_nelson_aalen_estimate_at_each_persons_exit():
    data = people().assign(entry=lambda d: np.where(d.index % 3 == 0, 0.3 * d["time"], 0.0))
    found = cumulative_hazard(
        data["time"].to_numpy(), data["died"].to_numpy(), data["entry"].to_numpy(), data["analysis_weight"].to_numpy()
    )
    times = np.unique(np.r_[data["time"], data["entry"][data["entry"] > 0]])
    curve = nelson_aalen(SurveyDesign(data), time="time", event="died", entry="entry", times=times).estimate
    at = dict(zip(curve.labels["time"], curve.values, strict=True)) | {0.0: 0.0}
    expected = data["time"].map(at) - data["entry"].map(at)
    np.testing.assert_allclose(found, expected, rtol=1e-9, atol=1e-12)


def _regression(logistic):
    rng = np.random.default_rng(4)
    n, groups = 400, 12
    group = np.sort(rng.integers(0, groups, n))
    columns = np.column_stack([np.ones(n), rng.normal(size=(n, 3))])
    eta = columns @ np.array([-0.5, 0.8, 0.0, -0.4]) + rng.normal(0, 0.5, groups)[group]
    y = (rng.random(n) < special.expit(eta)).astype(float) if logistic else eta + rng.normal(size=n)
    starts = np.flatnonzero(np.r_[True, np.diff(group) > 0])
    return Rows(columns, group, starts), y, rng.random(n) < 0.8


@pytest.mark.parametrize("logistic", [True, False])
def test_the_mode_solves_the_penalised_score_with_indicator_columns_for_the_groups(logistic):
    rows, y, known = _regression(logistic)
    mode = solve_mode(rows, np.arange(4), y, known, logistic)
    for _ in range(3):  # from where it stopped on, to full precision
        mode = solve_mode(rows, np.arange(4), y, known, logistic, mode)
    eta = predictor(rows, mode)
    residual = np.where(known, y - (special.expit(eta) if logistic else eta), 0.0)
    prior = np.r_[0.0, mode.coefficients[1:]]
    np.testing.assert_allclose(rows.columns.T @ residual, prior, atol=2e-2)
    np.testing.assert_allclose(np.bincount(rows.group, residual), mode.effects, atol=2e-2)


@pytest.mark.parametrize("logistic", [True, False])
def test_draws_have_the_posterior_covariance_of_the_whole_information(logistic):
    rows, y, known = _regression(logistic)
    mode = solve_mode(rows, np.arange(4), y, known, logistic)
    rng = np.random.default_rng(1)
    drawn = [draw(rows, np.arange(4), mode, 1.0, rng) for _ in range(20_000)]
    found = np.cov(np.array([np.r_[one.coefficients, one.effects] for one in drawn]).T)
    indicators = (rows.group[:, np.newaxis] == np.arange(12)).astype(float)
    full = np.hstack([rows.columns, indicators])
    mean = special.expit(predictor(rows, mode))
    weight = np.where(known, mean * (1 - mean) if logistic else 1.0, 0.0)
    expected = np.linalg.inv(full.T @ (weight[:, np.newaxis] * full) + np.diag([0.0, *np.ones(15)]))
    np.testing.assert_allclose(found, expected, atol=0.06 * expected.max())


def test_a_stratum_without_a_case_keeps_its_effect_finite():
    rows, y, known = _regression(True)
    y = np.where(rows.group == 3, 0.0, y)
    assert np.abs(solve_mode(rows, np.arange(4), y, known, True).effects).max() < 4.0


def test_donors_are_among_the_five_nearest():
    rng = np.random.default_rng(2)
    predicted, wanted = rng.normal(size=200), rng.normal(size=50)
    found = nearest_donors(predicted, predicted, wanted, rng)
    allowed = np.sort(np.abs(predicted[:, np.newaxis] - wanted), axis=0)[4]
    assert (np.abs(found - wanted) <= allowed + 1e-12).all()


BAD = {
    "outcome": (lambda d: impute(d, "died", **COX, seed=1), FitError, "only covariates are imputed"),
    "no outcome": (lambda d: impute(d, "x", formula=FORMULA, seed=1), FitError, "give time= and event="),
    "half": (lambda d: impute(d, "x", formula=FORMULA, time="time", seed=1), FitError, "time= and event="),
    "stranger": (lambda d: impute(d, "psu", **COX, seed=1), UnknownVariableError, "psu"),
    "unknown": (lambda d: impute(d, "xx", **COX, seed=1), UnknownVariableError, "xx"),
    "unknown also": (lambda d: impute(d, "x", **COX, also=["bmi"], seed=1), UnknownVariableError, "bmi"),
    "none": (lambda d: impute(d, [], **COX, seed=1), FitError, "no variable is named"),
    "one": (lambda d: impute(d, "x", **COX, m=1, seed=1), FitError, "m=1"),
    "formula": (lambda d: impute(d, "x", formula="y ~ x **", seed=1), FormulaError, "operator"),
    "function": (lambda d: pool(impute(d, "x", **COX, m=2, rounds=1, seed=1)), FitError, "needs the function"),
}  # fmt: skip


@pytest.mark.parametrize("case", BAD)
def test_bad_input_says_what_and_how_to_mend(data, case):
    call, error, message = BAD[case]
    with pytest.raises(error, match=message):
        call(SurveyDesign(data))


def test_a_variable_that_hardly_anybody_has_cannot_be_imputed(data):
    rare = data.assign(x=data["x"].where(data.index < 6))
    with pytest.raises(FitError, match="cannot be imputed"):
        impute(SurveyDesign(rare), "x", formula="y ~ z + x", seed=1)


def test_a_predictor_that_a_cycle_did_not_ask_is_refused(data):
    unasked = data.assign(more=data["x"].mask(data["cycle"] == "first"))
    with pytest.raises(FitError, match="leave it out of also"):
        impute(SurveyDesign(unasked), ["x", "more"], **COX, also=["more"], cycle="cycle", seed=1)


def _with_products(n=3000, seed=6):
    """People whose outcome has products of z with a number and with a category, and who lack these by the outcome."""
    rng = np.random.default_rng(seed)
    z = rng.normal(size=n)
    x, group = 0.4 * z + rng.normal(size=n), rng.integers(0, 3, n)
    y = 1.0 + 0.3 * x + 0.3 * z + 0.5 * x * z + 0.6 * (group == 2) * z + rng.normal(size=n)
    whole = pd.DataFrame({
        "strata": rng.integers(0, 8, n), "psu": rng.integers(1, 3, n), "analysis_weight": rng.uniform(0.5, 1.5, n),
        "z": z, "x": x, "group": pd.Categorical(np.array(["a", "b", "c"])[group]), "y": y,
    })  # fmt: skip
    lost = [rng.random(n) < special.expit(0.6 * (y - 1) - 0.9) for _ in range(2)]
    return whole, whole.assign(x=whole["x"].mask(lost[0]), group=whole["group"].mask(lost[1]))


def test_a_covariate_in_a_product_keeps_its_interaction():
    whole, data = _with_products()
    formula = "y ~ x * z + group * z"
    made = impute(SurveyDesign(data), ["x", "group"], formula=formula, m=10, rounds=6, seed=3)
    pooled = pool(made, lambda design: fit_glm(design, formula))
    truth = fit_glm(SurveyDesign(whole), formula).coefficients
    gaps = pd.Series(pooled.values, index=pooled.terms) - truth
    for term in ("x:z", "group[c]:z"):
        assert abs(gaps[term]) < 0.08
    assert (np.abs(gaps.to_numpy()) < 3.0 * pooled.se).all()


def test_in_a_product_a_value_is_drawn_with_the_analysis_likelihood():
    """Of a flag that is balanced but for the outcome, the imputed odds are those of the outcome's likelihoods."""
    rng = np.random.default_rng(9)
    n = 20_000
    z, flag = rng.normal(size=n), rng.random(n) < 0.5
    y = 1.5 * flag + rng.normal(size=n)
    data = pd.DataFrame({
        "strata": 1, "psu": np.arange(n) % 40, "analysis_weight": 1.0, "z": z, "y": y,
        "flag": pd.array(np.where(rng.random(n) < 0.3, None, flag), dtype="boolean"),
    })  # fmt: skip
    made = impute(SurveyDesign(data), "flag", formula="y ~ flag * z", m=4, rounds=10, seed=1)
    rows = made.imputed["flag"].rows
    expected = special.expit(1.5 * y[rows] - 1.5**2 / 2)
    for low, high in ((-1.0, 0.0), (0.5, 1.0), (1.5, 2.5)):
        here = (y[rows] > low) & (y[rows] < high)
        assert made.imputed["flag"].values[:, here].mean() == pytest.approx(expected[here].mean(), abs=0.03)


@pytest.mark.parametrize("entry", [None, "entry"])
def test_products_of_a_cox_model_are_imputed_with_its_hazard(entry):
    rng = np.random.default_rng(12)
    n = 3000
    z, flag = rng.normal(size=n), rng.random(n) < 0.5
    time = rng.exponential(np.exp(1.0 - 0.3 * z - 0.4 * flag - 0.6 * flag * z))
    whole = pd.DataFrame({
        "strata": rng.integers(0, 8, n), "psu": rng.integers(1, 3, n), "analysis_weight": rng.uniform(0.5, 1.5, n),
        "z": z, "flag": pd.array(flag, dtype="boolean"), "died": time < 4.0,
        "time": np.ceil(12 * np.minimum(time, 4.0)), "clinic": np.where(rng.random(n) < 0.5, "one", "two"),
    })  # fmt: skip
    whole["entry"] = np.where(rng.random(n) < 0.3, 0.5 * whole["time"], 0.0)
    data = whole.assign(flag=whole["flag"].mask(rng.random(n) < np.where(whole["died"], 0.5, 0.2)))
    cox = {"time": "time", "event": "died", "entry": entry, "strata": "clinic"}
    made = impute(SurveyDesign(data), "flag", formula="flag * z", **cox, m=8, rounds=4, seed=2)
    pooled = pool(made, lambda design: fit_cox(design, "flag * z", **cox))
    truth = fit_cox(SurveyDesign(whole), "flag * z", **cox).estimate.values
    assert (np.abs(pooled.values - truth) < 2.5 * pooled.se).all()
    assert abs(pooled.values[2] - truth[2]) < 0.15


@pytest.mark.parametrize("formula", ["y ~ z + x + high", "y ~ z * high + x"])
def test_a_flag_that_follows_from_an_imputed_number_agrees_with_it(data, formula):
    marked = data.assign(high=(data["x"] >= 1.0).astype("boolean").mask(data["x"].isna()))
    made = impute(SurveyDesign(marked), "x", formula=formula, derived={"high": "x >= 1"}, m=3, rounds=3, seed=1)
    for number in range(3):
        filled = made.data(number)
        assert filled["high"].dtype == "boolean"
        assert (filled["high"] == (filled["x"] >= 1.0)).all()
    assert set(made.imputed) == {"x"}


def test_a_flag_that_is_not_what_its_expression_says_is_refused(data):
    marked = data.assign(high=(data["x"] >= 1.0).astype("boolean").mask(data["x"].isna()))
    with pytest.raises(FitError, match="is not 'x >= 2' for"):
        impute(SurveyDesign(marked), "x", formula="y ~ x + high", derived={"high": "x >= 2"}, seed=1)
    with pytest.raises(FitError, match="must follow from variables that are imputed"):
        impute(SurveyDesign(marked), "x", formula="y ~ x + high", derived={"high": "z >= 2"}, seed=1)
