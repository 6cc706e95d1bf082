"""Energy, magnesium, calcium and vitamin D from food and drink."""

import pandas as pd

from cofactor.cohort.derive import Case, derived
from cofactor.cohort.derived.recalls import SOURCE, mean_of_reliable, mean_of_two


@derived(
    "Energy from food and drink, mean of the reliable recalls",
    unit="kcal",
    source=SOURCE,
    cases=(
        Case(energy_diet_day1_kcal=100.0, recall_reliable_day1=True, energy_diet_day2_kcal=200.0,
             recall_reliable_day2=True, gives=150.0, why="both days"),
        Case(energy_diet_day1_kcal=100.0, recall_reliable_day1=True, energy_diet_day2_kcal=200.0,
             recall_reliable_day2=False, gives=100.0, why="the second is not reliable"),
        Case(energy_diet_day1_kcal=100.0, recall_reliable_day1=True, gives=100.0, why="cycles without a second day"),
        Case(energy_diet_day1_kcal=0.0, recall_reliable_day1=True, gives=0.0, why="a true zero"),
        Case(energy_diet_day1_kcal=None, recall_reliable_day1=False, energy_diet_day2_kcal=200.0,
             recall_reliable_day2=True, gives=None, why="the second day alone is not enough"),
    ),
)  # fmt: skip
def energy_diet_kcal(
    energy_diet_day1_kcal: pd.Series,
    recall_reliable_day1: pd.Series,
    energy_diet_day2_kcal: pd.Series | None = None,
    recall_reliable_day2: pd.Series | None = None,
) -> pd.Series:
    """The mean of the reliable recalls that a person has, the first among them."""
    return mean_of_reliable(energy_diet_day1_kcal, recall_reliable_day1, energy_diet_day2_kcal, recall_reliable_day2)


@derived(
    "Energy from food and drink, mean of two reliable recalls",
    unit="kcal",
    source=SOURCE,
    cases=(
        Case(energy_diet_day1_kcal=100.0, recall_reliable_day1=True, energy_diet_day2_kcal=200.0,
             recall_reliable_day2=True, gives=150.0, why="both days"),
        Case(energy_diet_day1_kcal=100.0, recall_reliable_day1=True, energy_diet_day2_kcal=None,
             recall_reliable_day2=False, gives=None, why="needs both"),
    ),
)  # fmt: skip
def energy_diet_two_day_kcal(
    energy_diet_day1_kcal: pd.Series,
    recall_reliable_day1: pd.Series,
    energy_diet_day2_kcal: pd.Series,
    recall_reliable_day2: pd.Series,
) -> pd.Series:
    """The mean of both recalls, for people with two reliable ones (2003 on)."""
    return mean_of_two(energy_diet_day1_kcal, recall_reliable_day1, energy_diet_day2_kcal, recall_reliable_day2)


@derived(
    "Magnesium from food and drink, mean of the reliable recalls",
    unit="mg",
    source=SOURCE,
    cases=(
        Case(magnesium_diet_day1_mg=100.0, recall_reliable_day1=True, magnesium_diet_day2_mg=200.0,
             recall_reliable_day2=True, gives=150.0, why="both days"),
        Case(magnesium_diet_day1_mg=100.0, recall_reliable_day1=True, magnesium_diet_day2_mg=200.0,
             recall_reliable_day2=False, gives=100.0, why="the second is not reliable"),
        Case(magnesium_diet_day1_mg=100.0, recall_reliable_day1=True, gives=100.0, why="cycles without a second day"),
        Case(magnesium_diet_day1_mg=0.0, recall_reliable_day1=True, gives=0.0, why="a true zero"),
        Case(magnesium_diet_day1_mg=None, recall_reliable_day1=False, magnesium_diet_day2_mg=200.0,
             recall_reliable_day2=True, gives=None, why="the second day alone is not enough"),
    ),
)  # fmt: skip
def magnesium_diet_mg(
    magnesium_diet_day1_mg: pd.Series,
    recall_reliable_day1: pd.Series,
    magnesium_diet_day2_mg: pd.Series | None = None,
    recall_reliable_day2: pd.Series | None = None,
) -> pd.Series:
    """The mean of the reliable recalls that a person has, the first among them."""
    return mean_of_reliable(magnesium_diet_day1_mg, recall_reliable_day1, magnesium_diet_day2_mg, recall_reliable_day2)


@derived(
    "Magnesium from food and drink, mean of two reliable recalls",
    unit="mg",
    source=SOURCE,
    cases=(
        Case(magnesium_diet_day1_mg=100.0, recall_reliable_day1=True, magnesium_diet_day2_mg=200.0,
             recall_reliable_day2=True, gives=150.0, why="both days"),
        Case(magnesium_diet_day1_mg=100.0, recall_reliable_day1=True, magnesium_diet_day2_mg=None,
             recall_reliable_day2=False, gives=None, why="needs both"),
    ),
)  # fmt: skip
def magnesium_diet_two_day_mg(
    magnesium_diet_day1_mg: pd.Series,
    recall_reliable_day1: pd.Series,
    magnesium_diet_day2_mg: pd.Series,
    recall_reliable_day2: pd.Series,
) -> pd.Series:
    """The mean of both recalls, for people with two reliable ones (2003 on)."""
    return mean_of_two(magnesium_diet_day1_mg, recall_reliable_day1, magnesium_diet_day2_mg, recall_reliable_day2)


@derived(
    "Calcium from food and drink, mean of the reliable recalls",
    unit="mg",
    source=SOURCE,
    cases=(
        Case(calcium_diet_day1_mg=100.0, recall_reliable_day1=True, calcium_diet_day2_mg=200.0,
             recall_reliable_day2=True, gives=150.0, why="both days"),
        Case(calcium_diet_day1_mg=100.0, recall_reliable_day1=True, calcium_diet_day2_mg=200.0,
             recall_reliable_day2=False, gives=100.0, why="the second is not reliable"),
        Case(calcium_diet_day1_mg=100.0, recall_reliable_day1=True, gives=100.0, why="cycles without a second day"),
        Case(calcium_diet_day1_mg=0.0, recall_reliable_day1=True, gives=0.0, why="a true zero"),
        Case(calcium_diet_day1_mg=None, recall_reliable_day1=False, calcium_diet_day2_mg=200.0,
             recall_reliable_day2=True, gives=None, why="the second day alone is not enough"),
    ),
)  # fmt: skip
def calcium_diet_mg(
    calcium_diet_day1_mg: pd.Series,
    recall_reliable_day1: pd.Series,
    calcium_diet_day2_mg: pd.Series | None = None,
    recall_reliable_day2: pd.Series | None = None,
) -> pd.Series:
    """The mean of the reliable recalls that a person has, the first among them."""
    return mean_of_reliable(calcium_diet_day1_mg, recall_reliable_day1, calcium_diet_day2_mg, recall_reliable_day2)


@derived(
    "Calcium from food and drink, mean of two reliable recalls",
    unit="mg",
    source=SOURCE,
    cases=(
        Case(calcium_diet_day1_mg=100.0, recall_reliable_day1=True, calcium_diet_day2_mg=200.0,
             recall_reliable_day2=True, gives=150.0, why="both days"),
        Case(calcium_diet_day1_mg=100.0, recall_reliable_day1=True, calcium_diet_day2_mg=None,
             recall_reliable_day2=False, gives=None, why="needs both"),
    ),
)  # fmt: skip
def calcium_diet_two_day_mg(
    calcium_diet_day1_mg: pd.Series,
    recall_reliable_day1: pd.Series,
    calcium_diet_day2_mg: pd.Series,
    recall_reliable_day2: pd.Series,
) -> pd.Series:
    """The mean of both recalls, for people with two reliable ones (2003 on)."""
    return mean_of_two(calcium_diet_day1_mg, recall_reliable_day1, calcium_diet_day2_mg, recall_reliable_day2)


@derived(
    "Vitamin D from food and drink, mean of the reliable recalls",
    unit="µg",
    source=SOURCE,
    cases=(
        Case(vitamin_d_diet_day1_ug=100.0, recall_reliable_day1=True, vitamin_d_diet_day2_ug=200.0,
             recall_reliable_day2=True, gives=150.0, why="both days"),
        Case(vitamin_d_diet_day1_ug=100.0, recall_reliable_day1=True, vitamin_d_diet_day2_ug=200.0,
             recall_reliable_day2=False, gives=100.0, why="the second is not reliable"),
        Case(vitamin_d_diet_day1_ug=100.0, recall_reliable_day1=True, gives=100.0, why="cycles without a second day"),
        Case(vitamin_d_diet_day1_ug=0.0, recall_reliable_day1=True, gives=0.0, why="a true zero"),
        Case(vitamin_d_diet_day1_ug=None, recall_reliable_day1=False, vitamin_d_diet_day2_ug=200.0,
             recall_reliable_day2=True, gives=None, why="the second day alone is not enough"),
    ),
)  # fmt: skip
def vitamin_d_diet_ug(
    vitamin_d_diet_day1_ug: pd.Series,
    recall_reliable_day1: pd.Series,
    vitamin_d_diet_day2_ug: pd.Series | None = None,
    recall_reliable_day2: pd.Series | None = None,
) -> pd.Series:
    """The mean of the reliable recalls that a person has, the first among them."""
    return mean_of_reliable(vitamin_d_diet_day1_ug, recall_reliable_day1, vitamin_d_diet_day2_ug, recall_reliable_day2)


@derived(
    "Vitamin D from food and drink, mean of two reliable recalls",
    unit="µg",
    source=SOURCE,
    cases=(
        Case(vitamin_d_diet_day1_ug=100.0, recall_reliable_day1=True, vitamin_d_diet_day2_ug=200.0,
             recall_reliable_day2=True, gives=150.0, why="both days"),
        Case(vitamin_d_diet_day1_ug=100.0, recall_reliable_day1=True, vitamin_d_diet_day2_ug=None,
             recall_reliable_day2=False, gives=None, why="needs both"),
    ),
)  # fmt: skip
def vitamin_d_diet_two_day_ug(
    vitamin_d_diet_day1_ug: pd.Series,
    recall_reliable_day1: pd.Series,
    vitamin_d_diet_day2_ug: pd.Series,
    recall_reliable_day2: pd.Series,
) -> pd.Series:
    """The mean of both recalls, for people with two reliable ones (2003 on)."""
    return mean_of_two(vitamin_d_diet_day1_ug, recall_reliable_day1, vitamin_d_diet_day2_ug, recall_reliable_day2)
