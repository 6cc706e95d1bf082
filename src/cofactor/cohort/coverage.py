"""What a cycle has of the catalogue, what is not mapped and why, and which of its files nothing is read from."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from cofactor.cohort.availability import is_measured, weighty_inputs
from cofactor.cohort.catalogue_files import file_name, measured_variables
from cofactor.cohort.derive import Derived
from cofactor.cohort.measured import Measured, Source
from cofactor.cohort.raw_columns import raw_columns
from cofactor.cohort.registry import variables
from cofactor.errors import StudyError
from cofactor.loaders.absences import why_absent
from cofactor.loaders.cycles import parse_cycles
from cofactor.loaders.manifest import load_manifest


@dataclass(frozen=True)
class Unmapped:
    """A measured variable without a source in a cycle.

    file, columns : where the nearest cycle has it, under the name that the file would have here. reason : why it is not
    there. instead : derived variables made of it that the cycle has all the same, from other inputs.
    """

    name: str
    file: str
    columns: tuple[str, ...]
    reason: str
    instead: tuple[str, ...]


@dataclass(frozen=True)
class Coverage:
    """A cycle and the catalogue.

    by_file : file -> the measured variables read from it; "" for those that the cycle itself gives. derived : those
    that can be made. unmapped : measured variables without a source. lacking : derived variable -> the measured ones
    for want of which it cannot be made. unread : files of the cycle from which nothing is read.
    """

    cycle: str
    by_file: dict[str, tuple[str, ...]]
    derived: tuple[str, ...]
    unmapped: tuple[Unmapped, ...]
    lacking: dict[str, tuple[str, ...]]
    unread: tuple[str, ...]


def coverage(cycle: str) -> Coverage:
    """Return what one cycle has of the catalogue.

    Raises
    ------
    StudyError
        The cycle cannot be understood, or is several.

    Examples
    --------
    >>> found = coverage("2021-2023")
    >>> "age_years" in found.by_file["DEMO_L.xpt"], [one.name for one in found.unmapped if one.name == "died"]
    (True, ['died'])
    """
    one, *others = parse_cycles(cycle)
    if others:
        raise StudyError(f"{cycle} are {1 + len(others)} cycles; ask for one cycle, as {one}")
    by_file: dict[str, tuple[str, ...]] = {}
    unmapped = []
    for variable in measured_variables().values():
        source = variable.source(one)
        if source is None:
            unmapped.append(_unmapped(variable, one))
        else:
            file = file_name(source.file, one) if source.file else ""
            by_file[file] = (*by_file.get(file, ()), variable.name)
    made = [v for v in variables().values() if isinstance(v, Derived)]
    read = {file for file, _ in raw_columns()}
    return Coverage(
        cycle=one,
        by_file=by_file,
        derived=tuple(v.name for v in made if is_measured(v.name, one)),
        unmapped=tuple(unmapped),
        lacking={v.name: _lacking(v.name, one) for v in made if not is_measured(v.name, one)},
        unread=tuple(file for file in load_manifest().files_of(one) if file not in read),
    )


def unmapped(cycle: str) -> pd.DataFrame:
    """Return the variables that a cycle lacks: name, label, file, columns, reason; raises as `coverage`.

    A derived variable has no file, and as reason the measured ones that it is made of and the cycle lacks.
    """
    found = coverage(cycle)
    label = {name: variable.label for name, variable in variables().items()}
    rows = [(u.name, label[u.name], u.file, ", ".join(u.columns), u.reason) for u in found.unmapped]
    rows += [(name, label[name], "", "", f"made of {', '.join(of)}") for name, of in found.lacking.items()]
    return pd.DataFrame(rows, columns=["name", "label", "file", "columns", "reason"])


def absence(name: str, cycle: str) -> str:
    """Return why a cycle lacks a variable: a reason, or the measured ones for want of which it cannot be made.

    >>> absence("grip_combined_kg", "2017-2018")
    'Grip strength was measured in 2011-2014 alone.'
    """
    found = variables()[name]
    if isinstance(found, Measured):
        return _unmapped(found, cycle).reason
    return f"without {', '.join(_lacking(name, cycle))}"


def _unmapped(variable: Measured, cycle: str) -> Unmapped:
    source = _nearest(variable, cycle)
    users = [v for v in variables().values() if isinstance(v, Derived) and variable.name in v.inputs]
    instead = tuple(user.name for user in users if is_measured(user.name, cycle))
    if source.file is None:
        return Unmapped(variable.name, "", (), "a fact of other cycles", instead)
    file = file_name(source.file, cycle)
    reason = why_absent(source.file, source.columns, cycle) or _found_reason(file, source.columns)
    return Unmapped(variable.name, file, source.columns, reason, instead)


def _nearest(variable: Measured, cycle: str) -> Source:
    """The source of the last cycle before, else of the first after."""
    before = [other for other in variable.cycles if other < cycle]
    source = variable.source(before[-1] if before else variable.cycles[0])
    assert source is not None
    return source


def _found_reason(file: str, columns: tuple[str, ...]) -> str:
    """What the manifest says of a file and its columns."""
    listed = load_manifest().fingerprints.get(file)
    if listed is None:
        return "No such file in this cycle."
    absent = set(columns) - {one.column for one in listed}
    return "The file is there without the column." if absent else "The column is there, and not mapped."


def _lacking(name: str, cycle: str) -> tuple[str, ...]:
    """The measured variables, not in the cycle, for want of which a variable cannot be made."""
    found = variables()[name]
    if isinstance(found, Measured):
        return (name,)
    parts = [part for part in weighty_inputs(found, cycle) or found.inputs if not is_measured(part, cycle)]
    return tuple(dict.fromkeys(lacking for part in parts for lacking in _lacking(part, cycle)))
