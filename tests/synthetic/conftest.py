"""A folder of synthetic files and the frame of the same people, shared by the tests."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from cofactor.loaders.manifest import load_manifest
from cofactor.loaders.mortality import read_mortality
from cofactor.loaders.transport import read_transport
from cofactor.synthetic import SyntheticNhanes, synthetic_nhanes

PEOPLE, SEED = 900, 11


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory) -> SyntheticNhanes:
    """All ten cycles, 900 people each."""
    return synthetic_nhanes(tmp_path_factory.mktemp("synthetic") / "data", people=PEOPLE, seed=SEED)


@pytest.fixture(scope="session")
def tables(made: SyntheticNhanes) -> dict[str, pd.DataFrame]:
    """Every file as it is read back, by name."""
    return {name: read_one(made.path / load_manifest().records[name].path) for name in made.files}


def read_one(path: Path) -> pd.DataFrame:
    """Read a file of either kind."""
    return read_mortality(path) if path.suffix == ".dat" else read_transport(path).frame
