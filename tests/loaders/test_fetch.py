import datetime as dt
import signal
import subprocess
import sys
import threading
import time

import pytest

from cofactor.errors import FileError, StudyError, VerificationError
from cofactor.loaders.digest import sha256_of
from cofactor.loaders.download import Patience, retry_after_seconds
from cofactor.loaders.fetch import CONNECTIONS, fetch
from cofactor.loaders.lockfile import LOCK_FILE, read_lock
from cofactor.loaders.synthetic_marker import MARKER
from cofactor.loaders.transport import read_transport

DEMO, OTHER, MORTALITY = "DEMO_D.xpt", "DEMO_E.xpt", "NHANES_2005_2006_MORT_2019_PUBLIC.dat"


@pytest.fixture
def bring(world, tmp_path, server, quick):
    """Fetch into an empty folder, from the server unless another mirror is named."""

    def brought(cycles="2005-2006", **options):
        given = {"mirror": server.url, "patience": quick, "manifest": world.manifest, "data": tmp_path / "data"}
        return fetch(cycles, **given | options)

    return brought


def files_in(folder):
    """Data files, and anything half-written."""
    own = (LOCK_FILE, ".cofactor-fetch.guard", f".{LOCK_FILE}.guard")
    return sorted(path.name for path in folder.rglob("*") if path.is_file() and path.name not in own)


@pytest.mark.parametrize("kind", ["folder", "address"])
def test_a_cycle_comes_with_its_mortality_and_the_common_files(bring, world, tmp_path, kind, server):
    found = bring(mirror=world.mirror if kind == "folder" else server.url + "/")
    assert {(one.file, one.status) for one in found} == {
        (DEMO, "bytes"),
        ("PAQIAF_D.xpt", "content"),
        (MORTALITY, "bytes"),
        ("DSPI.xpt", "content"),
    }
    assert files_in(tmp_path / "data") == sorted([DEMO, "PAQIAF_D.xpt", MORTALITY, "DSPI.xpt"])
    for one in found:
        assert sha256_of(world.path(one.file, tmp_path / "data")) == sha256_of(world.path(one.file))


def test_without_a_mirror_cdc_s_address_is_asked(world, bring, tmp_path, monkeypatch):
    asked = []
    module = sys.modules["cofactor.loaders.fetch"]  # the package's attribute of that name is the function
    monkeypatch.setattr(module, "download", lambda url, path, _: (asked.append(url), path.touch()))
    with pytest.raises(FileError, match="is empty"):
        bring(mirror=None, files=[DEMO])
    assert asked == ["https://wwwn.cdc.gov/Nchs/Data/Nhanes/Public/2005/DataFiles/DEMO_D.xpt"]
    assert files_in(tmp_path / "data") == []


def test_files_restrict_what_comes(bring):
    assert [one.file for one in bring(files=[MORTALITY, DEMO])] == [MORTALITY, DEMO]
    assert [one.file for one in bring(None, files=[OTHER])] == [OTHER]
    with pytest.raises(FileError, match=r"DEMO_E\.xpt belongs to 2007-2008"):
        bring(files=[OTHER])
    with pytest.raises(FileError, match=r"does not know the file 'DEMO_F\.xpt'.*DEMO_"):
        bring(files=["DEMO_F.xpt"])
    with pytest.raises(StudyError, match="2004-2006"):
        bring("2004-2006")


def test_what_is_in_place_is_passed_over(bring, server):
    bring()
    asked = len(server.asked)
    assert {one.status for one in bring()} == {"bytes", "content"}
    assert len(server.asked) == asked


def test_what_is_damaged_in_place_is_brought_again(bring, world, tmp_path, server):
    bring()
    path = world.path(DEMO, tmp_path / "data")
    path.write_bytes(path.read_bytes()[:-10])
    assert bring(files=[DEMO])[0].status == "bytes"
    assert sha256_of(path) == sha256_of(world.path(DEMO))


def test_a_busy_server_is_given_the_time_it_asks_for(bring, server, answer):
    server.script[DEMO] = [answer(429, b"slow down", {"Retry-After": "1"})]
    begin = time.monotonic()
    assert bring(files=[DEMO])[0].status == "bytes"
    assert time.monotonic() - begin >= 1.0
    assert len(server.asked) == 2


def test_a_server_that_asks_for_too_long_is_given_up_on(bring, server, answer):
    server.script[DEMO] = [answer(503, b"", {"Retry-After": "3600"})]
    with pytest.raises(FileError, match="asks to wait 3600 seconds"):
        bring(files=[DEMO])
    assert len(server.asked) == 1


@pytest.mark.parametrize("status", [429, 500, 502, 503])
def test_a_server_with_errors_is_tried_again(bring, server, answer, status):
    server.script[DEMO] = [answer(status, b"")] * 2
    assert bring(files=[DEMO])[0].status == "bytes"


def test_a_server_that_stays_down_is_told_from_a_missing_file(bring, server, answer, tmp_path):
    server.script[DEMO] = [answer(500, b"")] * 50
    with pytest.raises(
        FileError, match=r"(?s)the source is down:.*DEMO_D\.xpt cannot be reached \(3 attempts; last: status 500"
    ):
        bring(files=[DEMO])
    assert files_in(tmp_path / "data") == []


def test_a_dead_address_is_named_and_the_rest_arrives(bring, server, answer, tmp_path):
    server.script[DEMO] = [answer(404, b"not here")]
    with pytest.raises(
        FileError, match=r"(?s)1 of 4 files.*source does not have:.*DEMO_D\.xpt does not exist \(status 404\)"
    ):
        bring()
    assert len(files_in(tmp_path / "data")) == 3
    assert DEMO in [one.file for one in bring()]


def test_a_web_page_with_status_200_is_refused(bring, server, answer, tmp_path):
    server.script[DEMO] = [answer(200, b"<!DOCTYPE html><html><title>Page Not Found</title>")]
    with pytest.raises(FileError, match="answered with a web page instead of data"):
        bring(files=[DEMO])
    assert files_in(tmp_path / "data") == []


def test_a_refusal_is_not_asked_again(bring, server, answer):
    server.script[DEMO] = [answer(403, b"no")] * 5
    with pytest.raises(FileError, match="status 403"):
        bring(files=[DEMO])
    assert len(server.asked) == 1


def test_a_connection_that_breaks_off_is_tried_again(bring, server, answer):
    server.script[DEMO] = [answer(cut=4000), answer(cut=0)]
    assert bring(files=[DEMO])[0].status == "bytes"
    assert len(server.asked) == 3


def test_a_connection_that_falls_silent_is_tried_again(bring, server, answer):
    server.script[DEMO] = [answer(cut=4000, hang=5)]
    impatient = Patience(attempts=2, first_wait=0.01, longest_wait=1, timeout=0.4)
    assert bring(files=[DEMO], patience=impatient)[0].status == "bytes"


def test_a_file_that_was_cut_at_the_source_is_refused(bring, server, answer, world, tmp_path):
    whole = world.path(DEMO).read_bytes()
    server.script[DEMO] = [answer(body=whole[:-1]), answer(body=whole[: len(whole) // 160 * 80])]
    for _ in range(2):
        with pytest.raises(FileError, match=r"(?s)damaged or not to be written:\n  DEMO_D\.xpt is truncated"):
            bring(files=[DEMO])
    assert files_in(tmp_path / "data") == []


def test_nobody_listening_is_a_source_that_is_down(bring, server):
    with pytest.raises(FileError, match="the source is down"):
        bring(mirror="http://127.0.0.1:9", files=[DEMO])


def test_a_source_that_is_down_is_not_asked_for_the_rest(bring, server, answer):
    server.script["t"] = [answer(500, b"")] * 500
    with pytest.raises(FileError, match="4 of 4 files"):
        bring()
    assert len(server.asked) <= CONNECTIONS * 3


def test_at_most_four_connections_are_open(world, server, quick, tmp_path):
    server.delay = 0.1
    fetch(None, data=tmp_path, mirror=server.url, patience=quick, manifest=world.manifest)
    assert 1 < server.open_most <= 4


def changed_demo(world, tmp_path, xpt):
    frame = read_transport(world.path(DEMO)).frame.fillna({"NOTE": ""})
    frame.loc[3, "RIDAGEYR"] += 1
    return xpt(frame, tmp_path / "new" / DEMO).read_bytes()


def test_changed_content_is_refused_until_it_is_accepted(bring, server, answer, world, tmp_path, xpt):
    server.script[DEMO] = [answer(body=changed_demo(world, tmp_path, xpt))] * 2
    with pytest.raises(VerificationError, match=r"(?s)content is not what the manifest says:\n  DEMO_D.*RIDAGEYR sum"):
        bring(files=[DEMO])
    assert files_in(tmp_path / "data") == []
    [found] = bring(files=[DEMO], accept_changed=True)
    assert found.status == "accepted"
    entry = read_lock(tmp_path / "data" / LOCK_FILE).entries[DEMO]
    assert (entry.status, entry.sha256) == ("accepted", found.sha256)
    assert any("RIDAGEYR" in told for told in entry.differences)
    assert bring(files=[DEMO])[0].status == "accepted"


def test_accepting_what_has_not_changed_records_no_acceptance(bring, tmp_path):
    bring(accept_changed=True)
    assert {entry.status for entry in read_lock(tmp_path / "data" / LOCK_FILE).entries.values()} == {"content"}


def test_first_use_is_recorded(bring, world, tmp_path):
    bring()
    entries = read_lock(tmp_path / "data" / LOCK_FILE).entries
    assert {file: entry.sha256 for file, entry in entries.items()} == {
        file: sha256_of(world.path(file)) for file in ("DSPI.xpt", "PAQIAF_D.xpt")
    }


def test_a_folder_of_synthetic_files_takes_no_real_ones(bring, tmp_path):
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / MARKER).write_text('{"seed": 1, "people": 2, "files": {}}')
    with pytest.raises(FileError, match="holds synthetic files"):
        bring()


def test_a_mirror_that_is_none_is_told(bring, tmp_path):
    with pytest.raises(FileError, match=r"neither wwwn\.cdc\.gov nor ftp\.cdc\.gov$"):
        bring(mirror=tmp_path)
    (tmp_path / "unpack").touch()
    with pytest.raises(FileError, match="it has `unpack`, run that first"):
        bring(mirror=tmp_path)


def test_a_place_that_cannot_be_written_to_is_a_clear_error(bring, tmp_path):
    (tmp_path / "file").touch()
    with pytest.raises(FileError, match="cannot write to"):
        bring(data=tmp_path / "file" / "data")


FETCH = """
import sys
from pathlib import Path
from cofactor.errors import FileError
from cofactor.loaders import fetch, load_manifest
if sys.argv[4:]:
    import resource
    resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[4]), resource.RLIM_INFINITY))
try:
    fetch("2005-2006", data=sys.argv[1], mirror=sys.argv[2], manifest=load_manifest(Path(sys.argv[3])))
except FileError as error:
    sys.exit(str(error))
"""


def in_a_process(world, place, mirror, *more):
    command = [sys.executable, "-c", FETCH, str(place), str(mirror), str(world.manifest.folder), *more]
    return subprocess.Popen(command, stderr=subprocess.PIPE, text=True)


def test_a_fetch_that_is_killed_leaves_no_half_and_goes_on(bring, world, server, answer, tmp_path):
    place = tmp_path / "data"
    server.script[DEMO] = [answer(cut=4000, hang=20)]
    process = in_a_process(world, place, server.url)
    limit = time.monotonic() + 60
    while not (world.path(MORTALITY, place).is_file() and list(place.rglob(f".fetching-*/{DEMO}"))):
        assert time.monotonic() < limit
        time.sleep(0.02)
    process.send_signal(signal.SIGKILL)
    process.communicate()
    assert not world.path(DEMO, place).exists()
    asked = len(server.asked)
    assert len(bring()) == 4
    assert len(server.asked) - asked < 4
    assert files_in(place) == sorted([DEMO, "PAQIAF_D.xpt", MORTALITY, "DSPI.xpt"])


def test_two_processes_that_fetch_one_folder_bring_each_file_once(world, server, tmp_path):
    server.delay = 0.05
    running = [in_a_process(world, tmp_path / "data", server.url) for _ in range(2)]
    assert [process.communicate()[1] for process in running] == ["", ""]
    assert len(server.asked) == 4
    assert len(read_lock(tmp_path / "data" / LOCK_FILE).entries) == 2


@pytest.mark.skipif(sys.platform == "win32", reason="no limit of file sizes")
@pytest.mark.parametrize("kind", ["folder", "address"])
def test_a_disk_that_fills_is_told_and_leaves_no_half(world, server, tmp_path, kind):
    source = world.mirror if kind == "folder" else server.url
    process = in_a_process(world, tmp_path / "data", source, "9000")
    told = process.communicate()[1]
    assert process.returncode == 1
    assert "DEMO_D.xpt" in told
    assert "disk full" in told
    assert DEMO not in files_in(tmp_path / "data")
    assert not [name for name in files_in(tmp_path / "data") if name.endswith(".unfinished")]


NOW = dt.datetime(2026, 11, 22, 12, 0, tzinfo=dt.UTC)


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        (None, None),
        ("5", 5.0),
        ("Sun, 22 Nov 2026 12:00:30 GMT", 30.0),
        ("Sun, 22 Nov 2026 11:00:00 GMT", 0.0),
        ("soon", None),
    ],
)
def test_retry_after_is_a_number_or_a_date(header, seconds):
    assert retry_after_seconds(header, NOW) == seconds


def test_other_threads_may_fetch_into_other_folders(bring, tmp_path):
    found = {}

    def one(name):
        found[name] = bring(data=tmp_path / name)

    threads = [threading.Thread(target=one, args=(name,)) for name in "AB"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert {len(one) for one in found.values()} == {4}
