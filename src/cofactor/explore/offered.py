"""What the page offers to choose from: the catalogue by topic, outcomes, covariates."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from cofactor.cohort import variable, variables
from cofactor.cohort.page_topics import by_topic
from cofactor.explore.choices import ADJUST

MOST_LEVELS = 6
"""Levels of a category that a curve or a table can still show apart."""

NOT_OFFERED = ("Design and weights", "Mortality")
"""Topics that are no exposures: what a person died of comes after everything else."""

DEATH = "died"
CAUSE = "cause_of_death"


@dataclass(frozen=True)
class Covariate:
    """A covariate of the page: the variable, its words, and its term in a formula."""

    name: str
    label: str
    term: str


COVARIATES: Mapping[str, Covariate] = {
    one.name: one
    for one in (
        Covariate("age_years", "age (spline)", "rcs(age_years)"),
        Covariate("sex", "sex", "sex"),
        Covariate("race_ethnicity", "race and ethnicity", "race_ethnicity"),
        Covariate("cycle", "survey cycle", "cycle"),
        Covariate("education", "education", "education"),
        Covariate("poverty_income_ratio", "income", "poverty_income_ratio"),
        Covariate("smoking", "smoking", "smoking"),
        Covariate("bmi_kg_m2", "body mass index (spline)", "rcs(bmi_kg_m2)"),
    )
}
assert tuple(COVARIATES) == ADJUST


@cache
def exposures() -> Mapping[str, Mapping[str, str]]:
    """Return topic -> name -> words of all that can be an exposure or a modifier.

    Numbers, flags, and categories of at most six levels.

    >>> exposures()["Body"]["waist_cm"]
    'Waist circumference (cm)'
    """
    found = {}
    for topic, names in by_topic().items():
        kept = {name: with_unit(name) for name in names if _can_be_chosen(name)}
        if topic not in NOT_OFFERED and kept:
            found[topic] = kept
    return found


@cache
def outcomes() -> Mapping[str, Mapping[str, str]]:
    """Return group -> outcome -> words: deaths first, then every flag.

    >>> outcomes()["Death"]["cause_of_death:cancer"]
    'Death from cancer'
    """
    deaths = {DEATH: "Death from any cause"}
    deaths |= {f"{CAUSE}:{level}": f"Death from {level}" for level in variable(CAUSE).levels}
    flags = {
        topic: {name: label(name) for name in names if variable(name).kind == "flag"}
        for topic, names in by_topic().items()
        if topic not in NOT_OFFERED
    }
    return {"Death": deaths} | {topic: names for topic, names in flags.items() if names}


@cache
def label(name: str) -> str:
    """Return a variable's words; its name where the catalogue has none.

    >>> label("sex")
    'Sex'
    """
    return (variables()[name].label if name in variables() else "") or name


@cache
def with_unit(name: str) -> str:
    """Return a variable's words with its unit, where they do not say it."""
    unit = variables()[name].unit if name in variables() else ""
    return label(name) if not unit or unit in label(name) else f"{label(name)} ({unit})"


def is_number(name: str) -> bool:
    """Return whether a variable of the catalogue is a number, months included."""
    return variable(name).kind in ("number", "months")


def levels_of(name: str) -> tuple[str, ...]:
    """Return the levels that a variable is shown by on the page.

    >>> levels_of("bmi_kg_m2"), levels_of("magnesium_below_ear")
    (('lower', 'higher'), ('no', 'yes'))
    """
    if is_number(name):
        return ("lower", "higher")
    found = variable(name)
    return ("no", "yes") if found.kind == "flag" else tuple(found.levels)


def default_reference(name: str) -> str:
    """Return the level that the others are set against where nothing else is said: the catalogue's, else the first.

    >>> default_reference("vitd_status"), default_reference("bmi_kg_m2"), default_reference("obesity")
    ('sufficient', 'lower', 'no')
    """
    found = variable(name)
    return found.reference if found.kind == "category" and found.reference else levels_of(name)[0]


def _can_be_chosen(name: str) -> bool:
    return variable(name).kind != "category" or 2 <= len(variable(name).levels) <= MOST_LEVELS
