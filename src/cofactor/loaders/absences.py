"""Why a file, or columns of it, are not there in a cycle, where that is known."""

from __future__ import annotations

import csv
import functools
from collections.abc import Iterable
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path

from cofactor.errors import FileError, StudyError
from cofactor.loaders.cycles import parse_cycles
from cofactor.resources import resource_folder

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
    path = (resource_folder("data_manifest") if folder is None else folder) / ABSENCES
    try:
        with path.open(encoding="utf-8", newline="") as file:
            rows = list(csv.DictReader(file))
        return tuple(Absence(r["file"], parse_cycles(r["cycles"]), r["columns"], r["reason"]) for r in rows)
    except (OSError, KeyError, StudyError) as error:
        raise FileError(f"cannot read the known absences {path} ({error}); reinstall cofactor") from error


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
