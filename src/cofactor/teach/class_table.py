"""Read the small tables of a class, as spreadsheets and forms write them: rosters, seeds, answers."""

from __future__ import annotations

import codecs
import csv
import io
import unicodedata
from dataclasses import dataclass
from pathlib import Path

from cofactor.errors import FileError

DELIMITERS = ",;\t"
NAME_COLUMNS = ("name", "student", "full name", "student name")
_MARKS = {codecs.BOM_UTF8: "utf-8-sig", codecs.BOM_UTF16_LE: "utf-16", codecs.BOM_UTF16_BE: "utf-16"}


@dataclass(frozen=True)
class Row:
    """A line of a table: its number in the file, from 1 for the header, and its cells by column."""

    line: int
    cells: dict[str, str]

    def __getitem__(self, column: str) -> str:
        """Return the cell of a column; "" where the line ends before it, or the table has no such column."""
        return self.cells.get(column, "")


@dataclass(frozen=True)
class ClassTable:
    """A table of text.

    Attributes
    ----------
    path : Path
    columns : tuple of str
        In small letters.
    rows : tuple of Row
        Without empty lines.
    decimal_comma : bool
        Cells are separated by semicolons or tabs, so that a comma can stand in a number.
    """

    path: Path
    columns: tuple[str, ...]
    rows: tuple[Row, ...]
    decimal_comma: bool

    def name_column(self) -> str | None:
        """Return the column that holds the names of students, or None."""
        return next((name for name in NAME_COLUMNS if name in self.columns), None)


def read_class_table(path: Path) -> ClassTable:
    """Read a CSV file in UTF-8, UTF-16 with its mark, or Windows-1252; with commas, semicolons or tabs.

    Raises
    ------
    FileError
        No such file, a workbook instead of text, no header, a column twice, or text that cannot be decoded.
    """
    text = _decoded(path)
    delimiter = _delimiter(text)
    try:
        reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
        lines = [(reader.line_num, [cell.strip() for cell in cells]) for cells in reader]
    except csv.Error as error:
        raise FileError(
            f"{path}: not a table of comma-separated values ({error}); look for a quote left open"
        ) from error
    full = [(number, cells) for number, cells in lines if any(cells)]
    if not full:
        raise FileError(f"{path}: empty; its first line names the columns")
    columns = tuple(" ".join(cell.lower().split()) for cell in full[0][1])
    twice = sorted({name for name in columns if name and columns.count(name) > 1})
    if twice:
        raise FileError(f"{path}: two columns are called {', '.join(twice)}; name each once")
    rows = tuple(Row(number, dict(zip(columns, cells, strict=False))) for number, cells in full[1:])
    return ClassTable(path, columns, rows, decimal_comma=delimiter != ",")


def _decoded(path: Path) -> str:
    try:
        raw = path.read_bytes()
    except OSError as error:
        raise FileError(f"{path}: cannot be read ({error.strerror}); give the path of a CSV file") from error
    if raw.startswith(b"PK\x03\x04") or raw.startswith(b"\xd0\xcf\x11\xe0"):
        raise FileError(f"{path}: a workbook, not text; save it as CSV (UTF-8) and give that file")
    encodings = [name for mark, name in _MARKS.items() if raw.startswith(mark)] or ["utf-8", "cp1252"]
    for encoding in encodings:
        try:
            text = raw.decode(encoding)
        except UnicodeError:
            continue
        if "\0" not in text:
            return text
    raise FileError(f"{path}: neither UTF-8 nor Windows-1252 text; save it as CSV (UTF-8)")


def _delimiter(text: str) -> str:
    """The delimiter that occurs most in the header; a comma where there is none, for tables of one column."""
    header = next((line for line in text.splitlines() if line.strip()), "")
    return max(DELIMITERS, key=header.count)


def same_name(name: str) -> str:
    """Return what two spellings of a name have in common: letters composed, small, and single spaces.

    >>> same_name("  Zoë  DE Vries") == same_name("Zoe\u0308 de Vries")
    True
    """
    return " ".join(unicodedata.normalize("NFC", name.replace("_", " ")).casefold().split())
