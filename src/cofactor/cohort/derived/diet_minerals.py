"""Phosphorus, potassium, zinc and sodium from food and drink."""

import pandas as pd

from cofactor.cohort.derive import Case, derived
from cofactor.cohort.derived.recalls import SOURCE, mean_of_reliable, mean_of_two


@derived(
    "Phosphorus from food and drink, mean of the reliable recalls",
    unit="mg",
    source=SOURCE,
    cases=(
        Case(phosphorus_diet_day1_mg=100.0, recall_reliable_day1=True, phosphorus_diet_day2_mg=200.0,
             recall_reliable_day2=True, gives=150.0, why="both days"),
        Case(phosphorus_diet_day1_mg=100.0, recall_reliable_day1=True, phosphorus_diet_day2_mg=200.0,
             recall_reliable_day2=False, gives=100.0, why="the second is not reliable"),
        Case(phosphorus_diet_day1_mg=100.0, recall_reliable_day1=True, gives=100.0, why="cycles without a second day"),
        Case(phosphorus_diet_day1_mg=0.0, recall_reliable_day1=True, gives=0.0, why="a true zero"),
        Case(phosphorus_diet_day1_mg=None, recall_reliable_day1=False, phosphorus_diet_day2_mg=200.0,
             recall_reliable_day2=True, gives=None, why="the second day alone is not enough"),
    ),
)  # fmt: skip
def phosphorus_diet_mg(
    phosphorus_diet_day1_mg: pd.Series,
    recall_reliable_day1: pd.Series,
    phosphorus_diet_day2_mg: pd.Series | None = None,
    recall_reliable_day2: pd.Series | None = None,
) -> pd.Series:
    """The mean of the reliable recalls that a person has, the first among them."""
    return mean_of_reliable(
        phosphorus_diet_day1_mg, recall_reliable_day1, phosphorus_diet_day2_mg, recall_reliable_day2
    )


@derived(
    "Phosphorus from food and drink, mean of two reliable recalls",
    unit="mg",
    source=SOURCE,
    cases=(
        Case(phosphorus_diet_day1_mg=100.0, recall_reliable_day1=True, phosphorus_diet_day2_mg=200.0,
             recall_reliable_day2=True, gives=150.0, why="both days"),
        Case(phosphorus_diet_day1_mg=100.0, recall_reliable_day1=True, phosphorus_diet_day2_mg=None,
             recall_reliable_day2=False, gives=None, why="needs both"),
    ),
)  # fmt: skip
def phosphorus_diet_two_day_mg(
    phosphorus_diet_day1_mg: pd.Series,
    recall_reliable_day1: pd.Series,
    phosphorus_diet_day2_mg: pd.Series,
    recall_reliable_day2: pd.Series,
) -> pd.Series:
    """The mean of both recalls, for people with two reliable ones (2003 on)."""
    return mean_of_two(phosphorus_diet_day1_mg, recall_reliable_day1, phosphorus_diet_day2_mg, recall_reliable_day2)


@derived(
    "Potassium from food and drink, mean of the reliable recalls",
    unit="mg",
    source=SOURCE,
    cases=(
        Case(potassium_diet_day1_mg=100.0, recall_reliable_day1=True, potassium_diet_day2_mg=200.0,
             recall_reliable_day2=True, gives=150.0, why="both days"),
        Case(potassium_diet_day1_mg=100.0, recall_reliable_day1=True, potassium_diet_day2_mg=200.0,
             recall_reliable_day2=False, gives=100.0, why="the second is not reliable"),
        Case(potassium_diet_day1_mg=100.0, recall_reliable_day1=True, gives=100.0, why="cycles without a second day"),
        Case(potassium_diet_day1_mg=0.0, recall_reliable_day1=True, gives=0.0, why="a true zero"),
        Case(potassium_diet_day1_mg=None, recall_reliable_day1=False, potassium_diet_day2_mg=200.0,
             recall_reliable_day2=True, gives=None, why="the second day alone is not enough"),
    ),
)  # fmt: skip
def potassium_diet_mg(
    potassium_diet_day1_mg: pd.Series,
    recall_reliable_day1: pd.Series,
    potassium_diet_day2_mg: pd.Series | None = None,
    recall_reliable_day2: pd.Series | None = None,
) -> pd.Series:
    """The mean of the reliable recalls that a person has, the first among them."""
    return mean_of_reliable(potassium_diet_day1_mg, recall_reliable_day1, potassium_diet_day2_mg, recall_reliable_day2)


@derived(
    "Potassium from food and drink, mean of two reliable recalls",
    unit="mg",
    source=SOURCE,
    cases=(
        Case(potassium_diet_day1_mg=100.0, recall_reliable_day1=True, potassium_diet_day2_mg=200.0,
             recall_reliable_day2=True, gives=150.0, why="both days"),
        Case(potassium_diet_day1_mg=100.0, recall_reliable_day1=True, potassium_diet_day2_mg=None,
             recall_reliable_day2=False, gives=None, why="needs both"),
    ),
)  # fmt: skip
def potassium_diet_two_day_mg(
    potassium_diet_day1_mg: pd.Series,
    recall_reliable_day1: pd.Series,
    potassium_diet_day2_mg: pd.Series,
    recall_reliable_day2: pd.Series,
) -> pd.Series:
    """The mean of both recalls, for people with two reliable ones (2003 on)."""
    return mean_of_two(potassium_diet_day1_mg, recall_reliable_day1, potassium_diet_day2_mg, recall_reliable_day2)


@derived(
    "Zinc from food and drink, mean of the reliable recalls",
    unit="mg",
    source=SOURCE,
    cases=(
        Case(zinc_diet_day1_mg=100.0, recall_reliable_day1=True, zinc_diet_day2_mg=200.0,
             recall_reliable_day2=True, gives=150.0, why="both days"),
        Case(zinc_diet_day1_mg=100.0, recall_reliable_day1=True, zinc_diet_day2_mg=200.0,
             recall_reliable_day2=False, gives=100.0, why="the second is not reliable"),
        Case(zinc_diet_day1_mg=100.0, recall_reliable_day1=True, gives=100.0, why="cycles without a second day"),
        Case(zinc_diet_day1_mg=0.0, recall_reliable_day1=True, gives=0.0, why="a true zero"),
        Case(zinc_diet_day1_mg=None, recall_reliable_day1=False, zinc_diet_day2_mg=200.0,
             recall_reliable_day2=True, gives=None, why="the second day alone is not enough"),
    ),
)  # fmt: skip
def zinc_diet_mg(
    zinc_diet_day1_mg: pd.Series,
    recall_reliable_day1: pd.Series,
    zinc_diet_day2_mg: pd.Series | None = None,
    recall_reliable_day2: pd.Series | None = None,
) -> pd.Series:
    """The mean of the reliable recalls that a person has, the first among them."""
    return mean_of_reliable(zinc_diet_day1_mg, recall_reliable_day1, zinc_diet_day2_mg, recall_reliable_day2)


@derived(
    "Zinc from food and drink, mean of two reliable recalls",
    unit="mg",
    source=SOURCE,
    cases=(
        Case(zinc_diet_day1_mg=100.0, recall_reliable_day1=True, zinc_diet_day2_mg=200.0,
             recall_reliable_day2=True, gives=150.0, why="both days"),
        Case(zinc_diet_day1_mg=100.0, recall_reliable_day1=True, zinc_diet_day2_mg=None,
             recall_reliable_day2=False, gives=None, why="needs both"),
    ),
)  # fmt: skip
def zinc_diet_two_day_mg(
    zinc_diet_day1_mg: pd.Series,
    recall_reliable_day1: pd.Series,
    zinc_diet_day2_mg: pd.Series,
    recall_reliable_day2: pd.Series,
) -> pd.Series:
    """The mean of both recalls, for people with two reliable ones (2003 on)."""
    return mean_of_two(zinc_diet_day1_mg, recall_reliable_day1, zinc_diet_day2_mg, recall_reliable_day2)


@derived(
    "Sodium from food and drink, mean of the reliable recalls",
    unit="mg",
    source=SOURCE,
    cases=(
        Case(sodium_diet_day1_mg=100.0, recall_reliable_day1=True, sodium_diet_day2_mg=200.0,
             recall_reliable_day2=True, gives=150.0, why="both days"),
        Case(sodium_diet_day1_mg=100.0, recall_reliable_day1=True, sodium_diet_day2_mg=200.0,
             recall_reliable_day2=False, gives=100.0, why="the second is not reliable"),
        Case(sodium_diet_day1_mg=100.0, recall_reliable_day1=True, gives=100.0, why="cycles without a second day"),
        Case(sodium_diet_day1_mg=0.0, recall_reliable_day1=True, gives=0.0, why="a true zero"),
        Case(sodium_diet_day1_mg=None, recall_reliable_day1=False, sodium_diet_day2_mg=200.0,
             recall_reliable_day2=True, gives=None, why="the second day alone is not enough"),
    ),
)  # fmt: skip
def sodium_diet_mg(
    sodium_diet_day1_mg: pd.Series,
    recall_reliable_day1: pd.Series,
    sodium_diet_day2_mg: pd.Series | None = None,
    recall_reliable_day2: pd.Series | None = None,
) -> pd.Series:
    """The mean of the reliable recalls that a person has, the first among them."""
    return mean_of_reliable(sodium_diet_day1_mg, recall_reliable_day1, sodium_diet_day2_mg, recall_reliable_day2)


@derived(
    "Sodium from food and drink, mean of two reliable recalls",
    unit="mg",
    source=SOURCE,
    cases=(
        Case(sodium_diet_day1_mg=100.0, recall_reliable_day1=True, sodium_diet_day2_mg=200.0,
             recall_reliable_day2=True, gives=150.0, why="both days"),
        Case(sodium_diet_day1_mg=100.0, recall_reliable_day1=True, sodium_diet_day2_mg=None,
             recall_reliable_day2=False, gives=None, why="needs both"),
    ),
)  # fmt: skip
def sodium_diet_two_day_mg(
    sodium_diet_day1_mg: pd.Series,
    recall_reliable_day1: pd.Series,
    sodium_diet_day2_mg: pd.Series,
    recall_reliable_day2: pd.Series,
) -> pd.Series:
    """The mean of both recalls, for people with two reliable ones (2003 on)."""
    return mean_of_two(sodium_diet_day1_mg, recall_reliable_day1, sodium_diet_day2_mg, recall_reliable_day2)
