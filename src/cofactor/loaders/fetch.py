"""Fill a data folder from CDC or a mirror: verified, resumable, polite."""

from __future__ import annotations

import contextlib
import logging
import shutil
import tempfile
import threading
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from cofactor.errors import CofactorError, FileError, VerificationError
from cofactor.loaders.atomic import one_at_a_time, remove_unfinished
from cofactor.loaders.download import MissingAtSourceError, Patience, SourceDownError, copy, download
from cofactor.loaders.folder_layout import Layout, default_root
from cofactor.loaders.lockfile import LockEntry, record
from cofactor.loaders.manifest import FileRecord, Manifest, load_manifest
from cofactor.loaders.parallel import in_parallel
from cofactor.loaders.selection import select
from cofactor.loaders.synthetic_marker import MARKER, read_marker
from cofactor.loaders.verify import Trust, Verification, accepted, examine, first_use, require_good

_LOG = logging.getLogger(__name__)

CONNECTIONS = 4
"""At most: CDC's server is everybody's."""

_GUARD = ".cofactor-fetch.guard"
_ARRIVING = ".fetching-"


@dataclass(frozen=True, eq=False)
class Source:
    """Where files come from: CDC's addresses, or a mirror (a folder, or an address) laid out alike."""

    mirror: str | None
    patience: Patience
    stopped: threading.Event = field(default_factory=threading.Event)

    def bring(self, listed: FileRecord, path: Path) -> None:
        """Bring one file to `path`; raises as `download`. A source that is down is not asked for further files."""
        if self.stopped.is_set():
            raise SourceDownError(f"{listed.url} was not tried, since the source is down")
        try:
            if self.mirror is None:
                download(listed.url, path, self.patience)
            elif self.mirror.startswith(("http://", "https://")):
                download(f"{self.mirror.rstrip('/')}/{listed.path}", path, self.patience)
            else:
                copy(Path(self.mirror).expanduser() / listed.path, path)
        except SourceDownError:
            self.stopped.set()
            raise


@dataclass(frozen=True, eq=False)
class Job:
    """What fetching one file needs to know."""

    source: Source
    layout: Layout
    trust: Trust
    arriving: Path
    accept_changed: bool


@dataclass(frozen=True, eq=False)
class Outcome:
    """How it went with one file: a verification, or an error; and what the lock file should say."""

    verification: Verification | None
    error: CofactorError | None
    entry: LockEntry | None


def _in_place(listed: FileRecord, job: Job) -> Verification | None:
    """Return the verification of a file that is there and good."""
    path = job.layout.root / listed.path
    if not path.is_file():
        return None
    try:
        found = examine(listed.file, path, job.trust).verification
    except FileError as error:
        _LOG.info("%s is in place and damaged (%s); it is fetched again", listed.file, error)
        return None
    return found if found.is_good else None


def _judged(found: Verification, job: Job) -> tuple[Verification, LockEntry | None]:
    if found.status == "refused" and job.accept_changed:
        entry = accepted(found, job.trust.manifest)
        return Verification(found.file, "accepted", found.sha256, found.note, found.differences), entry
    return require_good(found), first_use(found, job.trust.manifest)


def _fetched(listed: FileRecord, job: Job) -> Outcome:
    arrived = job.arriving / listed.file
    try:
        there = _in_place(listed, job)
        if there is not None:
            return Outcome(there, None, first_use(there, job.trust.manifest))
        job.source.bring(listed, arrived)
        found, entry = _judged(examine(listed.file, arrived, job.trust).verification, job)
        target = job.layout.root / listed.path
        target.parent.mkdir(parents=True, exist_ok=True)
        arrived.replace(target)
    except CofactorError as error:
        return Outcome(None, error, None)
    except OSError as error:
        return Outcome(None, FileError(f"cannot write {listed.file} ({error}); is the disk full?"), None)
    finally:
        arrived.unlink(missing_ok=True)
    return Outcome(found, None, entry)


def _failure(outcomes: Sequence[Outcome], root: Path) -> CofactorError | None:
    """Return one error that tells of every file that did not arrive, or None."""
    errors = [outcome.error for outcome in outcomes if outcome.error is not None]
    if not errors:
        return None
    groups: tuple[tuple[str, list[CofactorError]], ...] = (
        ("the content is not what the manifest says", [e for e in errors if isinstance(e, VerificationError)]),
        ("the source does not have", [e for e in errors if isinstance(e, MissingAtSourceError)]),
        ("the source is down", [e for e in errors if isinstance(e, SourceDownError)]),
    )
    named = [error for _, group in groups for error in group]
    told = [*groups, ("damaged or not to be written", [e for e in errors if e not in named])]
    lines = [f"\n{head}:\n  " + "\n  ".join(map(str, group)) for head, group in told if group]
    kind = VerificationError if groups[0][1] else FileError
    return kind(
        f"{len(errors)} of {len(outcomes)} files could not be fetched; the other {len(outcomes) - len(errors)} are in "
        f"{root}, verified, and the same command goes on from there" + "".join(lines)
    )


def _check_mirror(mirror: str | None) -> None:
    if mirror is None or mirror.startswith(("http://", "https://")):
        return
    folder = Path(mirror).expanduser()
    if not any((folder / host).is_dir() for host in ("wwwn.cdc.gov", "ftp.cdc.gov")):
        hint = "; it has `unpack`, run that first" if (folder / "unpack").is_file() else ""
        raise FileError(f"the mirror {folder} holds neither wwwn.cdc.gov nor ftp.cdc.gov{hint}")


@contextlib.contextmanager
def _arriving_folder(root: Path) -> Iterator[Path]:
    """Give a folder for files on their way; what a killed process left behind goes first."""
    for stale in root.glob(f"{_ARRIVING}*"):
        shutil.rmtree(stale, ignore_errors=True)
    remove_unfinished(root)
    with tempfile.TemporaryDirectory(prefix=_ARRIVING, dir=root) as folder:
        yield Path(folder)


def _fetch_all(
    listed: Sequence[FileRecord], root: Path, source: Source, manifest: Manifest, accept: bool, progress: bool
) -> list[Outcome]:
    layout = Layout(root, root)
    with one_at_a_time(root / _GUARD), _arriving_folder(root) as arriving:
        trust = Trust(manifest, layout.read_lock())
        job = Job(source, layout, trust, arriving, accept)
        outcomes = in_parallel(
            _fetched,
            [(one, job) for one in listed],
            jobs=CONNECTIONS,
            label="fetching",
            progress=progress,
            prefer="threads",
        )
        record(layout.lock, [outcome.entry for outcome in outcomes if outcome.entry is not None])
    return outcomes


def fetch(
    cycles: str | Sequence[str] | None,
    *,
    data: Path | str | None = None,
    mirror: Path | str | None = None,
    files: Iterable[str] | None = None,
    accept_changed: bool = False,
    progress: bool = True,
    patience: Patience | None = None,
    manifest: Manifest | None = None,
) -> list[Verification]:
    """Bring the files of `cycles`, their linked mortality and the common files into a data folder.

    A file that is there and verified is passed over, so that an interrupted fetch goes on where it stopped. A file gets
    its name only after it is verified. Another process that fetches into the same folder is waited for.

    Parameters
    ----------
    cycles : str or sequence of str, optional
        As `parse_cycles` takes them; None for all.
    data : path, optional
        The data folder, made where it does not exist; by default what COFACTOR_DATA names, else the platform's cache.
    mirror : path or address, optional
        A folder or an address laid out as wwwn.cdc.gov/... and ftp.cdc.gov/...; by default CDC itself.
    files : iterable of str, optional
        Only these of the files.
    accept_changed : bool
        Whether to take files whose content differs from the manifest; recorded in the lock file and in every report.
    progress : bool
        Whether to show a bar, where standard error is a terminal.
    patience : Patience, optional
        How long to wait for a busy server.
    manifest : Manifest, optional
        By default the one that ships with the package.

    Returns
    -------
    list of Verification
        One a file, in the order of the manifest (or of `files`).

    Raises
    ------
    StudyError
        The cycles cannot be understood.
    FileError
        Files are missing at the source, the source is down, or the disk is full: all files that did not arrive are
        named; the others are in place.
    VerificationError
        A file's content differs from the manifest.
    """
    manifest = load_manifest() if manifest is None else manifest
    listed = select(manifest, cycles, files)
    place = None if mirror is None else str(mirror)
    _check_mirror(place)
    root = (default_root() if data is None else Path(data).expanduser()).absolute()
    try:
        root.mkdir(parents=True, exist_ok=True)
        if read_marker(root) is not None:
            raise FileError(f"{root} holds synthetic files ({MARKER}); fetch real ones into another folder")
        source = Source(place, Patience() if patience is None else patience)
        outcomes = _fetch_all(listed, root, source, manifest, accept_changed, progress)
    except OSError as error:
        raise FileError(f"cannot write to {root}: {error.strerror or error}; is the disk full or read-only?") from error
    failure = _failure(outcomes, root)
    if failure is not None:
        raise failure
    return [outcome.verification for outcome in outcomes if outcome.verification is not None]
