"""How many prescription medicines a person takes."""

import pandas as pd

from cofactor.cohort.derive import Case, derived
from cofactor.cohort.logic import at_least, first_known, pick

SOURCE = "NHANES prescription medications questionnaire"
MANY = 5.0


@derived(
    "Prescription medicines taken in the past month",
    unit="medicines",
    source=SOURCE,
    cases=(
        Case(medicine_any=True, medicine_count_told=3.0, gives=3.0, why="as counted"),
        Case(medicine_any=False, medicine_count_told=None, gives=0.0, why="took none"),
        Case(medicine_any=True, medicine_count_told=None, gives=None, why="took some, number unknown"),
        Case(medicine_any=None, medicine_count_told=None, gives=None, why="refused or not known"),
    ),
)
def medicine_count(medicine_any: pd.Series, medicine_count_told: pd.Series) -> pd.Series:
    """As counted by CDC, medicines of unknown name too; 0 for people who took none."""
    return pick(medicine_any, medicine_count_told, 0.0)


@derived(
    "Takes five prescription medicines or more",
    kind="flag",
    source=SOURCE,
    cases=(
        Case(medicine_any=True, medicine_count_told=5.0, gives=True, why="five itself counts"),
        Case(medicine_any=True, medicine_count_told=4.0, gives=False, why="four"),
        Case(medicine_any=True, medicine_count_told_to_5=5.0, gives=True, why="five or more, as 2021-2023 asks"),
        Case(medicine_any=False, medicine_count_told=None, gives=False, why="took none"),
        Case(medicine_any=True, medicine_count_told=None, gives=None, why="number unknown"),
        Case(medicine_any=None, medicine_count_told=None, gives=None, why="refused or not known"),
    ),
)
def medicines_5_or_more(
    medicine_any: pd.Series,
    medicine_count_told: pd.Series | None = None,
    medicine_count_told_to_5: pd.Series | None = None,
) -> pd.Series:
    """Five or more; a no for people who took none."""
    return at_least(pick(medicine_any, first_known(medicine_count_told, medicine_count_told_to_5), 0.0), MANY)
