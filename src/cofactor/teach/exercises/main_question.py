"""Exercises of notebook 10: what an interval says about a claim that was declared before, and what it cannot show."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd

from cofactor.teach.answer import Answer, choice, numbers
from cofactor.teach.exercise import Exercise, Mistake
from cofactor.teach.exercises.people import floats, people_of
from cofactor.teach.exercises.planted import cox_fit, with_deaths

ENOUGH, VITAMIN_D = "enough_magnesium", "vitamin_d_per_25"
FORMULA = f"{VITAMIN_D} * {ENOUGH} + age_years"
NEEDS = (ENOUGH, VITAMIN_D, "age_years", "months", "died", "analysis_weight", "strata", "psu")
MARGIN = 0.90
LEVEL = 0.05
POWER_FACTOR = 2.80
"""Normal quantiles of 97.5% and 80%, added: standard errors from none that a test of 5% finds with a power of 80%."""

RATIOS = (0.65, 1.0, 1.0)
PEOPLE = (1500, 4000, 500)
DEATHS = (0.020, 0.050, 0.010)


def planted(seed: int) -> float:
    """Return the ratio of hazard ratios of a seed: in one of three below 1, in the others 1, known well or badly."""
    return RATIOS[seed % 3]


def _survey(seed: int) -> pd.DataFrame:
    kind, rng = seed % 3, np.random.default_rng([10, seed])
    data = people_of(seed, PEOPLE[kind], "2007-2014", ("age_years", "sex"))
    enough = (rng.random(len(data)) < 0.45).astype(float)
    vitamin_d = np.round(np.clip(rng.normal(2.6, 0.9, len(data)), 0.4, 6.0), 2)
    log_ratio = -0.15 * (vitamin_d - 2.6) + math.log(planted(seed)) * enough * (vitamin_d - 2.6)
    age = 0.05 * (floats(data["age_years"]) - 50.0)
    return with_deaths(data.assign(**{ENOUGH: enough, VITAMIN_D: vitamin_d}), log_ratio + age, DEATHS[kind], rng)


def _product(data: pd.DataFrame) -> pd.Series:
    """The row of the product: estimate (a logarithm), se, low, high, p."""
    table = cox_fit(data, FORMULA).table()
    return table[table["term"].str.contains(":")].iloc[0]


def _verdict(data: pd.DataFrame) -> Answer:
    low, high = (math.exp(float(_product(data)[limit])) for limit in ("low", "high"))
    if high < 1.0:
        return choice("a")
    if low > 1.0:
        return choice("d")
    return choice("b" if low >= MARGIN and high <= 1.0 / MARGIN else "c")


def _by_p(data: pd.DataFrame) -> tuple[Answer, ...]:
    """p at or above 5% taken for "no interaction"."""
    row = _product(data)
    found = "a" if row["estimate"] < 0.0 else "d"
    return (choice("b" if float(row["p"]) >= LEVEL else found),)


def _by_estimate(data: pd.DataFrame) -> tuple[Answer, ...]:
    ratio = math.exp(float(_product(data)["estimate"]))
    return (choice("a" if ratio < MARGIN else "b" if ratio <= 1.0 / MARGIN else "d"),)


VERDICT = Exercise(
    name="10.1",
    title="Held against what was declared",
    question="Adults (20 and over), followed for `months` until they `died`; enough_magnesium is 1 for yes,"
    " vitamin_d_per_25 is serum 25(OH)D in steps of 25 nmol/L. Before anybody looked it was written down that a ratio"
    " of hazard ratios within 0.90 to 1.11 is too near 1 to matter. From a Cox model with both, their product and"
    " age_years: what do these data say?",
    choices={
        "a": "25(OH)D goes with a lower hazard, more so where magnesium is enough: the interval lies below 1.",
        "b": "If there is an interaction, it is too small to matter: the interval lies within 0.90 to 1.11.",
        "c": "They leave it open: the interval holds 1, and ratios that would matter.",
        "d": "The contrary: the interval lies above 1.",
    },
    data=_survey,
    needs=NEEDS,
    answer=_verdict,
    mistakes=(
        Mistake(
            "absence of evidence",
            _by_p,
            (
                "You read a p-value. Which ratios are compatible with these data?",
                "A p above 5% says that 1 is among them. Which others are?",
                "fit.table(exponentiate=True): set low and high of the product's row beside the declared limits.",
            ),
        ),
        Mistake(
            "estimate without interval",
            _by_estimate,
            (
                "You read the estimate. How far from it could the truth be?",
                "Two surveys with the same estimate can say quite different things.",
                "fit.table(exponentiate=True): set low and high of the product's row beside the declared limits.",
            ),
        ),
    ),
    when_right="The interval was held against what was declared, and not against 1 alone.",
    when_lost=(
        "Find the row of the product, and its interval on the scale of ratios.",
        "Is 1 in the interval? Are the declared limits?",
    ),
    truth=lambda seed: f"The planted ratio of hazard ratios is {planted(seed):.2f}.",
)


def _detectable(data: pd.DataFrame) -> float:
    return math.exp(-POWER_FACTOR * float(_product(data)["se"]))


def _significant(data: pd.DataFrame) -> tuple[Answer, ...]:
    return (numbers(math.exp(-1.96 * float(_product(data)["se"]))),)


def _above(data: pd.DataFrame) -> tuple[Answer, ...]:
    return (numbers(1.0 / _detectable(data)),)


def _own_limit(data: pd.DataFrame) -> tuple[Answer, ...]:
    return (numbers(math.exp(float(_product(data)["low"]))),)


def _logarithm(data: pd.DataFrame) -> tuple[Answer, ...]:
    return (numbers(math.log(_detectable(data))), numbers(-math.log(_detectable(data))))


DETECTABLE = Exercise(
    name="10.2",
    title="What could have been shown",
    question="The same model. Which ratio of hazard ratios below 1 could a survey like this one have shown, with a"
    " power of 80% in a two-sided test of 5%? (Normal quantiles: 1.96 and 0.84.)",
    asks=("ratio",),
    data=_survey,
    needs=NEEDS,
    answer=lambda data: numbers(_detectable(data)),
    mistakes=(
        Mistake(
            "significance for power",
            _significant,
            (
                "If the truth were the ratio that you gave, how often would such a survey find it?",
                "A truth that lies just where the test turns significant is found every second time only.",
                "The two quantiles are added before they multiply the standard error.",
            ),
        ),
        Mistake(
            "the other side",
            _above,
            (
                "Does your ratio lie below 1?",
                "More 25(OH)D is to lower the hazard further where magnesium is enough.",
                "Mind the sign in front of the standard error.",
            ),
        ),
        Mistake(
            "limit of the interval",
            _own_limit,
            (
                "That is a limit of the interval that was found. Would it move if the estimate did?",
                "What a survey can show depends on its standard error, and not on the estimate.",
                "Begin from 1, on the scale of logarithms from 0.",
            ),
        ),
        Mistake(
            "logarithm",
            _logarithm,
            (
                "Which value would say no interaction, and on which scale is your number?",
                "The standard error belongs to the logarithm of the ratio.",
                "Take the exponential.",
            ),
        ),
    ),
    when_right="A weaker interaction would mostly have been missed: this belongs beside every 'open'.",
    when_lost=(
        "I do not recognise this number. It takes one number of the fit: the standard error of the product.",
        "On the scale of logarithms: so many standard errors below 0 that the test finds it in 80% of surveys.",
        "fit.table(): se of the product's row.",
    ),
)

EXERCISES = (VERDICT, DETECTABLE)
