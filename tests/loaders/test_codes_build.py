"""The script that makes the table of CDC's counts from the codebook."""

from __future__ import annotations

import csv
import lzma
import os
from pathlib import Path
from types import ModuleType

import pytest

from cofactor.loaders.codes import CODES
from cofactor.loaders.manifest import load_manifest

Row = dict[str, str]


def row(variable: str, code: str, count: str, words: str = "", file: str = "DEMO_D") -> Row:
    return {"file": file, "variable": variable, "code_or_value": code, "value_description": words, "count": count}


@pytest.mark.parametrize(
    ("code", "words", "line"),
    [
        (".", "Missing", ("missing", "", "", "9")),
        ("< blank >", "Missing", ("missing", "", "", "9")),
        ("0 to 84", "Range of Values", ("range", "0", "84", "9")),
        ("0.50 to 1785.0", "Range of Values", ("range", "0.5", "1785", "9")),
        ("-1 to 1E-3", "Range of Values", ("range", "-1", "0.001", "9")),
        ("85", "85+ years", ("code", "85", "", "9")),
        ("Supplement name", "Value was recorded", ("recorded", "", "", "9")),
        ("W", "Week", ("text", "W", "", "9")),
    ],
)
def test_a_line_of_the_codebook_becomes(build_codes: ModuleType, code, words, line):
    assert build_codes.line(code, words, "9") == line


def test_numbers_among_texts_are_texts(build_codes: ModuleType):
    page = [row("X", "name", "5", "Value was recorded"), row("X", "7777", "1"), row("X", "< blank >", "2")]
    found = build_codes.counted(page, [("DEMO_D.xpt", "X")])
    assert found["DEMO_D.xpt", "X"][1] == ("text", "7777", "", "1")


def test_a_line_that_is_printed_twice_counts_once(build_codes: ModuleType):
    page = [row("X", "1", "5"), row("X", ".", "2"), row("X", "1", "5"), row("X", ".", "2")]
    assert len(build_codes.counted(page, [("DEMO_D.xpt", "X")])["DEMO_D.xpt", "X"]) == 2


def test_names_are_those_of_the_file(build_codes: ModuleType):
    page = [row("MCQ230a", "10", "5"), row("OSQ030aa", "77777", "0", file="OSQ_B")]
    wanted = [("DEMO_D.xpt", "MCQ230A"), ("OSQ_B.xpt", "OSD030AA")]
    assert set(build_codes.counted(page, wanted)) == set(wanted)


def test_columns_that_nobody_reads_are_left_out(build_codes: ModuleType):
    assert build_codes.counted([row("Y", "1", "5")], [("DEMO_D.xpt", "X")]) == {}


def test_what_the_codebook_does_not_count_is_returned(build_codes: ModuleType, tmp_path):
    with lzma.open(tmp_path / "codebook.csv.xz", "wt", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(row("", "", "")))
        writer.writeheader()
        writer.writerow(row("RIAGENDR", "1", "5080"))
    lacking = build_codes.build(tmp_path / "codebook.csv.xz", tmp_path)
    assert (tmp_path / CODES).read_text(encoding="utf-8").splitlines()[1:] == ["DEMO_D.xpt,RIAGENDR,code,1,,5080"]
    assert ("DEMO_D.xpt", "RIDAGEYR") in lacking
    assert not [file for file, _ in lacking if file.endswith(".dat")], "linked mortality has no codebook"


@pytest.mark.real_data
def test_the_committed_table_is_what_the_script_makes(build_codes: ModuleType, tmp_path):
    codebook = Path(os.environ.get("COFACTOR_TEST_MIRROR", "")) / "codebook.csv.xz"
    if not codebook.is_file():
        pytest.skip("COFACTOR_TEST_MIRROR names no folder with codebook.csv.xz: nothing to make the table from")
    build_codes.build(codebook, tmp_path)
    assert (tmp_path / CODES).read_bytes() == (load_manifest().folder / CODES).read_bytes()
