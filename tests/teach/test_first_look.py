"""The exercise of the first notebook: the right answer, and each mistake made in earnest, with numpy and pandas."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from cofactor import StudyError, SurveyDesign, UnknownVariableError, weighted_mean
from cofactor.teach import check, data, question

NAME = "00.1"


@pytest.fixture(scope="module")
def people() -> pd.DataFrame:
    """People of 12 strata with 2 PSUs: intake depends on age, PSU and weight, so that every mistake moves a number."""
    rng = np.random.default_rng(5)
    n = 3000
    stratum = rng.integers(1, 13, n)
    psu = rng.integers(1, 3, n)
    age = rng.integers(0, 81, n).astype(float)
    weight = np.where(age < 20, 2.0, 1.0) * rng.choice([0.0, 1000.0, 9000.0], n, p=[0.1, 0.5, 0.4])
    county = rng.normal(0, 30, (13, 3))[stratum, psu] + np.linspace(-60, 60, 13)[stratum]
    intake = 180 + 1.5 * np.minimum(age, 60) + county + 0.005 * weight + rng.gamma(2.0, 40.0, n)
    return pd.DataFrame(
        {
            "magnesium_diet_mg": np.where(rng.random(n) < 0.12, np.nan, intake),
            "age_years": age,
            "strata": stratum,
            "psu": psu,
            "analysis_weight": weight,
        },
        index=pd.Index(np.arange(1, n + 1), name="SEQN"),
    )


@pytest.fixture(scope="module")
def adults(people: pd.DataFrame) -> pd.DataFrame:
    return people[(people.age_years >= 20) & people.magnesium_diet_mg.notna() & (people.analysis_weight > 0)]


def weighted(data: pd.DataFrame) -> float:
    return float(np.average(data.magnesium_diet_mg, weights=data.analysis_weight))


def design_se(people: pd.DataFrame, adults: pd.DataFrame) -> float:
    """By hand: PSU totals of the linearised mean, within strata, with replacement."""
    residual = adults.analysis_weight * (adults.magnesium_diet_mg - weighted(adults)) / adults.analysis_weight.sum()
    totals = residual.groupby([adults.strata, adults.psu]).sum()
    cells = people.groupby(["strata", "psu"]).size().index
    totals = totals.reindex(cells, fill_value=0.0)
    within = totals - totals.groupby("strata").transform("mean")
    size = totals.groupby("strata").transform("size")
    return float(np.sqrt((size / (size - 1) * within**2).sum()))


def test_right_answer_by_hand_is_right(people: pd.DataFrame, adults: pd.DataFrame) -> None:
    answer = (round(weighted(adults), 1), float(f"{design_se(people, adults):.3g}"))
    assert check(NAME, answer, data=people).right


def test_right_estimate_is_right(people: pd.DataFrame) -> None:
    answer = weighted_mean(SurveyDesign(people, domain="age_years >= 20"), "magnesium_diet_mg")
    feedback = check(NAME, answer, data=people)
    assert feedback.right
    assert feedback.kind == "right"


def test_each_mistake_is_recognised(people: pd.DataFrame, adults: pd.DataFrame) -> None:
    mean, se = weighted(adults), design_se(people, adults)
    known = people[people.magnesium_diet_mg.notna()]
    n = len(adults)
    zeros = people[(people.age_years >= 20)].fillna({"magnesium_diet_mg": 0.0})
    spread = float(adults.magnesium_diet_mg.std())
    answers = {
        "unweighted": (float(adults.magnesium_diet_mg.mean()), spread / np.sqrt(n)),
        "everyone": (weighted(known), se),
        "missing as nothing": (weighted(zeros), se),
        "units": (mean / 1000, se / 1000),
        "total": (float((adults.magnesium_diet_mg * adults.analysis_weight).sum()), se),
        "spread, not error": (mean, spread),
        "naive standard error": (mean, spread / np.sqrt(n)),
        "standard error": (mean, 2 * se),
        "unrecognised": (mean * 1.37, se),
    }
    assert {wanted: check(NAME, answer, data=people).kind for wanted, answer in answers.items()} == {
        wanted: wanted for wanted in answers
    }


def test_weights_without_strata_and_psus_are_a_naive_standard_error(people: pd.DataFrame) -> None:
    answer = weighted_mean(SurveyDesign(people, strata=None, psu=None, domain="age_years >= 20"), "magnesium_diet_mg")
    assert check(NAME, answer, data=people).kind == "naive standard error"


def test_psus_without_strata_are_recognised(people: pd.DataFrame) -> None:
    nested = people.assign(psu=people.strata * 10 + people.psu)
    answer = weighted_mean(SurveyDesign(nested, strata=None, domain="age_years >= 20"), "magnesium_diet_mg")
    assert check(NAME, answer, data=people).kind == "strata left out"


def test_rows_dropped_are_recognised_though_no_psu_vanished(people: pd.DataFrame, adults: pd.DataFrame) -> None:
    answer = weighted_mean(SurveyDesign(adults), "magnesium_diet_mg")
    assert answer.se[0] == pytest.approx(design_se(people, adults))
    assert check(NAME, answer, data=people).kind == "rows dropped"


def test_rows_dropped_are_recognised_by_the_number_where_a_psu_vanished(people: pd.DataFrame) -> None:
    """A PSU without adults: with it gone its stratum has one PSU, and the variance another value."""
    childless = ~((people.strata == 3) & (people.psu == 1) & (people.age_years >= 20))
    few = people[childless]
    adults = few[(few.age_years >= 20) & few.magnesium_diet_mg.notna() & (few.analysis_weight > 0)]
    found = weighted_mean(SurveyDesign(adults, lonely_psu="certainty"), "magnesium_diet_mg")
    assert check(NAME, (found.values[0], found.se[0]), data=few).kind == "rows dropped"


@pytest.mark.parametrize("answer", ["293 mg", 293.6, (293.6,), None, (1.0, 2.0, 3.0)])
def test_what_is_no_answer_is_told_so(answer: object, people: pd.DataFrame) -> None:
    with pytest.raises(StudyError, match="asks for 2 numbers"):
        check(NAME, answer, data=people)


def test_answer_from_the_people_of_a_seed_needs_no_data() -> None:
    made = data(NAME, seed=7)
    answer = weighted_mean(SurveyDesign(made, domain="age_years >= 20"), "magnesium_diet_mg")
    assert check(NAME, answer, seed=7).right
    assert not check(NAME, answer, seed=8).right


def test_both_data_and_a_seed_are_refused(people: pd.DataFrame) -> None:
    with pytest.raises(StudyError, match="not both"):
        check(NAME, (1.0, 1.0), data=people, seed=1)


def test_unknown_exercise_lists_those_there_are(people: pd.DataFrame) -> None:
    with pytest.raises(StudyError, match=r"there are: 00\.1"):
        check("median", (1.0, 1.0), data=people)


def test_data_without_a_column_are_told_so(people: pd.DataFrame) -> None:
    with pytest.raises(UnknownVariableError, match="magnesium_diet_mg"):
        check(NAME, (1.0, 1.0), data=people.drop(columns="magnesium_diet_mg"))


def test_question_says_unit_and_group() -> None:
    assert "aged 20 and over" in question(NAME)
    assert "mg a day" in question(NAME)
