"""What a page is made of: sections of words, tables and pictures, before any markup."""

from __future__ import annotations

import base64
import struct
from dataclasses import dataclass

from cofactor.report.tables.model import Table


@dataclass(frozen=True)
class Words:
    """Paragraphs."""

    paragraphs: tuple[str, ...]
    kind: str = "words"


@dataclass(frozen=True)
class Heading:
    """A heading within a section."""

    title: str
    kind: str = "heading"


@dataclass(frozen=True)
class Bullets:
    """A list."""

    items: tuple[str, ...]
    kind: str = "bullets"


@dataclass(frozen=True)
class Picture:
    """A picture with its words: `alt` says what it shows to those who do not see it, `caption` how to read it."""

    name: str
    title: str
    alt: str
    caption: str
    png: bytes
    kind: str = "picture"

    @property
    def uri(self) -> str:
        """The picture as a data URI, so that the page needs no file beside it."""
        return "data:image/png;base64," + base64.b64encode(self.png).decode("ascii")

    @property
    def size(self) -> tuple[int, int]:
        """Width and height in pixels, from the PNG's header, so that the page keeps its place free."""
        width, height = struct.unpack(">II", self.png[16:24])
        return int(width), int(height)


@dataclass(frozen=True)
class Tabular:
    """A table's place in a section."""

    table: Table
    kind: str = "table"


Block = Words | Heading | Bullets | Picture | Tabular


@dataclass(frozen=True)
class Section:
    """A part of the page with a heading and an address."""

    name: str
    title: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True)
class FirstScreen:
    """What a reader sees first: question, answer, number, and what the data cannot tell."""

    kicker: str
    title: str
    question: str
    answer: tuple[str, ...]
    number: str
    interval: str
    number_words: str
    within_words: str
    within: tuple[tuple[str, str], ...]
    strip: Picture
    limits: tuple[str, ...]


@dataclass(frozen=True)
class Page:
    """A whole page.

    notices : (level, words) on the data themselves; "synthetic" is the loudest level. beside : (file, words) of other
    pages in the same folder.
    """

    first: FirstScreen
    notices: tuple[tuple[str, str], ...]
    sections: tuple[Section, ...]
    footer: str
    beside: tuple[tuple[str, str], ...] = ()

    @property
    def synthetic(self) -> bool:
        """Whether any input was made up."""
        return any(level == "synthetic" for level, _ in self.notices)

    @property
    def pictures(self) -> tuple[Picture, ...]:
        """All pictures, that of the first screen first."""
        blocks = [block for section in self.sections for block in section.blocks]
        return (self.first.strip, *(block for block in blocks if isinstance(block, Picture)))
