"""Where CDC's codebook and CDC's file are known to disagree, and why."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from cofactor.loaders.code_comparison import CountDifference
from cofactor.loaders.shipped_table import shipped_table

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
    reasons: dict[tuple[str, str, CountDifference], str] = {}
    uncounted: dict[tuple[str, str], str] = {}
    with shipped_table(DISAGREEMENTS, "the known disagreements", folder) as rows:
        for row in rows:
            if row["code"]:
                reasons[row["file"], row["column"], _difference(row)] = row["reason"]
            else:
                uncounted[row["file"], row["column"]] = row["reason"]
    return KnownDisagreements(reasons, uncounted)


def _difference(row: Mapping[str, str]) -> CountDifference:
    published = int(row["published"]) if row["published"] else None
    return CountDifference(row["code"], published, int(row["found"]))
