"""The input files of a result and of its variants, each once."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from cofactor.study import StudyResult


def inputs_of(result: StudyResult) -> tuple[Mapping[str, Any], ...]:
    """Return the records of all input files, by name; a file with two hashes would stand twice."""
    used = [*result.provenance.get("used", ())]
    for variant in result.variants.values():
        used += variant.provenance.get("used", ())
    unique = {(str(item.get("file")), str(item.get("sha256")), str(item.get("status"))): item for item in used}
    return tuple(unique[key] for key in sorted(unique))
