"""Intake from supplements and antacids of the past 30 days, and total intake (2007 on)."""

import pandas as pd

from cofactor.cohort.derive import Case, derived
from cofactor.cohort.logic import is_true, known

SOURCE = "NHANES 30-day dietary supplement use, total file (DSQTOT), 2007 on"


def nothing_is_zero(released: pd.Series, supplement_any: pd.Series) -> pd.Series:
    """The released amount; 0 for people without one who told whether they take any; else missing.

    The file has a missing value for people who took nothing, and for users of products without the nutrient.
    """
    return released.mask(released.isna() & known(supplement_any), 0.0)


@derived(
    "A supplement of unknown amount, days or product",
    kind="flag",
    source="NHANES 30-day dietary supplement use, product file (DSQIDS), 2007 on",
    cases=(
        Case(supplement_any=True, supplement_product_unclear=True, gives=True, why="the total is short of a product"),
        Case(supplement_any=True, supplement_product_unclear=False, gives=False, why="every product is clear"),
        Case(supplement_any=False, supplement_product_unclear=None, gives=False, why="no products"),
        Case(supplement_any=None, supplement_product_unclear=None, gives=None, why="not known whether any was taken"),
    ),
)
def supplement_incomplete(supplement_any: pd.Series, supplement_product_unclear: pd.Series) -> pd.Series:
    """Yes where any product lacks its amount or its days: totals of supplements are then too low."""
    unclear = is_true(supplement_product_unclear)
    return unclear.where(unclear | known(supplement_any))


@derived(
    "Magnesium from supplements and antacids",
    unit="mg",
    source=SOURCE,
    cases=(
        Case(magnesium_supplement_released_mg=50.0, supplement_any=True, gives=50.0, why="as released"),
        Case(magnesium_supplement_released_mg=30.0, supplement_any=False, gives=30.0, why="antacids count"),
        Case(magnesium_supplement_released_mg=None, supplement_any=False, gives=0.0, why="took nothing"),
        Case(magnesium_supplement_released_mg=None, supplement_any=True, gives=0.0, why="products without it"),
        Case(magnesium_supplement_released_mg=None, supplement_any=None, gives=None, why="not known"),
    ),
)  # fmt: skip
def magnesium_supplement_mg(magnesium_supplement_released_mg: pd.Series, supplement_any: pd.Series) -> pd.Series:
    """Mean a day of the past 30, antacids included; 0 for people who took none of it."""
    return nothing_is_zero(magnesium_supplement_released_mg, supplement_any)


@derived(
    "Magnesium from food, drink and supplements",
    unit="mg",
    source=SOURCE,
    cases=(
        Case(magnesium_diet_mg=250.0, magnesium_supplement_mg=50.0, gives=300.0, why="the sum"),
        Case(magnesium_diet_mg=250.0, magnesium_supplement_mg=None, gives=None, why="supplements not known"),
    ),
)  # fmt: skip
def magnesium_total_mg(magnesium_diet_mg: pd.Series, magnesium_supplement_mg: pd.Series) -> pd.Series:
    """Diet (mean of the reliable recalls) and supplements added up."""
    return magnesium_diet_mg + magnesium_supplement_mg


@derived(
    "Calcium from supplements and antacids",
    unit="mg",
    source=SOURCE,
    cases=(
        Case(calcium_supplement_released_mg=50.0, supplement_any=True, gives=50.0, why="as released"),
        Case(calcium_supplement_released_mg=30.0, supplement_any=False, gives=30.0, why="antacids count"),
        Case(calcium_supplement_released_mg=None, supplement_any=False, gives=0.0, why="took nothing"),
        Case(calcium_supplement_released_mg=None, supplement_any=True, gives=0.0, why="products without it"),
        Case(calcium_supplement_released_mg=None, supplement_any=None, gives=None, why="not known"),
    ),
)  # fmt: skip
def calcium_supplement_mg(calcium_supplement_released_mg: pd.Series, supplement_any: pd.Series) -> pd.Series:
    """Mean a day of the past 30, antacids included; 0 for people who took none of it."""
    return nothing_is_zero(calcium_supplement_released_mg, supplement_any)


@derived(
    "Calcium from food, drink and supplements",
    unit="mg",
    source=SOURCE,
    cases=(
        Case(calcium_diet_mg=250.0, calcium_supplement_mg=50.0, gives=300.0, why="the sum"),
        Case(calcium_diet_mg=250.0, calcium_supplement_mg=None, gives=None, why="supplements not known"),
    ),
)  # fmt: skip
def calcium_total_mg(calcium_diet_mg: pd.Series, calcium_supplement_mg: pd.Series) -> pd.Series:
    """Diet (mean of the reliable recalls) and supplements added up."""
    return calcium_diet_mg + calcium_supplement_mg


@derived(
    "Vitamin D from supplements and antacids",
    unit="µg",
    source=SOURCE,
    cases=(
        Case(vitamin_d_supplement_released_ug=50.0, supplement_any=True, gives=50.0, why="as released"),
        Case(vitamin_d_supplement_released_ug=30.0, supplement_any=False, gives=30.0, why="antacids count"),
        Case(vitamin_d_supplement_released_ug=None, supplement_any=False, gives=0.0, why="took nothing"),
        Case(vitamin_d_supplement_released_ug=None, supplement_any=True, gives=0.0, why="products without it"),
        Case(vitamin_d_supplement_released_ug=None, supplement_any=None, gives=None, why="not known"),
    ),
)  # fmt: skip
def vitamin_d_supplement_ug(vitamin_d_supplement_released_ug: pd.Series, supplement_any: pd.Series) -> pd.Series:
    """Mean a day of the past 30, antacids included; 0 for people who took none of it."""
    return nothing_is_zero(vitamin_d_supplement_released_ug, supplement_any)


@derived(
    "Vitamin D from food, drink and supplements",
    unit="µg",
    source=SOURCE,
    cases=(
        Case(vitamin_d_diet_ug=250.0, vitamin_d_supplement_ug=50.0, gives=300.0, why="the sum"),
        Case(vitamin_d_diet_ug=250.0, vitamin_d_supplement_ug=None, gives=None, why="supplements not known"),
    ),
)  # fmt: skip
def vitamin_d_total_ug(vitamin_d_diet_ug: pd.Series, vitamin_d_supplement_ug: pd.Series) -> pd.Series:
    """Diet (mean of the reliable recalls) and supplements added up."""
    return vitamin_d_diet_ug + vitamin_d_supplement_ug


@derived(
    "Magnesium from food, drink and supplements on the day of the first recall",
    unit="mg",
    source="NHANES 24-hour dietary supplement use, first day, total file (DS1TOT), 2007-2018",
    cases=(
        Case(magnesium_diet_day1_mg=250.0, recall_reliable_day1=True, magnesium_supplement_day1_released_mg=50.0,
             supplement_day1_any=True, gives=300.0, why="the sum"),
        Case(magnesium_diet_day1_mg=250.0, recall_reliable_day1=True, magnesium_supplement_day1_released_mg=None,
             supplement_day1_any=False, gives=250.0, why="took nothing that day"),
        Case(magnesium_diet_day1_mg=250.0, recall_reliable_day1=False, magnesium_supplement_day1_released_mg=None,
             supplement_day1_any=False, gives=None, why="the recall is not reliable"),
        Case(magnesium_diet_day1_mg=250.0, recall_reliable_day1=True, magnesium_supplement_day1_released_mg=None,
             supplement_day1_any=None, gives=None, why="supplements not known"),
    ),
)  # fmt: skip
def magnesium_total_day1_mg(
    magnesium_diet_day1_mg: pd.Series,
    recall_reliable_day1: pd.Series,
    magnesium_supplement_day1_released_mg: pd.Series,
    supplement_day1_any: pd.Series,
) -> pd.Series:
    """The first recall and the supplements of the same 24 hours: another variable than `magnesium_total_mg`."""
    supplement = nothing_is_zero(magnesium_supplement_day1_released_mg, supplement_day1_any)
    return (magnesium_diet_day1_mg + supplement).where(is_true(recall_reliable_day1))
