"""A page that is really served, by the command, on synthetic files."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import pytest


@contextmanager
def _served(*arguments: str, **environment: str) -> Iterator[str]:
    """Run `cofactor explore` beside the test and give the address that it says."""
    command = [sys.executable, "-m", "cofactor", "explore", "--no-browser", *arguments]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, env={**os.environ, **environment}
    ) as server:
        try:
            assert server.stdout is not None
            yield server.stdout.readline().strip()
        finally:
            server.send_signal(signal.SIGINT)  # as Ctrl+C does: the way to end it, and no failure
            assert server.wait(60) == 0


Served = Callable[..., AbstractContextManager[str]]


@pytest.fixture
def served() -> Served:
    """Run the command with these arguments and this environment, and give the address that it says."""
    return _served


@pytest.fixture(scope="session")
def address(synthetic_folder: Path) -> Iterator[str]:
    """The address of a page on synthetic files."""
    with _served("--data", str(synthetic_folder)) as said:
        yield said
