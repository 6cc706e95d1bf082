"""Studies are found by path or name, and taken as values."""

import pytest

from cofactor.errors import StudyError
from cofactor.study import find_study_file, load_study


def test_a_path_is_taken_as_it_is(tmp_path):
    path = tmp_path / "mine.py"
    path.write_text("STUDY = None\n")
    assert find_study_file(path) == path


def test_the_working_folder_comes_before_what_ships(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "analyses").mkdir()
    mine = tmp_path / "analyses" / "mg_vitd_mortality.py"
    mine.write_text("STUDY = None\n")
    assert find_study_file("mg_vitd_mortality").resolve() == mine


def test_what_ships_is_found_from_anywhere(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert find_study_file("mg_vitd_mortality").name == "mg_vitd_mortality.py"


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("STUDY = 3\n", "binds no module-level STUDY"),
        ("x = 1\n", "binds no module-level STUDY"),
        ("import no_such_module\n", "cannot be imported: ModuleNotFoundError"),
        ("STUDY = (\n", "cannot be imported: SyntaxError"),
    ],
    ids=["another kind", "no STUDY", "a missing import", "a syntax error"],
)
def test_a_file_that_gives_no_study_says_why(tmp_path, content, message):
    path = tmp_path / "mine.py"
    path.write_text(content)
    with pytest.raises(StudyError, match=message):
        load_study(path)


def test_an_unknown_name_lists_what_ships():
    with pytest.raises(StudyError, match=r"no study 'nothing'.*studies that ship: .*mg_vitd_mortality"):
        load_study("nothing")


def test_an_absent_file_is_named():
    with pytest.raises(StudyError, match=r"there is no study file elsewhere\.py"):
        load_study("elsewhere.py")
