"""CDC's own counts: how often each code of a column stands in its file, as the codebook prints it. Figures only."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from cofactor.loaders.shipped_table import shipped_table

CODES = "codes.csv"

Kind = Literal["code", "range", "missing", "text", "recorded"]
KINDS: tuple[Kind, ...] = ("code", "range", "missing", "text", "recorded")


@dataclass(frozen=True)
class CodeCount:
    """One line of a codebook page: a code, a range, or the missing, and how many rows have it.

    Attributes
    ----------
    kind : str
        "code": the number `low`. "range": numbers from `low` to `high` that are no code of the column, ends included.
        "missing": no value, a blank text among them. "text": the text `text`. "recorded": any other text.
    low, high : float or None
        Of a code (both the same) or a range.
    text : str
        Of a text code, else "".
    count : int
        Rows of the file.
    """

    kind: Kind
    low: float | None
    high: float | None
    text: str
    count: int

    @property
    def words(self) -> str:
        """The code as a reader expects it.

        >>> CodeCount("range", 0.0, 84.0, "", 9000).words, CodeCount("missing", None, None, "", 3).words
        ('0-84', 'missing')
        """
        if self.low is None or self.high is None:
            return self.text or ("other text" if self.kind == "recorded" else self.kind)
        return _number(self.low) if self.kind == "code" else f"{_number(self.low)}-{_number(self.high)}"


Codes = Mapping[tuple[str, str], tuple[CodeCount, ...]]
"""(file, column) -> its lines, in the codebook's order."""


@functools.cache
def published_codes(folder: Path | None = None) -> Codes:
    """Return CDC's counts by file and column, for the columns that the catalogue reads.

    Parameters
    ----------
    folder : Path, optional
        The folder of `codes.csv`; by default the one that ships with the package.

    Returns
    -------
    mapping of (file, column) to tuple of CodeCount
        A column that no codebook page counts is absent.

    Raises
    ------
    FileError
        The table is absent or damaged.

    Examples
    --------
    >>> [(line.words, line.count) for line in published_codes()["DEMO_D.xpt", "RIAGENDR"]]
    [('1', 5080), ('2', 5268), ('missing', 0)]
    """
    found: dict[tuple[str, str], list[CodeCount]] = {}
    with shipped_table(CODES, "the table of CDC's counts", folder) as rows:
        for row in rows:
            found.setdefault((row["file"], row["column"]), []).append(_line(row))
    return {place: tuple(lines) for place, lines in found.items()}


def _line(row: Mapping[str, str]) -> CodeCount:
    kind, low, high = row["kind"], row["low"], row["high"]
    count = int(row["count"])
    if kind == "code":
        return CodeCount("code", float(low), float(low), "", count)
    if kind == "range":
        return CodeCount("range", float(low), float(high), "", count)
    if kind == "text":
        return CodeCount("text", None, None, low, count)
    if kind == "missing":
        return CodeCount("missing", None, None, "", count)
    if kind == "recorded":
        return CodeCount("recorded", None, None, "", count)
    raise ValueError(f"{row['file']}, {row['column']}: {kind!r} is none of {', '.join(KINDS)}")


def _number(value: float) -> str:
    return f"{value:.0f}" if value.is_integer() else f"{value:.10g}"
