"""Alcohol in five levels, as the National Health Interview Survey has them."""

import pandas as pd

from cofactor.cohort.derive import Case, derived
from cofactor.cohort.logic import above, at_most, equals, first_known, first_true, is_level, is_true, pick

LIGHT_UP_TO = 156.0  # drinks a year: 3 a week
MODERATE_UP_TO_MEN = 728.0  # 14 a week
MODERATE_UP_TO_WOMEN = 364.0  # 7 a week
WEEKS, MONTHS = 52.0, 12.0
MOST_DAYS = 364.0
SOURCE = "National Center for Health Statistics, National Health Interview Survey, adult alcohol use status"


@derived(
    "Drinking days a year, from days a week, month or year (1999-2016)",
    unit="days",
    source=SOURCE,
    cases=(
        Case(alcohol_frequency=2.0, alcohol_frequency_unit="week", gives=104.0, why="2 × 52"),
        Case(alcohol_frequency=3.0, alcohol_frequency_unit="month", gives=36.0, why="3 × 12"),
        Case(alcohol_frequency=365.0, alcohol_frequency_unit="year", gives=364.0, why="at most 364"),
        Case(alcohol_frequency=0.0, alcohol_frequency_unit=None, gives=0.0, why="none: the unit is skipped"),
        Case(alcohol_frequency=3.0, alcohol_frequency_unit=None, gives=None, why="unit unknown"),
        Case(alcohol_frequency=None, alcohol_frequency_unit=None, gives=None, why="not asked, or refused"),
    ),
)
def alcohol_days_year_by_number(alcohol_frequency: pd.Series, alcohol_frequency_unit: pd.Series) -> pd.Series:
    """Days a week × 52, a month × 12 or a year × 1, at most 364."""
    in_months = pick(is_level(alcohol_frequency_unit, "month"), MONTHS, 1.0)
    per_unit = pick(is_level(alcohol_frequency_unit, "week"), WEEKS, in_months)
    return pick(equals(alcohol_frequency, 0), 0.0, (alcohol_frequency * per_unit).clip(upper=MOST_DAYS))


@derived(
    "Drinking days a year, past 12 months",
    unit="days",
    source=SOURCE,
    cases=(
        Case(alcohol_days_year_by_number=104.0, gives=104.0, why="up to 2016"),
        Case(alcohol_days_year_by_class=4.5, gives=4.5, why="a class of frequency, from 2017 on"),
        Case(gives=None, why="not asked"),
    ),
)
def alcohol_days_year(
    alcohol_days_year_by_number: pd.Series | None = None, alcohol_days_year_by_class: pd.Series | None = None
) -> pd.Series:
    """As told up to 2016; from 2017 on the middle of a class of frequency."""
    return first_known(alcohol_days_year_by_number, alcohol_days_year_by_class)


@derived(
    "Drinks a year, people who drank in the past 12 months",
    unit="drinks",
    source=SOURCE,
    cases=(
        Case(alcohol_days_year=104.0, alcohol_drinks_drinking_day=2.0, gives=208.0, why="104 days of 2 drinks"),
        Case(alcohol_days_year=0.0, alcohol_drinks_drinking_day=None, gives=0.0, why="drinks are skipped, not unknown"),
        Case(alcohol_days_year=52.0, alcohol_drinks_drinking_day=None, gives=None, why="amount unknown"),
        Case(alcohol_days_year=None, alcohol_drinks_drinking_day=3.0, gives=None, why="days unknown"),
    ),
)
def alcohol_drinks_year(alcohol_days_year: pd.Series, alcohol_drinks_drinking_day: pd.Series) -> pd.Series:
    """Drinking days a year × drinks on such a day (at most 15); 0 without a drinking day."""
    return pick(equals(alcohol_days_year, 0), 0.0, alcohol_days_year * alcohol_drinks_drinking_day)


@derived(
    "Alcohol",
    kind="category",
    levels=("never", "former", "light", "moderate", "heavy"),
    source=SOURCE,
    cases=(
        Case(sex="male", alcohol_ever=False, alcohol_days_year=None, alcohol_drinks_year=None, gives="never",
             why="not in life; the rest is skipped"),
        Case(sex="male", alcohol_ever=True, alcohol_days_year=0.0, alcohol_drinks_year=0.0, gives="former",
             why="not in the past 12 months"),
        Case(sex="male", alcohol_ever=None, alcohol_days_year=52.0, alcohol_drinks_year=156.0, gives="light",
             why="up to 156; the lifetime question was skipped"),
        Case(sex="male", alcohol_ever=True, alcohol_days_year=364.0, alcohol_drinks_year=728.0, gives="moderate",
             why="men up to 728"),
        Case(sex="female", alcohol_ever=True, alcohol_days_year=364.0, alcohol_drinks_year=364.0, gives="moderate",
             why="women up to 364"),
        Case(sex="female", alcohol_ever=True, alcohol_days_year=364.0, alcohol_drinks_year=365.0, gives="heavy",
             why="women above 364"),
        Case(sex="male", alcohol_ever=True, alcohol_days_year=364.0, alcohol_drinks_year=729.0, gives="heavy",
             why="men above 728"),
        Case(sex="male", alcohol_ever=True, alcohol_days_year=52.0, alcohol_drinks_year=None, gives=None,
             why="drinks, amount unknown"),
        Case(sex="male", alcohol_ever=None, alcohol_days_year=None, alcohol_drinks_year=None, gives=None,
             why="not asked, or refused"),
    ),
)  # fmt: skip
def alcohol(
    sex: pd.Series, alcohol_ever: pd.Series, alcohol_days_year: pd.Series, alcohol_drinks_year: pd.Series
) -> pd.Series:
    """Never; former (not in the past 12 months); light to 156 drinks a year; moderate to 728 (women 364); heavy above.

    The lifetime question changed in 2017-2018 from twelve drinks to one: people with 1-11 drinks in life are former or
    light there, and never falls.
    """
    moderate = pick(is_level(sex, "male"), MODERATE_UP_TO_MEN, MODERATE_UP_TO_WOMEN)
    return first_true(
        {
            # The lifetime question is skipped by people who drank 12 in a year: missing there is not unknown.
            "never": is_true(~alcohol_ever),
            "former": equals(alcohol_days_year, 0),
            "light": at_most(alcohol_drinks_year, LIGHT_UP_TO),
            "moderate": at_most(alcohol_drinks_year, moderate),
            "heavy": above(alcohol_drinks_year, moderate),
        }
    )
