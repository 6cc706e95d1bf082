"""Firth's penalty against a brute-force maximum of the penalised partial likelihood."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy import optimize

from cofactor.errors import CofactorWarning, FitError
from cofactor.models import fit_cox
from cofactor.survey import SurveyDesign, replicate


@pytest.fixture(scope="module")
def people() -> pd.DataFrame:
    """Ninety people of whom the nine with `rare` never have the event."""
    rng = np.random.default_rng(31)
    n = 90
    rare = np.arange(n) % 10 == 0
    return pd.DataFrame({
        "strata": np.arange(n) % 6, "psu": np.arange(n) // 6 % 3, "analysis_weight": rng.uniform(0.5, 2.0, n),
        "months": rng.integers(1, 25, n).astype(float), "died": ((rng.random(n) < 0.5) & ~rare).astype(float),
        "x": rng.normal(0.0, 1.0, n), "rare": rare.astype(float),
    })  # fmt: skip


def by_hand(b, data, ties):
    """The partial log-likelihood and its information, summed over event times and Efron's steps one by one."""
    w = (data["analysis_weight"] / data["analysis_weight"].mean()).to_numpy()
    x, time, died = data[["x", "rare"]].to_numpy(), data["months"].to_numpy(), data["died"].to_numpy() == 1
    r = w * np.exp(x @ b)
    value, information = 0.0, np.zeros((2, 2))
    for t in np.unique(time[died]):
        dead = died & (time == t)
        d, weight = int(dead.sum()), w[dead].sum()
        value += w[dead] @ (x[dead] @ b)
        for step in range(d):
            share = step / d if ties == "efron" else 0.0
            at = r * (time >= t) - share * r * dead
            mean = at @ x / at.sum()
            value -= weight / d * np.log(at.sum())
            information += weight / d * ((x * at[:, np.newaxis]).T @ x / at.sum() - np.outer(mean, mean))
    return value, information


@pytest.mark.parametrize("ties", ["efron", "breslow"])
def test_coefficients_maximise_the_penalised_likelihood(people, ties):
    fit = fit_cox(SurveyDesign(people), "x + rare", time="months", event="died", ties=ties, penalty="firth")

    def loss(b):
        value, information = by_hand(b, people, ties)
        return -value - 0.5 * np.linalg.slogdet(information)[1]

    best = optimize.minimize(loss, np.zeros(2), method="Nelder-Mead", options={"xatol": 1e-10, "fatol": 1e-14})
    np.testing.assert_allclose(fit.estimate.values, best.x, rtol=1e-5)
    _, information = by_hand(fit.estimate.values, people, ties)
    np.testing.assert_allclose(fit.naive_covariance, np.linalg.inv(information), rtol=1e-8)


def test_a_group_without_events_gets_a_finite_ratio_and_no_warning(people):
    with pytest.warns(CofactorWarning, match="grows without bound in rare.*penalty"):
        runaway = fit_cox(SurveyDesign(people), "x + rare", time="months", event="died")
    fit = fit_cox(SurveyDesign(people), "x + rare", time="months", event="died", penalty="firth")
    assert runaway.coefficient("rare") < -10
    assert -6 < fit.coefficient("rare") < -1
    assert any("Firth" in note for note in fit.notes)


def test_influence_sums_to_zero_and_errors_are_near_the_jackknife(people):
    def model(design):
        return fit_cox(design, "x", time="months", event="died", penalty="firth")

    fit = model(SurveyDesign(people))
    assert np.abs(fit.influence().sum(axis=0)).max() < 1e-10
    assert fit.estimate.se[0] == pytest.approx(replicate(SurveyDesign(people), model).se[0], rel=0.2)


def test_units_of_a_covariate_do_not_matter(people):
    fits = [
        fit_cox(SurveyDesign(people.assign(x=people["x"] * scale)), "x + rare", time="months", event="died",
                penalty="firth")
        for scale in (1.0, 1000.0)
    ]  # fmt: skip
    assert fits[0].coefficient("x") == pytest.approx(1000.0 * fits[1].coefficient("x"), rel=1e-6)


def test_an_unknown_penalty_is_refused(people):
    with pytest.raises(FitError, match="there is 'firth'"):
        fit_cox(SurveyDesign(people), "x", time="months", event="died", penalty="ridge")


def test_a_coefficient_that_runs_away_has_no_interval(people):
    with pytest.warns(CofactorWarning, match="no interval"):
        fit = fit_cox(SurveyDesign(people), "x + rare", time="months", event="died")
    table = fit.table(exponentiate=True).set_index("term")
    assert table.loc["rare", ["low", "high", "p"]].isna().all()
    assert table.loc["x", ["low", "high", "p"]].notna().all()
