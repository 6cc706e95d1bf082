"""The data manifest: which files of CDC there are, where, and how to know that they are right."""

from __future__ import annotations

import csv
import functools
import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cofactor.errors import FileError
from cofactor.loaders.cycles import CYCLES
from cofactor.loaders.fingerprint import ColumnFingerprint
from cofactor.resources import resource_folder

FILES = "files.csv"
FINGERPRINTS = "fingerprints.csv"


@dataclass(frozen=True)
class FileRecord:
    """One public file.

    Attributes
    ----------
    file : str
        Its name, as "DEMO_D.xpt".
    cycle : str
        The cycle; for a file of no one cycle the years that it spans, as "1999-2023".
    url : str
        CDC's address.
    rows, columns : int
        Its shape.
    published : str
        When CDC published or last updated it, in CDC's words; "" where not known.
    sha256 : str or None
        Of CDC's own bytes, where these are known.
    """

    file: str
    cycle: str
    url: str
    rows: int
    columns: int
    published: str
    sha256: str | None

    @property
    def path(self) -> str:
        """Where the file lies in a data folder: its address without "https://"."""
        return self.url.removeprefix("https://")

    @property
    def is_common(self) -> bool:
        """Whether it belongs to no one cycle (the supplement and medicine databases)."""
        return self.cycle not in CYCLES


def _number(text: str) -> float | None:
    return float(text) if text else None


def _fingerprint_of(row: Mapping[str, str]) -> ColumnFingerprint:
    return ColumnFingerprint(
        column=row["column"],
        type=row["type"],  # type: ignore[arg-type]  # the committed file holds the three kinds, a test looks
        present=int(row["present"]),
        missing=int(row["missing"]),
        sum=_number(row["sum"]),
        minimum=_number(row["minimum"]),
        maximum=_number(row["maximum"]),
        position_sum=_number(row["position_sum"]),
        absolute_sum=_number(row["absolute_sum"]),
        text_hash=row["text_hash"],
    )


@dataclass(frozen=True, eq=False)
class Manifest:
    """The files, by name, and the fingerprints of their columns.

    Attributes
    ----------
    folder : Path
        Where `files.csv` and `fingerprints.csv` are.
    records : mapping of str to FileRecord
        In the order of `files.csv`.
    digest : str
        Identifies the content of the two files: what was verified against another manifest is verified anew.
    """

    folder: Path
    records: Mapping[str, FileRecord]
    digest: str

    def get(self, file: str) -> FileRecord | None:
        """Return the record of `file`, or None where the manifest does not know it."""
        return self.records.get(file)

    def files_of(self, cycle: str) -> tuple[str, ...]:
        """Return the names of the files of one cycle, the linked mortality among them."""
        return tuple(record.file for record in self.records.values() if record.cycle == cycle)

    @property
    def common_files(self) -> tuple[str, ...]:
        """The files that belong to no one cycle."""
        return tuple(record.file for record in self.records.values() if record.is_common)

    @functools.cached_property
    def fingerprints(self) -> Mapping[str, tuple[ColumnFingerprint, ...]]:
        """The fingerprints of each file's columns; read when first asked for, since a warm folder needs none."""
        by_file: dict[str, list[ColumnFingerprint]] = {}
        for row in _rows(self.folder / FINGERPRINTS):
            by_file.setdefault(row["file"], []).append(_fingerprint_of(row))
        return {file: tuple(columns) for file, columns in by_file.items()}

    def __reduce__(self) -> tuple[Any, ...]:
        # Workers read the manifest themselves: cheaper than sending thousands of fingerprints to each.
        return (load_manifest, (self.folder,))


def _rows(path: Path) -> Iterator[dict[str, str]]:
    try:
        with path.open(encoding="utf-8", newline="") as file:
            yield from csv.DictReader(file)
    except OSError as error:
        raise FileError(f"cannot read the manifest {path}: {error.strerror or error}; reinstall cofactor") from error


def _record_of(row: Mapping[str, str]) -> FileRecord:
    return FileRecord(
        file=row["file"],
        cycle=row["cycle"],
        url=row["url"],
        rows=int(row["rows"]),
        columns=int(row["columns"]),
        published=row["published"],
        sha256=row["sha256"] or None,
    )


@functools.cache
def load_manifest(folder: Path | None = None) -> Manifest:
    """Return the manifest in `folder`; by default the one that ships with the package.

    Examples
    --------
    >>> load_manifest().records["DEMO_D.xpt"].cycle
    '2005-2006'
    """
    folder = resource_folder("data_manifest") if folder is None else folder
    records = {row["file"]: _record_of(row) for row in _rows(folder / FILES)}
    digest = hashlib.sha256()
    for name in (FILES, FINGERPRINTS):
        digest.update((folder / name).read_bytes())
    return Manifest(folder, records, digest.hexdigest())
