"""Hold the raw columns that the catalogue reads against CDC's codebook: `cofactor verify --codebook`."""

from __future__ import annotations

import contextlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from cofactor.cohort.raw_columns import raw_columns
from cofactor.display import lines_html, table_html
from cofactor.errors import CofactorError, FileError
from cofactor.loaders.code_comparison import CountDifference, count_differences
from cofactor.loaders.codes import published_codes
from cofactor.loaders.disagreements import known_disagreements
from cofactor.loaders.selection import select
from cofactor.loaders.store import DataFolder, data_folder


@dataclass(frozen=True)
class Disagreement:
    """A code that stands in a file otherwise than the codebook says; `reason` is "" where none is known."""

    file: str
    column: str
    difference: CountDifference
    reason: str


@dataclass(frozen=True, eq=False)
class CodebookReport:
    """What came of holding raw columns against the codebook.

    Attributes
    ----------
    root : Path
    compared : tuple of (file, column)
        Columns whose counts were compared.
    uncounted : mapping of (file, column) to str
        Columns that the codebook does not count, with the reason; "" where none is known.
    disagreements : tuple of Disagreement
        Explained ones among them.
    unread : mapping of str to str
        Files of the folder that cannot be read, or are not what the manifest says, and what is wrong.
    absent : tuple of str
        Files that the catalogue reads and the folder does not hold.
    """

    root: Path
    compared: tuple[tuple[str, str], ...]
    uncounted: dict[tuple[str, str], str]
    disagreements: tuple[Disagreement, ...]
    unread: dict[str, str]
    absent: tuple[str, ...]

    @property
    def unexplained(self) -> tuple[Disagreement, ...]:
        """Disagreements without a known reason."""
        return tuple(one for one in self.disagreements if not one.reason)

    @property
    def is_good(self) -> bool:
        """Whether something was compared, all of it agrees or is explained, and every file could be read."""
        lacking = [place for place, reason in self.uncounted.items() if not reason]
        return bool(self.compared) and not self.unread and not self.unexplained and not lacking

    def table(self) -> pd.DataFrame:
        """Return one row a disagreement: file, column, code, published (blank: not on the page), found, reason."""
        rows = [
            (d.file, d.column, d.difference.code, d.difference.published, d.difference.found, d.reason)
            for d in self.disagreements
        ]
        table = pd.DataFrame(rows, columns=["file", "column", "code", "published", "found", "reason"])
        return table.astype({"published": "Int64", "found": "Int64"})

    def _repr_html_(self) -> str:
        said = f"{len(self.compared):,} columns compared, {len(self.unexplained):,} disagreements unexplained"
        table = table_html(self.table(), caption="Disagreements with the codebook", row_headers=3)
        return table + lines_html([said])


def verify_codebook(
    data: Path | str | DataFolder | None = None, cycles: str | Sequence[str] | None = None, *, progress: bool = True
) -> CodebookReport:
    """Compare every raw column that the catalogue reads, of the files present, with CDC's published counts.

    Each code's count, that of a range (values inside it that are no code) and that of the missing; values that the page
    does not have are named.

    Parameters
    ----------
    data : path or DataFolder, optional
        The data folder; by default what COFACTOR_DATA names, else the platform's cache folder.
    cycles : str or sequence of str, optional
        Only files of these cycles and the common ones; by default all that are there.
    progress : bool
        Whether to show a bar while files are parsed for the first time.

    Returns
    -------
    CodebookReport
        Nothing is raised for a column that disagrees.

    Raises
    ------
    FileError
        There is no such folder, or it holds synthetic files, which no codebook counts.
    """
    folder = data_folder(data)
    if folder.is_synthetic:
        raise FileError(f"{folder.root} holds synthetic files, which no codebook counts; give a folder of CDC's files")
    files = _columns_by_file(record.file for record in select(folder.manifest, cycles))
    present = {file: columns for file, columns in files.items() if folder.has(file)}
    with contextlib.suppress(CofactorError):  # what is wrong with a file is told when it is read
        folder.prepare(present, progress=progress)
    unread: dict[str, str] = {}
    compared: list[tuple[str, str]] = []
    uncounted: dict[tuple[str, str], str] = {}
    found: list[Disagreement] = []
    for file, columns in present.items():
        counted = [column for column in columns if (file, column) in published_codes()]
        uncounted |= {(file, c): _why_uncounted(file, c) for c in columns if c not in counted}
        try:
            table = folder.columns(file, counted, one_row_per_person=False)
        except CofactorError as error:
            unread[file] = str(error)
            continue
        compared += [(file, column) for column in counted]
        found += [one for column in counted for one in _disagreements(file, column, table[column])]
    absent = tuple(file for file in files if file not in present)
    return CodebookReport(folder.root, tuple(compared), uncounted, tuple(found), unread, absent)


def _columns_by_file(files: Iterable[str]) -> dict[str, list[str]]:
    """The catalogued columns of those of `files` that the catalogue reads and a codebook describes."""
    wanted = {file for file in files if not file.endswith(".dat")}
    found: dict[str, list[str]] = {}
    for file, column in raw_columns():
        if file in wanted:
            found.setdefault(file, []).append(column)
    return found


def _why_uncounted(file: str, column: str) -> str:
    return known_disagreements().uncounted.get((file, column), "")


def _disagreements(file: str, column: str, values: pd.Series) -> list[Disagreement]:
    reasons = known_disagreements().reasons
    differences = count_differences(values, published_codes()[file, column])
    return [Disagreement(file, column, one, reasons.get((file, column, one), "")) for one in differences]
