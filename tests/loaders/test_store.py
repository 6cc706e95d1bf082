import logging
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from cofactor.errors import FileError, VerificationError
from cofactor.loaders import ingest, parallel, parquet, seen
from cofactor.loaders.digest import sha256_of
from cofactor.loaders.lockfile import LOCK_FILE, LockEntry, read_lock, record
from cofactor.loaders.store import DataFolder, data_folder
from cofactor.loaders.transport import read_transport

DEMO, OTHER, MORTALITY = "DEMO_D.xpt", "DEMO_E.xpt", "NHANES_2005_2006_MORT_2019_PUBLIC.dat"


@pytest.fixture
def folder(world, data):
    return DataFolder(data, manifest=world.manifest)


@pytest.fixture
def calls(monkeypatch):
    """How often a raw file was hashed and parsed."""
    counted = {"hashed": 0, "parsed": 0}

    def counting(name, function):
        def wrapped(*arguments):
            counted[name] += 1
            return function(*arguments)

        return wrapped

    monkeypatch.setattr(seen, "sha256_of", counting("hashed", seen.sha256_of))
    parse = counting("parsed", ingest.read_raw)
    monkeypatch.setattr(ingest, "read_raw", parse)
    monkeypatch.setattr(sys.modules["cofactor.loaders.verify"], "read_raw", parse)
    return counted


def changed(path, xpt, column="RIDAGEYR"):
    frame = read_transport(path).frame.fillna({"NOTE": ""})
    frame.loc[3, column] += 1
    return xpt(frame, path)


def test_columns_come_with_seqn_first_and_in_the_order_asked(folder, world):
    frame = folder.columns(DEMO, ["WTMEC2YR", "RIDAGEYR"])
    raw = read_transport(world.path(DEMO)).frame
    assert list(frame.columns) == ["SEQN", "WTMEC2YR", "RIDAGEYR"]
    assert frame["SEQN"].dtype == np.int64
    np.testing.assert_array_equal(frame["WTMEC2YR"], raw["WTMEC2YR"])
    pd.testing.assert_frame_equal(folder.columns(DEMO, ["SEQN"]), raw[["SEQN"]].astype("int64"))


@pytest.mark.parametrize(
    ("persons", "words"),
    [
        ([1.0, 2.0, np.nan], "1 rows whose SEQN is missing or no whole number"),
        ([1.0, 2.5, 0.0], "2 rows whose SEQN is missing or no whole number"),
        ([-1.0, np.inf, 3.0], "2 rows whose SEQN"),
        ([3.0, 1.0, 3.0], "names 1 persons more than once .SEQN 3 for one"),
        (["1", "2", "3"], "text for SEQN"),
    ],
)
def test_persons_are_whole_numbers_and_each_there_once(tmp_path, xpt, persons, words):
    xpt(pd.DataFrame({"SEQN": persons, "X": [1.0, 2.0, 3.0]}), tmp_path / "MINE.xpt")
    with pytest.raises(FileError, match=words):
        DataFolder(tmp_path).columns("MINE.xpt", ["X"])


def test_persons_out_of_order_are_served_as_they_stand(tmp_path, xpt):
    xpt(pd.DataFrame({"SEQN": [3.0, 1.0, 2.0], "X": [1.0, 2.0, 3.0]}), tmp_path / "MINE.xpt")
    assert DataFolder(tmp_path).columns("MINE.xpt", ["X"])["SEQN"].tolist() == [3, 1, 2]


def test_text_and_missing_survive_the_parquet(folder, world):
    first, again = (folder.columns(DEMO, ["NOTE", "INDFMPIR", "NOTHING"]) for _ in range(2))
    raw = read_transport(world.path(DEMO)).frame[["NOTE", "INDFMPIR", "NOTHING"]]
    pd.testing.assert_frame_equal(first.drop(columns="SEQN"), raw)
    pd.testing.assert_frame_equal(first, again)


def test_mortality_is_served_like_any_file(folder):
    frame = folder.columns(MORTALITY, ["MORTSTAT", "PERMTH_EXM"])
    assert len(frame) == 300
    assert frame["MORTSTAT"].sum() == 150


def test_parquet_lies_beside_the_raw_file_and_spares_the_second_parse_and_hash(folder, data, world, calls):
    folder.columns(DEMO, ["RIDAGEYR"])
    assert world.path(DEMO, data).with_suffix(".parquet").is_file()
    assert calls == {"hashed": 1, "parsed": 1}
    DataFolder(data, manifest=world.manifest).columns(DEMO, ["INDFMPIR"])
    assert calls == {"hashed": 1, "parsed": 1}


def test_verification_by_content_is_remembered_without_the_lock_file(folder, data, world, calls):
    folder.columns(OTHER, ["RIDAGEYR"])
    (data / LOCK_FILE).unlink()
    again = DataFolder(data, manifest=world.manifest)
    assert again.verification(OTHER).status == "content"
    assert calls["parsed"] == 1


def test_touching_a_file_takes_the_hash_again_and_not_the_parse(folder, data, world, calls):
    folder.columns(DEMO, ["RIDAGEYR"])
    os.utime(world.path(DEMO, data), (1, 1))
    folder.columns(DEMO, ["RIDAGEYR"])
    folder.columns(DEMO, ["RIDAGEYR"])
    assert calls == {"hashed": 2, "parsed": 1}


def test_changed_content_is_refused_although_the_parsed_form_is_there(folder, data, world, xpt):
    folder.columns(DEMO, ["RIDAGEYR"])
    changed(world.path(DEMO, data), xpt)
    with pytest.raises(VerificationError, match="RIDAGEYR"):
        folder.columns(DEMO, ["RIDAGEYR"])


def test_new_bytes_are_parsed_anew(folder, data, world, calls):
    folder.columns(OTHER, ["RIDAGEYR"])
    path = world.path(OTHER, data)
    raw = path.read_bytes()
    path.write_bytes(raw[:144] + b"24NOV26:12:00:00" + raw[160:])
    folder.columns(OTHER, ["RIDAGEYR"])
    assert calls["parsed"] == 2
    assert [one.sha256 for one in folder.inputs()] == [sha256_of(path)]


@pytest.mark.parametrize("what", ["STORE_VERSION", "reader_version"])
def test_another_reader_or_form_parses_anew(folder, calls, monkeypatch, what):
    folder.columns(DEMO, ["RIDAGEYR"])
    other = {"STORE_VERSION": 99, "reader_version": lambda: "pyreadstat 99"}
    monkeypatch.setattr(ingest, what, other[what])
    folder.columns(DEMO, ["RIDAGEYR"])
    assert calls["parsed"] == 2


def test_acceptance_is_used_kept_and_can_be_taken_back(folder, data, world, xpt):
    path = changed(world.path(DEMO, data), xpt)
    record(data / LOCK_FILE, [LockEntry(DEMO, sha256_of(path), "accepted", world.manifest.digest, ("RIDAGEYR sum",))])
    taken = DataFolder(data, manifest=world.manifest)
    for _ in range(2):
        assert taken.columns(DEMO, ["RIDAGEYR"]).shape == (300, 2)
    [told] = taken.inputs()
    assert (told.status, "RIDAGEYR sum" in told.note) == ("accepted", True)
    (data / LOCK_FILE).unlink()
    with pytest.raises(VerificationError):
        DataFolder(data, manifest=world.manifest).columns(DEMO, ["RIDAGEYR"])


def test_first_use_is_recorded_where_no_hash_is_known(folder, data):
    folder.columns(DEMO, ["RIDAGEYR"])
    folder.columns(OTHER, ["RIDAGEYR"])
    assert list(read_lock(data / LOCK_FILE).entries) == [OTHER]


def test_inputs_name_what_was_read_and_nothing_else(folder, world):
    assert folder.inputs() == ()
    folder.columns(OTHER, ["RIDAGEYR"])
    folder.columns(DEMO, ["RIDAGEYR"])
    folder.columns(DEMO, ["INDFMPIR"])
    told = folder.inputs()
    assert [(one.file, one.status, one.published) for one in told] == [
        (DEMO, "bytes", "June 2009"),
        (OTHER, "content", "June 2009"),
    ]
    assert told[0].sha256 == world.manifest.records[DEMO].sha256


def test_several_rows_a_person_are_refused_unless_asked_for(folder):
    with pytest.raises(FileError, match=r"PAQIAF_D\.xpt names 100 persons more than once \(SEQN 31127"):
        folder.columns("PAQIAF_D.xpt", ["PADACTIV"])
    assert len(folder.columns("PAQIAF_D.xpt", ["PADACTIV"], one_row_per_person=False)) == 200


def test_a_file_without_persons_is_refused_unless_asked_for(folder):
    with pytest.raises(FileError, match="no SEQN"):
        folder.columns("DSPI.xpt", ["DSDSUPP"])
    frame = folder.columns("DSPI.xpt", ["DSDSUPP"], one_row_per_person=False)
    assert list(frame.columns) == ["DSDSUPP"]


@pytest.mark.parametrize("wrong", [np.nan, 3.5, -1.0])
def test_a_person_without_a_number_is_refused(tmp_path, world, xpt, wrong):
    xpt(pd.DataFrame({"SEQN": [1.0, wrong], "X": [1.0, 2.0]}), tmp_path / "MINE.xpt")
    with pytest.raises(FileError, match="1 rows whose SEQN"):
        DataFolder(tmp_path, manifest=world.manifest).columns("MINE.xpt", ["X"])


def test_a_missing_column_is_named_with_near_names(folder):
    with pytest.raises(FileError, match=r"DEMO_D\.xpt lacks RIDAGEYS .*RIDAGEYR"):
        folder.columns(DEMO, ["RIDAGEYS"])


def test_a_file_that_is_not_there_tells_the_command_that_brings_it(folder, data, world):
    world.path(DEMO, data).unlink()
    assert not folder.has(DEMO)
    with pytest.raises(FileError, match=r"DEMO_D\.xpt \(2005-2006\) is not in .*cofactor fetch --cycles 2005-2006"):
        folder.columns(DEMO, ["RIDAGEYR"])
    with pytest.raises(FileError, match="nor in the manifest"):
        folder.columns("DEMO_X.xpt", ["RIDAGEYR"])


def test_a_file_of_one_s_own_is_served_and_marked_unverified(folder, data, world, xpt):
    xpt(pd.DataFrame({"SEQN": [1.0, 2.0], "X": [0.0, 2.0]}), world.path(DEMO, data).with_name("MINE_D.xpt"))
    assert folder.columns("MINE_D.xpt", ["X"])["X"].tolist() == [0.0, 2.0]
    assert folder.inputs()[0].status == "unverified"


def test_a_parsed_form_that_rots_is_made_anew(folder, data, world, caplog):
    expected = folder.columns(DEMO, ["WTMEC2YR"])
    parsed = world.path(DEMO, data).with_suffix(".parquet")
    raw = bytearray(parsed.read_bytes())
    for at in range(4, len(raw) // 2):
        raw[at] ^= 0x55
    parsed.write_bytes(raw)
    with caplog.at_level(logging.WARNING):
        pd.testing.assert_frame_equal(folder.columns(DEMO, ["WTMEC2YR"]), expected)
    assert "is damaged" in caplog.text
    parsed.write_bytes(b"nonsense")
    pd.testing.assert_frame_equal(folder.columns(DEMO, ["WTMEC2YR"]), expected)


def test_state_elsewhere_leaves_the_data_folder_alone(world, data, tmp_path):
    before = sorted(data.rglob("*"))
    folder = DataFolder(data, state=tmp_path / "state", manifest=world.manifest)
    folder.columns(OTHER, ["RIDAGEYR"])
    assert sorted(data.rglob("*")) == before
    assert {path.name for path in (tmp_path / "state").rglob("DEMO_E*")} == {"DEMO_E.parquet"}
    assert (tmp_path / "state" / LOCK_FILE).is_file()


def test_a_folder_that_cannot_be_written_to_keeps_its_parquet_in_the_cache(world, data, tmp_path, monkeypatch):
    monkeypatch.setattr("platformdirs.user_cache_path", lambda name: tmp_path / "cache" / name)
    monkeypatch.setattr(os, "access", lambda *_: False)
    before = sorted(data.rglob("*"))
    DataFolder(data, manifest=world.manifest).columns(DEMO, ["RIDAGEYR"])
    assert sorted(data.rglob("*")) == before
    assert len(list((tmp_path / "cache" / "cofactor").rglob("DEMO_D.parquet"))) == 1


FULL_DISK = """
import logging, resource, sys
from pathlib import Path
from cofactor.loaders import DataFolder, load_manifest
logging.basicConfig(level=logging.WARNING)
folder = DataFolder(sys.argv[1], manifest=load_manifest(Path(sys.argv[2])))
folder.columns("PAQIAF_D.xpt", ["PADACTIV"], one_row_per_person=False)
resource.setrlimit(resource.RLIMIT_FSIZE, (600, resource.RLIM_INFINITY))
for _ in range(2):
    print(folder.columns("DEMO_D.xpt", ["RIDAGEYR"])["RIDAGEYR"].sum())
"""


@pytest.mark.skipif(sys.platform == "win32", reason="no limit of file sizes")
def test_a_disk_that_fills_neither_fails_the_read_nor_leaves_a_half(world, data):
    done = subprocess.run(
        [sys.executable, "-c", FULL_DISK, str(data), str(world.manifest.folder)],
        capture_output=True,
        text=True,
        check=True,
    )
    expected = read_transport(world.path(DEMO)).frame["RIDAGEYR"].sum()
    assert done.stdout.split() == [str(expected)] * 2
    assert "cannot keep" in done.stderr
    assert not list(data.rglob("*.unfinished"))
    assert not list(data.rglob("DEMO_D.parquet"))


@pytest.mark.parametrize("jobs", [1, 2])
def test_prepare_parses_everything_once(world, data, calls, monkeypatch, jobs):
    monkeypatch.setattr(parallel, "WORTH_A_POOL", 2)
    folder = DataFolder(data, manifest=world.manifest)
    folder.prepare([*world.manifest.records, "ABSENT.xpt"], jobs=jobs)
    before = dict(calls)
    for file in world.manifest.records:
        folder.columns(file, folder.names(file), one_row_per_person=False)
    assert calls == before
    assert set(read_lock(data / LOCK_FILE).entries) == {OTHER, "PAQIAF_D.xpt", "DSPI.xpt"}
    folder.prepare(world.manifest.records, jobs=jobs)
    assert calls == before


def test_prepare_raises_what_is_wrong_in_a_worker(world, data, xpt, monkeypatch):
    monkeypatch.setattr(parallel, "WORTH_A_POOL", 2)
    changed(world.path(DEMO, data), xpt)
    with pytest.raises(VerificationError, match="RIDAGEYR"):
        DataFolder(data, manifest=world.manifest).prepare(world.manifest.records)


def test_the_folder_is_the_one_named_else_the_environment_s_else_the_cache(world, data, tmp_path, monkeypatch):
    folder = DataFolder(data, manifest=world.manifest)
    assert data_folder(folder) is folder
    assert data_folder(str(data)).root == data
    monkeypatch.setenv("COFACTOR_DATA", str(data))
    assert data_folder().root == data
    monkeypatch.delenv("COFACTOR_DATA")
    monkeypatch.setattr("platformdirs.user_cache_path", lambda name: tmp_path / "cache" / name)
    with pytest.raises(FileError, match=r"no data folder .*cofactor.*cofactor fetch --data"):
        data_folder()
    (tmp_path / "cache" / "cofactor" / "data").mkdir(parents=True)
    assert data_folder().root == tmp_path / "cache" / "cofactor" / "data"


def test_the_parsed_form_says_what_it_was_made_from(folder, data, world):
    folder.columns(DEMO, ["RIDAGEYR"])
    path = world.path(DEMO, data)
    found = parquet.read_origin(path.with_suffix(".parquet"))
    assert found is not None
    assert (found[0].sha256, found[0].status) == (sha256_of(path), "bytes")
    assert found[0].reader.startswith("pyreadstat 1.")
    assert parquet.read_origin(Path(path)) is None
