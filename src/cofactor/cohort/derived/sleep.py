"""Sleep."""

import pandas as pd

from cofactor.cohort.derive import Case, derived
from cofactor.cohort.logic import at_least, below, first_known

SOURCE = "NHANES sleep disorders questionnaire"
SHORT, VERY_SHORT = 7.0, 6.0  # hours
LONG = 9.0  # hours


@derived(
    "Hours of sleep a night on workdays",
    unit="hours",
    source=SOURCE,
    cases=(
        Case(sleep_hours_whole=7.0, gives=7.0, why="whole hours, up to 2014"),
        Case(sleep_hours_half=7.5, gives=7.5, why="half hours, from 2015 on"),
        Case(sleep_hours_whole=12.0, gives=12.0, why="12 or more"),
        Case(sleep_hours_half=14.0, gives=12.0, why="12 or more counts as 12 by both questions"),
        Case(gives=None, why="not known"),
    ),
)
def sleep_hours(sleep_hours_whole: pd.Series | None = None, sleep_hours_half: pd.Series | None = None) -> pd.Series:
    """As told, at most 12; the question changed in 2015 (`sleep_question`), and the hours with it."""
    return first_known(sleep_hours_whole, sleep_hours_half).clip(upper=12.0)


@derived(
    "Sleeps less than 6 hours on workdays",
    kind="flag",
    source=SOURCE,
    cases=(
        Case(sleep_hours=5.5, gives=True, why="below 6"),
        Case(sleep_hours=6.0, gives=False, why="6 itself does not count"),
        Case(sleep_hours=None, gives=None, why="not known"),
    ),
)
def sleep_under_6_hours(sleep_hours: pd.Series) -> pd.Series:
    """Fewer than 6 hours."""
    return below(sleep_hours, VERY_SHORT)


@derived(
    "Sleeps less than 7 hours on workdays",
    kind="flag",
    source="Watson et al. (2015), American Academy of Sleep Medicine, doi:10.5664/jcsm.4758",
    cases=(
        Case(sleep_hours=6.5, gives=True, why="below 7"),
        Case(sleep_hours=7.0, gives=False, why="7 is recommended"),
        Case(sleep_hours=None, gives=None, why="not known"),
    ),
)
def sleep_under_7_hours(sleep_hours: pd.Series) -> pd.Series:
    """Fewer than the 7 hours recommended to adults."""
    return below(sleep_hours, SHORT)


@derived(
    "Sleeps 9 hours or more on workdays",
    kind="flag",
    source=SOURCE,
    cases=(
        Case(sleep_hours=9.0, gives=True, why="9 itself counts"),
        Case(sleep_hours=8.5, gives=False, why="below it"),
        Case(sleep_hours=None, gives=None, why="not known"),
    ),
)
def sleep_9_hours_or_more(sleep_hours: pd.Series) -> pd.Series:
    """Nine hours or more."""
    return at_least(sleep_hours, LONG)
