"""Deaths by cause."""

import pandas as pd

from cofactor.cohort.derive import Case, derived
from cofactor.cohort.logic import is_level, is_true, known

SOURCE = "NCHS 2019 Public-Use Linked Mortality Files, underlying leading cause of death"


def _cases(level: str, other: str) -> tuple[Case, ...]:
    return (
        Case(died=True, cause_of_death=level, gives=True, why="died of it"),
        Case(died=True, cause_of_death=other, gives=False, why="died of something else"),
        Case(died=False, cause_of_death=None, gives=False, why="alive at the end"),
        Case(died=True, cause_of_death=None, gives=False,
             why="cause not released: follow-up ends at that death, without this event"),
        Case(died=None, cause_of_death=None, gives=None, why="not linked"),
    )  # fmt: skip


def _died_of(died: pd.Series, cause_of_death: pd.Series, *levels: str) -> pd.Series:
    """Died, and of one of these causes; the two deaths without a cause are censored at their death.

    Unknown and no is no in Kleene's logic, so people who are not linked are set missing apart.
    """
    return (died & is_true(is_level(cause_of_death, *levels))).where(known(died))


@derived("Died of heart disease", kind="flag", source=SOURCE, cases=_cases("heart disease", "cancer"))
def died_heart(died: pd.Series, cause_of_death: pd.Series) -> pd.Series:
    """Underlying cause: diseases of heart. A death without a released cause is no (censored at death)."""
    return _died_of(died, cause_of_death, "heart disease")


@derived("Died of cancer", kind="flag", source=SOURCE, cases=_cases("cancer", "heart disease"))
def died_cancer(died: pd.Series, cause_of_death: pd.Series) -> pd.Series:
    """Underlying cause: malignant neoplasms. A death without a released cause is no (censored at death)."""
    return _died_of(died, cause_of_death, "cancer")


@derived(
    "Died of cerebrovascular disease",
    kind="flag",
    source=SOURCE,
    cases=_cases("cerebrovascular disease", "heart disease"),
)
def died_cerebrovascular(died: pd.Series, cause_of_death: pd.Series) -> pd.Series:
    """Underlying cause: cerebrovascular diseases. A death without a released cause is no (censored at death)."""
    return _died_of(died, cause_of_death, "cerebrovascular disease")


@derived(
    "Died of heart disease or stroke",
    kind="flag",
    source=SOURCE,
    cases=(*_cases("heart disease", "cancer"), *_cases("cerebrovascular disease", "other")[:1]),
)
def died_heart_or_stroke(died: pd.Series, cause_of_death: pd.Series) -> pd.Series:
    """Underlying cause: heart or cerebrovascular disease; other cardiovascular deaths are in other."""
    return _died_of(died, cause_of_death, "heart disease", "cerebrovascular disease")


@derived("Died of an accident", kind="flag", source=SOURCE, cases=_cases("accidents", "cancer"))
def died_accident(died: pd.Series, cause_of_death: pd.Series) -> pd.Series:
    """Underlying cause: accidents (unintentional injuries). A death without a released cause is no."""
    return _died_of(died, cause_of_death, "accidents")


@derived(
    "Died, but the cause is not released",
    kind="flag",
    source=SOURCE,
    cases=(
        Case(died=True, cause_of_death=None, gives=True, why="one of the two"),
        Case(died=True, cause_of_death="other", gives=False, why="other is a cause"),
        Case(died=False, cause_of_death=None, gives=False, why="alive at the end"),
        Case(died=None, cause_of_death=None, gives=None, why="not linked"),
    ),
)
def died_of_unknown_cause(died: pd.Series, cause_of_death: pd.Series) -> pd.Series:
    """To count the deaths that cause-specific models censor at death."""
    return died & ~is_true(is_level(cause_of_death, *cause_of_death.cat.categories))
