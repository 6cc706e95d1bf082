"""Pooling over imputations against R's mitools, the papers' formulas, and the plain fit where nothing is missing."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from cofactor.errors import DesignError, FitError, UnknownVariableError
from cofactor.models import contrast, fit_cox, fit_glm, pool, reri, wald_test
from cofactor.models.pooling_rules import barnard_rubin, joint_freedom, joint_statistic, relative_increase
from cofactor.survey import SurveyDesign, replicate, weighted_mean, weighted_proportion

FOLDER = Path(__file__).parent.parent / "reference" / "imputation"
EXPECTED = json.loads((FOLDER / "expected.json").read_text())
FITS = {
    "gaussian": lambda design: fit_glm(design, "y ~ x + z + flag"),
    "binomial": lambda design: fit_glm(design, "died ~ x + z + flag", family="binomial"),
    "cox": lambda design: fit_cox(design, "x + z + flag", time="time", event="died"),
}
models = pytest.mark.parametrize("model", FITS)


@pytest.fixture(scope="module")
def designs() -> list[SurveyDesign]:
    """The design with each of R's five imputations in its data."""
    data, given = pd.read_csv(FOLDER / "data.csv"), pd.read_csv(FOLDER / "imputations.csv")
    made = []
    for _, one in given.groupby("imputation"):
        filled = data.copy()
        for name, values in one.groupby("variable"):
            filled.loc[values["row"].to_numpy(), name] = values["value"].to_numpy()
        made.append(SurveyDesign(filled, weight="weight", domain="domain == 1"))
    return made


def assert_close(found, expected, tolerance=1e-8):
    expected = np.asarray(expected)
    np.testing.assert_allclose(found, expected, rtol=tolerance, atol=tolerance * np.abs(expected).max())


@models
def test_estimate_and_covariances_match_mitools(designs, model):
    pooled, r = pool([FITS[model](design) for design in designs]), EXPECTED[model]
    assert_close(pooled.values, r["coefficients"])
    assert_close(pooled.covariance, r["covariance"])
    assert_close(pooled.moments.within, r["within"])
    assert_close(pooled.moments.between, r["between"])


@models
def test_infinite_complete_df_give_the_df_and_missing_information_of_mitools(designs, model):
    pooled, r = pool([FITS[model](design) for design in designs]), EXPECTED[model]
    large = replace(pooled, complete_df=np.full(len(pooled.terms), np.inf))
    # By their inverse: the df of 453,191 is the square of a share of 0.003, which cancels eight digits.
    assert_close(1 / large.df, 1 / np.array(r["df_infinite"]))
    np.testing.assert_allclose(large.missing_information, r["missing_infinite"], rtol=1e-8)


@models
def test_df_are_those_of_barnard_and_rubin_and_mitools_differ_by_a_known_factor(designs, model):
    pooled, r = pool([FITS[model](design) for design in designs]), EXPECTED[model]
    np.testing.assert_array_equal(pooled.complete_df, r["design_df"])
    np.testing.assert_allclose(pooled.df, r["df"], rtol=1e-8)
    within, between, d = np.diag(pooled.moments.within), np.diag(pooled.moments.between), r["design_df"]
    share = (1 + 1 / 5) * between / np.diag(pooled.covariance)
    mitools = 1 / (share**2 / 4 + (d + 3) / ((d + 1) * d * within / (within + between)))  # between without 1 + 1/m
    np.testing.assert_allclose(r["df_mitools"], mitools, rtol=1e-8)


@models
def test_the_joint_statistic_and_its_df_match_the_papers_in_r(designs, model):
    pooled, r = pool([FITS[model](design) for design in designs]), EXPECTED[model]
    d, q = r["design_df"], len(r["tested"])
    test = pooled.wald_test(["x", "z", "flag"])
    assert test.f == pytest.approx(r["d1"] * (d - q + 1) / d, rel=1e-8)
    assert (test.df1, test.df2) == (q, pytest.approx(joint_freedom(r["d1_increase"], q, 5, d - q + 1)))
    assert joint_freedom(r["d1_increase"], q, 5, np.inf) == pytest.approx(r["d1_df_infinite"], rel=1e-8)


@pytest.mark.parametrize(("increase", "q", "m", "d"), [(0.1, 3, 5, 40.0), (0.6, 2, 20, 130.0), (1.5, 5, 10, 60.0)])
def test_joint_df_are_reiters_and_tend_to_li_raghunathan_and_rubins(increase, q, m, d):
    t = q * (m - 1)
    a, star = increase * t / (t - 2), (d + 1) / (d + 3) * d
    c0, c1, c2 = 1 / (t - 4), star - 2 * (1 + a), star - 4 * (1 + a)
    z = 1 / c2 + c0 * (
        a**2 * c1 / ((1 + a) ** 2 * c2) + 8 * a**2 * c1 / ((1 + a) * c2**2) + 4 * a**2 / ((1 + a) * c2)
        + 4 * a**2 / (c2 * c1) + 16 * a**2 * c1 / c2**3 + 8 * a**2 / c2**2
    )  # fmt: skip
    assert joint_freedom(increase, q, m, d) == pytest.approx(4 + 1 / z, rel=1e-10)
    assert joint_freedom(increase, q, m, 1e9) == pytest.approx(joint_freedom(increase, q, m, np.inf), rel=1e-4)


def test_few_imputations_never_have_more_joint_df_than_complete_data():
    assert joint_freedom(0.2, 1, 3, 20.0) == 20.0
    assert joint_freedom(5.0, 1, 3, 20.0) < 20.0
    assert joint_freedom(9.0, 3, 5, 12.0) <= 12.0


@models
def test_complete_data_give_back_the_plain_fit(designs, model):
    fit = FITS[model](designs[0])
    pooled = pool([fit] * 4)
    columns = ["term", "estimate", "se", "low", "high", "p", "df"]
    pd.testing.assert_frame_equal(pooled.table()[columns], fit.table()[columns], rtol=1e-12)
    assert (pooled.missing_information == 0.0).all()
    assert (pooled.relative_efficiency == 1.0).all()
    plain, joint = wald_test(fit, ["x", "z"]), pooled.wald_test(["x", "z"])
    assert (joint.f, joint.df1, joint.df2) == (pytest.approx(plain.f), plain.df1, plain.df2)


def test_one_value_is_tested_jointly_with_its_own_squared_t(designs):
    pooled = pool([FITS["cox"](design) for design in designs])
    found = joint_statistic(pool([weighted_mean(design, "x") for design in designs]).moments, np.inf)
    row = pooled.table().set_index("term").loc["x"]
    assert pooled.wald_test("x").f == pytest.approx((row["estimate"] / row["se"]) ** 2)
    assert found.df2 == pytest.approx(joint_freedom(found.increase, 1, 5, np.inf))


RESULTS = {
    "mean": lambda d: weighted_mean(d, ["x", "y"]),
    "proportion": lambda d: weighted_proportion(d, "flag_text"),
    "contrast": lambda d: contrast(fit_glm(d, "y ~ x + z"), {"x": 60}, {"x": 40}),
    "RERI": lambda d: reri(fit_cox(d, "late * flag", time="time", event="died"), "late", "flag"),
    "jackknife": lambda d: replicate(d, lambda part: weighted_mean(part, "x")),
}


@pytest.mark.parametrize("name", RESULTS)
def test_anything_with_values_covariance_and_df_is_pooled(designs, name):
    made = []
    for design in designs:
        data = design.data.assign(
            late=(design.data["z"] > 0).astype(float), flag_text=design.data["flag"].map({0: "no", 1: "yes"})
        )
        made.append(RESULTS[name](replace(design, data=data)))
    pooled = pool(made)
    parts = [getattr(one, "estimate", one) for one in made]
    np.testing.assert_allclose(pooled.values, np.mean([part.values for part in parts], axis=0))
    table = pooled.table()
    assert len(table) == len(parts[0].values)
    assert (pooled.df <= pooled.complete_df)[np.isfinite(pooled.values)].all()


def test_ratios_are_shown_as_the_estimator_shows_them(designs):
    made = [
        reri(fit_cox(replace(d, data=d.data.assign(late=d.data["z"] > 0)), "late * flag", time="time", event="died"),
             "late", "flag")
        for d in designs
    ]  # fmt: skip
    table = pool(made).table().set_index("term")
    multiplicative = [one.values[3] for one in made]
    assert table.loc["multiplicative", "estimate"] == pytest.approx(np.exp(np.mean(multiplicative)))
    assert table.loc["RERI", "estimate"] == pytest.approx(np.mean([one.values[0] for one in made]))


def test_exponentiate_turns_estimate_and_limits_alone(designs):
    pooled = pool([FITS["cox"](design) for design in designs])
    plain, ratio = pooled.table(), pooled.table(exponentiate=True)
    for name in ("estimate", "low", "high"):
        np.testing.assert_allclose(ratio[name], np.exp(plain[name]))
    np.testing.assert_array_equal(ratio["se"], plain["se"])


def test_the_order_of_the_imputations_does_not_matter(designs):
    fits = [FITS["gaussian"](design) for design in designs]
    one, other = pool(fits), pool(fits[::-1])
    np.testing.assert_allclose(one.covariance, other.covariance, rtol=1e-12)
    np.testing.assert_allclose(one.df, other.df, rtol=1e-9)


def test_df_never_exceed_those_of_complete_data_and_fall_with_missing_information():
    r = np.array([0.0, 1e-6, 0.1, 1.0, 10.0])
    df = barnard_rubin(r, 20, np.full(5, 130.0))
    assert df[0] == 130.0
    assert (np.diff(df) < 0.0).all()


def test_rounding_between_imputations_counts_as_none(designs):
    fit = FITS["gaussian"](designs[0])
    nudged = replace(fit, estimate=replace(fit.estimate, values=fit.estimate.values * (1 + 1e-15)))
    assert (relative_increase(pool([fit, nudged]).moments) == 0.0).all()


BAD = {
    "one": (lambda d: pool([FITS["cox"](d[0])]), FitError, "two imputations or more"),
    "array": (lambda d: pool([np.ones(2), np.ones(2)]), FitError, "cannot be pooled"),
    "terms": (lambda d: pool([weighted_mean(d[0], "x"), weighted_mean(d[1], "z")]), FitError, "other terms"),
    "knots": (lambda d: pool([fit_glm(one, "y ~ rcs(x, 4)") for one in d]), FitError, "other knots"),
    "rows": (
        lambda d: pool([weighted_mean(d[0], "x"), weighted_mean(
            SurveyDesign(d[1].data.iloc[::-1], weight="weight"), "x")]),
        FitError, "other rows or PSUs"),
    "function": (lambda d: pool([FITS["cox"](d[0])] * 2, FITS["cox"]), FitError, "applied to imputations"),
    "level": (lambda d: pool([FITS["cox"](one) for one in d]).table(level=95), DesignError, "level=95"),
    "term": (lambda d: pool([FITS["cox"](one) for one in d]).wald_test("age"), UnknownVariableError, "age"),
    "nothing": (lambda d: pool([FITS["cox"](one) for one in d]).wald_test([]), FitError, "no term is named"),
    "unnamed": (lambda d: pool([weighted_mean(one, "x") for one in d]).wald_test("y"), UnknownVariableError, "'y'"),
    "beside": (lambda d: pool([FITS["cox"](one) for one in d]).beside(), FitError, "complete cases"),
}  # fmt: skip


@pytest.mark.parametrize("case", BAD)
def test_bad_input_says_what_and_how_to_mend(designs, case):
    call, error, message = BAD[case]
    with pytest.raises(error, match=message):
        call(designs)
