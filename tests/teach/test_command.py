"""`cofactor teach`, from a roster to grades, as a teacher types it."""

from __future__ import annotations

import csv
from pathlib import Path

import jupytext
import pytest
from typer.testing import CliRunner

from cofactor.commands.teach import teach
from cofactor.errors import FileError
from cofactor.teach import EXERCISES


def run(*words: object) -> str:
    ended = CliRunner().invoke(teach, [str(word) for word in words], catch_exceptions=False)
    assert ended.exit_code == 0, ended.output
    return ended.output


def rows_of(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture
def roster(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    path = tmp_path / "roster.csv"
    path.write_text("name\nAda Lovelace\nZoë de Vries\n", encoding="utf-8")
    return path


def test_from_a_roster_to_grades(roster: Path) -> None:
    run("new", "--students", roster, "--exercises", "00")
    key = rows_of(Path("exercises/answer_key.csv"))
    assert [one["name"] for one in rows_of(Path("exercises/seeds.csv"))] == ["Ada Lovelace", "Zoë de Vries"]
    assert key[0]["answer"] != key[1]["answer"]
    Path("answers").mkdir()
    for row in key:
        Path(f"answers/{row['seed']}.csv").write_text(f'exercise,answer\n00.1,"{row["answer"]}"\n00.9,x\n')
    said = run("grade", "answers")
    assert "Zoë de Vries  1         1" in said
    assert "there is no exercise '00.9'" in said
    assert {row["right"] for row in rows_of(Path("grades.csv"))} == {"yes"}


def test_another_seed_makes_another_set_and_the_same_seed_the_same(roster: Path) -> None:
    keys = []
    for folder, seed in (("a", 1), ("b", 2), ("c", 1)):
        run("new", "--students", roster, "--exercises", "00.1", "--seed", seed, "-o", folder)
        keys.append(Path(folder, "answer_key.csv").read_bytes())
    assert keys[0] == keys[2] != keys[1]


def test_a_set_that_is_there_is_not_written_over(roster: Path) -> None:
    run("new", "--students", roster, "--exercises", "00.1")
    with pytest.raises(FileError, match="maybe handed out"):
        run("new", "--students", roster, "--exercises", "00.1", "--seed", 2)


def test_list_names_every_exercise() -> None:
    said = run("list")
    assert all(one.name in said and one.title in said for one in EXERCISES.values())


def test_notebooks_are_copied_and_never_over_ones_work(tmp_path: Path) -> None:
    folder = tmp_path / "class"
    run("notebooks", folder)
    made = sorted(folder.glob("*.ipynb"))
    assert made[0].name == "00_first_look.ipynb"
    assert jupytext.read(made[0]).metadata["kernelspec"]["name"] == "python3"
    assert not (folder / "solutions").exists()
    with pytest.raises(FileError, match="maybe with your work"):
        run("notebooks", folder)
