"""Physical activity in MET-minutes a week, for each of two instruments."""

import pandas as pd

from cofactor.cohort.derive import Case, derived
from cofactor.cohort.logic import any_of, first_known, is_level, known, pick

TRANSPORT_MET = 4.0
HOME_MET = 4.5
VIGOROUS_MET = 8.0
MODERATE_MET = 4.0
WEEK_OF_30_DAYS = 7 / 30
DAYS_A_WEEK = 7.0
DECIMALS = 6  # thirds are cut after rounding, so that 7 / 30 does not decide a tie
EARLY = "NHANES 2001-2002 physical activity documentation (PAQ_B), appendix of MET scores"
LATE = "NHANES 2017-2018 physical activity documentation (PAQ_J), appendix 1"


@derived(
    "Walking and cycling to get about, 1999-2006",
    unit="MET min/week",
    source=EARLY,
    cases=(
        Case(walked_or_cycled=True, walking_times=5.0, walking_times_unit="week", walking_minutes_day=30.0,
             gives=600.0, why="4.0 × 5 days × 30 min"),
        Case(walked_or_cycled=True, walking_times=2.0, walking_times_unit="day", walking_minutes_day=30.0,
             gives=840.0, why="daily is 7 days; minutes are a day, altogether"),
        Case(walked_or_cycled=True, walking_times=60.0, walking_times_unit="month", walking_minutes_day=10.0,
             gives=280.0, why="at most 7 days a week"),
        Case(walked_or_cycled=False, walking_times=None, walking_times_unit=None, walking_minutes_day=None,
             gives=0.0, why="no, or unable"),
        Case(walked_or_cycled=True, walking_times=None, walking_times_unit="week", walking_minutes_day=30.0,
             gives=None, why="times unknown"),
        Case(walked_or_cycled=None, walking_times=None, walking_times_unit=None, walking_minutes_day=None,
             gives=None, why="not known whether"),
    ),
)  # fmt: skip
def activity_transport_30_days(
    walked_or_cycled: pd.Series, walking_times: pd.Series, walking_times_unit: pd.Series, walking_minutes_day: pd.Series
) -> pd.Series:
    """4.0 METs × days a week (at most 7) × minutes a day; 0 for people who did not, or cannot."""
    by_month = pick(is_level(walking_times_unit, "month"), walking_times * WEEK_OF_30_DAYS, walking_times)
    days = pick(is_level(walking_times_unit, "day"), DAYS_A_WEEK, by_month).clip(upper=DAYS_A_WEEK)
    return pick(walked_or_cycled, TRANSPORT_MET * days * walking_minutes_day, 0.0)


@derived(
    "Tasks at home and in the yard, 1999-2006",
    unit="MET min/week",
    source=EARLY,
    cases=(
        Case(home_or_yard_tasks=True, home_or_yard_times_30_days=30.0, home_or_yard_minutes=20.0, gives=630.0,
             why="4.5 × 30 × 20 × 7 / 30"),
        Case(home_or_yard_tasks=False, home_or_yard_times_30_days=None, home_or_yard_minutes=None, gives=0.0, why="no"),
        Case(home_or_yard_tasks=True, home_or_yard_times_30_days=30.0, home_or_yard_minutes=None, gives=None,
             why="minutes unknown"),
    ),
)  # fmt: skip
def activity_home_30_days(
    home_or_yard_tasks: pd.Series, home_or_yard_times_30_days: pd.Series, home_or_yard_minutes: pd.Series
) -> pd.Series:
    """4.5 METs × times in 30 days × minutes × 7 / 30; 0 for people who did none, or cannot."""
    return pick(home_or_yard_tasks, HOME_MET * home_or_yard_times_30_days * home_or_yard_minutes * WEEK_OF_30_DAYS, 0.0)


@derived(
    "Leisure activity, 1999-2006",
    unit="MET min/week",
    source=EARLY,
    cases=(
        Case(leisure_vigorous_30_days=True, leisure_moderate_30_days=False, leisure_met_min_30_days=3000.0,
             gives=700.0, why="3,000 × 7 / 30"),
        Case(leisure_vigorous_30_days=False, leisure_moderate_30_days=False, leisure_met_min_30_days=None, gives=0.0,
             why="both answered, no activity named"),
        Case(leisure_vigorous_30_days=None, leisure_moderate_30_days=False, leisure_met_min_30_days=None, gives=None,
             why="one question unknown"),
        Case(leisure_vigorous_30_days=None, leisure_moderate_30_days=True, leisure_met_min_30_days=300.0, gives=None,
             why="a part unknown makes the total unknown"),
        Case(leisure_vigorous_30_days=True, leisure_moderate_30_days=False, leisure_met_min_30_days=None, gives=None,
             why="active, but the activity is not named"),
    ),
)  # fmt: skip
def activity_leisure_30_days(
    leisure_vigorous_30_days: pd.Series, leisure_moderate_30_days: pd.Series, leisure_met_min_30_days: pd.Series
) -> pd.Series:
    """MET-minutes of the named activities × 7 / 30; 0 where both questions are answered and none is named."""
    either = any_of(leisure_vigorous_30_days, leisure_moderate_30_days)
    total = pick(either, leisure_met_min_30_days * WEEK_OF_30_DAYS, 0.0)
    return total.where(known(leisure_vigorous_30_days) & known(leisure_moderate_30_days))


@derived(
    "Physical activity of the past 30 days, 1999-2006",
    unit="MET min/week",
    source=EARLY,
    cases=(
        Case(activity_transport_30_days=600.0, activity_home_30_days=630.0, activity_leisure_30_days=0.0, gives=1230.0,
             why="the three parts together"),
        Case(activity_transport_30_days=600.0, activity_home_30_days=None, activity_leisure_30_days=0.0, gives=None,
             why="a part unknown"),
    ),
)  # fmt: skip
def activity_met_past_30_days(
    activity_transport_30_days: pd.Series, activity_home_30_days: pd.Series, activity_leisure_30_days: pd.Series
) -> pd.Series:
    """Transport, home and yard, and leisure, added up."""
    return activity_transport_30_days + activity_home_30_days + activity_leisure_30_days


def _part(met: float, gate: pd.Series, days: pd.Series, minutes: pd.Series) -> pd.Series:
    return pick(gate, met * days * minutes, 0.0)


@derived(
    "Physical activity of a typical week, 2007-2018",
    unit="MET min/week",
    source=LATE,
    cases=(
        Case(work_vigorous=True, work_vigorous_days=5.0, work_vigorous_minutes=60.0, work_moderate=False,
             work_moderate_days=None, work_moderate_minutes=None, transport_active=False, transport_active_days=None,
             transport_active_minutes=None, leisure_vigorous=False, leisure_vigorous_days=None,
             leisure_vigorous_minutes=None, leisure_moderate=True, leisure_moderate_days=2.0,
             leisure_moderate_minutes=30.0, gives=2640.0, why="8 × 5 × 60 + 4 × 2 × 30"),
        Case(work_vigorous=False, work_vigorous_days=None, work_vigorous_minutes=None, work_moderate=False,
             work_moderate_days=None, work_moderate_minutes=None, transport_active=True, transport_active_days=7.0,
             transport_active_minutes=None, leisure_vigorous=False, leisure_vigorous_days=None,
             leisure_vigorous_minutes=None, leisure_moderate=False, leisure_moderate_days=None,
             leisure_moderate_minutes=None, gives=None, why="minutes of one part unknown"),
    ),
)  # fmt: skip
def activity_met_typical_week(
    work_vigorous: pd.Series,
    work_vigorous_days: pd.Series,
    work_vigorous_minutes: pd.Series,
    work_moderate: pd.Series,
    work_moderate_days: pd.Series,
    work_moderate_minutes: pd.Series,
    transport_active: pd.Series,
    transport_active_days: pd.Series,
    transport_active_minutes: pd.Series,
    leisure_vigorous: pd.Series,
    leisure_vigorous_days: pd.Series,
    leisure_vigorous_minutes: pd.Series,
    leisure_moderate: pd.Series,
    leisure_moderate_days: pd.Series,
    leisure_moderate_minutes: pd.Series,
) -> pd.Series:
    """8 METs × days × minutes of vigorous work and leisure, 4 METs of moderate work, leisure and transport."""
    return (
        _part(VIGOROUS_MET, work_vigorous, work_vigorous_days, work_vigorous_minutes)
        + _part(MODERATE_MET, work_moderate, work_moderate_days, work_moderate_minutes)
        + _part(TRANSPORT_MET, transport_active, transport_active_days, transport_active_minutes)
        + _part(VIGOROUS_MET, leisure_vigorous, leisure_vigorous_days, leisure_vigorous_minutes)
        + _part(MODERATE_MET, leisure_moderate, leisure_moderate_days, leisure_moderate_minutes)
    )


@derived(
    "Physical activity",
    unit="MET min/week",
    source=f"{EARLY}; {LATE}",
    cases=(
        Case(activity_met_past_30_days=420.0, gives=420.0, why="1999-2006"),
        Case(activity_met_typical_week=480.0, gives=480.0, why="2007-2018"),
        Case(gives=None, why="a part of the total unknown"),
    ),
)
def physical_activity_met_min_week(
    activity_met_past_30_days: pd.Series | None = None, activity_met_typical_week: pd.Series | None = None
) -> pd.Series:
    """All domains that the cycle's instrument asks for, to 6 decimals. Compare within `activity_instrument` alone."""
    return first_known(activity_met_past_30_days, activity_met_typical_week).round(DECIMALS)
