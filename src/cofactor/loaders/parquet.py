"""A parsed file as Parquet: written with what it was made from, read by column."""

from __future__ import annotations

import json
import os
import zlib
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import pandas as pd

from cofactor.errors import FileError
from cofactor.loaders.atomic import write_text_whole, written_whole

STORE_VERSION = 2
"""Raise it when the parsed form changes: what older versions wrote is then parsed anew."""

_KEY = b"cofactor"
_MAGIC = b"PAR1"
_END = 8
"""Bytes at the end of a Parquet file: the length of its footer, and the magic word."""


@dataclass(frozen=True)
class Origin:
    """What a Parquet file was made from, and what was known of that.

    Attributes
    ----------
    sha256 : str
        Of the raw file.
    reader : str
        Version of the reader that parsed it.
    store : int
        Version of the parsed form.
    manifest : str
        Digest of the manifest that it was verified against.
    status, note : str
        The verification.
    encoding : str
    zeros_mended : int
    """

    sha256: str
    reader: str
    store: int
    manifest: str
    status: str
    note: str
    encoding: str
    zeros_mended: int


def reader_version() -> str:
    """Return the version of the reader, as it stands in the key of a parsed file."""
    import pyreadstat

    return f"pyreadstat {pyreadstat.__version__}"


def write_parquet(frame: pd.DataFrame, origin: Origin, path: Path) -> None:
    """Write `frame` to `path`, whole or not at all.

    Raises
    ------
    OSError
        The disk is full, or the folder may not be written to.
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    table = pa.Table.from_pandas(frame, preserve_index=False)
    table = table.replace_schema_metadata({**(table.schema.metadata or {}), _KEY: json.dumps(asdict(origin))})
    with written_whole(path) as temporary:
        pq.write_table(
            table, temporary, compression="zstd", compression_level=1, write_statistics=False, write_page_checksum=True
        )
        write_text_whole(_checksum_path(path), _checksum(_footer(temporary)))


def _footer(path: Path) -> bytes:
    """Return the footer of a Parquet file, its length and the magic word; OSError where there is no room for them."""
    with path.open("rb") as file:
        file.seek(-_END, os.SEEK_END)
        length = int.from_bytes(file.read(_END - len(_MAGIC)), "little")
        file.seek(-_END - length, os.SEEK_END)
        return file.read()


def _checksum(footer: bytes) -> str:
    return f"{zlib.crc32(footer):08x}"


def _checksum_path(path: Path) -> Path:
    """Where the checksum of the footer is: Parquet has one for its pages, none for what names and places them."""
    return path.with_name(f".{path.name}.crc32")


def read_origin(path: Path) -> tuple[Origin, tuple[str, ...]] | None:
    """Return what the Parquet file at `path` was made from and its columns.

    None where it is absent, no such file, or its footer is not as it was written.
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        footer = _footer(path)
        if _checksum_path(path).read_text(encoding="ascii") != _checksum(footer):
            return None
        schema = pq.read_metadata(pa.BufferReader(_MAGIC + footer)).schema.to_arrow_schema()
        return Origin(**json.loads((schema.metadata or {})[_KEY])), tuple(schema.names)
    except (OSError, pa.ArrowException, KeyError, ValueError, TypeError):
        return None


def read_columns(path: Path, columns: Sequence[str]) -> pd.DataFrame:
    """Return `columns` of the Parquet file at `path`, in the order asked; FileError where it is damaged."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        # Not read_table: for columns of one small file most of its time goes into looking for a data set.
        with pq.ParquetFile(path, page_checksum_verification=True) as file:
            table = file.read(columns=list(columns), use_threads=False)
    except (OSError, pa.ArrowException) as error:
        raise FileError(f"the parsed form {path} is damaged ({error}); delete it, it is made anew") from error
    # In the order asked before it becomes a frame: moving columns of many small frames would cost as much again.
    # What pandas noted of the columns says nothing that their types do not, and takes as long to read as they.
    frame: pd.DataFrame = table.select(list(columns)).to_pandas(ignore_metadata=True)
    return frame
