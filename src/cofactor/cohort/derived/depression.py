"""Depression: the nine-item Patient Health Questionnaire (PHQ-9)."""

import pandas as pd

from cofactor.cohort.derive import Case, derived
from cofactor.cohort.logic import at_least

PHQ9 = "Kroenke, Spitzer and Williams (2001), doi:10.1046/j.1525-1497.2001.016009606.x"
MODERATE = 10.0
MILD = 5.0
MORE_THAN_HALF_THE_DAYS = 2.0


def _items(**given: float | None) -> dict[str, float | None]:
    """Nine answers for a case: 0, but for those that are given."""
    return {f"phq9_item{number}": given.get(f"item{number}", 0.0) for number in range(1, 10)}


@derived(
    "Depressive symptoms of the past two weeks, PHQ-9",
    unit="points",
    source=PHQ9,
    cases=(
        Case(**_items(), gives=0.0, why="none of the nine"),
        Case(**_items(item1=3.0, item4=2.0, item9=1.0), gives=6.0, why="the sum"),
        Case(**_items(item1=3.0, item5=None), gives=None, why="all nine are needed; nothing is filled in"),
    ),
)
def phq9_score(
    phq9_item1: pd.Series,
    phq9_item2: pd.Series,
    phq9_item3: pd.Series,
    phq9_item4: pd.Series,
    phq9_item5: pd.Series,
    phq9_item6: pd.Series,
    phq9_item7: pd.Series,
    phq9_item8: pd.Series,
    phq9_item9: pd.Series,
) -> pd.Series:
    """Sum of nine answers of 0 to 3: from 0 to 27."""
    first = phq9_item1 + phq9_item2 + phq9_item3 + phq9_item4 + phq9_item5
    return first + phq9_item6 + phq9_item7 + phq9_item8 + phq9_item9


@derived(
    "Depressive symptoms, PHQ-9 without sleep, fatigue and appetite",
    unit="points",
    source=f"{PHQ9}; items 3, 4 and 5 left out",
    cases=(
        Case(phq9_item1=1.0, phq9_item2=2.0, phq9_item6=0.0, phq9_item7=0.0, phq9_item8=0.0, phq9_item9=3.0, gives=6.0,
             why="the sum of six"),
        Case(phq9_item1=1.0, phq9_item2=None, phq9_item6=0.0, phq9_item7=0.0, phq9_item8=0.0, phq9_item9=3.0,
             gives=None, why="all six are needed"),
    ),
)  # fmt: skip
def phq9_score_without_somatic(
    phq9_item1: pd.Series,
    phq9_item2: pd.Series,
    phq9_item6: pd.Series,
    phq9_item7: pd.Series,
    phq9_item8: pd.Series,
    phq9_item9: pd.Series,
) -> pd.Series:
    """Sum of the six answers that neither diet nor illness changes directly: from 0 to 18."""
    return phq9_item1 + phq9_item2 + phq9_item6 + phq9_item7 + phq9_item8 + phq9_item9


@derived(
    "Moderate or severe depressive symptoms: PHQ-9 of 10 or more",
    kind="flag",
    source=PHQ9,
    cases=(
        Case(phq9_score=10.0, gives=True, why="the cut point itself counts"),
        Case(phq9_score=9.0, gives=False, why="below it"),
        Case(phq9_score=None, gives=None, why="an answer is missing"),
    ),
)
def phq9_ge10(phq9_score: pd.Series) -> pd.Series:
    """At least 10 points of 27."""
    return at_least(phq9_score, MODERATE)


@derived(
    "At least mild depressive symptoms: PHQ-9 of 5 or more",
    kind="flag",
    source=PHQ9,
    cases=(
        Case(phq9_score=5.0, gives=True, why="the cut point itself counts"),
        Case(phq9_score=4.0, gives=False, why="below it"),
        Case(phq9_score=None, gives=None, why="an answer is missing"),
    ),
)
def phq9_ge5(phq9_score: pd.Series) -> pd.Series:
    """At least 5 points of 27."""
    return at_least(phq9_score, MILD)


@derived(
    "Tired on more than half the days of the past two weeks",
    kind="flag",
    source=f"{PHQ9}; item 4",
    cases=(
        Case(phq9_item4=2.0, gives=True, why="more than half the days"),
        Case(phq9_item4=1.0, gives=False, why="several days"),
        Case(phq9_item4=None, gives=None, why="refused or not known"),
    ),
)
def phq9_fatigue_ge2(phq9_item4: pd.Series) -> pd.Series:
    """Tired or with little energy on more than half the days, or nearly every day."""
    return at_least(phq9_item4, MORE_THAN_HALF_THE_DAYS)
