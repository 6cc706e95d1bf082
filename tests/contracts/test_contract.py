"""What every estimator keeps, on designs that hypothesis makes up. A new estimator adds a row to ROWS, and no test.

A row may take an exception, and says why: see `Row`. Beside this table each estimator has its own reference.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, reject, settings
from hypothesis import strategies as st

from cofactor.errors import CofactorError
from cofactor.models import (
    average_marginal_effect,
    compare_interactions,
    contrast,
    crude_risk,
    cumulative_incidence,
    dose_response,
    fit_cause_specific,
    fit_cox,
    fit_fine_gray,
    fit_glm,
    fit_ordinal,
    fit_quantile,
    kaplan_meier,
    marginal_means,
    nelson_aalen,
    predict,
    predict_levels,
    proportional_hazards_test,
    reri,
    rmst,
    slope_difference,
    standardized_risk,
    surface,
)
from cofactor.survey import (
    SurveyDesign,
    delta,
    joint,
    rank_test,
    replicate,
    standardize,
    t_test,
    trend_test,
    weighted_mean,
    weighted_proportion,
    weighted_quantile,
    weighted_ratio,
    weighted_total,
)

pytestmark = pytest.mark.filterwarnings("ignore::cofactor.errors.CofactorWarning")  # few degrees of freedom, and so on


@dataclass(frozen=True)
class Row:
    """An estimator, and what it need not keep.

    total: its influence sums to itself, and follows the scale of the weights. model: it needs more people than a
    handful. repeats: of integer weights, what is that of repeated rows. smooth: the jackknife agrees.
    derivative: its influence is its derivative in the weights.
    """

    estimate: Callable[[SurveyDesign], Any]
    total: bool = False
    model: bool = True
    repeats: Literal["estimate and errors", "estimate", ""] = "estimate and errors"
    smooth: bool = True
    derivative: bool = True


TIMES = {"time": "months", "event": "died"}
UNTIED = {"time": "exact", "event": "died"}


def glm(formula: str, **options: str) -> Callable[[SurveyDesign], Any]:
    return lambda d: fit_glm(d, formula, **options).estimate


def cox(formula: str, **options: Any) -> Callable[[SurveyDesign], Any]:
    return lambda d: fit_cox(d, formula, **options).estimate


def product(d: SurveyDesign) -> Any:
    return fit_glm(d, "count ~ flag * group", family="poisson")


def two_interactions(d: SurveyDesign) -> Any:
    fits = {name: fit_glm(d, f"{name} ~ flag * group", link="log") for name in ("z", "exact")}
    return compare_interactions({name: reri(fit, "flag", "group") for name, fit in fits.items()}).differences


def handful(estimate: Callable[[SurveyDesign], Any], **exceptions: Any) -> Row:
    return Row(estimate, model=False, **exceptions)


ROWS = {
    "mean": handful(lambda d: weighted_mean(d, ["x", "z"])),
    "mean by group": handful(lambda d: weighted_mean(d, "x", by="group")),
    "total": handful(lambda d: weighted_total(d, ["x", "flag"]), total=True),
    "ratio": handful(lambda d: weighted_ratio(d, "x", "z")),
    "proportion": handful(lambda d: weighted_proportion(d, "group")),
    "quantile": handful(lambda d: weighted_quantile(d, "z", [0.25, 0.5]), smooth=False, derivative=False),
    "function of a mean": handful(lambda d: delta(weighted_mean(d, "z"), np.log, ["log"])),
    "standardised mean": Row(lambda d: standardize(d, "z", over="group", population={"a": 0.7, "b": 0.3})),
    "t test": Row(lambda d: t_test(d, "z", "group")),
    "rank test": Row(lambda d: rank_test(d, "z", "group").differences, derivative=False),  # takes the ranks as known
    "trend": Row(lambda d: trend_test(d, "y", "third")),
    "gaussian": Row(glm("y ~ z + group")),
    "gaussian, x missing for some": Row(glm("y ~ x")),
    # An influence takes the knots as known; they are fixed in replicates too.
    "gaussian, spline": Row(glm("y ~ rcs(z, 3)"), derivative=False),
    "gaussian, log link": Row(glm("z ~ group", link="log")),
    "logistic": Row(glm("died ~ z")),
    "logistic, logit": Row(glm("died ~ z", family="binomial")),
    "binomial, cloglog": Row(
        glm("died ~ z", family="binomial", link="cloglog"), derivative=False
    ),  # expected information, as R
    "binomial, log": Row(glm("died ~ group", family="binomial", link="log")),
    "Poisson": Row(glm("count ~ z + group", family="poisson")),
    "negative binomial": Row(glm("count ~ group", family="negative binomial")),
    "gamma": Row(glm("z ~ group", family="gamma")),
    # The density at a quantile is looked for less far around it the more rows there are.
    "quantile regression": Row(
        lambda d: fit_quantile(d, "y ~ z", [0.5]).estimate, repeats="estimate", smooth=False, derivative=False
    ),
    "difference of two quantiles' slopes": Row(
        lambda d: slope_difference(fit_quantile(d, "y ~ z", [0.3, 0.7]), "z", 0.7, 0.3),
        repeats="estimate",
        smooth=False,
        derivative=False,
    ),
    "ordinal": Row(lambda d: fit_ordinal(d, "third ~ z").estimate),
    "ordinal, levels": Row(lambda d: predict_levels(fit_ordinal(d, "third ~ z"), pd.DataFrame({"z": [2.0]}))),
    # Efron's steps go by the mean weight of those who die together: repeated rows have another one.
    "Cox, Efron": Row(cox("z + group", **TIMES), repeats=""),
    "Cox, Efron, untied": Row(cox("z", **UNTIED), repeats=""),
    "Cox, Breslow": Row(cox("z + group", ties="breslow", **TIMES)),
    "Cox, delayed entry": Row(cox("z", entry="entry", ties="breslow", **TIMES)),
    "Cox, strata": Row(cox("z", strata="group", ties="breslow", **TIMES)),
    "Cox, offset": Row(cox("z", offset="y", ties="breslow", **TIMES)),
    # The penalty stands beside weights of mean 1: repeated rows weigh more against it.
    "Cox, Firth": Row(cox("z", penalty="firth", ties="breslow", **TIMES), repeats=""),
    "slopes of the hazards test": Row(
        lambda d: proportional_hazards_test(fit_cox(d, "z", ties="breslow", **TIMES)).slopes
    ),
    "Kaplan-Meier": Row(lambda d: kaplan_meier(d, times=[3, 6], **TIMES).estimate),
    "Kaplan-Meier by group, delayed entry": Row(
        lambda d: kaplan_meier(d, times=[4, 6], by="group", entry="entry", **TIMES).estimate
    ),
    "Nelson-Aalen": Row(lambda d: nelson_aalen(d, times=[3, 6], **TIMES).estimate),
    "restricted mean time": Row(lambda d: rmst(d, until=6, by="group", **TIMES).differences),
    "crude risk": Row(lambda d: crude_risk(d, by="group", at=6, **TIMES).differences),
    "cumulative incidence": Row(lambda d: cumulative_incidence(d, cause="cause", times=[3, 6], **TIMES).estimate),
    "Fine-Gray": Row(
        lambda d: fit_fine_gray(d, "z", cause="cause", of="heart", censoring_by=None, ties="breslow", **TIMES).estimate
    ),
    # The people of a cycle have their own censoring.
    "Fine-Gray, censoring by group": Row(
        lambda d: (
            fit_fine_gray(d, "z", cause="cause", of="heart", censoring_by="group", ties="breslow", **TIMES).estimate
        )
    ),
    "cause-specific": Row(
        lambda d: fit_cause_specific(d, "z", cause="cause", of="heart", ties="breslow", **TIMES).estimate
    ),
    "contrast": Row(lambda d: contrast(fit_glm(d, "y ~ z + group"), {"z": 3, "group": "b"}, {"z": 1, "group": "a"})),
    "dose-response": Row(lambda d: dose_response(fit_glm(d, "y ~ poly(z, 2)"), "z", [2, 5], reference=3).estimate),
    "surface": Row(
        lambda d: surface(fit_glm(d, "y ~ z * exact"), "z", "exact", [1, 3], [2, 5], reference=(2, 3)).estimate
    ),
    "RERI": Row(lambda d: reri(product(d), "flag", "group")),
    "marginal means": Row(lambda d: marginal_means(product(d), "group").means),
    "average marginal effect": Row(lambda d: average_marginal_effect(fit_glm(d, "count ~ z", family="poisson"), "z")),
    "standardised risk": Row(
        lambda d: standardized_risk(fit_cox(d, "group + z", ties="breslow", **TIMES), "group", ["a", "b"], at=6).risks
    ),
    "predicted survival": Row(
        lambda d: predict(fit_cox(d, "z", ties="breslow", **TIMES), pd.DataFrame({"z": [2.0]}), at=6)
    ),
    "interactions of two models": Row(two_interactions),
    "two models": Row(lambda d: joint(glm("y ~ z")(d), glm("y ~ z + group")(d))),
}


def rows_that(keep: str = "estimate"):
    kept = {name: row for name, row in ROWS.items() if getattr(row, keep)}
    return pytest.mark.parametrize("row", kept.values(), ids=kept)


rows = rows_that()
few = settings(max_examples=6, deadline=None, suppress_health_check=list(HealthCheck))


@st.composite
def surveys(draw, row: Row):
    """A survey of some strata with 2 or 3 PSUs, some people of weight 0, some with x missing; larger for models."""
    people = st.integers(12, 16) if row.model else st.integers(1, 6)
    sizes = draw(st.lists(st.lists(people, min_size=2, max_size=3), min_size=3 if row.model else 2, max_size=5))
    cells = [(h, g) for h, stratum in enumerate(sizes) for g, n in enumerate(stratum) for _ in range(n)]
    missing = draw(st.sampled_from([0.0, 0.3]))
    return made_up(cells, np.random.default_rng(draw(st.integers(0, 2**32 - 1))), missing)


def made_up(cells, rng, missing: float = 0.0):
    """People of PSUs `cells` of (stratum, PSU): columns of every kind that an estimator may want."""
    n = len(cells)
    strata, psu = np.array(cells).T
    weight = rng.integers(0, 4, n).astype(float)
    x = np.where(rng.random(n) < missing, np.nan, rng.normal(2.0, 1.0, n))
    weight[0], x[0] = 2.0, 1.0
    data = pd.DataFrame({"strata": strata, "psu": psu, "analysis_weight": weight, "x": x, "z": rng.gamma(3.0, 1.0, n)})
    data["group"] = pd.Categorical(rng.choice(["a", "b"], n), categories=["a", "b"])
    data["third"] = pd.Categorical(rng.choice(["low", "middle", "high"], n), ["low", "middle", "high"], ordered=True)
    data["flag"] = pd.array(rng.random(n) < 0.5, dtype="boolean")
    data["y"] = rng.normal(0.0, 1.0, n) + 0.2 * data["z"]
    mean = 2.0 * np.exp(0.5 * (data["group"] == "b") + 0.5 * data["flag"].astype(float))
    data["count"] = rng.negative_binomial(2.0, 2.0 / (2.0 + mean), n).astype(float)
    data["months"] = rng.integers(2, 9, n)
    data["entry"] = data["months"] - rng.integers(2, 9, n).clip(max=data["months"].to_numpy())
    data["exact"] = rng.permutation(n) + 1.0
    data["died"] = rng.integers(0, 2, n)
    data["cause"] = pd.Categorical(np.where(data["died"] == 1, rng.choice(["heart", "other"], n), None))
    return data


def estimated(row: Row, design: SurveyDesign):
    """The estimate; a survey on which there is none (everyone died, nobody is known) is not one to test on."""
    try:
        made = row.estimate(design)
    except CofactorError:
        reject()
    if made.unbounded is not None and made.unbounded.any():
        reject()
    return made


def same(one, other, scale=1.0):
    np.testing.assert_allclose(other.values, one.values * scale, rtol=1e-7, atol=1e-9)
    np.testing.assert_allclose(other.covariance, one.covariance * scale**2, rtol=1e-6, atol=1e-10)
    np.testing.assert_array_equal(other.df, one.df)


@rows
@given(data=st.data())
@few
def test_influence_sums_to_zero_and_that_of_a_total_to_the_total(row, data):
    made = estimated(row, SurveyDesign(data.draw(surveys(row))))
    sums = made.influence().sum(axis=0)
    known = ~np.isnan(sums)
    expected = made.values if row.total else np.zeros(len(sums))
    np.testing.assert_allclose(sums[known], expected[known], atol=1e-8)


@rows
@given(data=st.data())
@few
def test_influence_is_zero_outside_the_domain_and_adds_up_to_the_totals_of_psus(row, data):
    design = SurveyDesign(data.draw(surveys(row)), domain="strata == 0 or psu == 0")
    made = estimated(row, design)
    influence = made.influence()
    assert not np.nan_to_num(influence[~design.in_domain]).any()
    totals = pd.DataFrame(influence).groupby(design.psu_index).sum(min_count=1).to_numpy()
    np.testing.assert_allclose(totals, made.psu_totals, rtol=1e-7, atol=1e-9)


@rows
@given(data=st.data(), seed=st.integers(0, 2**16))
@few
def test_the_order_of_rows_does_not_matter(row, data, seed):
    people = data.draw(surveys(row))
    shuffled = people.sample(frac=1.0, random_state=seed)
    one = estimated(row, SurveyDesign(people))
    other = row.estimate(SurveyDesign(shuffled))
    same(one, other)
    np.testing.assert_allclose(other.influence(), one.influence()[shuffled.index], rtol=1e-6, atol=1e-9)


@rows
@given(data=st.data(), scale=st.sampled_from([1e-6, 0.37, 2.0, 1e7]))
@few
def test_the_scale_of_the_weights_does_not_matter_but_to_totals(row, data, scale):
    people = data.draw(surveys(row))
    scaled = people.assign(analysis_weight=people["analysis_weight"] * scale)
    one, other = estimated(row, SurveyDesign(people)), row.estimate(SurveyDesign(scaled))
    if row.total:
        np.testing.assert_allclose(other.se, one.se * scale, rtol=1e-7, atol=1e-9 * scale)
        np.testing.assert_allclose(other.values, one.values * scale, rtol=1e-9)
    else:
        same(one, other)


@rows
@given(data=st.data())
@few
def test_labels_of_psus_and_strata_do_not_matter(row, data):
    people = data.draw(surveys(row))
    psu = (people["strata"] * 7 + people["psu"] * 3).map(lambda code: f"cluster {code}")
    relabelled = people.assign(psu=psu, strata=people["strata"].map(lambda h: f"stratum {9 - h}"))
    same(estimated(row, SurveyDesign(people)), row.estimate(SurveyDesign(relabelled)))


@rows_that("repeats")
@given(data=st.data())
@few
def test_integer_weights_are_repeated_rows(row, data):
    people = data.draw(surveys(row))
    repeated = people.loc[people.index.repeat(people["analysis_weight"].astype(int))].assign(analysis_weight=1.0)
    # A PSU whose rows all have weight 0 must stay in the design: one such row keeps its place.
    kept = pd.concat([repeated, people.assign(analysis_weight=0.0)], ignore_index=True)
    one, other = estimated(row, SurveyDesign(people)), row.estimate(SurveyDesign(kept))
    np.testing.assert_allclose(other.values, one.values, rtol=1e-7, atol=1e-9)
    if row.repeats == "estimate and errors":
        same(one, other)


@rows
@given(data=st.data())
@few
def test_outside_the_domain_is_the_same_as_weight_zero(row, data):
    people = data.draw(surveys(row))
    inside = people["y"] > 0.0
    zeroed = people.assign(analysis_weight=people["analysis_weight"].where(inside, 0.0))
    try:
        one = row.estimate(SurveyDesign(people, domain="y > 0"))
    except CofactorError as error:  # nobody with x known, everyone died: the same must happen on the other road
        with pytest.raises(type(error)):
            row.estimate(SurveyDesign(zeroed))
        return
    same(one, row.estimate(SurveyDesign(zeroed)))


@rows
@given(data=st.data())
@few
def test_a_domain_of_everyone_changes_nothing(row, data):
    people = data.draw(surveys(row))
    whole = estimated(row, SurveyDesign(people))
    same(whole, row.estimate(SurveyDesign(people, domain="True")))
    same(whole, row.estimate(SurveyDesign(people).within(np.ones(len(people), dtype=bool))))


@rows
@given(data=st.data())
@few
def test_the_covariance_is_symmetric_and_nowhere_negative(row, data):
    v = estimated(row, SurveyDesign(data.draw(surveys(row)))).covariance
    v = v[~np.isnan(np.diag(v))][:, ~np.isnan(np.diag(v))]
    np.testing.assert_allclose(v, v.T)
    assert np.linalg.eigvalsh(v).min(initial=0.0) > -1e-9 * max(1.0, np.abs(v).max(initial=0.0))


@pytest.fixture(scope="module")
def cohort():
    """A survey of 12 strata with 2 PSUs of 40 people."""
    cells = [(h, g) for h in range(12) for g in range(2) for _ in range(40)]
    return SurveyDesign(made_up(cells, np.random.default_rng(11)))


@rows_that("derivative")
def test_influence_is_the_derivative_in_the_weights(row, cohort):
    influence = row.estimate(cohort).influence()
    for i in np.flatnonzero(cohort.weights > 0.0)[[3, 200, 500]]:
        step = np.zeros(len(cohort.weights))
        step[i] = 1e-3 * cohort.weights[i]
        up, down = (row.estimate(cohort.with_weights(cohort.weights + sign * step)).values for sign in (1, -1))
        np.testing.assert_allclose((up - down) / 2e-3, influence[i], rtol=2e-3, atol=1e-3 * np.abs(influence).max())


@rows_that("smooth")
def test_linearised_and_jackknife_errors_agree(row, cohort):
    linearised = row.estimate(cohort).se
    np.testing.assert_allclose(replicate(cohort, row.estimate).se, linearised, rtol=0.1)
