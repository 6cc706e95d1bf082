"""The data-quality page as files: one self-contained page, every table, every picture, the provenance."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

from cofactor.report.folder import folder_in_one_step
from cofactor.report.quality_compose import QUALITY_PAGE, QualityPage, compose_quality
from cofactor.report.render import quality_html_of
from cofactor.study.quality import DataQuality

ENTRIES = (QUALITY_PAGE, "provenance.json", "tables", "figures")
"""What the page puts into its folder; everything else there is left alone."""


@dataclass(frozen=True)
class QualityFiles:
    """Where the files of a data-quality page are."""

    html: Path
    tables: tuple[Path, ...]
    figures: tuple[Path, ...]
    provenance: Path


def write_quality(quality: DataQuality, folder: Path | str) -> QualityFiles:
    """Write the data-quality page into a folder: all of it, or nothing.

    The folder gets ``data_quality.html`` (needs no other file), ``tables/*.csv`` (all digits), ``figures/*.png`` and
    ``provenance.json``. An earlier page there is replaced; other files are left alone.

    Raises
    ------
    FileError
        The disk is full, the folder cannot be written to, or it holds files of these names that no earlier page wrote.
    """
    target = Path(folder)
    page = compose_quality(quality)
    with folder_in_one_step(target, ENTRIES) as unfinished:
        _write_all(quality, page, unfinished)
    return QualityFiles(
        html=target / QUALITY_PAGE,
        tables=tuple(target / "tables" / f"{name}.csv" for name in sorted(quality.tables())),
        figures=tuple(target / "figures" / f"{picture.name}.png" for picture in page.pictures),
        provenance=target / "provenance.json",
    )


def _write_all(quality: DataQuality, page: QualityPage, folder: Path) -> None:
    (folder / "tables").mkdir()
    (folder / "figures").mkdir()
    for name, table in quality.tables().items():
        table.to_csv(folder / "tables" / f"{name}.csv", index=False, lineterminator="\n")
    write_page(page, folder)
    provenance = json.dumps(quality.provenance, indent=2, sort_keys=True, ensure_ascii=False, default=str)
    (folder / "provenance.json").write_text(provenance + "\n", encoding="utf-8", newline="\n")


def write_page(page: QualityPage, folder: Path) -> None:
    """Write the page into a folder that exists, and its pictures into the folder `figures` there."""
    for picture in page.pictures:
        (folder / "figures" / f"{picture.name}.png").write_bytes(picture.png)
    (folder / QUALITY_PAGE).write_text(quality_html_of(page), encoding="utf-8", newline="\n")
