"""The test of no change of slope: its scores by hand and by derivatives, its reference by simulation."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from cofactor.models import fit_cox, fit_glm
from cofactor.models.change_scores import change_scores
from cofactor.models.change_test import largest_ratios, no_change_test
from cofactor.survey import SurveyDesign

FOLDER = Path(__file__).parent.parent / "reference" / "dose_response"
COX = {"time": "months", "event": "died"}
PLACES = np.array([40.0, 60.0, 80.0])


@pytest.fixture(scope="module")
def data() -> pd.DataFrame:
    made = pd.read_csv(FOLDER / "data.csv")
    return made.assign(many=np.round(np.exp(made["y"] - made["y"].mean())), high=made["y"] > made["y"].median())


@pytest.fixture(scope="module")
def design(data) -> SurveyDesign:
    return SurveyDesign(data, weight="weight")


def scores(fit, seen, places=PLACES):
    return change_scores(fit, np.asarray(seen, dtype=float), places) * np.std(seen)


def hinges(data):
    return np.maximum(data["vitamin"].to_numpy()[:, np.newaxis] - PLACES, 0.0)


@pytest.mark.parametrize(
    ("formula", "family", "residual"),
    [
        ("y ~ vitamin + age", "gaussian", lambda y, eta: y - eta),
        ("high ~ vitamin + age", "binomial", lambda y, eta: y - 1.0 / (1.0 + np.exp(-eta))),
        ("many ~ vitamin + age", "poisson", lambda y, eta: y - np.exp(eta)),
    ],
)
def test_the_score_is_what_the_hinge_has_in_common_with_the_residuals(data, design, formula, family, residual):
    fit = fit_glm(design, formula, family=family)
    eta = fit.spec.new_rows(data) @ fit.coefficients.to_numpy()
    left = residual(data[formula.split()[0]].to_numpy(dtype=float), eta)
    weight = data["weight"].to_numpy() / data["weight"].mean()
    np.testing.assert_allclose(scores(fit, data["vitamin"]).sum(axis=0), (weight * left) @ hinges(data), rtol=1e-7)


def test_the_score_of_a_cox_model_is_the_slope_of_its_profile_likelihood(data, design):
    fit = fit_cox(design, "vitamin + age", **COX)
    found = scores(fit, data["vitamin"]).sum(axis=0)
    for hinge, score in zip(hinges(data).T, found, strict=True):
        ends = [
            fit_cox(
                SurveyDesign(data.assign(push=sign * 1e-4 * hinge), weight="weight"),
                "vitamin + age",
                offset="push",
                **COX,
            ).log_likelihood
            for sign in (1.0, -1.0)
        ]
        assert score == pytest.approx((ends[0] - ends[1]) / 2e-4, rel=1e-5)


@pytest.mark.parametrize(
    "model",
    [
        lambda d: fit_glm(d, "y ~ vitamin + age"),
        lambda d: fit_glm(d, "high ~ vitamin + age", family="binomial"),
        lambda d: fit_cox(d, "vitamin + age", **COX),
    ],
    ids=["gaussian", "logistic", "cox"],
)
def test_rows_of_the_score_are_its_derivative_in_the_weights(data, design, model):
    seen, n = data["vitamin"], len(data)
    rows = scores(model(design), seen)
    weights = design.weights
    for row in range(0, n, n // 7):
        ends = []
        for sign in (1.0, -1.0):
            moved = weights.copy()
            moved[row] *= 1.0 + sign * 1e-4
            # Scores are those of weights of mean 1: taken back to the weights before, so that the row alone moves.
            ends.append(scores(model(design.with_weights(moved)), seen).sum(axis=0) * moved.mean() / weights.mean())
        np.testing.assert_allclose((ends[0] - ends[1]) / 2e-4, rows[row], rtol=1e-4, atol=1e-6 * np.abs(rows).max())


def test_one_place_has_the_p_of_a_t_test(data, design):
    fit = fit_glm(design, "y ~ vitamin + age")
    one = no_change_test(fit, data["vitamin"].to_numpy(), PLACES[:1], seed=1)
    assert one.p == pytest.approx(2.0 * stats.t.sf(one.statistic, fit.df), abs=0.015)


@pytest.mark.parametrize("df", [5, 30, 4000])
def test_the_largest_of_one_is_t_and_of_many_apart_is_larger(df):
    one = largest_ratios(np.eye(1), df, np.random.default_rng(2))
    assert np.mean(one > stats.t.ppf(0.975, df)) == pytest.approx(0.05, abs=0.007)  # 3 standard errors of 10,000 draws
    apart = largest_ratios(np.eye(6), df, np.random.default_rng(3))
    expected = 1.0 - 0.95**6 if df > 1000 else None
    found = np.mean(apart > stats.t.ppf(0.975, df))
    assert found > 0.2
    if expected is not None:
        assert found == pytest.approx(expected, abs=0.014)


def test_without_a_change_the_test_keeps_its_level_where_the_best_place_alone_does_not():
    """Of 100 surveys without a change, 5% (+/- 3 standard errors of 2.18%) are to be called changed."""
    places = np.linspace(1.0, 9.0, 15)
    rejected = naive = 0
    for seed in range(100):
        rng = np.random.default_rng([9, seed])
        psu = np.arange(300) // 30 % 2
        frame = pd.DataFrame({"analysis_weight": 1.0, "strata": np.arange(300) % 30, "psu": psu})
        frame["x"], frame["y"] = rng.uniform(0.0, 10.0, 300), rng.normal(size=300)
        test = no_change_test(fit_glm(SurveyDesign(frame), "y ~ x"), frame["x"].to_numpy(), places, seed=seed)
        rejected += test.p < 0.05
        naive += test.statistic > 2.042
    assert abs(rejected / 100 - 0.05) < 3 * 0.0218
    assert naive > rejected
