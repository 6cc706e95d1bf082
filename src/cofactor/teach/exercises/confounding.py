"""Exercises of notebook 08: how strong a confounder would have to be, and what a negative control tells."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd

from cofactor.teach.answer import Answer, choice, numbers
from cofactor.teach.exercise import Exercise, Mistake
from cofactor.teach.exercises.people import floats, people_of
from cofactor.teach.exercises.planted import cox_fit, with_deaths

ENOUGH, HEALTHY = "enough_magnesium", "health_conscious"
NEEDS = (ENOUGH, HEALTHY, "age_years", "months", "died", "died_in_a_crash", "analysis_weight", "strata", "psu")
WITHOUT, WITH = f"{ENOUGH} + age_years", f"{ENOUGH} + {HEALTHY} + age_years"
LEVEL = 0.05


def confounded(seed: int) -> bool:
    """Whether the health-conscious of a seed eat more magnesium."""
    return seed % 2 == 1


def _survey(seed: int) -> pd.DataFrame:
    """Health-conscious people die less, of anything; in every second seed they eat more magnesium, which is inert."""
    rng = np.random.default_rng([8, seed])
    data = people_of(seed, 2000, "2007-2014", ("age_years", "sex"))
    healthy = rng.random(len(data)) < 0.4
    enough = rng.random(len(data)) < np.where(healthy & confounded(seed), 0.75, 0.35)
    log_ratio = -1.1 * healthy + 0.05 * (floats(data["age_years"]) - 50.0)
    flags = {ENOUGH: enough.astype(float), HEALTHY: healthy.astype(float)}
    made = with_deaths(data.assign(**flags), log_ratio, 0.025, rng)
    crash = made["died"].fillna(False).to_numpy(dtype=bool) & (rng.random(len(data)) < 0.25)
    return made.assign(died_in_a_crash=crash)


def _row(data: pd.DataFrame, formula: str = WITHOUT, event: str = "died") -> pd.Series:
    fit = cox_fit(data, formula, event)
    table = fit.table()
    return table[table["term"] == ENOUGH].iloc[0]


def _ratio(data: pd.DataFrame, formula: str = WITHOUT) -> float:
    return math.exp(float(_row(data, formula)["estimate"]))


def _of(ratio: float) -> float:
    """The E-value of a ratio that is taken as a ratio of risks."""
    away = max(ratio, 1.0 / ratio)
    return away + math.sqrt(away * (away - 1.0))


def _without_root(data: pd.DataFrame) -> tuple[Answer, ...]:
    away = max(_ratio(data), 1.0 / _ratio(data))
    return numbers(away + away * (away - 1.0)), numbers(away + math.sqrt(away - 1.0))


def _ratio_itself(data: pd.DataFrame) -> tuple[Answer, ...]:
    ratio = _ratio(data)
    return numbers(ratio), numbers(1.0 / ratio)


def _of_the_limit(data: pd.DataFrame) -> tuple[Answer, ...]:
    row = _row(data)
    low, high = math.exp(float(row["low"])), math.exp(float(row["high"]))
    nearer = high if math.exp(float(row["estimate"])) < 1.0 else low
    return (numbers(1.0 if low <= 1.0 <= high else _of(nearer)),)


def _adjusted_already(data: pd.DataFrame) -> tuple[Answer, ...]:
    return (numbers(_of(_ratio(data, WITH))),)


E_VALUE = Exercise(
    name="08.1",
    title="How strong would it have to be",
    question="Adults (20 and over), followed for `months` until they `died`: the hazard ratio of enough_magnesium (1"
    " for yes), adjusted for age_years alone, taken as a ratio of risks. What is its E-value?",
    asks=("E-value",),
    data=_survey,
    needs=NEEDS,
    answer=lambda data: numbers(_of(_ratio(data))),
    mistakes=(
        Mistake(
            "ratio for E-value",
            _ratio_itself,
            (
                "Is a confounder as strong as the ratio itself enough to make it?",
                "It has to be tied to both, and each tie loses strength on the way.",
                "e_value(ratio).estimate",
            ),
        ),
        Mistake(
            "formula cut short",
            _without_root,
            (
                "Of what is the root taken in the formula?",
                "A ratio below 1 is turned over first; then the root of R (R - 1) is added.",
                "e_value(ratio).estimate",
            ),
        ),
        Mistake(
            "of the interval",
            _of_the_limit,
            (
                "Of which number is that the E-value: of the estimate, or of a limit?",
                "The one of the limit says what would move the interval to 1; the question asks for the estimate's.",
                "e_value(ratio, low, high) has both.",
            ),
        ),
        Mistake(
            "adjusted already",
            _adjusted_already,
            (
                "Which covariates are in your model?",
                "The question leaves health_conscious out, as a survey would that did not ask for it.",
                '"enough_magnesium + age_years"',
            ),
        ),
    ),
    when_right="Now ask whether such a confounder is likely: an E-value is a question, not an answer.",
    when_lost=(
        "I do not recognise this number. What is your hazard ratio?",
        "E = R + root of R (R - 1), for R above 1.",
        "e_value(ratio).estimate",
    ),
)


def _moved(data: pd.DataFrame) -> Answer:
    return numbers(_ratio(data), _ratio(data, WITH))


ADJUSTED = Exercise(
    name="08.2",
    title="What adjusting does",
    question="The same people. The hazard ratio of enough_magnesium, first with age_years alone, then with"
    " health_conscious as well?",
    asks=("with age alone", "with health_conscious too"),
    data=_survey,
    needs=NEEDS,
    answer=_moved,
    mistakes=(
        Mistake(
            "the other way round",
            lambda data: (numbers(*reversed(_moved(data).values)),),
            (
                "Which of them comes first in the question?",
                "First without health_conscious, then with it.",
                "Give the two numbers in the order of the question.",
            ),
        ),
        Mistake(
            "logarithms",
            lambda data: (numbers(*(math.log(value) for value in _moved(data).values)),),
            (
                "What would your numbers be if magnesium did nothing?",
                "Coefficients of a Cox model are logarithms.",
                "fit.table(exponentiate=True)",
            ),
        ),
    ),
    when_right="Where the two differ, health-conscious people ate more magnesium; where not, they did not.",
    when_lost=(
        "I do not recognise these numbers. Adults alone, and everyone in the design?",
        "Two fits that differ in one covariate.",
        'fit_cox(design, "enough_magnesium + age_years", time="months", event="died"), and once more.',
    ),
    when_partly=("One of the two is right. Look at the formula of the other.", "Which covariates does it hold?"),
    truth=lambda seed: (
        "Magnesium was planted to do nothing; the health-conscious "
        + ("eat more of it." if confounded(seed) else "eat no more of it than others.")
    ),
)


def _control(data: pd.DataFrame) -> Answer:
    return choice("a" if float(_row(data, event="died_in_a_crash")["p"]) < LEVEL else "b")


CONTROL = Exercise(
    name="08.3",
    title="A negative control",
    question="Magnesium cannot keep anybody from dying in a crash (died_in_a_crash). Fit the model with age_years alone"
    " to that outcome. At a level of 5%, what does it say?",
    choices={
        "a": "Something else than magnesium links the two, and it may link magnesium and death from any cause as well.",
        "b": "No such link is seen; it may be there all the same.",
        "c": "Magnesium keeps people from crashes.",
        "d": "There is no confounding.",
    },
    data=_survey,
    needs=NEEDS,
    answer=_control,
    mistakes=(
        Mistake(
            "control read as an effect",
            lambda data: (choice("c"),),
            (
                "How would it do that?",
                "The outcome was chosen because it cannot.",
                "Ask what else people with enough magnesium have in common.",
            ),
        ),
        Mistake(
            "absence of evidence",
            lambda data: (choice("d"),),
            (
                "How wide is the interval of this hazard ratio?",
                "An outcome with few deaths misses much.",
                "Not seen is not absent.",
            ),
        ),
        Mistake(
            "other outcome",
            lambda data: (choice("a" if float(_row(data)["p"]) < LEVEL else "b"),),
            (
                "Which event does your model follow?",
                "The control is death in a crash.",
                'fit_cox(..., event="died_in_a_crash")',
            ),
        ),
    ),
    when_right="A negative control can find a link that should not be there. It cannot show that there is none.",
    when_lost=("Look at the p of enough_magnesium, with death in a crash as the event.", "Below 5%, or not?"),
)

EXERCISES = (E_VALUE, ADJUSTED, CONTROL)
