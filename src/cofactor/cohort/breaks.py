"""Known changes of method between cycles, each with its cause: `catalogue/breaks.toml`."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from fnmatch import fnmatchcase
from functools import cache
from typing import Any

from cofactor.cohort.availability import in_order
from cofactor.cohort.catalogue_files import FOLDER
from cofactor.errors import CofactorError
from cofactor.loaders.cycles import CYCLES, first_year

FILE = "breaks.toml"
_KEYS = {"title", "variables", "first_cycle", "cause", "source"}


@dataclass(frozen=True)
class KnownBreak:
    """A change of method: what it is called, for which variables, from when, what changed, and who says so.

    variables : names of the catalogue, with * and ? for any letters. first_cycle : the first of the new state, or None
    where every cycle differs from the one before by construction.
    """

    name: str
    title: str
    variables: tuple[str, ...]
    first_cycle: str | None
    cause: str
    source: str

    def concerns(self, name: str) -> bool:
        """Whether a variable is named here."""
        return any(fnmatchcase(name, pattern) for pattern in self.variables)

    def lies_between(self, earlier: str, later: str) -> bool:
        """Whether the new state began after the cycle `earlier`, and not after `later`."""
        if self.first_cycle is None:
            return True
        return first_year(earlier) < first_year(self.first_cycle) <= first_year(later)


@cache
def known_breaks() -> tuple[KnownBreak, ...]:
    """Return all known changes, in the order of the file."""
    entries = tomllib.loads((FOLDER / FILE).read_text(encoding="utf-8"))
    return tuple(_break(name, entry) for name, entry in entries.items())


@cache
def breaks_of(name: str) -> tuple[KnownBreak, ...]:
    """Return the known changes of a variable, or of anything that it is made of.

    >>> [known.name for known in breaks_of("vitd_status")]
    ['frame_2021', 'vitamin_d_assay_2007', 'vitamin_d_age_2003']
    """
    parts = in_order([name])
    return tuple(known for known in known_breaks() if any(known.concerns(part) for part in parts))


def causes(name: str, earlier: str, later: str) -> tuple[KnownBreak, ...]:
    """Return the known changes that lie between two cycles of a variable.

    >>> [known.name for known in causes("moisture_diet_day1_g", "2003-2004", "2005-2006")]
    ['plain_water_2005']
    """
    return tuple(known for known in breaks_of(name) if known.lies_between(earlier, later))


def _break(name: str, entry: dict[str, Any]) -> KnownBreak:
    if set(entry) != _KEYS:
        raise CofactorError(f"{name} of {FILE} has the keys {', '.join(entry)}; give {', '.join(sorted(_KEYS))}")
    first = entry["first_cycle"]
    if first != "every" and first not in CYCLES:
        raise CofactorError(f"{name} of {FILE} begins in {first!r}, which is no cycle; there are {', '.join(CYCLES)}")
    return KnownBreak(
        name,
        entry["title"],
        tuple(entry["variables"]),
        None if first == "every" else first,
        entry["cause"],
        entry["source"],
    )
