"""Infections of the past 30 days."""

import pandas as pd

from cofactor.cohort.derive import Case, derived
from cofactor.cohort.logic import any_of


@derived(
    "Any infection that began in the past 30 days",
    kind="flag",
    source="NHANES current health status questionnaire",
    cases=(
        Case(cold_30d=False, stomach_illness_30d=True, flu_pneumonia_ear_30d=None, gives=True, why="one is enough"),
        Case(cold_30d=False, stomach_illness_30d=False, flu_pneumonia_ear_30d=None, gives=None,
             why="a no needs all three"),
        Case(cold_30d=False, stomach_illness_30d=False, flu_pneumonia_ear_30d=False, gives=False, why="all three no"),
    ),
)  # fmt: skip
def infection_30d(cold_30d: pd.Series, stomach_illness_30d: pd.Series, flu_pneumonia_ear_30d: pd.Series) -> pd.Series:
    """Any of a cold, a stomach illness, and influenza, pneumonia or an ear infection."""
    return any_of(cold_30d, stomach_illness_30d, flu_pneumonia_ear_30d)
