"""Coefficients over time: the smooth against a weighted regression, and against a hazard ratio known to change."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm

from cofactor.errors import FitError, UnknownVariableError
from cofactor.models import coefficients_over_time, cox_residuals, fit_cox, fit_glm, proportional_hazards_test
from cofactor.survey import SurveyDesign


def changing(seed: int, n: int, rise: float) -> pd.DataFrame:
    """People whose log hazard ratio of x is 0.3 up to month 24 and 0.3 + rise after."""
    rng = np.random.default_rng(seed)
    x, z = rng.normal(size=n), rng.normal(size=n)
    early, late = (0.01 * np.exp((0.3 + more) * x + 0.2 * z) for more in (0.0, rise))
    hazard = rng.exponential(size=n)
    time = np.where(hazard < 24.0 * early, hazard / early, 24.0 + (hazard - 24.0 * early) / late)
    stop = rng.uniform(60.0, 120.0, n)
    return pd.DataFrame({
        "analysis_weight": rng.uniform(0.5, 2.0, n), "strata": np.arange(n) % 20, "psu": np.arange(n) // 20 % 2,
        "x": x, "z": z, "months": np.ceil(np.minimum(time, stop)), "died": time <= stop,
    })  # fmt: skip


def fitted(data, **options):
    return fit_cox(SurveyDesign(data), "x + z", time="months", event="died", **options)


@pytest.fixture(scope="module")
def fit():
    return fitted(changing(1, 3000, 0.5))


def test_the_smooth_is_the_weighted_regression_of_the_residuals(fit):
    made = coefficients_over_time(fit, ["x"])
    residuals = cox_residuals(fit, "scaled schoenfeld")
    dead = made.residuals
    np.testing.assert_array_equal(dead["residual"], residuals["x"])
    np.testing.assert_array_equal(dead["weight"], fit.design.data["analysis_weight"].loc[residuals.index])
    by_hand = fit_glm(
        SurveyDesign(fit.design.data.assign(r=residuals["x"], log_time=np.log(fit.design.data["months"]))),
        "r ~ rcs(log_time, knots=places)",
        cuts={"places": tuple(_knots(dead))},
    )
    table = made.table()
    rows = by_hand.spec.new_rows(pd.DataFrame({"log_time": np.log(table["time"])}))
    np.testing.assert_allclose(table["estimate"], rows @ by_hand.estimate.values, rtol=1e-7)
    np.testing.assert_allclose(table["se"] ** 2, np.einsum("ij,jk,ik->i", rows, by_hand.covariance, rows), rtol=1e-6)


def _knots(dead):
    """Weighted percentiles by counting: the first value at which the share of the weight reaches the probability."""
    ordered = dead.assign(log=np.log(dead["time"])).sort_values("log")
    share = ordered["weight"].cumsum() / ordered["weight"].sum()
    return [ordered["log"].to_numpy()[np.argmax(share.to_numpy() >= p)] for p in (0.05, 0.35, 0.65, 0.95)]


def test_it_follows_a_hazard_ratio_that_changes_and_keeps_one_that_does_not():
    fit = fitted(changing(2, 40_000, 0.5))
    assert proportional_hazards_test(fit).table().set_index("term").loc["x", "p"] < 1e-6
    table = coefficients_over_time(fit).table()
    x, z = (table[table["term"] == name] for name in ("x", "z"))
    early, late = x["time"] < 12, x["time"] > 48
    np.testing.assert_allclose(x.loc[early, "estimate"], 0.3, atol=0.12)
    np.testing.assert_allclose(x.loc[late, "estimate"].mean(), 0.8, atol=0.1)
    assert ((z["low"] < 0.2) & (z["high"] > 0.2)).mean() > 0.9


def test_the_slope_of_the_residuals_is_about_that_of_the_test():
    fit = fitted(changing(3, 8_000, 0.2))
    test = proportional_hazards_test(fit)
    residuals = cox_residuals(fit, "scaled schoenfeld")
    weights = fit.design.data["analysis_weight"].loc[residuals.index]
    line = sm.WLS(residuals["x"], sm.add_constant(np.log(residuals["time"])), weights=weights).fit()
    assert line.params.iloc[1] == pytest.approx(test.slopes.values[0], rel=0.15)


def test_rows_named_twice_are_told_apart(fit):
    same = fit.design.data.assign(person=0).set_index("person")
    made = coefficients_over_time(fitted(same))
    np.testing.assert_allclose(made.table()["se"], coefficients_over_time(fit).table()["se"], rtol=1e-9)


def test_nonsense_says_what_is_wrong(fit):
    with pytest.raises(UnknownVariableError, match="'y'"):
        coefficients_over_time(fit, ["y"])
    with pytest.raises(FitError, match="a residual needs a Cox model"):
        coefficients_over_time(fit_glm(fit.design, "died ~ x", family="poisson"))
    with pytest.raises(FitError, match="deaths at more times: there are 2"):
        coefficients_over_time(fitted(fit.design.data.assign(months=1 + (fit.design.data["months"] > 30))))
