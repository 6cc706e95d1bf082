"""Kaplan-Meier curves against R's svykm and survfit, by hand, and by what a change of a PSU's weight does."""

from __future__ import annotations

import json
import pickle
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from cofactor.errors import FitError, UnknownVariableError
from cofactor.models import kaplan_meier
from cofactor.survey import SurveyDesign

FOLDER = Path(__file__).parent.parent / "reference" / "cox"
EXPECTED = json.loads((FOLDER / "expected.json").read_text())["curves"]


@pytest.fixture(scope="module")
def survey() -> pd.DataFrame:
    data = pd.read_csv(FOLDER / "data.csv")
    data["group"] = pd.Categorical(data["group"], categories=["low", "middle", "high"])
    return data


@pytest.fixture(scope="module")
def design(survey) -> SurveyDesign:
    return SurveyDesign(survey, weight="weight")


@pytest.mark.parametrize("group", ["low", "middle", "high"])
def test_survival_of_groups_matches_svykm(design, group):
    expected = EXPECTED[group]
    table = kaplan_meier(design, time="months", event="died", by="group", times=expected["time"][1:]).table()
    mine = table[table["group"] == group]
    np.testing.assert_allclose(mine["survival"], expected["survival"][1:], rtol=1e-10)


def test_late_entry_and_numbers_at_risk_match_survfit(design):
    expected = EXPECTED["late_entry"]
    table = kaplan_meier(design, time="months", event="died", entry="late").table()
    expected = pd.DataFrame(expected).set_index("time").loc[table["time"]]
    np.testing.assert_allclose(table["survival"], expected["survival"], rtol=1e-10)
    np.testing.assert_allclose(table["at_risk_weighted"], expected["at_risk_weighted"], rtol=1e-10)
    assert table["at_risk"].tolist() == expected["at_risk"].tolist()
    assert table["events"].tolist() == expected["events"].tolist()


def test_six_people_by_hand():
    data = pd.DataFrame({
        "analysis_weight": [1.0, 2, 1, 3, 1, 2], "strata": [1, 1, 1, 2, 2, 2], "psu": [1, 2, 2, 1, 1, 2],
        "months": [2, 4, 4, 4, 6, 8], "died": [1, 1, 0, 1, 0, 0],
    })  # fmt: skip
    table = kaplan_meier(SurveyDesign(data), time="months", event="died").table()
    after = [9 / 10, 9 / 10 * (9 - 5) / 9]
    assert table["time"].tolist() == [2.0, 4.0, 6.0, 8.0]
    np.testing.assert_allclose(table["survival"], [after[0], after[1], after[1], after[1]])
    assert table["at_risk"].tolist() == [6, 5, 2, 1]
    assert table["at_risk_weighted"].tolist() == [10.0, 9.0, 3.0, 2.0]
    assert table["events"].tolist() == [1, 2, 0, 0]
    assert table["events_weighted"].tolist() == [1.0, 5.0, 0.0, 0.0]


@pytest.mark.parametrize("entry", [None, "late"])
def test_psu_totals_are_what_a_change_of_the_psu_weights_does(design, entry):
    curve = kaplan_meier(design, time="months", event="died", entry=entry, by="group", times=[6, 30, 60])
    step = 1e-5
    for psu in (0, 7, 31):
        ends = []
        for sign in (1.0, -1.0):
            weights = design.weights * np.where(design.psu_index == psu, 1.0 + sign * step, 1.0)
            moved = kaplan_meier(
                design.with_weights(weights), time="months", event="died", entry=entry, by="group", times=[6, 30, 60]
            )
            ends.append(moved.estimate.values)
        np.testing.assert_allclose(curve.estimate.psu_totals[psu], (ends[0] - ends[1]) / (2 * step), atol=1e-9)


@pytest.mark.parametrize("entry", [None, "late"])
def test_rows_of_influence_add_up_to_the_psu_totals_and_to_nothing(design, entry):
    inside = design.within("domain == 1")
    curve = kaplan_meier(inside, time="months", event="died", entry=entry, by="group", times=[6, 30, 60])
    rows = curve.influence()
    sums = pd.DataFrame(rows).groupby(design.psu_index).sum().to_numpy()
    np.testing.assert_allclose(sums, curve.estimate.psu_totals, atol=1e-13)
    np.testing.assert_allclose(rows.sum(axis=0), 0.0, atol=1e-12)
    assert np.all(rows[~inside.in_domain] == 0.0)


def test_intervals_are_those_of_the_log_of_the_cumulative_hazard(design):
    from scipy import stats

    table = kaplan_meier(design, time="months", event="died", times=[24]).table(level=0.9)
    s, se, df = table.loc[0, ["survival", "se", "df"]].astype(float)
    reach = stats.t.ppf(0.95, df) * se / (s * np.log(s))
    np.testing.assert_allclose(sorted(table.loc[0, ["low", "high"]]), sorted([s ** np.exp(reach), s ** np.exp(-reach)]))


def test_before_the_first_death_survival_is_1_without_interval_and_after_the_last_exit_it_is_missing(design):
    curve = kaplan_meier(design, time="months", event="died", times=[0.5, 24, 500])
    table = curve.table()
    assert table["survival"].iloc[0] == 1.0
    assert table["low"].isna().tolist() == [True, False, True]
    assert np.isnan(table["survival"].iloc[2])
    assert "after the last exit" in curve.notes[0]


def test_everyone_dead_is_exactly_zero_with_any_weights():
    rng = np.random.default_rng(3)
    data = pd.DataFrame({
        "analysis_weight": rng.uniform(0.1, 9.0, 40), "strata": 1, "psu": np.arange(40) % 4,
        "months": 1 + np.arange(40) % 7, "died": True,
    })  # fmt: skip
    table = kaplan_meier(SurveyDesign(data), time="months", event="died").table()
    assert table["survival"].iloc[-1] == 0.0
    assert table["se"].iloc[-1] == 0.0


def test_half_months_and_other_units_give_the_same_curve(survey, design):
    scaled = survey.assign(days=survey["months"] * 30.4375 + 0.001)
    months = kaplan_meier(design, time="months", event="died").table()
    days = kaplan_meier(SurveyDesign(scaled, weight="weight"), time="days", event="died").table()
    np.testing.assert_allclose(days[["survival", "se", "low"]], months[["survival", "se", "low"]], rtol=1e-12)


def test_missing_follow_up_and_group_are_left_out_and_counted(survey):
    data = survey.astype({"months": float, "died": float})
    data.loc[:9, "months"] = np.nan
    data.loc[20:24, "group"] = np.nan
    curve = kaplan_meier(SurveyDesign(data, weight="weight"), time="months", event="died", by="group")
    assert "group is missing for 5 rows of the domain: they are in no group" in curve.notes
    assert "10 rows of the domain lack months or died and are left out" in curve.notes
    assert curve.table().groupby("group", observed=True)["at_risk"].first().sum() == len(data) - 15


def test_a_group_without_deaths_stays_at_1(survey):
    data = survey.assign(died=survey["died"] * (survey["group"] != "high"))
    table = kaplan_meier(SurveyDesign(data, weight="weight"), time="months", event="died", by="group").table()
    mine = table[table["group"] == "high"]
    assert (mine["survival"] == 1.0).all()
    assert (mine["se"] == 0.0).all()


def test_a_curve_prints_and_survives_pickling(design):
    curve = pickle.loads(pickle.dumps(kaplan_meier(design, time="months", event="died", times=[12, 24])))
    assert "survival" in repr(curve)
    assert "<table" in curve._repr_html_()
    assert curve.covariance.shape == (2, 2)


@pytest.mark.parametrize(
    ("change", "error", "message"),
    [
        ({"months": 0}, FitError, "have a time of 0 in 'months'.*use 0.5"),
        ({"months": -1}, FitError, "negative time in 'months'"),
        ({"died": 0}, FitError, "has no event: 'died' is 0 in all 1,200 rows"),
        ({"died": 2}, FitError, "must be a flag, or 0 and 1; it also has 2"),
        ({"died": "yes"}, FitError, "the event 'died' .* is of type"),
    ],
)
def test_bad_follow_up_is_refused(survey, change, error, message):
    with pytest.raises(error, match=message):
        kaplan_meier(SurveyDesign(survey.assign(**change), weight="weight"), time="months", event="died")


def test_an_unknown_column_is_refused_with_near_names(design):
    with pytest.raises(UnknownVariableError, match="did you mean months"):
        kaplan_meier(design, time="month", event="died")
