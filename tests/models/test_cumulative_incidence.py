"""Cumulative incidence against R's survfit on states, by hand, by a change of weights, and by the jackknife."""

from __future__ import annotations

import json
import pickle
import time as clock
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from cofactor.errors import DesignError, FitError, UnknownVariableError
from cofactor.models import cumulative_incidence, kaplan_meier
from cofactor.survey import SurveyDesign, replicate

FOLDER = Path(__file__).parent.parent / "reference" / "competing"
EXPECTED = json.loads((FOLDER / "expected.json").read_text())["curves"]
ROLES = {"time": "months", "event": "died", "cause": "cause"}


@pytest.fixture(scope="module")
def survey() -> pd.DataFrame:
    data = pd.read_csv(FOLDER / "data.csv")
    return data.assign(group=pd.Categorical(data["group"], categories=["low", "middle", "high"]))


@pytest.fixture(scope="module")
def design(survey) -> SurveyDesign:
    return SurveyDesign(survey, weight="weight")


def incidences(table: pd.DataFrame) -> np.ndarray:
    """Return them as R has them: a row a time, a column a cause."""
    return table.pivot_table(index="time", columns="cause", values="cumulative_incidence").to_numpy()


@pytest.mark.parametrize("group", ["low", "middle", "high"])
def test_groups_match_survfit(design, group):
    table = cumulative_incidence(design, **ROLES, by="group").table()
    expected = EXPECTED[group]
    mine = table[table["group"] == group]
    assert mine["time"].unique().tolist() == expected["time"]
    np.testing.assert_allclose(incidences(mine), expected["values"], rtol=1e-10, atol=1e-14)


@pytest.mark.parametrize(("name", "other"), [("untied", {"time": "time"}), ("late", {"entry": "late"})])
def test_untied_times_and_late_entry_match_survfit(design, name, other):
    expected = pd.DataFrame(EXPECTED[name]["values"], index=EXPECTED[name]["time"])
    mine = incidences(cumulative_incidence(design, **{**ROLES, **other}).table())
    at = np.unique(design.data[other.get("time", "months")])
    np.testing.assert_allclose(mine, expected.loc[at], rtol=1e-9, atol=1e-14)


def test_four_people_by_hand():
    data = pd.DataFrame({
        "analysis_weight": [1.0, 2, 1, 2], "strata": [1, 1, 2, 2], "psu": [1, 2, 1, 2],
        "months": [2, 4, 4, 6], "died": [1, 1, 1, 0], "why": ["a", "a", "b", None],
    })  # fmt: skip
    table = cumulative_incidence(SurveyDesign(data), time="months", event="died", cause="why").table()
    a, b = 1 / 6 + 5 / 6 * 2 / 5, 5 / 6 * 1 / 5
    np.testing.assert_allclose(table["cumulative_incidence"], [1 / 6, a, a, 0, b, b])
    assert table["at_risk"].tolist() == [4, 3, 1] * 2
    assert table["events"].tolist() == [1, 1, 0, 0, 1, 0]


@pytest.mark.parametrize("entry", [None, "late"])
def test_causes_and_survival_add_up_to_one(design, entry):
    table = cumulative_incidence(design, **ROLES, entry=entry).table()
    survival = kaplan_meier(design, time="months", event="died", entry=entry).table()["survival"]
    np.testing.assert_allclose(incidences(table).sum(axis=1), 1.0 - survival, atol=1e-13)


def test_with_one_cause_it_is_kaplan_meiers_risk_with_its_interval(survey):
    design = SurveyDesign(survey.assign(cause="any"), weight="weight")
    risk = cumulative_incidence(design, **ROLES, by="group").table()
    survival = kaplan_meier(design, time="months", event="died", by="group").table()
    mirrored = 1.0 - survival[["survival", "high", "low"]].to_numpy()
    np.testing.assert_allclose(risk[["cumulative_incidence", "low", "high"]], mirrored, atol=1e-12)
    np.testing.assert_allclose(risk["se"], survival["se"], atol=1e-13)


@pytest.mark.parametrize("entry", [None, "late"])
def test_influence_is_the_derivative_in_the_weights(design, entry):
    asked = {**ROLES, "entry": entry, "by": "group", "times": [6, 30, 60]}
    made = cumulative_incidence(design, **asked)
    influence, step = made.influence(), 1e-5
    for row in [*range(0, 900, 97), *np.flatnonzero(design.data["months"] == 30)[:4]]:
        ends = []
        for sign in (1.0, -1.0):
            weights = design.weights.copy()
            weights[row] *= 1.0 + sign * step
            ends.append(cumulative_incidence(design.with_weights(weights), **asked).estimate.values)
        np.testing.assert_allclose(influence[row], (ends[0] - ends[1]) / (2 * step), atol=1e-10)


@pytest.mark.parametrize("entry", [None, "late"])
def test_rows_of_influence_add_up_to_the_psu_totals_and_to_nothing(design, entry):
    inside = design.within("domain == 1")
    made = cumulative_incidence(inside, **ROLES, entry=entry, by="group", times=[6, 30, 60])
    rows = made.influence()
    sums = pd.DataFrame(rows).groupby(design.psu_index).sum().to_numpy()
    np.testing.assert_allclose(sums, made.estimate.psu_totals, atol=1e-13)
    np.testing.assert_allclose(rows.sum(axis=0), 0.0, atol=1e-12)
    assert np.all(rows[~inside.in_domain] == 0.0)


def test_linearised_errors_are_near_the_jackknifes(design):
    def asked(part):
        return cumulative_incidence(part, **ROLES, times=[12, 36, 60])

    np.testing.assert_allclose(asked(design).estimate.se, replicate(design, asked).se, rtol=0.03)


def test_a_domain_is_zero_weight_and_order_scale_and_labels_do_nothing(survey, design):
    inside = cumulative_incidence(design.within("domain == 1"), **ROLES, times=[12, 60])
    changed = survey.assign(weight=3.7 * survey["weight"] * survey["domain"], psu="psu " + survey["psu"].astype(str))
    other = cumulative_incidence(SurveyDesign(changed.sample(frac=1.0, random_state=1), weight="weight"),
                                 **ROLES, times=[12, 60])  # fmt: skip
    pd.testing.assert_frame_equal(
        other.table().drop(columns=["at_risk_weighted", "events_weighted"]),
        inside.table().drop(columns=["at_risk_weighted", "events_weighted"]), rtol=1e-9,
    )  # fmt: skip


def test_integer_weights_are_repeated_rows(survey):
    data = survey.assign(weight=1.0 + np.arange(len(survey)) % 3)
    repeated = data.loc[data.index.repeat(data["weight"].astype(int))].assign(weight=1.0)
    one, other = (cumulative_incidence(SurveyDesign(d, weight="weight"), **ROLES) for d in (data, repeated))
    np.testing.assert_allclose(one.estimate.values, other.estimate.values, rtol=1e-12)
    np.testing.assert_allclose(one.estimate.psu_totals, other.estimate.psu_totals, atol=1e-13)


def test_groups_are_compared_with_the_first_cause_by_cause(design):
    made = cumulative_incidence(design, **ROLES, by="group", times=[24, 48])
    table = made.table().set_index(["group", "cause", "time"])["cumulative_incidence"]
    compared = made.compared()
    differences = compared.differences.table()
    assert differences["term"].unique().tolist() == [
        "group = middle against group = low", "group = high against group = low",
    ]  # fmt: skip
    for row in differences.itertuples():
        expected = table[row.group, row.cause, row.time] - table["low", row.cause, row.time]
        assert row.estimate == pytest.approx(expected)
    values, sums = made.estimate.values.reshape(3, -1), made.influence().reshape(900, 3, -1)
    variance = SurveyDesign(design.data, weight="weight")
    joint = np.stack([sums[:, g] - sums[:, 0] for g in (1, 2)], axis=2)[:, 0]
    from cofactor.survey.variance import covariance, psu_totals

    np.testing.assert_allclose(
        compared.differences.se[:2], np.sqrt(np.diag(covariance(variance, psu_totals(variance, joint))))
    )
    np.testing.assert_allclose(compared.ratios.values[:2], np.log(values[1:, 0] / values[0, 0]))


def test_events_without_a_cause_are_a_cause_of_their_own_and_are_counted(survey):
    data = survey.copy()
    lost = np.flatnonzero(data["died"] == 1)[:7]
    data.loc[lost, "cause"] = None
    made = cumulative_incidence(SurveyDesign(data, weight="weight"), **ROLES)
    assert "events without a cause: 7; they are a cause of their own, 'cause unknown'" in made.notes
    table = made.table()
    assert table["cause"].cat.categories.tolist() == ["cancer", "heart", "other", "cause unknown"]
    assert table.loc[table["cause"] == "cause unknown", "events"].sum() == 7


def test_a_cause_of_someone_without_the_event_is_not_read(survey, design):
    data = survey.assign(cause=survey["cause"].fillna("heart"))
    pd.testing.assert_frame_equal(
        cumulative_incidence(SurveyDesign(data, weight="weight"), **ROLES).table(),
        cumulative_incidence(design, **ROLES).table(),
    )


def test_after_the_last_exit_it_is_missing_and_before_the_first_event_zero(design):
    made = cumulative_incidence(design, **ROLES, times=[0.5, 500])
    table = made.table()
    assert table["cumulative_incidence"].iloc[0] == 0.0
    assert table["low"].isna().all()
    assert np.isnan(table["cumulative_incidence"].iloc[1])
    assert any("after the last exit" in note for note in made.notes)


def test_everyone_with_an_event_ends_at_one(survey):
    data = survey.assign(died=1, cause=survey["cause"].fillna("other"))
    table = cumulative_incidence(SurveyDesign(data, weight="weight"), **ROLES, times=[96, 200]).table()
    np.testing.assert_allclose(incidences(table).sum(axis=1), 1.0, atol=1e-14)


def test_it_prints_and_survives_pickling(design):
    made = pickle.loads(pickle.dumps(cumulative_incidence(design, **ROLES, times=24)))
    assert "cumulative_incidence" in repr(made)
    assert "<table" in made._repr_html_()
    assert made.covariance.shape == (3, 3)
    assert made.table(level=0.5)["low"].iloc[0] > made.table()["low"].iloc[0]


def test_thirty_five_thousand_people_take_under_a_second(survey):
    rows = survey.sample(35_000, replace=True, random_state=3, ignore_index=True)
    design = SurveyDesign(rows, weight="weight")
    start = clock.process_time()
    cumulative_incidence(design, **ROLES, by="group").table()
    assert clock.process_time() - start < 1.0  # 0.05 measured; the bound is for busy machines


@pytest.mark.parametrize(
    ("change", "asked", "error", "message"),
    [
        ({"months": 0}, {}, FitError, "have a time of 0 in 'months'.*use 0.5"),
        ({"died": 0}, {}, FitError, "has no event: 'died' is 0 in all 900 rows"),
        ({"died": 2}, {}, FitError, "must be a flag, or 0 and 1; it also has 2"),
        ({"cause": 0.5}, {}, DesignError, "cause: 'cause' is a number with fractions"),
        ({"months": np.nan}, {}, FitError, "no row to stand on: months, died are never all known"),
        ({}, {"cause": "causes"}, UnknownVariableError, "did you mean cause"),
        ({}, {"time": "month"}, UnknownVariableError, "did you mean months"),
    ],
)
def test_bad_input_is_refused(survey, change, asked, error, message):
    with pytest.raises(error, match=message):
        cumulative_incidence(SurveyDesign(survey.assign(**change), weight="weight"), **{**ROLES, **asked})


@pytest.mark.parametrize(
    ("asked", "message"),
    [
        ({"times": [12]}, "needs two groups or more: give `by`"),
        ({"by": "group"}, "needs the times at which to compare: give `times`"),
        ({"by": "cycle", "times": [80]}, "nobody with cycle = 2001-2002 is followed up to 80"),
    ],
)
def test_a_comparison_that_cannot_be_made_is_refused(design, asked, message):
    with pytest.raises(FitError, match=message):
        cumulative_incidence(design, **ROLES, **asked).compared()
