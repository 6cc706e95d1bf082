"""Write a table as SAS transport, version 5, with the same bytes for the same table."""

from __future__ import annotations

import logging
from pathlib import Path

import pandas as pd

from cofactor.errors import FileError
from cofactor.synthetic.files.labels import label

PINNED_DATE = b"01JAN20:00:00:00"
"""In place of the time of writing, which would make the same content differ in its bytes."""
DATE_PLACES = (144, 160, 464, 480)
"""Created and modified, of the library and of its one member: fixed places of a version 5 header (SAS TS-140)."""

logger = logging.getLogger(__name__)


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
    except (OSError, pyreadstat.PyreadstatError, pyreadstat.ReadstatError) as error:
        raise FileError(
            f"cannot write {path.name} into {path.parent}: {error}; is there room on the disk, and may you write there?"
        ) from error


def _pin_dates(path: Path) -> None:
    with path.open("r+b") as file:
        for place in DATE_PLACES:
            file.seek(place)
            file.write(PINNED_DATE)
