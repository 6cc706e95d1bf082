"""The parts of a variable's page, in markdown: each a heading with what stands under it, or nothing."""

from __future__ import annotations

import functools
import inspect
import textwrap
from collections.abc import Callable, Iterable

from cofactor.cohort import describing
from cofactor.cohort.availability import cycles_of
from cofactor.cohort.breaks import breaks_of
from cofactor.cohort.count_table import count_tables
from cofactor.cohort.coverage import absence
from cofactor.cohort.derive import Derived
from cofactor.cohort.listing import codes_in_words, shown, spans
from cofactor.cohort.measured import Measured
from cofactor.cohort.plausible import plausible_span
from cofactor.cohort.published import counts_of, notes_of
from cofactor.cohort.registry import Variable, variable
from cofactor.loaders.cycles import CYCLES

QUOTES = '"' * 3

_ELSEWHERE = ("source", "note", "used by")
"""Facts that have their own place on the page."""


def facts(found: Variable) -> list[str]:
    """Return what is said of any variable, as a list."""
    lines = [f"- {words}: {text}" for words, text in describing.facts(found) if words not in _ELSEWHERE]
    if (span := plausible_span(found.name)) is not None:
        lines.append(f"- plausible: {span.low:g} to {span.high:g} ({span.reason.rstrip('.')})")
    return lines


def rule(found: Variable) -> list[str]:
    """Return the rule of a derived variable: its words, inputs, formula, source and cases; a measured one's note."""
    if isinstance(found, Measured):
        return [found.note, ""] if found.note else []
    inputs = [
        (link(name), cell(variable(name).label), variable(name).unit, "optional" if name in found.optional else "")
        for name in found.inputs
    ]
    names = found.inputs
    rows = [(*(shown(case.inputs.get(name)) for name in names), shown(case.gives), case.why) for case in found.cases]
    return [
        "## Rule", "", found.rule, "",
        f"Source: {found.source}.", "",
        *table(("made of", "what it is", "unit", ""), inputs), "",
        "As the program computes it:", "", "```python", *formula(found), "```", "",
        "## Cases", "", "The tests run these rows.", "",
        *table((*names, "gives", "why"), rows), "",
    ]  # fmt: skip


def formula(found: Derived) -> list[str]:
    """Return the lines of the function that computes a derived variable, without its docstring, after its constants.

    Of a function whose parameters are named otherwise than the inputs, the function and what they are; of one with
    fixed arguments, what is fixed.
    """
    function = found.function
    signature = inspect.signature(function).parameters.values()
    parameters = [one.name for one in signature if one.kind is one.POSITIONAL_OR_KEYWORD]
    given = [f"{own}={name}" for own, name in zip(parameters, found.inputs, strict=False) if own != name]
    if isinstance(function, functools.partial):
        given += [
            *map(_named, function.args),
            *(f"{name}={_named(value)}" for name, value in function.keywords.items()),
        ]
        function = function.func
    lines = [f"{name} = {value!r}" for name, value in _constants(function).items()]
    lines += [f"# with {', '.join(given)}"] if given else []
    return [*lines, *([""] if lines else []), *_body(function).splitlines()]


def _constants(function: Callable[..., object]) -> dict[str, float | str]:
    """The numbers and words of the module that a function names."""
    code = inspect.unwrap(function).__code__
    known = inspect.unwrap(function).__globals__
    named = {name: known[name] for name in code.co_names if name.isupper() and name in known}
    return {name: value for name, value in named.items() if isinstance(value, int | float | str)}


def _body(function: Callable[..., object]) -> str:
    lines = textwrap.dedent(inspect.getsource(function)).splitlines()
    start = next((i for i, line in enumerate(lines) if line.startswith("def ")), 0)
    text = "\n".join(lines[start:])
    if inspect.getdoc(function) is not None:
        first = text.find(QUOTES)
        last = text.find(QUOTES, first + len(QUOTES))
        text = text[:first].rstrip(" ") + text[last + len(QUOTES) :].lstrip("\n")
    return text.rstrip()


def _named(value: object) -> str:
    """A function by its name, any other value as it is written."""
    return str(getattr(value, "__name__", repr(value)))


def sources(found: Variable) -> list[str]:
    """Return file and column of a measured variable in each cycle, and the codes where no table of counts has them."""
    if not isinstance(found, Measured):
        return []
    counted = {(one.cycle, one.column) for one in counts_of(found)}
    rows = []
    for cycle, file, columns, done in describing.source_rows(found):
        source = found.source(cycle)
        told = source is None or any((cycle, column) in counted for column in source.columns)
        codes = "" if source is None or told else codes_in_words(source.recode)
        rows.append((cycle, file, columns, codes or done))
    if not any(row[3] for row in rows):
        return ["## Sources", "", *table(("cycle", "file", "column"), [row[:3] for row in rows]), ""]
    return ["## Sources", "", *table(("cycle", "file", "column", "then"), rows), ""]


def counts(found: Variable) -> list[str]:
    """Return CDC's counts of each code of a measured variable in each cycle."""
    if not isinstance(found, Measured):
        return []
    lines = []
    for one in count_tables(found):
        head, *rows = one.rows
        lines += [f"Rows of {one.column} by CDC's codebook:", "", *table(head, rows), ""]
    notes = [f"- {note}" for note in notes_of(found)]
    lines += [*notes, ""] if notes else []
    return ["## Counts", "", *lines] if lines else []


def gaps(found: Variable) -> list[str]:
    """Return the cycles that lack the variable, with the reason."""
    lacking = [cycle for cycle in CYCLES if cycle not in cycles_of(found.name)]
    reasons: dict[str, tuple[str, ...]] = {}
    for cycle in lacking:
        why = absence(found.name, cycle)
        reasons[why] = (*reasons.get(why, ()), cycle)
    lines = [f"- {spans(cycles)}: {why}" for why, cycles in reasons.items()]
    return ["## What it lacks", "", *lines, ""] if lines else []


def history(found: Variable) -> list[str]:
    """Return the known changes of method that concern the variable."""
    lines = [
        f"- {'every cycle' if known.first_cycle is None else f'from {known.first_cycle}'}: {known.cause} "
        f"({known.source.rstrip('.')})"
        for known in sorted(breaks_of(found.name), key=lambda known: known.first_cycle or "")
    ]
    return ["## Known changes", "", *lines, ""] if lines else []


def used_by(found: Variable) -> list[str]:
    """Return links to what is made of the variable."""
    users = describing.users(found.name)
    return ["## Used by", "", ", ".join(map(link, users)), ""] if users else []


def link(name: str) -> str:
    """Return a link to a variable's page.

    >>> link("sex")
    '[sex](sex.md)'
    """
    return f"[{name}]({name}.md)"


def cell(text: str) -> str:
    """Return text that can stand in a cell of a table.

    >>> cell("a|b")
    'a/b'
    """
    return text.replace("|", "/").replace("\n", " ")


def table(head: Iterable[str], rows: Iterable[Iterable[str]]) -> list[str]:
    """Return a table in markdown.

    >>> table(("a", "b"), [("1", "x|y")])
    ['| a | b |', '| --- | --- |', '| 1 | x/y |']
    """
    names = tuple(head)
    lines = [names, ("---",) * len(names), *rows]
    return [f"| {' | '.join(cell(text) for text in line)} |" for line in lines]
