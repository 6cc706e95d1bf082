"""Conditions told by a doctor that several questions make together."""

import pandas as pd

from cofactor.cohort.derive import Case, derived
from cofactor.cohort.logic import any_of, first_known, is_true

SOURCE = "NHANES medical conditions questionnaire"
KIDNEY = "NHANES kidney conditions questionnaire"


@derived(
    "Heart disease told by a doctor",
    kind="flag",
    source=SOURCE,
    cases=(
        Case(heart_failure_told=False, coronary_disease_told=None, angina_told=False, heart_attack_told=True,
             gives=True, why="one yes is enough"),
        Case(heart_failure_told=False, coronary_disease_told=None, angina_told=False, heart_attack_told=False,
             gives=None, why="a no needs all four"),
        Case(heart_failure_told=False, coronary_disease_told=False, angina_told=False, heart_attack_told=False,
             gives=False, why="all four no"),
    ),
)  # fmt: skip
def heart_disease_told(
    heart_failure_told: pd.Series,
    coronary_disease_told: pd.Series,
    angina_told: pd.Series,
    heart_attack_told: pd.Series,
) -> pd.Series:
    """Any of heart failure, coronary heart disease, angina and heart attack; stroke apart."""
    return any_of(heart_failure_told, coronary_disease_told, angina_told, heart_attack_told)


@derived(
    "Coronary heart disease, angina or heart attack told by a doctor",
    kind="flag",
    source=SOURCE,
    cases=(
        Case(coronary_disease_told=None, angina_told=True, heart_attack_told=False, gives=True, why="one is enough"),
        Case(coronary_disease_told=None, angina_told=False, heart_attack_told=False, gives=None,
             why="a no needs all three"),
        Case(coronary_disease_told=False, angina_told=False, heart_attack_told=False, gives=False, why="all three no"),
    ),
)  # fmt: skip
def coronary_any_told(
    coronary_disease_told: pd.Series, angina_told: pd.Series, heart_attack_told: pd.Series
) -> pd.Series:
    """Any of the three; heart failure apart."""
    return any_of(coronary_disease_told, angina_told, heart_attack_told)


@derived(
    "Emphysema or chronic bronchitis told by a doctor, from two questions",
    kind="flag",
    source=SOURCE,
    cases=(
        Case(emphysema_told=None, chronic_bronchitis_told=True, gives=True, why="one is enough"),
        Case(emphysema_told=False, chronic_bronchitis_told=False, gives=False, why="both no"),
        Case(emphysema_told=False, chronic_bronchitis_told=None, gives=None, why="a no needs both"),
    ),
)
def emphysema_or_bronchitis_told(emphysema_told: pd.Series, chronic_bronchitis_told: pd.Series) -> pd.Series:
    """Either of the two."""
    return any_of(emphysema_told, chronic_bronchitis_told)


@derived(
    "Obstructive lung disease told by a doctor",
    kind="flag",
    source=SOURCE,
    cases=(
        Case(emphysema_or_bronchitis_told=True, gives=True, why="two questions, up to 2018"),
        Case(copd_emphysema_bronchitis_told=False, gives=False, why="one question, in 2021-2023"),
        Case(gives=None, why="not known"),
    ),
)
def lung_disease_told(
    emphysema_or_bronchitis_told: pd.Series | None = None, copd_emphysema_bronchitis_told: pd.Series | None = None
) -> pd.Series:
    """Emphysema or chronic bronchitis; in 2021-2023 one question that names COPD too.

    COPD by its own name (`copd_told`, 2013-2018) is left out, so that the answer means one thing from 1999 to 2018.
    """
    return first_known(emphysema_or_bronchitis_told, copd_emphysema_bronchitis_told)


@derived(
    "Dialysis in the past 12 months",
    kind="flag",
    source=KIDNEY,
    cases=(
        Case(kidney_failing_told=True, dialysis_answer=True, gives=True, why="as told"),
        Case(kidney_failing_told=True, dialysis_answer=False, gives=False, why="as told"),
        Case(kidney_failing_told=False, dialysis_answer=None, gives=False, why="skipped: the kidneys do not fail"),
        Case(kidney_failing_told=True, dialysis_answer=None, gives=None, why="refused or not known"),
        Case(kidney_failing_told=None, dialysis_answer=None, gives=None, why="not asked"),
    ),
)
def dialysis(kidney_failing_told: pd.Series, dialysis_answer: pd.Series) -> pd.Series:
    """As told; no for people never told of weak or failing kidneys, whom the question skips."""
    return dialysis_answer.mask(is_true(~kidney_failing_told), False)
