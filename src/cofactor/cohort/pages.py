"""A page of documentation for each variable, in markdown, made from the catalogue."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from cofactor.cohort.availability import cycles_of
from cofactor.cohort.catalogue_files import aliases, file_name
from cofactor.cohort.derive import Derived
from cofactor.cohort.listing import codes_in_words, measured_on, shown, spans
from cofactor.cohort.measured import Measured
from cofactor.cohort.registry import Variable, variable, variables
from cofactor.loaders.atomic import write_text_whole


def write_pages(folder: Path | str) -> tuple[Path, ...]:
    """Write one page a variable and an index into `folder`, and return their paths.

    Each page is written whole or not at all; raises OSError where the disk is full.
    """
    target = Path(folder)
    target.mkdir(parents=True, exist_ok=True)
    pages = {"index": index_page()} | {name: page(name) for name in variables()}
    return tuple(_write(target / f"{name}.md", text) for name, text in pages.items())


def index_page() -> str:
    """Return the list of all variables, as a table that links to their pages."""
    rows = [
        (f"[{v.name}]({v.name}.md)", v.label, v.unit, v.kind, spans(cycles_of(v.name))) for v in variables().values()
    ]
    return "\n".join(["# Variables", "", *_table(("name", "label", "unit", "kind", "cycles"), rows), ""])


def page(name: str) -> str:
    """Return the page of a variable: what it is, and its sources with codes, or its rule with cases.

    >>> page("age_80_plus").splitlines()[0]
    '# age_80_plus'

    Raises
    ------
    UnknownVariableError
        With the nearest names that there are.
    """
    found = variable(name, "the pages of variables")
    parts = [f"# {found.name}", "", f"{found.label}.", "", *_facts(found), ""]
    parts += _measured(found) if isinstance(found, Measured) else _derived(found)
    users = [v.name for v in variables().values() if isinstance(v, Derived) and found.name in v.inputs]
    if users:
        parts += ["## Used by", "", ", ".join(_link(user) for user in users), ""]
    return "\n".join(parts)


def _facts(found: Variable) -> list[str]:
    other = [alias for alias, name in aliases().items() if name == found.name]
    facts = [
        ("unit", found.unit),
        ("kind", found.kind),
        ("levels", ", ".join(found.levels)),
        ("reference level", found.reference or ""),
        ("measured on", measured_on(found.name)),
        ("cycles", spans(cycles_of(found.name))),
        ("other names", ", ".join(other)),
    ]
    return [f"- {words}: {value}" for words, value in facts if value]


def _measured(found: Measured) -> list[str]:
    rows = []
    for cycle in found.cycles:
        source = found.source(cycle)
        if source is None:
            continue
        file = file_name(source.file, cycle) if source.file else "the cycle itself"
        how = "" if source.rows == "one" else f"{source.rows} over a person's rows; "
        rows.append(
            (cycle, file, ", ".join(source.columns) or (source.level or ""), how + codes_in_words(source.recode))
        )
    note = [found.note, ""] if found.note else []
    return [*note, "## Sources", "", *_table(("cycle", "file", "column", "codes"), rows), ""]


def _derived(found: Derived) -> list[str]:
    inputs = [f"{_link(name)}{' (optional)' if name in found.optional else ''}" for name in found.inputs]
    rows = [
        (*(shown(case.inputs.get(name)) for name in found.inputs), shown(case.gives), case.why) for case in found.cases
    ]
    return [
        "## Rule", "", found.rule, "", f"Made of {', '.join(inputs)}.", "", f"Source: {found.source}.", "",
        "## Cases", "", *_table((*found.inputs, "gives", "why"), rows), "",
    ]  # fmt: skip


def _link(name: str) -> str:
    return f"[{name}]({name}.md)"


def _table(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> list[str]:
    lines = [head, ("---",) * len(head), *rows]
    return [f"| {' | '.join(cell.replace('|', '/') for cell in line)} |" for line in lines]


def _write(path: Path, text: str) -> Path:
    write_text_whole(path, text)
    return path
