"""Cholesterol and triglycerides against published figures."""

from __future__ import annotations

import pytest

from cofactor.cohort import load
from cofactor.cohort.logic import at_least

from .percentages import AGES, EVERYBODY, MEN, ROUNDED, WOMEN, age_adjusted, percent, standard_error

pytestmark = pytest.mark.real_data

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


BRIEFS = [
    # brief, cycles, who, high total cholesterol, low HDL: age-adjusted
    (92, "2009-2010", EVERYBODY, 13.4, 21.3),
    (290, "2015-2016", EVERYBODY, 12.4, None),
    (290, "2015-2016", MEN, None, 28.5),
    (290, "2015-2016", WOMEN, None, 8.9),
]


@pytest.mark.parametrize(("brief", "cycles", "who", "total", "hdl"), BRIEFS)
def test_lipids_of_other_data_briefs(real, brief, cycles, who, total, hdl):
    """NCHS Data Briefs 92 and 290; of all adults in 2015-2016 the latter has "about 18.0%" of low HDL, we 18.4%."""
    frame = load(LIPIDS, cycles=cycles, data=real)
    if total is not None:
        assert age_adjusted(frame, "cholesterol_total_high", who) == pytest.approx(total, abs=ROUNDED), brief
    if hdl is not None:
        assert age_adjusted(frame, "cholesterol_hdl_low", who) == pytest.approx(hdl, abs=ROUNDED), brief


@pytest.mark.parametrize(("name", "published"), [("cholesterol_total_high", 12.1), ("cholesterol_hdl_low", 18.5)])
def test_lipids_of_nchs_data_brief_226(real, name, published):
    """Carroll et al. (2015): 2011-2014, adults 20+, not adjusted."""
    assert percent(load(LIPIDS, cycles="2011-2014", data=real), name, "age_years >= 20") == pytest.approx(
        published, abs=ROUNDED
    )


@pytest.fixture(scope="module")
def lipids_2021(real):
    return load(LIPIDS, cycles="2021-2023", data=real)


LATEST = [
    ("age_years >= 20", 11.3, 13.8),
    (f"age_years >= 20 and {MEN}", 10.6, 21.5),
    (f"age_years >= 20 and {WOMEN}", 11.9, 6.6),
    (AGES["20-39"], 6.0, None),
    (AGES["40-59"], 16.7, None),
    (AGES["60+"], 11.3, None),
]


@pytest.mark.parametrize(("those", "total", "hdl"), LATEST)
def test_lipids_of_nchs_data_brief_515(lipids_2021, those, total, hdl):
    """Carroll et al. (2024): August 2021 to August 2023, not adjusted; the weight is that of the blood draw."""
    assert lipids_2021.attrs["weight_name"] == "weight_phlebotomy"
    assert percent(lipids_2021, "cholesterol_total_high", those) == pytest.approx(total, abs=ROUNDED)
    if hdl is not None:
        assert percent(lipids_2021, "cholesterol_hdl_low", those) == pytest.approx(hdl, abs=ROUNDED)


TRIGLYCERIDES = [
    ("2001-2004", EVERYBODY, 33.3),
    ("2001-2004", MEN, 37.3),
    ("2001-2004", WOMEN, 29.3),
    ("2009-2012", EVERYBODY, 25.1),
    ("2009-2012", MEN, 28.7),
    ("2009-2012", WOMEN, 21.5),
]


@pytest.mark.parametrize(("cycles", "who", "published"), TRIGLYCERIDES)
def test_triglycerides_of_nchs_data_brief_198(real, cycles, who, published):
    """Carroll et al. (2015): 150 mg/dL or more, adults 20+, fasting, age-adjusted."""
    frame = load(["age_years", "sex", "triglycerides_mg_dl"], cycles=cycles, data=real)
    frame["elevated"] = at_least(frame["triglycerides_mg_dl"], 150.0)
    assert frame.attrs["weight_name"] == "weight_fasting"
    assert age_adjusted(frame, "elevated", who) == pytest.approx(published, abs=ROUNDED)
