"""A parsed file as Parquet: written with what it was made from, read by column."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import pandas as pd

from cofactor.errors import FileError
from cofactor.loaders.atomic import written_whole

STORE_VERSION = 1
"""Raise it when the parsed form changes: what older versions wrote is then parsed anew."""

_KEY = b"cofactor"


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


def read_origin(path: Path) -> tuple[Origin, tuple[str, ...]] | None:
    """Return what the Parquet file at `path` was made from and its columns; None where it is absent or no such file."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        schema = pq.read_schema(path)
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
    frame: pd.DataFrame = table.select(list(columns)).to_pandas()
    return frame
