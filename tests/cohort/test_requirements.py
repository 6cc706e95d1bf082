"""Dietary reference intakes against the printed tables, person by person."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from cofactor.cohort import load
from cofactor.cohort.registry import derived_variables
from cofactor.survey import SurveyDesign, weighted_mean

AGES = ["1-3", "4-8", "9-13", "14-18", "19-30", "31-50", "51-70", "71+"]
"""The life-stage groups in which the tables are printed."""

# Institute of Medicine (1997, 2000, 2001, 2011), National Academies (2019): males, then females, in the groups above.
PRINTED = {
    "magnesium_ear_mg": "- - - - 330 350 350 350 / - - - - 255 265 265 265",
    "magnesium_rda_mg": "- - - - 400 420 420 420 / - - - - 310 320 320 320",
    "calcium_ear_mg": "500 800 1100 1100 800 800 800 1000 / 500 800 1100 1100 800 800 1000 1000",
    "calcium_rda_mg": "700 1000 1300 1300 1000 1000 1000 1200 / 700 1000 1300 1300 1000 1000 1200 1200",
    "vitamin_d_ear_ug": "10 10 10 10 10 10 10 10 / 10 10 10 10 10 10 10 10",
    "vitamin_d_rda_ug": "15 15 15 15 15 15 15 20 / 15 15 15 15 15 15 15 20",
    "zinc_ear_mg": "2.5 4 7 8.5 9.4 9.4 9.4 9.4 / 2.5 4 7 7.3 6.8 6.8 6.8 6.8",
    "zinc_rda_mg": "3 5 8 11 11 11 11 11 / 3 5 8 9 8 8 8 8",
    "vitamin_c_ear_mg": "13 22 39 63 75 75 75 75 / 13 22 39 56 60 60 60 60",
    "vitamin_c_rda_mg": "15 25 45 75 90 90 90 90 / 15 25 45 65 75 75 75 75",
    "potassium_ai_mg": "2000 2300 2500 3000 3400 3400 3400 3400 / 2000 2300 2300 2300 2600 2600 2600 2600",
}


def people(ages: list[float], sex: str, pregnant: bool | None = False) -> tuple[pd.Series, pd.Series, pd.Series]:
    return (
        pd.Series(ages, dtype=float),
        pd.Series(pd.Categorical([sex] * len(ages), categories=["male", "female"])),
        pd.Series([pregnant] * len(ages), dtype="boolean"),
    )


@pytest.mark.parametrize("sex", ["male", "female"])
@pytest.mark.parametrize("name", PRINTED)
def test_every_year_of_age_has_the_value_of_its_printed_group(name, sex):
    printed = PRINTED[name].split(" / ")[sex == "female"].split()
    for group, text in zip(AGES, printed, strict=True):
        first, _, last = group.replace("71+", "71-80").partition("-")
        ages = [float(age) for age in range(int(first), int(last) + 1)]
        given = derived_variables()[name].function(*people(ages, sex))
        np.testing.assert_array_equal(given, [np.nan if text == "-" else float(text)] * len(ages))


@pytest.mark.parametrize("name", PRINTED)
def test_infants_the_pregnant_and_the_unknown_have_none(name):
    reference = derived_variables()[name].function
    assert reference(*people([0.0], "male")).isna().all()
    assert reference(*people([25.0], "female", pregnant=True)).isna().all()
    assert reference(*people([np.nan], "female")).isna().all()


@pytest.mark.real_data
@pytest.mark.parametrize(
    ("nutrient", "kind"), [("magnesium", "ear"), ("calcium", "ear"), ("zinc", "ear"), ("vitamin_c", "ear")]
)
def test_fewer_fall_short_with_supplements_and_more_of_the_higher_reference(real, nutrient, kind):
    flags = [f"{nutrient}_{part}below_{cut}" for cut in (kind, "rda") for part in ("", "total_")]
    frame = load([*flags, "age_years"], cycles="2007-2018", data=real)
    diet, total, diet_rda, total_rda = weighted_mean(SurveyDesign(frame, domain="age_years >= 20"), flags).values
    assert 0.05 < total < diet < diet_rda < 0.9
    assert total < total_rda < diet_rda


@pytest.mark.real_data
def test_every_band_of_the_supplement_dose_holds_people(real):
    frame = load(["vitamin_d_supplement_dose_band", "vitamin_d_supplement_ug"], cycles="2007-2018", data=real)
    band, dose = frame["vitamin_d_supplement_dose_band"], frame["vitamin_d_supplement_ug"]
    assert band.isna().equals(dose.isna())
    highest = dose.groupby(band, observed=False).max()
    lowest = dose.groupby(band, observed=False).min()
    assert (highest.to_numpy()[:-1] < lowest.to_numpy()[1:]).all()
    assert lowest.to_numpy()[1] > 0
    assert (band.value_counts() >= 50).all()
