"""Write people to a file: the ending chooses the format."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from cofactor.errors import FileError
from cofactor.people_file.arrow import write_feather, write_parquet
from cofactor.people_file.coded import spss_names, stata_names, write_spss, write_stata
from cofactor.people_file.columns import FileColumn, file_columns
from cofactor.people_file.sources import sources_of

if TYPE_CHECKING:
    import pandas as pd


def _write_csv(frame: pd.DataFrame, columns: Sequence[FileColumn], path: Path) -> None:
    frame.to_csv(path, lineterminator="\n")


_WRITERS: dict[str, Callable[[pd.DataFrame, Sequence[FileColumn], Path], None]] = {
    ".parquet": write_parquet,
    ".csv": _write_csv,
    ".dta": write_stata,
    ".sav": write_spss,
    ".feather": write_feather,
}
_NAMES: dict[str, Callable[[Sequence[FileColumn]], dict[str, str]]] = {".dta": stata_names, ".sav": spss_names}
ENDINGS = tuple(_WRITERS)


def check_ending(path: Path) -> None:
    """Raise FileError unless the ending of `path` is that of a format: before the work, not after it."""
    if path.suffix not in ENDINGS:
        raise FileError(
            f"{path} ends in neither {' nor '.join(ENDINGS)}, and the ending chooses the format; give one of them"
        )


def shortened_names(frame: pd.DataFrame, path: Path) -> dict[str, str]:
    """Return name -> name in the file of the columns whose names the format of `path` has no room for."""
    if path.suffix not in _NAMES:
        return {}
    return {name: short for name, short in _NAMES[path.suffix](file_columns(frame)).items() if name != short}


def write_people(frame: pd.DataFrame, path: str | Path, *, asked: Mapping[str, object] | None = None) -> Path:
    """Write a frame of `load` to a file for this or another tool, and where it is from beside it.

    Parameters
    ----------
    frame : DataFrame
        (n, k) as `load` returns it: numbers, flags and categories.
    path : path
        Its ending chooses the format: .parquet, .feather, .csv, .dta (Stata 14 and later) or .sav (SPSS).
    asked : mapping, optional
        What `load` was asked for; it is kept in the file beside.

    Returns
    -------
    Path
        Of the JSON file beside it, PATH.json: labels, units, levels, the weight and its reason, and each column down
        to CDC's files with their hashes.

    Raises
    ------
    FileError
        Another ending, a column that no format holds, or a disk that takes no more: neither file is there then.

    Notes
    -----
    A missing value is each format's own missing; in CSV an empty cell. In Parquet, Feather and CSV a flag is True or
    False and a category its level; in Stata and SPSS a flag is 0 or 1 and a category counts from 1, with value labels.
    Labels end in the unit; Stata's are cut to 80 characters, and a name that is too long for Stata (32; 28 for flags
    and categories) is shortened to its beginning and four digits made from the whole (`name_in_file` of the JSON file).
    """
    from cofactor.loaders.atomic import written_whole
    from cofactor.loaders.digest import sha256_of

    path = Path(path)
    check_ending(path)
    columns = file_columns(frame)
    names = _NAMES[path.suffix](columns) if path.suffix in _NAMES else None
    told = sources_of(frame, asked=asked, names=names)
    sources = path.with_name(f"{path.name}.json")
    try:
        with written_whole(sources) as beside, written_whole(path) as temporary:
            _WRITERS[path.suffix](frame, columns, temporary)
            told["file"] = {"name": path.name, "sha256": sha256_of(temporary)}
            beside.write_text(json.dumps(told, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    except OSError as error:
        raise FileError(f"{path} cannot be written: {error.strerror or error}; nothing is left behind") from error
    return sources
