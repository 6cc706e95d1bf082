"""Fill a folder in one step: the new files are made beside it and take their places when all are there."""

from __future__ import annotations

import contextlib
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

from cofactor.errors import FileError

OWN = "provenance.json"
"""The file by which an earlier report is known."""


@contextlib.contextmanager
def folder_in_one_step(target: Path, entries: Sequence[str]) -> Iterator[Path]:
    """Give an empty folder beside `target`; on leaving, its `entries` replace those of `target`; on an error, nothing.

    Raises FileError where something cannot be written, or where `target` holds an entry that is no report's.
    """
    target = target.resolve()  # a link's folder may be on another disk, and nothing is renamed across disks
    unfinished: Path | None = None
    try:
        _check(target, entries)
        target.parent.mkdir(parents=True, exist_ok=True)
        unfinished = Path(tempfile.mkdtemp(prefix=f".{target.name}.", suffix=".unfinished", dir=target.parent))
        new, old = unfinished / "new", unfinished / "old"
        new.mkdir()
        yield new
        _take_places(new, old, target)
    except OSError as error:
        raise FileError(
            f"the report cannot be written to {target}: {error.strerror or error}; nothing was changed there. Free some"
            " space, or name another folder with --output"
        ) from error
    finally:
        if unfinished is not None:
            shutil.rmtree(unfinished, ignore_errors=True)


def check_folder(target: Path, entries: Sequence[str]) -> None:
    """Raise FileError where `folder_in_one_step` could not fill `target`: to be asked before the work, not after it."""
    target = target.resolve()
    try:
        _check(target, entries)
        beside = next(folder for folder in target.parents if folder.exists())
        for folder in (beside, target) if target.exists() else (beside,):
            with tempfile.TemporaryFile(dir=folder):
                pass
    except OSError as error:
        raise FileError(
            f"the report could not be written to {target}: {error.strerror or error}; name another folder with --output"
        ) from error


def _check(target: Path, entries: Sequence[str]) -> None:
    if target.exists() and not target.is_dir():
        raise FileError(f"the report needs a folder, and {target} is a file; name a folder with --output")
    present = [name for name in entries if (target / name).exists()]
    if present and OWN not in present:
        raise FileError(
            f"{target} holds {', '.join(present)}, which no earlier report wrote; name another folder with --output"
        )


def _take_places(new: Path, old: Path, target: Path) -> None:
    """Move the new entries in; where one cannot move, put every former one back."""
    if not target.exists():
        new.rename(target)
        return
    old.mkdir()
    moved: list[str] = []
    try:
        for path in sorted(new.iterdir()):
            moved.append(path.name)
            if (target / path.name).exists():
                (target / path.name).rename(old / path.name)
            path.rename(target / path.name)
    except OSError:
        for name in moved:
            if (old / name).exists():
                _remove(target / name)
                (old / name).rename(target / name)
        raise


def _remove(path: Path) -> None:
    if path.is_dir():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)
