"""Exercises of notebook 03: a flow, a ratio of means, and what complete cases leave."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pandas as pd

from cofactor.survey import SurveyDesign, weighted_mean, weighted_ratio
from cofactor.survey.expression import evaluate
from cofactor.teach.answer import Answer, numbers, of_estimate
from cofactor.teach.exercise import Exercise, Mistake
from cofactor.teach.exercises.people import floats, people_of
from cofactor.teach.exercises.words import ANY, LOST_ESTIMATE, LOST_NUMBER

Mask = npt.NDArray[np.bool_]

VITAMIN_D, MAGNESIUM, ENERGY = "vitd_25oh_nmol_l", "magnesium_diet_mg", "energy_diet_kcal"
AGED, LINKED, SUFFICIENT = "age_years >= 40 and age_years < 80", "mortality_eligible", f"{VITAMIN_D} >= 50"


def _cohort(seed: int) -> pd.DataFrame:
    return people_of(seed, 900, "2003-2010", ("age_years", VITAMIN_D, "mortality_eligible", "died"))


def _true(data: pd.DataFrame, condition: str) -> Mask:
    return evaluate(condition, data).fillna(False).to_numpy(dtype=bool)


def _counts(data: pd.DataFrame, mask: Mask) -> Answer:
    died = data["died"].fillna(False).to_numpy(dtype=bool)
    return numbers(float(mask.sum()), float((mask & died).sum()))


def _weighted(data: pd.DataFrame) -> Mask:
    return np.asarray(floats(data["analysis_weight"]) > 0)


def _flow(data: pd.DataFrame) -> Answer:
    inside = _true(data, f"{AGED} and {LINKED} and {SUFFICIENT}")
    return _counts(data, inside & _weighted(data))


def _unknown_let_in(data: pd.DataFrame) -> tuple[Answer, ...]:
    inside = _true(data, f"{AGED} and {LINKED}") & ~_true(data, f"{VITAMIN_D} < 50")
    return _counts(data, inside & _weighted(data)), _counts(data, inside)


def _without_weight(data: pd.DataFrame) -> tuple[Answer, ...]:
    return (_counts(data, _true(data, f"{AGED} and {LINKED} and {SUFFICIENT}")),)


def _ages(data: pd.DataFrame) -> tuple[Answer, ...]:
    wrong = ("age_years > 40 and age_years < 80", "age_years >= 40 and age_years <= 80", "age_years >= 40")
    weighted = _weighted(data)
    return tuple(_counts(data, weighted & _true(data, f"{one} and {LINKED} and {SUFFICIENT}")) for one in wrong)


def _not_linked(data: pd.DataFrame) -> tuple[Answer, ...]:
    return (_counts(data, _weighted(data) & _true(data, f"{AGED} and {SUFFICIENT}")),)


FLOW = Exercise(
    name="03.1",
    title="A cohort and its flow",
    question="The cohort: aged 40 to 79, linkable to the death index (mortality_eligible), 25(OH)D of 50 nmol/L or"
    " more, and a positive analysis weight. How many people are in it, and how many of them died?",
    asks=("people", "deaths"),
    data=_cohort,
    needs=("age_years", VITAMIN_D, "mortality_eligible", "died", "analysis_weight"),
    answer=_flow,
    mistakes=(
        Mistake(
            "unknown let in",
            _unknown_let_in,
            (
                "You have more people than were measured. What is their 25(OH)D?",
                "'Not below 50' lets in those of whom nobody knows: in pandas, ~(x < 50) is True for a missing x.",
                "State what must be true: SurveyDesign(people, domain='... and vitd_25oh_nmol_l >= 50').",
            ),
        ),
        Mistake(
            "no weight",
            _without_weight,
            (
                "Some of your people speak for nobody. Which?",
                "Those without a reliable recall are outside the subsample that the weight is made for: it is 0.",
                "Count the rows with analysis_weight > 0 too; the printed design does.",
            ),
        ),
        Mistake(
            "edges of age",
            _ages,
            (
                "Look at the youngest and the oldest of your people.",
                "Aged 40 to 79 includes the 40 and leaves the 80: 40 <= age < 80 in whole years. At 80 the age is cut"
                " off, and stands for 80 and more.",
                "age_years >= 40 and age_years < 80",
            ),
        ),
        Mistake(
            "not linkable",
            _not_linked,
            (
                "Can all of your people be found in the death index?",
                "Somebody who cannot be linked looks alive for ever.",
                "Add mortality_eligible to the condition.",
            ),
        ),
    ),
    when_right="Each step says what must be true, and unknown is outside.",
    when_lost=LOST_NUMBER,
    when_partly=(
        "The two numbers are of the same people.",
        "died is missing for whom nobody can tell; .fillna(False) before you add up.",
    ),
    relative=0.0,
)


def _recalls(seed: int) -> pd.DataFrame:
    return people_of(seed, 900, "2007-2014", ("age_years", MAGNESIUM, ENERGY))


def _per_1000(data: pd.DataFrame) -> pd.DataFrame:
    """Energy in 1,000 kcal, and each person's density; a day without energy has none."""
    thousands = data[ENERGY] / 1000.0
    return data.assign(thousands=thousands, density=data[MAGNESIUM] / thousands.where(thousands > 0))


def _ratio_of_means(data: pd.DataFrame) -> Answer:
    design = SurveyDesign(_per_1000(data), domain="age_years >= 20")
    return of_estimate(weighted_ratio(design, MAGNESIUM, "thousands"))


def _mean_of_ratios(data: pd.DataFrame) -> tuple[Answer, ...]:
    design = SurveyDesign(_per_1000(data), domain="age_years >= 20")
    return (numbers(weighted_mean(design, "density").values[0], ANY),)


def _unweighted_ratio(data: pd.DataFrame) -> tuple[Answer, ...]:
    kept = data[_true(data, "age_years >= 20") & _weighted(data)]
    return (numbers(1000.0 * float(kept[MAGNESIUM].sum() / kept[ENERGY].sum()), ANY),)


def _per_kilocalorie(data: pd.DataFrame) -> tuple[Answer, ...]:
    return (numbers(_ratio_of_means(data).values[0] / 1000.0, ANY),)


def _all_ages(data: pd.DataFrame) -> tuple[Answer, ...]:
    return (numbers(weighted_ratio(SurveyDesign(_per_1000(data)), MAGNESIUM, "thousands").values[0], ANY),)


RATIO = Exercise(
    name="03.2",
    title="Ratio of means, mean of ratios",
    question="How much magnesium, in mg, do adults (20 and over) eat per 1,000 kcal of all that they eat together"
    " (the mean of magnesium over the mean of energy), and what is the standard error of this ratio?",
    asks=("ratio", "standard error"),
    data=_recalls,
    needs=("age_years", MAGNESIUM, ENERGY, "analysis_weight", "strata", "psu"),
    answer=_ratio_of_means,
    mistakes=(
        Mistake(
            "mean of ratios",
            _mean_of_ratios,
            (
                "Your number is higher than it should be. Which people pull it up?",
                "You took each person's ratio, and averaged. Who ate little that day counts as much as who ate a lot,"
                " and a small denominator makes a wild ratio. That answers another question.",
                "weighted_ratio divides mean by mean, and knows the standard error.",
            ),
        ),
        Mistake(
            "unweighted",
            _unweighted_ratio,
            ("Whom does a row stand for?", "Both means need the weights.", "weighted_ratio on a SurveyDesign."),
        ),
        Mistake(
            "units",
            _per_kilocalorie,
            ("The digits are right. Per what?", "Per 1,000 kcal.", "Divide the energy by 1,000 first."),
        ),
        Mistake(
            "children too",
            _all_ages,
            ("Who is in your ratio?", "The question is about adults.", "SurveyDesign(..., domain='age_years >= 20')"),
        ),
    ),
    when_right="Mean over mean: each kilocalorie counts alike, whoever ate it.",
    when_lost=LOST_ESTIMATE,
    when_partly=(
        "The standard error of a ratio knows that both of its parts vary, and vary together.",
        "weighted_ratio(...).se, of a design with everybody in it.",
    ),
)


def _covariates(seed: int) -> pd.DataFrame:
    """Income is withheld more often in a group that was drawn more often, so that rows and weights tell apart."""
    names = ("age_years", "race_ethnicity", "bmi_kg_m2", "smoking", "poverty_income_ratio")
    data, rng = people_of(seed, 900, "2003-2010", names), np.random.default_rng([3, seed])
    withheld = (data["race_ethnicity"] == "non-Hispanic Black") & (rng.random(len(data)) < 0.4)
    return data.assign(poverty_income_ratio=data["poverty_income_ratio"].mask(withheld))


COVARIATES = ("bmi_kg_m2", "smoking", "poverty_income_ratio")


def _complete(data: pd.DataFrame) -> Mask:
    return np.asarray(data[list(COVARIATES)].notna().all(axis=1).to_numpy(dtype=bool))


def _kept_share(data: pd.DataFrame, *, weighted: bool = True, adults: bool = True) -> float:
    inside = _true(data, "age_years >= 40") if adults else np.ones(len(data), dtype=bool)
    weight = floats(data["analysis_weight"])
    one = weight if weighted else (weight > 0).astype(float)
    return 100 * float(one[inside & _complete(data)].sum() / one[inside].sum())


COMPLETE = Exercise(
    name="03.3",
    title="What complete cases leave",
    question="A model uses BMI, smoking and the poverty income ratio. Of the population aged 40 and over that the"
    " weights stand for, how many per cent have all three?",
    asks=("complete, %",),
    data=_covariates,
    needs=("age_years", *COVARIATES, "analysis_weight"),
    answer=lambda data: numbers(_kept_share(data)),
    mistakes=(
        Mistake(
            "unweighted",
            lambda data: (numbers(_kept_share(data, weighted=False)),),
            (
                "That is a share of the rows. What does the question ask of?",
                "A row stands for as many people as its weight says.",
                "Sum of the weights of the complete rows over the sum of all weights, both aged 40 and over.",
            ),
        ),
        Mistake(
            "children too",
            lambda data: (numbers(_kept_share(data, adults=False)),),
            (
                "Who is in your fraction? Look at their ages.",
                "Children are not asked whether they smoke; they look incomplete.",
                "Only rows with age_years >= 40, above and below the line.",
            ),
        ),
        Mistake(
            "lost, not kept",
            lambda data: (numbers(100 - _kept_share(data)),),
            ("Kept, or lost?", "The question asks for those who have all three.", "100 minus your number."),
        ),
        Mistake(
            "fraction",
            lambda data: (numbers(_kept_share(data) / 100),),
            ("Nearly. Which unit is asked for?", "Per cent.", "Multiply the fraction by 100."),
        ),
    ),
    when_right="Who is lost with missing covariates is rarely like who stays: notebook 07.",
    when_lost=LOST_ESTIMATE,
    relative=2e-3,
)

EXERCISES = (FLOW, RATIO, COMPLETE)
