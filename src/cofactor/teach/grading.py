"""Grade what a class hands in: per student and exercise right, or the kind of mistake."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from cofactor.errors import FileError
from cofactor.progress import progress
from cofactor.teach.answer import Answer
from cofactor.teach.answer_file import Given, read_answer_file
from cofactor.teach.checking import check
from cofactor.teach.class_table import same_name
from cofactor.teach.exercise_set import DIGITS
from cofactor.teach.exercises import EXERCISES
from cofactor.teach.roster import Student

COLUMNS = ("name", "seed", "exercise", "title", "right", "kind", "answer", "place")


@dataclass(frozen=True)
class Grades:
    """What came of grading.

    Attributes
    ----------
    table : DataFrame
        A row an answer: name, seed, exercise, title, right ("yes" or "no"), kind (of mistake), answer, place (file and
        line). Students in the order of the seeds, exercises in theirs.
    summary : DataFrame
        A row a student: name, answered, right.
    problems : tuple of str
        What could not be read or belongs to nobody, with file and line.
    """

    table: pd.DataFrame
    summary: pd.DataFrame
    problems: tuple[str, ...]


def grade(files: Sequence[Path], students: Sequence[Student]) -> Grades:
    """Grade files of answers.

    Parameters
    ----------
    files : sequence of Path
        CSV files, or folders of them. A file without a column of names belongs to the student whose name or seed it is
        called by.
    students : sequence of Student
        With the seeds of their data.

    Raises
    ------
    FileError
        A folder without a CSV file.

    Notes
    -----
    A file or a line that cannot be read is a problem and stops nothing. Of two answers of a student to one exercise the
    last one counts.
    """
    given: list[Given] = []
    problems: list[str] = []
    for path in _every_file(files):
        try:
            found, wrong = read_answer_file(path)
        except FileError as error:
            found, wrong = [], [str(error)]
        given += found
        problems += wrong
    counted, unknown = _counted(given, students)
    order = {name: i for i, name in enumerate(EXERCISES)}
    rows = sorted(counted, key=lambda pair: (students.index(pair[0]), order[pair[1].exercise]))
    table = pd.DataFrame(
        [_graded(student, one) for student, one in progress(rows, label="grades", unit="answer")],
        columns=list(COLUMNS),
    )
    return Grades(table, _summary(table, students), (*problems, *unknown))


def _every_file(paths: Sequence[Path]) -> list[Path]:
    found: dict[Path, None] = {}
    for path in paths:
        inside = sorted(one for one in path.iterdir() if one.suffix.lower() == ".csv") if path.is_dir() else [path]
        if not inside:
            raise FileError(f"{path}: no CSV file in this folder; give the files, or the folder that holds them")
        found.update(dict.fromkeys(inside))
    return list(found)


def _counted(given: Sequence[Given], students: Sequence[Student]) -> tuple[list[tuple[Student, Given]], list[str]]:
    """Say whose each answer is; of two to the same exercise keep the last, and say so."""
    by_name = {same_name(one.name): one for one in students} | {str(one.seed): one for one in students}
    kept: dict[tuple[Student, str], Given] = {}
    problems = []
    for one in given:
        student = by_name.get(same_name(one.student))
        if student is None:
            problems.append(f"{one.place}: {one.student!r} is neither a name nor a seed of the sheet of seeds")
            continue
        former = kept.get((student, one.exercise))
        if former is not None:
            problems.append(f"{one.place}: {one.exercise} again; it counts, and {former.place} does not")
        kept[student, one.exercise] = one
    return [(student, one) for (student, _), one in kept.items()], problems


def _graded(student: Student, one: Given) -> tuple[object, ...]:
    told = check(one.exercise, one.answer.choice or one.answer.values, seed=student.seed)
    kind = "" if told.right else told.kind
    title = EXERCISES[one.exercise].title
    return student.name, student.seed, one.exercise, title, "yes" if told.right else "no", kind, _text(one), one.place


def _text(one: Given) -> str:
    answer: Answer = one.answer
    return answer.choice or "; ".join(f"{value:.{DIGITS}g}" for value in answer.values)


def _summary(table: pd.DataFrame, students: Sequence[Student]) -> pd.DataFrame:
    names = [one.name for one in students]
    answered = table["name"].value_counts().reindex(names, fill_value=0)
    right = table.loc[table["right"] == "yes", "name"].value_counts().reindex(names, fill_value=0)
    return pd.DataFrame({"name": names, "answered": answered.to_numpy(), "right": right.to_numpy()})
