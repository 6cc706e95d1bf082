"""Quantile regression against R's quantreg and survey, the whole linear programme, and a bootstrap of PSUs."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from scipy import optimize

from cofactor.errors import CofactorError, FitError, FormulaError, UnknownVariableError
from cofactor.models import equal_slopes_test, fit_quantile, slope_difference
from cofactor.models.quantile_program import problem_of, solve_quantile
from cofactor.survey import SurveyDesign, weighted_quantile

REFERENCE = Path(__file__).parent.parent / "reference"
EXPECTED = json.loads((REFERENCE / "quantile" / "expected.json").read_text())["cases"]
MAIN = "y ~ x + flag + group"
CASES = {"local": MAIN, "kernel": MAIN, "domain": "y ~ x * flag", "middle": "y ~ 1"}


@pytest.fixture(scope="module")
def data() -> pd.DataFrame:
    data = pd.read_csv(REFERENCE / "glm" / "data.csv")
    data["group"] = pd.Categorical(data["group"], categories=["low", "middle", "high"])
    return data


@pytest.fixture(scope="module")
def design(data) -> SurveyDesign:
    return SurveyDesign(data, weight="weight", domain="known(x) and known(group)")


@pytest.fixture(scope="module")
def fit(design):
    return fit_quantile(design, MAIN)


def same(one, other):
    np.testing.assert_allclose(other.estimate.values, one.estimate.values, rtol=1e-9, atol=1e-12)
    np.testing.assert_allclose(other.covariance, one.covariance, rtol=1e-7, atol=1e-10)
    assert other.df == one.df


@pytest.mark.parametrize("case", CASES)
def test_coefficients_covariance_and_influence_match_r(data, case):
    expected = EXPECTED[case]
    domain = "known(x) and known(group)" + (" and domain == 1" if case == "domain" else "")
    fit = fit_quantile(
        SurveyDesign(data, weight="weight", domain=domain), CASES[case], expected["taus"], density=expected["density"]
    )
    np.testing.assert_allclose(fit.estimate.values, np.ravel(expected["coef"]), rtol=1e-9)
    covariance = np.atleast_2d(expected["covariance"])
    scale = np.sqrt(np.diag(covariance))
    unit = np.outer(scale, scale)
    np.testing.assert_allclose(fit.covariance / unit, covariance / unit, atol=1e-8)
    rows = fit.influence()[expected["influence_rows"]]
    np.testing.assert_allclose(rows / scale, np.reshape(expected["influence"], rows.shape) / scale, atol=1e-8)


def people(n: int, p: int, kind: str, seed: int = 0):
    """Columns, outcome, weights of n people: numbers, half of them rare flags, outcomes in whole units or far out."""
    rng = np.random.default_rng(seed)
    x = np.column_stack([np.ones(n), rng.normal(size=(n, p - 1))])
    if kind in ("rare flags", "whole units"):
        x[:, p // 2 :] = rng.random((n, p - p // 2)) < np.linspace(0.005, 0.5, p - p // 2)
    y = x @ rng.normal(size=p) + (1.0 + 0.3 * np.abs(x[:, 1])) * rng.normal(size=n)
    if kind == "far tails":
        y = y + rng.standard_cauchy(n) ** 3
    return x, np.round(y) if kind == "whole units" else y, rng.gamma(2.0, 1.0, n)


@pytest.mark.parametrize("kind", ["numbers", "rare flags", "whole units", "far tails"])
@pytest.mark.parametrize("tau", [0.05, 0.5])
def test_solving_near_rows_first_reaches_the_optimum_of_the_whole_programme(kind, tau):
    x, y, w = people(6000, 8, kind)
    solution = solve_quantile(problem_of(x, y, w), tau, "y ~ x")
    bounds = np.column_stack([(tau - 1.0) * w, tau * w])
    whole = optimize.linprog(-y, A_eq=x.T, b_eq=np.zeros(8), bounds=bounds, method="highs-ds")
    residual = y - x @ solution.coefficients
    reached = float(w @ (residual * (tau - (residual < 0.0))))
    assert reached == pytest.approx(-whole.fun, rel=1e-11)
    np.testing.assert_allclose(solution.pull @ x, 0.0, atol=1e-8)
    assert ((solution.pull >= (tau - 1.0) * w - 1e-9) & (solution.pull <= tau * w + 1e-9)).all()


def test_a_wrong_first_plane_is_found_out():
    x, y, w = people(8000, 3, "numbers")
    y[:: 8000 // 690] += 40.0  # about the rows of the first plane, far from all others
    solution = solve_quantile(problem_of(x, y, w), 0.25, "y ~ x")
    np.testing.assert_allclose(solution.pull @ x, 0.0, atol=1e-8)
    residual = y - x @ solution.coefficients
    np.testing.assert_array_equal(solution.pull[residual > 1e-9], 0.25 * w[residual > 1e-9])
    np.testing.assert_array_equal(solution.pull[residual < -1e-9], (0.25 - 1.0) * w[residual < -1e-9])


def test_without_terms_it_is_the_weighted_quantile(design):
    probs = [0.137, 0.5, 0.811]
    expected = weighted_quantile(design, "y", probs).values
    np.testing.assert_allclose(fit_quantile(design, "y ~ 1", probs).estimate.values, expected, rtol=1e-12)


def test_influence_sums_to_zero_and_is_zero_outside_the_domain(data):
    design = SurveyDesign(data, weight="weight", domain="known(x) and known(group) and domain == 1")
    influence = fit_quantile(design, MAIN).influence()
    np.testing.assert_allclose(influence.sum(axis=0), 0.0, atol=1e-10)
    assert not influence[~design.in_domain].any()


def test_a_domain_is_weight_zero_outside(data):
    inside = (data["domain"] == 1) & data["x"].notna() & data["group"].notna()
    zeroed = data.assign(weight=data["weight"].where(inside, 0.0))
    same(
        fit_quantile(SurveyDesign(data, weight="weight", domain="domain == 1"), MAIN),
        fit_quantile(SurveyDesign(zeroed, weight="weight"), MAIN),
    )


CHANGES = {
    "the order of rows": lambda data: data.sample(frac=1.0, random_state=3),
    "the scale of weights": lambda data: data.assign(weight=data["weight"] * 1e4),
    "labels of PSUs": lambda data: data.assign(psu=7 - data["psu"], strata=data["strata"].map(lambda h: f"s{h}")),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
@pytest.mark.parametrize(("outcome", "density"), [("y", "local"), ("count", "kernel")])
def test_changes_nothing(data, change, outcome, density):
    formula = f"{outcome} ~ x + flag"
    same(
        fit_quantile(SurveyDesign(data, weight="weight"), formula, [0.3, 0.7], density=density),
        fit_quantile(SurveyDesign(change(data), weight="weight"), formula, [0.3, 0.7], density=density),
    )


def test_a_few_outcomes_far_out_leave_the_others_their_digits(data):
    far = data.assign(y=data["y"].where(data["y"] < data["y"].quantile(0.98), 1e12))
    fits = [fit_quantile(SurveyDesign(rows, weight="weight"), MAIN, [0.5]) for rows in (data, far)]
    np.testing.assert_allclose(fits[1].estimate.values, fits[0].estimate.values, rtol=1e-7)


def test_integer_weights_are_repeated_rows(data):
    whole = data.assign(weight=np.ceil(data["weight"] / 10.0))
    repeated = whole.loc[whole.index.repeat(whole["weight"].astype(int))].assign(weight=1.0)
    one, other = (fit_quantile(SurveyDesign(rows, weight="weight"), "y ~ x + flag") for rows in (whole, repeated))
    np.testing.assert_allclose(other.estimate.values, one.estimate.values, rtol=1e-9)


def test_units_and_turning_upside_down_carry_through(data, fit):
    turned = data.assign(y=100.0 - 1e6 * data["y"], x=data["x"] * 1e-3 + 5.0)
    other = fit_quantile(SurveyDesign(turned, weight="weight"), MAIN, [1.0 - prob for prob in fit.quantiles])
    for prob in fit.quantiles:
        here, there = fit.positions(["x"], prob)[0], other.positions(["x"], 1.0 - prob)[0]
        assert other.estimate.values[there] == pytest.approx(-1e9 * fit.estimate.values[here], rel=1e-7)
        assert other.estimate.se[there] == pytest.approx(1e9 * fit.estimate.se[here], rel=1e-6)


def test_influence_foretells_the_bootstrap_of_psus():
    """The jackknife is of no use to a quantile, which does not move smoothly with one PSU's weight."""
    rng = np.random.default_rng(5)
    n = 3000
    cluster = np.arange(n) // 30
    x = rng.normal(size=n) + 0.5 * rng.normal(size=100)[cluster]
    y = x + (1.0 + 0.2 * x) * rng.normal(size=n) + 0.5 * rng.normal(size=100)[cluster]
    rows = pd.DataFrame({"strata": 1, "psu": cluster, "analysis_weight": rng.uniform(1, 3, n), "x": x, "y": y})
    design = SurveyDesign(rows)
    fit = fit_quantile(design, "y ~ x", [0.25, 0.75])
    moved, foretold = np.empty((2, 100, 4))
    for i in range(100):
        counts = rng.multinomial(99, np.full(100, 0.01)) * 100 / 99
        part = design.with_weights(design.weights * counts[cluster])
        again = fit_quantile(part, "y ~ x", [0.25, 0.75], density="kernel")  # only its coefficients are used
        moved[i] = again.estimate.values - fit.estimate.values
        foretold[i] = (counts - 1.0) @ fit.estimate.psu_totals
    # 7% of Monte Carlo error in the spread, and some 15% in the density of one sample; for the average over samples
    # see benchmarks/quantile_coverage.
    np.testing.assert_allclose(np.sqrt((moved**2).mean(axis=0)), fit.estimate.se, rtol=0.35)
    correlation = [np.corrcoef(moved[:, j], foretold[:, j])[0, 1] for j in range(4)]
    assert min(correlation) > 0.9


def test_difference_of_slopes_has_the_variance_of_the_joint_covariance(fit):
    made = slope_difference(fit, "x", 0.75, 0.25)
    high, low = fit.positions(["x"], 0.75)[0], fit.positions(["x"], 0.25)[0]
    v = fit.covariance
    assert made.values[0] == pytest.approx(fit.coefficients.loc["x", 0.75] - fit.coefficients.loc["x", 0.25], rel=1e-12)
    assert made.se[0] ** 2 == pytest.approx(v[high, high] + v[low, low] - 2.0 * v[high, low], rel=1e-10)
    assert made.table().loc[0, "df"] == fit.df


def test_equal_slopes_of_two_quantiles_is_the_test_of_their_difference(design):
    fit = fit_quantile(design, MAIN, [0.25, 0.75])
    test = equal_slopes_test(fit, "x")
    assert test.p == pytest.approx(slope_difference(fit, "x", 0.75, 0.25).table().loc[0, "p"], rel=1e-10)
    assert equal_slopes_test(fit, ["x", "group"]).df1 == 3.0


def test_table_has_the_quantile_in_its_first_column(fit):
    table = fit.table()
    assert list(table.columns) == ["prob", "term", "estimate", "se", "low", "high", "p", "df"]
    assert table["prob"].unique().tolist() == [0.1, 0.25, 0.5, 0.75, 0.9]
    assert repr(fit).startswith("quantile regression (0.1, 0.25, 0.5, 0.75, 0.9): y ~ x + flag + group")
    assert "<table" in fit._repr_html_()


@pytest.mark.parametrize("prob", [0.25, 0.5, 0.75])
def test_of_several_solutions_the_lowest_is_taken_and_noted(prob):
    rows = pd.DataFrame({"analysis_weight": 1.0, "strata": 1, "psu": np.arange(12) % 5, "y": np.arange(12.0) ** 2})
    rows["group"] = ["a", "b", "c"] * 4
    fit = fit_quantile(SurveyDesign(rows), "y ~ group", prob)
    lowest = [np.sort(part)[int(4 * prob) - 1] for _, part in rows.groupby("group")["y"]]
    np.testing.assert_allclose(fit.estimate.values, lowest - np.array([0.0, lowest[0], lowest[0]]), atol=1e-12)
    assert "(ties)" in fit.notes[0]


def test_crossings_and_thin_tails_are_noted(data, fit):
    crossed = fit_quantile(SurveyDesign(data, weight="weight"), "y ~ x * group * flag", [0.45, 0.5, 0.55])
    assert any("cross for" in note for note in crossed.notes)
    assert "few for 5 coefficients" in " ".join(fit.notes)
    assert fit_quantile(fit.design, "y ~ x", [0.5]).notes == ()


BAD = {
    "a quantile above 1": ({"quantiles": 1.2}, FitError, "lie between 0 and 1"),
    "no quantile": ({"quantiles": []}, FitError, "none was given"),
    "a quantile twice": ({"quantiles": [0.5, 0.5]}, FitError, "given twice"),
    "an unknown density": ({"density": "nid"}, FitError, "there are: local, kernel"),
    "an outcome in coarse units": ({"formula": "count ~ x", "quantiles": 0.1}, FitError, "density=.kernel."),
    "no outcome": ({"formula": "x + flag"}, FormulaError, "has no outcome"),
    "a binary outcome": ({"formula": "event ~ x"}, FitError, "binomial"),
    "a category as outcome": ({"formula": "group ~ x"}, FormulaError, "no single number"),
    "an outcome fitted exactly": ({"formula": "y ~ x + I(2 * y)"}, FitError, "fits every row exactly"),
    "an unknown name": ({"formula": "y ~ xx"}, UnknownVariableError, "xx"),
    "columns that depend": ({"formula": "y ~ x + I(2 * x)"}, FitError, "collinear|depend"),
}  # fmt: skip


@pytest.mark.parametrize(("change", "error", "words"), BAD.values(), ids=BAD)
def test_bad_input_gives_its_clear_error(design, change, error, words):
    with pytest.raises(error, match=words):
        fit_quantile(design, **({"formula": MAIN} | change))


def test_questions_about_what_was_not_fitted_are_refused(design, fit):
    for ask, words in (
        (lambda: slope_difference(fit, "x", 0.8, 0.1), "was not fitted; there are 0.1"),
        (lambda: slope_difference(fit, "x", 0.5, 0.5), "give two quantiles"),
        (lambda: slope_difference(fit, "flga"), "flag"),
        (lambda: equal_slopes_test(fit_quantile(design, MAIN, 0.5), "x"), "one quantile"),
        (lambda: equal_slopes_test(fit_quantile(design, MAIN, np.arange(1, 7) / 7), ["x", "flag", "group"]), "degrees"),
    ):
        with pytest.raises(CofactorError, match=words):
            ask()
