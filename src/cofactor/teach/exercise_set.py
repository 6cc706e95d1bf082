"""A set of exercises for a class: the seeds that students get, and the key that the teacher keeps."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pandas as pd

from cofactor.errors import StudyError
from cofactor.loaders.atomic import written_whole
from cofactor.progress import progress
from cofactor.teach.checking import find_exercise, right_answer
from cofactor.teach.exercises import EXERCISES
from cofactor.teach.roster import Student

DIGITS = 6


def chosen_exercises(asked: Sequence[str] | None = None) -> tuple[str, ...]:
    """Return the names of exercises: all of them, or those named; "05" names all of a notebook.

    Raises
    ------
    StudyError
        A name that no exercise and no notebook has.

    Examples
    --------
    >>> chosen_exercises(["00"])
    ('00.1',)
    """
    if asked is None:
        return tuple(EXERCISES)
    found: list[str] = []
    for name in asked:
        of_notebook = [one for one in EXERCISES if one.split(".")[0] == name]
        if not of_notebook and name not in EXERCISES:
            notebooks = ", ".join(dict.fromkeys(one.split(".")[0] for one in EXERCISES))
            raise StudyError(
                f"there is no exercise {name!r}; name notebooks ({notebooks}) or exercises ({', '.join(EXERCISES)})"
            )
        found += of_notebook or [name]
    return tuple(name for name in EXERCISES if name in found)


def answer_key(students: Sequence[Student], exercises: Sequence[str]) -> pd.DataFrame:
    """Return the right answers, a row a student and exercise: name, seed, exercise, title, asks, answer.

    Several numbers stand in one cell with semicolons between them, in the order of `asks`.
    """
    rows = []
    for student in progress(students, label="answer key", unit="student"):
        for name in exercises:
            exercise, right = find_exercise(name), right_answer(name, seed=student.seed)
            rows.append({
                "name": student.name,
                "seed": student.seed,
                "exercise": name,
                "title": exercise.title,
                "asks": "; ".join(exercise.asks) or "choice",
                "answer": right.choice or "; ".join(f"{value:.{DIGITS}g}" for value in right.values),
            })  # fmt: skip
    return pd.DataFrame(rows)


def seed_sheet(students: Sequence[Student]) -> pd.DataFrame:
    """Return what students get: name and seed."""
    return pd.DataFrame({"name": [one.name for one in students], "seed": [one.seed for one in students]})


def exercise_list() -> pd.DataFrame:
    """Return the exercises: name, title, and what an answer holds."""
    return pd.DataFrame({
        "exercise": list(EXERCISES),
        "title": [one.title for one in EXERCISES.values()],
        "answer": ["; ".join(one.asks) or f"one of {', '.join(one.choices)}" for one in EXERCISES.values()],
    })  # fmt: skip


def write_class_table(table: pd.DataFrame, path: Path) -> None:
    """Write a table so that spreadsheets read its letters rightly (UTF-8 with its mark), whole or not at all."""
    with written_whole(path) as temporary:
        table.to_csv(temporary, index=False, encoding="utf-8-sig")
