"""Exercises of notebook 05: additive and multiplicative interaction of two deficits, and what each scale tells."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd

from cofactor.models import Fit, fit_cox, reri, standardized_risk
from cofactor.survey import SurveyDesign
from cofactor.teach.answer import Answer, choice, numbers
from cofactor.teach.exercise import Exercise, Mistake
from cofactor.teach.exercises.people import floats, people_of
from cofactor.teach.exercises.planted import ADULT, with_deaths
from cofactor.teach.exercises.words import ANY, LOST_ESTIMATE

MAGNESIUM, VITAMIN_D = "low_magnesium", "low_vitamin_d"
FORMULA = f"{MAGNESIUM} * {VITAMIN_D} + age_years"
TEN_YEARS = 120.0
NEEDS = (MAGNESIUM, VITAMIN_D, "age_years", "months", "died", "analysis_weight", "strata", "psu")


def planted(seed: int) -> tuple[float, float, float]:
    """Return the hazard ratios of a seed: low magnesium alone, low vitamin D alone, both.

    In one seed of three the hazards multiply, in one the excesses add up, in one both together are more than either.
    """
    rng = np.random.default_rng([5, seed])
    first, second = (round(float(rng.uniform(low, low + 0.4)), 1) for low in (1.7, 1.9))
    both = (first * second, first + second - 1.0, 1.9 * first * second)
    return first, second, round(both[(seed + 2) % 3], 1)


def _deficits(seed: int) -> pd.DataFrame:
    rng = np.random.default_rng([51, seed])
    data = people_of(seed, 2000, "2007-2014", ("age_years", "sex"))
    low_magnesium, low_vitamin_d = (rng.random(len(data)) < share for share in (0.45, 0.35))
    first, second, both = np.log(planted(seed))
    log_ratio = np.select([low_magnesium & low_vitamin_d, low_magnesium, low_vitamin_d], [both, first, second], 0.0)
    age = 0.05 * (floats(data["age_years"]) - 50.0)
    flags = {MAGNESIUM: low_magnesium.astype(float), VITAMIN_D: low_vitamin_d.astype(float)}
    return with_deaths(data.assign(**flags), log_ratio + age, 0.012, rng)


def _told(seed: int) -> str:
    first, second, both = planted(seed)
    excess, ratio = both - first - second + 1.0, both / (first * second)
    return (
        f"Planted: hazard ratios of {first} and {second} alone, and {both} together; so a RERI of {abs(excess):.1f},"
        f" and {ratio:.2f} times what multiplying gives."
    )


def _fit(data: pd.DataFrame, formula: str = FORMULA) -> Fit:
    return fit_cox(SurveyDesign(data, domain=ADULT), formula, time="months", event="died")


def _measures(data: pd.DataFrame) -> pd.DataFrame:
    """One row a measure: estimate, se, low, high of RERI, AP, S and multiplicative."""
    found = reri(_fit(data), MAGNESIUM, VITAMIN_D, exposure_levels=(0, 1), modifier_levels=(0, 1))
    return found.table().set_index("term")


def _ratios(data: pd.DataFrame) -> tuple[float, float, float]:
    """Hazard ratios of either deficit alone, and of both, against neither."""
    table = _fit(data).estimate.table().set_index("term")["estimate"]
    alone = [float(table[name]) for name in (MAGNESIUM, VITAMIN_D)]
    return math.exp(alone[0]), math.exp(alone[1]), math.exp(sum(alone) + float(table[f"{MAGNESIUM}:{VITAMIN_D}"]))


def _reri(data: pd.DataFrame) -> Answer:
    return numbers(*(float(value) for value in _measures(data)[["estimate", "se"]].to_numpy()[0]))


def _product(data: pd.DataFrame) -> tuple[Answer, ...]:
    ratio = float(_measures(data)["estimate"]["multiplicative"])
    return numbers(ratio, ANY), numbers(math.log(ratio), ANY)


def _from_logarithms(data: pd.DataFrame) -> tuple[Answer, ...]:
    first, second, both = np.log(_ratios(data))
    return (numbers(float(both - first - second + 1.0), ANY),)


def _without_one(data: pd.DataFrame) -> tuple[Answer, ...]:
    first, second, both = _ratios(data)
    return numbers(both - first - second, ANY), numbers(both - first - second - 1.0, ANY)


def _unweighted(data: pd.DataFrame) -> tuple[Answer, ...]:
    one = data.assign(analysis_weight=(floats(data["analysis_weight"]) > 0).astype(float))
    return (numbers(_reri(one).values[0], ANY),)


def _other_reference(data: pd.DataFrame) -> tuple[Answer, ...]:
    first, second, both = _ratios(data)
    return (numbers(1.0 / both - first / both - second / both + 1.0, ANY),)


RERI = Exercise(
    name="05.1",
    title="Excess from being together",
    question="Adults (20 and over), followed for `months` until they `died`; low_magnesium and low_vitamin_d are 1 for"
    " yes. In a Cox model with both, their product and age_years: what is the RERI of having both, against neither, and"
    " its standard error?",
    asks=("RERI", "standard error"),
    data=_deficits,
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
    truth=_told,
)


def _independent(data: pd.DataFrame) -> Answer:
    first, second, _ = _ratios(data)
    return numbers((first - 1.0) * (second - 1.0))


INDEPENDENT = Exercise(
    name="05.2",
    title="The RERI of hazards that multiply",
    question="The same data and model. If the two hazard ratios were as they are, each alone, and multiplied when both"
    " are there (a product term of exactly 1), which RERI would that be?",
    asks=("RERI",),
    data=_deficits,
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
            lambda data: (numbers(math.prod(_ratios(data)[:2])),),
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
    table = _measures(data)
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
    data=_deficits,
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
    truth=_told,
)


def _per_1000(data: pd.DataFrame, formula: str = FORMULA) -> tuple[float, float, float, float]:
    """Standardised deaths per 1,000 in ten years: neither, low vitamin D, low magnesium, both."""
    made = standardized_risk(
        _fit(data, formula), MAGNESIUM, (0, 1), at=TEN_YEARS, modifier=VITAMIN_D, modifier_levels=(0, 1)
    )
    table = made.table().set_index([MAGNESIUM, VITAMIN_D])["estimate"]
    neither, second, first, both = (1000.0 * float(table[cell]) for cell in ((0, 0), (0, 1), (1, 0), (1, 1)))
    return neither, second, first, both


def _both_and_excess(data: pd.DataFrame) -> Answer:
    neither, second, first, both = _per_1000(data)
    return numbers(both, both - first - second + neither)


def _crude(data: pd.DataFrame) -> tuple[Answer, ...]:
    cell = data[(data[MAGNESIUM] == 1) & (data[VITAMIN_D] == 1) & (floats(data["age_years"]) >= 20)]
    weight = floats(cell["analysis_weight"])
    died = cell["died"].to_numpy(dtype=bool)
    soon = died & (floats(cell["months"]) <= TEN_YEARS)
    return tuple(numbers(1000.0 * float(weight[who].sum() / weight.sum()), ANY) for who in (soon, died))


def _no_product(data: pd.DataFrame) -> tuple[Answer, ...]:
    return (numbers(_per_1000(data, f"{MAGNESIUM} + {VITAMIN_D} + age_years")[3], ANY),)


def _fraction(data: pd.DataFrame) -> tuple[Answer, ...]:
    both = _both_and_excess(data).values[0]
    return numbers(both / 1000, ANY), numbers(both / 10, ANY)


def _difference(data: pd.DataFrame) -> tuple[Answer, ...]:
    neither, second, first, both = _per_1000(data)
    return numbers(both, both - neither), numbers(both, both - first - second)


DEATHS = Exercise(
    name="05.4",
    title="Deaths per 1,000 in ten years",
    question="The same data and model. If all adults had both deficits, how many of 1,000 would die within 120 months,"
    " standardised over the adults' ages? And by how many is that more than the excesses of each alone would add up to"
    " (R11 - R10 - R01 + R00)?",
    asks=("both, per 1,000", "excess over the sum, per 1,000"),
    data=_deficits,
    needs=NEEDS,
    answer=_both_and_excess,
    mistakes=(
        Mistake(
            "crude",
            _crude,
            (
                "Are the people with both deficits as old as all adults, and was each followed for ten years?",
                "A share of those who died knows neither.",
                "standardized_risk(fit, ..., at=120, modifier=...) gives everybody each pair in turn.",
            ),
        ),
        Mistake(
            "no product in the model",
            _no_product,
            (
                "Does your model let both together differ from multiplying?",
                "Without a product it decides beforehand what you ask.",
                "low_magnesium * low_vitamin_d + age_years",
            ),
        ),
        Mistake(
            "units",
            _fraction,
            ("The digits are right. Of how many?", "Of 1,000.", "The risk times 1,000."),
        ),
        Mistake(
            "difference, not excess",
            _difference,
            (
                "The first number is right. If each deficit alone kills 20 of 1,000 more, how many more do you expect"
                " with both, by adding?",
                "40 more than with neither. The excess is what lies above that.",
                "R11 - R10 - R01 + R00; standardized_risk(...).interaction has it, with its error.",
            ),
        ),
    ),
    when_right="That is the scale on which a health service plans: people.",
    when_lost=LOST_ESTIMATE,
    when_partly=("Four standardised risks make the excess.", "R11 - R10 - R01 + R00"),
    within=0.6,
)

EXERCISES = (RERI, INDEPENDENT, READING, DEATHS)
