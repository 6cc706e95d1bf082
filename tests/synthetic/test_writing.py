"""Writing: the same bytes for the same seed, whole or not at all, and never over somebody's real data."""

from __future__ import annotations

import json
import signal
from pathlib import Path

import pytest

from cofactor.errors import FileError, StudyError
from cofactor.loaders.digest import sha256_of
from cofactor.loaders.manifest import load_manifest
from cofactor.synthetic import Truth, synthetic_nhanes, synthetic_people
from cofactor.synthetic.files import common_tables

resource = pytest.importorskip("resource", reason="limits on file size are POSIX")

SMALL = {"people": 300, "cycles": "2005-2006"}


def content(folder: Path) -> dict[str, str]:
    return {str(path.relative_to(folder)): sha256_of(path) for path in sorted(folder.rglob("*")) if path.is_file()}


def test_same_seed_gives_the_same_bytes(tmp_path):
    first = synthetic_nhanes(tmp_path / "a", seed=3, **SMALL)
    second = synthetic_nhanes(tmp_path / "b", seed=3, **SMALL)
    assert first.files == second.files
    assert content(tmp_path / "a") == content(tmp_path / "b")


def test_another_seed_gives_other_people(tmp_path):
    first = synthetic_nhanes(tmp_path / "a", seed=3, **SMALL)
    second = synthetic_nhanes(tmp_path / "b", seed=4, **SMALL)
    of_people = set(first.files) - set(common_tables())
    assert all(first.files[name] != second.files[name] for name in of_people)


def test_a_cycle_does_not_depend_on_which_others_are_drawn(tmp_path):
    alone = synthetic_nhanes(tmp_path / "a", seed=3, **SMALL)
    both = synthetic_nhanes(tmp_path / "b", seed=3, people=300, cycles="2005-2008")
    assert alone.files.items() <= both.files.items()


def test_another_truth_moves_deaths_alone(tmp_path):
    first = synthetic_nhanes(tmp_path / "a", seed=3, **SMALL)
    second = synthetic_nhanes(tmp_path / "b", seed=3, truth=Truth(age_per_year=0.03), **SMALL)
    differing = {name for name in first.files if first.files[name] != second.files[name]}
    assert differing == {"NHANES_2005_2006_MORT_2019_PUBLIC.dat"}


def test_marker_holds_seed_people_and_the_hash_of_every_file(tmp_path):
    made = synthetic_nhanes(tmp_path / "a", seed=3, **SMALL)
    marker = json.loads((tmp_path / "a" / "cofactor-synthetic.json").read_text())
    assert (marker["seed"], marker["people"]) == (3, 300)
    on_disk = {Path(name).name: hash_ for name, hash_ in content(tmp_path / "a").items() if "cdc.gov" in name}
    assert marker["files"] == made.files == on_disk


def test_files_of_before_are_replaced_and_notes_beside_them_stay(tmp_path):
    synthetic_nhanes(tmp_path, seed=3, people=300, cycles="2005-2008")
    (tmp_path / "notes.txt").write_text("mine")
    synthetic_nhanes(tmp_path, seed=4, **SMALL)
    assert not (tmp_path / load_manifest().records["DEMO_E.xpt"].path).exists()
    assert (tmp_path / "notes.txt").read_text() == "mine"


def test_a_folder_with_other_content_is_left_alone(tmp_path):
    (tmp_path / "DEMO_D.xpt").write_bytes(b"real")
    with pytest.raises(FileError, match="not empty and holds no synthetic files"):
        synthetic_nhanes(tmp_path, seed=3, **SMALL)
    assert content(tmp_path).keys() == {"DEMO_D.xpt"}


def test_a_file_in_place_of_the_folder_is_refused(tmp_path):
    (tmp_path / "data").write_text("a file")
    with pytest.raises(FileError, match="is a file"):
        synthetic_nhanes(tmp_path / "data", seed=3, **SMALL)


@pytest.fixture
def small_disk():
    """Let every file end at 20,000 bytes, as a disk does that fills while writing."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    handler = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, before[1]))
    yield
    resource.setrlimit(resource.RLIMIT_FSIZE, before)
    signal.signal(signal.SIGXFSZ, handler)


@pytest.mark.usefixtures("small_disk")
def test_a_disk_that_fills_leaves_nothing_half_written(tmp_path):
    with pytest.raises(FileError, match="room on the disk"):
        synthetic_nhanes(tmp_path / "data", seed=3, **SMALL)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"people": 10}, "at least 300"),
        ({"people": 1000.5}, "whole number of people"),
        ({"seed": -1}, "whole number from 0"),
        ({"seed": "today"}, "whole number from 0"),
        ({"cycles": "2021-2023"}, "within 1999-2018"),
        ({"cycles": "2004-2018"}, "does not begin and end with a cycle"),
    ],
)
def test_what_cannot_be_drawn_is_refused_before_anything_is_written(tmp_path, changes, words):
    arguments = {"seed": 3, **SMALL, **changes}
    with pytest.raises(StudyError, match=words):
        synthetic_nhanes(tmp_path / "data", **arguments)
    with pytest.raises(StudyError, match=words):
        synthetic_people(**arguments)
    assert list(tmp_path.iterdir()) == []
