"""Run the tests that compare with figures from outside, and keep how far apart the numbers were."""

from __future__ import annotations

import hashlib
import json
import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

OF_R = re.compile(
    r"match(?:es)?_(?:\w+_)?(?:svy\w+|coxph|survfit|basehaz|weighted_dfbeta|quantreg|mitools|glm_nb|degf|regtermtest|rs?|"
    r"joint_covariance_of_r|what_r_puts_into_svyrecvar|as_svrepdesign)(?:_|$)"
)
"""The name of a test that sets numbers beside R's says so: `test_mean_matches_svymean`."""


def run(root: Path, files: list[Path], wanted: str = "") -> dict[str, Any]:
    """Run test files and return what the recorder kept: comparisons, and tests with their outcome.

    Raises
    ------
    RuntimeError
        A test failed: a page must not show numbers of a check that does not hold.
    """
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "record.json"
        environment = os.environ | {
            "COFACTOR_DOCS_RECORD": str(path),
            "PYTHONPATH": str(root / "docs"),
            "MPLBACKEND": "Agg",
        }
        words = [
            sys.executable,
            "-m",
            "pytest",
            "-q",
            "-p",
            "building.recorder",
            "-p",
            "no:cacheprovider",
            "-k",
            wanted,
        ]
        done = subprocess.run(
            [*words, *map(str, files)], cwd=root, env=environment, capture_output=True, text=True, check=False
        )
        if done.returncode not in (0, 5):
            raise RuntimeError(f"a check did not hold:\n{done.stdout[-3000:]}{done.stderr[-1000:]}")
        return dict(json.loads(path.read_text(encoding="utf-8")))


def fingerprint(folders: list[Path]) -> str:
    """Return a hash of all files below some folders: where it is unchanged, so are the numbers."""
    found = hashlib.sha256()
    for folder in folders:
        for path in sorted(folder.rglob("*")):
            if path.is_file() and path.suffix in {".py", ".json", ".csv", ".toml"}:
                found.update(str(path.relative_to(folder)).encode() + b"\0" + path.read_bytes())
    return found.hexdigest()
