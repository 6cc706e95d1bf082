"""Read a SAS transport file: pyreadstat parses, and what the format spoils is mended or refused."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from cofactor.errors import FileError, UnknownVariableError
from cofactor.loaders.header import TransportHeader, read_header

_LOG = logging.getLogger(__name__)

SMALLEST_REAL = 1e-70
"""Below this a number is a spoilt zero: 5.397605e-79 is how several readers and writers render it."""

ENCODINGS = ("UTF-8", "WINDOWS-1252")
"""Tried in this order. CDC's labels and texts are ASCII but for a few files in WINDOWS-1252."""


@dataclass(frozen=True, eq=False)
class RawTable:
    """The columns of one raw file, as they stand in it.

    Attributes
    ----------
    frame : DataFrame
        Numbers as float64 with NaN, text as `str` without trailing blanks and with a blank cell missing.
        Names in upper case, rows in the order of the file.
    encoding : str
        The encoding that could read the text.
    zeros_mended : int
        How many numbers 0 < abs(x) < 1e-70 were set to 0.
    """

    frame: pd.DataFrame
    encoding: str
    zeros_mended: int


def missing_columns(name: str, asked: Iterable[str], present: Sequence[str]) -> FileError:
    """Make the error for columns that the file `name` does not have, with near names that it has."""
    absent = [column for column in asked if column not in set(present)]
    hints = "; ".join(str(UnknownVariableError.suggest(column, present, name)) for column in absent)
    return FileError(f"{name} lacks {', '.join(absent)} ({len(present)} columns are there): {hints}")


def _original_names(header: TransportHeader, columns: Iterable[str] | None, name: str) -> list[str] | None:
    upper = [column.upper() for column in header.names]
    if len(set(upper)) < len(upper):
        twice = sorted({column for column in upper if upper.count(column) > 1})
        raise FileError(f"{name} is damaged: it has the column {', '.join(twice)} more than once; fetch it again")
    if columns is None:
        return None
    asked = list(dict.fromkeys(columns))
    if not set(asked) <= set(upper):
        raise missing_columns(name, asked, upper)
    return [header.names[upper.index(column)] for column in asked]


def _parsed(path: Path, columns: list[str] | None) -> tuple[pd.DataFrame, str]:
    import pyreadstat

    options: dict[str, Any] = {"disable_datetime_conversion": True, "usecols": columns}
    for encoding in ENCODINGS:
        try:
            frame, _ = pyreadstat.read_xport(str(path), encoding=encoding, **options)
        except UnicodeDecodeError:
            _LOG.info("%s holds text that is not %s", path.name, encoding)
            continue
        except Exception as error:  # pyreadstat's own errors derive from Exception alone, and vary by damage
            raise FileError(f"{path.name} cannot be parsed ({error}); fetch it again") from error
        return frame, encoding
    raise FileError(f"{path.name} holds text that is neither {' nor '.join(ENCODINGS)}; fetch it again")


def _without_spoilt_zeros(frame: pd.DataFrame, name: str) -> tuple[pd.DataFrame, int]:
    mended = 0
    changed: dict[str, np.ndarray[Any, Any]] = {}
    for column in frame.columns[frame.dtypes == np.float64]:
        values = frame[column].to_numpy()
        size = np.abs(values)
        spoilt = (size > 0) & (size < SMALLEST_REAL)
        if spoilt.any():
            mended += int(spoilt.sum())
            changed[column] = np.where(spoilt, 0.0, values)
    if mended:
        _LOG.info("%s: %d values below %g were set to 0", name, mended, SMALLEST_REAL)
        frame = frame.assign(**changed)
    return frame, mended


def _stripped(text: pd.Series) -> pd.Series:
    stripped = text.astype("str").str.rstrip()
    return stripped.where(stripped != "")


def _typed(frame: pd.DataFrame, header: TransportHeader) -> pd.DataFrame:
    """Give text one form (blanks at the end off, blank is missing) and numbers another (float64)."""
    numeric = dict(zip(header.names, header.numeric, strict=True))
    texts = {column: _stripped(frame[column]) for column in frame.columns if not numeric[column]}
    others = {c: frame[c].astype("float64") for c in frame.columns if numeric[c] and frame[c].dtype != np.float64}
    frame = frame.assign(**texts, **others) if texts or others else frame
    return frame.rename(columns={column: column.upper() for column in frame.columns})


def read_transport(path: Path | str, columns: Iterable[str] | None = None) -> RawTable:
    """Read a SAS transport file (version 5).

    Dates stay SAS dates (numbers of days). Exact zeros stay zeros, and the artefact that some programs write
    in their place becomes zero again. Reading alone does not tell whether the values are CDC's: `verify_file` does.

    Parameters
    ----------
    path : path
    columns : iterable of str, optional
        Names in upper case; only these are read, in this order. All by default.

    Returns
    -------
    RawTable
        `frame` of shape (rows, columns).

    Raises
    ------
    FileError
        The file is absent, empty, a web page, truncated, or damaged; or it lacks a column.
    """
    path = Path(path)
    header = read_header(path)
    names = _original_names(header, columns, path.name)
    frame, encoding = _parsed(path, names)
    if names is None and tuple(frame.columns) != header.names:
        raise FileError(
            f"{path.name} is damaged: its header names {len(header.names)} columns, {frame.shape[1]} could be read; "
            "fetch it again"
        )
    if not header.admits(len(frame)):
        raise FileError(
            f"{path.name} is truncated or damaged: {header.data_bytes:,} bytes of data do not hold whole rows of "
            f"{header.row_bytes:,} bytes ({len(frame):,} could be read); fetch it again"
        )
    frame, mended = _without_spoilt_zeros(frame if names is None else frame[names], path.name)
    return RawTable(_typed(frame, header), encoding, mended)
