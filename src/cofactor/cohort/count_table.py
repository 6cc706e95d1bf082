"""CDC's counts of a variable as tables: a row a code, a column a cycle."""

from __future__ import annotations

from dataclasses import dataclass

from cofactor.cohort.measured import Measured
from cofactor.cohort.published import MISSING, PublishedCount, counts_of, files_of
from cofactor.loaders.codes import CodeCount

Key = tuple[int, float, str, str]
"""The place of a row: kinds in order, within a kind the code; then the words of the code, and what it becomes."""


@dataclass(frozen=True)
class CountTable:
    """A table of text: `rows` begins with the head (code, becomes, the cycles); `column` names the raw column(s)."""

    column: str
    rows: tuple[tuple[str, ...], ...]


def count_tables(found: Measured) -> tuple[CountTable, ...]:
    """Return a table for each raw column of the variable; a column that changes its name with the cycle is one.

    Ranges differ by cycle, so a range has three rows: its ends, and how many values lie between. A code that a cycle's
    page does not have is blank there.

    >>> from cofactor.cohort.registry import variable
    >>> count_tables(variable("sex"))[0].rows[1][:4]
    ('1', 'male', '4883', '5331')
    """
    by_place = _by_place(found)
    return tuple(_table(columns, counts) for columns, counts in by_place.items() if counts)


def _by_place(found: Measured) -> dict[str, list[PublishedCount]]:
    """Counts by the place of the column among those of alike sources, under the column's names."""
    places: dict[tuple[str, int, int], dict[tuple[str, str], str]] = {}
    for cycle, source, _ in files_of(found):
        for place, column in enumerate(source.columns):
            places.setdefault((source.rows, len(source.columns), place), {})[cycle, column] = column
    counts = counts_of(found)
    return {
        " / ".join(dict.fromkeys(names.values())): [one for one in counts if (one.cycle, one.column) in names]
        for names in places.values()
    }


def _table(column: str, counts: list[PublishedCount]) -> CountTable:
    cycles = sorted({one.cycle for one in counts})
    cells: dict[Key, dict[str, str]] = {}
    for cycle in cycles:
        for key, cell in _cells([one for one in counts if one.cycle == cycle]).items():
            cells.setdefault(key, {})[cycle] = cell
    rows = [(key[2], key[3], *(line.get(cycle, "") for cycle in cycles)) for key, line in sorted(cells.items())]
    return CountTable(column, (("code", "becomes", *cycles), *rows))


def _cells(counts: list[PublishedCount]) -> dict[Key, str]:
    """The cells of one cycle."""
    found: dict[Key, str] = {}
    for word in dict.fromkeys(one.becomes for one in counts if one.line.kind == "range"):
        ranges = [one.line for one in counts if one.line.kind == "range" and one.becomes == word]
        found[0, 0, "lowest", word] = _number(min(line.low for line in ranges if line.low is not None))
        found[0, 1, "highest", word] = _number(max(line.high for line in ranges if line.high is not None))
        found[0, 2, "values between", word] = str(sum(line.count for line in ranges))
    for one in counts:
        if one.line.kind != "range":
            found[_key(one.line, one.becomes)] = str(one.line.count)
    return found


def _key(line: CodeCount, becomes: str) -> Key:
    if line.kind == "missing":
        return (3, 0, "blank", MISSING)
    if line.low is None:
        return (2, float(line.kind == "recorded"), line.words, becomes)
    return (1, line.low, line.words, becomes)


def _number(value: float) -> str:
    """An end of a range, short: six digits tell where a column begins and ends."""
    return f"{value:.0f}" if value.is_integer() or abs(value) >= 1e5 else f"{value:.6g}"
