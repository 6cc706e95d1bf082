"""One variable in words: what it is, where each cycle has it, what the codes become and how many CDC counted."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Sequence

from cofactor.cohort.availability import cycles_of
from cofactor.cohort.catalogue_files import aliases, file_name
from cofactor.cohort.count_table import count_tables
from cofactor.cohort.derive import Derived
from cofactor.cohort.listing import (
    changes_in_words,
    codes_in_words,
    measured_on,
    missing_codes,
    put_together,
    shown,
    spans,
)
from cofactor.cohort.measured import Measured
from cofactor.cohort.plain_text import aligned, blocks, filled
from cofactor.cohort.published import notes_of
from cofactor.cohort.registry import Variable, variable, variables

WIDTH = 100
_HANG = 15


def describe(name: str, *, width: int = WIDTH) -> str:
    """Return one variable in words, no line wider than `width`, offline.

    Label, unit, levels; of a measured variable its file and column in each cycle, and how often CDC's codebook counts
    each code, with what it becomes; of a derived one its inputs, rule and cases; and what else is made of it.

    >>> print(describe("vitd_status").splitlines()[0])
    vitd_status: Vitamin D status

    Raises
    ------
    UnknownVariableError
        With the nearest names that there are.
    """
    found = variable(name, "the catalogue")
    lines = textwrap.wrap(f"{found.name}: {found.label}", width, subsequent_indent="  ")
    for words, text in facts(found):
        lines += _indented(filled(words, text, width - 2, _HANG))
    details = _measured(found, width) if isinstance(found, Measured) else _derived(found, width)
    return "\n".join([*lines, *details])


def facts(found: Variable) -> list[tuple[str, str]]:
    """Return what is said of any variable, each with the words before it; what does not apply is left out.

    >>> facts(variable("sex"))[:2]
    [('kind', 'category'), ('levels', 'male, female')]
    """
    said = [
        ("unit", found.unit),
        ("kind", found.kind),
        ("levels", ", ".join(found.levels)),
        ("reference", found.reference or ""),
        ("missing codes", missing_codes(found) if isinstance(found, Measured) else ""),
        ("measured on", measured_on(found.name)),
        ("cycles", spans(cycles_of(found.name))),
        ("other names", ", ".join(alias for alias, name in aliases().items() if name == found.name)),
        ("source", found.source if isinstance(found, Derived) else ""),
        ("note", found.note if isinstance(found, Measured) else ""),
        ("used by", ", ".join(users(found.name))),
    ]
    return [(words, text) for words, text in said if text]


def users(name: str) -> tuple[str, ...]:
    """Return the derived variables that take `name` as an input.

    >>> "age_80_plus" in users("age_years")
    True
    """
    return tuple(v.name for v in variables().values() if isinstance(v, Derived) and name in v.inputs)


def source_rows(found: Measured) -> list[tuple[str, str, str, str]]:
    """Return a row a cycle: cycle, file, columns, and what is done beside recoding."""
    rows = []
    for cycle in found.cycles:
        source = found.source(cycle)
        if source is None:
            continue
        file = file_name(source.file, cycle) if source.file else "no file"
        what = ", ".join(source.columns) or source.level or "the cycle itself"
        done = "; ".join(part for part in (put_together(source), changes_in_words(source.recode)) if part)
        rows.append((cycle, file, what, done))
    return rows


def _measured(found: Measured, width: int) -> list[str]:
    rows = [row[:3] for row in source_rows(found)]
    lines = ["", *_indented(_folded([("cycle", "file", "column"), *rows], width - 2))]
    changes = _changes(found)
    lines += [""] if changes else []
    for done, cycles in changes.items():
        when = "" if len(cycles) == len(rows) else f" ({spans(cycles)})"
        lines += _indented(filled("then", f"{done}{when}", width - 2, _HANG))
    tables = count_tables(found)
    if not tables:
        codes = dict.fromkeys(codes_in_words(source.recode) for source in found.sources)
        lines += ["", *(line for text in codes if text for line in _indented(filled("codes", text, width - 2, _HANG)))]
    for table in tables:
        lines += ["", f"  Rows of {table.column} by CDC's codebook"]
        for block in blocks(table.rows, fixed=2, width=width - 2):
            lines += ["", *_indented(block)]
    lines += [line for note in notes_of(found) for line in _indented(filled("", note, width - 2, 0))]
    return lines


def _changes(found: Measured) -> dict[str, tuple[str, ...]]:
    """What is done to a column beside recoding its codes, and in which cycles."""
    changes: dict[str, tuple[str, ...]] = {}
    for cycle, _, _, done in source_rows(found):
        if done:
            changes[done] = (*changes.get(done, ()), cycle)
    return changes


def _derived(found: Derived, width: int) -> list[str]:
    inputs = [
        (f"{name}{' (optional)' if name in found.optional else ''}", variable(name).label) for name in found.inputs
    ]
    lines = ["", "  Made of", *_indented(_folded(inputs, width - 4), 4), "", "  Rule"]
    for part in found.rule.split("\n\n"):
        lines += _indented(filled("", " ".join(part.split()), width - 4, 0), 4)
    lines += ["", "  Cases"]
    for case in found.cases:
        given = ", ".join(f"{name} = {shown(value)}" for name, value in case.inputs.items()) or "nothing known"
        lines += _indented(filled("-", f"{given}: {shown(case.gives)} ({case.why})", width - 4, 2), 4)
    return lines


def _folded(rows: Sequence[tuple[str, ...]], width: int) -> list[str]:
    """A table whose last column is folded where it would run over."""
    before = max(len(line) for line in aligned([row[:-1] for row in rows])) + 2
    lines: list[str] = []
    for line, row in zip(aligned([row[:-1] for row in rows]), rows, strict=True):
        lines += [text.rstrip() for text in filled(line, row[-1], width, before)]
    return lines


def _indented(lines: Iterable[str], by: int = 2) -> list[str]:
    return [" " * by + line for line in lines]
