"""Differences between interactions against R's joint covariance, and what must hold whatever the models."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from cofactor.errors import DesignError, FitError
from cofactor.models import (
    compare_interactions,
    fit_cox,
    fit_glm,
    interaction_heterogeneity,
    reri,
    wald_test,
)
from cofactor.survey import SurveyDesign, linear, replicate

FOLDER = Path(__file__).parent.parent / "reference" / "interaction"
EXPECTED = json.loads((FOLDER / "compare.json").read_text())


@pytest.fixture(scope="module")
def design() -> SurveyDesign:
    data = pd.read_csv(FOLDER / "data.csv")
    added = {
        "low_dose": (data["dose"] < 50).astype(int),
        "deficient": (data["vitamin"] == "deficient").astype(int),
        "old": (data["age"] >= 50).astype(int),
    }
    return SurveyDesign(data.assign(**added), weight="weight")


def fitted(design, formula, kind="poisson"):
    if kind == "cox":
        return fit_cox(design, formula, time="months", event="died")
    return fit_glm(design, f"event ~ {formula}", family=kind)


def two(design, kind="poisson"):
    return {name: reri(fitted(design, f"{name} * low_magnesium + age", kind), name, "low_magnesium")
            for name in ("deficient", "low_dose")}  # fmt: skip


@pytest.mark.parametrize("kind", ["poisson", "cox"])
def test_interactions_of_two_models_match_the_joint_covariance_of_r(design, kind):
    made, expected = compare_interactions(two(design, kind)), EXPECTED[f"two_{kind}"]
    assert made.differences.values[0] == pytest.approx(expected["difference"], rel=1e-8)
    scale = np.prod(made.interactions.se)
    assert made.interactions.covariance[0, 1] == pytest.approx(expected["covariance"], abs=1e-8 * scale)
    assert made.differences.se[0] == pytest.approx(expected["se"], rel=1e-8)
    row = made.differences.table().iloc[0]
    assert row["estimate"] == pytest.approx(np.exp(expected["difference"]), rel=1e-8)
    assert made.test.p == pytest.approx(row["p"])


def test_heterogeneity_is_the_three_way_product_and_matches_r(design):
    fit = fitted(design, "deficient * low_magnesium * old")
    made = interaction_heterogeneity(fit, "deficient", "low_magnesium", "old")
    assert made.differences.values[0] == pytest.approx(EXPECTED["three_way"]["estimate"], rel=1e-8)
    assert made.differences.se[0] == pytest.approx(EXPECTED["three_way"]["se"], rel=1e-8)
    assert made.test.p == pytest.approx(wald_test(fit, "deficient:low_magnesium:old").p, rel=1e-8)
    additive = interaction_heterogeneity(fit, "deficient", "low_magnesium", "old", measure="RERI")
    assert additive.differences.values[0] == pytest.approx(EXPECTED["reri_difference"]["estimate"], rel=1e-8)
    assert additive.differences.se[0] == pytest.approx(EXPECTED["reri_difference"]["se"], rel=1e-8)


def test_heterogeneity_over_all_levels_is_the_wald_test_of_the_product(design):
    fit = fitted(design, "vitamin * low_magnesium * old")
    made = interaction_heterogeneity(fit, "vitamin", "low_magnesium", "old")
    own = wald_test(fit, "vitamin:low_magnesium:old")
    assert (made.test.df1, made.test.p) == (2, pytest.approx(own.p, rel=1e-8))
    assert made.table()["interaction"].tolist() == ["old = 0"] * 2 + ["old = 1"] * 4


def test_models_of_each_subgroup_agree_with_one_that_holds_all_products(design):
    whole = fitted(design, "deficient * low_magnesium * old")
    one = interaction_heterogeneity(whole, "deficient", "low_magnesium", "old")
    parts = {
        str(level): reri(fitted(design.within(f"old == {level}"), "deficient * low_magnesium"), "deficient",
                         "low_magnesium")
        for level in (0, 1)
    }  # fmt: skip
    apart = compare_interactions(parts)
    np.testing.assert_allclose(apart.differences.values, one.differences.values, rtol=1e-8)
    np.testing.assert_allclose(apart.differences.se, one.differences.se, rtol=1e-8)


def test_two_interactions_of_one_model_differ_by_their_product_terms(design):
    fit = fitted(design, "(deficient + low_dose) * low_magnesium + age", "cox")
    one = reri(fit, "deficient", "low_magnesium", at={"low_dose": 0})
    other = reri(fit, "low_dose", "low_magnesium", at={"deficient": 0})
    made = compare_interactions({"deficient": one, "low dose": other})
    row = np.array([[(name == "low_dose:low_magnesium") - (name == "deficient:low_magnesium") for name in fit.terms]])
    by_hand = linear(fit.estimate, row.astype(float), ["difference"])
    assert made.differences.values == pytest.approx(by_hand.values, rel=1e-10)
    assert made.differences.se == pytest.approx(by_hand.se, rel=1e-10)


def test_an_interaction_does_not_differ_from_itself(design):
    same = reri(fitted(design, "deficient * low_magnesium"), "deficient", "low_magnesium")
    made = compare_interactions({"one": same, "again": same, "other": two(design)["low_dose"]}, "RERI")
    assert made.differences.values[0] == 0.0
    assert made.differences.se[0] == pytest.approx(0.0, abs=1e-12)
    assert np.abs(made.differences.influence().sum(axis=0)).max() < 1e-10


@pytest.mark.parametrize("measure", ["RERI", "multiplicative", "AP"])
def test_jackknife_and_linearised_errors_of_a_difference_agree(design, measure):
    made = compare_interactions(two(design, "cox"), measure)
    again = replicate(design, lambda part: compare_interactions(two(part, "cox"), measure).differences)
    np.testing.assert_allclose(again.se, made.differences.se, rtol=0.1)


@pytest.mark.parametrize("measure", ["RERI", "multiplicative", "AP"])
def test_p_is_below_five_percent_exactly_where_the_interval_excludes_no_difference(design, measure):
    for seed in range(10):
        rng = np.random.default_rng(seed)
        data = design.data.assign(event=rng.random(len(design.data)) < 0.1 + 0.3 * design.data["deficient"]
                                  * design.data["low_magnesium"] * rng.random())  # fmt: skip
        row = compare_interactions(two(SurveyDesign(data, weight="weight")), measure).differences.table().iloc[0]
        null = 1.0 if measure == "multiplicative" else 0.0
        assert (row["p"] < 0.05) == (row["low"] > null or row["high"] < null)


def test_prints_interactions_differences_and_the_test(design):
    made = compare_interactions(two(design), "RERI")
    assert "low_dose against deficient" in repr(made)
    assert "equal RERI interactions" in repr(made)
    assert "<script" not in made._repr_html_()


@pytest.mark.parametrize(
    ("names", "measure", "says"),
    [
        (["deficient"], "RERI", "two interactions or more; got deficient"),
        (["deficient", "low_dose"], "ERR", "no measure 'ERR'; there are RERI, AP, S"),
        (["deficient", "three levels"], "RERI", "different numbers of pairs"),
        (["deficient", "fit"], "RERI", "'fit' is no result of reri"),
        (["deficient", "falling"], "S", "S of 'falling' is undefined"),
    ],
)
def test_what_cannot_be_compared_says_why(design, names, measure, says):
    fit = fitted(design, "deficient * low_magnesium")
    all_of = two(design) | {
        "three levels": reri(fitted(design, "vitamin * low_magnesium"), "vitamin", "low_magnesium"),
        "fit": fit.estimate,
        "falling": reri(fit, "deficient", "low_magnesium", exposure_levels=(1, 0)),
    }
    with pytest.raises(FitError, match=says):
        compare_interactions({name: all_of[name] for name in names}, measure)


def test_without_the_product_of_three_heterogeneity_is_refused(design):
    with pytest.raises(FitError, match="deficient \\* low_magnesium \\* old"):
        interaction_heterogeneity(
            fitted(design, "deficient * low_magnesium + old"), "deficient", "low_magnesium", "old"
        )


def test_other_people_are_another_survey(design):
    other = SurveyDesign(design.data.iloc[:600], weight="weight")
    pairs = {"all": two(design)["deficient"], "half": two(other)["deficient"]}
    with pytest.raises(DesignError, match="different designs"):
        compare_interactions(pairs)
