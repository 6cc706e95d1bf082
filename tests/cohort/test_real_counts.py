"""Counts of the real files against CDC's published figures and codebook."""

from __future__ import annotations

import pandas as pd
import pytest

from cofactor.cohort import load
from cofactor.cohort.availability import cycles_of
from cofactor.cohort.registry import derived_variables
from cofactor.loaders.cycles import CYCLES
from cofactor.loaders.store import DataFolder

pytestmark = pytest.mark.real_data

MORTALITY_CYCLES = "1999-2018"


@pytest.fixture(scope="module")
def linked(real: DataFolder) -> pd.DataFrame:
    names = ["mortality_eligible", "died", "cause_of_death", "died_of_unknown_cause", "examined"]
    names += [
        "followup_months_exam",
        "followup_months_interview",
        "weight_exam",
        "weight_interview",
        "weight_diet_day1",
    ]
    return load(names, cycles=MORTALITY_CYCLES, data=real)


def test_people_eligible_and_deaths(linked):
    assert len(linked) == 101_316
    assert linked["mortality_eligible"].sum() == 59_064
    assert linked["died"].sum() == 9_249


def test_deaths_by_cycle(linked):
    deaths = linked.groupby("cycle", observed=True)["died"].sum()
    assert deaths.tolist() == [1675, 1624, 1420, 1027, 1126, 861, 628, 467, 276, 145]


def test_deaths_by_cause(linked):
    causes = linked["cause_of_death"].value_counts(sort=False)
    assert causes.tolist() == [2406, 2012, 484, 290, 519, 333, 325, 203, 217, 2458]
    assert linked["died_of_unknown_cause"].sum() == 2


def test_followup_from_the_examination(linked):
    eligible = linked["mortality_eligible"].fillna(False)
    assert (linked["followup_months_exam"].isna() & eligible).sum() == 2_811
    assert (linked["followup_months_exam"] == 0.5).sum() == 11
    assert (linked["followup_months_interview"] == 0.5).sum() == 7
    assert linked["died"][linked["followup_months_exam"] == 0.5].all()
    assert linked["followup_months_exam"].max() == 249
    assert linked["followup_months_interview"].max() == 250


def test_weights_add_up_to_the_population(linked):
    totals = [272_156_833, 279_972_786, 286_222_757, 291_616_892, 297_136_095]
    totals += [301_943_719, 306_590_681, 311_204_216, 316_481_044, 320_842_721]
    sums = linked.groupby("cycle", observed=True)[["weight_exam", "weight_interview", "weight_diet_day1"]].sum()
    for name in sums:
        assert sums[name].round().astype(int).tolist() == totals


def test_pooled_weights_add_up_to_the_mean_population(linked):
    """The four-year weights of 1999-2002 add to 278,652,243 over both cycles, and count twice."""
    later = [286_222_757, 291_616_892, 297_136_095, 301_943_719, 306_590_681, 311_204_216, 316_481_044, 320_842_721]
    assert linked["analysis_weight"].sum() == pytest.approx((2 * 278_652_243 + sum(later)) / 10, abs=2)


def test_25ohd_values_by_cycle(real):
    frame = load(["vitd_25oh_nmol_l"], cycles="2001-2018", data=real)
    counts = frame.groupby("cycle", observed=True)["vitd_25oh_nmol_l"].count()
    assert counts.tolist() == [7807, 8294, 8306, 6950, 8700, 7743, 8437, 8039, 7409]
    assert load(["vitd_25oh_nmol_l"], cycles="2021-2023", data=real)["vitd_25oh_nmol_l"].count() == 7307


@pytest.mark.parametrize(("cycle", "mean"), [("2007-2008", 67.14), ("2013-2014", 69.58)])
def test_mean_25ohd_of_examined_adults(real, cycle, mean):
    frame = load(["age_years", "vitd_25oh_nmol_l"], cycles=cycle, data=real)
    assert weighted_mean(frame[frame["age_years"] >= 20], "vitd_25oh_nmol_l") == pytest.approx(mean, abs=0.005)


@pytest.mark.parametrize(
    ("name", "mean", "people"),
    [
        ("magnesium_diet_day1_mg", 293.62, 5420),
        ("magnesium_diet_mg", 290.8, 5420),
        ("magnesium_diet_two_day_mg", 288.0, 4683),
    ],
)
def test_mean_magnesium_of_adults_2007(real, name, mean, people):
    frame = load([name, "age_years", "recall_reliable_day1"], cycles="2007-2008", data=real)
    reliable = frame[(frame["age_years"] >= 20) & frame["recall_reliable_day1"].fillna(False)]
    assert weighted_mean(reliable, name) == pytest.approx(mean, abs=0.05)
    assert reliable[name].notna().sum() == people


def test_people_with_a_reliable_second_day_alone_are_missing(real):
    names = ["recall_reliable_day1", "recall_reliable_day2", "magnesium_diet_mg"]
    frame = load(names, cycles="2003-2018", data=real)
    only_second = (~frame["recall_reliable_day1"] & frame["recall_reliable_day2"]).fillna(False)
    assert only_second.sum() == 64
    assert frame["magnesium_diet_mg"][only_second].isna().all()


def test_supplements_of_adults_with_a_reliable_recall(real):
    """Users whose file has no magnesium, and people who name no supplement and have some, from antacids."""
    names = ["supplement_any", "magnesium_supplement_mg", "magnesium_supplement_released_mg"]
    frame = load([*names, "age_years", "recall_reliable_day1"], cycles="2007-2018", data=real)
    adults = frame[((frame["age_years"] >= 20) & frame["recall_reliable_day1"]).fillna(False)]
    users = adults["supplement_any"].fillna(False)
    assert users.sum() == 15_568
    assert (users & adults["magnesium_supplement_released_mg"].isna()).sum() == 7_520
    assert (adults["magnesium_supplement_mg"][users] == 0).sum() == 7_521  # one more is released as 0
    assert (adults["magnesium_supplement_mg"][(~adults["supplement_any"]).fillna(False)] > 0).sum() == 381


def test_diabetes_is_not_selected_on_the_outcome(real):
    """Adults 20+, 2015-2016: outside the examined, told diabetes would be yes or missing, and never no."""
    frame = load(["diabetes", "diabetes_diagnosed", "examined"], cycles="2015-2016", data=real)
    assert frame["diabetes"][~frame["examined"]].isna().all()
    assert frame["diabetes_diagnosed"][~frame["examined"]].notna().any()


def weighted_mean(frame: pd.DataFrame, name: str) -> float:
    known = frame[name].notna() & (frame["analysis_weight"] > 0)
    weight = frame["analysis_weight"][known]
    return float((weight * frame[name][known].astype(float)).sum() / weight.sum())


@pytest.fixture(scope="module")
def derived_everywhere(real: DataFolder) -> pd.DataFrame:
    names = list(derived_variables())
    return load(names, cycles=list(CYCLES), data=real, absent="missing", weight=None, pool_2021=True)


@pytest.mark.parametrize("name", derived_variables())
def test_a_derived_variable_is_known_exactly_in_its_cycles(derived_everywhere, name):
    known = derived_everywhere[name].notna().groupby(derived_everywhere["cycle"], observed=True).any()
    assert tuple(known.index[known]) == cycles_of(name)


def test_smoking_is_known_of_nearly_every_adult_in_every_cycle(real):
    """A skip that the rule does not know would show (12% if the days of daily smokers in 2021-2023 were unknown)."""
    frame = load(["age_years", "smoking"], cycles=list(CYCLES), data=real, pool_2021=True)
    adults = frame[frame["age_years"] >= 20]
    assert (adults["smoking"].isna().groupby(adults["cycle"], observed=True).mean() < 0.01).all()
