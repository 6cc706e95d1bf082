"""Write a file so that it is there whole or not at all, and one writer at a time."""

from __future__ import annotations

import contextlib
import os
import sys
import time
import uuid
from collections.abc import Iterator
from pathlib import Path

UNFINISHED = ".unfinished"
"""Ending of the temporary names; what bears it is never read."""

_STALE_AFTER_SECONDS = 3600.0


@contextlib.contextmanager
def written_whole(target: Path) -> Iterator[Path]:
    """Give a temporary name beside `target`; on leaving without an error it becomes `target`, else it goes.

    Whoever reads `target` meanwhile sees the former file. Two writers do not meet: each has a name of its own.

    Raises
    ------
    OSError
        The disk is full, or the folder may not be written to. Nothing is left behind then.
    """
    target.parent.mkdir(parents=True, exist_ok=True)
    temporary = target.parent / f".{target.name}.{os.getpid()}-{uuid.uuid4().hex[:8]}{UNFINISHED}"
    try:
        yield temporary
        temporary.replace(target)
    finally:
        temporary.unlink(missing_ok=True)


def write_text_whole(target: Path, text: str) -> None:
    """Write `text` (UTF-8) to `target`, whole or not at all; raises as `written_whole`."""
    with written_whole(target) as temporary:
        temporary.write_text(text, encoding="utf-8")


def remove_unfinished(folder: Path) -> None:
    """Remove what a killed process left under `folder`: temporary files untouched for an hour."""
    for path in folder.rglob(f".*{UNFINISHED}"):
        with contextlib.suppress(OSError):
            if time.time() - path.stat().st_mtime > _STALE_AFTER_SECONDS:
                path.unlink()


@contextlib.contextmanager
def one_at_a_time(lock: Path) -> Iterator[None]:
    """Wait until no other process holds `lock`, and hold it; the system frees it when a process dies.

    Raises
    ------
    OSError
        The lock file cannot be made.
    """
    lock.parent.mkdir(parents=True, exist_ok=True)
    with lock.open("a+b") as file:
        _acquire(file.fileno())
        try:
            yield
        finally:
            _release(file.fileno())


if sys.platform != "win32":
    import fcntl

    def _acquire(descriptor: int) -> None:
        fcntl.flock(descriptor, fcntl.LOCK_EX)

    def _release(descriptor: int) -> None:
        fcntl.flock(descriptor, fcntl.LOCK_UN)

else:
    import msvcrt

    def _acquire(descriptor: int) -> None:
        while True:
            os.lseek(descriptor, 0, os.SEEK_SET)
            with contextlib.suppress(OSError):  # msvcrt gives up after ten seconds
                msvcrt.locking(descriptor, msvcrt.LK_LOCK, 1)
                return

    def _release(descriptor: int) -> None:
        os.lseek(descriptor, 0, os.SEEK_SET)
        msvcrt.locking(descriptor, msvcrt.LK_UNLCK, 1)
