"""Why a file, or columns of it, are not there in a cycle, where that is known."""

from __future__ import annotations

import functools
from collections.abc import Iterable
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path

from cofactor.loaders.cycles import parse_cycles
from cofactor.loaders.shipped_table import shipped_table

ABSENCES = "absences.csv"


@dataclass(frozen=True)
class Absence:
    """Columns that a file lacks in some cycles (all of them where the file is absent), and why.

    file : name without the ending of the cycle. columns : a pattern with * and ?.
    """

    file: str
    cycles: tuple[str, ...]
    columns: str
    reason: str


@functools.cache
def known_absences(folder: Path | None = None) -> tuple[Absence, ...]:
    """Return the absences of `absences.csv` in `folder`; by default those that ship with the package.

    Raises
    ------
    FileError
        The table is absent or damaged.
    """
    with shipped_table(ABSENCES, "the known absences", folder) as rows:
        return tuple(Absence(r["file"], parse_cycles(r["cycles"]), r["columns"], r["reason"]) for r in rows)


def why_absent(file: str, columns: Iterable[str], cycle: str) -> str:
    """Return why a file lacks any of the columns in a cycle; nothing where that is not known.

    >>> why_absent("MGX", ["MGDCGSZ"], "2017-2018")
    'Grip strength was measured in 2011-2014 alone.'
    """
    names = tuple(columns)
    for one in known_absences():
        fits = any(fnmatchcase(name, one.columns) for name in names)
        if one.file == file and cycle in one.cycles and fits:
            return one.reason
    return ""
