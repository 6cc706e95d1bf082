"""From choices to a plan: what is loaded and fitted, and what is refused, in which words."""

from __future__ import annotations

from dataclasses import replace

import pytest

from cofactor.cohort import variables
from cofactor.errors import CofactorError
from cofactor.explore.choices import ADJUST, Choices
from cofactor.explore.offered import exposures, outcomes
from cofactor.explore.plan import plan_of

BASE = Choices(adjust=())


@pytest.mark.parametrize(
    ("changes", "domain"),
    [
        ({"subgroup": ""}, "mortality_eligible"),
        ({"subgroup": "age_years>=20"}, "mortality_eligible and age_years >= 20"),
        ({"subgroup": "sex == 'male' or age_years < 50"}, "mortality_eligible and (sex == 'male' or age_years < 50)"),
        ({"subgroup": "known(bmi_kg_m2)  # a remark"}, "mortality_eligible and known(bmi_kg_m2)"),
        ({"subgroup": "age_years >= 20", "outcome": "diabetes"}, "age_years >= 20"),
        ({"subgroup": "", "outcome": "diabetes"}, None),
    ],
)
def test_the_people_in_question(changes: dict[str, str], domain: str | None) -> None:
    assert plan_of(replace(BASE, **changes)).domain == domain


def test_variables_of_the_condition_are_loaded_too() -> None:
    assert "grip_class" in plan_of(replace(BASE, cycles="2011-2014", subgroup="grip_class == 'weak'")).names


@pytest.mark.parametrize(
    ("changes", "covariates"),
    [
        ({"adjust": ADJUST, "exposure": "bmi_kg_m2", "modifier": "sex"}, {"rcs(bmi_kg_m2)", "sex"}),
        ({"adjust": ADJUST, "cycles": "2005-2006"}, {"cycle"}),
        ({"adjust": ADJUST}, set()),
    ],
)
def test_covariates_without_those_that_have_a_part_already(changes: dict[str, object], covariates: set[str]) -> None:
    all_terms = {
        "rcs(age_years)", "sex", "race_ethnicity", "cycle", "education", "poverty_income_ratio", "smoking",
        "rcs(bmi_kg_m2)",
    }  # fmt: skip
    assert set(plan_of(replace(BASE, **changes)).covariates.split(" + ")) == all_terms - covariates


@pytest.mark.parametrize(
    ("changes", "levels"),
    [
        ({}, ("lower", "higher")),
        ({"exposure_reference": "higher"}, ("higher", "lower")),
        ({"exposure": "magnesium_above_ul", "exposure_reference": "yes"}, (True, False)),
        ({"exposure": "smoking_status", "exposure_reference": "former"}, ("former", "never", "current")),
        ({"exposure": "vitd_status"}, ("sufficient", "deficient", "insufficient")),
    ],
)
def test_the_reference_comes_first(changes: dict[str, str], levels: tuple[object, ...]) -> None:
    assert plan_of(replace(BASE, cycles="2007-2018", **changes)).exposure.levels == levels


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"exposure": "magnesium_dite_mg"}, "did you mean magnesium_diet_mg"),
        ({"exposure": "weight_exam"}, "weight_exam cannot be the exposure: it is part of the design"),
        ({"exposure": "cancer_kind_1"}, r"it is a category of \d+ levels; choose a number"),
        ({"exposure": "died"}, "cannot be the exposure"),
        ({"modifier": "vitd_25oh_nmol_l"}, "is both exposure and modifier"),
        ({"outcome": "magnesium_below_ear"}, "is both modifier and outcome"),
        ({"outcome": "bmi_kg_m2"}, "cannot be the outcome; choose a death or a yes/no variable"),
        ({"outcome": "cause_of_death:boredom"}, "unknown variable 'cause_of_death:boredom'"),
        ({"outcome": "mortality_eligible"}, "cannot be the outcome"),
        ({"cycles": "2001"}, "neither a cycle nor a span"),
        ({"cycles": "2018-2001"}, "does not begin and end with a cycle"),
        ({"cycles": "2015-2002"}, "ends before it begins"),
        ({"outcome": ""}, "no outcome is chosen"),
        ({"cycles": "1999-2018"}, r"Serum 25-hydroxyvitamin D \(vitd_25oh_nmol_l\) is not in 1999-2000"),
        ({"cycles": "2017-2023"}, "2021-2023 had another sample"),
        ({"cycles": "2021-2023"}, "Died by the end of 2019 .died. is not in 2021-2023"),
        ({"exposure_reference": "blue"}, "has no level 'blue' to be the reference; there are lower, higher"),
        ({"adjust": ("shoe_size",)}, "'shoe_size' is no covariate here"),
        ({"subgroup": "age_years >="}, "cannot read the condition"),
        ({"subgroup": "age >= 20"}, "unknown variable 'age'"),
        ({"subgroup": "(" * 400 + ")" * 400}, "800 letters; 500 are the most"),
        ({"subgroup": "(" * 240 + "x" + ")" * 240}, "cannot read the condition|unknown variable"),
        ({"subgroup": "age_years >= 20\x00"}, "cannot read the condition"),
    ],
)
def test_a_choice_that_makes_no_question_is_answered_in_plain_words(changes: dict[str, object], said: str) -> None:
    with pytest.raises(CofactorError, match=said):
        plan_of(replace(BASE, **changes))


def test_every_exposure_and_outcome_that_the_page_offers_makes_a_plan() -> None:
    offered = [name for names in exposures().values() for name in names]
    assert len(offered) > 500
    for name in offered:
        cycles = _cycles(name)
        plan_of(Choices(exposure=name, modifier="sex" if name != "sex" else "age_years", outcome=_other(name),
                        cycles=cycles, subgroup="", adjust=()))  # fmt: skip
    for name in (name for names in outcomes().values() for name in names):
        first = name.partition(":")[0]
        plan_of(Choices(exposure="age_years", modifier="sex", outcome=name, cycles=_cycles(first), subgroup="",
                        adjust=()))  # fmt: skip


def test_the_column_of_groups_has_a_name_that_no_variable_has() -> None:
    numbers = [name for names in exposures().values() for name in names if variables()[name].kind != "category"]
    assert not {f"{name}_group" for name in numbers} & set(variables())


def _cycles(name: str) -> str:
    from cofactor.cohort.availability import cycles_of

    return cycles_of(name)[0]


def _other(name: str) -> str:
    """Return an outcome that everybody was asked about, other than the exposure."""
    return "diabetes_diagnosed" if name != "diabetes_diagnosed" else "hypertension_diagnosed"
