"""Dose-response curves against R, and what must hold whatever the basis."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from cofactor.errors import FitError, FormulaError, UnknownVariableError
from cofactor.models import contrast, dose_response, fit_cox, fit_glm, wald_test
from cofactor.survey import SurveyDesign, replicate

FOLDER = Path(__file__).parent.parent / "reference" / "dose_response"
EXPECTED = json.loads((FOLDER / "expected.json").read_text())
SPLINE = "rcs(vitamin, [30, 50, 68, 95])"
VALUES = [20, 40, 75, 110]


@pytest.fixture(scope="module")
def design() -> SurveyDesign:
    return SurveyDesign(pd.read_csv(FOLDER / "data.csv"), weight="weight")


def fitted(design, kind, spline=SPLINE):
    right = f"{spline} + age"
    if kind == "cox":
        return fit_cox(design, right, time="months", event="died")
    if kind == "logistic":
        return fit_glm(design, f"event ~ {right}", family="binomial")
    return fit_glm(design, f"y ~ {right}")


def wald_statistic(test, df):
    return test.f * test.df1 * df / test.df2


@pytest.mark.parametrize("kind", ["cox", "logistic", "gaussian"])
def test_curve_and_tests_match_r(design, kind):
    fit = fitted(design, kind)
    made, expected = dose_response(fit, "vitamin", VALUES, reference=50), EXPECTED[f"curve_{kind}"]
    np.testing.assert_allclose(made.estimate.values, expected["estimate"], rtol=1e-8)
    np.testing.assert_allclose(made.estimate.se, expected["se"], rtol=1e-8)
    for name in ("association", "non_linearity"):
        assert wald_statistic(getattr(made, name), fit.df) == pytest.approx(expected[name], rel=1e-8)
    assert (made.non_linearity.df1, made.association.df1) == (2, 3)
    assert made.knots == (30.0, 50.0, 68.0, 95.0)
    table = made.table()
    assert list(table.columns) == ["vitamin", "estimate", "se", "low", "high", "p", "df"]
    shown = np.exp(expected["estimate"]) if kind != "gaussian" else expected["estimate"]
    np.testing.assert_allclose(table["estimate"], shown, rtol=1e-7)


def test_jackknife_and_linearised_errors_agree(design):
    made = dose_response(fitted(design, "cox"), "vitamin", VALUES, reference=50)
    again = replicate(design, lambda part: dose_response(fitted(part, "cox"), "vitamin", VALUES, reference=50).estimate)
    np.testing.assert_allclose(again.se, made.estimate.se, rtol=0.05)


def test_the_test_of_non_linearity_does_not_depend_on_the_basis(design):
    powers = dose_response(
        fitted(design, "gaussian", "vitamin + I(vitamin * vitamin)"), "vitamin", VALUES, reference=50
    )
    orthogonal = dose_response(fitted(design, "gaussian", "poly(vitamin, 2)"), "vitamin", VALUES, reference=50)
    assert powers.non_linearity.f == pytest.approx(orthogonal.non_linearity.f, rel=1e-6)
    own = fitted(design, "gaussian", "vitamin + I(vitamin * vitamin)")
    assert powers.non_linearity.p == pytest.approx(wald_test(own, "I(vitamin * vitamin)").p, rel=1e-6)
    np.testing.assert_allclose(powers.estimate.values, orthogonal.estimate.values, rtol=1e-8)


@pytest.mark.parametrize("spline", ["vitamin", "log(vitamin)"])
def test_without_a_bend_or_without_a_line_nothing_is_tested(design, spline):
    made = dose_response(fitted(design, "gaussian", spline), "vitamin", reference=50)
    assert made.non_linearity is None
    assert made.association.df1 == 1
    assert len(made.table()) == 100


def test_a_logarithm_beside_a_line_is_what_bends(design):
    fit = fitted(design, "gaussian", "vitamin + log(vitamin)")
    made = dose_response(fit, "vitamin", reference=50)
    assert made.non_linearity.p == pytest.approx(wald_test(fit, "log(vitamin)").p, rel=1e-6)


def test_a_value_far_from_all_knots_hides_no_bend(design):
    skewed = design.data["vitamin"].mask(design.data.index == 7, 40_000.0)
    far = SurveyDesign(design.data.assign(vitamin=skewed), weight="weight")
    fit = fitted(far, "cox")
    made = dose_response(fit, "vitamin", VALUES, reference=50)
    own = wald_test(fit, SPLINE)
    assert (made.association.df1, made.non_linearity.df1) == (3, 2)
    assert made.association.f == pytest.approx(own.f, rel=1e-6)


def test_the_curve_is_a_contrast_and_nothing_at_the_reference(design):
    fit = fitted(design, "cox")
    made = dose_response(fit, "vitamin", [50, 60], reference=50)
    assert made.table().loc[0, ["estimate", "se", "low", "high"]].tolist() == [1.0, 0.0, 1.0, 1.0]
    assert made.estimate.values[1] == pytest.approx(contrast(fit, {"vitamin": 60}, {"vitamin": 50}).values[0])
    assert np.abs(made.estimate.influence().sum(axis=0)).max() < 1e-10


def test_within_levels_of_what_interacts(design):
    fit = fit_glm(design, f"y ~ {SPLINE} * event + age")
    with pytest.raises(FitError, match="give event"):
        dose_response(fit, "vitamin", reference=50)
    made = dose_response(fit, "vitamin", VALUES, reference=50, at={"event": 1})
    np.testing.assert_array_equal(
        made.estimate.values,
        contrast(fit, {"vitamin": VALUES, "event": 1}, {"vitamin": 50, "event": 1}).values,
    )
    assert "the curve is that at event = 1" in made.notes
    assert made.non_linearity.df1 == 2


def test_values_outside_the_data_are_noted(design):
    made = dose_response(fitted(design, "cox"), "vitamin", [5, 50], reference=40)
    assert any("1 values lie outside the data" in note for note in made.notes)
    assert "Wald test of vitamin, non-linear part" in repr(made)
    assert "<script" not in made._repr_html_()


@pytest.mark.parametrize(
    ("options", "error", "says"),
    [
        ({"variable": "vitamn"}, UnknownVariableError, "did you mean vitamin"),
        ({"variable": "grown"}, FitError, "category or a flag"),
        ({"values": [20, np.nan]}, FitError, "finite numbers"),
        ({"values": []}, FitError, "one or more"),
        ({"values": "many"}, FitError, "must be numbers"),
        ({"reference": np.inf}, FitError, "reference of vitamin"),
    ],
)
def test_what_has_no_curve_says_why(design, options, error, says):
    flagged = SurveyDesign(design.data.assign(grown=design.data["age"] > 40), weight="weight")
    fit = fit_glm(flagged, "y ~ vitamin + grown")
    with pytest.raises(error, match=says):
        dose_response(fit, **{"variable": "vitamin", "reference": 50, **options})


def test_a_logarithm_outside_its_range_says_so(design):
    with pytest.raises(FormulaError, match="log"):
        dose_response(fitted(design, "gaussian", "log(vitamin)"), "vitamin", [-1, 20], reference=50)
