"""Exercises of notebook 05: additive and multiplicative interaction of two deficits, and what each scale tells."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd

from cofactor.teach.answer import Answer, choice, numbers
from cofactor.teach.exercise import Exercise, Mistake
from cofactor.teach.exercises.deficits import (
    NEEDS,
    deficits_of,
    measures_of,
    ratios_of,
    told,
)
from cofactor.teach.exercises.people import unweighted
from cofactor.teach.exercises.ten_year_deaths import DEATHS
from cofactor.teach.exercises.words import ANY, LOST_ESTIMATE


def _reri(data: pd.DataFrame) -> Answer:
    return numbers(*(float(value) for value in measures_of(data)[["estimate", "se"]].to_numpy()[0]))


def _product(data: pd.DataFrame) -> tuple[Answer, ...]:
    ratio = float(measures_of(data)["estimate"]["multiplicative"])
    return numbers(ratio, ANY), numbers(math.log(ratio), ANY)


def _from_logarithms(data: pd.DataFrame) -> tuple[Answer, ...]:
    first, second, both = np.log(ratios_of(data))
    return (numbers(float(both - first - second + 1.0), ANY),)


def _without_one(data: pd.DataFrame) -> tuple[Answer, ...]:
    first, second, both = ratios_of(data)
    return numbers(both - first - second, ANY), numbers(both - first - second - 1.0, ANY)


def _unweighted(data: pd.DataFrame) -> tuple[Answer, ...]:
    one = unweighted(data)
    return (numbers(_reri(one).values[0], ANY),)


def _other_reference(data: pd.DataFrame) -> tuple[Answer, ...]:
    first, second, both = ratios_of(data)
    return (numbers(1.0 / both - first / both - second / both + 1.0, ANY),)


RERI = Exercise(
    name="05.1",
    title="Excess from being together",
    question="Adults (20 and over), followed for `months` until they `died`; low_magnesium and low_vitamin_d are 1 for"
    " yes. In a Cox model with both, their product and age_years: what is the RERI of having both, against neither, and"
    " its standard error?",
    asks=("RERI", "standard error"),
    data=deficits_of,
    needs=NEEDS,
    answer=_reri,
    mistakes=(
        Mistake(
            "product term",
            _product,
            (
                "Is that a difference of hazard ratios, or a ratio of them?",
                "The product term says by how much both together differ from multiplying. RERI says by how much they"
                " differ from adding up.",
                "reri(fit, 'low_magnesium', 'low_vitamin_d', exposure_levels=(0, 1), modifier_levels=(0, 1))",
            ),
        ),
        Mistake(
            "logarithms",
            _from_logarithms,
            (
                "What did you add and subtract: hazard ratios, or coefficients?",
                "RERI is made of ratios: R11 - R10 - R01 + 1.",
                "numpy.exp of the coefficients first; for both, of the sum of three of them.",
            ),
        ),
        Mistake(
            "the one forgotten",
            _without_one,
            (
                "If neither deficit did anything, what would your formula give?",
                "All ratios would be 1; the measure should be 0.",
                "R11 - R10 - R01 + 1",
            ),
        ),
        Mistake(
            "other reference",
            _other_reference,
            (
                "Which people are your reference?",
                "RERI wants those at the lowest risk as the reference: with neither deficit.",
                "exposure_levels=(0, 1): the reference first.",
            ),
        ),
        Mistake(
            "unweighted", _unweighted, ("Whom does a row stand for?", "The fit needs the weights.", "fit_cox does.")
        ),
    ),
    when_right="The delta method has carried the errors of three coefficients, and of what they share, into it.",
    when_lost=LOST_ESTIMATE,
    when_partly=(
        "The error of RERI needs the covariance of all three coefficients.",
        "reri(...).se has it, from the design.",
    ),
    within=0.004,
    truth=told,
)


def _independent(data: pd.DataFrame) -> Answer:
    first, second, _ = ratios_of(data)
    return numbers((first - 1.0) * (second - 1.0))


INDEPENDENT = Exercise(
    name="05.2",
    title="The RERI of hazards that multiply",
    question="The same data and model. If the two hazard ratios were as they are, each alone, and multiplied when both"
    " are there (a product term of exactly 1), which RERI would that be?",
    asks=("RERI",),
    data=deficits_of,
    needs=NEEDS,
    answer=_independent,
    mistakes=(
        Mistake(
            "taken to be none",
            lambda data: (numbers(0.0),),
            (
                "Two hazard ratios of 2, and 4 together. How far is 4 from adding up?",
                "Where both ratios are above 1, what multiplies is more than the sum.",
                "Put R11 = R10 × R01 into R11 - R10 - R01 + 1.",
            ),
        ),
        Mistake(
            "as observed",
            lambda data: (numbers(_reri(data).values[0]),),
            (
                "That is the RERI of the data. What would it be with a product term of 1?",
                "Only the joint ratio changes.",
                "Put R11 = R10 × R01 into R11 - R10 - R01 + 1.",
            ),
        ),
        Mistake(
            "joint ratio",
            lambda data: (numbers(math.prod(ratios_of(data)[:2])),),
            ("That is the joint hazard ratio. And its RERI?", "Three terms are missing.", "R11 - R10 - R01 + 1"),
        ),
    ),
    when_right="It is (R10 - 1)(R01 - 1). So 'no interaction' on one scale is an interaction on the other, as soon as"
    " both do something.",
    when_lost=LOST_ESTIMATE,
    within=0.004,
)

BOTH, ADDITIVE, MULTIPLICATIVE, NEITHER, SETTLED = "abcde"


def _scales(data: pd.DataFrame) -> tuple[bool, bool]:
    """Whether the interval of RERI excludes 0, and that of the multiplicative interaction 1."""
    table = measures_of(data)
    low, high = table["low"], table["high"]
    return (
        bool(low["RERI"] > 0 or high["RERI"] < 0),
        bool(low["multiplicative"] > 1 or high["multiplicative"] < 1),
    )


def _reading(data: pd.DataFrame) -> Answer:
    letters = {(True, True): BOTH, (True, False): ADDITIVE, (False, True): MULTIPLICATIVE, (False, False): NEITHER}
    return choice(letters[_scales(data)])


def _one_scale_for_both(data: pd.DataFrame) -> tuple[Answer, ...]:
    """Both scales read from one of them."""
    return tuple(choice(BOTH if found else NEITHER) for found in _scales(data))


def _scales_mixed_up(data: pd.DataFrame) -> tuple[Answer, ...]:
    return choice(ADDITIVE), choice(MULTIPLICATIVE)


READING = Exercise(
    name="05.3",
    title="Reading a product term as 'no interaction'",
    question="The same data and model. What do the 95% intervals of the RERI and of the product term's ratio show?",
    choices={
        BOTH: "A departure from adding up, and one from multiplying.",
        ADDITIVE: "A departure from adding up; multiplying is compatible with the data.",
        MULTIPLICATIVE: "A departure from multiplying; adding up is compatible with the data.",
        NEITHER: "The data are compatible with both, and so they do not say which.",
        SETTLED: "Only the product term's interval matters: if it holds 1, there is no interaction.",
    },
    data=deficits_of,
    needs=NEEDS,
    answer=_reading,
    mistakes=(
        Mistake(
            "product term as verdict",
            lambda data: (choice(SETTLED),),
            (
                "Look at the RERI of your data, and at its interval. Do extra deaths care for the scale of the model?",
                "A product term of 1 says that ratios multiply. With two ratios above 1 that means more deaths together"
                " than the sum of both.",
                "Judge each scale by its own interval: RERI against 0, the ratio against 1.",
            ),
        ),
        Mistake(
            "one scale for both",
            _one_scale_for_both,
            (
                "Did you look at both intervals?",
                "They answer two questions, and may disagree.",
                "reri(...).table() has both rows: RERI, which is 0 without departure, and multiplicative, which is 1.",
            ),
        ),
        Mistake(
            "scales mixed up",
            _scales_mixed_up,
            (
                "Which of the two measures belongs to adding up?",
                "RERI is a sum and belongs to adding up; its null is 0. The product term belongs to multiplying; its"
                " null is 1.",
                "Read the two rows of reri(...).table() once more.",
            ),
        ),
    ),
    when_right="Each scale has an interval of its own, and both belong into the paper.",
    when_lost=("Read both intervals.", "RERI against 0.", "The ratio against 1."),
    truth=told,
)


EXERCISES = (RERI, INDEPENDENT, READING, DEATHS)
