"""Exercises of notebook 07: what complete cases lose, what weights mend, and how imputations become one answer."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd

from cofactor.models import response_weights
from cofactor.survey import SurveyDesign, weighted_mean
from cofactor.teach.answer import Answer, numbers, of_estimate
from cofactor.teach.exercise import Exercise, Mistake
from cofactor.teach.exercises.people import floats, people_of
from cofactor.teach.exercises.planted import ADULT
from cofactor.teach.exercises.words import ANY, LOST_ESTIMATE, LOST_NUMBER

INCOME, EDUCATION = "income", "education"
COVARIATES = ("income", "body_mass_index", "drinks")
DESIGN = ("age_years", "analysis_weight", "strata", "psu")
NEEDS = (*COVARIATES, EDUCATION, *DESIGN)
IMPUTATIONS = 5


def _survey(seed: int) -> pd.DataFrame:
    """Adults with income that the less educated tell less often, and two covariates with holes of their own."""
    rng = np.random.default_rng([7, seed])
    data = people_of(seed, 1500, "2007-2010", ("age_years", "sex", EDUCATION))
    data = data[data[EDUCATION].notna() | (data["age_years"] < 20)]
    n, step = len(data), data[EDUCATION].cat.codes.to_numpy()
    income = np.round(np.clip(1.2 + 0.6 * step + rng.normal(0.0, 0.9, n), 0.0, 5.0), 2)
    told = rng.random(n) < 0.45 + 0.13 * np.clip(step, 0, 4)
    index, drinks = np.round(rng.normal(28.0, 6.0, n), 1), rng.poisson(3.0, n).astype(float)
    return data.assign(
        income=np.where(told, income, np.nan),
        body_mass_index=np.where(rng.random(n) < 0.90, index, np.nan),
        drinks=np.where(rng.random(n) < 0.85, drinks, np.nan),
    )


def _adults(data: pd.DataFrame) -> pd.DataFrame:
    return data[(data["age_years"] >= 20) & (data["analysis_weight"] > 0)]


def _share(adults: pd.DataFrame, lost: pd.Series) -> float:
    """The share of the weight, in per cent."""
    return 100.0 * float(np.average(lost, weights=floats(adults["analysis_weight"])))


def _lost(data: pd.DataFrame) -> Answer:
    adults = _adults(data)
    return numbers(_share(adults, adults[list(COVARIATES)].isna().any(axis=1)))


def _one_variable(data: pd.DataFrame) -> tuple[Answer, ...]:
    adults = _adults(data)
    return tuple(numbers(_share(adults, adults[name].isna())) for name in COVARIATES)


def _sum_of_shares(data: pd.DataFrame) -> tuple[Answer, ...]:
    return (numbers(sum(one.values[0] for one in _one_variable(data))),)


def _people_counted(data: pd.DataFrame) -> tuple[Answer, ...]:
    return (numbers(100.0 * float(_adults(data)[list(COVARIATES)].isna().any(axis=1).mean())),)


def _kept(data: pd.DataFrame) -> tuple[Answer, ...]:
    return (numbers(100.0 - _lost(data).values[0]),)


LOST = Exercise(
    name="07.1",
    title="What complete cases lose",
    question="A model of adults (20 and over) with income, body_mass_index and drinks uses the complete cases. What"
    " share of the population, by weight, does it lose, in per cent?",
    asks=("per cent",),
    data=_survey,
    needs=NEEDS,
    answer=_lost,
    mistakes=(
        Mistake(
            "one variable alone",
            _one_variable,
            (
                "How many variables does the model need of each person?",
                "A person is lost who lacks any of the three.",
                "data[[...]].isna().any(axis=1) among adults, then the weighted share.",
            ),
        ),
        Mistake(
            "shares added up",
            _sum_of_shares,
            (
                "How often did you count a person who lacks two?",
                "The losses overlap.",
                "data[[...]].isna().any(axis=1) counts each person once.",
            ),
        ),
        Mistake(
            "people counted",
            _people_counted,
            (
                "Whom does each of the lost people stand for?",
                "The share of the population is a share of the weight.",
                "numpy.average(lost, weights=...), or weighted_mean of a flag.",
            ),
        ),
        Mistake(
            "kept for lost",
            _kept,
            (
                "Is that what is lost, or what is left?",
                "Read the question again.",
                "The two add up to a hundred.",
            ),
        ),
    ),
    when_right="Three modest holes make one large one, which a table variable by variable does not show.",
    when_lost=LOST_NUMBER,
)


def _weighted_up(data: pd.DataFrame) -> Answer:
    made = response_weights(SurveyDesign(data, domain=ADULT), INCOME, by=EDUCATION)
    return of_estimate(made.adjusted(weighted_mean(made.design, INCOME)))


def _complete(data: pd.DataFrame) -> tuple[Answer, ...]:
    return (numbers(weighted_mean(SurveyDesign(data, domain=ADULT), INCOME).values[0], ANY),)


def _missing_as_zero(data: pd.DataFrame) -> tuple[Answer, ...]:
    filled = data.assign(income=data[INCOME].fillna(0.0))
    return (numbers(weighted_mean(SurveyDesign(filled, domain=ADULT), INCOME).values[0], ANY),)


def _weights_taken_as_given(data: pd.DataFrame) -> tuple[Answer, ...]:
    made = response_weights(SurveyDesign(data, domain=ADULT), INCOME, by=EDUCATION)
    return (of_estimate(weighted_mean(made.design, INCOME)),)


WEIGHTED_UP = Exercise(
    name="07.2",
    title="Weights for those who did not say",
    question="The less educated tell their income less often. Weight the adults (20 and over) who told it up to all,"
    " within levels of education (response_weights): what is the mean income, and its standard error with the"
    " estimation of the weights in it?",
    asks=("mean", "standard error"),
    data=_survey,
    needs=NEEDS,
    answer=_weighted_up,
    mistakes=(
        Mistake(
            "complete cases",
            _complete,
            (
                "Who told their income: people like those who did not?",
                "Those who told it are better educated, and better paid.",
                'response_weights(design, "income", by="education") gives a design that mends it.',
            ),
        ),
        Mistake(
            "missing as nothing",
            _missing_as_zero,
            (
                "What is the income of somebody who did not tell it, in your mean?",
                "Unknown is not 0.",
                "Leave missing values missing.",
            ),
        ),
        Mistake(
            "weights taken as given",
            _weights_taken_as_given,
            (
                "The mean is right. Were these weights known before the survey?",
                "They were estimated from the same people, which the error has to know.",
                "The object that response_weights returns has a method for it: adjusted.",
            ),
        ),
    ),
    when_right="Right as far as those who did not tell are like those of their own education who did.",
    when_lost=LOST_ESTIMATE,
    when_partly=(
        "Which of the two numbers knows that the weights were estimated?",
        "made.adjusted(weighted_mean(made.design, ...)) has it.",
    ),
)


def _results(seed: int) -> pd.DataFrame:
    rng = np.random.default_rng([73, seed])
    centre, within = rng.uniform(0.5, 1.5), rng.uniform(0.10, 0.20)
    estimate = rng.normal(centre, within * rng.uniform(0.6, 1.2), IMPUTATIONS)
    se = within * rng.uniform(0.85, 1.15, IMPUTATIONS)
    return pd.DataFrame({"estimate": np.round(estimate, 4), "se": np.round(se, 4)})


def _parts(data: pd.DataFrame) -> tuple[float, float, float]:
    """The mean, the mean variance within, and the variance between."""
    estimate, se = floats(data["estimate"]), floats(data["se"])
    return float(estimate.mean()), float((se**2).mean()), float(estimate.var(ddof=1))


def _rubin(data: pd.DataFrame) -> Answer:
    mean, within, between = _parts(data)
    return numbers(mean, math.sqrt(within + (1.0 + 1.0 / len(data)) * between))


def _within_alone(data: pd.DataFrame) -> tuple[Answer, ...]:
    mean, within, _ = _parts(data)
    return numbers(mean, math.sqrt(within)), numbers(mean, float(data["se"].mean()))


def _forever(data: pd.DataFrame) -> tuple[Answer, ...]:
    mean, within, between = _parts(data)
    return (numbers(mean, math.sqrt(within + between)),)


def _as_independent(data: pd.DataFrame) -> tuple[Answer, ...]:
    mean, within, between = _parts(data)
    return (
        numbers(mean, math.sqrt(within / len(data))),
        numbers(mean, math.sqrt(between / len(data))),
        numbers(mean, math.sqrt(between)),
    )


RUBIN = Exercise(
    name="07.3",
    title="Several answers into one",
    question="The data are the estimate and the standard error of the same model in five imputed copies of a survey. By"
    " Rubin's rules: what are the pooled estimate and its standard error?",
    asks=("estimate", "standard error"),
    data=_results,
    needs=("estimate", "se"),
    answer=_rubin,
    mistakes=(
        Mistake(
            "imputed as known",
            _within_alone,
            (
                "The estimate is right. Do the five estimates agree with each other?",
                "Their differences say how little is known of what was imputed; your error leaves them out.",
                "Add the variance between the estimates, times 1 + 1/m.",
            ),
        ),
        Mistake(
            "as if for ever imputed",
            _forever,
            (
                "The estimate is right. It is a mean of five: would it be the same of five others?",
                "Five imputations leave an error of their own.",
                "The variance between counts 1 + 1/m times.",
            ),
        ),
        Mistake(
            "copies as independent surveys",
            _as_independent,
            (
                "The estimate is right. Are these five surveys, or one survey five times?",
                "More copies do not bring more people.",
                "Mean variance within, plus 1 + 1/m times the variance between.",
            ),
        ),
    ),
    when_right="What is not known of the missing values is now in the error.",
    when_lost=(
        "I do not recognise these numbers. How many estimates are there, and what is their mean?",
        "The variance has two parts: one within the copies, one between them.",
        "pool does the same, and degrees of freedom too.",
    ),
    when_partly=(
        "The variance has two parts. Which of them do you have?",
        "Within: the mean of the squared standard errors. Between: the variance of the estimates.",
    ),
)

EXERCISES = (LOST, WEIGHTED_UP, RUBIN)
