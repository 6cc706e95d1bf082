"""Spans outside which a value is hardly true of a person (`catalogue/plausible.toml`): counted, never dropped."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from fnmatch import fnmatchcase
from functools import cache
from typing import Any

from cofactor.cohort.catalogue_files import FOLDER
from cofactor.errors import CofactorError

FILE = "plausible.toml"
_KEYS = {"variables", "low", "high", "reason"}


@dataclass(frozen=True)
class Plausible:
    """The span of plausible values of some numbers, ends included, and why it is that.

    variables : names of the catalogue, with * and ? for any letters. low, high : in the variables' unit.
    """

    name: str
    variables: tuple[str, ...]
    low: float
    high: float
    reason: str

    def concerns(self, name: str) -> bool:
        """Whether a variable is named here."""
        return any(fnmatchcase(name, pattern) for pattern in self.variables)


@cache
def plausible_spans() -> tuple[Plausible, ...]:
    """Return all spans, in the order of the file."""
    entries = tomllib.loads((FOLDER / FILE).read_text(encoding="utf-8"))
    return tuple(_span(name, entry) for name, entry in entries.items())


@cache
def plausible_span(name: str) -> Plausible | None:
    """Return the span of a variable: the first that names it; None where there is none.

    >>> span = plausible_span("vitd_25oh_nmol_l")
    >>> span.low, span.high
    (3.0, 500.0)
    """
    return next((span for span in plausible_spans() if span.concerns(name)), None)


def _span(name: str, entry: dict[str, Any]) -> Plausible:
    if set(entry) != _KEYS:
        raise CofactorError(f"{name} of {FILE} has the keys {', '.join(entry)}; give {', '.join(sorted(_KEYS))}")
    low, high = float(entry["low"]), float(entry["high"])
    if low >= high:
        raise CofactorError(f"{name} of {FILE}: low {low:g} is not below high {high:g}")
    return Plausible(name, tuple(entry["variables"]), low, high, entry["reason"])
