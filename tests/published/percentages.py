"""Weighted percentages in the form of published tables: crude, with their errors, and adjusted for age as NCHS does."""

from __future__ import annotations

import pandas as pd

from cofactor.survey import SurveyDesign, weighted_mean

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
