"""Conditions told by a doctor against published figures."""

from __future__ import annotations

import pytest

from cofactor.cohort import load
from cofactor.survey import SurveyDesign, weighted_proportion

pytestmark = pytest.mark.real_data

PUBLISHED = [
    # name, cycles, people, percent: everybody, men, women; how far
    ("kidney_stones_ever", "2007-2010", 12110, (8.8, 10.6, 7.1), 0.1),
    ("gout_told", "2007-2008", None, (3.9, 5.9, 2.0), 0.06),
]


@pytest.mark.parametrize(("name", "cycles", "people", "published", "within"), PUBLISHED)
def test_prevalence_in_adults(real, name, cycles, people, published, within):
    """Stones: Scales (2012), doi:10.1016/j.eururo.2012.03.052. Gout: Zhu (2011), doi:10.1002/art.30520."""
    design = SurveyDesign(load([name, "age_years", "sex"], cycles=cycles, data=real), domain="age_years >= 20")
    parts = (design, design.within("sex == 'male'"), design.within("sex == 'female'"))
    tables = [weighted_proportion(part, name).table() for part in parts]
    assert [100 * table["estimate"][0] for table in tables] == pytest.approx(published, abs=within)
    assert people in (None, tables[0]["n"][0])
