"""Make files.csv, fingerprints.csv and datapackage.json from a mirror of CDC's public files.

    python data_manifest/build.py --list MIRROR/files.csv --data UNPACKED [--output data_manifest]

`--list` is the mirror's list of files (file, cycle, url, rows, columns, published, sha256_cdc); `--data` holds the
files under CDC's own addresses without "https://". A hash is taken over only where the mirror knows that of CDC's own
bytes.
"""

from __future__ import annotations

import argparse
import csv
import dataclasses
import io
import json
import re
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from joblib import Parallel, delayed

from cofactor.loaders.absences import ABSENCES
from cofactor.loaders.atomic import write_text_whole
from cofactor.loaders.codes import CODES
from cofactor.loaders.digest import sha256_of
from cofactor.loaders.disagreements import DISAGREEMENTS
from cofactor.loaders.fingerprint import ColumnFingerprint, fingerprint
from cofactor.loaders.manifest import FILES, FINGERPRINTS, FileRecord
from cofactor.loaders.raw import read_raw

TERMS = "https://www.cdc.gov/nchs/policy/data-user-agreement.html"

FILE_FIELDS = {
    "file": ("string", "Name of the file"),
    "cycle": ("string", "Cycle, or the years that a file of no one cycle spans"),
    "url": ("string", "CDC's address"),
    "rows": ("integer", "Number of rows"),
    "columns": ("integer", "Number of columns"),
    "published": ("string", "When CDC published or last updated it, in CDC's words; blank where not known"),
    "sha256": ("string", "SHA-256 of CDC's own bytes; blank where not known"),
}

FINGERPRINT_FIELDS = {
    "file": ("string", "Name of the file"),
    "column": ("string", "Name of the column"),
    "type": ("string", "number, text, or empty where no value is present"),
    "present": ("integer", "Values present"),
    "missing": ("integer", "Values missing; a blank text is missing"),
    "sum": ("number", "Sum of the values; for text of their ranks among the sorted distinct values"),
    "minimum": ("number", "Smallest value; blank for text"),
    "maximum": ("number", "Largest value; blank for text"),
    "position_sum": ("number", "Sum of value (or rank) times the fractional part of (row from 1) * 0.6180339887498949"),
    "absolute_sum": ("number", "Sum of absolute values: what the tolerance of 1e-9 is relative to"),
    "text_hash": ("string", "SHA-256 over the sorted distinct texts with their counts; blank for numbers"),
}

CODE_FIELDS = {
    "file": ("string", "Name of the file"),
    "column": ("string", "Name of the column, one that the catalogue reads"),
    "kind": ("string", "code, range, missing, text (a code that is text) or recorded (any other text)"),
    "low": ("string", "The code, or the low end of the range"),
    "high": ("string", "The high end of the range"),
    "count": ("integer", "Rows, as the codebook prints"),
}

DISAGREEMENT_FIELDS = {
    "file": ("string", "Name of the file"),
    "column": ("string", "Name of the column"),
    "code": ("string", "The code, range or missing; blank where the codebook counts nothing of the column"),
    "published": ("integer", "Rows by the codebook; blank where the page does not have the value"),
    "found": ("integer", "Rows of the file"),
    "reason": ("string", "What is known of the disagreement"),
}

ABSENCE_FIELDS = {
    "file": ("string", "Name of the file without the ending of the cycle"),
    "cycles": ("string", "A cycle or a span of them"),
    "columns": ("string", "A pattern of columns that are absent, * where the file is"),
    "reason": ("string", "Why they are not there"),
}


def records(listing: Path) -> list[FileRecord]:
    """Read the mirror's list of files."""
    with listing.open(encoding="utf-8", newline="") as file:
        return [
            FileRecord(
                file=row["file"],
                cycle=row["cycle"],
                url=row["url"],
                rows=int(row["rows"]),
                columns=int(row["columns"]),
                published=row["published"],
                sha256=row["sha256_cdc"] or None,
            )
            for row in csv.DictReader(file)
        ]


def fingerprint_of(record: FileRecord, data: Path) -> tuple[ColumnFingerprint, ...]:
    """Fingerprint one file, refusing one that is not as the list says."""
    path = data / record.path
    frame = read_raw(path).frame
    if frame.shape != (record.rows, record.columns):
        raise SystemExit(f"{record.file}: the list says {record.rows} x {record.columns}, found {frame.shape}")
    if record.sha256 is not None and sha256_of(path) != record.sha256:
        raise SystemExit(f"{record.file}: the list has the hash of CDC's bytes, and the file has another")
    return fingerprint(frame)


def shown(value: object) -> str:
    """Write a figure so that reading it gives it back: shortest digits, whole numbers without a point."""
    if value is None:
        return ""
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
    return str(value)


def table(fields: Iterable[str], rows: Iterable[Sequence[object]]) -> str:
    """Return a CSV with line feeds."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(fields)
    writer.writerows([shown(value) for value in row] for row in rows)
    return text.getvalue()


def table_resource(name: str, path: str, title: str, fields: dict[str, tuple[str, str]]) -> dict[str, Any]:
    """Describe one of the CSV files of this folder."""
    return {
        "profile": "tabular-data-resource",
        "name": name,
        "path": path,
        "title": title,
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "schema": {
            "fields": [{"name": key, "type": kind, "description": text} for key, (kind, text) in fields.items()],
            "missingValues": [""],
        },
    }


def file_resource(record: FileRecord) -> dict[str, Any]:
    """Describe one file of CDC by its address."""
    mortality = record.file.endswith(".dat")
    resource: dict[str, Any] = {
        "name": re.sub(r"[^a-z0-9._-]", "-", record.file.lower()),
        "path": record.url,
        "title": f"{record.file}, {record.cycle}",
        "format": "dat" if mortality else "xpt",
        "mediatype": "text/plain" if mortality else "application/x-sas-xport",
        "cofactor:cycle": record.cycle,
        "cofactor:rows": record.rows,
        "cofactor:columns": record.columns,
    }
    if record.published:
        resource["cofactor:published"] = record.published
    if record.sha256 is not None:
        resource["hash"] = f"sha256:{record.sha256}"
    return resource


def package(listed: Sequence[FileRecord]) -> dict[str, Any]:
    """Return the frictionless data package (version 1) of the manifest and of the files that it lists."""
    return {
        "profile": "data-package",
        "name": "nhanes-public-files",
        "title": "Public files of NHANES 1999-2018 and August 2021-August 2023, and the linked mortality to 2019",
        "description": "Where the files are and how to know that they are right. The files themselves are not here.",
        "licenses": [{"name": "other-pd", "title": "U.S. government work; NCHS data use terms", "path": TERMS}],
        "sources": [
            {"title": "National Center for Health Statistics, CDC", "path": "https://wwwn.cdc.gov/nchs/nhanes/"}
        ],
        "resources": [
            table_resource("files", FILES, "The files", FILE_FIELDS),
            table_resource("fingerprints", FINGERPRINTS, "What each column holds", FINGERPRINT_FIELDS),
            table_resource("codes", CODES, "CDC's counts of the codes of catalogued columns", CODE_FIELDS),
            table_resource("disagreements", DISAGREEMENTS, "Where codebook and file disagree", DISAGREEMENT_FIELDS),
            table_resource("absences", ABSENCES, "Why files and columns are absent in a cycle", ABSENCE_FIELDS),
            *(file_resource(record) for record in listed),
        ],
    }


def build(listing: Path, data: Path, output: Path, jobs: int = 2) -> None:
    """Write the three files to `output`."""
    listed = records(listing)
    found = Parallel(n_jobs=jobs)(delayed(fingerprint_of)(record, data) for record in listed)
    rows = [
        (record.file, *dataclasses.astuple(column))
        for record, columns in zip(listed, found, strict=True)
        for column in columns
    ]
    write_text_whole(output / FILES, table(FILE_FIELDS, (dataclasses.astuple(record) for record in listed)))
    write_text_whole(output / FINGERPRINTS, table(FINGERPRINT_FIELDS, rows))
    described = json.dumps(package(listed), indent=1, ensure_ascii=False)
    write_text_whole(output / "datapackage.json", described + "\n")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--list", type=Path, required=True, help="the mirror's files.csv")
    parser.add_argument("--data", type=Path, required=True, help="the unpacked mirror")
    parser.add_argument("--output", type=Path, default=Path(__file__).resolve().parent)
    arguments = parser.parse_args()
    build(arguments.list, arguments.data, arguments.output)
