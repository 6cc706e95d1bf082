"""Parquet and Feather: the frame with its types, labels and units in the metadata of each field.

R reads both with the package arrow (`arrow::read_parquet`, `arrow::read_feather`): categories become factors, flags
logical, and `open_dataset(...)$schema` shows the metadata.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from cofactor.people_file.columns import FileColumn

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa


def labelled_table(frame: pd.DataFrame, columns: Sequence[FileColumn]) -> pa.Table:
    """Return the frame as an Arrow table, each field with the metadata `label`, `unit` and, of categories, `levels`."""
    import pyarrow as pa

    plain = frame.copy(deep=False)
    plain.attrs = {}  # pandas would write them as metadata of its own, and they are no JSON
    table = pa.Table.from_pandas(plain, preserve_index=True)
    words = {column.name: _words(column) for column in columns}
    fields = [field.with_metadata(words.get(field.name, {})) for field in table.schema]
    return table.cast(pa.schema(fields, metadata=table.schema.metadata))


def _words(column: FileColumn) -> dict[str, str]:
    said = {"label": column.label, "unit": column.unit}
    if column.kind == "category":
        said["levels"] = json.dumps(list(column.levels), ensure_ascii=False)
    return {key: text for key, text in said.items() if text}


def write_parquet(frame: pd.DataFrame, columns: Sequence[FileColumn], path: Path) -> None:
    """Write Parquet with labels; raises OSError where the disk takes no more."""
    import pyarrow.parquet as pq

    pq.write_table(labelled_table(frame, columns), path, compression="zstd")


def write_feather(frame: pd.DataFrame, columns: Sequence[FileColumn], path: Path) -> None:
    """Write Feather (an Arrow file) with labels; raises OSError where the disk takes no more."""
    from pyarrow import feather

    feather.write_feather(labelled_table(frame, columns), str(path))
