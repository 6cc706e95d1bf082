"""A study runs on a folder, wherever it lies, and on a frame."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest

from cofactor.cohort import load
from cofactor.errors import CofactorWarning, DesignError, UnknownVariableError
from cofactor.models import fit_cox
from cofactor.study import Covariate, Model, Study, load_study, run_study
from cofactor.study.names import names_to_load

FULL = load_study("mg_vitd_mortality")
KEPT = ("primary", "deficits", "picture")


def smaller(study: Study, cycles: str, variants: tuple[Study, ...] = ()) -> Study:
    """The study with its headline models alone, in few cycles and set 1."""
    models = tuple(replace(study.model(name), adjustment="set_1", proportional_hazards=False) for name in KEPT)
    headline = replace(study.headline, companions=())
    return replace(
        study, cycles=cycles, models=models, headline=headline, variants=variants, characteristics=("age_years", "sex")
    )


STUDY = smaller(FULL, "2007-2018", variants=(smaller(FULL.variants[0], "2007-2018"),))


@pytest.fixture(scope="module")
def from_folder(synthetic_folder: Path):
    return run_study(STUDY, data=synthetic_folder)


def test_a_relative_folder_serves_the_variants_too(synthetic_folder, from_folder, monkeypatch):
    monkeypatch.chdir(synthetic_folder.parent)
    result = run_study(STUDY, data=synthetic_folder.name)
    assert list(result.variants) == ["total_intake"]
    pd.testing.assert_frame_equal(
        result.variants["total_intake"].tables()["hazard_ratios"],
        from_folder.variants["total_intake"].tables()["hazard_ratios"],
    )


def test_the_environment_names_the_folder_for_the_variants_too(synthetic_folder, from_folder, monkeypatch):
    monkeypatch.setenv("COFACTOR_DATA", str(synthetic_folder))
    result = run_study(STUDY)
    pd.testing.assert_frame_equal(result.tables()["hazard_ratios"], from_folder.tables()["hazard_ratios"])


def test_a_frame_gives_the_numbers_of_its_folder(synthetic_folder, from_folder):
    frame = load(list(names_to_load(STUDY)), cycles=STUDY.cycles, data=synthetic_folder)
    result = run_study(STUDY, data=frame)
    assert result.variants == {}
    pd.testing.assert_frame_equal(result.tables()["hazard_ratios"], from_folder.tables()["hazard_ratios"])


def test_a_frame_that_lacks_a_variable_says_which(synthetic_folder):
    frame = load(["age_years", "sex"], cycles="2007-2018", data=synthetic_folder)
    with pytest.raises(UnknownVariableError, match=r"unknown variable '.*' in the frame given to study"):
        run_study(STUDY, data=frame)


def test_the_weight_is_that_of_the_smallest_subsample_of_the_models_variables(from_folder):
    assert from_folder.weight_reason.startswith("weight_diet_day1: the smallest subsample used is")
    assert all(result.weight_reason == from_folder.weight_reason for result in from_folder.models.values())


def test_a_model_without_diet_has_the_examinations_weight(synthetic_folder):
    blood = Model("blood", "25(OH)D alone", "sets", ("vitd_per_10",), "set_1", "death", rows="own")
    population = tuple(step for step in STUDY.population if "recall" not in step.condition)
    study = replace(STUDY, population=population, models=(*STUDY.models, blood), variants=())
    result = run_study(study, data=synthetic_folder)
    assert result.models["blood"].weight_reason.startswith("weight_exam")
    assert result.models["primary"].weight_reason.startswith("weight_diet_day1")
    assert result.models["blood"].people > result.models["primary"].people


def test_a_model_that_fails_is_named(synthetic_folder):
    broken = replace(STUDY.models[0], name="broken", subset="age_years > 200")
    with pytest.raises(DesignError, match=r"study 'mg_vitd_mortality', model 'broken': no row is in the domain"):
        run_study(replace(STUDY, models=(*STUDY.models, broken), variants=()), data=synthetic_folder)


def test_a_fit_that_begins_at_another_ends_at_the_same_maximum(from_folder):
    begun = from_folder.models["deficits"].fit
    alone = fit_cox(begun.design, begun.formula, time="time_death", event="event_death")
    pd.testing.assert_frame_equal(begun.table(), alone.table(), rtol=1e-8)


def test_a_warning_names_the_model(synthetic_folder):
    window = replace(STUDY.models[0], name="late", outcome="death_after_120")
    cycle = Covariate("cycle", "survey cycle")
    adjustments = tuple(
        replace(item, covariates=(*item.covariates, cycle)) if item.name == "set_1" else item
        for item in STUDY.adjustments
    )
    study = replace(STUDY, models=(*STUDY.models, window), adjustments=adjustments, variants=())
    with pytest.warns(CofactorWarning, match=r"study 'mg_vitd_mortality', model 'late': "):
        run_study(study, data=synthetic_folder)
