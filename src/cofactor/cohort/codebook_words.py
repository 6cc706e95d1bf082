"""What `cofactor verify --codebook` says of a report."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from cofactor.cohort.codebook import CodebookReport, Disagreement

_NAMED = 5
"""Columns of a file that are named; the rest is counted."""


def unexplained_words(report: CodebookReport) -> list[str]:
    """Return a line for each thing that is not right, and none where all is."""
    lines = [f"unread: {file}: {why}" for file, why in report.unread.items()]
    lines += [
        f"not counted: {file}, {column}: the codebook table has no line of it"
        for (file, column), reason in report.uncounted.items()
        if not reason
    ]
    return lines + disagreement_table(report.unexplained)


def explained_words(report: CodebookReport) -> list[str]:
    """Return the known disagreements and uncounted columns, a file and reason together."""
    columns: dict[tuple[str, str], dict[str, None]] = {}
    for one in report.disagreements:
        if one.reason:
            columns.setdefault((one.file, one.reason), {})[one.column] = None
    for (file, column), reason in report.uncounted.items():
        if reason:
            columns.setdefault((file, reason), {})[column] = None
    return [f"known: {file} ({_few(list(names))}): {reason}" for (file, reason), names in columns.items()]


def _few(names: list[str]) -> str:
    more = len(names) - _NAMED
    return ", ".join(names) if more < 2 else f"{', '.join(names[:_NAMED])} and {more} more"


def summary(report: CodebookReport) -> str:
    """Return the last line: how many columns were compared, and with what result."""
    files = len({file for file, _ in report.compared})
    differing = Counter(bool(one.reason) for one in _one_a_column(report.disagreements))
    if not report.compared:
        return (
            f"{report.root} holds no file that the catalogue reads; `cofactor fetch --data {report.root}` brings them"
        )
    parts = [f"{len(report.compared) - differing.total():,} agree"]
    if differing[True]:
        parts.append(f"{differing[True]} differ for a known reason")
    if differing[False]:
        parts.append(f"{differing[False]} differ and no reason is known")
    told = f"{len(report.compared):,} columns of {files} files in {report.root} held against CDC's codebook: "
    absent = f"; {len(report.absent)} files are not there" if report.absent else ""
    return told + ", ".join(parts) + absent


def disagreement_table(found: Iterable[Disagreement]) -> list[str]:
    """Return disagreements as lines of equal columns, under a head; nothing for none.

    >>> from cofactor.loaders.code_comparison import CountDifference
    >>> print(*disagreement_table([Disagreement("BMX.xpt", "BMXHT", CountDifference("999", None, 2), "")]), sep="\\n")
    file     column  code  published    found
    BMX.xpt  BMXHT   999   not on page      2
    """
    rows = [
        (d.file, d.column, d.difference.code, _count(d.difference.published), f"{d.difference.found:,}") for d in found
    ]
    if not rows:
        return []
    rows.insert(0, ("file", "column", "code", "published", "found"))
    widths = [max(len(row[i]) for row in rows) for i in range(5)]
    return [_aligned(row, widths) for row in rows]


def _one_a_column(found: Iterable[Disagreement]) -> list[Disagreement]:
    """One disagreement for each column, an unexplained one where there is any."""
    return list({(d.file, d.column): d for d in sorted(found, key=lambda d: not d.reason)}.values())


def _count(number: int | None) -> str:
    return "not on page" if number is None else f"{number:,}"


def _aligned(row: tuple[str, ...], widths: list[int]) -> str:
    text = [cell.ljust(width) for cell, width in zip(row[:3], widths[:3], strict=True)]
    figures = [cell.rjust(width) for cell, width in zip(row[3:], widths[3:], strict=True)]
    return "  ".join([*text, *figures])
