"""Decide whether a file is what CDC published: by its bytes, by its content, or because the user accepted it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from cofactor.errors import VerificationError
from cofactor.loaders.digest import sha256_of
from cofactor.loaders.fingerprint import Difference, differences, fingerprint
from cofactor.loaders.lockfile import Lock, LockEntry
from cofactor.loaders.manifest import FileRecord, Manifest, load_manifest
from cofactor.loaders.raw import read_raw
from cofactor.loaders.synthetic_marker import MARKER, SyntheticMarker
from cofactor.loaders.transport import RawTable

Status = Literal["bytes", "content", "synthetic", "accepted", "unverified", "refused", "damaged", "missing"]

_SHOWN = 8
"""Differences told in a message; the rest is counted."""


@dataclass(frozen=True)
class Verification:
    """What is known of one file.

    Attributes
    ----------
    file : str
    status : str
        "bytes": CDC's own bytes, by the hash in the manifest. "content": other bytes, and each figure of each column
        agrees. "synthetic": by the hash in the folder's own marker. "accepted": content differs from the manifest, and
        the user accepted it. "unverified": neither knows the file; only its structure was looked at. "refused": content
        differs. In a summary of a folder also "damaged" (cannot be read) and "missing".
    sha256 : str
        Of the bytes found; "" where missing.
    note : str
        What a reader should know; "" for nothing.
    differences : tuple of Difference
        What differs from the manifest.
    """

    file: str
    status: Status
    sha256: str
    note: str = ""
    differences: tuple[Difference, ...] = ()

    @property
    def is_good(self) -> bool:
        """Whether the file may be used."""
        return self.status not in ("refused", "damaged", "missing")


@dataclass(frozen=True, eq=False)
class Trust:
    """What files are judged by: the manifest, the lock file, and the marker of a synthetic folder."""

    manifest: Manifest
    lock: Lock
    synthetic: SyntheticMarker | None = None


@dataclass(frozen=True, eq=False)
class Examined:
    """A verification, and the table where the file had to be parsed for it."""

    verification: Verification
    table: RawTable | None = None


def _told(found: Sequence[Difference]) -> str:
    told = "; ".join(str(one) for one in found[:_SHOWN])
    return told if len(found) <= _SHOWN else f"{told}; and {len(found) - _SHOWN} more"


def by_hash(file: str, sha256: str, record: FileRecord | None, trust: Trust) -> Verification | None:
    """Return what the hash alone decides, or None where the content has to be looked at."""
    if trust.synthetic is not None and file in trust.synthetic.files:
        if trust.synthetic.files[file] == sha256:
            return Verification(file, "synthetic", sha256, f"synthetic, seed {trust.synthetic.seed}")
        return Verification(file, "refused", sha256, f"{MARKER} names another hash for it; make the files again")
    if record is not None and record.sha256 == sha256:
        return Verification(file, "bytes", sha256)
    entry = trust.lock.get(file)
    if entry is None or entry.sha256 != sha256:
        return None
    if entry.status == "accepted":
        note = "content differs from the manifest, accepted by the user: " + "; ".join(entry.differences)
        return Verification(file, "accepted", sha256, note)
    if entry.manifest == trust.manifest.digest and record is not None:
        return Verification(file, "content", sha256, _content_note(record, sha256, entry))
    return None


def _content_note(record: FileRecord, sha256: str, entry: LockEntry | None) -> str:
    if record.sha256 is not None:
        return "bytes differ from CDC's as the manifest knows them; every figure of every column agrees"
    note = "the manifest knows no hash of CDC's bytes; every figure of every column agrees"
    if entry is not None and entry.status == "content" and entry.sha256 != sha256:
        note += "; bytes differ from those recorded on first use"
    return note


def _by_content(record: FileRecord, sha256: str, table: RawTable, trust: Trust) -> Verification:
    expected = trust.manifest.fingerprints[record.file]
    found = tuple(differences(fingerprint(table.frame), expected))
    if not found:
        note = _content_note(record, sha256, trust.lock.get(record.file))
        return Verification(record.file, "content", sha256, note)
    return Verification(record.file, "refused", sha256, f"content differs from the manifest: {_told(found)}", found)


def examine(file: str, path: Path, trust: Trust, sha256: str | None = None) -> Examined:
    """Verify the file at `path`, known as `file`, and keep the table where it had to be parsed.

    Raises
    ------
    FileError
        The file is absent or damaged.
    """
    sha256 = sha256_of(path) if sha256 is None else sha256
    record = trust.manifest.get(file)
    decided = by_hash(file, sha256, record, trust)
    if decided is not None:
        return Examined(decided)
    table = read_raw(path)
    if record is None:
        note = "the manifest does not know this file: only its structure was checked"
        return Examined(Verification(file, "unverified", sha256, note), table)
    return Examined(_by_content(record, sha256, table, trust), table)


def verify_file(record: FileRecord, path: Path, *, trust: Trust | None = None) -> Verification:
    """Verify the file at `path` as the one that `record` describes.

    Parameters
    ----------
    record : FileRecord
        From the manifest.
    path : Path
    trust : Trust, optional
        By default the manifest that ships with the package, and no lock file.

    Returns
    -------
    Verification
        Its status is "refused" where the content differs: `require_good` turns that into an error.

    Raises
    ------
    FileError
        The file is absent or damaged.
    """
    trust = Trust(load_manifest(), Lock({})) if trust is None else trust
    return examine(record.file, path, trust).verification


def require_good(verification: Verification) -> Verification:
    """Return the verification of a file that may be used.

    Raises
    ------
    VerificationError
        Its content differs, with the columns and figures, and how to accept it.
    """
    if verification.is_good:
        return verification
    raise VerificationError(
        f"{verification.file} (SHA-256 {verification.sha256[:12]}...): {verification.note}. Fetch it again; if CDC has "
        "released it anew and you want to use it, `cofactor fetch --accept-changed` or `cofactor verify "
        "--accept-changed` records that in the lock file and in every report"
    )


def accepted(verification: Verification, manifest: Manifest) -> LockEntry:
    """Return the entry of the lock file that accepts a refused file."""
    told = tuple(str(one) for one in verification.differences) or (verification.note,)
    return LockEntry(verification.file, verification.sha256, "accepted", manifest.digest, told)


def first_use(verification: Verification, manifest: Manifest) -> LockEntry | None:
    """Return the entry that records these bytes, where the manifest knows no hash and the content agreed."""
    record = manifest.get(verification.file)
    if verification.status != "content" or record is None:
        return None
    return LockEntry(verification.file, verification.sha256, "content", manifest.digest)
