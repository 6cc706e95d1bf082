"""Exercises of notebook 02: rows dropped before the design, a share without weights, a total over pooled cycles."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd

from cofactor.errors import DesignError
from cofactor.survey import SurveyDesign, weighted_mean, weighted_total
from cofactor.survey.design import LonelyPsu
from cofactor.teach.answer import Answer, numbers, of_estimate
from cofactor.teach.exercise import Exercise, Mistake
from cofactor.teach.exercises.people import floats, people_of
from cofactor.teach.exercises.words import ANY, LOST_ESTIMATE

VITAMIN_D = "vitd_25oh_nmol_l"
OLDEST = "age_years >= 78"
CUTS: tuple[LonelyPsu, ...] = ("error", "certainty", "adjust", "average")


def _few_people(seed: int) -> pd.DataFrame:
    return people_of(seed, 500, "2011-2014", ("age_years", VITAMIN_D))


def _oldest(design: SurveyDesign) -> Answer:
    return of_estimate(weighted_mean(design, VITAMIN_D))


def _right(data: pd.DataFrame) -> Answer:
    return _oldest(SurveyDesign(data, domain=OLDEST))


def _old(data: pd.DataFrame) -> pd.DataFrame:
    return data[(data["age_years"] >= 78) & (data["analysis_weight"] > 0) & data[VITAMIN_D].notna()]


def _rows_dropped(data: pd.DataFrame) -> tuple[Answer, ...] | None:
    """The group cut out before the design: PSUs vanish, and each policy for lonely ones gives a number of its own."""
    found = []
    for part in (data[data["age_years"] >= 78], _old(data)):
        for policy in CUTS:
            try:
                found.append(_oldest(SurveyDesign(part, lonely_psu=policy)))
            except DesignError:
                continue
    return tuple(found) or None


def _unweighted(data: pd.DataFrame) -> tuple[Answer, ...]:
    return (numbers(float(floats(_old(data)[VITAMIN_D]).mean()), ANY),)


def _naive(data: pd.DataFrame) -> tuple[Answer, ...]:
    old = _old(data)
    mean, spread = _right(data).values[0], float(floats(old[VITAMIN_D]).std(ddof=1))
    alone = _oldest(SurveyDesign(data, strata=None, psu=None, domain=OLDEST))
    return (numbers(mean, spread / math.sqrt(len(old))), alone)


DROPPED = Exercise(
    name="02.1",
    title="Rows dropped before the design",
    question="What is the mean 25(OH)D of people aged 78 and over, in nmol/L, and its standard error?",
    asks=("mean", "standard error"),
    data=_few_people,
    needs=("age_years", VITAMIN_D, "analysis_weight", "strata", "psu"),
    answer=_right,
    mistakes=(
        Mistake(
            "rows dropped",
            _rows_dropped,
            (
                "The mean is right. Print your design: how many PSUs does it have, and how many have the data?",
                "Some PSUs hold nobody of this age. That they hold nobody is part of what the sample says: each counts"
                " with a total of 0, and without it the variance is another one.",
                "Give SurveyDesign all the rows, and the group as domain=; no policy for lonely PSUs is needed then.",
            ),
        ),
        Mistake(
            "unweighted",
            _unweighted,
            (
                "Your mean gives each row one vote. Whom does a row stand for?",
                "Some groups were drawn more often than their share; the weights put that right.",
                "weighted_mean on a SurveyDesign uses analysis_weight.",
            ),
        ),
        Mistake(
            "naive standard error",
            _naive,
            (
                "The mean is right. Were these people drawn one by one, all over the country?",
                "They were drawn in clusters, and with unequal weights: the spread over the root of n knows neither.",
                "weighted_mean(...).se knows both, if the design has strata and PSUs.",
            ),
        ),
    ),
    when_right="The empty PSUs stayed in, and the variance knows of them.",
    when_lost=LOST_ESTIMATE,
    when_partly=(
        "A standard error needs strata, PSUs, weights and everyone's rows.",
        "weighted_mean(...).se has all of them, if SurveyDesign was given all rows.",
    ),
)


def _adults(seed: int) -> pd.DataFrame:
    data = people_of(seed, 700, "2007-2012", ("age_years", "race_ethnicity"))
    return data.assign(two_year_weight=data["analysis_weight"] * 3.0).drop(columns="analysis_weight")


BLACK = "non-Hispanic Black"


def _share(data: pd.DataFrame, weight: str | None, *, adults: bool = True) -> float:
    kept = data[data["age_years"] >= 20] if adults else data
    inside = (kept["race_ethnicity"] == BLACK).to_numpy(dtype=bool)
    weights = np.ones(len(kept)) if weight is None else floats(kept[weight])
    return 100 * float(weights[inside].sum() / weights.sum())


def _share_wrong_way(data: pd.DataFrame) -> float:
    """Of the group, how many are adults."""
    group = data[data["race_ethnicity"] == BLACK]
    weights = floats(group["two_year_weight"])
    return 100 * float(weights[floats(group["age_years"]) >= 20].sum() / weights.sum())


SHARE = Exercise(
    name="02.2",
    title="A share with and without weights",
    question="How many per cent of the adults (20 and over) of the population are non-Hispanic Black? Weight:"
    " two_year_weight.",
    asks=("share, %",),
    data=_adults,
    needs=("age_years", "race_ethnicity", "two_year_weight"),
    answer=lambda data: numbers(_share(data, "two_year_weight")),
    mistakes=(
        Mistake(
            "unweighted",
            lambda data: (numbers(_share(data, None)),),
            (
                "That is their share of the rows. Is it their share of the country?",
                "NHANES draws some groups more often than their share, so that each has people enough.",
                "Sum of the group's weights over the sum of all adults' weights.",
            ),
        ),
        Mistake(
            "children too",
            lambda data: (numbers(_share(data, "two_year_weight", adults=False)),),
            (
                "Who is below the line of your fraction?",
                "Children are in it.",
                "Take adults above and below the line: weighted_proportion with domain='age_years >= 20'.",
            ),
        ),
        Mistake(
            "turned round",
            lambda data: (numbers(_share_wrong_way(data)),),
            (
                "Per cent of what?",
                "You divided by the group; the question divides by the adults.",
                "Sum of the group's weights over the sum of all adults' weights.",
            ),
        ),
        Mistake(
            "fraction",
            lambda data: (numbers(_share(data, "two_year_weight") / 100),),
            ("Nearly. Which unit is asked for?", "Per cent.", "Multiply the fraction by 100."),
        ),
    ),
    when_right="A weighted share speaks of the population, an unweighted one of the sample's plan.",
    when_lost=LOST_ESTIMATE,
)


def _millions(data: pd.DataFrame, cycles: float, *, weighted: bool = True) -> float:
    weight = floats(data["two_year_weight"]) / cycles if weighted else np.ones(len(data))
    design = SurveyDesign(data.assign(analysis_weight=weight, one=1.0), domain="age_years >= 65")
    return float(weighted_total(design, "one").values[0]) / 1e6


def _wrong_millions(cycles: float) -> Mistake:
    kinds = {1.0: "weights not divided", 2.0: "divided by two"}
    return Mistake(
        kinds[cycles],
        lambda data: (numbers(_millions(data, cycles)),),
        (
            "Add up the weights of everybody. Do so many people live in the United States?",
            "The two-year weights of each cycle add up to the whole country once. How many cycles are pooled here?",
            "Divide each two-year weight by the number of cycles.",
        ),
    )


POOLED = Exercise(
    name="02.3",
    title="Weights of pooled cycles",
    question="The data pool the cycles 2007-2008, 2009-2010 and 2011-2012, each with its own two-year weights"
    " (two_year_weight). How many people aged 65 and over lived in the United States on an average day of these years,"
    " in millions?",
    asks=("people, millions",),
    data=_adults,
    needs=("age_years", "two_year_weight", "cycle"),
    answer=lambda data: numbers(_millions(data, 3.0)),
    mistakes=(
        _wrong_millions(1.0),
        _wrong_millions(2.0),
        Mistake(
            "people, not millions",
            lambda data: (numbers(_millions(data, 3.0) * 1e6),),
            ("Right, but for the unit.", "The question asks for millions.", "Divide by 1e6."),
        ),
    ),
    when_right="load divides by itself: analysis_weight of pooled cycles adds up to the country once.",
    when_lost=LOST_ESTIMATE,
)

EXERCISES = (DROPPED, SHARE, POOLED)
