"""Find the folders that ship with the package: in a wheel inside it, in a checkout beside pyproject.toml."""

from __future__ import annotations

from pathlib import Path

from cofactor.errors import FileError

_PACKAGE = Path(__file__).resolve().parent


def resource_folder(name: str) -> Path:
    """Return the folder `name` ("data_manifest", "analyses" or "notebooks").

    An editable install does not see files that the wheel includes by force, so a checkout is looked at too.

    Raises
    ------
    FileError
        The folder is in neither place.
    """
    candidates = (_PACKAGE / "_resources" / name, _PACKAGE.parents[1] / name)
    for folder in candidates:
        if folder.is_dir():
            return folder
    places = " nor ".join(str(folder) for folder in candidates)
    raise FileError(f"the folder {name!r} is neither at {places}; reinstall cofactor, or run from a checkout")
