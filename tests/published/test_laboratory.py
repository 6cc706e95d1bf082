"""Kidney, lipids, glycaemia, C-reactive protein and the metabolic syndrome against published figures."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from cofactor.cohort import load
from cofactor.cohort.logic import any_of, at_least, below
from cofactor.survey import SurveyDesign, weighted_mean, weighted_quantile

pytestmark = pytest.mark.real_data

ROUNDED = 0.051
"""Half of the last digit of a percentage with one decimal, and a hair for ties."""
STANDARD_2000 = {"20-39": 0.39658, "40-59": 0.37180, "60+": 0.23162}
"""Shares of the projected population of 2000 among adults 20+, the three groups by which NCHS adjusts."""
AGES = {
    "20-39": "age_years >= 20 and age_years < 40",
    "40-59": "age_years >= 40 and age_years < 60",
    "60+": "age_years >= 60",
}
EVERYBODY = "age_years >= 0"
MEN, WOMEN = "sex == 'male'", "sex == 'female'"


def percent(frame: pd.DataFrame, name: str, condition: str) -> float:
    return 100 * float(weighted_mean(SurveyDesign(frame, domain=condition), name).values[0])


def standard_error(frame: pd.DataFrame, name: str, condition: str) -> float:
    return 100 * float(weighted_mean(SurveyDesign(frame, domain=condition), name).table()["se"].iloc[0])


def age_adjusted(frame: pd.DataFrame, name: str, condition: str = EVERYBODY) -> float:
    return sum(share * percent(frame, name, f"{AGES[age]} and {condition}") for age, share in STANDARD_2000.items())


def median(frame: pd.DataFrame, name: str, condition: str) -> float:
    return float(weighted_quantile(SurveyDesign(frame, domain=condition), name, 0.5).values[0])


# --- lipids ---

LIPIDS = ["age_years", "sex", "pregnant", "cholesterol_total_high", "cholesterol_hdl_low"]


@pytest.fixture(scope="module")
def lipids_2009(real):
    return load(LIPIDS, cycles="2009-2012", data=real)


GUIDELINES = [
    # ages, share of total cholesterol >= 240 and its standard error, share of HDL < 40 and its standard error
    ("20-39", 7.0, 0.5, 21.2, 1.1),
    ("40-59", 18.0, 0.8, 20.2, 1.0),
    ("60+", 14.6, 0.9, 15.7, 1.2),
]


@pytest.mark.parametrize(("ages", "total", "total_se", "hdl", "hdl_se"), GUIDELINES)
def test_lipids_of_the_dietary_guidelines_committee(lipids_2009, ages, total, total_se, hdl, hdl_se):
    """Scientific report of the 2015 Dietary Guidelines Advisory Committee, appendix E-2.18: 2009-2012, not pregnant."""
    those = f"{AGES[ages]} and not_true(pregnant)"
    assert percent(lipids_2009, "cholesterol_total_high", those) == pytest.approx(total, abs=ROUNDED)
    assert standard_error(lipids_2009, "cholesterol_total_high", those) == pytest.approx(total_se, abs=ROUNDED)
    assert percent(lipids_2009, "cholesterol_hdl_low", those) == pytest.approx(hdl, abs=ROUNDED)
    assert standard_error(lipids_2009, "cholesterol_hdl_low", those) == pytest.approx(hdl_se, abs=ROUNDED)


def test_people_of_the_dietary_guidelines_committee(lipids_2009):
    adults = lipids_2009[(lipids_2009["age_years"] >= 20) & ~lipids_2009["pregnant"].fillna(False)]
    measured = adults[adults["cholesterol_hdl_low"].notna()]
    assert len(measured) == 10_495
    assert (measured["sex"] == "male").sum() == 5_194
    assert (measured["age_years"] < 40).sum() == 3_542


@pytest.fixture(scope="module")
def lipids_2015(real):
    return load(LIPIDS, cycles="2015-2018", data=real)


@pytest.mark.parametrize(("who", "total", "hdl"), [(EVERYBODY, 11.4, 17.2), (MEN, 10.5, 26.6), (WOMEN, 12.1, 8.5)])
def test_lipids_of_nchs_data_brief_363(lipids_2015, who, total, hdl):
    """Carroll & Fryar (2020): 2015-2018, adults 20+, age-adjusted; pregnant women are in, as the figures show."""
    assert age_adjusted(lipids_2015, "cholesterol_total_high", who) == pytest.approx(total, abs=ROUNDED)
    assert age_adjusted(lipids_2015, "cholesterol_hdl_low", who) == pytest.approx(hdl, abs=ROUNDED)


@pytest.mark.parametrize(("ages", "total"), [("20-39", 7.5), ("40-59", 15.7), ("60+", 11.4)])
def test_lipids_by_age_of_nchs_data_brief_363(lipids_2015, ages, total):
    assert percent(lipids_2015, "cholesterol_total_high", AGES[ages]) == pytest.approx(total, abs=ROUNDED)


# --- glycaemia ---

INSULIN = [
    # cycle, people, geometric mean and its standard error, 5th, 25th, 50th, 75th and 95th percentile
    ("2011-2012", 2704, 10.31, 0.17, [3.51, 6.47, 10.13, 16.21, 32.22]),
    ("2013-2014", 2848, 9.20, 0.27, [3.00, 5.74, 8.89, 14.38, 31.57]),
]


@pytest.mark.parametrize(("cycle", "people", "mean", "error", "percentiles"), INSULIN)
def test_insulin_of_cdcs_documentation(real, cycle, people, mean, error, percentiles):
    """Documentation of INS_H: fasting weights, ages 12+. Percentiles there are interpolated, hence the 0.011."""
    frame = load(["insulin_fasting_uu_ml"], cycles=cycle, data=real)
    frame["logarithm"] = np.log(frame["insulin_fasting_uu_ml"])
    assert ((frame["analysis_weight"] > 0) & frame["logarithm"].notna()).sum() == people
    found = weighted_mean(SurveyDesign(frame), "logarithm").table().iloc[0]
    assert np.exp(found["estimate"]) == pytest.approx(mean, abs=0.011)
    assert np.exp(found["estimate"]) * found["se"] == pytest.approx(error, abs=0.011)
    quantiles = weighted_quantile(SurveyDesign(frame), "insulin_fasting_uu_ml", [0.05, 0.25, 0.5, 0.75, 0.95]).values
    assert quantiles == pytest.approx(percentiles, abs=0.011)


def on_the_instrument_of_2013(glucose: pd.Series) -> pd.Series:
    """CDC's equation of GLU_I, from the instrument of 2015-2016 back to that of 2013-2014."""
    return 0.9776 * glucose + 0.4994


def on_the_instrument_of_2015(glucose: pd.Series) -> pd.Series:
    """The same page's equation forward."""
    return 1.023 * glucose - 0.5108


@pytest.fixture(scope="module")
def glucose_2015(real):
    names = ["age_years", "pregnant", "diabetes_diagnosed", "glucose_fasting_mg_dl"]
    frame = load(names, cycles="2015-2016", data=real)
    back = on_the_instrument_of_2013(frame["glucose_fasting_mg_dl"])
    return frame.assign(high=at_least(back, 126.0), between=at_least(back, 100.0) & below(back, 126.0))


@pytest.mark.parametrize(("name", "published", "error"), [("between", 41.5, 2.2), ("high", 3.4, 0.4)])
def test_fasting_glucose_of_cdcs_documentation(glucose_2015, name, published, error):
    """Documentation of GLU_I: 2015-2016, adults 18+, not pregnant, not told of diabetes, adjusted back.

    For the values as released that page has 53.7 and 5.5%; the file of today, whose values are whole numbers, gives
    48.3 and 5.0%. Adjusted back it gives what the page says.
    """
    those = "age_years >= 18 and not_true(pregnant) and not_true(diabetes_diagnosed)"
    assert percent(glucose_2015, name, those) == pytest.approx(published, abs=ROUNDED)
    assert standard_error(glucose_2015, name, those) == pytest.approx(error, abs=ROUNDED)


@pytest.fixture(scope="module")
def diabetes_2013(real):
    names = ["age_years", "sex", "diabetes_diagnosed", "hba1c_pct", "glucose_fasting_mg_dl"]
    names += ["diabetes_fasting", "diabetes_undiagnosed_fasting"]
    frame = load(names, cycles="2013-2016", data=real)
    released = frame["glucose_fasting_mg_dl"]
    glucose = released.mask(frame["cycle"] == "2013-2014", on_the_instrument_of_2015(released))
    found = any_of(at_least(frame["hba1c_pct"], 6.5), at_least(glucose, 126.0))
    return frame.assign(
        total_on_one_instrument=any_of(frame["diabetes_diagnosed"], found),
        undiagnosed_on_one_instrument=found & ~frame["diabetes_diagnosed"],
    )


DIABETES = [
    ("diabetes_fasting", EVERYBODY, 14.0),
    ("diabetes_diagnosed", EVERYBODY, 9.7),
    ("diabetes_undiagnosed_fasting", EVERYBODY, 4.3),
    ("diabetes_fasting", MEN, 15.9),
    ("diabetes_fasting", WOMEN, 12.2),
]


@pytest.mark.parametrize(("name", "who", "published"), DIABETES)
def test_diabetes_of_nchs_data_brief_319(diabetes_2013, name, who, published):
    """Mendola et al. (2018): 2013-2016, adults 20+, fasting weights, age-adjusted.

    As released we find 13.9, 9.8, 4.1, 15.8 and 12.2: the two cycles have different glucose instruments (next test).
    """
    assert age_adjusted(diabetes_2013, name, who) == pytest.approx(published, abs=0.2)


def test_diabetes_of_nchs_data_brief_319_on_the_instrument_of_2015(diabetes_2013):
    """With 2013-2014 brought to the instrument of 2015-2016 total and undiagnosed diabetes are the published ones."""
    assert age_adjusted(diabetes_2013, "total_on_one_instrument") == pytest.approx(14.0, abs=ROUNDED)
    assert age_adjusted(diabetes_2013, "undiagnosed_on_one_instrument") == pytest.approx(4.3, abs=ROUNDED)
    assert age_adjusted(diabetes_2013, "total_on_one_instrument", MEN) == pytest.approx(15.9, abs=ROUNDED)


# --- kidney ---

CKD = ["age_years", "pregnant", "ckd", "egfr_ckdepi2009", "egfr_ckdepi2021", "uacr_mg_g"]


def with_both_measures(cycles: str, real) -> pd.DataFrame:
    frame = load(CKD, cycles=cycles, data=real)
    frame["both"] = (frame["egfr_ckdepi2021"].notna() & frame["uacr_mg_g"].notna()).astype("boolean")
    low = below(frame["egfr_ckdepi2009"], 60.0)
    frame["ckd_2009"] = any_of(low, at_least(frame["uacr_mg_g"], 30.0))
    frame["stage_3_2009"] = low & at_least(frame["egfr_ckdepi2009"], 30.0)
    return frame


@pytest.mark.parametrize(("name", "published"), [("ckd_2009", 14.8), ("stage_3_2009", 6.4)])
def test_kidney_disease_of_the_renal_data_system(real, name, published):
    """US Renal Data System, annual report 2018, figure 1.1: 2013-2016, adults 20+, CKD-EPI 2009."""
    frame = with_both_measures("2013-2016", real)
    assert percent(frame, name, "age_years >= 20 and both") == pytest.approx(published, abs=ROUNDED)


@pytest.mark.parametrize(
    ("those", "published", "apart"),
    [("age_years >= 18 and both and not_true(pregnant)", 12.9, 0.1), ("age_years >= 70 and both", 47.1, 0.8)],
)
def test_kidney_disease_of_cdcs_surveillance(real, those, published, apart):
    """CDC's kidney disease surveillance: 2001-2004, adults 18+, not pregnant, with both measures, corrected creatinine.

    We find 13.0 and 46.4. Ages of 81 to 85 count as 80 here, in all cycles alike; with the ages of that release the
    share from 70 on is 47.1.
    """
    assert percent(with_both_measures("2001-2004", real), "ckd", those) == pytest.approx(published, abs=apart)


@pytest.mark.parametrize(("cycle", "published", "apart"), [("2005-2006", 123.31, 0.005), ("2007-2008", 122.36, 0.25)])
def test_urine_creatinine_of_cdcs_documentation(real, cycle, published, apart):
    """Documentation of ALB_CR_E: weighted means, 2005-2006 after the equation and 2007-2008 as measured.

    The second is 122.57 in the file of today: it was written before the files of that cycle were final.
    """
    frame = load(["creatinine_urine_mg_dl"], cycles=cycle, data=real)
    assert weighted_mean(SurveyDesign(frame), "creatinine_urine_mg_dl").values[0] == pytest.approx(published, abs=apart)


# --- C-reactive protein and parathyroid hormone ---


def test_crp_of_woloshin_and_schwartz(real):
    """Woloshin & Schwartz (2005), doi:10.1056/NEJM200504143521525: 1999-2002, adults 20+, four-year weights."""
    frame = load(["age_years", "crp_mg_l"], cycles="1999-2002", data=real)
    adults = "age_years >= 20"
    assert ((frame["age_years"] >= 20) & frame["crp_mg_l"].notna()).sum() == 8_874
    assert weighted_mean(SurveyDesign(frame, domain=adults), "crp_mg_l").values[0] == pytest.approx(4.3, abs=ROUNDED)
    assert median(frame, "crp_mg_l", adults) == pytest.approx(2.1)


@pytest.mark.parametrize(
    ("those", "people", "published"),
    [
        ("age_years >= 20 and sex == 'female'", 2_205, 2.7),
        ("age_years >= 20 and sex == 'female' and crp_mg_l <= 10", None, 2.2),
        ("age_years >= 3 and age_years < 20", 3_348, 0.4),
    ],
)
def test_crp_of_ford(real, those, people, published):
    """Ford et al. (2003), doi:10.1373/49.8.1353, and Ford et al. (2004) on adult women: medians of 1999-2000."""
    frame = load(["age_years", "sex", "crp_mg_l"], cycles="1999-2000", data=real)
    design = SurveyDesign(frame, domain=those)
    if people is not None:
        inside = frame.query(those.replace(" and ", " & ")).dropna(subset=["crp_mg_l"])
        assert len(inside) == people
    assert weighted_quantile(design, "crp_mg_l", 0.5).values[0] == pytest.approx(published)


def test_parathyroid_hormone_of_ginde(real):
    """Ginde et al. (2012), doi:10.3275/7742: 2003-2006, ages 6+ with 25(OH)D and PTH."""
    frame = load(["pth_pg_ml", "vitd_25oh_nmol_l"], cycles="2003-2006", data=real)
    frame["both"] = (frame["pth_pg_ml"].notna() & frame["vitd_25oh_nmol_l"].notna()).astype("boolean")
    frame["from_45"], frame["from_75"] = at_least(frame["pth_pg_ml"], 45.0), at_least(frame["pth_pg_ml"], 75.0)
    assert frame["both"].sum() == 14_681
    assert weighted_mean(SurveyDesign(frame, domain="both"), "pth_pg_ml").values[0] == pytest.approx(42, abs=0.5)
    assert percent(frame, "from_45", "both") == pytest.approx(35, abs=0.5)
    assert percent(frame, "from_75", "both") == pytest.approx(7, abs=0.5)


# --- metabolic syndrome ---


def test_metabolic_syndrome_of_mozumdar_and_liguori(real):
    """Mozumdar & Liguori (2011), doi:10.2337/dc10-0879: 1999-2006, adults 20+, not pregnant: 34.1% (0.8), 6,962 people.

    Their revised ATP III definition has our cuts and counts medicines; the abstract does not say which medicines. With
    all five parts known we have 6,969 people and 35.1%; without fibrates and niacin 34.8%, without glucose-lowering
    medicines too 34.7%.
    """
    parts = ["waist", "triglycerides", "hdl", "blood_pressure", "glucose"]
    names = [f"metabolic_{part}" for part in parts]
    frame = load(["age_years", "pregnant", "metabolic_syndrome", *names], cycles="1999-2006", data=real)
    frame["whole"] = frame[names].notna().all(axis=1).astype("boolean")
    those = "age_years >= 20 and not_true(pregnant) and whole"
    assert percent(frame, "metabolic_syndrome", those) == pytest.approx(34.1, abs=1.1)
    assert standard_error(frame, "metabolic_syndrome", those) == pytest.approx(0.8, abs=ROUNDED)
