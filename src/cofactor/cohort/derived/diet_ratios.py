"""Calcium to magnesium: the ratio of each person, its bands, and whether it is above 2.8."""

from __future__ import annotations

import numpy as np
import pandas as pd

from cofactor.cohort.derive import Case, Derived, derived
from cofactor.cohort.logic import above, at_most, below, first_true, is_true, pick

ROSANOFF = "Rosanoff, Dai & Shapses (2016), doi:10.3945/an.115.008631"
LOW, MIDDLE, HIGH = 1.7, 2.6, 2.8  # mg per mg


def ratio(top: pd.Series, bottom: pd.Series) -> pd.Series:
    """A ratio of two amounts; missing where the lower one is 0."""
    positive = above(bottom, 0)
    return pick(positive, top / bottom.where(is_true(positive)), np.nan)


@derived(
    "Calcium to magnesium ratio, diet",
    unit="mg per mg",
    source=ROSANOFF,
    cases=(
        Case(calcium_diet_mg=900.0, magnesium_diet_mg=300.0, gives=3.0, why="900 / 300"),
        Case(calcium_diet_mg=0.0, magnesium_diet_mg=300.0, gives=0.0, why="no calcium is a true zero"),
        Case(calcium_diet_mg=900.0, magnesium_diet_mg=0.0, gives=None, why="no magnesium: undefined, not infinite"),
        Case(calcium_diet_mg=900.0, magnesium_diet_mg=None, gives=None, why="unknown"),
    ),
)
def ca_mg_ratio(calcium_diet_mg: pd.Series, magnesium_diet_mg: pd.Series) -> pd.Series:
    """Calcium over magnesium of the same reliable days (the ratio of means over days is that of sums).

    A person's ratio: its mean over people is not the ratio of mean calcium to mean magnesium, which `weighted_ratio`
    estimates. Nor is a share above a cut one of people by their usual diet: few recalls spread more than usual intake.
    """
    return ratio(calcium_diet_mg, magnesium_diet_mg)


@derived(
    "Calcium to magnesium ratio, diet and supplements",
    unit="mg per mg",
    source=ROSANOFF,
    cases=(
        Case(calcium_total_mg=1200.0, magnesium_total_mg=400.0, gives=3.0, why="1,200 / 400"),
        Case(calcium_total_mg=1200.0, magnesium_total_mg=None, gives=None, why="unknown"),
    ),
)
def ca_mg_ratio_total(calcium_total_mg: pd.Series, magnesium_total_mg: pd.Series) -> pd.Series:
    """Total calcium over total magnesium."""
    return ratio(calcium_total_mg, magnesium_total_mg)


@derived(
    "Calcium to magnesium ratio of the first recall",
    unit="mg per mg",
    source=ROSANOFF,
    cases=(
        Case(calcium_diet_day1_mg=900.0, magnesium_diet_day1_mg=300.0, recall_reliable_day1=True, gives=3.0,
             why="900 / 300"),
        Case(calcium_diet_day1_mg=900.0, magnesium_diet_day1_mg=300.0, recall_reliable_day1=False, gives=None,
             why="not reliable"),
        Case(calcium_diet_day1_mg=900.0, magnesium_diet_day1_mg=0.0, recall_reliable_day1=True, gives=None,
             why="no magnesium: undefined"),
    ),
)  # fmt: skip
def ca_mg_ratio_day1(
    calcium_diet_day1_mg: pd.Series, magnesium_diet_day1_mg: pd.Series, recall_reliable_day1: pd.Series
) -> pd.Series:
    """Calcium over magnesium of the first recall, where reliable."""
    return ratio(calcium_diet_day1_mg, magnesium_diet_day1_mg).where(is_true(recall_reliable_day1))


@derived(
    "Calcium to magnesium ratio of two recalls",
    unit="mg per mg",
    source=ROSANOFF,
    cases=(
        Case(calcium_diet_two_day_mg=900.0, magnesium_diet_two_day_mg=300.0, gives=3.0, why="900 / 300"),
        Case(calcium_diet_two_day_mg=None, magnesium_diet_two_day_mg=None, gives=None, why="needs both days"),
    ),
)
def ca_mg_ratio_two_day(calcium_diet_two_day_mg: pd.Series, magnesium_diet_two_day_mg: pd.Series) -> pd.Series:
    """Calcium over magnesium of two reliable recalls: the ratio of their sums."""
    return ratio(calcium_diet_two_day_mg, magnesium_diet_two_day_mg)


def ca_mg_banded(values: pd.Series) -> pd.Series:
    """The band of a ratio: 1.7 and 2.6 belong to the band that they begin, 2.8 to the one that it ends."""
    return first_true(
        {
            "below 1.7": below(values, LOW),
            "1.7 to below 2.6": below(values, MIDDLE),
            "2.6 to 2.8": at_most(values, HIGH),
            "above 2.8": above(values, HIGH),
        }
    )


def _above_cut(values: pd.Series) -> pd.Series:
    return above(values, HIGH)


def _band_and_flag(of: str, words: str, band: str) -> tuple[Derived, Derived]:
    """Declare the band of a ratio and whether it is above 2.8."""
    return (
        Derived(
            name=band,
            label=f"Band of the calcium to magnesium ratio, {words}",
            kind="category",
            levels=("below 1.7", "1.7 to below 2.6", "2.6 to 2.8", "above 2.8"),
            reference="1.7 to below 2.6",
            source=ROSANOFF,
            rule="Below 1.7, from 1.7 to below 2.6, from 2.6 to 2.8 itself, above 2.8.",
            inputs=(of,),
            cases=(
                Case(**{of: 1.69}, gives="below 1.7", why="below 1.7"),
                Case(**{of: 1.7}, gives="1.7 to below 2.6", why="1.7 begins the band"),
                Case(**{of: 2.6}, gives="2.6 to 2.8", why="2.6 begins the next"),
                Case(**{of: 2.8}, gives="2.6 to 2.8", why="2.8 itself is not above 2.8"),
                Case(**{of: 2.81}, gives="above 2.8", why="above"),
                Case(**{of: None}, gives=None, why="unknown"),
            ),
            function=ca_mg_banded,
        ),
        Derived(
            name=f"{of}_above_2_8",
            label=f"Calcium to magnesium ratio above 2.8, {words}",
            kind="flag",
            source=ROSANOFF,
            rule="More than 2.8 mg of calcium to each mg of magnesium.",
            inputs=(of,),
            cases=(
                Case(**{of: 2.81}, gives=True, why="above"),
                Case(**{of: 2.8}, gives=False, why="2.8 itself is not above"),
                Case(**{of: None}, gives=None, why="unknown"),
            ),
            function=_above_cut,
        ),
    )


BANDS = (
    *_band_and_flag("ca_mg_ratio", "diet", "ca_mg_band"),
    *_band_and_flag("ca_mg_ratio_total", "diet and supplements", "ca_mg_band_total"),
    *_band_and_flag("ca_mg_ratio_day1", "first recall", "ca_mg_band_day1"),
    *_band_and_flag("ca_mg_ratio_two_day", "two recalls", "ca_mg_band_two_day"),
)
