"""A study is a frozen value with a stable hash."""

from dataclasses import FrozenInstanceError, replace

import pytest

from cofactor.errors import StudyError
from cofactor.study import Cut, Model, Step, canonical_json, load_study, renamed_variables

STUDY = load_study("mg_vitd_mortality")


def test_the_hash_is_of_the_content_alone():
    assert load_study("mg_vitd_mortality").hash == STUDY.hash


@pytest.mark.parametrize(
    "change",
    [
        {"cycles": "2003-2018"},
        {"population": STUDY.population[:-1]},
        {"population": (*STUDY.population[:-1], Step(STUDY.population[-1].words, "not pregnant"))},
        {"cuts": (Cut("age_knots", "age_years", probs=(0.1, 0.5, 0.9)), *STUDY.cuts[1:])},
        {"variants": ()},
    ],
    ids=["cycles", "a step less", "another condition", "other knots", "no variants"],
)
def test_whatever_could_move_a_number_moves_the_hash(change):
    assert replace(STUDY, **change).hash != STUDY.hash


def test_a_study_cannot_be_altered():
    with pytest.raises(FrozenInstanceError):
        STUDY.cycles = "1999-2018"


def test_the_canonical_json_names_the_kind_of_every_part():
    text = canonical_json(STUDY)
    assert text.startswith('{"adjustments":[{"covariates":[')
    assert '"kind":"Residual"' in text


def test_a_callable_has_no_place_in_a_study():
    with pytest.raises(StudyError, match="not function"):
        canonical_json(replace(STUDY, supports=lambda: None))


def test_models_must_name_adjustments_and_outcomes_that_exist():
    model = replace(STUDY.models[0], adjustment="set_9")
    with pytest.raises(StudyError, match=r"no adjustment 'set_9'; there are: none, set_1"):
        replace(STUDY, models=(model,))


def test_a_headline_must_name_models_that_exist():
    with pytest.raises(StudyError, match="headline names the model 'picture'; there are: primary, deficits"):
        replace(STUDY, models=STUDY.models[:2])


def test_a_name_twice_is_an_error():
    with pytest.raises(StudyError, match="model named twice: primary"):
        replace(STUDY, models=(STUDY.models[0], STUDY.models[0]))


def test_a_cut_has_probs_or_values():
    with pytest.raises(StudyError, match="either probs or values"):
        Cut("knots", "age_years")


def test_variables_are_renamed_as_whole_words_everywhere():
    renamed = renamed_variables(STUDY, {"magnesium_diet_mg": "magnesium_total_mg"})
    text = canonical_json(renamed)
    assert "magnesium_diet_mg" not in text
    assert text.count("magnesium_total_mg") == canonical_json(STUDY).count("magnesium_diet_mg") + canonical_json(
        STUDY
    ).count("magnesium_total_mg")


def test_a_set_without_a_term_it_lacks_is_an_error():
    with pytest.raises(StudyError, match="has no term 'height'"):
        STUDY.adjustment("set_2").without("x", "x", "height")


def test_the_formula_joins_exposure_and_adjustment():
    model = Model("m", "m", "g", ("vitd_per_10",), "set_1", "death")
    assert STUDY.formula(model) == "vitd_per_10 + age_years + sex + race_ethnicity"
