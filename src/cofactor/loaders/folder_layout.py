"""Where a data folder is, and where in it a file and what is made from it lie."""

from __future__ import annotations

import hashlib
import os
from dataclasses import dataclass
from pathlib import Path

from cofactor.errors import FileError
from cofactor.loaders.lockfile import LOCK_FILE, Lock, read_lock
from cofactor.loaders.manifest import Manifest

DATA_VARIABLE = "COFACTOR_DATA"

_UNLISTED = "wwwn.cdc.gov/Nchs/Data/Nhanes/Public/*/DataFiles"
"""Where, beside the folder itself, a file is looked for that the manifest does not know."""


def default_root() -> Path:
    """Return the folder that COFACTOR_DATA names, else the platform's cache folder."""
    named = os.environ.get(DATA_VARIABLE)
    if named:
        return Path(named).expanduser()
    import platformdirs

    return platformdirs.user_cache_path("cofactor") / "data"


def _state_elsewhere(root: Path) -> Path:
    import platformdirs

    known_as = hashlib.sha256(str(root).encode()).hexdigest()[:16]
    return platformdirs.user_cache_path("cofactor") / "parsed" / known_as


def choose_state(root: Path, state: Path | None) -> Path:
    """Return where parsed files and the lock file go: `state`, else the folder itself, else the platform's cache."""
    if state is not None:
        return state
    return root if os.access(root, os.W_OK) else _state_elsewhere(root)


@dataclass(frozen=True)
class Layout:
    """The places of a data folder.

    Attributes
    ----------
    root : Path
        The data folder, laid out as CDC's addresses.
    state : Path
        Where parsed files and the lock file go, laid out alike; the data folder itself where it can be written to.
    """

    root: Path
    state: Path

    @property
    def lock(self) -> Path:
        """The lock file that is written to."""
        return self.state / LOCK_FILE

    def read_lock(self) -> Lock:
        """Return what the lock files say: the data folder's own, and where the state is elsewhere, that one's."""
        own = read_lock(self.root / LOCK_FILE)
        return own if self.state == self.root else Lock({**own.entries, **read_lock(self.lock).entries})

    def find(self, file: str, manifest: Manifest) -> Path | None:
        """Return the path of the raw file, or None where it is not in the folder."""
        record = manifest.get(file)
        if record is not None:
            path = self.root / record.path
            return path if path.is_file() else None
        places = [self.root, *sorted(self.root.glob(_UNLISTED))]
        return next((place / file for place in places if (place / file).is_file()), None)

    def parsed(self, raw: Path) -> Path:
        """Return where the parsed form of the raw file lies: beside it, unless the state is elsewhere."""
        return (self.state / raw.relative_to(self.root)).with_suffix(".parquet")

    def seen(self, raw: Path) -> Path:
        """Return where the record of the raw file's size, time and hash lies."""
        return (self.state / raw.relative_to(self.root)).with_name(f".{raw.name}.seen.json")


def absent(file: str, root: Path, manifest: Manifest) -> FileError:
    """Make the error for a file that is not in the folder."""
    record = manifest.get(file)
    if record is None:
        return FileError(
            f"{file} is neither in {root} nor in the manifest; is the name right ('DEMO_D.xpt', ending included)?"
        )
    return FileError(
        f"{file} ({record.cycle}) is not in {root}; `cofactor fetch --cycles {record.cycle} --data {root}` brings it"
        if not record.is_common
        else f"{file} is not in {root}; `cofactor fetch --data {root}` brings it with any cycle"
    )
