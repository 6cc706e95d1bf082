"""Text in columns of a fixed width, for a terminal."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence

Row = Sequence[str]
GAP = "  "


def aligned(rows: Sequence[Row], *, right: int | None = None) -> list[str]:
    """Return rows as lines of equal columns; those from column `right` on end at the right.

    >>> print(*aligned([("code", "rows"), ("1", "5080"), ("77", "3")], right=1), sep="\\n")
    code  rows
    1     5080
    77       3
    """
    if not rows:
        return []
    start = len(rows[0]) if right is None else right
    widths = [max(len(row[i]) for row in rows) for i in range(len(rows[0]))]
    return [
        GAP.join(
            cell.ljust(width) if i < start else cell.rjust(width)
            for i, (cell, width) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        for row in rows
    ]


def blocks(rows: Sequence[Row], fixed: int, width: int) -> list[list[str]]:
    """Return a wide table as blocks below each other, each with the first `fixed` columns and no wider than `width`.

    >>> blocks([("code", "1999", "2001"), ("1", "10", "20")], fixed=1, width=12)
    [['code  1999', '1       10'], ['code  2001', '1       20']]
    """
    if not rows:
        return []
    widths = [max(len(row[i]) for row in rows) for i in range(len(rows[0]))]
    room = max(width - sum(widths[:fixed]) - len(GAP) * (fixed - 1), 1)
    parts: list[list[int]] = [[]]
    used = 0
    for i in range(fixed, len(widths)):
        if parts[-1] and used + len(GAP) + widths[i] > room:
            parts.append([])
            used = 0
        parts[-1].append(i)
        used += len(GAP) + widths[i]
    first = list(range(fixed))
    return [aligned([[row[i] for i in (*first, *part)] for row in rows], right=fixed) for part in parts]


def filled(label: str, text: str, width: int, hang: int) -> list[str]:
    """Return a label and its text, folded at `width` with all lines of the text under each other at column `hang`.

    >>> filled("levels", "deficient, insufficient, sufficient", 30, 8)
    ['levels  deficient,', '        insufficient,', '        sufficient']
    """
    lines = textwrap.wrap(text, max(width - hang, 20), break_long_words=False, break_on_hyphens=False) or [""]
    return [f"{label:<{hang}}{lines[0]}", *(" " * hang + line for line in lines[1:])]
