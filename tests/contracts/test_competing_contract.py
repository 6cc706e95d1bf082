"""What cumulative incidences and Fine-Gray models keep, on designs that hypothesis makes up."""

from __future__ import annotations

import warnings

import numpy as np
import pandas as pd
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from cofactor.errors import CofactorWarning, FitError
from cofactor.models import cumulative_incidence, fit_fine_gray
from cofactor.survey import SurveyDesign, replicate

few = settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much]
)
TIMES = [2, 4, 6]


@st.composite
def surveys(draw):
    """A survey of 2 to 4 strata of 2 or 3 PSUs of 4 to 12 people, some of weight 0, few times, causes and cycles."""
    sizes = draw(st.lists(st.lists(st.integers(4, 12), min_size=2, max_size=3), min_size=2, max_size=4))
    strata, psu = np.array(
        [(h, g) for h, stratum in enumerate(sizes) for g, people in enumerate(stratum) for _ in range(people)]
    ).T
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    n = len(strata)
    weight = rng.integers(0, 4, n).astype(float)
    time = rng.integers(1, 8, n).astype(float)
    weight[0], time[0] = 2.0, 7.0
    died = rng.random(n) < draw(st.sampled_from([0.4, 0.8]))
    died[:2], weight[1] = True, 1.0
    data = pd.DataFrame({"strata": strata, "psu": psu, "analysis_weight": weight, "time": time, "died": died})
    data["cause"] = pd.Categorical(rng.choice(["a", "b"], n), categories=["a", "b"])
    data.loc[[0, 1], "cause"] = "a"
    data["cycle"] = rng.integers(0, 2, n)
    return data.assign(x=rng.normal(0.0, 1.0, n))


def incidence(design):
    return cumulative_incidence(design, time="time", event="died", cause="cause", times=TIMES).estimate


def fine_gray(design):
    """Return the fit, or nothing to test where the likelihood grows without bound."""
    with warnings.catch_warnings():
        warnings.simplefilter("error", CofactorWarning)
        try:
            return fit_fine_gray(design, "x", time="time", event="died", cause="cause", of="a", ties="breslow").estimate
        except (CofactorWarning, FitError):
            assume(False)


def same(one, other, rtol=1e-8):
    np.testing.assert_allclose(other.values, one.values, rtol=rtol, atol=1e-11)
    np.testing.assert_allclose(other.psu_totals.sum(axis=0), 0.0, atol=1e-9)
    np.testing.assert_allclose(other.covariance, one.covariance, rtol=1e-6, atol=1e-11)
    np.testing.assert_array_equal(other.df, one.df)


@given(data=surveys())
@few
def test_influence_sums_to_zero_and_is_zero_outside_the_domain(data):
    design = SurveyDesign(data, domain="x > -1 or time == 7")
    for estimate in (incidence(design), fine_gray(design)):
        rows = estimate.influence()
        np.testing.assert_allclose(rows.sum(axis=0), 0.0, atol=1e-9)
        assert not rows[~design.in_domain].any()


@given(data=surveys(), seed=st.integers(0, 2**16), scale=st.sampled_from([1e-6, 0.37, 1e7]))
@few
def test_order_scale_and_labels_do_not_matter(data, seed, scale):
    changed = data.assign(analysis_weight=scale * data["analysis_weight"], psu=data["psu"].map("cluster {}".format))
    one, other = SurveyDesign(data), SurveyDesign(changed.sample(frac=1.0, random_state=seed))
    same(incidence(one), incidence(other))
    same(fine_gray(one), fine_gray(other))


@given(data=surveys())
@few
def test_outside_the_domain_is_the_same_as_weight_zero_and_everyone_changes_nothing(data):
    inside = (data["x"] > -1) | (data["time"] == 7)
    zeroed = SurveyDesign(data.assign(analysis_weight=data["analysis_weight"].where(inside, 0.0)))
    restricted = SurveyDesign(data, domain="x > -1 or time == 7")
    same(incidence(restricted), incidence(zeroed))
    same(fine_gray(restricted), fine_gray(zeroed))
    same(fine_gray(SurveyDesign(data)), fine_gray(SurveyDesign(data, domain="True")))


@given(data=surveys())
@few
def test_integer_weights_are_repeated_rows(data):
    repeated = data.loc[data.index.repeat(data["analysis_weight"].astype(int))].assign(analysis_weight=1.0)
    # A PSU whose rows all have weight 0 must stay in the design: one such row keeps its place.
    kept = pd.concat([repeated, data.assign(analysis_weight=0.0)], ignore_index=True)
    same(incidence(SurveyDesign(data)), incidence(SurveyDesign(kept)))
    same(fine_gray(SurveyDesign(data)), fine_gray(SurveyDesign(kept)))


@given(data=surveys())
@few
def test_incidences_rise_and_stay_below_one_in_all(data):
    values = incidence(SurveyDesign(data)).values.reshape(-1, len(TIMES))
    assert (np.diff(values, axis=1) >= -1e-12).all()
    assert values.sum(axis=0).max() <= 1.0 + 1e-12


def test_linearised_and_jackknife_errors_agree():
    rng = np.random.default_rng(11)
    n = 2400
    data = pd.DataFrame({
        "strata": np.repeat(np.arange(20), n // 20), "psu": np.tile(np.arange(2), n // 2), "x": rng.normal(size=n),
        "analysis_weight": rng.uniform(0.5, 3.0, n), "time": rng.integers(1, 8, n).astype(float),
        "died": rng.random(n) < 0.6, "cause": rng.choice(["a", "b"], n), "cycle": np.repeat([0, 1], n // 2),
    })  # fmt: skip
    design = SurveyDesign(data)
    np.testing.assert_allclose(incidence(design).se, replicate(design, incidence).se, rtol=0.01)
    np.testing.assert_allclose(fine_gray(design).se, replicate(design, fine_gray).se, rtol=0.02)
