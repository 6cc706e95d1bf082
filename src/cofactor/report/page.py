"""A result as files: one self-contained page, the same in markdown, every table, every picture, the provenance."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from cofactor.report.compose import compose
from cofactor.report.content import Page
from cofactor.report.folder import check_folder, folder_in_one_step
from cofactor.report.quality_compose import QUALITY_PAGE, compose_quality
from cofactor.report.quality_page import write_page
from cofactor.report.render import html_of, markdown_of, provenance_json
from cofactor.study import StudyResult, canonical_json

ENTRIES = ("report.html", "report.md", QUALITY_PAGE, "provenance.json", "study.json", "tables", "figures")
"""What a report puts into its folder; everything else there is left alone."""


@dataclass(frozen=True)
class ReportFiles:
    """Where the files of a report are."""

    html: Path
    markdown: Path
    tables: tuple[Path, ...]
    figures: tuple[Path, ...]
    provenance: Path
    quality: Path | None = None


def check_report_folder(folder: Path | str) -> None:
    """Raise FileError where `write_report` could not write to a folder: to be asked before the models are fitted."""
    check_folder(Path(folder), ENTRIES)


def write_report(result: StudyResult, folder: Path | str) -> ReportFiles:
    """Write the report of a result into a folder: all of it, or nothing.

    The folder gets ``report.html`` (needs no other file), ``report.md``, ``tables/*.csv`` (all digits; those of
    variants in folders of their own), ``figures/*.png``, ``provenance.json`` and ``study.json``; and
    ``data_quality.html`` where the result has one. An earlier report there is replaced; other files are left alone.

    Parameters
    ----------
    result : StudyResult
    folder : path
        Made where it does not exist.

    Returns
    -------
    ReportFiles

    Raises
    ------
    FileError
        The disk is full, the folder cannot be written to, or it holds files of these names that are no report's.
    """
    target = Path(folder)
    page = compose(result)
    tables = result.tables()
    with folder_in_one_step(target, ENTRIES) as unfinished:
        _write_all(result, page, tables, unfinished)
    return ReportFiles(
        html=target / "report.html",
        markdown=target / "report.md",
        tables=tuple(target / "tables" / f"{name}.csv" for name in sorted(tables)),
        figures=tuple(target / "figures" / f"{picture.name}.png" for picture in page.pictures),
        provenance=target / "provenance.json",
        quality=None if result.quality is None else target / QUALITY_PAGE,
    )


def _write_all(result: StudyResult, page: Page, tables: Mapping[str, pd.DataFrame], folder: Path) -> None:
    for name, table in tables.items():
        path = folder / "tables" / f"{name}.csv"
        path.parent.mkdir(parents=True, exist_ok=True)
        # pandas writes the shortest digits that read back as the same number
        table.to_csv(path, index=False, lineterminator="\n")
    (folder / "figures").mkdir()
    for picture in page.pictures:
        (folder / "figures" / f"{picture.name}.png").write_bytes(picture.png)
    if result.quality is not None:
        write_page(compose_quality(result.quality), folder)
    _write_text(folder / "report.md", markdown_of(page))
    _write_text(folder / "provenance.json", provenance_json(result))
    _write_text(folder / "study.json", canonical_json(result.study))
    _write_text(folder / "report.html", html_of(page))


def _write_text(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8", newline="\n")
