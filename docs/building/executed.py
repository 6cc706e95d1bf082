"""Where the outputs of executed pages are kept: by the package that made them, so that none outlives a change of it."""

from __future__ import annotations

import shutil
from pathlib import Path

from building.measure import ROOT, fingerprint


def folder(parent: Path) -> Path:
    """Return the folder for outputs of the package as it is now; those of other states are deleted."""
    here = parent / fingerprint([ROOT / "src" / "cofactor"])[:16]
    here.mkdir(parents=True, exist_ok=True)
    for other in parent.iterdir():
        if other.is_dir() and other != here:
            shutil.rmtree(other)
    return here
