"""Smoking: status, and how much current smokers smoke."""

import pandas as pd

from cofactor.cohort.derive import Case, derived
from cofactor.cohort.logic import at_least, below, equals, first_known, first_true, pick

HEAVY_30_DAYS = 15 * 30  # cigarettes in 30 days: 15 a day
SOURCE = "NHANES smoking questionnaire; cut at 15 cigarettes a day"


@derived(
    "Cigarettes smoked in the past 30 days by people who smoke now",
    unit="cigarettes",
    source=SOURCE,
    cases=(
        Case(smoking_days_past_30=30.0, cigarettes_smoking_day=20.0, gives=600.0, why="30 × 20"),
        Case(smoking_days_past_30=0.0, cigarettes_smoking_day=None, gives=0.0, why="no day: cigarettes are skipped"),
        Case(smoking_days_past_30=None, cigarettes_smoking_day=15.0, smoking_days_of_daily_smokers=30.0, gives=450.0,
             why="2021-2023: days are skipped for people who smoke every day"),
        Case(smoking_days_past_30=12.0, cigarettes_smoking_day=None, gives=None, why="amount unknown"),
        Case(smoking_days_past_30=None, cigarettes_smoking_day=5.0, gives=None, why="days unknown"),
    ),
)  # fmt: skip
def cigarettes_past_30_days(
    smoking_days_past_30: pd.Series,
    cigarettes_smoking_day: pd.Series,
    smoking_days_of_daily_smokers: pd.Series | None = None,
) -> pd.Series:
    """Days smoked × cigarettes on such a day; 0 where no day was smoked."""
    days = first_known(smoking_days_past_30, smoking_days_of_daily_smokers)
    return pick(equals(days, 0), 0.0, days * cigarettes_smoking_day)


@derived(
    "Smoking, with intensity",
    kind="category",
    levels=("never", "former", "current under 15 a day", "current 15 or more"),
    source=SOURCE,
    cases=(
        Case(smoked_100_cigarettes=False, smokes_now=None, cigarettes_past_30_days=None, gives="never",
             why="fewer than 100 in life; the rest is skipped"),
        Case(smoked_100_cigarettes=True, smokes_now=False, cigarettes_past_30_days=None, gives="former", why="not now"),
        Case(smoked_100_cigarettes=True, smokes_now=True, cigarettes_past_30_days=449.0,
             gives="current under 15 a day", why="below 15 × 30"),
        Case(smoked_100_cigarettes=True, smokes_now=True, cigarettes_past_30_days=450.0,
             gives="current 15 or more", why="15 × 30 itself counts"),
        Case(smoked_100_cigarettes=True, smokes_now=True, cigarettes_past_30_days=None, gives=None,
             why="smokes, amount unknown"),
        Case(smoked_100_cigarettes=True, smokes_now=None, cigarettes_past_30_days=None, gives=None,
             why="whether now is unknown"),
        Case(smoked_100_cigarettes=None, smokes_now=None, cigarettes_past_30_days=None, gives=None, why="not asked"),
    ),
)  # fmt: skip
def smoking(smoked_100_cigarettes: pd.Series, smokes_now: pd.Series, cigarettes_past_30_days: pd.Series) -> pd.Series:
    """Never: fewer than 100 cigarettes in life. Former: not now. Current: below or from 15 a day over 30 days."""
    return first_true(
        {
            "never": ~smoked_100_cigarettes,
            "former": ~smokes_now,
            "current under 15 a day": below(cigarettes_past_30_days, HEAVY_30_DAYS),
            "current 15 or more": at_least(cigarettes_past_30_days, HEAVY_30_DAYS),
        }
    )


@derived(
    "Smoking status",
    kind="category",
    levels=("never", "former", "current"),
    source="NHANES smoking questionnaire",
    cases=(
        Case(smoked_100_cigarettes=False, smokes_now=None, gives="never", why="fewer than 100 in life"),
        Case(smoked_100_cigarettes=True, smokes_now=False, gives="former", why="not now"),
        Case(smoked_100_cigarettes=True, smokes_now=True, gives="current", why="every day or some days"),
        Case(smoked_100_cigarettes=True, smokes_now=None, gives=None, why="whether now is unknown"),
        Case(smoked_100_cigarettes=None, smokes_now=None, gives=None, why="not asked"),
    ),
)
def smoking_status(smoked_100_cigarettes: pd.Series, smokes_now: pd.Series) -> pd.Series:
    """Never, former, current: `smoking` without the amount, which is unknown for some who smoke."""
    return first_true({"never": ~smoked_100_cigarettes, "former": ~smokes_now, "current": smokes_now})
