"""What each cycle has of each variable: people, known and missing values, implausible and recoded ones."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from cofactor.cohort.availability import is_measured, subsamples_of, weighty_inputs
from cofactor.cohort.catalogue_files import file_name
from cofactor.cohort.measured import Measured
from cofactor.cohort.plausible import plausible_span
from cofactor.cohort.raw_files import REASONS, raw_files, recoded_cells
from cofactor.cohort.registry import variable
from cofactor.cohort.weights import smallest, weight_column
from cofactor.loaders.store import DataFolder

Floats = npt.NDArray[np.float64]
Mask = npt.NDArray[np.bool_]

COLUMNS = (
    "variable",
    "cycle",
    "asked",
    "rows",
    "age_from",
    "age_to",
    "people",
    "known",
    "missing",
    "missing_share",
    "missing_weighted_share",
    "implausible",
    *(f"recoded_{reason}" for reason in REASONS),
    "lowest",
    "share_at_lowest",
)


@dataclass(frozen=True, eq=False)
class RawCounts:
    """What the raw files say: who has a row in each, and what the recodes changed.

    rows : file -> (n,) of everybody in the frame. recoded : (variable, cycle) -> reason -> cells.
    """

    rows: Mapping[str, Mask]
    recoded: Mapping[tuple[str, str], Mapping[str, int]]


def raw_counts(folder: DataFolder, names: Sequence[str], cycles: Sequence[str], people: pd.Index) -> RawCounts:
    """Read the raw columns of measured variables and count; raises as `DataFolder.columns`."""
    rows: dict[str, Mask] = {}
    recoded: dict[tuple[str, str], dict[str, int]] = {}
    for raw in raw_files(folder, names, cycles):
        inside = np.zeros(len(people), dtype=bool)
        inside[people.get_indexer(pd.Index(raw.seqn))] = True
        rows[raw.file] = inside
        for v, source in raw.variables:
            column = raw.table[source.columns[0]].to_numpy(dtype=float)
            where = f"{source.columns[0]} of {raw.file}"
            recoded[v.name, raw.cycle] = recoded_cells(column, source.recode, v.kind, where)
    return RawCounts(rows, recoded)


def files_of(name: str, cycle: str) -> frozenset[str]:
    """Return the files of one row a person that a variable cannot do without in a cycle."""
    found = variable(name)
    if isinstance(found, Measured):
        source = found.source(cycle)
        one = source is not None and source.file is not None and source.rows == "one"
        return frozenset({file_name(str(source.file), cycle)}) if one and source is not None else frozenset()
    return frozenset().union(*(files_of(part, cycle) for part in weighty_inputs(found, cycle)))


def weight_of(name: str, cycle: str) -> str:
    """Return the two-year weight of the subsample that a variable rests on in a cycle.

    >>> weight_of("magnesium_diet_mg", "2005-2006")
    'weight_diet_day1'
    """
    return weight_column(smallest(subsamples_of(name, cycle)), cycle) or "weight_interview"


def weights_of_people(frame: pd.DataFrame, names: Sequence[str]) -> dict[str, Floats]:
    """Return, for each variable, the weight of everybody (n,): each cycle's own, 0 outside subsample and cycles.

    Variables that rest on the same subsamples share one array.
    """
    cycle = frame["cycle"].cat.codes.to_numpy()
    cycles = list(frame["cycle"].cat.categories)
    made: dict[tuple[str | None, ...], Floats] = {}
    found = {}
    for name in names:
        columns = tuple(weight_of(name, one) if is_measured(name, one) else None for one in cycles)
        if columns not in made:
            made[columns] = _together(frame, cycle, columns)
        found[name] = made[columns]
    return found


def _together(frame: pd.DataFrame, cycle: npt.NDArray[Any], columns: tuple[str | None, ...]) -> Floats:
    weights = np.zeros(len(frame))
    for position, column in enumerate(columns):
        if column is not None:
            rows = cycle == position
            weights[rows] = np.nan_to_num(frame[column].to_numpy(dtype=float)[rows])
    return weights


def as_numbers(column: pd.Series) -> Floats:
    """Return a column as floats with NaN where missing: a flag as 0 and 1, a category as the number of its level."""
    if isinstance(column.dtype, pd.CategoricalDtype):
        codes = column.cat.codes.to_numpy().astype(float)
        return np.where(codes < 0, np.nan, codes)
    return column.to_numpy(dtype=float, na_value=np.nan)


def counts_table(
    frame: pd.DataFrame, names: Sequence[str], weights_by_name: Mapping[str, Floats], raw: RawCounts
) -> pd.DataFrame:
    """Return one row a variable and cycle.

    Parameters
    ----------
    frame : DataFrame
        As `load` returns it, with age_years.
    names : names of the catalogue.
    weights_by_name : as `weights_of_people` returns it.
    raw : RawCounts

    Returns
    -------
    DataFrame
        asked (whether the cycle has the variable); rows (people with a row in the file, or in the subsample of a
        derived variable); age_from, age_to (years; youngest and oldest with a value); people (rows of those ages);
        known, missing (of these people), missing_share, missing_weighted_share (0 to 1); implausible (values outside
        the plausible span; missing where there is none); recoded_* (cells; missing for derived variables and for those
        put together over several rows); lowest and share_at_lowest (numbers: as at a detection limit).
    """
    slices = {one: np.flatnonzero(frame["cycle"] == one) for one in frame["cycle"].cat.categories}
    age = frame["age_years"].to_numpy(dtype=float)
    made = []
    for name in names:
        values, weights = as_numbers(frame[name]), weights_by_name[name]
        for cycle, rows in slices.items():
            lead = {"variable": name, "cycle": cycle, "asked": is_measured(name, cycle)}
            if not lead["asked"]:
                made.append(lead)
                continue
            reached = rows[_reach(name, cycle, rows, weights, raw)]
            counted = _counts(values[reached], weights[reached], age[reached])
            made.append(lead | counted | _odd(name, values[reached]) | _recoded(raw, name, cycle))
    return pd.DataFrame(made, columns=list(COLUMNS))


def _reach(name: str, cycle: str, rows: npt.NDArray[np.intp], weights: Floats, raw: RawCounts) -> Mask:
    """Which rows of a cycle may have a value: a row in each file, and, for a derived variable, the subsample."""
    derived = not isinstance(variable(name), Measured)
    inside = weights[rows] > 0 if derived else np.ones(len(rows), dtype=bool)
    for file in files_of(name, cycle):
        inside &= raw.rows[file][rows]
    return inside


def _counts(values: Floats, weights: Floats, age: Floats) -> dict[str, float | int]:
    known = ~np.isnan(values)
    first, last = (float(age[known].min()), float(age[known].max())) if known.any() else (np.nan, np.nan)
    people = (age >= first) & (age <= last) if known.any() else np.ones(len(age), dtype=bool)
    lacking, total = people & ~known, int(people.sum())
    weighted = weights[people].sum()
    return {
        "rows": len(values),
        "age_from": first,
        "age_to": last,
        "people": total,
        "known": int(known.sum()),
        "missing": int(lacking.sum()),
        "missing_share": float(lacking.sum() / total) if total else np.nan,
        "missing_weighted_share": float(weights[lacking].sum() / weighted) if weighted > 0 else np.nan,
    }


def _odd(name: str, values: Floats) -> dict[str, float]:
    """Values outside the plausible span, the lowest value, and the share of the known at it."""
    known = values[~np.isnan(values)]
    span = plausible_span(name)
    odd: dict[str, float] = (
        {} if span is None else {"implausible": int(((known < span.low) | (known > span.high)).sum())}
    )
    if variable(name).kind not in ("number", "months") or not len(known):
        return odd
    lowest = float(known.min())
    return odd | {"lowest": lowest, "share_at_lowest": float((known == lowest).mean())}


def _recoded(raw: RawCounts, name: str, cycle: str) -> dict[str, int]:
    return {f"recoded_{reason}": cells for reason, cells in raw.recoded.get((name, cycle), {}).items()}
