"""Files that the build makes: written only where they change, so that Sphinx need not read again what it knows."""

from __future__ import annotations

from pathlib import Path


def write_changed(path: Path, text: str) -> None:
    """Write a text, with the folders above it; a file that has it already is left alone."""
    if path.is_file() and path.read_text(encoding="utf-8") == text:
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def drop_others(folder: Path, pattern: str, keep: set[Path]) -> None:
    """Delete the files of a pattern that the build made once and makes no more."""
    for stale in set(folder.glob(pattern)) - keep:
        stale.unlink()
