"""Intake against dietary reference intakes, ratios of nutrients, and density."""

import numpy as np
import pandas as pd

from cofactor.cohort.derive import Case, derived
from cofactor.cohort.logic import above, at_least, below, is_level, is_true, pick

EAR_FROM_AGE = 19
OLDER_FROM_AGE = 31
EAR_MEN, EAR_OLDER_MEN = 330.0, 350.0  # mg a day
EAR_WOMEN, EAR_OLDER_WOMEN = 255.0, 265.0
IOM = "Institute of Medicine (1997), Dietary Reference Intakes, doi:10.17226/5776"


@derived(
    "Estimated average requirement of magnesium",
    unit="mg",
    source=IOM,
    cases=(
        Case(age_years=19.0, sex="male", pregnant=False, gives=330.0, why="men 19-30"),
        Case(age_years=30.0, sex="male", pregnant=False, gives=330.0, why="30 is still the younger group"),
        Case(age_years=31.0, sex="male", pregnant=False, gives=350.0, why="men from 31"),
        Case(age_years=30.0, sex="female", pregnant=False, gives=255.0, why="women 19-30"),
        Case(age_years=31.0, sex="female", pregnant=None, gives=265.0, why="not known to be pregnant"),
        Case(age_years=31.0, sex="female", pregnant=True, gives=None, why="pregnancy has a requirement of its own"),
        Case(age_years=18.0, sex="male", pregnant=False, gives=None, why="adults alone"),
    ),
)
def magnesium_ear_mg(age_years: pd.Series, sex: pd.Series, pregnant: pd.Series) -> pd.Series:
    """Men 330 mg (from 31: 350), women 255 mg (from 31: 265); missing under 19 and in known pregnancy."""
    older, man = at_least(age_years, OLDER_FROM_AGE), is_level(sex, "male")
    need = pick(man, pick(older, EAR_OLDER_MEN, EAR_MEN), pick(older, EAR_OLDER_WOMEN, EAR_WOMEN))
    return pick(at_least(age_years, EAR_FROM_AGE) & ~is_true(pregnant), need, np.nan)


def _below_ear_cases(intake: str) -> tuple[Case, ...]:
    return (
        Case(**{intake: 349.9}, magnesium_ear_mg=350.0, gives=True, why="less than the requirement"),
        Case(**{intake: 350.0}, magnesium_ear_mg=350.0, gives=False, why="the requirement itself is enough"),
        Case(**{intake: None}, magnesium_ear_mg=350.0, gives=None, why="intake unknown"),
        Case(**{intake: 100.0}, magnesium_ear_mg=None, gives=None, why="no requirement stated"),
    )


@derived("Magnesium from diet below the EAR", kind="flag", source=IOM, cases=_below_ear_cases("magnesium_diet_mg"))
def magnesium_below_ear(magnesium_diet_mg: pd.Series, magnesium_ear_mg: pd.Series) -> pd.Series:
    """Mean of the reliable recalls below the EAR. Its share is one of recalls, not of people by their usual intake."""
    return below(magnesium_diet_mg, magnesium_ear_mg)


@derived(
    "Magnesium of the first recall below the EAR",
    kind="flag",
    source=IOM,
    cases=(
        Case(magnesium_diet_day1_mg=349.9, recall_reliable_day1=True, magnesium_ear_mg=350.0, gives=True, why="less"),
        Case(magnesium_diet_day1_mg=350.0, recall_reliable_day1=True, magnesium_ear_mg=350.0, gives=False, why="not"),
        Case(magnesium_diet_day1_mg=100.0, recall_reliable_day1=False, magnesium_ear_mg=350.0, gives=None,
             why="not reliable"),
    ),
)  # fmt: skip
def magnesium_below_ear_day1(
    magnesium_diet_day1_mg: pd.Series, recall_reliable_day1: pd.Series, magnesium_ear_mg: pd.Series
) -> pd.Series:
    """The first recall, where reliable, below the estimated average requirement."""
    return below(magnesium_diet_day1_mg, magnesium_ear_mg).where(is_true(recall_reliable_day1))


@derived(
    "Magnesium of two recalls below the EAR",
    kind="flag",
    source=IOM,
    cases=_below_ear_cases("magnesium_diet_two_day_mg"),
)
def magnesium_two_day_below_ear(magnesium_diet_two_day_mg: pd.Series, magnesium_ear_mg: pd.Series) -> pd.Series:
    """Mean of two reliable recalls below the estimated average requirement."""
    return below(magnesium_diet_two_day_mg, magnesium_ear_mg)


@derived(
    "Magnesium from diet and supplements below the EAR",
    kind="flag",
    source=IOM,
    cases=_below_ear_cases("magnesium_total_mg"),
)
def magnesium_total_below_ear(magnesium_total_mg: pd.Series, magnesium_ear_mg: pd.Series) -> pd.Series:
    """Total intake below the estimated average requirement."""
    return below(magnesium_total_mg, magnesium_ear_mg)


def _ratio(top: pd.Series, bottom: pd.Series) -> pd.Series:
    """A ratio; missing where the lower part is 0."""
    return pick(above(bottom, 0), top / bottom.where(above(bottom, 0).fillna(False)), np.nan)


@derived(
    "Calcium to magnesium ratio, diet",
    unit="mg per mg",
    source="Rosanoff, Dai & Shapses (2016), doi:10.3945/an.115.008631",
    cases=(
        Case(calcium_diet_mg=900.0, magnesium_diet_mg=300.0, gives=3.0, why="900 / 300"),
        Case(calcium_diet_mg=0.0, magnesium_diet_mg=300.0, gives=0.0, why="no calcium is a true zero"),
        Case(calcium_diet_mg=900.0, magnesium_diet_mg=0.0, gives=None, why="no magnesium: undefined, not infinite"),
        Case(calcium_diet_mg=900.0, magnesium_diet_mg=None, gives=None, why="unknown"),
    ),
)
def ca_mg_ratio(calcium_diet_mg: pd.Series, magnesium_diet_mg: pd.Series) -> pd.Series:
    """Calcium over magnesium of the same reliable days (the ratio of means over days is that of sums)."""
    return _ratio(calcium_diet_mg, magnesium_diet_mg)


@derived(
    "Calcium to magnesium ratio, diet and supplements",
    unit="mg per mg",
    source="Rosanoff, Dai & Shapses (2016), doi:10.3945/an.115.008631",
    cases=(
        Case(calcium_total_mg=1200.0, magnesium_total_mg=400.0, gives=3.0, why="1,200 / 400"),
        Case(calcium_total_mg=1200.0, magnesium_total_mg=None, gives=None, why="unknown"),
    ),
)
def ca_mg_ratio_total(calcium_total_mg: pd.Series, magnesium_total_mg: pd.Series) -> pd.Series:
    """Total calcium over total magnesium."""
    return _ratio(calcium_total_mg, magnesium_total_mg)


@derived(
    "Magnesium density of the diet",
    unit="mg per 1,000 kcal",
    source="nutrient density: Willett, Howe & Kushi (1997), doi:10.1093/ajcn/65.4.1220S",
    cases=(
        Case(magnesium_diet_mg=300.0, energy_diet_kcal=2000.0, gives=150.0, why="300 × 1,000 / 2,000"),
        Case(magnesium_diet_mg=0.0, energy_diet_kcal=0.0, gives=None, why="a day without energy has no density"),
    ),
)
def magnesium_density_mg_1000_kcal(magnesium_diet_mg: pd.Series, energy_diet_kcal: pd.Series) -> pd.Series:
    """Magnesium for each 1,000 kcal of the same reliable days."""
    return 1000 * _ratio(magnesium_diet_mg, energy_diet_kcal)
