"""Run the tests that compare with figures from outside, and keep how far apart the numbers were.

The comparisons with R on made-up data run at each build. Those on CDC's files run where the files are, by

    COFACTOR_TEST_MIRROR=FOLDER python docs/building/measure.py

which writes `docs/results/real_people.json`; the pages show them as last run.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
OF_R = re.compile(
    r"match(?:es)?_(?:\w+_)?(?:svy\w+|coxph|survfit|basehaz|weighted_dfbeta|quantreg|mitools|glm_nb|degf|regtermtest|p_adjust|"
    r"rs?|joint_covariance_of_r|what_r_puts_into_svyrecvar|as_svrepdesign)(?:_|$)"
)
"""The name of a test that sets numbers beside R's says so: `test_mean_matches_svymean`."""
REAL = ROOT / "docs" / "results" / "real_people.json"


def parity(cache: Path) -> dict[str, Any]:
    """Return the comparisons with R on made-up data, run anew where code, tests or references changed.

    Raises
    ------
    RuntimeError
        A comparison failed: a page must not show numbers of a check that does not hold.
    """
    key = fingerprint(
        [ROOT / "src" / "cofactor", *(ROOT / "tests" / name for name in ("reference", "survey", "models"))]
    )
    if cache.is_file():
        kept = dict(json.loads(cache.read_text(encoding="utf-8")))
        if kept["key"] == key:
            return kept
    made = of_r(in_two_halves(files_of_r())) | {"key": key}
    cache.parent.mkdir(parents=True, exist_ok=True)
    cache.write_text(json.dumps(made), encoding="utf-8")
    return made


def in_two_halves(files: list[Path]) -> dict[str, Any]:
    """Return the comparisons of test files on made-up data, file after file; two processes run them."""
    with ThreadPoolExecutor(2) as pool:
        first, second = pool.map(lambda half: recorded(half, mirror=False), (files[::2], files[1::2]))
    comparisons = sorted(first["comparisons"] + second["comparisons"], key=lambda row: row["test"].split("::")[0])
    return {"comparisons": comparisons, "tests": first["tests"] | second["tests"]}


def files_of_r() -> list[Path]:
    """Return the test files on made-up data that hold a comparison with R: to read all others takes time."""
    found = [path for name in ("survey", "models") for path in sorted((ROOT / "tests" / name).glob("test_*.py"))]
    mine = [path for path in found if not path.stem.endswith("_nhanes")]
    return [
        path
        for path in mine
        if any(map(OF_R.search, re.findall(r"^def (test_\w+)", path.read_text(encoding="utf-8"), re.M)))
    ]


def recorded(files: list[Path], *, mirror: bool, wanted: str = "match or matches") -> dict[str, Any]:
    """Run tests and return what the recorder kept: comparisons, and tests with their outcome."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "record.json"
        changes = {"COFACTOR_DOCS_RECORD": str(path), "PYTHONPATH": str(ROOT / "docs"), "MPLBACKEND": "Agg"}
        environment = {name: value for name, value in os.environ.items() if mirror or name != "COFACTOR_TEST_MIRROR"}
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
        words += map(str, files)
        done = subprocess.run(words, cwd=ROOT, env=environment | changes, capture_output=True, text=True, check=False)
        if done.returncode != 0:
            raise RuntimeError(f"a check did not hold:\n{done.stdout[-3000:]}{done.stderr[-1000:]}")
        return dict(json.loads(path.read_text(encoding="utf-8")))


def of_r(record: dict[str, Any]) -> dict[str, Any]:
    """Keep the comparisons of tests whose name says that R is on the other side."""
    comparisons = [row for row in record["comparisons"] if OF_R.search(function_of(row["test"]))]
    return record | {"comparisons": comparisons}


def function_of(test: str) -> str:
    """Return the name of a test's function.

    >>> function_of("tests/survey/test_reference.py::test_mean_matches_svymean[weight]")
    'test_mean_matches_svymean'
    """
    return test.split("::")[-1].split("[")[0]


def fingerprint(folders: list[Path]) -> str:
    """Return a hash of all files below some folders: where it is unchanged, so are the numbers."""
    found = hashlib.sha256()
    for folder in folders:
        for path in sorted(folder.rglob("*")):
            if path.is_file() and path.suffix in {".py", ".json", ".csv", ".toml"}:
                found.update(str(path.relative_to(folder)).encode() + b"\0" + path.read_bytes())
    return found.hexdigest()


def measure_real_people() -> None:
    """Run what compares on CDC's files, and write it with the day and the revision."""
    models = sorted((ROOT / "tests" / "models").glob("test_*_nhanes.py"))
    revision = subprocess.run(
        ["git", "rev-parse", "--short", "HEAD"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    kept = {
        "day": datetime.now(UTC).date().isoformat(),
        "revision": revision.stdout.strip(),
        "published": recorded([ROOT / "tests" / "published"], mirror=True, wanted=""),
        "parity": of_r(
            recorded(
                [*models, ROOT / "tests" / "survey" / "test_reference.py"],
                mirror=True,
                wanted="of_real or r_on or hazards_match or causes_match or disease_matches",
            )
        ),
    }
    REAL.parent.mkdir(exist_ok=True)
    REAL.write_text(json.dumps(kept, indent=0) + "\n", encoding="utf-8")


if __name__ == "__main__":
    measure_real_people()
