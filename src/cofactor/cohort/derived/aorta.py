"""Calcification of the abdominal aorta."""

import pandas as pd

from cofactor.cohort.derive import Case, derived
from cofactor.cohort.logic import above

KAUPPILA = "Kauppila et al. (1997), doi:10.1016/S0021-9150(97)06106-8"
SEVERE = 6.0


@derived(
    "Any calcification of the abdominal aorta",
    kind="flag",
    source=KAUPPILA,
    cases=(
        Case(aac24_score=0.0, gives=False, why="none seen"),
        Case(aac24_score=1.0, gives=True, why="any"),
        Case(aac24_score=None, gives=None, why="no valid scan"),
    ),
)
def aac_any(aac24_score: pd.Series) -> pd.Series:
    """24-point score above 0."""
    return above(aac24_score, 0)


@derived(
    "Severe calcification of the abdominal aorta",
    kind="flag",
    source=f"score: {KAUPPILA}; above 6: Chen et al. (2020), Nephrology Dialysis Transplantation 35:1171",
    cases=(
        Case(aac24_score=6.0, gives=False, why="6 itself is not"),
        Case(aac24_score=7.0, gives=True, why="above 6"),
        Case(aac24_score=None, gives=None, why="no valid scan"),
    ),
)
def aac_severe(aac24_score: pd.Series) -> pd.Series:
    """24-point score above 6."""
    return above(aac24_score, SEVERE)
