"""A table as the page shows it: words in cells, headings with their scope, and what it stands on."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Column:
    """A column's heading, and the heading that it shares with its neighbours."""

    title: str
    group: str = ""
    words: bool = False  # text is set to the left, numbers to the right


@dataclass(frozen=True)
class Row:
    """A row: its heading, its cells, how far it is indented; a row without cells heads those below it."""

    header: str
    cells: tuple[str, ...] = ()
    indent: bool = False
    strong: bool = False


@dataclass(frozen=True)
class Table:
    """A table of the page.

    name : the address within the page. basis : weight, cycles, people, events, degrees of freedom. notes : below it.
    """

    name: str
    title: str
    stub: str
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    basis: str = ""
    notes: tuple[str, ...] = field(default=())
    folded: bool = False  # long lists open on demand

    def __post_init__(self) -> None:
        for row in self.rows:
            if row.cells and len(row.cells) != len(self.columns):
                raise ValueError(
                    f"table {self.name!r}, row {row.header!r}: {len(row.cells)} cells in {len(self.columns)} columns"
                )

    @property
    def spans(self) -> tuple[tuple[str, int], ...]:
        """The shared headings, each with how many columns it covers; empty where no column has one."""
        if not any(column.group for column in self.columns):
            return ()
        spans: list[tuple[str, int]] = []
        for column in self.columns:
            if spans and spans[-1][0] == column.group:
                spans[-1] = (column.group, spans[-1][1] + 1)
            else:
                spans.append((column.group, 1))
        return tuple(spans)
