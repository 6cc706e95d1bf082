"""Rosters come from spreadsheets of all kinds: what they may look like, and what is told where they cannot be used."""

from __future__ import annotations

from pathlib import Path

import pytest

from cofactor import CofactorError
from cofactor.errors import FileError
from cofactor.teach.class_table import read_class_table
from cofactor.teach.exercise_set import chosen_exercises, seed_sheet, write_class_table
from cofactor.teach.roster import Student, read_roster, read_seeds, with_seeds

NAMES = ("Ada Lovelace", "Zoë de Vries")


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "roster.csv"


@pytest.mark.parametrize(
    "content",
    [
        "name\nAda Lovelace\nZoë de Vries\n".encode(),
        "name,group\r\nAda Lovelace,a\r\nZoë de Vries,b\r\n".encode(),
        "\ufeffName;Group\nAda Lovelace;a\nZoë de Vries;b\n".encode(),
        "Student\tgroup\nAda Lovelace\ta\nZoë de Vries\tb".encode("utf-16"),
        "student\nAda Lovelace\nZoë de Vries\n".encode("cp1252"),
        '\n"name"\n"Ada  Lovelace"\n\n Zoë de Vries \n'.encode(),
    ],
    ids=["utf-8", "windows lines", "mark and semicolons", "utf-16 and tabs", "windows-1252", "quotes and empty lines"],
)
def test_roster_is_read_from(content: bytes, file: Path) -> None:
    file.write_bytes(content)
    assert read_roster(file) == NAMES


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "empty"),
        (b"\n\n", "empty"),
        (b"name\n", "no student below the header"),
        (b"nom,groupe\nAda,a\n", "no column name or student; the columns are: nom, groupe"),
        (b"name,group\nAda,a\n,b\n", "no name in line 3"),
        (b"name\nAda Byron\nBen\nada  byron\n", "lines 2 and 4"),
        (b"name,name\nAda,Ada\n", "two columns are called name"),
        (b'name\n"Ada\nBen\n', "a quote left open"),
        (b"PK\x03\x04rest of a workbook", "save it as CSV"),
        (b"name\n\x81\x8d\x00", "neither UTF-8 nor Windows-1252"),
    ],
)
def test_roster_that_cannot_be_used_is_told_why(content: bytes, says: str, file: Path) -> None:
    file.write_bytes(content)
    with pytest.raises(FileError, match=says) as error:
        read_roster(file)
    assert str(file) in str(error.value)


def test_file_that_is_not_there_is_told_so(file: Path) -> None:
    for path in (file, file.parent):
        with pytest.raises(FileError, match="cannot be read"):
            read_class_table(path)


def test_seeds_follow_from_name_and_set_and_from_nothing_else() -> None:
    first = {one.name: one.seed for one in with_seeds(["Ada", "Ben", "Cem"], seed=1)}
    assert {one.name: one.seed for one in with_seeds(["Cem", "Dora", "Ada", "Ben"], seed=1)} == first | {
        "Dora": with_seeds(["Dora"], seed=1)[0].seed
    }
    assert with_seeds(["ADA"], seed=1)[0].seed == first["Ada"]
    assert not set(first.values()) & {one.seed for one in with_seeds(["Ada", "Ben", "Cem"], seed=2)}


def test_no_two_students_share_a_seed(monkeypatch: pytest.MonkeyPatch) -> None:
    """Ten thousand names among 900,000 seeds meet some fifty times; those are moved on."""
    made = with_seeds([f"student {i}" for i in range(10_000)], seed=1)
    assert len({one.seed for one in made}) == len(made)
    assert all(100_000 <= one.seed < 1_000_000 for one in made)


def test_sheet_of_seeds_is_read_as_it_was_written(tmp_path: Path) -> None:
    students = with_seeds(NAMES, seed=4)
    write_class_table(seed_sheet(students), tmp_path / "seeds.csv")
    assert read_seeds(tmp_path / "seeds.csv") == students
    assert students[0] == Student("Ada Lovelace", students[0].seed)


@pytest.mark.parametrize(
    ("content", "says"),
    [
        ("name\nAda\n", "line 2 has no seed"),
        ("name,seed\nAda,x\n", "line 2 has no seed"),
        ("name,seed\nAda,7\nBen,7\n", "the same seed"),
    ],
)
def test_sheet_of_seeds_that_is_none_is_told_so(content: str, says: str, file: Path) -> None:
    file.write_text(content)
    with pytest.raises(FileError, match=says):
        read_seeds(file)


def test_exercises_are_chosen_by_notebook_or_by_name() -> None:
    assert chosen_exercises(["00.1", "00"]) == ("00.1",)
    assert "00.1" in chosen_exercises()
    with pytest.raises(CofactorError, match=r"no exercise '77'; name notebooks \(00"):
        chosen_exercises(["77"])
