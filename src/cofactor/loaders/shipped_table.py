"""The small tables that ship beside the manifest."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from cofactor.errors import FileError, StudyError
from cofactor.resources import resource_folder


@contextmanager
def shipped_table(name: str, what: str, folder: Path | None) -> Iterator[csv.DictReader[str]]:
    """Give the rows of a CSV file in `folder`, or in the folder that ships with the package.

    Raises
    ------
    FileError
        The file is absent, or what the block makes of its rows finds it damaged; `what` says what could not be read.
    """
    path = (resource_folder("data_manifest") if folder is None else folder) / name
    try:
        with path.open(encoding="utf-8", newline="") as file:
            yield csv.DictReader(file)
    except (OSError, KeyError, ValueError, StudyError) as error:
        raise FileError(f"cannot read {what} {path} ({error}); reinstall cofactor") from error
