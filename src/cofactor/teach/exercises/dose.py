"""Exercises of notebook 06: a curve against a reference, its bend, and the place of a break."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd

from cofactor.models import DoseResponseCurve, change_point, dose_response
from cofactor.survey import SurveyDesign
from cofactor.teach.answer import Answer, numbers
from cofactor.teach.exercise import Exercise, Mistake
from cofactor.teach.exercises.people import floats, people_of, unweighted
from cofactor.teach.exercises.planted import ADULT, cox_fit, with_deaths
from cofactor.teach.exercises.words import ANY, LOST_ESTIMATE

VITAMIN_D = "vitd_25oh_nmol_l"
NEEDS = (VITAMIN_D, "age_years", "months", "died", "analysis_weight", "strata", "psu")
SPLINE, LINE = f"rcs({VITAMIN_D}, 4) + age_years", f"{VITAMIN_D} + age_years"
LOW, REFERENCE = 25.0, 75.0


def planted(seed: int) -> tuple[float, float]:
    """Return the place of the break of a seed, in nmol/L, and the hazard ratio per 25 nmol/L below it; flat above."""
    rng = np.random.default_rng([6, seed])
    return float(rng.integers(45, 71)), round(float(rng.uniform(0.45, 0.60)), 2)


def _survey(seed: int) -> pd.DataFrame:
    rng = np.random.default_rng([61, seed])
    data = people_of(seed, 1000, "2007-2014", (VITAMIN_D, "age_years", "sex"))
    place, ratio = planted(seed)
    vitamin_d = np.nan_to_num(floats(data[VITAMIN_D]), nan=60.0)
    below = math.log(ratio) / 25.0 * (np.minimum(vitamin_d, place) - place)
    age = 0.05 * (floats(data["age_years"]) - 50.0)
    return with_deaths(data, below + age, 0.015, rng)


def _curve(data: pd.DataFrame, formula: str = SPLINE) -> DoseResponseCurve:
    return dose_response(cox_fit(data, formula), VITAMIN_D, [LOW, REFERENCE], reference=REFERENCE)


def _whole_curve(data: pd.DataFrame) -> DoseResponseCurve:
    return dose_response(cox_fit(data, SPLINE), VITAMIN_D, reference=REFERENCE)


def _ratio(data: pd.DataFrame, formula: str = SPLINE) -> float:
    return math.exp(float(_curve(data, formula).estimate.values[0]))


def _upside_down(data: pd.DataFrame) -> tuple[Answer, ...]:
    return (numbers(1.0 / _ratio(data)),)


def _straight(data: pd.DataFrame) -> tuple[Answer, ...]:
    return (numbers(_ratio(data, LINE)),)


def _logarithm(data: pd.DataFrame) -> tuple[Answer, ...]:
    return (numbers(math.log(_ratio(data))),)


def _unweighted(data: pd.DataFrame) -> tuple[Answer, ...]:
    one = unweighted(data)
    return (numbers(_ratio(one)),)


AGAINST_A_REFERENCE = Exercise(
    name="06.1",
    title="Against a reference",
    question="Adults (20 and over), followed for `months` until they `died`. In a Cox model with a restricted cubic"
    " spline of 4 knots, rcs(vitd_25oh_nmol_l, 4), and age_years: what is the hazard ratio of 25 nmol/L against 75?",
    asks=("hazard ratio",),
    data=_survey,
    needs=NEEDS,
    answer=lambda data: numbers(_ratio(data)),
    mistakes=(
        Mistake(
            "upside down",
            _upside_down,
            (
                "Which of the two is your reference?",
                "The curve is 1 at the reference.",
                "dose_response(fit, variable, [25, 75], reference=75): the first row.",
            ),
        ),
        Mistake(
            "straight line",
            _straight,
            (
                "Is your curve a curve? Draw it.",
                "A single slope says the same of 25 to 75 as of 75 to 125.",
                "Let the formula hold rcs(vitd_25oh_nmol_l, 4) in place of the variable.",
            ),
        ),
        Mistake(
            "logarithm",
            _logarithm,
            (
                "What would your number be for two equal hazards?",
                "Coefficients and curves of a Cox model are logarithms until somebody takes the exponential.",
                ".table(exponentiate=True) shows ratios.",
            ),
        ),
        Mistake(
            "unweighted",
            _unweighted,
            (
                "Whom do these people stand for?",
                "Weights shape the fit, and they place the knots.",
                "SurveyDesign takes analysis_weight by itself: leave it as it is.",
            ),
        ),
    ),
    when_right="A ratio between two named values, read off the model's curve: it needs no category.",
    when_lost=LOST_ESTIMATE,
    truth=lambda seed: (
        f"Planted: a hazard ratio of {planted(seed)[1]} per 25 nmol/L below {planted(seed)[0]:.0f} nmol/L, none above."
    ),
)


def _bend(data: pd.DataFrame) -> Answer:
    test = _whole_curve(data).non_linearity
    assert test is not None
    return numbers(test.f, test.df1)


def _any_association(data: pd.DataFrame) -> tuple[Answer, ...]:
    test = _whole_curve(data).association
    assert test is not None
    return numbers(test.f, ANY), numbers(ANY, test.df1)


BEND = Exercise(
    name="06.2",
    title="A line or a curve",
    question="The same model. Test whether the curve over 25(OH)D is a straight line: what are the Wald F and its"
    " numerator degrees of freedom?",
    asks=("F", "degrees of freedom"),
    data=_survey,
    needs=NEEDS,
    answer=_bend,
    mistakes=(
        Mistake(
            "any association",
            _any_association,
            (
                "What would the hazard look like if the hypothesis of your test held?",
                "All terms of the spline at 0 is no association at all; a straight line keeps one of them.",
                "dose_response(fit, variable, reference=75).non_linearity",
            ),
        ),
    ),
    when_right="The bend alone was tested: 4 knots have 3 terms, and a straight line is one of them.",
    when_lost=(
        "I do not recognise this test. How many terms does a spline of 4 knots have?",
        "One of them is the straight line. The others, together, are the bend.",
        "dose_response(fit, variable, reference=75) holds the test.",
    ),
    when_partly=("Are F and its degrees of freedom of the same test?", "Read both from .non_linearity."),
)


def _place(data: pd.DataFrame) -> float:
    found = change_point(
        SurveyDesign(data, domain=ADULT), LINE, VITAMIN_D, between=(35.0, 95.0), points=7, time="months", event="died"
    )
    return float(found.table()["estimate"].iloc[0])


def _best_cut(data: pd.DataFrame) -> tuple[Answer, ...]:
    """The cut with the largest test statistic of "above against below"."""
    cuts = np.arange(35.0, 96.0, 5.0)
    found = []
    for cut in cuts:
        table = cox_fit(data.assign(above=(data[VITAMIN_D] > cut)), "above + age_years").table()
        row = table.iloc[0]
        found.append(abs(float(row["estimate"]) / float(row["se"])))
    return (numbers(float(cuts[int(np.argmax(found))])),)


PLACE = Exercise(
    name="06.3",
    title="Where the slope changes",
    question="The same people. Fit a broken line over 25(OH)D, with age_years beside it, and look for its break between"
    " 35 and 95 nmol/L (change_point): at which 25(OH)D does the slope change, in nmol/L (to 1 nmol/L)?",
    asks=("25(OH)D",),
    data=_survey,
    needs=NEEDS,
    answer=lambda data: numbers(_place(data)),
    mistakes=(
        Mistake(
            "best cut",
            _best_cut,
            (
                "Did you look for the cut with the smallest p-value of 'above against below'?",
                "The best place to split people into two groups is not where the hazard stops falling.",
                "change_point fits a line with a break, and finds where it bends.",
            ),
        ),
        Mistake(
            "guideline for data",
            lambda data: (numbers(50.0), numbers(75.0)),
            (
                "That is a guideline's number. Is it what these people show?",
                "The profile of the likelihood says where the break is, and how surely.",
                'change_point(design, "vitd_25oh_nmol_l + age_years", "vitd_25oh_nmol_l", between=(35, 95), ...)',
            ),
        ),
    ),
    when_right="Now look at its interval: a break is known badly unless people are many.",
    when_lost=(
        "I do not recognise this number. Is it in nmol/L, and between 35 and 95?",
        "A broken line has one slope below its break and another above.",
        "change_point(...).table(): the first row.",
    ),
    relative=0.0,
    within=1.0,
    truth=lambda seed: f"The planted break is at {planted(seed)[0]:.0f} nmol/L.",
)

EXERCISES = (AGAINST_A_REFERENCE, BEND, PLACE)
