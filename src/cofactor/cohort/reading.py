"""Read measured variables of people: each file once for all of its columns, everybody of the cycles kept."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from cofactor.cohort.catalogue_files import file_name, measured_variables
from cofactor.cohort.drug_classes import KEY, DrugDictionary, any_member, read_dictionary
from cofactor.cohort.measured import Measured, Recode, Source
from cofactor.cohort.products import LABEL_FILES, ProductLabels, ProductRows, answer, product_rows, read_labels
from cofactor.cohort.recode import collapse_rows, recode_numbers, recode_outcomes
from cofactor.errors import FileError
from cofactor.loaders.cycles import first_year
from cofactor.loaders.store import DataFolder
from cofactor.progress import progress

PEOPLE = "DEMO"


@dataclass(frozen=True, eq=False)
class People:
    """Measured variables of everybody in some cycles.

    seqn : (n,) the respondents' numbers. cycle : (n,) the position of each one's cycle in `cycles`. columns : name ->
    column of the variable's kind, all over one index of 0..n-1.
    """

    seqn: NDArray[np.int64]
    cycle: NDArray[np.int8]
    cycles: tuple[str, ...]
    columns: dict[str, pd.Series]


def read_people(folder: DataFolder, names: Sequence[str], cycles: tuple[str, ...]) -> People:
    """Return the measured variables `names` of everybody in `cycles`; all missing in a cycle that lacks one.

    Raises
    ------
    FileError
        A file that is absent or damaged, a column that is missing, a person who is not in the demographics file, or a
        code that the catalogue does not know.
    """
    wanted = [measured_variables()[name] for name in names]
    nutrients = _of_products(wanted, cycles)
    files = {file for cycle in cycles for file in _files(wanted, cycle)}
    folder.prepare(sorted(files if nutrients is None else files | set(LABEL_FILES)))
    labels = None if nutrients is None else read_labels(folder, nutrients)
    drugs = read_dictionary(folder) if any(_classed(v, cycle) for v in wanted for cycle in cycles) else None
    shown = progress(cycles, label="reading", unit="cycle")
    parts = [_read_cycle(folder, wanted, cycle, drugs, labels) for cycle in shown]
    codes = [np.full(len(seqn), position, dtype=np.int8) for position, (seqn, _) in enumerate(parts)]
    columns = {v.name: _column(v, np.concatenate([made[v.name] for _, made in parts])) for v in wanted}
    return People(np.concatenate([seqn for seqn, _ in parts]), np.concatenate(codes), cycles, columns)


def _classed(v: Measured, cycle: str) -> bool:
    source = v.source(cycle)
    return source is not None and source.rows == "any of class"


def _of_products(wanted: list[Measured], cycles: tuple[str, ...]) -> tuple[str, ...] | None:
    """The nutrients asked of people's products; None where nothing is asked of them."""
    sources = [source for v in wanted for cycle in cycles if (source := v.source(cycle)) is not None]
    asked = [source.question for source in sources if source.question is not None]
    return tuple(dict.fromkeys(question.nutrient for question in asked if question.nutrient)) if asked else None


def _files(wanted: list[Measured], cycle: str) -> set[str]:
    sources = [v.source(cycle) for v in wanted]
    named = {file_name(s.file, cycle) for s in sources if s is not None and s.file}
    return {file_name(PEOPLE, cycle)} | named


def _read_cycle(
    folder: DataFolder, wanted: list[Measured], cycle: str, drugs: DrugDictionary | None, labels: ProductLabels | None
) -> tuple[NDArray[np.int64], dict[str, NDArray[Any]]]:
    """The numbers of a cycle's people, and each variable over them."""
    sources = {v.name: v.source(cycle) for v in wanted}
    tables = {file: _table(folder, file, own) for file, own in _by_file(sources.values(), cycle).items()}
    seqn = tables[file_name(PEOPLE, cycle)]["SEQN"].to_numpy(dtype=np.int64)
    people = pd.Index(seqn)
    rows = {file: _positions(people, table, file, cycle) for file, table in tables.items()}
    medicines = _medicines(tables, drugs)
    products = _products(sources.values(), tables, rows, cycle, labels)
    made: dict[str, NDArray[Any]] = {}
    for v in wanted:
        source = sources[v.name]
        if source is None:
            made[v.name] = _absent(v, len(seqn))
        elif source.file is None:
            made[v.name] = _constant(v, source, cycle, len(seqn))
        elif source.question is not None and labels is not None:
            made[v.name] = answer(source.question, products[file_name(source.file, cycle)], labels, len(seqn))
        else:
            file = file_name(source.file, cycle)
            made[v.name] = _values(v, source, tables[file], rows[file], people, file)
            if source.rows == "any of class" and drugs is not None:
                members = drugs.members(source.classes, source.classes_not)
                made[v.name] = any_member(members, medicines[file], rows[file], made[v.name])
    return seqn, made


def _medicines(tables: dict[str, pd.DataFrame], drugs: DrugDictionary | None) -> dict[str, NDArray[np.intp]]:
    """For each file that lists medicines by code, the place of each row's medicine in the dictionary."""
    if drugs is None:
        return {}
    return {file: drugs.positions(table[KEY]) for file, table in tables.items() if KEY in table}


def _products(
    sources: Iterable[Source | None],
    tables: dict[str, pd.DataFrame],
    rows: dict[str, NDArray[np.intp]],
    cycle: str,
    labels: ProductLabels | None,
) -> dict[str, ProductRows]:
    """For each file that lists products, its rows joined to their labels, once for all that is asked of them."""
    listed = {file_name(s.file, cycle): s.product_file for s in sources if s is not None and s.file and s.product_file}
    if labels is None:
        return {}
    return {file: product_rows(tables[file], rows[file], columns, labels) for file, columns in listed.items()}


def _by_file(sources: Iterable[Source | None], cycle: str) -> dict[str, list[Source]]:
    """The sources in each file of a cycle, by name of the file; the people's own file is always among them."""
    found: dict[str, list[Source]] = {file_name(PEOPLE, cycle): []}
    for source in sources:
        if source is not None and source.file is not None:
            found.setdefault(file_name(source.file, cycle), []).append(source)
    return dict(sorted(found.items()))


def _table(folder: DataFolder, file: str, own: list[Source]) -> pd.DataFrame:
    names = list(dict.fromkeys(column for s in own for column in s.columns))
    one_row = all(s.rows == "one" for s in own)
    return folder.columns(file, names, one_row_per_person=one_row)


def _positions(people: pd.Index, table: pd.DataFrame, file: str, cycle: str) -> NDArray[np.intp]:
    positions = people.get_indexer(pd.Index(table["SEQN"].to_numpy(dtype=np.int64)))
    if (strangers := int((positions < 0).sum())) > 0:
        raise FileError(
            f"{file} has {strangers} rows of people who are not in {file_name(PEOPLE, cycle)}; fetch both files again"
        )
    return positions


def _values(
    v: Measured, source: Source, table: pd.DataFrame, rows: NDArray[np.intp], people: pd.Index, file: str
) -> NDArray[Any]:
    raw = np.full(len(people), np.nan)
    recode: Recode | None = source.recode
    where = f"{source.columns[-1]} of {file}"
    if source.rows in ("sum of products", "any missing"):
        collapsed = collapse_rows(table, source)
        raw[people.get_indexer(collapsed.index.astype(np.int64))] = collapsed.to_numpy()
        recode = None
    else:
        said = table[source.columns[-1]].to_numpy(dtype=float)
        raw[rows] = said
        if source.rows != "one":
            _refuse_change(said, raw[rows], where)
    if v.kind == "flag":
        if recode is None:
            return np.where(np.isnan(raw), -1, raw).astype(np.int8)
        return recode_outcomes(raw, recode, where)
    if v.kind == "category" and recode is not None:
        return recode_outcomes(raw, recode, where)
    return raw if recode is None else recode_numbers(raw, recode, where)


def _refuse_change(said: NDArray[np.float64], kept: NDArray[np.float64], where: str) -> None:
    """What stands on every row of a person is one answer: FileError where it is not."""
    if changed := int(((said != kept) & ~(np.isnan(said) & np.isnan(kept))).sum()):
        raise FileError(f"{where} says different things on the rows of one person ({changed} rows); fetch it again")


def _absent(v: Measured, n: int) -> NDArray[Any]:
    return np.full(n, -1, dtype=np.int8) if v.kind in ("flag", "category") else np.full(n, np.nan)


def _constant(v: Measured, source: Source, cycle: str, n: int) -> NDArray[Any]:
    if source.given == "cycle_first_year":
        return np.full(n, float(first_year(cycle)))
    return np.full(n, v.levels.index(str(source.level)), dtype=np.int8)


def _column(v: Measured, values: NDArray[Any]) -> pd.Series:
    if v.kind == "flag":
        return pd.Series(pd.arrays.BooleanArray(values > 0, values < 0))
    if v.kind == "category":
        return pd.Series(pd.Categorical.from_codes(values, categories=pd.Index(v.levels)))
    return pd.Series(values)
