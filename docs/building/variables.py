"""The variables' pages: made from the catalogue, found by the index and by search, in no table of contents."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from cofactor.cohort import write_pages


def write(docs: Path) -> None:
    """Write one page a variable and their index into `docs/variables`."""
    write_pages(docs / "variables")


def setup(app: Any) -> None:
    """Tell Sphinx, page by page, that a variable's page stands in no table of contents on purpose."""
    app.connect("source-read", _stand_alone)


def _stand_alone(app: Any, name: str, source: list[str]) -> None:
    if name.startswith("variables/") and name != "variables/index":
        source[0] = "---\norphan: true\n---\n\n" + source[0]
