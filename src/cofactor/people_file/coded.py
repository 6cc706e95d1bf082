"""Stata and SPSS: numbers alone, with labels of columns and of codes. Missing is the format's own system missing.

A flag is 0 "no", 1 "yes"; a category counts its levels from 1 in their order. R reads .dta with `haven::read_dta` and
.sav with `haven::read_sav` or `foreign::read.spss`; `foreign::read.dta` knows no Stata later than 12, whose files
cannot hold µ, so .dta is written for Stata 14 and later.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cofactor.errors import FileError
from cofactor.people_file.columns import FileColumn
from cofactor.people_file.short_names import short_names

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd
    from numpy.typing import NDArray

_STATA_NAME, _SPSS_NAME, _SET_NUMBER = 32, 64, 4
_STATA_LABEL, _SPSS_LABEL, _SPSS_LEVEL = 80, 120, 60
"""Characters. SPSS counts bytes, 256 and 120; a character of ours takes at most two of them, and the last three."""
_FILE_LABEL = "NHANES, harmonised"
_LARGEST_STATA = 8.9e307
"""Larger numbers are codes for missing in Stata."""


def stata_names(columns: Sequence[FileColumn]) -> dict[str, str]:
    """Return the name of each column in a Stata file.

    A coded column has less room: pyreadstat calls its set of labels by its name and a number of up to four digits.

    Raises
    ------
    FileError
        Two columns would have one name.
    """
    return short_names({column.name: _STATA_NAME - (_SET_NUMBER if column.levels else 0) for column in columns})


def spss_names(columns: Sequence[FileColumn]) -> dict[str, str]:
    """Return the name of each column in an SPSS file; raises as `stata_names`."""
    return short_names({column.name: _SPSS_NAME for column in columns})


def write_stata(frame: pd.DataFrame, columns: Sequence[FileColumn], path: Path) -> None:
    """Write .dta for Stata 14 and later.

    Raises
    ------
    FileError
        An infinite number, two columns of one short name, or a file that the disk had no room for.
    """
    from pyreadstat import read_dta, write_dta

    names = stata_names(columns)
    table = _table(columns, names, whole=True)
    labels = [column.described(_STATA_LABEL) for column in columns]
    _written(write_dta, table, path, column_labels=labels, variable_value_labels=_levels(columns, names), version=15)
    _check_whole(read_dta, path, len(table))


def write_spss(frame: pd.DataFrame, columns: Sequence[FileColumn], path: Path) -> None:
    """Write .sav, in UTF-8; raises as `write_stata`."""
    from pyreadstat import read_sav, write_sav

    names = spss_names(columns)
    table = _table(columns, names, whole=False)
    _written(
        write_sav,
        table,
        path,
        column_labels=[column.described(_SPSS_LABEL) for column in columns],
        variable_value_labels=_levels(columns, names, _SPSS_LEVEL),
        variable_measure={names[c.name]: "scale" if c.kind == "number" else "nominal" for c in columns},
        row_compress=True,
    )
    _check_whole(read_sav, path, len(table))


def _table(columns: Sequence[FileColumn], names: dict[str, str], *, whole: bool) -> pd.DataFrame:
    import pandas as pd

    return pd.DataFrame({names[column.name]: _codes(column, whole=whole) for column in columns})


def _codes(column: FileColumn, *, whole: bool) -> pd.Series:
    """Return the column as numbers over a plain index: codes as whole numbers (Stata's smaller types) or as floats."""
    import numpy as np
    import pandas as pd

    if column.kind == "number":
        numbers = column.values.to_numpy(dtype=float)
        if (np.abs(numbers) > _LARGEST_STATA).any():
            raise FileError(f"{column.name} holds an infinite number, which Stata and SPSS have no way to write")
        return pd.Series(column.values.to_numpy())
    codes = _positions(column)
    missing = codes < 0
    codes = codes + (column.kind == "category")
    return pd.Series(pd.arrays.IntegerArray(codes, missing) if whole else np.where(missing, np.nan, codes))


def _positions(column: FileColumn) -> NDArray[np.int16]:
    """Return the position of each row's level, -1 where missing."""
    import numpy as np

    if column.kind == "category":
        return np.asarray(column.values.cat.codes, dtype=np.int16)
    return np.asarray(column.values.astype("Int16").fillna(-1), dtype=np.int16)


def _levels(columns: Sequence[FileColumn], names: dict[str, str], room: int | None = None) -> dict[str, dict[int, str]]:
    """Return for each coded column its codes and what they mean."""
    return {
        names[column.name]: {
            code: level[:room] for code, level in enumerate(column.levels, start=0 if column.kind == "flag" else 1)
        }
        for column in columns
        if column.levels
    }


def _written(write: Callable[..., None], table: pd.DataFrame, path: Path, **words: Any) -> None:
    """Call a writer of pyreadstat, whose errors become those of a disk."""
    import pyreadstat

    try:
        write(table, str(path), file_label=_FILE_LABEL, **words)
    except (pyreadstat.PyreadstatError, pyreadstat.ReadstatError) as error:
        raise OSError(str(error)) from error


def _check_whole(read: Callable[..., tuple[pd.DataFrame, Any]], path: Path, rows: int) -> None:
    """Raise OSError unless the last row can be read: pyreadstat cuts a file short on a full disk without a word."""
    import pyreadstat

    try:
        last = len(read(str(path), row_offset=rows - 1, row_limit=1)[0]) if rows else 1
    except (pyreadstat.PyreadstatError, pyreadstat.ReadstatError) as error:
        raise OSError(f"the file was cut short; is there room on the disk? ({error})") from error
    if last != 1:
        raise OSError("the file was cut short; is there room on the disk?")
