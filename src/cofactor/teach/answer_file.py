"""Read the answers that students hand in: lines of exercise, answer and standard error; what is malformed is told."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from cofactor.errors import StudyError
from cofactor.teach.answer import Answer
from cofactor.teach.checking import find_exercise
from cofactor.teach.class_table import Row, read_class_table

NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?")


@dataclass(frozen=True)
class Given:
    """An answer as it was handed in.

    Attributes
    ----------
    student : str
        As the file says it: its column of names, else its own name without the ending.
    exercise : str
    answer : Answer
    place : str
        File and line.
    """

    student: str
    exercise: str
    answer: Answer
    place: str


def read_answer_file(path: Path) -> tuple[list[Given], list[str]]:
    """Return the answers of a file, and a sentence on each line that cannot be read.

    Columns are exercise, answer and, where one is asked for, se; a column of names where the file holds many students.
    Several numbers stand in one cell with semicolons or spaces between them.

    Raises
    ------
    FileError
        The file is no table.
    """
    table = read_class_table(path)
    absent = [name for name in ("exercise", "answer") if name not in table.columns]
    if absent:
        found = ", ".join(filter(None, table.columns))
        return [], [f"{path}: no column {' and no column '.join(absent)}; the columns are: {found}"]
    names = table.name_column()
    given, problems = [], []
    for row in table.rows:
        place = f"{path.name}, line {row.line}"
        student = path.stem if names is None else row[names]
        try:
            name, answer = _read_row(row, table.decimal_comma)
        except StudyError as error:
            problems.append(f"{place}: {error}")
        else:
            given.append(Given(student, name, answer, place))
    return given, problems


def _read_row(row: Row, decimal_comma: bool) -> tuple[str, Answer]:
    name = exercise_name(row["exercise"])
    asked = find_exercise(name)
    if not row["answer"]:
        raise StudyError(f"no answer to {name}")
    if asked.choices:
        return name, asked.read(row["answer"])
    cells = [*re.split(r"[;\s]+", row["answer"].strip("; ")), *filter(None, [row["se"]])]
    return name, asked.read(tuple(_number(cell, decimal_comma) for cell in cells))


def exercise_name(text: str) -> str:
    """Return the name of an exercise as it was before a spreadsheet took it for a number.

    >>> exercise_name("5.2"), exercise_name("05.2"), exercise_name("05,2"), exercise_name("mean")
    ('05.2', '05.2', '05.2', 'mean')
    """
    parts = re.fullmatch(r"(\d{1,2})[.,](\d)", text)
    return f"{int(parts[1]):02d}.{parts[2]}" if parts else text


def _number(text: str, decimal_comma: bool) -> float:
    plain = text.replace(",", ".") if decimal_comma and text.count(",") == 1 and "." not in text else text
    if not NUMBER.fullmatch(plain):
        raise StudyError(
            f"{text[:40]!r} is no number; write it as 1234.5, without unit and without thousands separator"
        )
    return float(plain)
