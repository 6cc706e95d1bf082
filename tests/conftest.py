"""Fixtures that every folder of tests shares."""

from __future__ import annotations

import contextlib
import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import matplotlib as mpl
import pytest

mpl.use("Agg")

VARIABLE = "COFACTOR_TEST_MIRROR"


def _find_mirror(unpack_to: Path) -> Path:
    """Return the unpacked mirror that the environment names, unpacking it first where it is packed."""
    named = os.environ.get(VARIABLE)
    if not named:
        pytest.skip(f"{VARIABLE} is not set: no real NHANES files to test on")
    folder = Path(named)
    if (folder / "wwwn.cdc.gov").is_dir():
        return folder
    if (folder / "unpack").is_file():
        subprocess.run([sys.executable, str(folder / "unpack"), str(unpack_to), "--quiet"], check=True)
        return unpack_to
    pytest.skip(f"{VARIABLE}={named} holds neither wwwn.cdc.gov nor unpack")


def _scratch() -> Path:
    return Path(os.environ.get("COFACTOR_TEST_SCRATCH", Path.home() / ".cache" / "cofactor-tests"))


def _link_tree(source: Path, target: Path) -> None:
    """Make `target` a tree of real folders with links to the files of `source`; two workers may do it at once."""
    for folder, _, files in os.walk(source):
        here = target / Path(folder).relative_to(source)
        here.mkdir(parents=True, exist_ok=True)
        for name in files:
            with contextlib.suppress(FileExistsError):
                (here / name).symlink_to(Path(folder) / name)


@pytest.fixture(scope="session")
def mirror() -> Path:
    """An unpacked mirror of real public files, shared by all workers; read it, never write to it."""
    return _find_mirror(_scratch() / "mirror")


@pytest.fixture(scope="session")
def real_data_folder(mirror: Path) -> Path:
    """A data folder with the mirror's files, where Parquet may be written; it is kept, so that a second run is warm."""
    source = mirror.resolve()
    folder = _scratch() / f"data-{hashlib.sha256(str(source).encode()).hexdigest()[:12]}"
    for host in ("wwwn.cdc.gov", "ftp.cdc.gov"):
        _link_tree(source / host, folder / host)
    return folder


@pytest.fixture(scope="session")
def synthetic_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder of synthetic files, 400 people in each cycle 1999-2018, seed 1; read it, change nothing in it."""
    from cofactor.synthetic import synthetic_nhanes

    folder = tmp_path_factory.mktemp("synthetic") / "nhanes"
    synthetic_nhanes(folder, people=400, seed=1)
    return folder


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Let the JUnit file say which tests stand on real files."""
    for item in items:
        if item.get_closest_marker("real_data"):
            item.user_properties.append(("real_data", "yes"))


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    """Headless Chromium, as playwright gives it; skips where either is not here."""
    playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    chromium = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if chromium is None:
        pytest.skip("no Chromium on this machine")
    with playwright.sync_playwright() as started:
        made = started.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        yield made
        made.close()
