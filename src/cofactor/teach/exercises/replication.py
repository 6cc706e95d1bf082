"""The exercises of notebook 09: what a replication compares, and on which scale.

A made-up survey of two cycles: the risk of depressive symptoms is 30% or so, multiplied by a planted ratio for people
with little magnesium, which for some seeds is another one at 65 and over.
"""

from __future__ import annotations

import math

import numpy as np
import pandas as pd

from cofactor.models import fit_glm
from cofactor.models.fit import Fit
from cofactor.survey import SurveyDesign
from cofactor.synthetic import synthetic_people
from cofactor.teach.answer import Answer, choice, numbers
from cofactor.teach.exercise import Exercise, Mistake

ANY = math.nan
ADULT = "age_years >= 20"
LOW, OLD = "low_magnesium", "aged_65_or_over"
NEEDS = ("depressed", LOW, OLD, "age_years", "sex", "strata", "psu", "analysis_weight")
ADJUSTED = f"depressed ~ {LOW} + rcs(age_years) + sex"
CROSSED = f"depressed ~ {LOW} * {OLD} + rcs(age_years) + sex"
LEVEL = 0.05


def planted(seed: int) -> tuple[float, float]:
    """Return the ratios of risks that the data of a seed are made with: below 65, and at 65 and over."""
    young = 1.3 + 0.05 * (seed % 7)
    return young, young * (0.5 if seed % 2 else 1.0)


def _people(seed: int) -> pd.DataFrame:
    people = synthetic_people(seed=seed, people=1500, cycles="2007-2010")
    random = np.random.default_rng([seed, 9])
    low = people["magnesium_diet_mg"] < people["magnesium_diet_mg"].quantile(0.2)
    old = (people["age_years"] >= 65).to_numpy()
    ratio = np.where(low.to_numpy(), np.where(old, *planted(seed)[::-1]), 1.0)
    risk = 0.28 * ratio * np.where(people["sex"] == "female", 1.2, 0.9) * np.exp(-0.004 * (people["age_years"] - 50))
    depressed = random.random(len(people)) < np.clip(risk, 0, 0.95)
    return people.assign(**{LOW: low, OLD: old, "depressed": depressed})


def _ratio(data: pd.DataFrame, formula: str = ADJUSTED, family: str = "poisson") -> float:
    fit = fit_glm(SurveyDesign(data, domain=ADULT), formula, family=family)
    return math.exp(float(_row(fit)["estimate"]))


def _row(fit: Fit, holds: str = LOW) -> pd.Series:
    table = fit.table()
    return table[table["term"].str.startswith(holds) & ~table["term"].str.contains(":")].iloc[0]


def _odds(data: pd.DataFrame) -> tuple[Answer, ...]:
    return (numbers(_ratio(data, family="binomial")),)


def _unweighted(data: pd.DataFrame) -> tuple[Answer, ...]:
    return (numbers(_ratio(data.assign(analysis_weight=1.0))),)


def _crude(data: pd.DataFrame) -> tuple[Answer, ...]:
    return (numbers(_ratio(data, f"depressed ~ {LOW}")),)


def _logarithm(data: pd.DataFrame) -> tuple[Answer, ...]:
    return (numbers(math.log(_ratio(data))),)


RISK_RATIO = Exercise(
    name="09.1",
    title="The ratio that the paper reports",
    asks=("risk ratio",),
    data=_people,
    needs=NEEDS,
    question="Adults aged 20 and over with little magnesium (low_magnesium) against the others: what is the risk ratio"
    " of depressive symptoms (depressed), adjusted for age, as rcs(age_years), and sex?",
    answer=lambda data: numbers(_ratio(data)),
    mistakes=(
        Mistake(
            "odds for risks",
            _odds,
            (
                "How common is the outcome here? Look at its share before you name the ratio.",
                "With an outcome of a quarter of the people, the odds ratio lies further from 1 than the risk ratio.",
                'The ratio of risks comes from a log link: fit_glm(..., family="poisson").',
            ),
        ),
        Mistake(
            "unadjusted",
            _crude,
            (
                "Do the two groups have the same ages, and as many women?",
                "Put age and sex into the formula.",
                'fit_glm(design, "depressed ~ low_magnesium + rcs(age_years) + sex", family="poisson")',
            ),
        ),
        Mistake(
            "unweighted",
            _unweighted,
            (
                "Whom do these people stand for?",
                "Some groups were sampled more than their share; the weights put that right.",
                "Leave the weights as load made them: SurveyDesign takes analysis_weight by itself.",
            ),
        ),
        Mistake(
            "logarithm",
            _logarithm,
            (
                "Which value of a ratio would say that nothing differs? And of the number that you gave?",
                "The coefficients of a model with a log link are logarithms.",
                "fit.table(exponentiate=True) shows ratios.",
            ),
        ),
    ),
    when_right="A ratio of risks, adjusted, for the population: this is what stands beside the paper's figure.",
    when_lost=(
        "I do not recognise this number. Who is in the design, and who in its domain?",
        "Three choices make it: the domain, the formula, and the link.",
        'fit_glm(SurveyDesign(people, domain="age_years >= 20"), "depressed ~ ...", family="poisson")',
    ),
    truth=lambda seed: "The data were made with a ratio of {:.2f} below 65 and {:.2f} at 65 and over.".format(
        *planted(seed)
    ),
)


def _crossed(data: pd.DataFrame) -> tuple[float, float]:
    """Return the ratio at 65 and over, divided by the one below, and its p."""
    table = fit_glm(SurveyDesign(data, domain=ADULT), CROSSED, family="poisson").table()
    row = table[table["term"].str.contains(":")].iloc[0]
    return math.exp(float(row["estimate"])), float(row["p"])


def _apart(data: pd.DataFrame) -> tuple[tuple[float, float], tuple[float, float]]:
    """Return ratio and p of a fit of its own below 65, and at 65 and over."""
    rows = [
        _row(fit_glm(SurveyDesign(data, domain=f"{ADULT} and {side} {OLD}"), ADJUSTED, family="poisson"))
        for side in ("not", "")
    ]
    (young, p_young), (old, p_old) = ((math.exp(row["estimate"]), float(row["p"])) for row in rows)
    return (young, p_young), (old, p_old)


def _upside_down(data: pd.DataFrame) -> tuple[Answer, ...]:
    return (numbers(1 / _crossed(data)[0], ANY),)


def _logarithm_of_product(data: pd.DataFrame) -> tuple[Answer, ...]:
    return (numbers(math.log(_crossed(data)[0]), ANY),)


def _of_one_group(data: pd.DataFrame) -> tuple[Answer, ...]:
    return tuple(numbers(ratio, ANY) for ratio, _ in _apart(data))


def _difference(data: pd.DataFrame) -> tuple[Answer, ...]:
    (young, _), (old, _) = _apart(data)
    return (numbers(old - young, ANY), numbers(young - old, ANY))


TWO_GROUPS = Exercise(
    name="09.2",
    title="One effect or two",
    asks=("ratio of the risk ratios", "p"),
    data=_people,
    needs=NEEDS,
    question="Divide the risk ratio of low_magnesium at 65 and over by the one below 65, from one model with their"
    " product (aged_65_or_over, rcs(age_years) and sex beside it): what is this ratio, and its p?",
    answer=lambda data: numbers(*_crossed(data)),
    mistakes=(
        Mistake(
            "upside down",
            _upside_down,
            (
                "Which group did you divide by?",
                "The question divides the older by the younger.",
                "The product term of a fit with both flags is the ratio for yes against no.",
            ),
        ),
        Mistake(
            "one group's ratio",
            _of_one_group,
            (
                "Is that a comparison of two groups, or the ratio within one of them?",
                "A fit in each group gives two ratios and no test of their difference.",
                'Fit both at once: "depressed ~ low_magnesium * aged_65_or_over + rcs(age_years) + sex".',
            ),
        ),
        Mistake(
            "difference of ratios",
            _difference,
            (
                "Ratios are compared on which scale?",
                "The question divides.",
                "The row of the product in fit.table(exponentiate=True) is the ratio of the two ratios.",
            ),
        ),
        Mistake(
            "logarithm",
            _logarithm_of_product,
            (
                "Which value would say that the ratios are the same?",
                "The coefficient is a logarithm.",
                "fit.table(exponentiate=True) shows ratios.",
            ),
        ),
    ),
    when_right="One model, one number for the difference, one test of it: this is what 'reversed in the old' needs.",
    when_lost=(
        "I do not recognise these numbers. Is the product in your model, and everyone in your design?",
        "The row whose name holds a colon compares the two ratios.",
        "fit.table(exponentiate=True): estimate and p of the row low_magnesium:aged_65_or_over.",
    ),
    when_partly=(
        "Which row is the p of?",
        "The p of the product's row tests whether the two ratios differ.",
    ),
    within=2e-3,
    truth=lambda seed: f"The planted ratio of ratios is {planted(seed)[1] / planted(seed)[0]:.2f}.",
)

SENTENCES = {
    "a": "The ratio at 65 and over differs from the one below 65.",
    "b": "These data do not show that the two ratios differ; they may.",
    "c": "Age makes no difference to the ratio.",
}


def _sentence(data: pd.DataFrame) -> Answer:
    return choice("a" if _crossed(data)[1] < LEVEL else "b")


def _two_verdicts(data: pd.DataFrame) -> tuple[Answer, ...]:
    """Significant in one group and not in the other, taken for a difference between them."""
    (_, p_young), (_, p_old) = _apart(data)
    return (choice("a" if (p_young < LEVEL) != (p_old < LEVEL) else "b"),)


WHAT_MAY_BE_WRITTEN = Exercise(
    name="09.3",
    title="What may be written",
    choices=SENTENCES,
    data=_people,
    needs=NEEDS,
    question="The same people as in 09.2, at a level of 5%. Which sentence do the data allow?",
    answer=_sentence,
    mistakes=(
        Mistake(
            "absence of evidence",
            lambda data: (choice("c"),),
            (
                "How wide is the interval of the ratio of ratios? Which values lie in it?",
                "An interval that holds 1 holds other values too.",
                "What is not shown is not shown to be absent.",
            ),
        ),
        Mistake(
            "two verdicts compared",
            _two_verdicts,
            (
                "Which test did you read: one within each group, or the one between them?",
                "Significant here and not there can come from the number of people alone.",
                "Read the product's p, from one model of everyone.",
            ),
        ),
    ),
    when_right="The sentence follows from the test of the difference, not from two tests of something else.",
    when_lost=(
        "Look once more at the product's row: its ratio, its interval, its p.",
        "Below 5% the data speak for a difference; above it they leave the question open.",
    ),
)

EXERCISES = (RISK_RATIO, TWO_GROUPS, WHAT_MAY_BE_WRITTEN)
