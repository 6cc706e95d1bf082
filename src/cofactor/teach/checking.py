"""Check an answer against the data that it was made of."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from cofactor.errors import StudyError, UnknownVariableError
from cofactor.survey import Estimate
from cofactor.teach.exercise import Exercise, Number
from cofactor.teach.feedback import Feedback
from cofactor.teach.mean_magnesium import MEAN_MAGNESIUM

EXERCISES = {exercise.name: exercise for exercise in (MEAN_MAGNESIUM,)}

ROWS_DROPPED = (
    "The numbers are right, this time by luck. How many rows does your design have, and how many do the data?",
    "People outside the group still tell how many PSUs the survey has; without them a PSU can vanish and the variance"
    " is wrong. Here none vanished. In a smaller group some will.",
    "Give SurveyDesign all the rows, and the group as domain=.",
)


def check(exercise: str, answer: Any, *, data: pd.DataFrame | None = None, seed: int | None = None) -> Feedback:
    """Say whether an answer is right, or which mistake it shows.

    Parameters
    ----------
    exercise : str
        Its name.
    answer : Estimate or pair of numbers
        What a `weighted_` function returned, with one row; or the estimate and its standard error, with three
        significant digits or more.
    data : DataFrame
        What `load` returned, everyone still in it: the right answer is computed from it.
    seed : int
        Instead of data: the answer was made from ``synthetic_people(seed=seed)``, which a teacher may give each student
        anew.

    Returns
    -------
    Feedback
        It prints; `.more()` gives a further hint, and none gives the number away.

    Raises
    ------
    UnknownVariableError
        The data lack a column that the exercise needs.
    StudyError
        There is no such exercise, the answer is neither an estimate of one row nor a pair of numbers, or not just one
        of `data` and `seed` is given.

    Examples
    --------
    >>> check("mean_magnesium", "293 mg", data=pd.DataFrame())
    Traceback (most recent call last):
    cofactor.errors.StudyError: an answer is an estimate of one row, or a pair (estimate, standard error)...
    """
    asked = _exercise(exercise)
    number = _number(answer)
    people = _people(data, seed)
    _check_columns(asked, people)
    if asked.answer(people).matches(number):
        if isinstance(answer, Estimate) and len(answer.design.data) < len(people):
            return Feedback(False, "rows dropped", ROWS_DROPPED)
        return Feedback(True, "right", (asked.when_right,))
    return _mistaken(asked, number, people)


def _people(data: pd.DataFrame | None, seed: int | None) -> pd.DataFrame:
    if (data is None) == (seed is None):
        raise StudyError("check needs the data of the answer, as data=people, or the seed that they were made with")
    if data is not None:
        return data
    from cofactor.synthetic import synthetic_people

    return synthetic_people(seed=seed or 0)


def question(exercise: str) -> str:
    """Return what an exercise asks; StudyError where there is no such exercise."""
    return _exercise(exercise).question


def _exercise(name: str) -> Exercise:
    if name not in EXERCISES:
        raise StudyError(f"there is no exercise {name!r}; there are: {', '.join(EXERCISES)}")
    return EXERCISES[name]


def _number(answer: Any) -> Number:
    try:
        if isinstance(answer, Estimate):
            (estimate,), (se,) = answer.values, answer.se
        else:
            estimate, se = answer
        return Number(float(estimate), float(se))
    except (TypeError, ValueError) as error:
        raise StudyError(
            "an answer is an estimate of one row, or a pair (estimate, standard error); "
            f"{str(answer)[:80]!r} is neither"
        ) from error


def _check_columns(asked: Exercise, data: pd.DataFrame) -> None:
    for name in asked.needs:
        if name not in data.columns:
            raise UnknownVariableError.suggest(name, map(str, data.columns), f"the data of exercise {asked.name!r}")


def _mistaken(asked: Exercise, number: Number, data: pd.DataFrame) -> Feedback:
    for mistake in asked.mistakes:
        if any(wrong.matches(number) for wrong in mistake.leads_to(data) or ()):
            return Feedback(False, mistake.kind, mistake.hints)
    if Number(asked.answer(data).estimate, np.nan).matches(number):
        return Feedback(False, "standard error", asked.when_se_is_off)
    return Feedback(False, "unrecognised", asked.when_lost)
