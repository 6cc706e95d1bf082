"""Depression and antidepressants against published figures."""

from __future__ import annotations

import pytest

from cofactor.cohort import load
from cofactor.survey import SurveyDesign, weighted_proportion

pytestmark = pytest.mark.real_data


def percent(design: SurveyDesign, name: str) -> float:
    return 100 * float(weighted_proportion(design, name).values[0])


@pytest.fixture(scope="module")
def adults(real):
    data = load(["phq9_ge10", "age_years", "sex"], cycles="2013-2016", data=real)
    return SurveyDesign(data, domain="age_years >= 20")


DEPRESSION = [(None, 8.1), ("male", 5.5), ("female", 10.4)]


@pytest.mark.parametrize(("sex", "published"), DEPRESSION)
def test_depression_of_nchs_data_brief_303(adults, sex, published):
    """Brody, Pratt & Hughes (2018), NCHS Data Brief 303: adults 20+, 2013-2016, PHQ-9 of 10 or more."""
    design = adults if sex is None else adults.within(f"sex == '{sex}'")
    assert round(percent(design, "phq9_ge10"), 1) == published


def test_people_of_nchs_data_brief_303(adults):
    assert weighted_proportion(adults, "phq9_ge10").table()["n"].tolist() == [9942]


ANTIDEPRESSANTS = [
    # cycles, population, percent: everybody, men, women
    ("2015-2018", "age_years >= 18", (13.2, 8.4, 17.7)),
    ("2011-2014", "age_years >= 12", (12.7, 8.6, 16.5)),
]


@pytest.mark.parametrize(("cycles", "domain", "published"), ANTIDEPRESSANTS)
def test_antidepressants_of_nchs_data_briefs_377_and_283(real, cycles, domain, published):
    """Brody & Gu (2020), Data Brief 377; Pratt, Brody & Gu (2017), Data Brief 283: past 30 days, interview weights.

    Within 0.1: they do not say how they take people with a medicine of unknown name, whom we leave out.
    """
    data = load(["medicine_antidepressant", "age_years", "sex"], cycles=cycles, data=real)
    everybody = SurveyDesign(data, domain=domain)
    parts = (everybody, everybody.within("sex == 'male'"), everybody.within("sex == 'female'"))
    found = [percent(part, "medicine_antidepressant") for part in parts]
    assert found == pytest.approx(published, abs=0.1)
