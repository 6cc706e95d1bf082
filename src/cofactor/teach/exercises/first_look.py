"""The exercise of the first notebook: the mean magnesium intake of adults and its standard error."""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt
import pandas as pd

from cofactor.errors import DesignError
from cofactor.survey import SurveyDesign, weighted_mean
from cofactor.survey.design import LonelyPsu
from cofactor.synthetic import synthetic_people
from cofactor.teach.answer import Answer, numbers, of_estimate
from cofactor.teach.exercise import Exercise, Mistake
from cofactor.teach.exercises.people import floats

Floats = npt.NDArray[np.float64]

INTAKE = "magnesium_diet_mg"
ANY = math.nan
ADULT = "age_years >= 20"


def _people(seed: int) -> pd.DataFrame:
    return synthetic_people(seed=seed, people=1200, cycles="2007-2018")


def _mean(design: SurveyDesign) -> Answer:
    return of_estimate(weighted_mean(design, INTAKE))


def _right(data: pd.DataFrame) -> Answer:
    return _mean(SurveyDesign(data, domain=ADULT))


def _adults(data: pd.DataFrame) -> pd.DataFrame:
    return data[(data["age_years"] >= 20) & (data["analysis_weight"] > 0) & data[INTAKE].notna()]


def _unweighted(data: pd.DataFrame) -> tuple[Answer, ...]:
    return (numbers(float(floats(_adults(data)[INTAKE]).mean()), ANY),)


def _everyone(data: pd.DataFrame) -> tuple[Answer, ...]:
    return (
        numbers(_mean(SurveyDesign(data)).values[0], ANY),
        numbers(float(np.nanmean(floats(data[INTAKE]))), ANY),
    )


def _missing_as_nothing(data: pd.DataFrame) -> tuple[Answer, ...]:
    filled = data.assign(**{INTAKE: data[INTAKE].fillna(0.0)})
    return (numbers(_right(filled).values[0], ANY),)


def _other_units(data: pd.DataFrame) -> tuple[Answer, ...]:
    right = _right(data).values[0]
    return tuple(numbers(right * factor, ANY) for factor in (1e-3, 1e3, 1e-2, 1e2))


def _total(data: pd.DataFrame) -> tuple[Answer, ...]:
    adults = _adults(data)
    return (numbers(float(floats(adults[INTAKE]) @ floats(adults["analysis_weight"])), ANY),)


def _spread(data: pd.DataFrame) -> tuple[Answer, ...]:
    """The standard deviation in place of the standard error of the mean, weighted or not."""
    adults, mean = _adults(data), _right(data).values[0]
    intake, weights = floats(adults[INTAKE]), floats(adults["analysis_weight"])
    weighted = math.sqrt(float(np.average((intake - mean) ** 2, weights=weights)))
    return (numbers(mean, float(intake.std(ddof=1))), numbers(mean, weighted))


def _naive(data: pd.DataFrame) -> tuple[Answer, ...]:
    """Standard errors that forget how the sample was drawn: SD over root n, and weights without PSUs or strata."""
    root_n = math.sqrt(len(_adults(data)))
    spreads = tuple(numbers(mean, spread / root_n) for mean, spread in (one.values for one in _spread(data)))
    return (*spreads, _mean(SurveyDesign(data, strata=None, psu=None, domain=ADULT)))


def _without_strata(data: pd.DataFrame) -> tuple[Answer, ...]:
    """PSUs are numbered anew in each stratum: without strata all people of PSU 1 become one PSU."""
    nested = data.assign(psu=data["strata"].astype(str) + "/" + data["psu"].astype(str))
    return tuple(_mean(SurveyDesign(part, strata=None, domain=ADULT)) for part in (data, nested))


def _rows_dropped(data: pd.DataFrame) -> tuple[Answer, ...] | None:
    """The group cut out before the design: strata may lose a PSU, and each policy for lonely ones gives its own."""
    found = []
    policies: tuple[LonelyPsu, ...] = ("error", "certainty", "adjust", "average")
    for policy in policies:
        try:
            found.append(_mean(SurveyDesign(_adults(data), lonely_psu=policy)))
        except DesignError:
            continue
    return tuple(found) or None


MEAN_MAGNESIUM = Exercise(
    name="00.1",
    title="Mean intake of adults",
    asks=("mean", "standard error"),
    data=_people,
    question="What is the mean magnesium intake from food and drink of adults aged 20 and over, in mg a day, and what"
    " is its standard error?",
    needs=(INTAKE, "age_years", "analysis_weight", "strata", "psu"),
    answer=_right,
    mistakes=(
        Mistake(
            "unweighted",
            _unweighted,
            (
                "Your mean gives each person in the file one vote. Whom does a row stand for?",
                "NHANES samples some groups more than their share, and the weights put that right:"
                " sum of weight × intake over sum of weights.",
                "Use weighted_mean on a SurveyDesign; load has put the fitting weight into analysis_weight.",
            ),
        ),
        Mistake(
            "everyone",
            _everyone,
            (
                "Who is in your mean? Look at their ages.",
                "Children are still in it. The question is about a domain: people aged 20 and over.",
                "Name the group when you make the design: SurveyDesign(people, domain=...).",
            ),
        ),
        Mistake(
            "missing as nothing",
            _missing_as_nothing,
            (
                "Your mean is too low. What do you take the intake of people to be who gave no reliable recall?",
                "Unknown is not 0: a person without a reliable recall ate something.",
                "Leave missing values missing; weighted_mean uses the rows where the intake is known.",
            ),
        ),
        Mistake(
            "units",
            _other_units,
            (
                "The digits are right. Which unit does the question ask for?",
                "catalogue() tells the unit of each variable; compare it with your answer's.",
                "The column is in mg a day already: leave out the conversion.",
            ),
        ),
        Mistake(
            "total",
            _total,
            (
                "That is a large number for one person's day.",
                "A weighted sum is what all adults together eat; a mean is that, for each of them.",
                "Divide by the sum of the weights of the people whose intake is known, or use weighted_mean.",
            ),
        ),
        Mistake(
            "spread, not error",
            _spread,
            (
                "The mean is right. Does your second number say how people differ, or how sure the mean is?",
                "A standard deviation does not shrink with more people; the standard error of a mean does.",
                "weighted_mean(...).se is the standard error, with the design in it.",
            ),
        ),
        Mistake(
            "naive standard error",
            _naive,
            (
                "The mean is right. Were the people of this survey drawn one by one?",
                "They were drawn by counties, about 30 to a cycle, and neighbours eat alike: each further neighbour"
                " tells less than a stranger would. SD over the root of n, or weights alone, do not know that.",
                "Let SurveyDesign know strata and PSUs (it takes the columns strata and psu by itself).",
            ),
        ),
        Mistake(
            "strata left out",
            _without_strata,
            (
                "The mean is right. How often does PSU number 1 occur in the data?",
                "PSUs are numbered anew in each stratum, and strata make a sample more even than chance alone.",
                "Give SurveyDesign the strata too; it nests the PSUs in them.",
            ),
        ),
        Mistake(
            "rows dropped",
            _rows_dropped,
            (
                "The mean is right. How many PSUs does your design have, and how many do the data?",
                "Rows of other people were dropped before the design was made, and PSUs went with them.",
                "Give SurveyDesign all the rows, and the group as domain=.",
            ),
        ),
    ),
    when_right="Everyone stayed in the design, the weights speak for the population, and the standard error knows how"
    " the people were drawn.",
    when_lost=(
        "I do not recognise this number. Begin with who is in it: how many people, of which ages?",
        "Three things make it: the group (a domain), the weights, and the variable as load gives it.",
        "weighted_mean(SurveyDesign(people, domain=...), ...): the first name is the variable's.",
    ),
    when_partly=(
        "A standard error needs strata, PSUs, weights and everyone's rows.",
        "weighted_mean(...).se has all of them, if SurveyDesign was given all rows.",
    ),
)

EXERCISES = (MEAN_MAGNESIUM,)
