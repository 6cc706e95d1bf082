"""Tests of cognition, people of 60 and over."""

import pandas as pd

from cofactor.cohort.derive import Case, derived


@derived(
    "Word list of CERAD: words learnt in three trials, of thirty",
    unit="words",
    source="Morris et al. (1989), CERAD, doi:10.1212/WNL.39.9.1159; NHANES cognitive functioning (CFQ)",
    cases=(
        Case(cerad_trial_1_score=5.0, cerad_trial_2_score=7.0, cerad_trial_3_score=8.0, gives=20.0, why="the sum"),
        Case(cerad_trial_1_score=5.0, cerad_trial_2_score=7.0, cerad_trial_3_score=None, gives=None,
             why="a trial is missing"),
    ),
)  # fmt: skip
def cerad_learning_score(
    cerad_trial_1_score: pd.Series, cerad_trial_2_score: pd.Series, cerad_trial_3_score: pd.Series
) -> pd.Series:
    """The three trials added up; missing where one is."""
    return cerad_trial_1_score + cerad_trial_2_score + cerad_trial_3_score
