"""Which files hold people's products, and which of their columns say what."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from cofactor.loaders.cycles import parse_cycles

LABEL_FILES = ("DSPI.xpt", "DSII.xpt")
"""The database of labels: products with their servings, and what each holds. DSBI adds no amounts: its lists of the
components of blends have none."""


@dataclass(frozen=True)
class ProductFile:
    """A file with one row a product, and the names of its columns.

    product : key of the database of labels. amount, unit : how much on a day of use (each time, where `times` is).
    antacid : 0 for supplements. days : on how many of the past 30; or times per (day, week, month), within the days
    since it was begun.
    """

    cycles: tuple[str, ...]
    subsample: str
    file: str
    product: str
    amount: str
    unit: str
    antacid: str
    days: str | None = None
    times: str | None = None
    per: str | None = None
    since: str | None = None

    @property
    def columns(self) -> tuple[str, ...]:
        """All columns that are read."""
        parts = (self.product, self.amount, self.unit, self.days, self.times, self.per, self.since, self.antacid)
        return tuple(part for part in parts if part)


@cache
def product_files() -> tuple[ProductFile, ...]:
    """Return the files of products, in order of their cycles.

    >>> product_files()[0].columns
    ('DSDSUPID', 'DSD120Q', 'DSD120U', 'DSD100Q', 'DSD100U', 'DSD090', 'DSDANTA')
    """
    path = Path(__file__).parent.parent / "catalogue" / "product_files.toml"
    entries = tomllib.loads(path.read_text(encoding="utf-8"))["file"]
    return tuple(ProductFile(**(entry | {"cycles": parse_cycles(entry["cycles"])})) for entry in entries)
