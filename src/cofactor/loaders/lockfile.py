"""The lock file of a data folder: which bytes were first met, and which changed content the user accepted.

`cofactor.lock.json` lies in the data folder and may be committed. Entries are added under a lock of the system, so that
two processes at once lose none.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Literal

from cofactor.errors import FileError
from cofactor.loaders.atomic import one_at_a_time, write_text_whole

_LOG = logging.getLogger(__name__)

LOCK_FILE = "cofactor.lock.json"
_FORMAT = 1


@dataclass(frozen=True)
class LockEntry:
    """What the lock file says of one file.

    Attributes
    ----------
    file : str
    sha256 : str
        Of the bytes that were met.
    status : {"content", "accepted"}
        "content": recorded on first use, after the content agreed with the manifest, which knows no hash of CDC's
        bytes. "accepted": the content differs, and the user accepted it.
    manifest : str
        Digest of the manifest that the content was compared with.
    differences : tuple of str
        What differed when it was accepted.
    """

    file: str
    sha256: str
    status: Literal["content", "accepted"]
    manifest: str
    differences: tuple[str, ...] = ()


@dataclass(frozen=True)
class Lock:
    """The entries, by file."""

    entries: Mapping[str, LockEntry]

    def get(self, file: str) -> LockEntry | None:
        """Return the entry of `file`, or None."""
        return self.entries.get(file)


def _entry(file: str, fields: Mapping[str, object]) -> LockEntry:
    status, sha256 = fields["status"], fields["sha256"]
    if status not in ("content", "accepted") or not isinstance(sha256, str):
        raise ValueError(f"entry of {file}")
    listed = fields.get("differences", [])
    told = tuple(str(one) for one in listed) if isinstance(listed, list) else ()
    return LockEntry(file, sha256, status, str(fields["manifest"]), told)


def read_lock(path: Path) -> Lock:
    """Return the lock file at `path`; an empty one where there is none.

    Raises
    ------
    FileError
        The file cannot be read or is no lock file.
    """
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        entries = {file: _entry(file, fields) for file, fields in content["files"].items()}
    except FileNotFoundError:
        return Lock({})
    except OSError as error:
        raise FileError(f"cannot read the lock file {path}: {error.strerror or error}") from error
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise FileError(
            f"{path} is not a lock file of cofactor ({error}); restore it from version control, or delete it: "
            "it is then made anew, and what was accepted has to be accepted again"
        ) from error
    return Lock(entries)


def _text(entries: Mapping[str, LockEntry]) -> str:
    files = {file: {k: v for k, v in asdict(entries[file]).items() if k != "file"} for file in sorted(entries)}
    for fields in files.values():
        if not fields["differences"]:
            del fields["differences"]
    return json.dumps({"format": _FORMAT, "files": files}, indent=1) + "\n"


def _wins(new: LockEntry, old: LockEntry | None) -> bool:
    """A first use is recorded once; what the user accepts replaces anything."""
    return old is None or new.status == "accepted" or old.manifest != new.manifest


def record(path: Path, entries: Iterable[LockEntry]) -> None:
    """Add `entries` to the lock file at `path`, waiting for other processes that do the same.

    Raises
    ------
    FileError
        The lock file cannot be written, or what is there is no lock file.
    """
    new = list(entries)
    if not new:
        return
    try:
        with one_at_a_time(path.parent / f".{path.name}.guard"):
            known = dict(read_lock(path).entries)
            changed = {entry.file: entry for entry in new if _wins(entry, known.get(entry.file))}
            if any(known.get(file) != entry for file, entry in changed.items()):
                write_text_whole(path, _text(known | changed))
    except OSError as error:
        raise FileError(
            f"cannot write the lock file {path}: {error.strerror or error}; is the disk full or read-only?"
        ) from error
    _LOG.info("%s: %d entries recorded", path, len(changed))
