"""The students of a class, and a seed for each."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from cofactor.errors import FileError
from cofactor.teach.class_table import NAME_COLUMNS, ClassTable, read_class_table, same_name

SEEDS = 900_000
"""Seeds have six digits, from 100000 on: short enough to be typed, and far from the notebooks' own."""


@dataclass(frozen=True)
class Student:
    """A name, as the roster spells it, and the seed of the student's data."""

    name: str
    seed: int


def read_roster(path: Path) -> tuple[str, ...]:
    """Return the names of a roster: a CSV file with a column "name" or "student".

    Raises
    ------
    FileError
        A file that is no table, has no such column or no student, a line without a name, or a name twice.
    """
    table = read_class_table(path)
    return tuple(name for _, name in _names(table))


def _names(table: ClassTable) -> list[tuple[int, str]]:
    column = table.name_column()
    if column is None:
        found = ", ".join(filter(None, table.columns)) or "none"
        raise FileError(f"{table.path}: no column {' or '.join(NAME_COLUMNS[:2])}; the columns are: {found}")
    names = [(row.line, " ".join(row[column].split())) for row in table.rows]
    unnamed = [str(line) for line, name in names if not name]
    if unnamed:
        raise FileError(f"{table.path}: no name in line {', '.join(unnamed[:10])}; write one, or remove the line")
    if not names:
        raise FileError(f"{table.path}: no student below the header")
    _refuse_twins(table.path, names)
    return names


def _refuse_twins(path: Path, names: Sequence[tuple[int, str]]) -> None:
    first: dict[str, int] = {}
    for line, name in names:
        if same_name(name) in first:
            raise FileError(
                f"{path}: {name!r} stands in lines {first[same_name(name)]} and {line}; tell the two apart, as with a"
                " middle name, or remove one"
            )
        first[same_name(name)] = line


def with_seeds(names: Sequence[str], seed: int) -> tuple[Student, ...]:
    """Give each student a seed that follows from the name and the seed of the set, and that nobody else has.

    So the order of the roster does not matter, and who comes later changes nobody's seed (but for the rare case that
    two hashes meet).

    Examples
    --------
    >>> [student.seed for student in with_seeds(["Ada", "Ben"], seed=1)] == [
    ...     student.seed for student in reversed(with_seeds(["Ben", "Ada"], seed=1))]
    True
    """
    taken: set[int] = set()
    found = {}
    for name in sorted(names, key=same_name):
        digest = hashlib.sha256(f"{seed}\n{same_name(name)}".encode()).digest()
        own = int.from_bytes(digest[:8], "big") % SEEDS
        while own in taken:
            own = (own + 1) % SEEDS
        taken.add(own)
        found[name] = Student(name, 100_000 + own)
    return tuple(found[name] for name in names)


def read_seeds(path: Path) -> tuple[Student, ...]:
    """Return the students of a sheet of seeds, as `cofactor teach new` writes it.

    Raises
    ------
    FileError
        As `read_roster`; or a seed that is no whole number, or is two students'.
    """
    table = read_class_table(path)
    names = dict(_names(table))
    students: dict[int, Student] = {}
    for row in table.rows:
        if not row["seed"].isascii() or not row["seed"].isdigit():
            raise FileError(
                f"{path}: line {row.line} has no seed ({row['seed']!r}); give the file that teach new wrote"
            )
        student = Student(names[row.line], int(row["seed"]))
        if student.seed in students:
            raise FileError(f"{path}: {students[student.seed].name!r} and {student.name!r} have the same seed")
        students[student.seed] = student
    return tuple(students.values())
