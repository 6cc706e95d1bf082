"""Age, income and pregnancy, made ready for models."""

import numpy as np
import pandas as pd

from cofactor.cohort.derive import Case, derived
from cofactor.cohort.logic import at_least, below, first_known, is_level, pick

TOP_AGE = 80
TOP_POVERTY_INCOME_RATIO = 5.0
FIRST_DECADE, LAST_DECADE = 1900, 2040
DECADES = tuple(str(decade) for decade in range(FIRST_DECADE, LAST_DECADE + 1, 10))


@derived(
    "Age 80 or over",
    kind="flag",
    source="NHANES demographics documentation: ages of 80 and over are released as 80 since 2007-2008",
    cases=(
        Case(age_years=80.0, gives=True, why="80 is the top code and counts"),
        Case(age_years=79.0, gives=False, why="the last exact age"),
        Case(age_years=None, gives=None, why="unknown stays unknown"),
    ),
)
def age_80_plus(age_years: pd.Series) -> pd.Series:
    """Yes at 80, which stands for 80 and over."""
    return at_least(age_years, TOP_AGE)


@derived(
    "Income at the top code, five times the poverty line or more",
    kind="flag",
    source="NHANES demographics documentation, INDFMPIR",
    cases=(
        Case(poverty_income_ratio=5.0, gives=True, why="5 stands for 5 or more"),
        Case(poverty_income_ratio=4.99, gives=False, why="the largest exact value"),
        Case(poverty_income_ratio=None, gives=None, why="income unknown"),
    ),
)
def poverty_income_ratio_top(poverty_income_ratio: pd.Series) -> pd.Series:
    """Yes where the ratio is 5, the code for 5 or more."""
    return at_least(poverty_income_ratio, TOP_POVERTY_INCOME_RATIO)


@derived(
    "Pregnant at the examination",
    kind="flag",
    source="NHANES demographics documentation, RIDEXPRG",
    cases=(
        Case(pregnancy_status="pregnant", gives=True, why="by test or told"),
        Case(pregnancy_status="not pregnant", gives=False, why="by test or told"),
        Case(pregnancy_status=None, gives=False, why="men, and women outside the released ages"),
        Case(pregnancy_status="cannot be ascertained", gives=None, why="a woman whose state is not known"),
    ),
)
def pregnant(pregnancy_status: pd.Series) -> pd.Series:
    """Yes and no as released; no for men and outside the ages of release; missing where it could not be ascertained.

    Every examined woman within the released ages has a code, so an absent code means outside them. People who were
    not examined are missing.
    """
    yes, unclear = is_level(pregnancy_status, "pregnant"), is_level(pregnancy_status, "cannot be ascertained")
    return yes.fillna(False).mask(unclear.fillna(False))


@derived(
    "Age in months at the start of follow-up, under 80",
    unit="months",
    kind="months",
    source="the month of the examination where it is public (to 2010), else the middle of the year of age",
    cases=(
        Case(age_years=50.0, age_exam_months=605.0, gives=605.0, why="the released month is used"),
        Case(age_years=50.0, age_exam_months=None, gives=606.0, why="else 12 × 50 + 6"),
        Case(age_years=80.0, age_exam_months=965.0, gives=None, why="80 stands for any age from 80"),
        Case(age_years=None, age_exam_months=None, gives=None, why="age unknown"),
    ),
)
def entry_age_months(age_years: pd.Series, age_exam_months: pd.Series | None = None) -> pd.Series:
    """The month of age at the examination where public, else 12 × age + 6; missing at the top code of age."""
    middle = 12 * age_years + 6
    months = middle if age_exam_months is None else first_known(age_exam_months, middle)
    return pick(below(age_years, TOP_AGE), months, np.nan)


@derived(
    "Decade of birth, from the cycle and the age",
    kind="category",
    levels=DECADES,
    source="10 × floor((first year of the cycle + 1 - age) / 10)",
    cases=(
        Case(cycle_first_year=2001.0, age_years=22.0, gives="1980", why="2002 - 22 = 1980 opens the decade"),
        Case(cycle_first_year=2001.0, age_years=23.0, gives="1970", why="1979 closes the one before"),
        Case(cycle_first_year=1999.0, age_years=80.0, gives="1920", why="80 and over is taken as 80"),
        Case(cycle_first_year=2001.0, age_years=None, gives=None, why="age unknown"),
    ),
)
def birth_decade(cycle_first_year: pd.Series, age_years: pd.Series) -> pd.Series:
    """10 × floor((first year of the cycle + 1 - age) / 10), as text; people of 80 and over are taken as 80."""
    decade = np.floor((cycle_first_year + 1 - age_years) / 10) * 10
    codes = ((decade - FIRST_DECADE) / 10).fillna(-1).astype(int)
    return pd.Series(pd.Categorical.from_codes(codes, categories=pd.Index(DECADES)), index=age_years.index)
