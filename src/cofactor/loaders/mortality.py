"""Read NCHS's public-use linked mortality files: fixed width, one line a person."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from cofactor.errors import FileError

WIDTH = 48
SHORTEST = 46
"""Trailing blanks are cut in NCHS's files, and the last field is at least one character long."""


@dataclass(frozen=True)
class Field:
    """A field of the line: characters `first` to `last`, counted from 1, and what may stand there."""

    name: str
    first: int
    last: int
    codes: tuple[int, ...] | None
    required: bool
    meaning: str

    @property
    def place(self) -> str:
        """Where the field stands, for messages."""
        return f"column {self.first}" if self.first == self.last else f"columns {self.first}-{self.last}"


FIELDS: tuple[Field, ...] = (
    Field("SEQN", 1, 14, None, True, "the person's number"),
    Field("ELIGSTAT", 15, 15, (1, 2, 3), True, "eligibility: 1 eligible, 2 under 18, 3 ineligible"),
    Field("MORTSTAT", 16, 16, (0, 1), False, "vital status: 0 assumed alive, 1 deceased"),
    Field("UCOD_LEADING", 17, 19, tuple(range(1, 11)), False, "leading cause of death: 001 to 010"),
    Field("DIABETES", 20, 20, (0, 1), False, "diabetes among the causes: 0 or 1"),
    Field("HYPERTEN", 21, 21, (0, 1), False, "hypertension among the causes: 0 or 1"),
    Field("PERMTH_INT", 43, 45, None, False, "months of follow-up from the interview"),
    Field("PERMTH_EXM", 46, 48, None, False, "months of follow-up from the examination"),
)


def _lines(path: Path) -> list[str]:
    try:
        raw = path.read_bytes()
    except OSError as error:
        raise FileError(f"cannot read {path}: {error.strerror or error}") from error
    if not raw.strip():
        raise FileError(f"{path.name} is empty ({len(raw)} bytes); fetch it again")
    if raw.lstrip()[:1] == b"<":
        raise FileError(f"{path.name} begins with '<': it is a web page, not data; delete it and fetch it again")
    try:
        text = raw.decode("ascii")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        raise FileError(f"{path.name}, line {line}: a byte that is no character; fetch the file again") from error
    lines = text.split("\n")
    return [line.removesuffix("\r") for line in (lines[:-1] if lines[-1] == "" else lines)]


def _refuse_wrong_lengths(lines: Sequence[str], name: str) -> None:
    for number, line in enumerate(lines, start=1):
        if not SHORTEST <= len(line.rstrip()) <= WIDTH:
            raise FileError(
                f"{name}, line {number} has {len(line.rstrip())} characters where {SHORTEST} to {WIDTH} belong: "
                "the file is truncated or not a linked mortality file of 2019; fetch it again"
            )


def _value(text: str, field: Field) -> float:
    """Return the number in a cell, NaN where it is blank or '.'; ValueError for anything that may not stand there."""
    text = text.strip()
    if text in ("", "."):
        if field.required:
            raise ValueError("nothing")
        return np.nan
    # isdigit alone takes superscripts, and float alone takes "1e3", "inf" and signs.
    if not (text.isascii() and text.isdigit()) or (field.codes is not None and int(text) not in field.codes):
        raise ValueError(text)
    return float(text)


def _column(lines: Sequence[str], field: Field, name: str) -> pd.Series:
    cells = [line[field.first - 1 : field.last] for line in lines]
    known: dict[str, float] = {}
    for cell in dict.fromkeys(cells):
        try:
            known[cell] = _value(cell, field)
        except ValueError as error:
            number = cells.index(cell) + 1
            raise FileError(
                f"{name}, line {number}, {field.place} ({field.name}): found {cell!r}, expected {field.meaning}; "
                "fetch the file again, and if it stays so, the file has codes that this version does not know"
            ) from error
    return pd.Series([known[cell] for cell in cells], dtype="float64", name=field.name)


def _refuse(frame: pd.DataFrame, wrong: Callable[[pd.DataFrame], pd.Series], what: str, name: str) -> None:
    lines = np.flatnonzero(wrong(frame).to_numpy())
    if lines.size:
        raise FileError(f"{name}, line {lines[0] + 1}: {what} ({lines.size:,} such lines); fetch the file again")


def read_mortality(path: Path | str) -> pd.DataFrame:
    """Read a public-use linked mortality file (follow-up to 31 December 2019).

    Parameters
    ----------
    path : path
        A file as NHANES_2005_2006_MORT_2019_PUBLIC.dat.

    Returns
    -------
    DataFrame
        One row a person, in the order of the file: SEQN, ELIGSTAT (1 eligible, 2 under 18, 3 ineligible), MORTSTAT
        (0 assumed alive, 1 deceased), UCOD_LEADING (1 to 10), DIABETES and HYPERTEN (0, 1), PERMTH_INT and
        PERMTH_EXM (months); float64, missing (blank or '.') as NaN.

    Raises
    ------
    FileError
        The file is absent, empty or a web page, or a line is too short or too long, holds something that is no
        number, an unknown cause or eligibility, a death of somebody ineligible, or a person a second time: always
        with the number of the line.

    Notes
    -----
    Layout: NCHS, public-use linked mortality files, 2019 (the program of NCHS that reads them).
    """
    path = Path(path)
    lines = _lines(path)
    _refuse_wrong_lengths(lines, path.name)
    frame = pd.DataFrame({field.name: _column(lines, field, path.name) for field in FIELDS})
    _refuse(frame, lambda f: f["SEQN"].duplicated(), "a person who is in the file already", path.name)
    _refuse(
        frame,
        lambda f: (f["ELIGSTAT"] == 1) != f["MORTSTAT"].notna(),
        "a vital status for somebody ineligible, or none for somebody eligible",
        path.name,
    )
    return frame
