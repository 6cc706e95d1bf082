"""A page of documentation for each variable, in markdown, made from the catalogue and its rules."""

from __future__ import annotations

from pathlib import Path

from cofactor.cohort.availability import cycles_of
from cofactor.cohort.documented import check_documented
from cofactor.cohort.listing import spans
from cofactor.cohort.page_parts import cell, counts, facts, gaps, history, link, rule, sources, table, used_by
from cofactor.cohort.page_topics import by_topic
from cofactor.cohort.registry import variable, variables
from cofactor.loaders.atomic import write_text_whole

MADE = "<!-- Made from the catalogue by `make variables`: change the catalogue, not this page. -->"


def write_pages(folder: Path | str) -> tuple[Path, ...]:
    """Write one page a variable and an index into `folder`, and return their paths.

    Each page is written whole or not at all; pages of variables that there are no longer are removed.

    Raises
    ------
    CofactorError
        A variable is undocumented: nothing is written.
    OSError
        The disk is full.
    """
    check_documented(variables().values())
    pages = {"index": index_page()} | {name: page(name) for name in variables()}
    target = Path(folder)
    target.mkdir(parents=True, exist_ok=True)
    written = tuple(_write(target / f"{name}.md", text) for name, text in pages.items())
    for stale in set(target.glob("*.md")) - set(written):
        if MADE in stale.read_text(encoding="utf-8"):
            stale.unlink()
    return written


def index_page() -> str:
    """Return the list of all variables by topic, each with a link to its page.

    >>> index_page().splitlines()[0]
    '# Variables'
    """
    parts = [
        "# Variables",
        "",
        f"{len(variables())} variables of {spans(cycles_of('age_years'))}, by topic: those that are read from files "
        "first, then those that are made of others.",
        "",
    ]
    for topic, names in by_topic().items():
        rows = []
        for name in names:
            found = variables()[name]
            what = found.unit or (", ".join(found.levels) if found.kind == "category" else found.kind)
            rows.append((link(name), cell(found.label), cell(what), spans(cycles_of(name))))
        parts += [f"## {topic}", "", *table(("name", "what it is", "unit or levels", "cycles"), rows), ""]
    return "\n".join([*parts, MADE, ""])


def page(name: str) -> str:
    """Return the page of a variable: what it is, its sources with codes and counts, or its rule with cases.

    >>> page("age_80_plus").splitlines()[0]
    '# age_80_plus'

    Raises
    ------
    UnknownVariableError
        With the nearest names that there are.
    """
    found = variable(name, "the pages of variables")
    parts = [f"# {found.name}", "", f"{found.label}.", "", *facts(found), ""]
    parts += [*rule(found), *sources(found), *counts(found), *gaps(found), *history(found)]
    parts += used_by(found)
    return "\n".join([*parts, "[All variables](index.md)", "", MADE, ""])


def _write(path: Path, text: str) -> Path:
    write_text_whole(path, text)
    return path
