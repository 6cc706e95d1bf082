"""The marker of a folder of synthetic files: it names their hashes, and every report says that they are synthetic."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from cofactor.errors import FileError

MARKER = "cofactor-synthetic.json"


@dataclass(frozen=True)
class SyntheticMarker:
    """What a folder of synthetic files says of itself.

    Attributes
    ----------
    seed, people : int
        What the files were made with.
    files : mapping of str to str
        SHA-256 by name.
    """

    seed: int
    people: int
    files: Mapping[str, str]


def read_marker(root: Path) -> SyntheticMarker | None:
    """Return the marker in the data folder `root`, or None for no marker; FileError where it cannot be understood."""
    path = root / MARKER
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        files = {str(name): str(sha256) for name, sha256 in content["files"].items()}
        return SyntheticMarker(int(content["seed"]), int(content["people"]), files)
    except FileNotFoundError:
        return None
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise FileError(
            f"{path} marks a folder of synthetic files and cannot be understood ({error}); make the files again"
        ) from error
