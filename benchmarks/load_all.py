"""How long does it take to load every variable of ten cycles, and how much memory?

    python benchmarks/load_all.py DATA [--cycles 1999-2018] [--runs 3]

DATA is a data folder with real files; what is parsed goes to a temporary folder, so DATA itself stays as it is. Each
load is a process of its own: cold with no parsed file there (every raw file is hashed, verified, parsed, kept), warm
with those of the cold one. Wall time and CPU time (that of workers included) of the load alone, and of the process
with its imports; peak memory of the process plus the largest worker for each of the two. Medians of the runs.
Writes benchmarks/results/load_all.md; ends with 1 where a requirement is not met.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

RESULT = Path(__file__).parent / "results" / "load_all.md"
COLD_SECONDS, COLD_MIB, WARM_SECONDS = 40.0, 3 * 1024, 4.0
WORKERS = 2
FIGURES = ("wall", "cpu", "process", "mib")


def cpu_seconds() -> float:
    """CPU time of this process and of its workers that have ended."""
    return sum(
        used.ru_utime + used.ru_stime
        for used in (resource.getrusage(resource.RUSAGE_SELF), resource.getrusage(resource.RUSAGE_CHILDREN))
    )


def peak_mib() -> float:
    """Peak memory of this process, and of the largest of its workers for each of them."""
    own, worker = (resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return float(own + WORKERS * worker) / 1024


def load_once(data: Path, state: Path, cycles: str) -> dict[str, float]:
    """Load everything in this process, and say what it took."""
    began = time.perf_counter()
    from cofactor.cohort import load, variables
    from cofactor.loaders import DataFolder

    names = list(variables())
    imported, cpu = time.perf_counter(), cpu_seconds()
    frame = load(names, cycles=cycles, data=DataFolder(data, state=state), weight=None, absent="missing")
    ended = time.perf_counter()
    _end_workers()
    return {
        "wall": ended - imported,
        "cpu": cpu_seconds() - cpu,
        "process": ended - began,
        "mib": peak_mib(),
        "variables": len(names),
        "people": len(frame),
        "files": len(frame.attrs["inputs"]),
    }


def _end_workers() -> None:
    """End joblib's waiting workers, so that what they used counts."""
    from joblib.externals.loky import get_reusable_executor

    get_reusable_executor(max_workers=WORKERS).shutdown(wait=True)


def in_a_process(data: Path, state: Path, cycles: str) -> dict[str, float]:
    """Run `load_once` in a fresh interpreter."""
    command = [sys.executable, __file__, str(data), "--cycles", cycles, "--state", str(state)]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    found: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return found


def measure(data: Path, cycles: str, runs: int) -> dict[str, dict[str, float]]:
    """Return the medians of cold and warm loads."""
    timed: dict[str, list[dict[str, float]]] = {"cold": [], "warm": []}
    for _ in range(runs):
        with tempfile.TemporaryDirectory() as state:
            for how in ("cold", "warm"):
                timed[how].append(in_a_process(data, Path(state), cycles))
    return {
        how: {name: statistics.median(one[name] for one in all_) for name in all_[0]} for how, all_ in timed.items()
    }


def written(found: dict[str, dict[str, float]], cycles: str, runs: int) -> str:
    """Return the page of results."""
    cold = found["cold"]
    rows = "\n".join(
        f"| {how} | {one['wall']:.1f} | {one['cpu']:.1f} | {one['process']:.1f} | {one['mib']:,.0f} |"
        for how, one in found.items()
    )
    what = (
        f"{cold['variables']:.0f} variables of {cold['people']:,.0f} people, {cycles}, from {cold['files']:.0f} files"
    )
    where = f"{os.cpu_count()} cores, load average {os.getloadavg()[2]:.1f}, Python {platform.python_version()}"
    needed = f"cold {COLD_SECONDS:.0f} s and {COLD_MIB:,} MiB, warm {WARM_SECONDS:.0f} s"
    return f"""# Loading every variable

{what}.
Medians of {runs} runs, each in a fresh process; {where}. Wall: the load alone; process:
with its imports; memory: the peak of the process and, twice, of the largest worker. The load average is that of the
machine over a quarter of an hour, these runs among it: where it is above the number of cores, others were at work, and
CPU time tells more than wall time. Required of the whole process: {needed}.
Made by `python benchmarks/load_all.py DATA`.

| parsed files | wall, s | CPU, s | process, s | peak memory, MiB |
|---|---|---|---|---|
{rows}
"""


def is_met(found: dict[str, dict[str, float]]) -> bool:
    """Whether the loads are as quick and small as required."""
    cold, warm = found["cold"], found["warm"]
    return cold["process"] < COLD_SECONDS and cold["mib"] < COLD_MIB and warm["process"] < WARM_SECONDS


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path)
    parser.add_argument("--cycles", default="1999-2018")
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--state", type=Path, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.state is not None:
        print(json.dumps(load_once(arguments.data, arguments.state, arguments.cycles)))
        sys.exit(0)
    result = measure(arguments.data, arguments.cycles, arguments.runs)
    RESULT.write_text(page := written(result, arguments.cycles, arguments.runs), encoding="utf-8")
    print(page)
    sys.exit(0 if is_met(result) else 1)
