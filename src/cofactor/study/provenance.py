"""Where a result comes from: program, libraries, revision, study and every input, by hash."""

from __future__ import annotations

import datetime
import importlib.metadata
import platform
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import cofactor
from cofactor.study.definition import Study

LIBRARIES = (
    "numpy",
    "pandas",
    "scipy",
    "statsmodels",
    "formulaic",
    "pyreadstat",
    "pyarrow",
    "matplotlib",
    "seaborn",
)


def provenance(
    study: Study, origin: Mapping[str, Any], started: datetime.datetime, options: Mapping[str, Any]
) -> dict[str, Any]:
    """Return the provenance of a run: plain data, ready for JSON.

    origin : the attributes of the frame as `load` made it.
    The keys `used` and `wasGeneratedBy` are those of W3C PROV.
    """
    return {
        "study": {"name": study.name, "hash": study.hash, "cycles": study.cycles},
        "wasGeneratedBy": generation(started),
        "options": dict(options),
        "weight": origin.get("weight_reason", "the weight of the frame that was given"),
        "used": used(origin),
    }


def generation(started: datetime.datetime) -> dict[str, Any]:
    """Return which program made a result, on what, and from when to now: plain data."""
    return {
        "cofactor": cofactor.__version__,
        "revision": revision(),
        "python": platform.python_version(),
        "platform": f"{platform.system()} {platform.machine()}",
        "libraries": {name: importlib.metadata.version(name) for name in LIBRARIES},
        "started": started.isoformat(timespec="seconds"),
        "finished": now(),
    }


def now() -> str:
    """Return the time now, in UTC, to the second."""
    return datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds")


def used(origin: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return every input file of a loaded frame, by the frame's attributes: plain data."""
    return [_input(item) for item in origin.get("inputs", ())]


def _input(item: Any) -> dict[str, Any]:
    return {
        name: getattr(item, name) for name in ("file", "sha256", "status", "published", "note") if hasattr(item, name)
    }


def revision() -> str | None:
    """Return the git revision of the checkout that runs, "+changes" behind it where files differ; None elsewhere."""
    folder = Path(__file__).resolve().parent
    head = _git(folder, "rev-parse", "HEAD")
    if head is None or not (folder.parents[2] / ".git").exists():
        return None
    changed = _git(folder.parents[2], "status", "--porcelain", "--untracked-files=no")
    return f"{head}+changes" if changed else head


def _git(folder: Path, *words: str) -> str | None:
    try:
        done = subprocess.run(["git", *words], cwd=folder, capture_output=True, text=True, timeout=10, check=True)
    except (OSError, subprocess.SubprocessError):
        return None
    return done.stdout.strip()
