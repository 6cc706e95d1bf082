"""What every survey estimator keeps, on designs that hypothesis makes up. A new estimator adds a row to ESTIMATORS."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cofactor.errors import DesignError
from cofactor.survey import (
    SurveyDesign,
    delta,
    weighted_mean,
    weighted_proportion,
    weighted_quantile,
    weighted_ratio,
    weighted_total,
)

ESTIMATORS = {
    "mean": lambda d: weighted_mean(d, ["x", "z"]),
    "mean by group": lambda d: weighted_mean(d, "x", by="group"),
    "total": lambda d: weighted_total(d, ["x", "flag"]),
    "ratio": lambda d: weighted_ratio(d, "x", "z"),
    "proportion": lambda d: weighted_proportion(d, "group"),
    "quantile": lambda d: weighted_quantile(d, "z", [0.25, 0.5]),
    "log mean": lambda d: delta(weighted_mean(d, "z"), np.log, ["log"]),
}
TOTALS = {"total"}
estimators = pytest.mark.parametrize("name", ESTIMATORS)
few = settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@st.composite
def surveys(draw):
    """A survey of 2 to 5 strata with 2 or 3 PSUs of 1 to 6 people, some of weight 0, some with x missing."""
    sizes = draw(st.lists(st.lists(st.integers(1, 6), min_size=2, max_size=3), min_size=2, max_size=5))
    cells = [(h, g) for h, stratum in enumerate(sizes) for g, people in enumerate(stratum) for _ in range(people)]
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    n = len(cells)
    weight = rng.integers(0, 4, n).astype(float)
    weight[0] = 2.0
    x = np.where(rng.random(n) < draw(st.sampled_from([0.0, 0.3])), np.nan, rng.normal(2.0, 1.0, n))
    x[0] = 1.0
    strata, psu = np.array(cells).T
    data = pd.DataFrame({"strata": strata, "psu": psu, "analysis_weight": weight, "x": x, "z": rng.gamma(3.0, 1.0, n)})
    data["group"] = pd.Categorical(rng.choice(["a", "b"], n), categories=["a", "b"])
    data["flag"] = pd.array(rng.random(n) < 0.5, dtype="boolean")
    return data


def same(one, other, scale=1.0):
    np.testing.assert_allclose(other.values, one.values * scale, rtol=1e-9)
    np.testing.assert_allclose(other.covariance, one.covariance * scale**2, rtol=1e-7, atol=1e-12)
    np.testing.assert_array_equal(other.df, one.df)


@estimators
@given(data=surveys())
@few
def test_influence_sums_to_zero_and_that_of_a_total_to_the_total(name, data):
    made = ESTIMATORS[name](SurveyDesign(data))
    sums = made.influence().sum(axis=0)
    known = ~np.isnan(sums)
    expected = made.values if name in TOTALS else np.zeros(len(sums))
    np.testing.assert_allclose(sums[known], expected[known], atol=1e-10)


@estimators
@given(data=surveys())
@few
def test_influence_is_zero_outside_the_domain(name, data):
    design = SurveyDesign(data, domain="strata == 0 or psu == 0")
    outside = ESTIMATORS[name](design).influence()[~design.in_domain]
    assert np.nan_to_num(outside).any() == False  # noqa: E712


@estimators
@given(data=surveys(), seed=st.integers(0, 2**16))
@few
def test_the_order_of_rows_does_not_matter(name, data, seed):
    shuffled = data.sample(frac=1.0, random_state=seed)
    one, other = ESTIMATORS[name](SurveyDesign(data)), ESTIMATORS[name](SurveyDesign(shuffled))
    same(one, other)
    np.testing.assert_allclose(other.influence(), one.influence()[shuffled.index], rtol=1e-8, atol=1e-11)


@estimators
@given(data=surveys(), scale=st.sampled_from([1e-6, 0.37, 2.0, 1e7]))
@few
def test_the_scale_of_the_weights_does_not_matter_but_to_totals(name, data, scale):
    scaled = data.assign(analysis_weight=data["analysis_weight"] * scale)
    one, other = ESTIMATORS[name](SurveyDesign(data)), ESTIMATORS[name](SurveyDesign(scaled))
    if name in TOTALS:
        np.testing.assert_allclose(other.se, one.se * scale, rtol=1e-7, atol=1e-9 * scale)
        np.testing.assert_allclose(other.values, one.values * scale, rtol=1e-9)
    else:
        same(one, other)


@estimators
@given(data=surveys())
@few
def test_labels_of_psus_and_strata_do_not_matter(name, data):
    psu = (data["strata"] * 7 + data["psu"] * 3).map(lambda code: f"cluster {code}")
    relabelled = data.assign(psu=psu, strata=data["strata"].map(lambda h: f"stratum {9 - h}"))
    same(ESTIMATORS[name](SurveyDesign(data)), ESTIMATORS[name](SurveyDesign(relabelled)))


@estimators
@given(data=surveys())
@few
def test_integer_weights_are_repeated_rows(name, data):
    repeated = data.loc[data.index.repeat(data["analysis_weight"].astype(int))].assign(analysis_weight=1.0)
    # A PSU whose rows all have weight 0 must stay in the design: one such row keeps its place.
    kept = pd.concat([repeated, data.assign(analysis_weight=0.0)], ignore_index=True)
    same(ESTIMATORS[name](SurveyDesign(data)), ESTIMATORS[name](SurveyDesign(kept)))


@estimators
@given(data=surveys())
@few
def test_outside_the_domain_is_the_same_as_weight_zero(name, data):
    data.loc[0, "z"] = 3.0
    inside = data["z"] > 2.0
    zeroed = data.assign(analysis_weight=data["analysis_weight"].where(inside, 0.0))
    try:
        one = ESTIMATORS[name](SurveyDesign(data, domain="z > 2"))
    except DesignError as error:  # nobody with x known: the same must happen on the other road
        with pytest.raises(type(error)):
            ESTIMATORS[name](SurveyDesign(zeroed))
        return
    same(one, ESTIMATORS[name](SurveyDesign(zeroed)))


@estimators
@given(data=surveys())
@few
def test_a_domain_of_everyone_changes_nothing(name, data):
    whole = ESTIMATORS[name](SurveyDesign(data))
    same(whole, ESTIMATORS[name](SurveyDesign(data, domain="True")))
    same(whole, ESTIMATORS[name](SurveyDesign(data).within(np.ones(len(data), dtype=bool))))


@estimators
@given(data=surveys())
@few
def test_the_covariance_is_symmetric_and_nowhere_negative(name, data):
    v = ESTIMATORS[name](SurveyDesign(data)).covariance
    v = v[~np.isnan(np.diag(v))][:, ~np.isnan(np.diag(v))]
    np.testing.assert_allclose(v, v.T)
    assert np.linalg.eigvalsh(v).min(initial=0.0) > -1e-9 * max(1.0, np.abs(v).max(initial=0.0))
