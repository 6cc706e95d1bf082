import json
import subprocess
import sys

import pytest

from cofactor.errors import FileError
from cofactor.loaders.lockfile import Lock, LockEntry, read_lock, record

A, B, C = ("a" * 64, "b" * 64, "c" * 64)


@pytest.fixture
def path(tmp_path):
    return tmp_path / "cofactor.lock.json"


def test_what_is_recorded_is_read_back(path):
    first = LockEntry("DEMO_D.xpt", A, "content", "m")
    second = LockEntry("BMX_D.xpt", B, "accepted", "m", ("BMXBMI sum: found 1, expected 2",))
    record(path, [first])
    record(path, [second])
    assert read_lock(path).entries == {"DEMO_D.xpt": first, "BMX_D.xpt": second}
    assert list(json.loads(path.read_text())["files"]) == ["BMX_D.xpt", "DEMO_D.xpt"]


def test_no_lock_file_is_an_empty_one(path):
    assert read_lock(path) == Lock({})
    record(path, [])
    assert not path.exists()


@pytest.mark.parametrize(
    ("old", "new", "wins"),
    [
        (("content", A, "m"), ("content", B, "m"), A),
        (("content", A, "m"), ("accepted", B, "m"), B),
        (("accepted", A, "m"), ("accepted", B, "m"), B),
        (("accepted", A, "m"), ("content", B, "m"), A),
        (("content", A, "m"), ("content", B, "another manifest"), B),
    ],
)
def test_a_first_use_is_recorded_once_and_the_user_s_word_replaces_it(path, old, new, wins):
    for status, sha256, manifest in (old, new):
        record(path, [LockEntry("DEMO_D.xpt", sha256, status, manifest)])
    assert read_lock(path).entries["DEMO_D.xpt"].sha256 == wins


@pytest.mark.parametrize(
    "content", ["", "{", "[]", '{"files": []}', '{"files": {"A": {"sha256": "a", "status": "fine"}}}']
)
def test_what_is_no_lock_file_is_refused_with_the_way_out(path, content):
    path.write_text(content)
    with pytest.raises(FileError, match=r"not a lock file of cofactor .* restore it"):
        read_lock(path)


def test_a_lock_file_that_cannot_be_written_is_a_clear_error(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(FileError, match="cannot write the lock file"):
        record(tmp_path / "file" / "cofactor.lock.json", [LockEntry("A", A, "content", "m")])


WRITER = """
import sys
from pathlib import Path
from cofactor.loaders.lockfile import LockEntry, record
for number in range(20):
    record(Path(sys.argv[1]), [LockEntry(f"{sys.argv[2]}{number}", "a" * 64, "content", "m")])
"""


def test_processes_at_once_lose_no_entries(path):
    running = [subprocess.Popen([sys.executable, "-c", WRITER, str(path), name]) for name in "PQR"]
    assert [process.wait(60) for process in running] == [0, 0, 0]
    assert len(read_lock(path).entries) == 60
    assert not list(path.parent.glob("*.unfinished"))
