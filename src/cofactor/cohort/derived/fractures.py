"""Fractures at 50 or older, as people were told by a doctor."""

from functools import reduce

import pandas as pd

from cofactor.cohort.derive import Case, derived
from cofactor.cohort.logic import all_of, any_of, at_least, is_level, is_true, known

OSQ = "NHANES osteoporosis questionnaire (OSQ)"
FROM_AGE = 50
ANY_BONE = "any bone"


def _count(flags: list[pd.Series]) -> pd.Series:
    """How many of some flags that are never missing are yes."""
    return reduce(pd.Series.add, (flag.astype(float) for flag in flags))


def _settled(yes: pd.Series, no: pd.Series) -> pd.Series:
    """Yes where known to be, else no where known to be, else missing."""
    return is_true(yes).where(any_of(is_true(yes), is_true(no)))


def _after_50(told: pd.Series, times: pd.Series, *each: pd.Series | None) -> pd.Series:
    """Whether any of the fractures of a bone was at 50 or older; a no needs the age of each of them.

    told : any fracture of it. times : how many. each : at 50 or older, of the first, second, ... up to as many as are
    asked about (a fracture beyond them is not counted); missing where there was none or its age is not known.
    """
    asked = [flag for flag in each if flag is not None]
    yes = any_of(*(is_true(flag) for flag in asked))
    ages_known = at_least(_count([known(flag) for flag in asked]), times.clip(upper=len(each)))
    return _settled(yes, any_of(~told, all_of(told, ages_known)))


def _cases(site: str) -> tuple[Case, ...]:
    told, times, first, second = (f"fracture_{site}_{part}" for part in ("told", "times", "1_after50", "2_after50"))
    return (
        Case(**{told: False, times: None, first: None}, gives=False, why="no fracture of it"),
        Case(**{told: True, times: 1.0, first: True}, gives=True, why="at 50 or older"),
        Case(**{told: True, times: 2.0, first: False, second: True}, gives=True, why="the second was"),
        Case(**{told: True, times: 1.0, first: False}, gives=False, why="before 50"),
        Case(**{told: True, times: 2.0, first: False, second: None}, gives=None, why="the age of one is not known"),
        Case(**{told: True, times: None, first: None}, gives=None, why="not known how many: ages not asked"),
        Case(**{told: None, times: None, first: None}, gives=None, why="not known whether any"),
    )


@derived("Fracture of the hip at 50 or older", kind="flag", source=OSQ, cases=_cases("hip"))
def fracture_hip_after50(
    fracture_hip_told: pd.Series,
    fracture_hip_times: pd.Series,
    fracture_hip_1_after50: pd.Series,
    fracture_hip_2_after50: pd.Series | None = None,
    fracture_hip_3_after50: pd.Series | None = None,
    fracture_hip_4_after50: pd.Series | None = None,
    fracture_hip_5_after50: pd.Series | None = None,
) -> pd.Series:
    """Any fracture of the hip at 50 or older; no where none, or all at a younger age."""
    return _after_50(
        fracture_hip_told,
        fracture_hip_times,
        fracture_hip_1_after50,
        fracture_hip_2_after50,
        fracture_hip_3_after50,
        fracture_hip_4_after50,
        fracture_hip_5_after50,
    )


@derived("Fracture of the wrist at 50 or older", kind="flag", source=OSQ, cases=_cases("wrist"))
def fracture_wrist_after50(
    fracture_wrist_told: pd.Series,
    fracture_wrist_times: pd.Series,
    fracture_wrist_1_after50: pd.Series,
    fracture_wrist_2_after50: pd.Series | None = None,
    fracture_wrist_3_after50: pd.Series | None = None,
    fracture_wrist_4_after50: pd.Series | None = None,
    fracture_wrist_5_after50: pd.Series | None = None,
    fracture_wrist_6_after50: pd.Series | None = None,
    fracture_wrist_7_after50: pd.Series | None = None,
    fracture_wrist_8_after50: pd.Series | None = None,
    fracture_wrist_9_after50: pd.Series | None = None,
    fracture_wrist_10_after50: pd.Series | None = None,
) -> pd.Series:
    """Any fracture of the wrist at 50 or older; no where none, or all at a younger age."""
    return _after_50(
        fracture_wrist_told,
        fracture_wrist_times,
        fracture_wrist_1_after50,
        fracture_wrist_2_after50,
        fracture_wrist_3_after50,
        fracture_wrist_4_after50,
        fracture_wrist_5_after50,
        fracture_wrist_6_after50,
        fracture_wrist_7_after50,
        fracture_wrist_8_after50,
        fracture_wrist_9_after50,
        fracture_wrist_10_after50,
    )


@derived("Fracture of the spine at 50 or older", kind="flag", source=OSQ, cases=_cases("spine"))
def fracture_spine_after50(
    fracture_spine_told: pd.Series,
    fracture_spine_times: pd.Series,
    fracture_spine_1_after50: pd.Series,
    fracture_spine_2_after50: pd.Series | None = None,
    fracture_spine_3_after50: pd.Series | None = None,
    fracture_spine_4_after50: pd.Series | None = None,
    fracture_spine_5_after50: pd.Series | None = None,
    fracture_spine_6_after50: pd.Series | None = None,
    fracture_spine_7_after50: pd.Series | None = None,
    fracture_spine_8_after50: pd.Series | None = None,
    fracture_spine_9_after50: pd.Series | None = None,
    fracture_spine_10_after50: pd.Series | None = None,
) -> pd.Series:
    """Any fracture of the spine at 50 or older; no where none, or all at a younger age."""
    return _after_50(
        fracture_spine_told,
        fracture_spine_times,
        fracture_spine_1_after50,
        fracture_spine_2_after50,
        fracture_spine_3_after50,
        fracture_spine_4_after50,
        fracture_spine_5_after50,
        fracture_spine_6_after50,
        fracture_spine_7_after50,
        fracture_spine_8_after50,
        fracture_spine_9_after50,
        fracture_spine_10_after50,
    )


@derived(
    "Fracture of another bone at 50 or older, not of severe trauma",
    kind="flag",
    source=OSQ,
    cases=(
        Case(fracture_other_told=False, fracture_other_1_severe=None, fracture_other_1_age_years=None, gives=False,
             why="none told"),
        Case(fracture_other_told=True, fracture_other_1_severe=True, fracture_other_1_age_years=None, gives=False,
             why="of severe trauma: not counted, and its age not asked"),
        Case(fracture_other_told=True, fracture_other_1_severe=False, fracture_other_1_age_years=50.0, gives=True,
             why="50 itself counts"),
        Case(fracture_other_told=True, fracture_other_1_severe=False, fracture_other_1_age_years=49.0, gives=False,
             why="before 50"),
        Case(fracture_other_told=True, fracture_other_1_severe=True, fracture_other_1_age_years=None,
             fracture_other_2_severe=False, fracture_other_2_age_years=61.0, gives=True, why="the second one"),
        Case(fracture_other_told=True, fracture_other_1_severe=False, fracture_other_1_age_years=None, gives=None,
             why="its age is not known"),
        Case(fracture_other_told=True, fracture_other_1_severe=None, fracture_other_1_age_years=None, gives=None,
             why="not known whether of severe trauma"),
    ),
)  # fmt: skip
def fracture_other_after50(
    fracture_other_told: pd.Series,
    fracture_other_1_severe: pd.Series,
    fracture_other_1_age_years: pd.Series,
    fracture_other_2_severe: pd.Series | None = None,
    fracture_other_3_severe: pd.Series | None = None,
    fracture_other_4_severe: pd.Series | None = None,
    fracture_other_5_severe: pd.Series | None = None,
    fracture_other_6_severe: pd.Series | None = None,
    fracture_other_7_severe: pd.Series | None = None,
    fracture_other_8_severe: pd.Series | None = None,
    fracture_other_9_severe: pd.Series | None = None,
    fracture_other_10_severe: pd.Series | None = None,
    fracture_other_2_age_years: pd.Series | None = None,
    fracture_other_3_age_years: pd.Series | None = None,
    fracture_other_4_age_years: pd.Series | None = None,
    fracture_other_5_age_years: pd.Series | None = None,
    fracture_other_6_age_years: pd.Series | None = None,
    fracture_other_7_age_years: pd.Series | None = None,
    fracture_other_8_age_years: pd.Series | None = None,
    fracture_other_9_age_years: pd.Series | None = None,
    fracture_other_10_age_years: pd.Series | None = None,
) -> pd.Series:
    """Any fracture of another bone, not of severe trauma, at 50 or older; a no needs the ages of all of these.

    A further fracture of which it is not known whether it was of severe trauma is not counted (4 people of 2005-2018).
    """
    severe = [
        fracture_other_1_severe,
        fracture_other_2_severe,
        fracture_other_3_severe,
        fracture_other_4_severe,
        fracture_other_5_severe,
        fracture_other_6_severe,
        fracture_other_7_severe,
        fracture_other_8_severe,
        fracture_other_9_severe,
        fracture_other_10_severe,
    ]
    ages = [
        fracture_other_1_age_years,
        fracture_other_2_age_years,
        fracture_other_3_age_years,
        fracture_other_4_age_years,
        fracture_other_5_age_years,
        fracture_other_6_age_years,
        fracture_other_7_age_years,
        fracture_other_8_age_years,
        fracture_other_9_age_years,
        fracture_other_10_age_years,
    ]
    told_ages = [age for age in ages if age is not None]
    yes = any_of(*(is_true(at_least(age, FROM_AGE)) for age in told_ages))
    aged = _count([is_true(~flag) for flag in severe if flag is not None])
    ages_known = at_least(_count([known(age) for age in told_ages]), aged)
    return _settled(yes, any_of(~fracture_other_told, all_of(known(fracture_other_1_severe), ages_known)))


@derived(
    "Fracture of hip, wrist or spine at 50 or older, people of 50 and over",
    kind="flag",
    source=OSQ,
    cases=(
        Case(age_years=60.0, fracture_hip_after50=False, fracture_wrist_after50=True, fracture_spine_after50=None,
             gives=True, why="one is enough"),
        Case(age_years=60.0, fracture_hip_after50=False, fracture_wrist_after50=False, fracture_spine_after50=False,
             gives=False, why="none of the three"),
        Case(age_years=60.0, fracture_hip_after50=False, fracture_wrist_after50=False, fracture_spine_after50=None,
             gives=None, why="a no needs all three"),
        Case(age_years=49.0, fracture_hip_after50=False, fracture_wrist_after50=False, fracture_spine_after50=False,
             gives=None, why="not yet 50"),
    ),
)  # fmt: skip
def fracture_major_after50(
    age_years: pd.Series,
    fracture_hip_after50: pd.Series,
    fracture_wrist_after50: pd.Series,
    fracture_spine_after50: pd.Series,
) -> pd.Series:
    """Any of the three bones that every cycle asks about; missing under 50."""
    found = any_of(fracture_hip_after50, fracture_wrist_after50, fracture_spine_after50)
    return found.where(is_true(at_least(age_years, FROM_AGE)))


@derived(
    "Fracture at 50 or older, people of 50 and over",
    kind="flag",
    source=OSQ,
    cases=(
        Case(fracture_major_after50=True, fracture_questions="any bone", fracture_other_after50=None, gives=True,
             why="hip, wrist or spine"),
        Case(fracture_major_after50=False, fracture_questions="any bone", fracture_other_after50=True, gives=True,
             why="another bone"),
        Case(fracture_major_after50=None, fracture_questions="any bone", fracture_other_after50=True, gives=True,
             why="one is enough"),
        Case(fracture_major_after50=False, fracture_questions="any bone", fracture_other_after50=None, gives=None,
             why="asked about other bones, and not known"),
        Case(fracture_major_after50=False, fracture_questions="hip, wrist and spine", gives=False,
             why="other bones were not asked about"),
        Case(fracture_major_after50=None, fracture_questions="hip, wrist and spine", gives=None,
             why="not known, or not yet 50"),
    ),
)  # fmt: skip
def fracture_after50(
    fracture_major_after50: pd.Series,
    fracture_questions: pd.Series,
    fracture_other_after50: pd.Series | None = None,
) -> pd.Series:
    """Hip, wrist or spine at 50 or older; where any bone was asked about, also another bone, not of severe trauma.

    The second part finds more people, so that shares before and after it came in (see `fracture_questions`) are not of
    one definition; `fracture_major_after50` is.
    """
    if fracture_other_after50 is None:
        return fracture_major_after50
    other = fracture_other_after50.mask(is_true(~is_level(fracture_questions, ANY_BONE)), False)
    return any_of(fracture_major_after50, other)
