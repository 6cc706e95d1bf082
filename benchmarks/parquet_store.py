"""How much faster is the second load? Cold and warm reads of the files that the main job needs.

    python benchmarks/parquet_store.py DATA [--runs 5]

DATA is a data folder; what is parsed goes to a temporary folder, so DATA itself stays as it is. Cold, plain: pyreadstat
parses each file, nothing is verified. Cold, whole: hash, verification, parse, Parquet, in one process; prepared: the
same in two. Warm: another DataFolder on the same state, which checks size, time and inode of each raw file and reads
the same columns. Medians; the first warm load of a process is left out, as it imports pyarrow.
"""

from __future__ import annotations

import argparse
import resource
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from cofactor.loaders import DataFolder, load_manifest, read_transport
from cofactor.loaders.raw import read_raw

STEMS = frozenset(
    (
        "DEMO",
        "DRXTOT",
        "DR1TOT",
        "DR2TOT",
        "VID",
        "SMQ",
        "ALQ",
        "BMX",
        "PAQ",
        "PAQIAF",
        "DIQ",
        "BPQ",
        "MCQ",
        "HUQ",
        "HSQ",
        "RHQ",
        "DSQTOT",
        "DSQIDS",
        "DSQ1",
        "DSQ2",
        "DSQFILE1",
        "NHANES",
    )
)
COLUMNS = 8
REQUIRED = 5.0


def files_of_the_main_job() -> list[str]:
    """Files of 2001-2018 with the stems above, linked mortality among them."""
    records = load_manifest().records.values()
    return [
        one.file
        for one in records
        if "2001" <= one.cycle[:4] <= "2017" and one.file.partition(".")[0].partition("_")[0] in STEMS
    ]


def seconds(work: Callable[[], object]) -> float:
    begin = time.perf_counter()
    work()
    return time.perf_counter() - begin


def read_all(folder: DataFolder, asked: dict[str, list[str]]) -> None:
    for file, names in asked.items():
        folder.columns(file, names, one_row_per_person=False)


def parse_all(folder: DataFolder, asked: dict[str, list[str]]) -> None:
    for file, names in asked.items():
        path = folder.layout.find(file, folder.manifest)
        assert path is not None
        if path.suffix == ".dat":
            read_raw(path)
        else:
            read_transport(path, columns=["SEQN", *names])


def measure(data: Path, runs: int) -> int:
    manifest = load_manifest()
    files = files_of_the_main_job()
    asked = {file: [c.column for c in manifest.fingerprints[file][1 : 1 + COLUMNS]] for file in files}
    timed: dict[str, list[float]] = {"plain": [], "whole": [], "prepared": [], "warm": []}
    for run in range(runs):
        with tempfile.TemporaryDirectory() as one, tempfile.TemporaryDirectory() as two:
            timed["plain"].append(seconds(lambda: parse_all(DataFolder(data), asked)))
            timed["whole"].append(seconds(lambda state=one: read_all(DataFolder(data, state=state), asked)))
            timed["prepared"].append(
                seconds(lambda state=two: DataFolder(data, state=state).prepare(files, jobs=2, progress=False))
            )
            warm = [seconds(lambda state=one: read_all(DataFolder(data, state=state), asked)) for _ in range(3)]
            timed["warm"].extend(warm[1:] if run == 0 else warm)
    middle = {name: statistics.median(values) for name, values in timed.items()}
    print(f"{len(files)} files, {COLUMNS} columns of each, {runs} runs, medians in seconds")
    for name, value in middle.items():
        print(f"  {name:9s} {value:7.3f}   {value / len(files) * 1000:6.1f} ms a file")
    print(f"  peak memory of this process {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MiB")
    for name in ("plain", "whole"):
        print(f"  the warm load is {middle[name] / middle['warm']:.1f} times faster than the cold one ({name})")
    ratio = middle["whole"] / middle["warm"]
    print(f"  required: {REQUIRED:.0f} times (whole): {'met' if ratio >= REQUIRED else 'NOT MET'}")
    return 0 if ratio >= REQUIRED else 1


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path)
    parser.add_argument("--runs", type=int, default=5)
    arguments = parser.parse_args()
    sys.exit(measure(arguments.data, arguments.runs))
