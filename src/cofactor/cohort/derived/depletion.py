"""The magnesium depletion score of Fan and colleagues: what makes the kidneys lose magnesium."""

import pandas as pd

from cofactor.cohort.derive import Case, derived
from cofactor.cohort.logic import above, at_least, below, first_true, is_level, pick

FAN = "Fan et al. (2021), doi:10.1093/jn/nxab138"
FROM_RECALLS = f"{FAN}; drinks from the recalls as Wang et al. (2024), doi:10.1210/clinem/dgae075, say"
GRAMS_A_DRINK = 14.0  # of ethanol
MOST_WOMEN, MOST_MEN = 1.0, 2.0  # drinks a day
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
    not drink heavily. Papers that follow Fan take the drinks from the dietary recalls: `drinks_heavily_recall`.
    """
    return is_level(alcohol, "heavy")


@derived(
    "Drinks heavily by the dietary recalls: more than one drink a day (women), two (men)",
    kind="flag",
    source=FROM_RECALLS,
    cases=(
        Case(sex="female", alcohol_diet_g=14.0, gives=False, why="one drink of 14 g of ethanol"),
        Case(sex="female", alcohol_diet_g=14.1, gives=True, why="more than one"),
        Case(sex="male", alcohol_diet_g=28.0, gives=False, why="two drinks"),
        Case(sex="male", alcohol_diet_g=28.1, gives=True, why="more than two"),
        Case(sex="male", alcohol_diet_g=None, gives=None, why="no reliable recall"),
    ),
)
def drinks_heavily_recall(sex: pd.Series, alcohol_diet_g: pd.Series) -> pd.Series:
    """Ethanol of the reliable recalls, 14 g a drink: a day or two, not a habit."""
    most = pick(is_level(sex, "male"), MOST_MEN, MOST_WOMEN)
    return above(alcohol_diet_g / GRAMS_A_DRINK, most)


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
    """Two points below 60 mL/min/1.73 m², one from 60 to below 90."""
    return _kidney_points(egfr_ckdepi2021)


def _kidney_points(egfr: pd.Series) -> pd.Series:
    return pick(at_least(egfr, EGFR_ONE_POINT), 0.0, pick(below(egfr, EGFR_TWO_POINTS), 2.0, 1.0))


def _score(kidney_points: pd.Series, *flags: pd.Series) -> pd.Series:
    """The points of the kidneys and one for each flag; missing where any is."""
    return sum((pick(flag, 1.0, 0.0) for flag in flags), start=kidney_points)


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
    return _score(magnesium_depletion_kidney_points, *flags)


@derived(
    "Magnesium depletion score as published: kidneys by the equation of 2009, drinks by the recalls",
    unit="points",
    source=FROM_RECALLS,
    cases=(
        Case(medicine_diuretic=True, medicine_proton_pump_inhibitor=True, egfr_ckdepi2009=59.9,
             drinks_heavily_recall=True, gives=5.0, why="all of it"),
        Case(medicine_diuretic=False, medicine_proton_pump_inhibitor=True, egfr_ckdepi2009=60.0,
             drinks_heavily_recall=False, gives=2.0, why="the sum"),
        Case(medicine_diuretic=False, medicine_proton_pump_inhibitor=False, egfr_ckdepi2009=90.0,
             drinks_heavily_recall=None, gives=None, why="all four parts are needed"),
    ),
)  # fmt: skip
def magnesium_depletion_score_published(
    medicine_diuretic: pd.Series,
    medicine_proton_pump_inhibitor: pd.Series,
    egfr_ckdepi2009: pd.Series,
    drinks_heavily_recall: pd.Series,
) -> pd.Series:
    """For comparison with the papers, which stand on it: 0 to 5, a little higher than our own score."""
    flags = (medicine_diuretic, medicine_proton_pump_inhibitor, drinks_heavily_recall)
    return _score(_kidney_points(egfr_ckdepi2009), *flags)


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
