"""Read the catalogue: `catalogue/*.toml` into measured variables, aliases and the suffixes of cycles."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path
from typing import Any

from cofactor.cohort.measured import Measured, Number, Recode, Source
from cofactor.cohort.products.asking import product_question
from cofactor.cohort.products.files import ProductFile, product_files
from cofactor.errors import CofactorError
from cofactor.loaders.cycles import parse_cycles

FOLDER = Path(__file__).parent / "catalogue"
NO_VARIABLES = (
    "aliases.toml", "breaks.toml", "cycles.toml", "not_here.toml", "plausible.toml", "product_files.toml",
)  # fmt: skip
_VARIABLE_KEYS = {"label", "unit", "kind", "levels", "reference", "note", "sources"}
_RECODE_KEYS = {"missing", "levels", "yes", "no", "values", "top", "scale", "zero"}
_SHARED_KEYS = _RECODE_KEYS | {"subsample", "rows", "classes", "classes_not", "products"}
"""What a variable may state once for all of its sources."""
_SOURCE_KEYS = {"cycles", "subsample", "file", "column", "columns", "rows", "level", "given", "classes", "classes_not"}
_PRODUCT_KEYS = {"cycles", "products"}


@cache
def measured_variables() -> dict[str, Measured]:
    """Return the measured variables by name, in the order of the files and entries."""
    found: dict[str, Measured] = {}
    for path in sorted(FOLDER.glob("*.toml")):
        if path.name in NO_VARIABLES:
            continue
        for name, entry in tomllib.loads(path.read_text(encoding="utf-8")).items():
            if name in found:
                raise CofactorError(f"the catalogue has {name!r} twice, the second time in {path.name}; rename one")
            found[name] = _measured(name, entry, path.name)
    return found


@cache
def aliases() -> dict[str, str]:
    """Return other names -> the names of the catalogue."""
    return dict(tomllib.loads((FOLDER / "aliases.toml").read_text(encoding="utf-8")))


@cache
def file_suffixes() -> dict[str, str]:
    """Return the ending that the files of a cycle carry: "2005-2006" -> "_D"."""
    return dict(tomllib.loads((FOLDER / "cycles.toml").read_text(encoding="utf-8"))["suffix"])


def file_name(stem: str, cycle: str) -> str:
    """Return the name of a file in a cycle, as in the manifest.

    >>> file_name("DEMO", "2005-2006"), file_name("DEMO", "1999-2000")
    ('DEMO_D.xpt', 'DEMO.xpt')
    >>> file_name("NHANES_{years}_MORT_2019_PUBLIC.dat", "2005-2006")
    'NHANES_2005_2006_MORT_2019_PUBLIC.dat'
    """
    if "{years}" in stem:
        return stem.format(years=cycle.replace("-", "_"))
    return f"{stem}{file_suffixes()[cycle]}.xpt"


def _measured(name: str, entry: dict[str, Any], where: str) -> Measured:
    place = f"{name} of {where}"
    _only(entry, _VARIABLE_KEYS | _SHARED_KEYS, place)
    kind = entry["kind"]
    levels = tuple(entry.get("levels", ()))
    shared = {key: entry[key] for key in _SHARED_KEYS if key in entry}
    return Measured(
        name=name,
        label=entry["label"],
        unit=entry.get("unit", ""),
        kind=kind,
        levels=levels,
        reference=entry.get("reference", levels[0] if levels else None),
        sources=tuple(made for source in entry["sources"] for made in _sources(source, shared, kind, place)),
        note=entry.get("note", ""),
    )


def _sources(entry: dict[str, Any], shared: dict[str, Any], kind: str, place: str) -> tuple[Source, ...]:
    """One source, or, where products are asked, one for each file of products that the cycles have."""
    if "products" not in shared | entry:
        return (_source(shared | entry, kind, place),)
    _only(entry, _PRODUCT_KEYS, place)
    cycles = _cycles(entry["cycles"])
    asked = (shared | entry)["products"]
    return tuple(
        _product_source(asked, cycles, file, place) for file in product_files() if set(file.cycles) & set(cycles)
    )


def _product_source(asked: dict[str, Any], cycles: tuple[str, ...], file: ProductFile, place: str) -> Source:
    return Source(
        cycles=tuple(cycle for cycle in cycles if cycle in file.cycles),
        subsample=file.subsample,
        file=file.file,
        columns=file.columns,
        recode=Recode(),
        rows="products",
        question=product_question(asked, place),
        product_file=file,
    )


def _cycles(text: str) -> tuple[str, ...]:
    return tuple(cycle for span in text.split(", ") for cycle in parse_cycles(span))


def _source(entry: dict[str, Any], kind: str, place: str) -> Source:
    _only(entry, _SOURCE_KEYS | _RECODE_KEYS, place)
    columns = entry.get("columns", [entry["column"]] if "column" in entry else [])
    return Source(
        cycles=_cycles(entry["cycles"]),
        subsample=entry["subsample"],
        file=entry.get("file"),
        columns=tuple(columns),
        recode=_recode(entry, kind),
        rows=entry.get("rows", "one"),
        level=entry.get("level"),
        given=entry.get("given"),
        classes=_classes(entry.get("classes", [])),
        classes_not=_classes(entry.get("classes_not", [])),
    )


def _classes(names: list[str]) -> tuple[tuple[float, ...], ...]:
    """Return classes of medicines by their levels: "40/49" is (40, 49)."""
    return tuple(tuple(float(level) for level in name.split("/")) for name in names)


def _recode(entry: dict[str, Any], kind: str) -> Recode:
    outcomes: list[tuple[str, tuple[Number, ...]]] = []
    if kind == "category":
        outcomes = [(level, _codes(codes)) for level, codes in entry["levels"].items()]
    elif kind == "flag" and "yes" in entry:
        outcomes = [("no", _codes(entry["no"])), ("yes", _codes(entry["yes"]))]
    return Recode(
        missing=_codes(entry.get("missing", [])),
        outcomes=tuple(outcomes),
        values=tuple((float(code), float(value)) for code, value in entry.get("values", {}).items()),
        top=entry.get("top"),
        scale=entry.get("scale", 1.0),
        zero=entry.get("zero"),
    )


def _codes(codes: Any) -> tuple[Number, ...]:
    """Return codes as spans: 7, [7, 9] and ["10-31", 77] alike."""
    spans = [str(code).split("-") for code in (codes if isinstance(codes, list) else [codes])]
    return tuple((float(span[0]), float(span[-1])) for span in spans)


def _only(entry: dict[str, Any], keys: set[str], place: str) -> None:
    if unknown := sorted(set(entry) - keys):
        raise CofactorError(
            f"{place} has the keys {', '.join(unknown)}, which the catalogue does not know; "
            f"there are {', '.join(sorted(keys))}"
        )
