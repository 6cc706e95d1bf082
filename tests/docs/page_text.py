"""What tests read from the text of a page: its blocks of Python, its links, its pictures."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
DOCS = ROOT / "docs"
MADE = (
    "_build",
    "building",
    "made",
    "results",
    "variables",
    "reference",
    "notebooks",
    "benchmarks",
    "_static",
    "images",
)
"""Folders of `docs` that hold no hand-written page."""

_FENCE = re.compile(r"^```(?P<language>[^`]*)$")
_PYTHON = ("python", "{code-cell} python")


def hand_written() -> list[Path]:
    """The pages of the site that people wrote."""
    return [path for path in sorted(DOCS.rglob("*.md")) if path.relative_to(DOCS).parts[0] not in MADE]


def python_of(text: str) -> str:
    """The blocks of Python of a page as one program, each line where it stands in the page.

    Cells of a notebook count too; what stands between two lines of three hyphens at a cell's head is no code.
    """
    lines, language, head = [], None, False
    for line in text.splitlines():
        fence = _FENCE.match(line)
        if fence:
            language, head = (fence["language"].strip() if language is None else None), False
        is_code = language in _PYTHON and not fence
        if is_code and line == "---":
            head = not head
            is_code = False
        lines.append(line if is_code and not head else "")
    return "\n".join(lines)


def fenced(text: str, language: str) -> list[str]:
    """The fenced blocks of a page in a language, whole."""
    return re.findall(rf"^```{language}\n(.*?)^```$", text, flags=re.MULTILINE | re.DOTALL)


def prose_of(text: str) -> str:
    """A page without its fenced blocks."""
    kept, inside = [], False
    for line in text.splitlines():
        if line.startswith("```"):
            inside = not inside
        kept.append("" if inside else line)
    return "\n".join(kept)


def links_of(text: str) -> list[str]:
    """The targets of a page's links."""
    return re.findall(r"(?<!!)\[[^\]]*\]\(([^)\s]+)\)", prose_of(text))


def commands_of(text: str, program: str) -> list[str]:
    """The lines of code blocks, fenced or indented, that call a program."""
    return re.findall(rf"^(?: {{4}}|\$ | {{4}}\$ )?({program} .+?)\s*$", text, flags=re.MULTILINE)
