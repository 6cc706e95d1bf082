"""Where each number of a file of people is from, as plain data for the JSON file beside it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from cofactor.people_file.columns import FileColumn, file_columns

if TYPE_CHECKING:
    import pandas as pd

    from cofactor.cohort.derive import Derived
    from cofactor.cohort.measured import Measured, Source


def sources_of(
    frame: pd.DataFrame, *, asked: Mapping[str, object] | None = None, names: Mapping[str, str] | None = None
) -> dict[str, Any]:
    """Return what is known of a frame of `load`, down to the columns of CDC's files, as plain data.

    Parameters
    ----------
    frame : DataFrame
    asked : mapping, optional
        What `load` was asked for.
    names : mapping of str to str, optional
        Column -> its name in the file, where the format has no room for the name.

    Returns
    -------
    dict
        `asked`, weight and its reason, `columns` (label, unit, kind, levels, missing, the variable), `variables`
        (everything that the columns are made of: measured ones with file and column of each cycle, derived ones with
        rule and inputs), and `inputs` (the files that were read, with their hashes).
    """
    import cofactor

    columns = file_columns(frame)
    cycles = tuple(str(cycle) for cycle in frame["cycle"].cat.categories) if "cycle" in frame else ()
    variables = {column.name: _canonical(column.name) for column in columns}
    return {
        "cofactor": cofactor.__version__,
        "asked": dict(asked or {}),
        "rows": len(frame),
        "cycles": list(cycles),
        "weight": frame.attrs.get("weight_name"),
        "weight_reason": frame.attrs.get("weight_reason"),
        "columns": {
            column.name: _column(column, frame, variables[column.name], (names or {}).get(column.name))
            for column in columns
        },
        "variables": _variables((name for name in variables.values() if name), cycles),
        "inputs": [one._asdict() for one in frame.attrs.get("inputs", ())],
    }


def _canonical(name: str) -> str | None:
    """Return the catalogue's name of a column, or None where the catalogue has none (SEQN, cycle, one's own)."""
    from cofactor.cohort import canonical
    from cofactor.errors import UnknownVariableError

    try:
        return canonical(name)
    except UnknownVariableError:
        return None


def _column(column: FileColumn, frame: pd.DataFrame, variable: str | None, name_in_file: str | None) -> dict[str, Any]:
    return {
        "name_in_file": name_in_file or column.name,
        "label": column.label,
        "unit": column.unit,
        "kind": column.kind,
        "levels": list(column.levels),
        "reference": frame.attrs.get("references", {}).get(column.name),
        "missing": int(column.values.isna().sum()),
        "variable": variable,
    }


def _variables(names: Iterable[str], cycles: tuple[str, ...]) -> dict[str, Any]:
    """Return every variable that the columns are made of, each after its inputs."""
    from cofactor.cohort import variable
    from cofactor.cohort.availability import in_order
    from cofactor.cohort.measured import Measured

    found = {name: variable(name) for name in in_order(dict.fromkeys(names))}
    return {name: _measured(one, cycles) if isinstance(one, Measured) else _derived(one) for name, one in found.items()}


def _measured(one: Measured, cycles: tuple[str, ...]) -> dict[str, Any]:
    sources = {cycle: one.source(cycle) for cycle in cycles}
    return {
        "label": one.label,
        "unit": one.unit,
        "measured": {cycle: None if source is None else _source(source, cycle) for cycle, source in sources.items()},
    }


def _source(source: Source, cycle: str) -> dict[str, Any]:
    """Return file, columns and recoding of a source; what a source does not use is left out."""
    from cofactor.cohort.catalogue_files import file_name

    if source.file is None:
        return {"subsample": source.subsample, "everybody": source.level or source.given}
    recode = {key: value for key, value in asdict(source.recode).items() if value not in ((), None, 1.0)}
    more = {
        "rows": None if source.rows == "one" else source.rows,
        "asked": None if source.question is None else str(source.question),
        "classes": source.classes,
        "classes_not": source.classes_not,
        "looked_up_in": _looked_up_in(source),
        "recode": recode,
    }
    place = {"file": file_name(source.file, cycle), "columns": list(source.columns), "subsample": source.subsample}
    return place | {key: value for key, value in more.items() if value}


def _looked_up_in(source: Source) -> list[str]:
    """Return the files of no one cycle that a source is looked up in: of medicines' classes, or products' labels."""
    from cofactor.cohort import drug_classes
    from cofactor.cohort.products.files import LABEL_FILES

    return {"any of class": [drug_classes.FILE], "products": list(LABEL_FILES)}.get(source.rows, [])


def _derived(one: Derived) -> dict[str, Any]:
    return {
        "label": one.label,
        "unit": one.unit,
        "derived": {"inputs": list(one.inputs), "rule": one.rule, "source": one.source},
    }
