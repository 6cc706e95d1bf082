"""Change points against R, by simulation, by the jackknife, and what must hold for any data."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from cofactor.errors import CofactorWarning, DesignError, FitError, UnknownVariableError
from cofactor.models import change_point, dose_response
from cofactor.models.change_profile import Profile
from cofactor.survey import SurveyDesign, replicate

FOLDER = Path(__file__).parent.parent / "reference" / "dose_response"
EXPECTED = json.loads((FOLDER / "expected.json").read_text())
COX = {"time": "months", "event": "died"}


@pytest.fixture(scope="module")
def data() -> pd.DataFrame:
    return pd.read_csv(FOLDER / "data.csv")


@pytest.fixture(scope="module")
def design(data) -> SurveyDesign:
    return SurveyDesign(data, weight="weight")


def gaussian(design, points=9, **options):
    return change_point(design, "y ~ vitamin + age", "vitamin", points=points, **options)


@pytest.fixture(scope="module")
def made(design):
    return gaussian(design, points=41, candidates=[74.88])


def test_change_point_and_slopes_match_r(made):
    expected = EXPECTED["change_point_gaussian"]
    values = [expected["estimate"], expected["below"], expected["below"] + expected["change"], expected["change"]]
    np.testing.assert_allclose(made.estimate.values, values, rtol=1e-8)
    errors = [expected[name] for name in ("se", "se_below", "se_above", "se_change")]
    np.testing.assert_allclose(made.estimate.se, errors, rtol=1e-8)


def test_profile_of_a_cox_model_matches_coxph(design):
    expected = EXPECTED["change_point_cox"]
    made = change_point(design, "vitamin + age", "vitamin", candidates=expected["values"], points=7, **COX)
    found = made.profile.table().set_index("value").loc[expected["values"], "log_likelihood"]
    np.testing.assert_allclose(found, expected["log_likelihood"], rtol=1e-10)
    assert made.table()["term"].tolist() == ["change point", "slope below", "slope above", "change of slope"]
    ratios = made.table().set_index("term")["estimate"]
    assert ratios["slope above"] == pytest.approx(ratios["slope below"] * ratios["change of slope"])
    assert any("open above" in note for note in made.notes)
    assert np.isnan(made.table().loc[0, "high"])


def test_the_interval_holds_the_values_that_the_profile_does_not_reject(made):
    table = made.table()
    low, high = table.loc[0, ["low", "high"]]
    assert made.p_value(low) == pytest.approx(0.05, abs=1e-9)
    assert made.p_value(high) == pytest.approx(0.05, abs=1e-9)
    assert made.p_value(float(made.estimate.values[0])) == 1.0
    assert made.p_value(74.88) < 0.05
    assert not low <= 74.88 <= high
    wider = made.table(level=0.99)
    assert wider.loc[0, "low"] < low < high < wider.loc[0, "high"]


def test_jackknife_and_linearised_errors_agree(design, made):
    again = replicate(design, lambda part: gaussian(part, points=7).estimate)
    np.testing.assert_allclose(again.se[1:], made.estimate.se[1:], rtol=0.2)
    # The place itself moves in jumps, from one kink of the likelihood to another: only the size can be compared.
    assert 0.5 < again.se[0] / made.estimate.se[0] < 2.0


def test_what_changes_nothing(data, made):
    rng = np.random.default_rng(3)
    moved = data.sample(frac=1.0, random_state=4).assign(weight=lambda d: 7.0 * d["weight"])
    outside = moved.sample(200, random_state=5).assign(y=rng.normal(size=200), inside=0)
    both = pd.concat([moved.assign(inside=1), outside], ignore_index=True)
    both["psu"] = 10 * both["psu"]
    again = gaussian(SurveyDesign(both, weight="weight", domain="inside == 1"), points=41, candidates=[74.88])
    np.testing.assert_allclose(again.estimate.values, made.estimate.values, rtol=1e-6)
    np.testing.assert_allclose(again.estimate.covariance, made.estimate.covariance, rtol=1e-6, atol=1e-12)
    influence = again.estimate.influence()
    assert not influence[~again.fit.used_rows].any()
    np.testing.assert_array_less(np.abs(influence.sum(axis=0)), 1e-9 * np.abs(influence).sum(axis=0))


def test_the_fit_draws_the_broken_line(made):
    place = float(made.estimate.values[0])
    curve = dose_response(made.fit, "vitamin", [place - 10, place, place + 10], reference=place)
    np.testing.assert_allclose(
        curve.estimate.values, [-10 * made.estimate.values[1], 0.0, 10 * made.estimate.values[2]], atol=1e-10
    )


def test_the_interval_is_the_outermost_of_a_profile_with_two_peaks():
    profile = Profile.of(np.arange(7.0), [-9.0, -1.0, -9.0, -0.1, 0.0, -1.0, -9.0], 4.0, 1.0, 30.0)
    low, high = profile.interval(0.95)
    assert 0.0 < low < 1.0
    assert 5.0 < high < 6.0
    assert profile.notes("x")[0].startswith("change points of x were looked for from 0 to 6")


def test_a_maximum_at_the_end_of_the_range_is_noted():
    profile = Profile.of(np.arange(4.0), [-0.9, -0.6, -0.3, 0.0], 3.0, 1.0, 30.0)
    assert np.isnan(profile.interval(0.95)).all()
    assert any("open below and above" in note for note in profile.notes("x"))
    assert any("largest at the end of the range, 3" in note for note in profile.notes("x"))


def test_prints_the_table_the_test_and_the_notes(made):
    assert "Test of no change of slope" in repr(made)
    assert "corrected by its design effect" in repr(made)
    assert "<script" not in made._repr_html_()
    assert np.isnan(made.table().loc[0, "p"])
    assert made.table().loc[3, "p"] == made.no_change.p < 0.001


@pytest.mark.parametrize(
    ("formula", "options", "error", "says"),
    [
        ("y ~ age", {}, FitError, "needs vitamin by itself .* it stands in no term"),
        ("y ~ log(vitamin) + age", {}, FitError, r"it stands in log\(vitamin\)"),
        ("y ~ vitamin * age", {}, FitError, "in no other term; it stands in vitamin:age"),
        ("y ~ vitamin", {"variable": "vitamn"}, FitError, "needs vitamn by itself"),
        ("y ~ vitamin", {"between": (80, 60)}, FitError, "two numbers, the lower first"),
        ("y ~ vitamin", {"between": (60.01, 60.05)}, FitError, "it has 0 values"),
        ("y ~ vitamin", {"between": (2, 90)}, FitError, "values on both sides"),
        ("y ~ vitamin", {"candidates": [300]}, FitError, "candidate 300 lies outside"),
        ("y ~ vitamin", {"points": 2}, FitError, "needs 5 values or more"),
        ("y ~ grown", {"variable": "grown"}, FitError, "category or a flag"),
        ("y ~ vitamn", {}, UnknownVariableError, "did you mean vitamin"),
    ],
)
def test_what_has_no_change_point_says_why(data, formula, options, error, says):
    flagged = SurveyDesign(data.assign(grown=data["age"] > 40), weight="weight")
    with pytest.raises(error, match=says):
        change_point(flagged, formula, **{"variable": "vitamin", **options})


def test_what_all_fits_have_in_common_is_warned_of_once(data):
    small = SurveyDesign(data[data["strata"] < 4], weight="weight")
    with pytest.warns(CofactorWarning, match="4 parameters but the design only 3") as caught:
        change_point(small, "y ~ vitamin + age + magnesium", "vitamin", points=5)
    assert len(caught) == 1


def test_a_value_outside_the_profile_has_no_p(made):
    with pytest.raises(FitError, match="200 lies outside"):
        made.p_value(200)


def test_a_stratum_with_one_psu_is_refused(data):
    lonely = SurveyDesign(data[(data["strata"] > 1) | (data["psu"] == 1)], weight="weight")
    with pytest.raises(DesignError, match="one PSU"):
        gaussian(lonely, points=5).table()
