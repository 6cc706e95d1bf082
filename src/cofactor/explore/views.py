"""Fragments of the page: pictures, tables, messages, code."""

from __future__ import annotations

import base64
from collections.abc import Iterable, Sequence

from shiny.ui import Tag, TagList, tags

from cofactor.explore.pictures import Picture
from cofactor.explore.tables import TextTable


def picture(shown: Picture, caption: str) -> Tag:
    """Return a picture with its text alternative and a caption; its bytes are in the page."""
    source = f"data:image/png;base64,{base64.b64encode(shown.png).decode('ascii')}"
    return tags.figure(tags.img(src=source, alt=shown.alt), tags.figcaption(caption))


def table(shown: TextTable) -> Tag:
    """Return a table that scrolls sideways within itself where it is wider than the screen."""
    head = tags.tr(*(tags.th(text, scope="col") for text in shown.heads))
    rows = [tags.tr(tags.th(row[0], scope="row"), *(tags.td(*_lines(cell)) for cell in row[1:])) for row in shown.rows]
    made = tags.table(tags.caption(shown.caption), tags.thead(head), tags.tbody(*rows))
    return tags.div(made, class_="scroll", tabindex="0", role="region", aria_label=shown.caption)


def folded(shown: TextTable, most: int = 6) -> Tag:
    """Return a table, folded away beneath its caption where it is long."""
    made = table(shown)
    return made if len(shown.rows) <= most else tags.details(tags.summary(f"{shown.caption}: the numbers"), made)


def complaint(text: str) -> Tag:
    """Return what is wrong, in plain words."""
    return tags.p(text, class_="complaint")


def notes(texts: Iterable[str]) -> Tag | None:
    """Return notes and warnings as a list, each once; None where there are none."""
    listed = [tags.li(text) for text in dict.fromkeys(texts)]
    return tags.ul(*listed, class_="notes") if listed else None


def sentences(texts: Sequence[str]) -> TagList:
    """Return sentences as paragraphs."""
    return TagList(*(tags.p(text) for text in texts))


def code(text: str) -> Tag:
    """Return Python with a button that copies it."""
    shown = tags.code(text, id="shown_code", _add_ws=False)
    return tags.div(
        tags.button("Copy", type="button", class_="copy btn btn-default", data_copies="shown_code"),
        tags.span(class_="copied", role="status", aria_live="polite"),
        tags.pre(shown, tabindex="0", aria_label="Python code", _add_ws=False),
    )


def _lines(cell: str) -> list[Tag | str]:
    """Return the lines of a cell: the estimate, and beneath it in small print the counts."""
    first, *rest = cell.split("\n")
    return [first, *(tags.small(line) for line in rest)]
