"""Fibre and vitamin C from food and drink."""

import pandas as pd

from cofactor.cohort.derive import Case, derived
from cofactor.cohort.derived.recalls import SOURCE, mean_of_reliable, mean_of_two


@derived(
    "Fibre from food and drink, mean of the reliable recalls",
    unit="g",
    source=SOURCE,
    cases=(
        Case(fibre_diet_day1_g=100.0, recall_reliable_day1=True, fibre_diet_day2_g=200.0,
             recall_reliable_day2=True, gives=150.0, why="both days"),
        Case(fibre_diet_day1_g=100.0, recall_reliable_day1=True, fibre_diet_day2_g=200.0,
             recall_reliable_day2=False, gives=100.0, why="the second is not reliable"),
        Case(fibre_diet_day1_g=100.0, recall_reliable_day1=True, gives=100.0, why="cycles without a second day"),
        Case(fibre_diet_day1_g=0.0, recall_reliable_day1=True, gives=0.0, why="a true zero"),
        Case(fibre_diet_day1_g=None, recall_reliable_day1=False, fibre_diet_day2_g=200.0,
             recall_reliable_day2=True, gives=None, why="the second day alone is not enough"),
    ),
)  # fmt: skip
def fibre_diet_g(
    fibre_diet_day1_g: pd.Series,
    recall_reliable_day1: pd.Series,
    fibre_diet_day2_g: pd.Series | None = None,
    recall_reliable_day2: pd.Series | None = None,
) -> pd.Series:
    """The mean of the reliable recalls that a person has, the first among them."""
    return mean_of_reliable(fibre_diet_day1_g, recall_reliable_day1, fibre_diet_day2_g, recall_reliable_day2)


@derived(
    "Fibre from food and drink, mean of two reliable recalls",
    unit="g",
    source=SOURCE,
    cases=(
        Case(fibre_diet_day1_g=100.0, recall_reliable_day1=True, fibre_diet_day2_g=200.0,
             recall_reliable_day2=True, gives=150.0, why="both days"),
        Case(fibre_diet_day1_g=100.0, recall_reliable_day1=True, fibre_diet_day2_g=None,
             recall_reliable_day2=False, gives=None, why="needs both"),
    ),
)  # fmt: skip
def fibre_diet_two_day_g(
    fibre_diet_day1_g: pd.Series,
    recall_reliable_day1: pd.Series,
    fibre_diet_day2_g: pd.Series,
    recall_reliable_day2: pd.Series,
) -> pd.Series:
    """The mean of both recalls, for people with two reliable ones (2003 on)."""
    return mean_of_two(fibre_diet_day1_g, recall_reliable_day1, fibre_diet_day2_g, recall_reliable_day2)


@derived(
    "Vitamin C from food and drink, mean of the reliable recalls",
    unit="mg",
    source=SOURCE,
    cases=(
        Case(vitamin_c_diet_day1_mg=100.0, recall_reliable_day1=True, vitamin_c_diet_day2_mg=200.0,
             recall_reliable_day2=True, gives=150.0, why="both days"),
        Case(vitamin_c_diet_day1_mg=100.0, recall_reliable_day1=True, vitamin_c_diet_day2_mg=200.0,
             recall_reliable_day2=False, gives=100.0, why="the second is not reliable"),
        Case(vitamin_c_diet_day1_mg=100.0, recall_reliable_day1=True, gives=100.0, why="cycles without a second day"),
        Case(vitamin_c_diet_day1_mg=0.0, recall_reliable_day1=True, gives=0.0, why="a true zero"),
        Case(vitamin_c_diet_day1_mg=None, recall_reliable_day1=False, vitamin_c_diet_day2_mg=200.0,
             recall_reliable_day2=True, gives=None, why="the second day alone is not enough"),
    ),
)  # fmt: skip
def vitamin_c_diet_mg(
    vitamin_c_diet_day1_mg: pd.Series,
    recall_reliable_day1: pd.Series,
    vitamin_c_diet_day2_mg: pd.Series | None = None,
    recall_reliable_day2: pd.Series | None = None,
) -> pd.Series:
    """The mean of the reliable recalls that a person has, the first among them."""
    return mean_of_reliable(vitamin_c_diet_day1_mg, recall_reliable_day1, vitamin_c_diet_day2_mg, recall_reliable_day2)


@derived(
    "Vitamin C from food and drink, mean of two reliable recalls",
    unit="mg",
    source=SOURCE,
    cases=(
        Case(vitamin_c_diet_day1_mg=100.0, recall_reliable_day1=True, vitamin_c_diet_day2_mg=200.0,
             recall_reliable_day2=True, gives=150.0, why="both days"),
        Case(vitamin_c_diet_day1_mg=100.0, recall_reliable_day1=True, vitamin_c_diet_day2_mg=None,
             recall_reliable_day2=False, gives=None, why="needs both"),
    ),
)  # fmt: skip
def vitamin_c_diet_two_day_mg(
    vitamin_c_diet_day1_mg: pd.Series,
    recall_reliable_day1: pd.Series,
    vitamin_c_diet_day2_mg: pd.Series,
    recall_reliable_day2: pd.Series,
) -> pd.Series:
    """The mean of both recalls, for people with two reliable ones (2003 on)."""
    return mean_of_two(vitamin_c_diet_day1_mg, recall_reliable_day1, vitamin_c_diet_day2_mg, recall_reliable_day2)
