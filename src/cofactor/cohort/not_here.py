"""What people look for in vain, and why it is not in the catalogue."""

from __future__ import annotations

import tomllib
from functools import cache

from cofactor.cohort.catalogue_files import FOLDER


@cache
def _reasons() -> dict[str, str]:
    return dict(tomllib.loads((FOLDER / "not_here.toml").read_text(encoding="utf-8")))


def why_not(text: str) -> str | None:
    """Return why the catalogue has nothing of this name or word, where that is known.

    >>> why_not("headache_severe")[:20]
    'severe headache or m'
    >>> why_not("magnesium") is None
    True
    """
    parts = f"_{text.lower().replace(' ', '_').replace('-', '_')}"
    return next((reason for word, reason in _reasons().items() if f"_{word}" in parts), None)
