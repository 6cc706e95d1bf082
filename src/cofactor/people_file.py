"""People in a file: what `load` returns, as Parquet or CSV, with a JSON file that says where every number is from."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cofactor.errors import FileError

if TYPE_CHECKING:
    import pandas as pd

ENDINGS = (".parquet", ".csv")


def check_ending(path: Path) -> None:
    """Raise FileError unless `path` ends in .parquet or .csv: before the work, not after it."""
    if path.suffix not in ENDINGS:
        raise FileError(
            f"{path} ends in neither .parquet nor .csv, and the ending chooses the format; give one of them"
        )


def sources_of(frame: pd.DataFrame) -> dict[str, Any]:
    """Return the weight and its reason, labels, units, reference levels and input files of a frame, as plain data."""
    import cofactor

    attrs = frame.attrs
    return {
        "cofactor": cofactor.__version__,
        "rows": len(frame),
        "cycles": [str(cycle) for cycle in frame["cycle"].cat.categories],
        "weight": attrs.get("weight_name"),
        "weight_reason": attrs.get("weight_reason"),
        "columns": {
            str(name): {
                "label": attrs.get("labels", {}).get(name, ""),
                "unit": attrs.get("units", {}).get(name, ""),
                "levels": [str(level) for level in getattr(column.dtype, "categories", ())],
                "reference": attrs.get("references", {}).get(name),
                "missing": int(column.isna().sum()),
            }
            for name, column in frame.items()
        },
        "inputs": [one._asdict() for one in attrs.get("inputs", ())],
    }


def write_people(frame: pd.DataFrame, path: Path) -> Path:
    """Write a frame of `load` to `path` and its sources beside it; return the path of the sources.

    In CSV a missing value is an empty cell, a flag True or False, a category its level, a number all its digits.

    Raises
    ------
    FileError
        The ending is neither .parquet nor .csv, or the disk takes no more: neither file is there then.
    """
    from cofactor.loaders.atomic import written_whole

    check_ending(path)
    sources = path.with_name(f"{path.name}.json")
    plain = frame.copy(deep=False)
    plain.attrs = {}  # Parquet would take them for metadata of its own, and they are no JSON
    try:
        with written_whole(sources) as beside, written_whole(path) as temporary:
            beside.write_text(json.dumps(sources_of(frame), indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
            if path.suffix == ".csv":
                plain.to_csv(temporary, lineterminator="\n")
            else:
                plain.to_parquet(temporary)
    except OSError as error:
        raise FileError(f"{path} cannot be written: {error.strerror or error}; nothing is left behind") from error
    return sources
