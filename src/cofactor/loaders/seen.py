"""The hash of a raw file, remembered: it is retaken only when the file's size, time or inode have changed."""

from __future__ import annotations

import json
import logging
from pathlib import Path

from cofactor.errors import FileError
from cofactor.loaders.atomic import write_text_whole
from cofactor.loaders.digest import sha256_of

_LOG = logging.getLogger(__name__)


def stamp_of(raw: Path) -> list[int]:
    """Return size, time and inode of a file: while they stay, its hash does; FileError where it cannot be read."""
    try:
        found = raw.stat()
    except OSError as error:
        raise FileError(f"cannot read {raw}: {error.strerror or error}") from error
    return [found.st_size, found.st_mtime_ns, found.st_ino]


def remembered_sha256(raw: Path, seen: Path) -> str:
    """Return the SHA-256 of the file at `raw`, from the record `seen` where that still holds.

    A record that cannot be written is logged and does no harm.

    Raises
    ------
    FileError
        The file cannot be read, or it changed while it was hashed.
    """
    stamp = stamp_of(raw)
    try:
        known = json.loads(seen.read_text(encoding="utf-8"))
        if known["stamp"] == stamp:
            return str(known["sha256"])
    except (OSError, ValueError, KeyError, TypeError):
        pass  # no record, or one that a crash spoilt: the hash is taken
    sha256 = sha256_of(raw)
    if stamp_of(raw) != stamp:
        raise FileError(f"{raw} changed while it was read; is something still writing it? Try again")
    try:
        write_text_whole(seen, json.dumps({"stamp": stamp, "sha256": sha256}))
    except OSError as error:
        _LOG.warning("cannot keep the hash of %s (%s); it is taken again next time", raw.name, error)
    return sha256
