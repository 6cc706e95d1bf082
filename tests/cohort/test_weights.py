"""Which weight, how scaled, and why."""

from __future__ import annotations

import pytest

from cofactor.cohort.weights import SUBSAMPLES, choose_weight, given_weight, smallest
from cofactor.errors import DesignError, UnknownVariableError
from cofactor.loaders.cycles import CYCLES, parse_cycles


@pytest.mark.parametrize(
    ("names", "cycles", "weight"),
    [
        ([], "2007-2008", "weight_interview"),
        (["age_years", "smoking"], "2007-2008", "weight_interview"),
        (["age_years", "bmi_kg_m2"], "2007-2008", "weight_exam"),
        (["vitd_25oh_nmol_l"], "2007-2008", "weight_exam"),
        (["vitd_25oh_nmol_l"], "2021-2023", "weight_phlebotomy"),
        (["vitd_25oh_nmol_l", "magnesium_diet_mg"], "2007-2008", "weight_diet_day1"),
        (["vitd_25oh_nmol_l", "magnesium_diet_mg"], "2021-2023", "weight_diet_day1"),
        (["magnesium_diet_mg"], "1999-2000", "weight_diet_day1"),
        (["magnesium_diet_two_day_mg"], "2003-2018", "weight_diet_both_days"),
        (["magnesium_total_mg"], "2007-2018", "weight_diet_day1"),
        (["magnesium_supplement_mg"], "2007-2018", "weight_interview"),
        (["magnesium_supplement_mg"], "2021-2023", "weight_diet_day1"),
        (["glucose_fasting_mg_dl", "magnesium_diet_mg"], "2007-2008", "weight_fasting"),
        (["zinc_serum_ug_dl", "bmi_kg_m2"], "2011-2016", "weight_subsample_a"),
        (["diabetes"], "2007-2008", "weight_exam"),
        (["entry_age_months"], "2007-2008", "weight_interview"),
        (["followup_months_exam"], "2007-2008", "weight_exam"),
        (["followup_months_interview", "died"], "2007-2008", "weight_interview"),
        (["weight_diet_day1"], "2007-2008", "weight_interview"),
    ],
)
def test_the_smallest_subsample_decides(names, cycles, weight):
    assert choose_weight(names, parse_cycles(cycles)).name == weight


def test_an_optional_input_has_no_say():
    """`magnesium_diet_mg` takes a second day where there is one, and stays with the weight of the first."""
    assert choose_weight(["magnesium_diet_mg"], ("2003-2004",)).name == "weight_diet_day1"


@pytest.mark.parametrize(
    ("cycles", "scale"),
    [
        ("2005-2006", {"2005-2006": 1.0}),
        ("2001-2004", {"2001-2002": 0.5, "2003-2004": 0.5}),
        ("1999-2002", {"1999-2000": 1.0, "2001-2002": 1.0}),
        ("1999-2004", {"1999-2000": 2 / 3, "2001-2002": 2 / 3, "2003-2004": 1 / 3}),
    ],
)
def test_weights_are_scaled_to_the_pool(cycles, scale):
    choice = choose_weight(["bmi_kg_m2"], parse_cycles(cycles))
    assert dict(choice.scale) == pytest.approx(scale)


def test_four_year_weights_stand_for_both_first_cycles_together():
    together = choose_weight(["magnesium_diet_mg"], parse_cycles("1999-2018"))
    alone = choose_weight(["magnesium_diet_mg"], parse_cycles("2001-2018"))
    assert together.columns["2001-2002"] == "weight_diet_day1_4_years"
    assert together.columns["2003-2004"] == "weight_diet_day1"
    assert alone.columns["2001-2002"] == "weight_diet_day1"
    assert "× 2/10" in together.reason


def test_the_reason_names_the_variables_that_decided():
    choice = choose_weight(["age_years", "magnesium_diet_mg"], ("2005-2006",))
    assert choice.variables == ("magnesium_diet_mg",)
    assert "people with a first dietary recall (magnesium_diet_mg)" in choice.reason


def test_fasting_with_diet_says_so():
    reason = choose_weight(["glucose_fasting_mg_dl", "energy_diet_kcal"], ("2005-2006",)).reason
    assert "dietary variables are used within it" in reason


def test_fasting_and_subsample_a_have_no_common_weight():
    with pytest.raises(DesignError, match=r"glucose_fasting_mg_dl .*zinc_serum_ug_dl .*no common weight"):
        choose_weight(["glucose_fasting_mg_dl", "zinc_serum_ug_dl"], ("2011-2012",))


def test_blood_of_earlier_cycles_takes_the_examination_weight_in_a_pool_with_2021():
    choice = choose_weight(["vitd_25oh_nmol_l"], ("2017-2018", "2021-2023"))
    assert dict(choice.columns) == {"2017-2018": "weight_exam", "2021-2023": "weight_phlebotomy"}


def test_a_pool_with_2021_says_so():
    assert "2021-2023 is pooled with earlier cycles" in choose_weight(["sex"], ("2017-2018", "2021-2023")).reason
    assert "pooled" not in choose_weight(["sex"], ("2021-2023",)).reason


def test_a_named_weight_is_scaled_alike():
    choice = given_weight("weight_exam", parse_cycles("2001-2004"))
    assert (choice.name, choice.scale["2001-2002"]) == ("weight_exam", 0.5)


def test_a_weight_that_is_none_is_refused():
    with pytest.raises(UnknownVariableError, match=r"weight_exma.*did you mean weight_exam"):
        given_weight("weight_exma", ("2005-2006",))


def test_a_cycle_without_the_weight_is_named():
    with pytest.raises(DesignError, match=r"1999-2000 has no weight_diet_both_days"):
        given_weight("weight_diet_both_days", parse_cycles("1999-2004"))


def test_every_subsample_has_a_place_in_the_order():
    assert smallest(frozenset()) == "interview"
    assert smallest(frozenset(SUBSAMPLES)) in {"fasting", "subsample_a"}


@pytest.mark.parametrize("cycle", CYCLES)
def test_interview_and_exam_weights_exist_in_every_cycle(cycle):
    assert choose_weight(["bmi_kg_m2"], (cycle,)).scale[cycle] == 1.0
