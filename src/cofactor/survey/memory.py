"""What an estimator finds in the data of the whole design, so that its replicates use it and do not find it anew.

The knots of a spline and the levels of a category belong to the question. Found anew in each replicate, its estimate
would be of a question that differs from that of the whole design.
"""

from __future__ import annotations

from collections.abc import Hashable
from typing import Any


class Memory:
    """Findings by key, each key's in the order in which the estimator came to them.

    An estimator that uses one formula twice (in two domains, with two weights) finds twice; a replicate takes the
    first finding first, since it does the same steps. A new memory is the whole design's, which keeps and does not
    give; a `replay` of it is a replicate's, which gives and does not keep.

    Examples
    --------
    >>> whole = Memory()
    >>> whole.take("knots"), whole.keep("knots", [1, 2])
    (None, None)
    >>> replicate = whole.replay()
    >>> replicate.take("knots"), replicate.take("knots")
    ([1, 2], None)
    """

    def __init__(self, found: dict[Hashable, list[Any]] | None = None) -> None:
        self._of_replicate = found is not None
        self._found: dict[Hashable, list[Any]] = {} if found is None else found
        self._taken: dict[Hashable, int] = {}

    def replay(self) -> Memory:
        """Return a memory that gives what this one kept, from the beginning."""
        return Memory(self._found)

    def keep(self, key: Hashable, value: Any) -> None:
        """Keep a finding of the whole design."""
        if not self._of_replicate:
            self._found.setdefault(key, []).append(value)

    def take(self, key: Hashable) -> Any | None:
        """Return the next finding of the whole design, or None where it is not a replicate that asks."""
        kept = self._found.get(key, []) if self._of_replicate else []
        at = self._taken.get(key, 0)
        self._taken[key] = at + 1
        return kept[at] if at < len(kept) else None
