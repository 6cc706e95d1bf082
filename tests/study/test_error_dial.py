"""The error dial of a study: the single days are found without a say in the weight; the rest is the models'."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from cofactor.cohort import load
from cofactor.models import error_dial, regression_calibration, reliability
from cofactor.study import ErrorDial, Study, load_study, run_study
from cofactor.study.error_dial import ASSUMED, CORRECTED, MEASURED
from cofactor.study.names import names_to_load
from cofactor.study.preparing import weights_of_models
from cofactor.study.recalls import recalls_in

FULL = load_study("mg_vitd_mortality")
KEPT = ("primary", "deficits", "picture", "additive_linear")


def smaller(cycles: str) -> Study:
    models = tuple(
        replace(FULL.model(name), adjustment="set_1", proportional_hazards=False, standardized=None) for name in KEPT
    )
    dial = models[-1].error_dial
    assert dial is not None
    alone = replace(dial, recalls=dial.recalls[:1])  # set 1 holds no energy
    return replace(
        FULL, cycles=cycles, models=(*models[:-1], replace(models[-1], error_dial=alone)), variants=(),
        headline=replace(FULL.headline, companions=()), characteristics=(), incidence=None,
    )  # fmt: skip


STUDY = smaller("2007-2010")


@pytest.fixture(scope="module")
def result(synthetic_folder: Path):
    return run_study(STUDY, data=synthetic_folder, quality=False)


@pytest.fixture(scope="module")
def made(result):
    return result.models["additive_linear"]


def test_the_methods_say_how_it_was_measured_and_what_was_not_corrected(result):
    said = [words for words in result.methods if "regression calibration" in words]
    assert len(said) == 1
    assert "The headline's own ratio is not corrected" in said[0]


def test_it_holds_what_the_models_give(made):
    table = made.error_dial.set_index("quantity")
    fit = made.fit
    assumed = error_dial(fit, "magnesium_per_100")
    np.testing.assert_allclose(table.loc[ASSUMED, "estimate"], assumed.values, rtol=1e-12)
    measured = reliability(fit, recalls_in(fit.design.data, made.model.error_dial))
    np.testing.assert_allclose(table.loc[[MEASURED], "estimate"], measured.of_terms.values, rtol=1e-12)
    assert table.loc[MEASURED, "share_with_two"] == pytest.approx(measured.two_recalls)
    corrected = regression_calibration(fit, measured)
    np.testing.assert_allclose(table.loc[[CORRECTED], "se"], corrected.se, rtol=1e-12)
    assert 0.0 < table.loc[MEASURED, "estimate"] < 1.0


def test_the_second_day_has_no_say_in_the_weight():
    assert {choice.name for choice in weights_of_models(STUDY).values()} == {"weight_diet_day1"}
    assert "energy_diet_day2_kcal" not in names_to_load(FULL)


@pytest.mark.parametrize("why", ["no second day in these cycles", "a frame without the days"])
def test_without_second_recalls_nothing_is_measured(synthetic_folder, why):
    if why.startswith("a frame"):
        study, given = STUDY, load(list(names_to_load(STUDY)), cycles=STUDY.cycles, data=synthetic_folder)
    else:
        study, given = smaller("2001-2002"), synthetic_folder
    result = run_study(study, data=given, quality=False)
    assert set(result.models["additive_linear"].error_dial["quantity"]) == {ASSUMED}
    assert not any("regression calibration" in words for words in result.methods)


def test_a_pure_value_without_recalls_is_a_dial_too(synthetic_folder):
    dial = ErrorDial("magnesium_per_100", "hazard ratio")
    models = (*STUDY.models[:-1], replace(STUDY.models[-1], error_dial=dial))
    found = run_study(replace(STUDY, models=models), data=synthetic_folder, quality=False)
    assert set(found.models["additive_linear"].error_dial["quantity"]) == {ASSUMED}
