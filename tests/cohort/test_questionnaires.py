"""What people are asked, on the real files: each rule again from the raw codes, by another road."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from cofactor.cohort import load
from cofactor.cohort.availability import cycles_of
from cofactor.loaders.cycles import CYCLES
from cofactor.loaders.store import DataFolder

FROM_2005 = CYCLES[3:]
SPANS = [
    ("phq9_score", FROM_2005),
    ("phq9_fatigue_ge2", FROM_2005),
    ("sleep_hours", FROM_2005),
    ("sleep_trouble_told", CYCLES[3:10]),
    ("infection_30d", CYCLES[:10]),
    ("anxious_days", CYCLES[4:7]),
    ("cancer_colorectal_told", CYCLES),
    ("cancer_colorectal_age", CYCLES[:10]),
    ("heart_disease_told", CYCLES),
    ("lung_disease_told", CYCLES),
    ("dialysis", CYCLES[1:]),
    ("kidney_stones_ever", CYCLES[4:10]),
    ("medicine_any", CYCLES),
    ("medicine_diuretic", CYCLES[:10]),
    ("medicine_count", CYCLES[:10]),
    ("medicines_5_or_more", CYCLES),
    ("magnesium_depletion_score", CYCLES[:10]),
    ("magnesium_depletion_score_published", CYCLES[:10]),
    ("marital_status", CYCLES),
    ("us_born", CYCLES),
    ("health_insurance", CYCLES),
    ("food_security", CYCLES[:10]),
    ("milk_frequency", CYCLES[:10]),
    ("postmenopausal", CYCLES),
    ("smoking_status", CYCLES),
]


@pytest.mark.parametrize(("name", "cycles"), SPANS)
def test_cycles_that_ask_it(name, cycles):
    assert cycles_of(name) == cycles


def raw(real: DataFolder, file: str, *columns: str) -> pd.DataFrame:
    return real.columns(file, columns).set_index("SEQN")


def same(found: pd.Series, expected: pd.Series) -> None:
    """Both over the same people, missing in the same places."""
    there = found.astype("Float64").astype(float)
    pd.testing.assert_series_equal(there, expected.reindex(there.index).astype(float), check_names=False)


@pytest.mark.real_data
@pytest.mark.parametrize(("cycle", "suffix"), [("2005-2006", "D"), ("2017-2018", "J"), ("2021-2023", "L")])
def test_phq9_is_the_sum_of_nine_known_answers(real, cycle, suffix):
    columns = [f"DPQ0{item}0" for item in range(1, 10)]
    answers = raw(real, f"DPQ_{suffix}.xpt", *columns)
    whole = answers.isin([0, 1, 2, 3]).all(axis=1)
    same(load(["phq9_score"], cycles=cycle, data=real)["phq9_score"], answers.sum(axis=1).where(whole))


@pytest.mark.real_data
@pytest.mark.parametrize(("cycle", "suffix"), [("1999-2000", ""), ("2007-2008", "_E"), ("2021-2023", "_L")])
def test_colorectal_cancer_is_16_or_31_among_the_kinds(real, cycle, suffix):
    kinds = [f"MCQ230{letter}" for letter in "ABCD"]
    answers = raw(real, f"MCQ{suffix}.xpt", "MCQ220", *kinds)
    named = answers[kinds].isin([16, 31]).any(axis=1)
    told = answers["MCQ220"]
    open_end = answers["MCQ230A"].isin([77, 99]) | answers["MCQ230A"].isna() | (answers["MCQ230D"] == 66)
    expected = named.astype(float).where((told == 2) | (told == 1)).mask((told == 1) & ~named & open_end)
    same(load(["cancer_colorectal_told"], cycles=cycle, data=real)["cancer_colorectal_told"], expected)


@pytest.mark.real_data
def test_age_at_colorectal_cancer_of_everybody_told_in_1999_2016(real):
    data = load(["cancer_colorectal_told", "cancer_colorectal_age"], cycles="1999-2016", data=real)
    assert data.loc[data["cancer_colorectal_told"].fillna(False), "cancer_colorectal_age"].notna().all()
    assert data.loc[~data["cancer_colorectal_told"].fillna(False), "cancer_colorectal_age"].isna().all()


@pytest.mark.real_data
@pytest.mark.parametrize(("cycle", "suffix"), [("1999-2000", ""), ("2017-2018", "_J")])
def test_an_infection_is_any_of_three(real, cycle, suffix):
    answers = raw(real, f"HSQ{suffix}.xpt", "HSQ500", "HSQ510", "HSQ520")
    expected = (answers == 1).any(axis=1).astype(float).where((answers == 1).any(axis=1) | (answers == 2).all(axis=1))
    same(load(["infection_30d"], cycles=cycle, data=real)["infection_30d"], expected)


@pytest.mark.real_data
def test_the_depletion_score_by_hand(real):
    """2003-2004, from the flags, the filtration rate and the drinks a year."""
    parts = ["medicine_diuretic", "medicine_proton_pump_inhibitor", "egfr_ckdepi2021", "alcohol_drinks_year",
             "alcohol_ever", "sex"]  # fmt: skip
    data = load(["magnesium_depletion_score", *parts], cycles="2003-2004", data=real)
    egfr, drinks = data["egfr_ckdepi2021"], data["alcohol_drinks_year"]
    drinks = drinks.mask(drinks.isna() & data["alcohol_ever"].eq(False).fillna(False).astype(bool), 0.0)
    points = (egfr < 90).astype(float) + (egfr < 60)
    points += (drinks > np.where(data["sex"] == "male", 728, 364)).astype(float)
    points += data["medicine_diuretic"].astype("Float64").astype(float)
    points += data["medicine_proton_pump_inhibitor"].astype("Float64").astype(float)
    same(data["magnesium_depletion_score"], points.where(egfr.notna() & drinks.notna()))


@pytest.mark.real_data
def test_menopause_comes_with_age_under_both_questionnaires(real):
    """Few under 35, nearly all from 60; the two instruments agree at 50-54 within what chance allows."""
    data = load(["postmenopausal", "age_years"], cycles="1999-2006", data=real)
    share = data["postmenopausal"].astype("Float64").astype(float)
    assert share[data["age_years"].between(20, 34)].mean() < 0.03
    assert share[data["age_years"] >= 60].mean() > 0.97
    middle = share[data["age_years"].between(50, 54)]
    early = data["cycle"].isin(["1999-2000", "2001-2002"])
    assert middle[early].mean() == pytest.approx(middle[~early].mean(), abs=0.1)


@pytest.mark.real_data
def test_people_never_told_of_failing_kidneys_have_no_dialysis(real):
    data = load(["dialysis", "kidney_failing_told"], cycles="2001-2018", data=real)
    assert not data.loc[data["kidney_failing_told"].eq(False).fillna(False), "dialysis"].any()
    assert data["dialysis"].sum() == real_yes(real)


def real_yes(real: DataFolder) -> int:
    """Answers of yes to dialysis in the files themselves."""
    files = [f"KIQ_U_{letter}.xpt" for letter in "BCDEFGHIJ"]
    return sum(int((raw(real, file, "KIQ025")["KIQ025"] == 1).sum()) for file in files)
