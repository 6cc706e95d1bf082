"""Give the data of an exercise, and check an answer against them."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import pandas as pd

from cofactor.errors import StudyError, UnknownVariableError
from cofactor.survey import Estimate
from cofactor.teach.answer import Answer
from cofactor.teach.exercise import Exercise
from cofactor.teach.exercises import EXERCISES
from cofactor.teach.feedback import Feedback

DEFAULT_SEED = 1
"""The data of whoever was given no seed."""

ROWS_DROPPED = (
    "The numbers are right, this time by luck. How many rows does your design have, and how many do the data?",
    "People outside the group still tell how many PSUs the survey has; without them a PSU can vanish and the variance"
    " is wrong. Here none vanished. In a smaller group some will.",
    "Give SurveyDesign all the rows, and the group as domain=.",
)


def check(exercise: str, answer: Any, *, seed: int | None = None, data: pd.DataFrame | None = None) -> Feedback:
    """Say whether an answer is right, or which mistake it shows.

    Parameters
    ----------
    exercise : str
        Its name, as "05.2".
    answer : number, sequence of numbers, Estimate, or str
        What the question asks for: a number or several in order, with three significant digits or more; for an
        estimate and its standard error also what a `weighted_` function returned, with one row; the letter of a choice.
    seed : int
        The seed of the data, as the teacher gave it: the answer was made from ``data(exercise, seed=seed)``. 1 if not
        given.
    data : DataFrame, optional
        Instead of a seed: other data that the answer was made from, as `load` returns, everyone still in them.

    Returns
    -------
    Feedback
        It prints; `.more()` gives a further hint, and none gives the answer away.

    Raises
    ------
    UnknownVariableError
        The data lack a column that the exercise needs.
    StudyError
        There is no such exercise, the answer is not of the kind that is asked for, or both `data` and `seed` are given.

    Examples
    --------
    >>> check("00.1", "293 mg")
    Traceback (most recent call last):
    cofactor.errors.StudyError: this exercise asks for 2 numbers (mean; standard error); '293 mg' is not that
    """
    asked = find_exercise(exercise)
    given = asked.read(answer)
    if data is not None and seed is not None:
        raise StudyError("check takes the seed of the data, or other data as data=people; not both")
    made_with = None if data is not None else DEFAULT_SEED if seed is None else seed
    people = _made(exercise, made_with) if made_with is not None else data
    assert people is not None
    _check_columns(asked, people)
    right = asked.answer(people) if made_with is None else _right(exercise, made_with)
    if not asked.same(right, given):
        return _mistaken(asked, given, right, people)
    if isinstance(answer, Estimate) and len(answer.design.data) < len(people):
        return Feedback(False, "rows dropped", ROWS_DROPPED)
    return Feedback(True, "right", (_praise(asked, made_with),))


def data(exercise: str, *, seed: int = DEFAULT_SEED) -> pd.DataFrame:
    """Return the data of an exercise: synthetic, with a known truth, and others for each seed.

    Parameters
    ----------
    exercise : str
        Its name, as "05.2".
    seed : int
        What the teacher gave to the student: a whole number of 0 or more.

    Raises
    ------
    StudyError
        There is no such exercise, or the seed is none.

    Examples
    --------
    >>> len(data("00.1", seed=7)) > 1000
    True
    """
    find_exercise(exercise)
    return _made(exercise, seed).copy()


def question(exercise: str) -> str:
    """Return what an exercise asks, with its choices; StudyError where there is no such exercise."""
    return find_exercise(exercise).full_question


def right_answer(exercise: str, *, seed: int = DEFAULT_SEED) -> Answer:
    """Return the right answer for the data of a seed: for the teacher's key.

    Raises
    ------
    StudyError
        There is no such exercise, or the seed is none.
    """
    find_exercise(exercise)
    _made(exercise, seed)
    return _right(exercise, seed)


def find_exercise(name: str) -> Exercise:
    """Return the exercise of this name; StudyError, with the names that there are, where there is none."""
    if name not in EXERCISES:
        raise StudyError(f"there is no exercise {name!r}; there are: {', '.join(EXERCISES)}")
    return EXERCISES[name]


def _made(exercise: str, seed: int) -> pd.DataFrame:
    if isinstance(seed, bool) or not isinstance(seed, int) or seed < 0:
        raise StudyError(f"seed={seed!r}: the seed of an exercise is a whole number of 0 or more")
    return _kept(exercise, seed)


@lru_cache(maxsize=8)
def _kept(exercise: str, seed: int) -> pd.DataFrame:
    return EXERCISES[exercise].data(seed)


@lru_cache(maxsize=256)  # of a class; some answers take a second
def _right(exercise: str, seed: int) -> Answer:
    return EXERCISES[exercise].answer(_kept(exercise, seed))


def _check_columns(asked: Exercise, people: pd.DataFrame) -> None:
    for name in asked.needs:
        if name not in people.columns:
            raise UnknownVariableError.suggest(name, map(str, people.columns), f"the data of exercise {asked.name!r}")


def _praise(asked: Exercise, seed: int | None) -> str:
    planted = asked.truth(seed) if asked.truth is not None and seed is not None else ""
    return f"{asked.when_right} {planted}".strip()


def _mistaken(asked: Exercise, given: Answer, right: Answer, people: pd.DataFrame) -> Feedback:
    """Name the first mistake that gives this answer; one that these data forgive explains nothing."""
    for mistake in asked.mistakes:
        made = [wrong for wrong in mistake.leads_to(people) or () if not asked.same(wrong, right)]
        if any(asked.same(wrong, given) for wrong in made):
            return Feedback(False, mistake.kind, mistake.hints)
    off = asked.parts_off(right, given)
    if asked.when_partly and asked.is_partly(off):
        return Feedback(False, off[0], (_partly(asked, off), *asked.when_partly))
    return Feedback(False, "unrecognised", asked.when_lost)


def _partly(asked: Exercise, off: tuple[str, ...]) -> str:
    right = [name for name in asked.asks if name not in off]
    return f"Right: {', '.join(right)}. Not right: {', '.join(off)}."
