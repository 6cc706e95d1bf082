"""How the recalls of a person are put together, once for all nutrients."""

import numpy as np
import pandas as pd

from cofactor.cohort.derive import Case, Derived
from cofactor.cohort.logic import all_of, is_true, pick

SOURCE = "NHANES dietary interview, total nutrient intakes; a person's reliable 24-hour recalls"


def mean_of_reliable(
    day1: pd.Series, reliable1: pd.Series, day2: pd.Series | None = None, reliable2: pd.Series | None = None
) -> pd.Series:
    """The mean of the reliable recalls; the first must be one, the second counts where it is there and reliable."""
    first = day1.where(is_true(reliable1))
    if day2 is None or reliable2 is None:
        return first
    second = day2.where(is_true(reliable2))
    return first.where(second.isna(), (first + second) / 2)


def mean_of_two(day1: pd.Series, reliable1: pd.Series, day2: pd.Series, reliable2: pd.Series) -> pd.Series:
    """The mean of two recalls, both reliable."""
    return pick(all_of(reliable1, reliable2), (day1 + day2) / 2, np.nan)


def recall_means(stem: str, label: str, unit: str) -> tuple[Derived, Derived]:
    """Declare what each nutrient has: the mean of the reliable recalls, and the mean of two.

    stem : the nutrient in names. label : the nutrient in words. unit : of the measured `stem_diet_day1_unit` and
    `stem_diet_day2_unit`, which are the inputs; the results are `stem_diet_unit` and `stem_diet_two_day_unit`.

    >>> [made.name for made in recall_means("selenium", "Selenium", "µg")]
    ['selenium_diet_ug', 'selenium_diet_two_day_ug']
    """
    ending = unit.replace("µ", "u")
    day1, day2 = f"{stem}_diet_day1_{ending}", f"{stem}_diet_day2_{ending}"
    inputs = (day1, "recall_reliable_day1", day2, "recall_reliable_day2")
    of_reliable = Derived(
        name=f"{stem}_diet_{ending}",
        label=f"{label} from food and drink, mean of the reliable recalls",
        unit=unit,
        source=SOURCE,
        rule="The mean of the reliable recalls that a person has, the first among them.",
        inputs=inputs,
        optional=frozenset({day2, "recall_reliable_day2"}),
        cases=_cases_of_reliable(day1, day2),
        function=mean_of_reliable,
    )
    of_two = Derived(
        name=f"{stem}_diet_two_day_{ending}",
        label=f"{label} from food and drink, mean of two reliable recalls",
        unit=unit,
        source=SOURCE,
        rule="The mean of both recalls, for people with two reliable ones (2003 on).",
        inputs=inputs,
        cases=_cases_of_two(day1, day2),
        function=mean_of_two,
    )
    return of_reliable, of_two


def _cases_of_reliable(day1: str, day2: str) -> tuple[Case, ...]:
    first = {day1: 100.0, "recall_reliable_day1": True}
    second = {day2: 200.0, "recall_reliable_day2": True}
    no_first = {day1: None, "recall_reliable_day1": False}
    return (
        Case(**first, **second, gives=150.0, why="both days"),
        Case(**first, **second | {"recall_reliable_day2": False}, gives=100.0, why="the second is not reliable"),
        Case(**first, gives=100.0, why="cycles without a second day"),
        Case(**first | {day1: 0.0}, gives=0.0, why="a true zero"),
        Case(**no_first, **second, gives=None, why="the second day alone is not enough"),
    )


def _cases_of_two(day1: str, day2: str) -> tuple[Case, ...]:
    first = {day1: 100.0, "recall_reliable_day1": True}
    return (
        Case(**first, **{day2: 200.0, "recall_reliable_day2": True}, gives=150.0, why="both days"),
        Case(**first, **{day2: None, "recall_reliable_day2": False}, gives=None, why="needs both"),
    )
