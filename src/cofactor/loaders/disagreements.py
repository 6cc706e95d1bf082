"""Where CDC's codebook and CDC's file are known to disagree, and why."""

from __future__ import annotations

import csv
import functools
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from cofactor.errors import FileError
from cofactor.loaders.code_comparison import CountDifference
from cofactor.resources import resource_folder

DISAGREEMENTS = "disagreements.csv"


@dataclass(frozen=True)
class KnownDisagreements:
    """Disagreements with their reason, and columns of which the codebook counts nothing.

    A reason holds for the figures that it was found for: a file that is released anew is looked at again.

    Attributes
    ----------
    reasons : mapping of (file, column, CountDifference) to str
    uncounted : mapping of (file, column) to str
    """

    reasons: Mapping[tuple[str, str, CountDifference], str]
    uncounted: Mapping[tuple[str, str], str]


@functools.cache
def known_disagreements(folder: Path | None = None) -> KnownDisagreements:
    """Return the disagreements of `disagreements.csv` in `folder`; by default the one that ships with the package.

    Raises
    ------
    FileError
        The table is absent or damaged.

    Examples
    --------
    >>> known_disagreements().uncounted["BPX_C.xpt", "BPXSAR"]
    'The column is in the file and not on the page.'
    """
    path = (resource_folder("data_manifest") if folder is None else folder) / DISAGREEMENTS
    reasons: dict[tuple[str, str, CountDifference], str] = {}
    uncounted: dict[tuple[str, str], str] = {}
    try:
        with path.open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file):
                if row["code"]:
                    reasons[row["file"], row["column"], _difference(row)] = row["reason"]
                else:
                    uncounted[row["file"], row["column"]] = row["reason"]
    except (OSError, KeyError, ValueError) as error:
        raise FileError(f"cannot read the known disagreements {path} ({error}); reinstall cofactor") from error
    return KnownDisagreements(reasons, uncounted)


def _difference(row: Mapping[str, str]) -> CountDifference:
    published = int(row["published"]) if row["published"] else None
    return CountDifference(row["code"], published, int(row["found"]))
