"""The SHA-256 of a file."""

from __future__ import annotations

import hashlib
from pathlib import Path

from cofactor.errors import FileError


def sha256_of(path: Path) -> str:
    """Return the SHA-256 of the bytes at `path` in hexadecimal; FileError where they cannot be read."""
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise FileError(f"cannot read {path}: {error.strerror or error}; is it there, and may you read it?") from error
