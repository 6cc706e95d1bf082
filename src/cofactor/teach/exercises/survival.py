"""Exercises of notebook 04: a Cox model without weights, a risk that ignores censoring, what a hazard ratio says."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd

from cofactor.models import Fit, fit_cox, fit_glm, kaplan_meier
from cofactor.survey import SurveyDesign
from cofactor.teach.answer import Answer, choice, numbers
from cofactor.teach.exercise import Exercise, Mistake
from cofactor.teach.exercises.people import floats, people_of, unweighted
from cofactor.teach.exercises.planted import ADULT, with_deaths
from cofactor.teach.exercises.words import ANY, LOST_ESTIMATE

DRAWN_MORE = ("non-Hispanic Black", "Mexican American")
FORMULA = "smoker + age_years"
FIVE_YEARS = 60.0


def _planted(seed: int) -> tuple[float, float]:
    """Hazard ratios of smoking: in the groups drawn more often than their share, and in all others."""
    rng = np.random.default_rng([4, seed])
    return round(float(rng.uniform(2.6, 3.6)), 1), round(float(rng.uniform(1.2, 1.6)), 1)


def _smokers(seed: int) -> pd.DataFrame:
    rng = np.random.default_rng([41, seed])
    data = people_of(seed, 1100, "2007-2012", ("age_years", "race_ethnicity"))
    smoker = rng.random(len(data)) < 0.3
    more = data["race_ethnicity"].isin(DRAWN_MORE).to_numpy(dtype=bool)
    strong, weak = _planted(seed)
    log_ratio = 0.06 * (floats(data["age_years"]) - 50.0) + smoker * np.where(more, math.log(strong), math.log(weak))
    return with_deaths(data.assign(smoker=smoker.astype(float)), log_ratio, 0.02, rng)


def _cox(design: SurveyDesign) -> Fit:
    return fit_cox(design, FORMULA, time="months", event="died")


def _ratio(fit: Fit) -> Answer:
    return numbers(math.exp(float(fit.estimate.values[0])), float(fit.estimate.se[0]))


def _right(data: pd.DataFrame) -> Answer:
    return _ratio(_cox(SurveyDesign(data, domain=ADULT)))


def _unweighted(data: pd.DataFrame) -> tuple[Answer, ...]:
    """As PHReg does, with and without the rows whose weight is 0."""
    one = data.assign(analysis_weight=1.0)
    fits = (_ratio(_cox(SurveyDesign(part, domain=ADULT))) for part in (unweighted(data), one))
    return tuple(numbers(fit.values[0], ANY) for fit in fits)


def _logarithm(data: pd.DataFrame) -> tuple[Answer, ...]:
    return (numbers(math.log(_right(data).values[0]), ANY),)


def _turned(data: pd.DataFrame) -> tuple[Answer, ...]:
    return (numbers(1.0 / _right(data).values[0], ANY),)


def _odds(data: pd.DataFrame) -> tuple[Answer, ...]:
    fit = fit_glm(SurveyDesign(data, domain=ADULT), f"died ~ {FORMULA}", family="binomial")
    return (numbers(math.exp(float(fit.estimate.values[1])), ANY),)


def _no_clusters(data: pd.DataFrame) -> tuple[Answer, ...]:
    return (_ratio(_cox(SurveyDesign(data, strata=None, psu=None, domain=ADULT))),)


WEIGHTED = Exercise(
    name="04.1",
    title="A Cox model without weights",
    question="Adults (20 and over), followed for `months` until they `died`: what is the hazard ratio of death of"
    " smokers against others, in a Cox model with age_years, and the standard error of its logarithm?",
    asks=("hazard ratio", "standard error of its logarithm"),
    data=_smokers,
    needs=("smoker", "age_years", "months", "died", "analysis_weight", "strata", "psu"),
    answer=_right,
    mistakes=(
        Mistake(
            "unweighted",
            _unweighted,
            (
                "Your ratio is that of the sample. Are the people for whom smoking is most harmful as common in the"
                " country as in the sample?",
                "A Cox model without sampling weights, as PHReg of statsmodels fits it, gives each row one vote.",
                "fit_cox on a SurveyDesign takes the weights, in the estimate and in its error.",
            ),
        ),
        Mistake(
            "logarithm",
            _logarithm,
            (
                "A ratio of 1 means no difference. What does your number mean?",
                "It is the logarithm.",
                "numpy.exp of it.",
            ),
        ),
        Mistake(
            "turned round",
            _turned,
            ("Who dies sooner, by your number?", "It sets the others against smokers.", "One over your number."),
        ),
        Mistake(
            "odds ratio",
            _odds,
            (
                "Does your model know when people died?",
                "An odds ratio counts who died, however long each was followed.",
                "fit_cox(design, ..., time='months', event='died')",
            ),
        ),
        Mistake(
            "no clusters",
            _no_clusters,
            (
                "The ratio is right. Were these people drawn one by one?",
                "Weights alone do not say that people were drawn in PSUs within strata.",
                "Leave strata and psu in the design: SurveyDesign takes the columns of these names.",
            ),
        ),
    ),
    when_right="Weights in the estimate, PSUs in its error.",
    when_lost=LOST_ESTIMATE,
    when_partly=(
        "The standard error that is asked for is the one in fit.table(), of the logarithm.",
        "A weighted fit's error from the model alone is none; give the design to the fit.",
    ),
    truth=lambda seed: (
        "Planted: a hazard ratio of {} in the groups that were drawn more often than their share, and of"
        " {} in all others; yours is the mixture that the population has.".format(*_planted(seed))
    ),
)


def _risk(data: pd.DataFrame) -> float:
    curve = kaplan_meier(SurveyDesign(data, domain=ADULT), time="months", event="died", times=[FIVE_YEARS])
    return 100 * (1 - float(curve.table()["survival"].iloc[0]))


def _long_cohort(seed: int) -> pd.DataFrame:
    """As the smokers, but followed from 1 to 15 years: many are lost before five years are over."""
    data, rng = _smokers(seed), np.random.default_rng([42, seed])
    end = np.round(rng.uniform(12.0, 90.0, len(data)), 2)
    earlier = end < floats(data["months"])
    died = data["died"].mask(pd.Series(earlier, index=data.index) & data["died"].notna(), False)
    return data.assign(months=np.where(earlier, end, floats(data["months"])), died=died)


def _crude_shares(data: pd.DataFrame) -> tuple[Answer, ...]:
    """Died by five years, or ever, over all adults; by weights and by rows."""
    adult = data[(floats(data["age_years"]) >= 20) & (floats(data["analysis_weight"]) > 0)]
    died = adult["died"].to_numpy(dtype=bool)
    by_then = died & (floats(adult["months"]) <= FIVE_YEARS)
    weights = (floats(adult["analysis_weight"]), np.ones(len(adult)))
    return tuple(numbers(100 * float(w[who].sum() / w.sum())) for w in weights for who in (by_then, died))


def _without_the_lost(data: pd.DataFrame) -> tuple[Answer, ...]:
    """Those censored before five years left out."""
    adult = data[(floats(data["age_years"]) >= 20) & (floats(data["analysis_weight"]) > 0)]
    months, died = floats(adult["months"]), adult["died"].to_numpy(dtype=bool)
    by_then = died & (months <= FIVE_YEARS)
    known = by_then | (months >= FIVE_YEARS)
    weights = (floats(adult["analysis_weight"]), np.ones(len(adult)))
    return tuple(numbers(100 * float(w[by_then].sum() / w[known].sum())) for w in weights)


RISK = Exercise(
    name="04.2",
    title="A risk when people are lost",
    question="Adults (20 and over) are followed for 1 to 7 years. How many per cent die within 60 months, if nobody"
    " were lost to follow-up?",
    asks=("risk, %",),
    data=_long_cohort,
    needs=("age_years", "months", "died", "analysis_weight", "strata", "psu"),
    answer=lambda data: numbers(_risk(data)),
    mistakes=(
        Mistake(
            "lost counted as alive",
            _crude_shares,
            (
                "Of some people you know for one year only that they lived. What does your share take them to do then?",
                "It takes them to live on. Kaplan and Meier's estimate asks at each death who was still there to die.",
                "kaplan_meier(design, time='months', event='died', times=[60])",
            ),
        ),
        Mistake(
            "lost left out",
            _without_the_lost,
            (
                "Whom did you leave out, and were they alive?",
                "Who was lost had lived so far: without them the dead are too large a part.",
                "kaplan_meier keeps each of them for as long as they were seen.",
            ),
        ),
        Mistake(
            "survival",
            lambda data: (numbers(100 - _risk(data)),),
            ("Do so many die?", "That is how many live.", "100 minus your number."),
        ),
        Mistake(
            "unweighted",
            lambda data: (numbers(_risk(unweighted(data))),),
            (
                "Whom does a row stand for?",
                "The curve needs the weights.",
                "kaplan_meier on a SurveyDesign with weights.",
            ),
        ),
        Mistake(
            "fraction",
            lambda data: (numbers(_risk(data) / 100),),
            ("Nearly. Which unit is asked for?", "Per cent.", "Multiply by 100."),
        ),
    ),
    when_right="Everybody counts for as long as they were seen.",
    when_lost=LOST_ESTIMATE,
)


def _reading(letter: str, kind: str, *hints: str) -> Mistake:
    return Mistake(kind, lambda _: (choice(letter),), hints)


READING = Exercise(
    name="04.3",
    title="What a hazard ratio says",
    question="A Cox model gives smokers a hazard ratio of 2. What does it say, if the model holds?",
    choices={
        "a": "Twice as many smokers as others die by the end of follow-up.",
        "b": "At any time, of those still alive then, smokers die at twice the rate.",
        "c": "Smokers live half as long.",
        "d": "Half of the deaths of smokers would not have happened without smoking.",
    },
    data=_smokers,
    needs=(),
    answer=lambda _: choice("b"),
    mistakes=(
        _reading(
            "a",
            "rate taken for risk",
            "Follow everybody for 150 years. How many of either group have died?",
            "All. A ratio of risks goes to 1 with time, while a ratio of rates can stay what it is.",
            "Read the word hazard as: rate of death among those who are alive.",
        ),
        _reading(
            "c",
            "rate taken for time",
            "The hazard of people doubles in about eight years of age. What does twice the hazard cost them, then?",
            "About those eight years, and not half of a life: the hazard ratio is no ratio of times.",
            "Which of the sentences speaks of rates at a time?",
        ),
        _reading(
            "d",
            "association taken for cause",
            "Was anybody assigned to smoke?",
            "Smokers differ in more than smoking; what they would do without it, this model alone cannot tell.",
            "Which of the sentences only describes?",
        ),
    ),
    when_right="A rate, at a time, among those alive then.",
    when_lost=("Read the word hazard again.", "It is a rate.", "Of whom, and when?"),
)

EXERCISES = (WEIGHTED, RISK, READING)
