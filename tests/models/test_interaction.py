"""Additive interaction against R's svycontrast, saturated models by hand, and what must hold for any numbers."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from cofactor.errors import CofactorWarning, FitError, UnknownVariableError
from cofactor.models import contrast, fit_cox, fit_glm, interaction_table, reri
from cofactor.survey import SurveyDesign

FOLDER = Path(__file__).parent.parent / "reference" / "interaction"
EXPECTED = json.loads((FOLDER / "expected.json").read_text())
FORMULA = "event ~ vitamin * low_magnesium + age"


@pytest.fixture(scope="module")
def frame() -> pd.DataFrame:
    data = pd.read_csv(FOLDER / "data.csv")
    data["vitamin"] = pd.Categorical(data["vitamin"], categories=["sufficient", "insufficient", "deficient"])
    return data


@pytest.fixture(scope="module")
def design(frame) -> SurveyDesign:
    return SurveyDesign(frame, weight="weight")


@pytest.fixture(scope="module")
def poisson(design):
    return fit_glm(design, FORMULA, family="poisson")


def fitted(design, kind):
    if kind == "cox":
        return fit_cox(design, FORMULA.split("~")[1], time="months", event="died")
    return fit_glm(design, FORMULA, family={"logistic": "binomial"}.get(kind, kind))


def assert_matches(table, expected, tolerance=1e-8):
    for name, row in (("RERI", "RERI"), ("AP", "AP"), ("S", "log_S"), ("multiplicative", "log_multiplicative")):
        found = table.set_index("term").loc[name]
        value = np.log(found["estimate"]) if row.startswith("log") else found["estimate"]
        assert value == pytest.approx(expected[row]["estimate"], rel=tolerance, abs=tolerance / 10), name
        assert found["se"] == pytest.approx(expected[row]["se"], rel=tolerance), name


@pytest.mark.filterwarnings("ignore:the outcome of")
@pytest.mark.parametrize("kind", ["poisson", "logistic", "cox"])
def test_measures_match_svycontrast(design, kind):
    table = reri(fitted(design, kind), "vitamin", "low_magnesium").table()
    for level, part in table.groupby("exposure"):
        assert_matches(part, EXPECTED[kind][level])
    assert list(table.columns) == ["exposure", "modifier", "term", "estimate", "se", "low", "high", "p", "df"]
    assert table["exposure"].tolist() == ["insufficient"] * 4 + ["deficient"] * 4


def test_a_continuous_exposure_is_measured_between_two_values(design):
    fit = fit_glm(design, "event ~ dose * low_magnesium + age", family="poisson")
    assert_matches(reri(fit, "dose", "low_magnesium", exposure_levels=(70, 30)).table(), EXPECTED["continuous"])


def test_joint_coding_and_product_coding_agree(design, poisson):
    joint = fit_glm(design, "event ~ vitamin:C(low_magnesium) + age", family="poisson")
    np.testing.assert_allclose(
        reri(joint, "vitamin", "low_magnesium").table().iloc[:, 3:].to_numpy(float),
        reri(poisson, "vitamin", "low_magnesium").table().iloc[:, 3:].to_numpy(float),
        rtol=1e-6,
        atol=1e-8,
    )


@pytest.mark.parametrize("scale", [0.3, 1.0, 3.0])
def test_p_is_below_five_percent_exactly_where_the_interval_excludes_no_interaction(frame, scale):
    for seed in range(12):
        rng = np.random.default_rng(seed)
        moved = frame.assign(event=(rng.random(len(frame)) < 0.1 + 0.25 * scale * frame["low_magnesium"] / 3))
        fit = fit_glm(SurveyDesign(moved, weight="weight"), "event ~ vitamin * low_magnesium", family="poisson")
        table = reri(fit, "vitamin", "low_magnesium").table().dropna()
        null = np.where(table["term"].isin(["S", "multiplicative"]), 1.0, 0.0)
        excluded = (table["low"] > null) | (table["high"] < null)
        assert ((table["p"] < 0.05) == excluded).all()


def test_measures_are_those_of_the_ratios(poisson):
    ratios = contrast(
        poisson,
        {"vitamin": ["deficient", "sufficient", "deficient"], "low_magnesium": [0, 1, 1]},
        {"vitamin": "sufficient", "low_magnesium": 0},
    ).table(exponentiate=True)
    r10, r01, r11 = ratios["estimate"]
    found = reri(poisson, "vitamin", "low_magnesium").table().query("exposure == 'deficient'")["estimate"]
    by_hand = [r11 - r10 - r01 + 1, (r11 - r10 - r01 + 1) / r11, (r11 - 1) / (r10 + r01 - 2), r11 / r10 / r01]
    np.testing.assert_allclose(found, by_hand, rtol=1e-10)


def test_reference_is_named_and_a_lower_cell_is_noted_not_switched(poisson):
    made = reri(poisson, "vitamin", "low_magnesium", exposure_levels=("deficient", "sufficient"))
    assert "reference cell: vitamin = deficient, low_magnesium = 0" in made.notes
    assert any("lower risk than the reference cell" in note for note in made.notes)
    assert "reference cell" in repr(made)
    assert "reference cell" in made._repr_html_()


def test_synergy_is_missing_where_an_excess_risk_is_not_positive(poisson):
    made = reri(poisson, "vitamin", "low_magnesium", exposure_levels=("deficient", "sufficient"))
    row = made.table().set_index("term").loc["S"]
    assert np.isnan(row["estimate"])
    assert any("S is undefined for 1 of 1" in note for note in made.notes)
    assert not np.isnan(made.table().set_index("term").loc["RERI", "se"])


def test_influence_of_the_measures_makes_their_covariance(frame, poisson):
    made = reri(poisson, "vitamin", "low_magnesium")
    by_psu = pd.DataFrame(made.influence()).groupby([frame["strata"], frame["psu"]]).sum().to_numpy()
    difference = by_psu[0::2] - by_psu[1::2]
    np.testing.assert_allclose(difference.T @ difference, made.covariance, rtol=1e-8, atol=1e-12)


def test_odds_ratios_of_a_common_outcome_warn(design):
    fit = fit_glm(design, FORMULA, family="binomial")
    with pytest.warns(CofactorWarning, match="far from risk ratios"):
        made = reri(fit, "vitamin", "low_magnesium")
    assert "odds ratios stand for risk ratios" in made.notes


@pytest.mark.parametrize(
    ("formula", "options", "error", "says"),
    [
        ("event ~ vitamin + low_magnesium", {}, FitError, r"write vitamin \* low_magnesium"),
        ("event ~ dose * vitamin", {"exposure": "dose", "modifier": "vitamin"}, FitError, "reference first"),
        ("event ~ low_magnesium + vitamin:low_magnesium", {}, FitError, "no main effect of vitamin"),
        ("event ~ vitamin * low_magnesium + vitamin:age", {}, FitError, "give age"),
        ("event ~ vitamin * low_magnesium", {"exposure": "vitamn"}, UnknownVariableError, "did you mean vitamin"),
        ("event ~ vitamin * low_magnesium", {"exposure_levels": ("none", "deficient")}, FitError, "no level 'none'"),
        ("event ~ vitamin * low_magnesium", {"exposure_levels": ("deficient",)}, FitError, "reference, index"),
    ],
)
def test_what_cannot_be_measured_says_why(design, formula, options, error, says):
    fit = fit_glm(design, formula, family="poisson")
    options = {"exposure": "vitamin", "modifier": "low_magnesium", **options}
    with pytest.raises(error, match=says):
        reri(fit, **options)


def test_a_third_variable_in_the_product_is_given(design):
    fit = fit_glm(design, "event ~ vitamin * low_magnesium * age", family="poisson")
    young, old = (reri(fit, "vitamin", "low_magnesium", at={"age": age}).table() for age in (30, 70))
    assert not np.allclose(young["estimate"], old["estimate"])


def test_differences_have_no_additive_interaction_of_ratios(design):
    with pytest.raises(FitError, match="identity"):
        reri(fit_glm(design, FORMULA), "vitamin", "low_magnesium")


def test_table_of_a_saturated_model_holds_the_weighted_risks(frame, design):
    fit = fit_glm(design, "event ~ vitamin * low_magnesium", family="poisson")
    made = interaction_table(fit, "vitamin", "low_magnesium")
    grouped = frame.groupby(["vitamin", "low_magnesium"], observed=True)
    risk = grouped.apply(lambda part: np.average(part["event"], weights=part["weight"]))
    cells = made.cells.set_index(["exposure", "modifier"])
    for cell, value in risk.items():
        assert cells.loc[cell, "estimate"] == pytest.approx(value / risk[("sufficient", 0)], rel=1e-9)
        assert cells.loc[cell, "n"] == len(grouped.get_group(cell))
        assert cells.loc[cell, "events"] == grouped.get_group(cell)["event"].sum()
    assert cells["weighted_share"].sum() == pytest.approx(1.0)
    inner = made.within_modifier.set_index(["exposure", "modifier"])["estimate"]
    assert inner[("deficient", 1)] == pytest.approx(risk[("deficient", 1)] / risk[("sufficient", 1)], rel=1e-9)
    outer = made.within_exposure.set_index(["exposure", "modifier"])["estimate"]
    assert outer[("deficient", 1)] == pytest.approx(risk[("deficient", 1)] / risk[("deficient", 0)], rel=1e-9)
    assert made.measures["term"].tolist() == ["RERI", "AP", "S", "multiplicative"] * 2


def test_table_prints_its_parts_and_what_it_is_adjusted_for(poisson):
    made = interaction_table(poisson, "vitamin", "low_magnesium")
    assert made.adjusted_for == ("age",)
    table = made.table()
    assert list(table.columns[:10]) == [
        "part", "exposure", "modifier", "term", "estimate", "se", "low", "high", "p", "df",
    ]  # fmt: skip
    assert table["part"].value_counts().to_dict() == {
        "cell": 6, "exposure within modifier": 4, "modifier within exposure": 3, "interaction": 8,
    }  # fmt: skip
    assert "Adjusted for age" in made._repr_html_()
    assert "1 (reference)" in made._repr_html_()
    assert "<script" not in made._repr_html_()


def test_table_of_a_continuous_exposure_has_no_counts(design):
    fit = fit_glm(design, "event ~ dose * low_magnesium", family="poisson")
    made = interaction_table(fit, "dose", "low_magnesium", exposure_levels=(70, 30))
    assert made.cells["n"].isna().all()
    assert made.cells["estimate"].iloc[0] == 1.0


def test_a_recoded_category_is_an_exposure_too(design):
    fit = fit_glm(design, "event ~ I(vitamin == 'deficient') * low_magnesium", family="poisson")
    flagged = SurveyDesign(design.data.assign(poor=design.data["vitamin"] == "deficient"), weight="weight")
    plain = fit_glm(flagged, "event ~ poor * low_magnesium", family="poisson")
    made = reri(fit, "vitamin", "low_magnesium", exposure_levels=("sufficient", "deficient")).table()
    by_flag = reri(plain, "poor", "low_magnesium").table()
    np.testing.assert_allclose(made.iloc[:, 3:].to_numpy(float), by_flag.iloc[:, 3:].to_numpy(float), rtol=1e-8)
