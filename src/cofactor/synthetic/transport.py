"""Write a table as SAS transport, version 5, with the same bytes for the same table."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pandas as pd

from cofactor.errors import FileError
from cofactor.synthetic.files.labels import label

PINNED_DATE = b"01JAN20:00:00:00"
"""In place of the time of writing, which would make the same content differ in its bytes."""
DATE_PLACES = (144, 160, 464, 480)
"""Created and modified, of the library and of its one member: fixed places of a version 5 header (SAS TS-140)."""

RECORD, NAMESTR, NUMBER = 80, 140, 8
"""Bytes of a record, of the description of a column, and of a number."""
HEADER_RECORDS = 9


def write_transport(table: pd.DataFrame, path: Path) -> None:
    """Write `table` to `path` as an XPT file of version 5 whose member is named as the file.

    Raises
    ------
    FileError
        The disk is full, or the folder may not be written to.
    """
    import pyreadstat

    try:
        pyreadstat.write_xport(
            table,
            str(path),
            file_format_version=5,
            table_name=path.stem.upper(),
            column_labels=[label(name) for name in table.columns],
        )
        _pin_dates(path)
        _refuse_short(path, table)
    except (OSError, pyreadstat.PyreadstatError, pyreadstat.ReadstatError) as error:
        raise FileError(
            f"cannot write {path.name} into {path.parent}: {error}; is there room on the disk, and may you write there?"
        ) from error


def _pin_dates(path: Path) -> None:
    with path.open("r+b") as file:
        for place in DATE_PLACES:
            file.seek(place)
            file.write(PINNED_DATE)


def transport_size(rows: int, widths: Sequence[int]) -> int:
    """Return the bytes of a version 5 file: header, column descriptions and rows, each in whole records.

    >>> transport_size(rows=10, widths=[8, 8, 8, 8])
    1600
    """
    described = -(-NAMESTR * len(widths) // RECORD)
    filled = -(-sum(widths) * rows // RECORD)
    return RECORD * (HEADER_RECORDS + described + filled)


def _width(column: pd.Series) -> int:
    """Bytes of a cell: eight for a number, the longest text for texts."""
    if pd.api.types.is_numeric_dtype(column.dtype):
        return NUMBER
    return max((len(text.encode()) for text in column.dropna()), default=1)


def _refuse_short(path: Path, table: pd.DataFrame) -> None:
    """Raise OSError for a file that the disk had no room for: pyreadstat cuts it short without a word."""
    expected = transport_size(len(table), [_width(column) for _, column in table.items()])
    found = path.stat().st_size
    if found != expected:
        raise OSError(f"{found:,} of {expected:,} bytes could be written")
