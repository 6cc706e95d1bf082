"""The magnesium depletion score of Fan and colleagues: what makes the kidneys lose magnesium."""

import pandas as pd

from cofactor.cohort.derive import Case, derived
from cofactor.cohort.logic import at_least, below, first_true, is_level, pick

FAN = "Fan et al. (2021), doi:10.1093/jn/nxab138"
EGFR_ONE_POINT, EGFR_TWO_POINTS = 90.0, 60.0  # mL/min/1.73 m²
MIDDLE, HIGH = 2.0, 3.0  # points


@derived(
    "Drinks heavily: more than one drink a day (women), two (men)",
    kind="flag",
    source=f"{FAN}; drinks a day averaged over the past year",
    cases=(
        Case(alcohol="heavy", gives=True, why="more than 364 drinks a year (men 728)"),
        Case(alcohol="moderate", gives=False, why="at most one a day (men two)"),
        Case(alcohol="former", gives=False, why="none in the past 12 months"),
        Case(alcohol="never", gives=False, why="not in life"),
        Case(alcohol=None, gives=None, why="amount not known, or not asked"),
    ),
)
def drinks_heavily(alcohol: pd.Series) -> pd.Series:
    """Heavy among the five levels of alcohol, whose cut is one drink a day for women and two for men.

    The score counts drinks a day of the week, not of a drinking day: who drinks three on each of 12 days a year does
    not drink heavily. Papers that follow Fan take the drinks from the dietary recalls instead of the questionnaire.
    """
    return is_level(alcohol, "heavy")


@derived(
    "Points of the magnesium depletion score for kidney function",
    unit="points",
    source=FAN,
    cases=(
        Case(egfr_ckdepi2021=90.0, gives=0.0, why="90 and over"),
        Case(egfr_ckdepi2021=89.9, gives=1.0, why="below 90"),
        Case(egfr_ckdepi2021=60.0, gives=1.0, why="60 itself"),
        Case(egfr_ckdepi2021=59.9, gives=2.0, why="below 60"),
        Case(egfr_ckdepi2021=None, gives=None, why="not measured"),
    ),
)
def magnesium_depletion_kidney_points(egfr_ckdepi2021: pd.Series) -> pd.Series:
    """Two points below 60 mL/min/1.73 m², one from 60 to below 90; Fan used an equation older than that of 2021."""
    reduced = pick(below(egfr_ckdepi2021, EGFR_TWO_POINTS), 2.0, 1.0)
    return pick(at_least(egfr_ckdepi2021, EGFR_ONE_POINT), 0.0, reduced)


@derived(
    "Magnesium depletion score",
    unit="points",
    source=FAN,
    cases=(
        Case(medicine_diuretic=True, medicine_proton_pump_inhibitor=True, magnesium_depletion_kidney_points=2.0,
             drinks_heavily=True, gives=5.0, why="all of it"),
        Case(medicine_diuretic=False, medicine_proton_pump_inhibitor=False, magnesium_depletion_kidney_points=0.0,
             drinks_heavily=False, gives=0.0, why="none of it"),
        Case(medicine_diuretic=True, medicine_proton_pump_inhibitor=False, magnesium_depletion_kidney_points=1.0,
             drinks_heavily=False, gives=2.0, why="the sum"),
        Case(medicine_diuretic=None, medicine_proton_pump_inhibitor=False, magnesium_depletion_kidney_points=1.0,
             drinks_heavily=False, gives=None, why="all four parts are needed"),
    ),
)  # fmt: skip
def magnesium_depletion_score(
    medicine_diuretic: pd.Series,
    medicine_proton_pump_inhibitor: pd.Series,
    magnesium_depletion_kidney_points: pd.Series,
    drinks_heavily: pd.Series,
) -> pd.Series:
    """A point each for a diuretic, a proton pump inhibitor and heavy drinking, and those for the kidneys: 0 to 5.

    A score of risks, and not a measure of magnesium: each of its parts predicts death on its own.
    """
    flags = (medicine_diuretic, medicine_proton_pump_inhibitor, drinks_heavily)
    points = [pick(flag, 1.0, 0.0) for flag in flags]
    return points[0] + points[1] + points[2] + magnesium_depletion_kidney_points


@derived(
    "Magnesium depletion score in three groups",
    kind="category",
    levels=("low (0-1)", "middle (2)", "high (3-5)"),
    source="the groups of Zhang et al. (2025), doi:10.1371/journal.pone.0314298",
    cases=(
        Case(magnesium_depletion_score=1.0, gives="low (0-1)", why="0 or 1"),
        Case(magnesium_depletion_score=2.0, gives="middle (2)", why="2"),
        Case(magnesium_depletion_score=3.0, gives="high (3-5)", why="3 itself counts"),
        Case(magnesium_depletion_score=None, gives=None, why="a part is not known"),
    ),
)
def magnesium_depletion_group(magnesium_depletion_score: pd.Series) -> pd.Series:
    """0-1, 2, and 3 or more points."""
    return first_true(
        {
            "low (0-1)": below(magnesium_depletion_score, MIDDLE),
            "middle (2)": below(magnesium_depletion_score, HIGH),
            "high (3-5)": at_least(magnesium_depletion_score, HIGH),
        }
    )
