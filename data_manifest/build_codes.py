"""Make codes.csv, CDC's counts of each code of each column that the catalogue reads, from the mirror's codebook.

    python data_manifest/build_codes.py --codebook MIRROR/codebook.csv.xz [--output data_manifest]

Figures only: a code or a range, and how many rows have it. Run it again after adding a source to the catalogue. It
names the catalogued columns that the codebook does not count.
"""

from __future__ import annotations

import argparse
import csv
import io
import lzma
import re
from collections.abc import Iterable
from pathlib import Path

from cofactor.cohort.raw_columns import Place, raw_columns
from cofactor.loaders.atomic import write_text_whole
from cofactor.loaders.codes import CODES
from cofactor.loaders.manifest import load_manifest

FIELDS = ("file", "column", "kind", "low", "high", "count")
RANGE = re.compile(r"(-?[\d.]+(?:E[+-]?\d+)?) to (-?[\d.]+(?:E[+-]?\d+)?)", re.IGNORECASE)
PRINTED_AS = {("OSQ_B.xpt", re.compile(r"OSQ(030..)")): r"OSD\1"}
"""Columns that the codebook prints under another name than the file has."""

MORTALITY = ".dat"
"""Linked mortality has no codebook of counts."""

Line = tuple[str, str, str, str]
"""kind, low, high, count."""


def file_column(file: str, variable: str) -> Place:
    """Return the file and column that a codebook entry describes."""
    place = (f"{file}.xpt", variable.upper())
    for (owner, printed), real in PRINTED_AS.items():
        if place[0] == owner and printed.fullmatch(place[1]):
            return owner, printed.sub(real, place[1])
    return place


def shortest(number: str) -> str:
    """Write a number with the fewest digits.

    >>> shortest("85.00"), shortest("0.40")
    ('85', '0.4')
    """
    value = float(number)
    return str(int(value)) if value.is_integer() else repr(value)


def line(code: str, words: str, count: str) -> Line:
    """Return one line of the table from the codebook's code, its description (to tell texts apart) and count."""
    if code in (".", "< blank >"):
        return "missing", "", "", count
    if found := RANGE.fullmatch(code):
        return "range", shortest(found[1]), shortest(found[2]), count
    if words == "Value was recorded":
        return "recorded", "", "", count
    try:
        return "code", shortest(code), "", count
    except ValueError:
        return "text", code, "", count


def as_text(lines: list[Line]) -> list[Line]:
    """Turn the codes of a text column into texts: where any text is recorded, a number is one too."""
    if not any(kind in ("recorded", "text") for kind, *_ in lines):
        return lines
    return [("text" if kind == "code" else kind, *rest) for kind, *rest in lines]  # type: ignore[misc]


def counted(codebook: Iterable[dict[str, str]], wanted: Iterable[Place]) -> dict[Place, list[Line]]:
    """Return the lines of the columns wanted; a line that a page prints twice counts once."""
    places = set(wanted)
    found: dict[Place, dict[Line, None]] = {}
    for row in codebook:
        place = file_column(row["file"], row["variable"])
        if place in places and row["code_or_value"]:
            new = line(row["code_or_value"], row["value_description"], row["count"])
            found.setdefault(place, {})[new] = None
    return {place: as_text(list(lines)) for place, lines in found.items()}


def build(codebook: Path, output: Path) -> list[Place]:
    """Write the table, and return the catalogued columns that the codebook does not count."""
    wanted = raw_columns()
    with lzma.open(codebook, "rt", encoding="utf-8", newline="") as file:
        found = counted(csv.DictReader(file), wanted)
    order = {name: number for number, name in enumerate(load_manifest().records)}
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(FIELDS)
    for place in sorted(found, key=lambda place: (order[place[0]], place[1])):
        writer.writerows((*place, *one) for one in found[place])
    write_text_whole(output / CODES, text.getvalue())
    return [place for place in wanted if place not in found and not place[0].endswith(MORTALITY)]


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--codebook", type=Path, required=True, help="the mirror's codebook.csv.xz")
    parser.add_argument("--output", type=Path, default=Path(__file__).resolve().parent)
    arguments = parser.parse_args()
    for file_of, column_of in build(arguments.codebook, arguments.output):
        print(f"not counted: {file_of}, {column_of}")
