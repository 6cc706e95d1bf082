import dataclasses
import json

import pandas as pd
import pytest

from cofactor.errors import FileError
from cofactor.loaders import parallel
from cofactor.loaders.digest import sha256_of
from cofactor.loaders.inspection import verify
from cofactor.loaders.lockfile import LOCK_FILE, read_lock
from cofactor.loaders.store import DataFolder
from cofactor.loaders.synthetic_marker import MARKER, SyntheticMarker
from cofactor.loaders.transport import read_transport

DEMO, OTHER, MORTALITY = "DEMO_D.xpt", "DEMO_E.xpt", "NHANES_2005_2006_MORT_2019_PUBLIC.dat"


def statuses(report):
    return {one.file: one.status for one in report.verifications}


@pytest.fixture
def look(world):
    return lambda data, cycles=None, **options: verify(data, cycles, manifest=world.manifest, jobs=1, **options)


def test_a_whole_folder_is_good_and_counted(look, data):
    report = look(data)
    assert report.is_good
    assert report.counts == {"bytes": 2, "content": 3}
    assert set(read_lock(data / LOCK_FILE).entries) == {OTHER, "PAQIAF_D.xpt", "DSPI.xpt"}


def test_the_table_has_one_row_a_file(look, data):
    table = look(data).table().set_index("file")
    assert list(table.columns) == ["cycle", "status", "sha256", "note"]
    assert table.loc[DEMO, "cycle"] == "2005-2006"
    assert "knows no hash" in table.loc[OTHER, "note"]


def test_what_is_absent_counts_where_its_cycle_is_asked_for(look, data, world):
    world.path(OTHER, data).unlink()
    assert look(data).is_good
    report = look(data, "2007-2008")
    assert statuses(report) == {OTHER: "missing", "DSPI.xpt": "content"}
    assert not report.is_good


def test_damaged_refused_and_unknown_files_are_told_apart(look, data, world, xpt):
    demo, other = world.path(DEMO, data), world.path(OTHER, data)
    demo.write_bytes(demo.read_bytes()[:-1])
    frame = read_transport(other).frame.fillna({"NOTE": ""})
    frame.loc[3, "RIDAGEYR"] += 1
    xpt(frame, other)
    xpt(pd.DataFrame({"SEQN": [1.0]}), data / "mine" / "MINE.xpt")
    report = look(data)
    assert statuses(report) == {
        DEMO: "damaged",
        OTHER: "refused",
        MORTALITY: "bytes",
        "PAQIAF_D.xpt": "content",
        "DSPI.xpt": "content",
        "MINE.xpt": "unverified",
    }
    assert not report.is_good
    assert "truncated" in report.table().set_index("file").loc[DEMO, "note"]


def test_accepting_is_recorded_and_holds(look, data, world, xpt):
    other = world.path(OTHER, data)
    frame = read_transport(other).frame.fillna({"NOTE": ""})
    frame.loc[3, "RIDAGEYR"] += 1
    xpt(frame, other)
    assert statuses(look(data, accept_changed=True))[OTHER] == "accepted"
    assert look(data).is_good
    assert DataFolder(data, manifest=world.manifest).verification(OTHER).status == "accepted"


def test_damage_is_not_to_be_accepted(look, data, world):
    demo = world.path(DEMO, data)
    demo.write_bytes(demo.read_bytes()[:-1])
    assert statuses(look(data, accept_changed=True))[DEMO] == "damaged"


def test_a_synthetic_folder_says_that_it_is(look, data, world, xpt):
    demo = world.path(DEMO, data)
    frame = read_transport(demo).frame.fillna({"NOTE": ""})
    xpt(frame.assign(RIDAGEYR=50.0), demo)
    marker = SyntheticMarker(
        7, 300, {DEMO: sha256_of(demo), MORTALITY: sha256_of(world.path(MORTALITY, data)), "X.xpt": "a"}
    )
    (data / MARKER).write_text(json.dumps(dataclasses.asdict(marker)))
    report = look(data)
    assert report.synthetic
    assert statuses(report) | {OTHER: "content"} == {
        DEMO: "synthetic",
        MORTALITY: "synthetic",
        "X.xpt": "missing",
        OTHER: "content",
        "PAQIAF_D.xpt": "content",
        "DSPI.xpt": "content",
    }
    assert statuses(look(data, "2005-2006")) == {DEMO: "synthetic", MORTALITY: "synthetic"}
    folder = DataFolder(data, manifest=world.manifest)
    assert folder.is_synthetic
    for _ in range(2):
        assert set(folder.columns(DEMO, ["RIDAGEYR"])["RIDAGEYR"]) == {50.0}
    assert folder.inputs()[0].status == "synthetic"


def test_no_folder_and_an_empty_one(look, tmp_path):
    assert not look(tmp_path).is_good
    with pytest.raises(FileError, match="no data folder"):
        look(tmp_path / "absent")


def test_a_folder_is_looked_through_by_several_processes_alike(look, data, world, monkeypatch):
    alone = look(data)
    (data / LOCK_FILE).unlink()
    monkeypatch.setattr(parallel, "WORTH_A_POOL", 2)
    together = verify(data, manifest=world.manifest, jobs=2)
    assert together.verifications == alone.verifications
