"""Figures that others published from the same public files, and ours beside them.

Each test names its source and says for whom the figure stands. The rules follow the documents, never the figures: where
a figure differs, the tolerance says how far and its comment why. All tests here need the real files.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from cofactor.loaders.store import DataFolder


@pytest.fixture(scope="session")
def real(mirror: Path) -> DataFolder:
    """The real files. What is made from them goes elsewhere, to a place that later runs and other workers share."""
    scratch = Path(os.environ.get("COFACTOR_TEST_SCRATCH", Path.home() / ".cache" / "cofactor-tests"))
    return DataFolder(mirror, state=scratch / "state")
