"""How results show themselves in a notebook: accessible tables in HTML, escaped.

A table has a caption, headers with their scope, and a frame that the keyboard can scroll where it is too wide. Colours
are those of the page around it, so that it reads in light and in dark. Beside it Jupyter keeps the text of ``repr``.
"""

from __future__ import annotations

import math
import numbers
from collections.abc import Iterable, Mapping
from html import escape
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pandas as pd

MOST_ROWS = 60
"""Rows of a table that a notebook shows; of a longer one the first and the last."""

NOTHING = "–"
"""What stands where there is no value."""

_FRAME = "overflow-x:auto;max-width:100%;margin:0.6em 0"
_TABLE = "border-collapse:collapse;font-variant-numeric:tabular-nums"
_CAPTION = "caption-side:top;text-align:left;font-weight:600;padding:0.2em 0.5em;color:inherit"
_LINE = "border-bottom:1px solid rgba(128,128,128,0.35);padding:0.2em 0.5em"
_P_COLUMNS = ("p", "adjusted", "p_adjusted")


def cell_text(value: Any, column: str = "") -> str:
    """Return a value as a table shows it: four digits of a number, a p-value with a bound, a dash for none.

    >>> [cell_text(value) for value in (0.123456, 12345.6, 12345, True, None, float("nan"), "a < b")]
    ['0.1235', '12,346', '12,345', 'yes', '–', '–', 'a < b']
    >>> cell_text(0.00001, "p")
    '<0.001'
    """
    if value is None or str(value) in ("nan", "<NA>", "NaT"):
        return NOTHING
    if isinstance(value, bool) or type(value).__name__ in ("bool", "bool_"):
        return "yes" if value else "no"
    if isinstance(value, numbers.Integral):
        return f"{int(value):,}"
    if isinstance(value, numbers.Real):
        return _number_text(float(value), column)
    return str(value)


def _number_text(value: float, column: str) -> str:
    if column in _P_COLUMNS and 0.0 <= value < 0.001:
        return "<0.001"
    if math.isfinite(value) and abs(value) >= 1e4:
        return f"{value:,.0f}" if abs(value) < 1e9 else f"{value:.3e}"
    return f"{value:.4g}"


def table_html(table: pd.DataFrame, *, caption: str, row_headers: int = 1) -> str:
    """Return a frame as an accessible HTML table.

    Parameters
    ----------
    table : DataFrame
        Its index is not shown. Of more than 60 rows the first and the last 30 are, and the caption says so.
    caption : str
        What the table holds; also the name of the frame in which it scrolls.
    row_headers : int
        How many columns from the left name the row.

    Examples
    --------
    >>> import pandas as pd
    >>> html = table_html(pd.DataFrame({"term": ["a<b"], "n": [1]}), caption="Counts")
    >>> "<caption" in html, 'scope="row"' in html, "a&lt;b" in html
    (True, True, True)
    """
    names = [str(name) for name in table.columns]
    rows = [tuple(row) for row in table.itertuples(index=False, name=None)]
    said = caption
    if len(rows) > MOST_ROWS:
        said = f"{caption}: the first and the last {MOST_ROWS // 2} of {len(rows):,} rows"
        rows = [*rows[: MOST_ROWS // 2], *rows[-MOST_ROWS // 2 :]]
    sides = [_side(rows[0][i] if rows and i >= row_headers else "") for i in range(len(names))]
    head = "".join(
        f'<th scope="col" style="{_LINE};text-align:{side}">{escape(name)}</th>'
        for name, side in zip(names, sides, strict=True)
    )
    body = "".join(_row_html(row, names, row_headers) for row in rows)
    return framed_html(f"<thead><tr>{head}</tr></thead><tbody>{body}</tbody>", caption=said)


def _row_html(row: tuple[Any, ...], names: list[str], row_headers: int) -> str:
    cells = []
    for i, (value, name) in enumerate(zip(row, names, strict=True)):
        text = escape(cell_text(value, name))
        if i < row_headers:
            cells.append(f'<th scope="row" style="{_LINE};text-align:left;font-weight:normal">{text}</th>')
        else:
            cells.append(f'<td style="{_LINE};text-align:{_side(value)}">{text}</td>')
    return f"<tr>{''.join(cells)}</tr>"


def _side(value: Any) -> str:
    return "left" if isinstance(value, str) else "right"


def framed_html(inner: str, *, caption: str) -> str:
    """Return the rows of a table, in HTML already, with its caption and a frame that scrolls."""
    return (
        f'<div role="region" tabindex="0" aria-label="{escape(caption)}" style="{_FRAME}"><table style="{_TABLE}">'
        f'<caption style="{_CAPTION}">{escape(caption)}</caption>{inner}</table></div>'
    )


def facts_html(facts: Mapping[str, str], *, caption: str) -> str:
    """Return names and what is said of each as a table of two columns.

    >>> "<th scope" in facts_html({"PSUs": "31"}, caption="Survey design")
    True
    """
    rows = "".join(
        f'<tr><th scope="row" style="{_LINE};text-align:left;font-weight:normal">{escape(name)}</th>'
        f'<td style="{_LINE};text-align:left">{escape(text)}</td></tr>'
        for name, text in facts.items()
    )
    return framed_html(f"<tbody>{rows}</tbody>", caption=caption)


def lines_html(lines: Iterable[str]) -> str:
    """Return each line as a paragraph, escaped.

    >>> lines_html(["p < 0.05"])
    '<p>p &lt; 0.05</p>'
    """
    return "".join(f"<p>{escape(line)}</p>" for line in lines)


def notes_html(notes: Iterable[str]) -> str:
    """Return each note as a paragraph that says that it is one, escaped."""
    return lines_html(f"note: {note}" for note in notes)
