"""One number by several roads: no outside reference is needed where they must agree."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from cofactor.survey import (
    SurveyDesign,
    delta,
    joint,
    linear,
    weighted_mean,
    weighted_proportion,
    weighted_quantile,
    weighted_ratio,
    weighted_total,
)


@pytest.fixture(scope="module")
def data():
    """Twenty strata of two or three PSUs, with missing values and weights of 0."""
    rng = np.random.default_rng(20)
    sizes = np.tile([2, 3], 10)
    strata = np.repeat(np.arange(20), sizes * 15)
    psu = np.concatenate([np.repeat(np.arange(size), 15) for size in sizes])
    n = len(strata)
    effect = rng.normal(0, 0.4, 60)[strata * 3 + psu]
    x = 3.0 + 0.1 * strata + effect + rng.normal(0.0, 1.0, n)
    weight = rng.lognormal(1.0, 0.5, n)
    weight[rng.random(n) < 0.05] = 0.0
    return pd.DataFrame(
        {
            "strata": strata,
            "psu": psu,
            "analysis_weight": weight,
            "x": np.where(rng.random(n) < 0.1, np.nan, x),
            "z": rng.gamma(3.0, 1.0, n) + np.exp(0.1 * x),
            "group": pd.Categorical(rng.choice(["a", "b", "c"], n)),
            "ill": pd.array(rng.random(n) < 0.3, dtype="boolean"),
            "one": 1.0,
        }
    )


@pytest.mark.parametrize("policy", ["error", "adjust", "average", "certainty"])
@pytest.mark.parametrize("domain", [None, "group == 'a'", "strata in (3, 4, 5) and not_true(ill)"])
def test_a_domain_mean_is_a_ratio_and_a_delta_of_totals(domain, policy, data):
    design = SurveyDesign(data, domain=domain, lonely_psu=policy).within("known(x)")
    mean = weighted_mean(design, "x")
    ratio = weighted_ratio(design, "x", "one")
    totals = delta(weighted_total(design, ["x", "one"]), lambda t: t[0] / t[1], ["mean"])
    inside = data.assign(xd=data["x"].where(design.in_domain, 0.0), d=design.in_domain.astype(float))
    whole = weighted_ratio(SurveyDesign(inside, lonely_psu=policy), "xd", "d")  # the domain as a variable
    for other in (ratio, totals, whole):
        np.testing.assert_allclose(other.values, mean.values, rtol=1e-12)
        np.testing.assert_allclose(other.covariance, mean.covariance, rtol=1e-8)
        np.testing.assert_allclose(other.influence(), mean.influence(), rtol=1e-6, atol=1e-12)


def test_a_proportion_is_the_mean_of_a_flag(data):
    design = SurveyDesign(data)
    share, mean = weighted_proportion(design, "ill", by="group"), weighted_mean(design, "ill", by="group")
    np.testing.assert_allclose(share.values, mean.values)
    np.testing.assert_allclose(share.covariance, mean.covariance)


def test_proportions_of_all_levels_sum_to_one_without_error(data):
    shares = weighted_proportion(SurveyDesign(data), "group")
    total = linear(shares, np.ones((1, 3)), ["all"])
    np.testing.assert_allclose(total.values, 1.0)
    np.testing.assert_allclose(total.se, 0.0, atol=1e-12)


def test_the_mean_is_the_sum_of_group_means_by_their_shares(data):
    design = SurveyDesign(data, domain="known(x)")
    parts = joint(weighted_mean(design, "x", by="group"), weighted_proportion(design, "group"))
    made = delta(parts, lambda t: t[:3] @ t[3:], ["mean"])
    mean = weighted_mean(design, "x")
    np.testing.assert_allclose(made.values, mean.values)
    np.testing.assert_allclose(made.se, mean.se, rtol=1e-8)


ESTIMATORS = {
    "mean": lambda d, by: weighted_mean(d, "x", by=by),
    "total": lambda d, by: weighted_total(d, ["x", "z"], by=by),
    "ratio": lambda d, by: weighted_ratio(d, "z", "x", by=by),
    "proportion": lambda d, by: weighted_proportion(d, "ill", by=by),
    "quantile": lambda d, by: weighted_quantile(d, "x", [0.25, 0.5], by=by),
}


@pytest.mark.parametrize("name", ESTIMATORS)
def test_by_group_is_within_each_group_jointly(name, data):
    design = SurveyDesign(data, domain="z > 2")
    together = ESTIMATORS[name](design, "group")
    apart = joint(*(ESTIMATORS[name](design.within(f"group == '{g}'"), None) for g in "abc"))
    np.testing.assert_allclose(together.values, apart.values)
    np.testing.assert_allclose(together.covariance, apart.covariance, rtol=1e-10, atol=1e-14)
    np.testing.assert_array_equal(together.df, apart.df)
    for column in ("low", "high"):
        np.testing.assert_allclose(together.table()[column], _limits(name, design, column))


def _limits(name, design, column):
    return np.concatenate(
        [ESTIMATORS[name](design.within(f"group == '{g}'"), None).table()[column].to_numpy() for g in "abc"]
    )


def jackknife(design, estimator):
    """Covariance by leaving out each PSU and raising the weights of the others in its stratum (JKn)."""
    whole = estimator(design).values
    covariance = np.zeros((len(whole), len(whole)))
    for psu, stratum in enumerate(design.stratum_of_psu):
        size = (design.stratum_of_psu == stratum).sum()
        factor = np.ones(design.n_psu)
        factor[design.stratum_of_psu == stratum] = size / (size - 1)
        factor[psu] = 0.0
        change = estimator(design.with_weights(design.weights * factor[design.psu_index])).values - whole
        covariance += (size - 1) / size * np.outer(change, change)
    return covariance


@pytest.mark.parametrize(("name", "close"), [("mean", 0.02), ("total", 1e-9), ("ratio", 0.03), ("proportion", 0.03)])
def test_linearised_errors_agree_with_the_jackknife(name, close, data):
    """Exactly for totals, which are linear; closely for the smooth rest."""
    design = SurveyDesign(data)
    made = ESTIMATORS[name](design, "group")
    np.testing.assert_allclose(
        made.se, np.sqrt(np.diag(jackknife(design, lambda d: ESTIMATORS[name](d, "group")))), rtol=close
    )


def test_the_jackknife_sees_the_covariance_of_two_groups_too(data):
    design = SurveyDesign(data)
    difference = linear(weighted_mean(design, "x", by="group"), [[1.0, -1.0, 0.0]], ["a - b"])
    contrast = np.array([1.0, -1.0, 0.0])
    v = jackknife(design, lambda d: weighted_mean(d, "x", by="group"))
    np.testing.assert_allclose(difference.se, np.sqrt(contrast @ v @ contrast), rtol=0.02)


@pytest.mark.parametrize("name", ["mean", "total", "ratio", "proportion"])
def test_influence_is_the_derivative_in_the_weight_of_a_row(name, data):
    design = SurveyDesign(data, domain="group != 'c'")
    made = ESTIMATORS[name](design, None)
    influence = made.influence()
    for row in np.flatnonzero(design.in_domain)[::60]:
        step = 1e-5 * design.weights[row]
        up, down = design.weights.copy(), design.weights.copy()
        up[row] += step
        down[row] -= step
        slope = (
            ESTIMATORS[name](design.with_weights(up), None).values
            - ESTIMATORS[name](design.with_weights(down), None).values
        ) / (2 * step)
        np.testing.assert_allclose(influence[row], slope * design.weights[row], rtol=1e-4, atol=1e-9)
