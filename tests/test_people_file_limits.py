"""Names that a tool cannot bear are shortened by a rule; what cannot be written leaves nothing behind."""

from __future__ import annotations

import errno
import signal
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyreadstat
import pytest

from cofactor.cohort import variables
from cofactor.errors import FileError
from cofactor.people_file import ENDINGS, check_ending, write_people
from cofactor.people_file.short_names import short_name

from .people_files import LONG, SHORT, five_people, names_in, plain, read_back


@pytest.fixture
def frame() -> pd.DataFrame:
    """Five people and every kind of column."""
    return five_people()


# Names


@pytest.mark.parametrize(
    ("name", "room", "short"),
    [
        ("magnesium_diet_mg", 32, "magnesium_diet_mg"),
        ("a" * 32, 32, "a" * 32),
        ("if", 32, "if_"),
        ("With", 64, "With_"),
        ("25oh", 32, "v25oh_"),
        ("µg of iron", 32, "v_g_of_iron_"),
        (LONG, 32, SHORT[:-1]),
    ],
)
def test_a_name_that_cannot_stand_ends_in_a_mark_of_its_own(name: str, room: int, short: str) -> None:
    found = short_name(name, room)
    assert len(found) <= room
    assert found == short if name == short else found.startswith(short)
    assert found == short_name(name, room)


@pytest.mark.parametrize(("ending", "room"), [(".dta", 32), (".sav", 64)])
def test_every_variable_of_the_catalogue_can_be_written_under_a_name_of_its_own(
    ending: str, room: int, synthetic_folder: Path, tmp_path: Path
) -> None:
    import cofactor

    people = cofactor.load(
        list(variables()), cycles="2005-2006", data=synthetic_folder, absent="missing", weight=None
    ).iloc[:5]
    path = tmp_path / f"people{ending}"
    write_people(people, path)
    names = names_in(path)
    _, meta = (pyreadstat.read_dta if ending == ".dta" else pyreadstat.read_sav)(str(path), metadataonly=True)
    assert meta.column_names == list(names.values())
    assert len(set(names.values())) == len(people.columns) + 1
    assert max(map(len, names.values())) <= room
    assert meta.number_rows == 5


@pytest.mark.parametrize("length", [28, 29, 32, 33, 63, 64, 65, 120])
@pytest.mark.parametrize("ending", [".dta", ".sav"])
def test_names_of_any_length_can_be_written(ending: str, length: int, frame: pd.DataFrame, tmp_path: Path) -> None:
    long = {kind: f"{kind}_{'x' * length}"[:length] for kind in ("vitamin_d_ug", "died", "band")}
    renamed = frame.rename(columns=long)
    write_people(renamed, tmp_path / f"people{ending}")
    names = names_in(tmp_path / f"people{ending}")
    found = read_back(tmp_path / f"people{ending}", renamed, names)
    pd.testing.assert_frame_equal(found, plain(renamed), check_exact=True, check_dtype=False)


def test_names_that_differ_in_capitals_alone_are_refused(frame: pd.DataFrame, tmp_path: Path) -> None:
    with pytest.raises(FileError, match="died, Died would have one name"):
        write_people(frame.assign(Died=1.0), tmp_path / "people.sav")
    assert list(tmp_path.iterdir()) == []


# What cannot be written


@pytest.mark.parametrize("name", ["people.xlsx", "people", "people.PARQUET"])
def test_another_ending_is_refused_with_those_that_there_are(name: str) -> None:
    with pytest.raises(FileError, match=r"neither \.parquet nor \.csv nor \.dta nor \.sav nor \.feather"):
        check_ending(Path(name))


@pytest.mark.parametrize(
    ("columns", "ending", "words"),
    [
        ({"ratio": [np.inf, 1.0, 1.0, 1.0, 1.0]}, ".dta", "ratio holds an infinite number"),
        ({"ratio": [1.0, -np.inf, 1.0, 1.0, 1.0]}, ".sav", "ratio holds an infinite number"),
        ({"note": ["a", "b", "c", "d", "e"]}, ".csv", "'note' holds str values"),
        ({"when": pd.date_range("2005-01-01", periods=5)}, ".parquet", "'when' holds datetime"),
    ],
)
def test_what_a_format_cannot_hold_is_refused_and_nothing_left(
    columns: dict[str, Any], ending: str, words: str, frame: pd.DataFrame, tmp_path: Path
) -> None:
    with pytest.raises(FileError, match=words):
        write_people(frame.assign(**columns), tmp_path / f"people{ending}")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("ending", ENDINGS)
def test_a_target_that_is_a_folder_is_refused(ending: str, frame: pd.DataFrame, tmp_path: Path) -> None:
    (tmp_path / f"people{ending}").mkdir()
    with pytest.raises(FileError, match="cannot be written"):
        write_people(frame, tmp_path / f"people{ending}")
    assert [one.name for one in tmp_path.iterdir()] == [f"people{ending}"]


@pytest.mark.parametrize("ending", ENDINGS)
def test_a_folder_that_is_a_file_is_refused(ending: str, frame: pd.DataFrame, tmp_path: Path) -> None:
    (tmp_path / "here").write_text("a file")
    with pytest.raises(FileError, match="cannot be written"):
        write_people(frame, tmp_path / "here" / f"people{ending}")


@pytest.fixture
def small_disk() -> Iterator[None]:
    """Let every file end at 20,000 bytes, as a disk does that fills while writing."""
    resource = pytest.importorskip("resource", reason="limits on file size are POSIX")
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    handler = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, before[1]))
    yield
    resource.setrlimit(resource.RLIMIT_FSIZE, before)
    signal.signal(signal.SIGXFSZ, handler)


@pytest.mark.usefixtures("small_disk")
@pytest.mark.parametrize("ending", ENDINGS)
def test_a_disk_that_fills_leaves_neither_people_nor_sources(ending: str, frame: pd.DataFrame, tmp_path: Path) -> None:
    rng = np.random.default_rng(1)
    many = pd.DataFrame({"noise": rng.random(50_000), "cycle": pd.Categorical(["2005-2006"] * 50_000)})
    with pytest.raises(FileError, match="cannot be written"):
        write_people(many, tmp_path / f"people{ending}")
    assert list(tmp_path.iterdir()) == []


def test_a_former_file_survives_a_write_that_fails(
    frame: pd.DataFrame, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "people.csv"
    write_people(frame, path)
    before = path.read_bytes(), path.with_name("people.csv.json").read_bytes()

    def full(*_: object, **__: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(pd.DataFrame, "to_csv", full)
    with pytest.raises(FileError, match="No space left"):
        write_people(frame.iloc[:2], path)
    assert (path.read_bytes(), path.with_name("people.csv.json").read_bytes()) == before
