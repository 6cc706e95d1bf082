"""Nutrients of the recalls: which cycles have them, and that the columns are what their names say."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from cofactor.cohort import load
from cofactor.cohort.availability import cycles_of
from cofactor.cohort.derived import diet
from cofactor.cohort.derived.recalls import mean_of_reliable
from cofactor.cohort.registry import derived_variables, variables
from cofactor.errors import CofactorError
from cofactor.loaders.cycles import CYCLES

FROM_1999 = [
    "energy_diet_kcal",
    "protein_diet_g",
    "carbohydrate_diet_g",
    "fat_diet_g",
    "saturated_fat_diet_g",
    "monounsaturated_fat_diet_g",
    "polyunsaturated_fat_diet_g",
    "cholesterol_diet_mg",
    "fibre_diet_g",
    "vitamin_c_diet_mg",
    "thiamin_diet_mg",
    "riboflavin_diet_mg",
    "niacin_diet_mg",
    "vitamin_b6_diet_mg",
    "vitamin_b12_diet_ug",
    "folate_diet_ug",
    "calcium_diet_mg",
    "phosphorus_diet_mg",
    "magnesium_diet_mg",
    "iron_diet_mg",
    "zinc_diet_mg",
    "copper_diet_mg",
    "selenium_diet_ug",
    "sodium_diet_mg",
    "potassium_diet_mg",
    "caffeine_diet_mg",
    "alcohol_diet_g",
    "moisture_diet_g",
    "plain_water_diet_g",
]
FROM_2001 = ["sugars_diet_g", "vitamin_a_diet_ug", "vitamin_e_diet_mg", "vitamin_k_diet_ug", "folate_dfe_diet_ug"]
FROM_2007 = ["vitamin_d_diet_ug"]
FIRST = dict.fromkeys(FROM_1999, 0) | dict.fromkeys(FROM_2001, 1) | dict.fromkeys(FROM_2007, 4)


@pytest.mark.parametrize(("name", "first"), FIRST.items())
def test_a_nutrient_has_all_cycles_from_its_first_on(name, first):
    assert cycles_of(name) == CYCLES[first:]


@pytest.mark.parametrize("name", FIRST)
def test_two_days_begin_in_2003(name):
    stem, _, unit = name.rpartition("_")
    assert cycles_of(f"{stem}_two_day_{unit}") == CYCLES[max(2, FIRST[name]) :]


def test_every_declared_nutrient_is_looked_at_here():
    declared = [made.name for group in vars(diet).values() if isinstance(group, tuple) for made in group]
    assert {name for name in declared if "_two_day_" not in name} == set(FIRST)


@pytest.mark.parametrize("name", FIRST)
def test_both_recalls_have_the_unit_and_the_words_of_their_mean(name):
    stem, _, unit = name.rpartition("_")
    mean = variables()[name]
    for day, words in ((1, "first recall"), (2, "second recall")):
        measured = variables()[f"{stem}_day{day}_{unit}"]
        assert measured.unit == mean.unit
        assert measured.label.endswith(words)
        assert measured.label.split(" from food")[0].split(",")[0] in mean.label


def test_mean_of_the_reliable_is_that_of_numpy():
    rng = np.random.default_rng(3)
    days = pd.DataFrame(rng.normal(300, 90, (400, 2))).mask(rng.random((400, 2)) < 0.2)
    reliable = pd.DataFrame(rng.random((400, 2)) < 0.7).astype("boolean").mask(rng.random((400, 2)) < 0.1)
    ours = mean_of_reliable(days[0], reliable[0], days[1], reliable[1])
    kept = days.where(reliable.fillna(False).astype(bool)).to_numpy()
    expected = [np.nanmean(row) if np.isfinite(row[0]) else np.nan for row in kept]
    np.testing.assert_array_equal(ours, expected)


def test_a_name_that_is_declared_twice_is_refused(monkeypatch):
    again = replace(derived_variables()["vitd_status"])
    monkeypatch.setattr(diet, "AGAIN", (again,), raising=False)
    derived_variables.cache_clear()
    try:
        with pytest.raises(CofactorError, match=r"vitd_status is declared twice, the second time in vitamin_d\.py"):
            derived_variables()
    finally:
        monkeypatch.undo()
        derived_variables.cache_clear()


@pytest.fixture(scope="module")
def recalls(real) -> pd.DataFrame:
    """Reliable first recalls of every cycle."""
    names = [name.replace("_diet_", "_diet_day1_") for name in FIRST]
    frame = load(
        [*names, "recall_reliable_day1"], cycles=list(CYCLES), data=real, absent="missing", weight=None, pool_2021=True
    )
    return frame[frame["recall_reliable_day1"].fillna(False)]


@pytest.mark.real_data
@pytest.mark.parametrize("cycle", CYCLES)
def test_energy_is_that_of_protein_carbohydrate_fat_and_alcohol(recalls, cycle):
    """Atwater's general factors: 4, 4, 9 and 7 kcal a gram. The tables have factors of each food: 2% at the median."""
    one = recalls[recalls["cycle"] == cycle]
    made = (
        4 * (one["protein_diet_day1_g"] + one["carbohydrate_diet_day1_g"])
        + 9 * one["fat_diet_day1_g"]
        + 7 * one["alcohol_diet_day1_g"]
    )
    ratio = (made / one["energy_diet_day1_kcal"].where(one["energy_diet_day1_kcal"] > 0)).dropna()
    assert ratio.median() == pytest.approx(1, abs=0.02)
    assert ratio.between(0.85, 1.2).mean() > 0.99


@pytest.mark.real_data
@pytest.mark.parametrize(
    ("parts", "whole", "unit"),
    [
        (["saturated_fat", "monounsaturated_fat", "polyunsaturated_fat"], "fat", "g"),
        (["sugars"], "carbohydrate", "g"),
        (["folate"], "folate_dfe", "ug"),
    ],
)
def test_the_parts_are_no_more_than_the_whole(recalls, parts, whole, unit):
    """But for rounding, and for sugars of foods whose carbohydrate is by difference."""
    both = recalls[[f"{name}_diet_day1_{unit}" for name in (*parts, whole)]].dropna()
    excess = both[[f"{name}_diet_day1_{unit}" for name in parts]].sum(axis=1) - both[f"{whole}_diet_day1_{unit}"]
    assert (excess > 1 + 0.01 * both[f"{whole}_diet_day1_{unit}"]).mean() < 0.002


@pytest.mark.real_data
def test_plain_water_is_in_moisture_from_2005_on(recalls):
    """The slope of moisture on plain water is near 0 before and near 1 after: a break of method, not of diet."""
    slopes = {}
    for cycle, one in recalls.groupby("cycle", observed=True):
        both = one[["plain_water_diet_day1_g", "moisture_diet_day1_g"]].dropna()
        slopes[cycle] = np.polyfit(both["plain_water_diet_day1_g"], both["moisture_diet_day1_g"], 1)[0]
    assert all(abs(slopes[cycle]) < 0.2 for cycle in CYCLES[:3]), slopes
    assert all(slopes[cycle] > 0.9 for cycle in CYCLES[3:]), slopes
