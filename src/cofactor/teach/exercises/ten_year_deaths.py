"""The exercise of notebook 05 on standardised deaths: interaction on the scale of people."""

from __future__ import annotations

import pandas as pd

from cofactor.models import standardized_risk
from cofactor.teach.answer import Answer, numbers
from cofactor.teach.exercise import Exercise, Mistake
from cofactor.teach.exercises.deficits import FORMULA, MAGNESIUM, NEEDS, TEN_YEARS, VITAMIN_D, deficits_of, fit_of
from cofactor.teach.exercises.people import floats
from cofactor.teach.exercises.words import ANY, LOST_ESTIMATE


def _per_1000(data: pd.DataFrame, formula: str = FORMULA) -> tuple[float, float, float, float]:
    """Standardised deaths per 1,000 in ten years: neither, low vitamin D, low magnesium, both."""
    made = standardized_risk(
        fit_of(data, formula), MAGNESIUM, (0, 1), at=TEN_YEARS, modifier=VITAMIN_D, modifier_levels=(0, 1)
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
    data=deficits_of,
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
