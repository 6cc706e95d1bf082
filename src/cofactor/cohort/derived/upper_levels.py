"""Intake above the tolerable upper level, adults."""

import numpy as np
import pandas as pd

from cofactor.cohort.derive import Case, derived
from cofactor.cohort.logic import above, at_least, pick

ADULT = 19
OLDER = 51
CALCIUM_UL, CALCIUM_UL_OLDER = 2500.0, 2000.0  # mg a day
VITAMIN_D_UL = 100.0  # µg a day
ZINC_UL = 40.0  # mg a day
MAGNESIUM_UL_SUPPLEMENT = 350.0  # mg a day, of supplements and medicines alone
IOM_1997 = "Institute of Medicine (1997), Dietary Reference Intakes, doi:10.17226/5776"
IOM_2001 = "Institute of Medicine (2001), Dietary Reference Intakes, doi:10.17226/10026"
IOM_2011 = "Institute of Medicine (2011), Dietary Reference Intakes for Calcium and Vitamin D, doi:10.17226/13050"


@derived(
    "Magnesium from supplements above the upper level",
    kind="flag",
    source=IOM_1997,
    cases=(
        Case(magnesium_supplement_mg=350.1, age_years=40.0, gives=True, why="above"),
        Case(magnesium_supplement_mg=350.0, age_years=40.0, gives=False, why="the level itself is tolerable"),
        Case(magnesium_supplement_mg=None, age_years=40.0, gives=None, why="not known"),
        Case(magnesium_supplement_mg=400.0, age_years=18.0, gives=None, why="adults alone"),
    ),
)
def magnesium_above_ul(magnesium_supplement_mg: pd.Series, age_years: pd.Series) -> pd.Series:
    """More than 350 mg a day from supplements and medicines: the upper level of magnesium leaves food out."""
    return above(magnesium_supplement_mg, pick(at_least(age_years, ADULT), MAGNESIUM_UL_SUPPLEMENT, np.nan))


@derived(
    "Calcium, diet and supplements, above the upper level",
    kind="flag",
    source=IOM_2011,
    cases=(
        Case(calcium_total_mg=2500.0, age_years=50.0, gives=False, why="2,500 to age 50"),
        Case(calcium_total_mg=2000.1, age_years=51.0, gives=True, why="2,000 from 51"),
        Case(calcium_total_mg=3000.0, age_years=18.0, gives=None, why="adults alone"),
        Case(calcium_total_mg=None, age_years=51.0, gives=None, why="not known"),
    ),
)
def calcium_above_ul(calcium_total_mg: pd.Series, age_years: pd.Series) -> pd.Series:
    """Total calcium above 2,500 mg a day (2,000 from age 51); missing under 19."""
    level = pick(at_least(age_years, OLDER), CALCIUM_UL_OLDER, CALCIUM_UL)
    return above(calcium_total_mg, pick(at_least(age_years, ADULT), level, np.nan))


@derived(
    "Vitamin D, diet and supplements, above the upper level",
    kind="flag",
    source=IOM_2011,
    cases=(
        Case(vitamin_d_total_ug=100.1, age_years=19.0, gives=True, why="above"),
        Case(vitamin_d_total_ug=100.0, age_years=19.0, gives=False, why="the level itself is tolerable"),
        Case(vitamin_d_total_ug=120.0, age_years=18.0, gives=None, why="adults alone"),
    ),
)
def vitamin_d_above_ul(vitamin_d_total_ug: pd.Series, age_years: pd.Series) -> pd.Series:
    """Total vitamin D above 100 µg (4,000 IU) a day; missing under 19."""
    return above(vitamin_d_total_ug, pick(at_least(age_years, ADULT), VITAMIN_D_UL, np.nan))


@derived(
    "Zinc, diet and supplements, above the upper level",
    kind="flag",
    source=IOM_2001,
    cases=(
        Case(zinc_total_mg=40.1, age_years=19.0, gives=True, why="above"),
        Case(zinc_total_mg=40.0, age_years=19.0, gives=False, why="the level itself is tolerable"),
        Case(zinc_total_mg=None, age_years=19.0, gives=None, why="not known"),
    ),
)
def zinc_above_ul(zinc_total_mg: pd.Series, age_years: pd.Series) -> pd.Series:
    """Total zinc above 40 mg a day; missing under 19."""
    return above(zinc_total_mg, pick(at_least(age_years, ADULT), ZINC_UL, np.nan))
