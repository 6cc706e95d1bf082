"""A folder is filled in one step or left as it was."""

from __future__ import annotations

import errno
from pathlib import Path

import pytest

from cofactor.errors import FileError
from cofactor.report.folder import check_folder, folder_in_one_step

ENTRIES = ("page", "provenance.json", "tables")


def fill(target: Path, text: str) -> None:
    with folder_in_one_step(target, ENTRIES) as folder:
        (folder / "page").write_text(text)
        (folder / "provenance.json").write_text("{}")
        (folder / "tables").mkdir()
        (folder / "tables" / f"{text}.csv").write_text(text)


def content(folder: Path) -> dict[str, str]:
    return {str(path.relative_to(folder)): path.read_text() for path in folder.rglob("*") if path.is_file()}


FIRST = {"page": "first", "provenance.json": "{}", "tables/first.csv": "first"}
SECOND = {"page": "second", "provenance.json": "{}", "tables/second.csv": "second"}


def test_folder_is_made_with_its_parents(tmp_path):
    fill(tmp_path / "a" / "b", "first")
    assert content(tmp_path / "a" / "b") == FIRST
    assert [path.name for path in (tmp_path / "a").iterdir()] == ["b"]


def test_earlier_report_is_replaced_and_other_files_stay(tmp_path):
    fill(tmp_path, "first")
    (tmp_path / "notes.txt").write_text("mine")
    fill(tmp_path, "second")
    assert content(tmp_path) == {**SECOND, "notes.txt": "mine"}


@pytest.mark.parametrize("failing", range(1, 7))
def test_move_that_fails_puts_the_earlier_report_back(tmp_path, monkeypatch, failing):
    fill(tmp_path / "out", "first")
    rename, calls = Path.rename, 0

    def sometimes_full(self, target):
        nonlocal calls
        calls += 1
        if calls == failing:
            raise OSError(errno.ENOSPC, "No space left on device")
        return rename(self, target)

    monkeypatch.setattr(Path, "rename", sometimes_full)
    with pytest.raises(FileError, match="nothing was changed there"):
        fill(tmp_path / "out", "second")
    monkeypatch.undo()
    assert content(tmp_path) == {f"out/{name}": text for name, text in FIRST.items()}


def test_error_of_the_writer_leaves_nothing_and_is_not_dressed_up(tmp_path):
    def fail_halfway() -> None:
        with folder_in_one_step(tmp_path / "out", ENTRIES) as folder:
            (folder / "page").write_text("half")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail_halfway()
    assert list(tmp_path.iterdir()) == []


def test_files_of_others_are_not_replaced(tmp_path):
    (tmp_path / "tables").mkdir()
    (tmp_path / "tables" / "mine.csv").write_text("mine")
    with pytest.raises(FileError, match=r"holds tables, which no earlier report wrote.*--output"):
        fill(tmp_path, "first")
    assert content(tmp_path) == {"tables/mine.csv": "mine"}


def test_a_file_in_place_of_the_folder_is_named(tmp_path):
    (tmp_path / "out").write_text("a file")
    with pytest.raises(FileError, match="needs a folder"):
        fill(tmp_path / "out", "first")


def test_what_could_not_be_written_is_told_before_the_work(tmp_path):
    (tmp_path / "file").write_text("mine")
    (tmp_path / "tables").mkdir()
    for target, said in (
        (tmp_path / "file", "is a file"),
        (tmp_path / "file" / "out", "could not"),
        (tmp_path, "holds"),
    ):
        with pytest.raises(FileError, match=f"{said}.*--output"):
            check_folder(target, ENTRIES)
    check_folder(tmp_path / "a" / "b", ENTRIES)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["file", "tables"]
