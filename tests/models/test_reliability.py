"""Reliability of told intakes and what it corrects: by hand, by derivative, and by simulation with a known truth."""

from __future__ import annotations

import dataclasses

import numpy as np
import pandas as pd
import pytest

from cofactor.errors import FitError, UnknownVariableError
from cofactor.models import error_dial, fit_cox, fit_glm, regression_calibration, reliability
from cofactor.survey import SurveyDesign, replicate

BOTH = {"magnesium": ("magnesium_1", "magnesium_2"), "energy": ("energy_1", "energy_2")}
TRUTH = {"magnesium": 0.25, "energy": -0.15, "vitamin": -0.2, "magnesium:vitamin": 0.15}
FORMULA = "magnesium * vitamin + energy"


def told(seed: int, n: int = 2000, share_of_two: float = 0.7) -> pd.DataFrame:
    """People of true magnesium and energy that go together, told on one or two days with errors that go together."""
    rng = np.random.default_rng(seed)
    vitamin = rng.normal(0.0, 1.0, n)
    true = rng.multivariate_normal([0.0, 0.0], [[1.0, 0.5], [0.5, 1.0]], n) + 0.3 * vitamin[:, np.newaxis]
    days = [true + rng.multivariate_normal([0.0, 0.0], [[0.8, 0.4], [0.4, 0.8]], n) for _ in range(2)]
    days[1] = np.where(rng.random(n) < share_of_two, (days[1] + 0.1).T, np.nan).T
    data = pd.DataFrame({
        "analysis_weight": rng.uniform(0.5, 2.0, n), "strata": np.arange(n) % 25, "psu": np.arange(n) // 25 % 2,
        "vitamin": vitamin, "true_magnesium": true[:, 0], "true_energy": true[:, 1],
    })  # fmt: skip
    for j, name in enumerate(("magnesium", "energy")):
        for day in (0, 1):
            data[f"{name}_{day + 1}"] = days[day][:, j]
        data[name] = data[[f"{name}_1", f"{name}_2"]].mean(axis=1)
    log_hazard = (
        TRUTH["magnesium"] * true[:, 0] + TRUTH["energy"] * true[:, 1] + TRUTH["vitamin"] * vitamin
        + TRUTH["magnesium:vitamin"] * true[:, 0] * vitamin
    )  # fmt: skip
    time = rng.exponential(1.0, n) * np.exp(-log_hazard) * 8.0
    data["months"] = np.ceil(np.minimum(time, 1.0) * 120.0)
    data["died"] = time < 1.0
    return data


@pytest.fixture(scope="module")
def design() -> SurveyDesign:
    return SurveyDesign(told(1))


def fitted(design, formula=FORMULA):
    return fit_cox(design, formula, time="months", event="died")


def test_of_one_intake_without_others_it_is_the_intraclass_correlation_of_the_mean():
    data = told(3, n=400, share_of_two=1.0).assign(analysis_weight=1.0)
    fit = fit_glm(SurveyDesign(data), "true_energy ~ magnesium")
    pair = data[["magnesium_1", "magnesium_2"]].to_numpy()
    within = np.var(pair[:, 0] - pair[:, 1]) / 2.0
    icc_of_mean = 1.0 - within / 2.0 / np.var(pair.mean(axis=1))
    found = reliability(fit, {"magnesium": BOTH["magnesium"]})
    np.testing.assert_allclose(found.of_terms.values, [icc_of_mean], rtol=1e-10)
    assert (found.two_recalls, found.n_two_recalls) == (pytest.approx(1.0), 400)


def test_factors_are_the_slopes_of_true_on_told_intakes():
    data = told(5, n=200_000, share_of_two=0.5)
    rng = np.random.default_rng(6)
    fit = fit_glm(SurveyDesign(data.assign(y=rng.normal(size=len(data)))), f"y ~ {FORMULA}")
    found = reliability(fit, BOTH)
    assert found.terms == ("magnesium", "energy", "magnesium:vitamin")
    given = np.column_stack([data["magnesium"], data["energy"], data["magnesium"] * data["vitamin"],
                             np.ones(len(data)), data["vitamin"]])  # fmt: skip
    true = np.column_stack([data["true_magnesium"], data["true_energy"], data["true_magnesium"] * data["vitamin"]])
    root = np.sqrt(data["analysis_weight"].to_numpy())[:, np.newaxis]
    slopes = np.linalg.lstsq(root * given, root * true, rcond=None)[0][:3]
    np.testing.assert_allclose(found.matrix, slopes, atol=0.012)


@pytest.mark.parametrize("formula", [FORMULA, "magnesium + energy", "magnesium + vitamin"])
def test_influence_is_the_derivative_in_the_weights(design, formula):
    asked = {name: pair for name, pair in BOTH.items() if name in formula}

    def made(weights):
        fit = fitted(design.with_weights(weights), formula)
        measured = reliability(fit, asked)
        return measured.attenuation.values, regression_calibration(fit, measured).values

    fit = fitted(design, formula)
    measured = reliability(fit, asked)
    influence = measured.attenuation.influence(), regression_calibration(fit, measured).influence()
    data = design.data
    for row in (int(np.flatnonzero(data["magnesium_2"].notna() & data["died"])[0]),
                int(np.flatnonzero(data["magnesium_2"].isna())[2])):  # fmt: skip
        step = 1e-3 * design.weights[row]
        moved = []
        for sign in (1.0, -1.0):
            weights = design.weights.copy()
            weights[row] += sign * step
            moved.append(made(weights))
        for found, up, down in zip(influence, *moved, strict=True):
            derivative = (up - down) / (2.0 * step) * design.weights[row]
            np.testing.assert_allclose(found[row], derivative, rtol=2e-5, atol=1e-10)


def test_a_product_is_right_though_people_told_once_differ_in_its_other_variable():
    """Were the errors of products taken over from people told twice, those of people told once would be wrong."""
    data = told(7, n=200_000, share_of_two=1.0).assign(analysis_weight=1.0)
    once = (data["vitamin"] < 0.0).to_numpy()
    for name in ("magnesium", "energy"):
        data[f"{name}_2"] = data[f"{name}_2"].where(~once)
        data[name] = data[[f"{name}_1", f"{name}_2"]].mean(axis=1)
    fit = fit_glm(SurveyDesign(data.assign(y=data["true_energy"])), f"y ~ {FORMULA}")
    given = np.column_stack([data["magnesium"], data["energy"], data["magnesium"] * data["vitamin"],
                             np.ones(len(data)), data["vitamin"]])  # fmt: skip
    true = np.column_stack([data["true_magnesium"], data["true_energy"], data["true_magnesium"] * data["vitamin"]])
    slopes = np.linalg.lstsq(given, true, rcond=None)[0][:3]
    np.testing.assert_allclose(reliability(fit, BOTH).matrix, slopes, atol=0.02)


def test_influence_sums_to_zero_and_errors_are_close_to_the_jackknife(design):
    inside = design.within("vitamin > -1")

    def corrected(part):
        fit = fitted(part)
        return regression_calibration(fit, reliability(fit, BOTH))

    found = corrected(inside)
    assert np.abs(found.influence().sum(axis=0)).max() < 1e-9
    assert not found.influence()[~inside.in_domain].any()
    np.testing.assert_allclose(found.se, replicate(inside, corrected).se, rtol=0.08)


def test_corrected_estimates_are_near_the_truth_and_their_intervals_hold_it():
    """100 surveys of 2,000 people; the tolerances are three standard errors of a mean and of a share over them."""
    terms = ["magnesium", "energy", "magnesium:vitamin"]
    truth = np.array([TRUTH[name] for name in terms])
    naive, corrected, covered, covered_naive = [], [], [], []
    for seed in range(100):
        fit = fitted(SurveyDesign(told(1000 + seed)))
        made = regression_calibration(fit, reliability(fit, BOTH))
        for estimate, values, hits in ((made, corrected, covered), (fit.estimate, naive, covered_naive)):
            table = estimate.table().set_index("term").loc[terms]
            values.append(table["estimate"].to_numpy())
            hits.append(((table["low"] <= truth) & (truth <= table["high"])).to_numpy())
    assert (np.abs(np.mean(naive, axis=0) / truth) < 0.75).all()
    error = np.std(corrected, axis=0) / np.sqrt(100)
    assert (np.abs(np.mean(corrected, axis=0) - truth) < 3.0 * error).all()
    share = np.mean(covered, axis=0)
    assert (np.abs(share - 0.95) < 3.0 * np.sqrt(0.95 * 0.05 / 100)).all(), share
    assert np.mean(covered_naive, axis=0).min() < 0.75


def test_the_dial_divides_estimate_and_limits_and_keeps_p(design):
    fit = fitted(design, "magnesium + vitamin")
    plain = fit.table().set_index("term").loc["magnesium"]
    table = error_dial(fit, "magnesium", [0.3, 0.5, 1.0]).table()
    for name in ("estimate", "low", "high", "se"):
        np.testing.assert_allclose(table[name], plain[name] / np.array([0.3, 0.5, 1.0]), rtol=1e-12)
    np.testing.assert_allclose(table["p"], plain["p"], rtol=1e-9)
    assert table["reliability"].tolist() == [0.3, 0.5, 1.0]


def test_the_dial_at_the_measured_value_is_the_calibration_of_one_intake(design):
    fit = fitted(design, "magnesium + vitamin")
    measured = reliability(fit, {"magnesium": BOTH["magnesium"]})
    dial = error_dial(fit, "magnesium", [float(measured.of_terms.values[0])])
    np.testing.assert_allclose(dial.values, regression_calibration(fit, measured).values, rtol=1e-12)


@pytest.mark.parametrize(
    ("formula", "recalls", "error", "says"),
    [
        (FORMULA, {}, FitError, "needs the recalls"),
        (FORMULA, {"sodium": ("a", "b")}, UnknownVariableError, "sodium"),
        (FORMULA, {"magnesium": ("magnesium_1", "magnesium_3")}, UnknownVariableError, "magnesium_3"),
        (FORMULA, {"magnesium": ("magnesium_2", "magnesium_1")}, FitError, "not the mean"),
        (FORMULA, {"magnesium": ("energy_1", "energy_2")}, FitError, "2,000 of 2,000"),
        ("rcs(magnesium, 4) + energy", BOTH, FitError, "not linear in magnesium"),
        ("magnesium", {"magnesium": ("magnesium", "never")}, FitError, "two recalls; 0 of"),
        ("magnesium_1", {"magnesium_1": ("magnesium_1", "magnesium_1")}, FitError, "never differ"),
        ("low + energy", {"low": ("magnesium_1", "magnesium_2")}, FitError, "'low' is a flag"),
    ],
)
def test_nonsense_says_what_is_wrong(design, formula, recalls, error, says):
    given = dataclasses.replace(design, data=design.data.assign(never=np.nan, low=design.data["magnesium"] < 0.0))
    with pytest.raises(error, match=says):
        reliability(fitted(given, formula), recalls)


def test_what_no_reliability_divides_out_is_refused(design):
    given = dataclasses.replace(design, data=design.data.assign(low=design.data["magnesium"] < 0))
    fit = fitted(given, "low + rcs(energy, 3)")
    with pytest.raises(FitError, match="misclassified"):
        error_dial(fit, "low")
    with pytest.raises(FitError, match="several coefficients"):
        error_dial(fit, fit.terms[1])
    with pytest.raises(UnknownVariableError, match="magnesium"):
        error_dial(fit, "magnesium")
    with pytest.raises(FitError, match="above 0 and are at most 1"):
        error_dial(fitted(design), "magnesium", [0.0, 0.5])


def test_pure_noise_and_factors_of_another_fit_are_refused(design):
    rng = np.random.default_rng(2)
    days = rng.normal(size=(2, len(design.data)))
    days[1] = -days[0]
    given = dataclasses.replace(
        design, data=design.data.assign(first=days[0], second=days[1], noise=1e-3 * design.data["vitamin"])
    )
    data = given.data.assign(second=2.0 * given.data["noise"] - given.data["first"])
    fit = fitted(dataclasses.replace(design, data=data), "noise")
    with pytest.raises(FitError, match="nothing true is left"):
        regression_calibration(fit, reliability(fit, {"noise": ("first", "second")}))
    other = fitted(SurveyDesign(told(2)))
    with pytest.raises(FitError, match="another fit"):
        regression_calibration(other, reliability(fitted(design), BOTH))
