import dataclasses
import json

import pytest

from cofactor.errors import FileError, VerificationError
from cofactor.loaders.digest import sha256_of
from cofactor.loaders.lockfile import Lock, LockEntry
from cofactor.loaders.synthetic_marker import MARKER, SyntheticMarker, read_marker
from cofactor.loaders.transport import read_transport
from cofactor.loaders.verify import Trust, accepted, examine, first_use, require_good, verify_file


@pytest.fixture
def trust(world):
    return Trust(world.manifest, Lock({}))


def other_bytes(path):
    """The same content with another date in the header."""
    raw = path.read_bytes()
    path.write_bytes(raw[:144] + b"24NOV26:12:00:00" + raw[160:])
    return path


def other_content(path, xpt):
    frame = read_transport(path).frame.fillna({"NOTE": ""})
    frame.loc[3, "RIDAGEYR"] += 1
    return xpt(frame, path)


def test_cdc_s_own_bytes_are_known_by_their_hash(world, trust):
    found = verify_file(world.manifest.records["DEMO_D.xpt"], world.path("DEMO_D.xpt"), trust=trust)
    assert (found.status, found.note, found.is_good) == ("bytes", "", True)
    assert found.sha256 == sha256_of(world.path("DEMO_D.xpt"))


def test_other_bytes_of_the_same_content_pass_with_a_note(world, trust, data):
    path = other_bytes(world.path("DEMO_D.xpt", data))
    found = verify_file(world.manifest.records["DEMO_D.xpt"], path, trust=trust)
    assert found.status == "content"
    assert "bytes differ from CDC's" in found.note


def test_a_file_whose_hash_nobody_knows_passes_by_its_content(world, trust):
    found = verify_file(world.manifest.records["DEMO_E.xpt"], world.path("DEMO_E.xpt"), trust=trust)
    assert found.status == "content"
    assert "knows no hash" in found.note
    assert first_use(found, world.manifest) == LockEntry("DEMO_E.xpt", found.sha256, "content", world.manifest.digest)


def test_other_content_is_refused_with_columns_and_figures(world, trust, data, xpt):
    path = other_content(world.path("DEMO_D.xpt", data), xpt)
    found = verify_file(world.manifest.records["DEMO_D.xpt"], path, trust=trust)
    assert found.status == "refused"
    assert {one.column for one in found.differences} == {"RIDAGEYR"}
    assert first_use(found, world.manifest) is None
    total = int(read_transport(path).frame["RIDAGEYR"].sum())
    with pytest.raises(
        VerificationError, match=rf"DEMO_D.xpt.*RIDAGEYR sum: found {total}, expected {total - 1}.*--accept"
    ):
        require_good(found)


def test_what_the_user_accepted_is_used_and_says_so(world, trust, data, xpt):
    path = other_content(world.path("DEMO_D.xpt", data), xpt)
    record = world.manifest.records["DEMO_D.xpt"]
    entry = accepted(verify_file(record, path, trust=trust), world.manifest)
    found = verify_file(record, path, trust=Trust(world.manifest, Lock({"DEMO_D.xpt": entry})))
    assert (found.status, found.is_good) == ("accepted", True)
    assert "accepted by the user: RIDAGEYR sum" in found.note


def test_accepting_one_content_accepts_no_other(world, data, xpt):
    lock = Lock({"DEMO_D.xpt": LockEntry("DEMO_D.xpt", "f" * 64, "accepted", world.manifest.digest)})
    path = other_content(world.path("DEMO_D.xpt", data), xpt)
    found = verify_file(world.manifest.records["DEMO_D.xpt"], path, trust=Trust(world.manifest, lock))
    assert found.status == "refused"


def test_recorded_bytes_need_no_parse_and_others_are_noted(world, trust, data):
    path = world.path("DEMO_E.xpt", data)
    first = examine("DEMO_E.xpt", path, trust)
    assert first.table is not None
    entry = first_use(first.verification, world.manifest)
    again = Trust(world.manifest, Lock({"DEMO_E.xpt": entry}))
    assert examine("DEMO_E.xpt", path, again).table is None
    changed = examine("DEMO_E.xpt", other_bytes(path), again).verification
    assert changed.status == "content"
    assert "bytes differ from those recorded on first use" in changed.note


def test_what_was_recorded_against_another_manifest_is_verified_anew(world, data):
    path = world.path("DEMO_E.xpt", data)
    entry = LockEntry("DEMO_E.xpt", sha256_of(path), "content", "another manifest")
    assert examine("DEMO_E.xpt", path, Trust(world.manifest, Lock({"DEMO_E.xpt": entry}))).table is not None


def test_a_file_that_nobody_knows_is_unverified(world, trust, tmp_path, xpt):
    path = xpt(read_transport(world.path("DEMO_E.xpt")).frame.fillna({"NOTE": ""}), tmp_path / "MINE_E.xpt")
    found = examine("MINE_E.xpt", path, trust).verification
    assert (found.status, found.is_good) == ("unverified", True)
    assert "only its structure" in found.note


def test_a_damaged_file_is_an_error_of_its_own(world, trust, data):
    path = world.path("DEMO_D.xpt", data)
    path.write_bytes(path.read_bytes()[:-100])
    with pytest.raises(FileError, match=r"DEMO_D\.xpt is truncated"):
        verify_file(world.manifest.records["DEMO_D.xpt"], path, trust=trust)


def test_synthetic_files_pass_by_the_marker_and_by_nothing_else(world, data, xpt):
    path = other_content(world.path("DEMO_D.xpt", data), xpt)
    marker = SyntheticMarker(7, 300, {"DEMO_D.xpt": sha256_of(path)})
    trust = Trust(world.manifest, Lock({}), marker)
    found = examine("DEMO_D.xpt", path, trust).verification
    assert (found.status, found.note) == ("synthetic", "synthetic, seed 7")
    path.write_bytes(world.path("DEMO_E.xpt").read_bytes())
    assert examine("DEMO_D.xpt", path, trust).verification.status == "refused"
    assert examine("DEMO_E.xpt", world.path("DEMO_E.xpt"), trust).verification.status == "content"
    other = other_content(world.path("DEMO_E.xpt", data), xpt)
    assert examine("DEMO_E.xpt", other, trust).verification.status == "refused"


def test_a_marker_is_read_or_refused(tmp_path):
    assert read_marker(tmp_path) is None
    marker = SyntheticMarker(7, 300, {"DEMO_D.xpt": "a" * 64})
    (tmp_path / MARKER).write_text(json.dumps(dataclasses.asdict(marker)))
    assert read_marker(tmp_path) == marker
    (tmp_path / MARKER).write_text('{"seed": 1}')
    with pytest.raises(FileError, match="cannot be understood"):
        read_marker(tmp_path)
