"""The raw columns behind measured variables, file by file, and what their recodes change."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from cofactor.cohort.catalogue_files import file_name, measured_variables
from cofactor.cohort.measured import Kind, Measured, Recode, Source
from cofactor.cohort.recode import recode_numbers, recode_outcomes
from cofactor.loaders.store import DataFolder

REASONS = ("missing_code", "class_value", "top_code", "zero_rule", "scaled")
"""Why a cell of a raw column is another value in the variable."""


@dataclass(frozen=True, eq=False)
class RawFile:
    """One file of one cycle: its rows and the variables that it holds.

    file : as in the manifest. seqn : (m,) the person of each row. table : the raw columns. variables : those measured
    here, each with its source.
    """

    file: str
    cycle: str
    seqn: NDArray[np.int64]
    table: pd.DataFrame
    variables: tuple[tuple[Measured, Source], ...]


def raw_files(folder: DataFolder, names: Sequence[str], cycles: Sequence[str]) -> Iterator[RawFile]:
    """Give each file of one row a person that measured variables are read from, cycle by cycle.

    Variables that are put together over a person's rows (activities, products, medicines) are passed over: no cell of
    them stands for one value. Raises as `DataFolder.columns`.
    """
    wanted = [measured_variables()[name] for name in names]
    for cycle in cycles:
        by_file: dict[str, list[tuple[Measured, Source]]] = {}
        for variable in wanted:
            source = variable.source(cycle)
            if source is not None and source.file is not None and source.rows == "one":
                by_file.setdefault(file_name(source.file, cycle), []).append((variable, source))
        for file, held in sorted(by_file.items()):
            columns = list(dict.fromkeys(column for _, source in held for column in source.columns))
            table = folder.columns(file, columns)
            yield RawFile(file, cycle, table["SEQN"].to_numpy(dtype=np.int64), table, tuple(held))


def recoded_cells(raw: NDArray[np.float64], recode: Recode, kind: Kind, where: str) -> dict[str, int]:
    """Count the cells of a raw column that the recodes change, by the recode functions themselves, reason by reason.

    A cell that is missing in the file is no recoded one. A level of a category or an answer of a flag is a name for its
    code and no change; nor is a class whose value is its code. `where` names column and file in an error.

    Examples
    --------
    >>> import numpy as np
    >>> recoded_cells(np.array([3.0, 20.0, 777.0, np.nan]), Recode(missing=((777, 777),), top=15.0), "number", "ALQ130")
    {'missing_code': 1, 'class_value': 0, 'top_code': 1, 'zero_rule': 0, 'scaled': 0}
    """
    known = raw[~np.isnan(raw)]
    if kind in ("flag", "category"):
        lost = int((recode_outcomes(known, recode, where) < 0).sum())
        return dict.fromkeys(REASONS, 0) | {"missing_code": lost}
    steps = {
        "missing_code": Recode(missing=recode.missing),
        "class_value": Recode(values=recode.values),
        "top_code": Recode(top=recode.top),
        "zero_rule": Recode(zero=recode.zero),
        "scaled": Recode(scale=recode.scale),
    }
    counts, values = {}, known
    for reason, step in steps.items():
        after = values if step == Recode() else recode_numbers(values, step, where)
        changed = (after != values) & ~(np.isnan(after) & np.isnan(values))
        counts[reason] = int(changed.sum())
        values = after[~np.isnan(after)]
    return counts
