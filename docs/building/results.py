"""What was measured, as parts of pages: parity with R, published figures, benchmarks."""

from __future__ import annotations

from pathlib import Path


def write(docs: Path) -> None:
    """Write the parts into `docs/made`."""
