"""Read a raw file of either kind."""

from __future__ import annotations

from pathlib import Path

from cofactor.loaders.mortality import read_mortality
from cofactor.loaders.transport import RawTable, read_transport


def read_raw(path: Path) -> RawTable:
    """Read a linked mortality file (`.dat`) or a transport file (everything else), whole.

    Raises
    ------
    FileError
        As `read_mortality` and `read_transport`.
    """
    if path.suffix.lower() == ".dat":
        return RawTable(read_mortality(path), "ascii", 0)
    return read_transport(path)
