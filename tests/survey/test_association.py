"""Tests of association against R's svychisq, svyranktest and svyttest: tests/reference/association/make.R."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from cofactor.errors import DesignError
from cofactor.survey import SurveyDesign, chi_square_test, rank_test, t_test, trend_test, weighted_mean

FOLDER = Path(__file__).parents[1] / "reference"
EXPECTED = json.loads((FOLDER / "association" / "expected.json").read_text())
SCORES = {"wilcoxon": "wilcoxon", "van der waerden": "vanderWaerden", "median": "median"}
CLOSE = {"rel": 1e-8, "abs": 1e-12}


@pytest.fixture(scope="module")
def designs(synthetic) -> dict[str, SurveyDesign]:
    data = synthetic[synthetic["stratum"] != 9].copy()
    cuts = data["y"].quantile([0, 1 / 3, 2 / 3, 1]).to_numpy()
    data["third"] = pd.cut(data["y"], cuts, labels=["a", "b", "c"], include_lowest=True)
    everyone = SurveyDesign(data, weight="weight", strata="stratum")
    api = pd.read_csv(FOLDER / "survey" / "apistrat.csv")
    return {
        "everyone": everyone, "older": everyone.within("age >= 40"), "wide": everyone, "groups": everyone,
        "api": SurveyDesign(api, weight="pw", strata="stype", psu=None),
    }  # fmt: skip


@pytest.mark.parametrize(
    ("case", "row", "column"),
    [
        ("everyone", "group", "flag"),
        ("older", "group", "flag"),
        ("wide", "third", "group"),
        ("api", "stype", "comp.imp"),
    ],
)
def test_chi_square_matches_svychisq(designs, case, row, column):
    """R counts PSUs of zero weight into its degrees of freedom: df2 is ours, and with it p."""
    test = chi_square_test(designs[case], row, column)
    expected = EXPECTED["chi_square"][case]
    assert [test.f, test.df1] == pytest.approx([expected["f"], expected["df1"]], **CLOSE)
    assert test.df2 == pytest.approx(test.df1 * test.cells.df[0], rel=1e-12)


def test_chi_square_does_not_know_rows_from_columns(designs):
    there, back = (chi_square_test(designs["wide"], *pair) for pair in (("third", "group"), ("group", "third")))
    assert (there.f, there.p) == pytest.approx((back.f, back.p), rel=1e-10)


@pytest.mark.parametrize("score", list(SCORES))
@pytest.mark.parametrize("case", ["everyone", "older"])
def test_two_group_rank_test_matches_svyranktest(designs, case, score):
    expected = EXPECTED["rank"][case][SCORES[score]]
    made = rank_test(designs[case], "y", "flag", score=score)
    t = made.differences.values[0] / made.differences.se[0]
    assert made.differences.values[0] == pytest.approx(expected["difference"], **CLOSE)
    assert t == pytest.approx(expected["t"], **CLOSE)
    assert made.joint.f == pytest.approx(t**2, rel=1e-10)


@pytest.mark.parametrize("score", list(SCORES))
def test_several_group_rank_test_matches_svyranktest_before_its_reference_distribution(designs, score):
    made = rank_test(designs["groups"], "y", "group", score=score)
    d, q = float(made.differences.df[0]), 2
    assert made.joint.f * q * d / (d - q + 1) == pytest.approx(
        EXPECTED["rank"]["groups"][SCORES[score]]["chi_square"], **CLOSE
    )


@pytest.mark.parametrize("case", ["everyone", "older"])
def test_t_test_matches_svyttest(designs, case):
    made = t_test(designs[case], "y", "flag")
    expected = EXPECTED["t"][case]
    assert made.values[0] == pytest.approx(expected["difference"], **CLOSE)
    assert made.values[0] / made.se[0] == pytest.approx(expected["t"], **CLOSE)


def test_ranks_of_ties_do_not_depend_on_the_order_of_rows(designs):
    design = designs["everyone"]
    turned = SurveyDesign(design.data.iloc[::-1], weight="weight", strata="stratum")
    np.testing.assert_allclose(
        rank_test(design, "z", "flag").differences.values, rank_test(turned, "z", "flag").differences.values, rtol=1e-12
    )


def test_the_t_test_of_several_groups_compares_each_with_the_first(designs):
    means = weighted_mean(designs["everyone"], "y", by="group").values
    np.testing.assert_allclose(t_test(designs["everyone"], "y", "group").values, means[1:] - means[0], rtol=1e-12)


def test_trend_is_the_slope_of_a_regression_on_the_scores(designs):
    from cofactor.models import fit_glm

    design = designs["everyone"]
    fit = fit_glm(SurveyDesign(design.data.assign(s=design.data["group"].cat.codes.replace(-1, np.nan) * 2.0 + 1.0),
                               weight="weight", strata="stratum"), "y ~ s")  # fmt: skip
    made = trend_test(design, "y", "group", scores=[1, 3, 5])
    assert made.values[0] == pytest.approx(fit.coefficient("s"), rel=1e-10)
    assert made.se[0] == pytest.approx(fit.table().set_index("term").loc["s", "se"], rel=1e-10)


def test_influence_sums_to_zero_in_the_domain(designs):
    design = designs["older"]
    for estimate in (chi_square_test(design, "group", "flag").cells, t_test(design, "y", "flag"),
                     rank_test(design, "z", "flag").differences, trend_test(design, "y", "group")):  # fmt: skip
        influence = estimate.influence()
        assert np.abs(influence.sum(axis=0)).max() < 1e-10
        assert not influence[~design.in_domain].any()


@pytest.mark.parametrize(
    ("call", "says"),
    [
        (lambda d: chi_square_test(d.within("flag"), "group", "flag"), "fewer than two levels"),
        (lambda d: chi_square_test(d, "y", "flag"), "number with fractions"),
        (lambda d: t_test(d.within("flag"), "y", "flag"), "one group in the domain"),
        (lambda d: t_test(d, "group", "flag"), "no number"),
        (lambda d: rank_test(d, "y", "flag", score="signs"), "there are: wilcoxon"),
        (lambda d: trend_test(d, "y", "group", scores=[1, 2]), "3 levels, but 2 scores"),
    ],
)
def test_nonsense_says_what_is_wrong(designs, call, says):
    with pytest.raises(DesignError, match=says):
        call(designs["everyone"])
