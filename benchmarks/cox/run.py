"""How fast is the survey Cox fit, beside R's svycoxph and coxph, statsmodels' PHReg and lifelines?

    python benchmarks/cox/run.py [--sizes 10000 50000 500000 5000000] [--tools ...] [--runs 5] [--folder FOLDER]

People of 15 columns, 100 strata of 2 PSUs, monthly ties, Efron (`people.py`). The tools take turns, each run in a
fresh process with one thread: CPU seconds of the first fit of these people and of the same fit again, after a small one
that loads and compiles what is needed. A rival is measured up to the size where it takes ten minutes. Each measurement
is appended to FOLDER/times.csv at once: a run that was stopped goes on where it stood. Then `table.py` makes
benchmarks/results/cox_speed.md and docs/images/cox_speed.png. Needs R with survey, survival and jsonlite, and
Python's venv and pip for the environment of PHReg and lifelines.
"""

from __future__ import annotations

import argparse
import json
import math
import os
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

import pandas as pd
from people import FORMS, Form, write
from table import report

HERE = Path(__file__).parent
SIZES = (10_000, 50_000, 500_000, 5_000_000)
TEN_MINUTES = 600.0
THREADS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")
FIELDS = ("tool", "form", "n", "turn", "seconds", "alone", "alone_again", "alone_wall", "alone_wall_again", "whole",
          "whole_again", "mib", "slots", "iterations", "coefficients", "se")  # fmt: skip
RIVAL_PACKAGES = ("lifelines==0.30.3", "statsmodels==0.15.0")


@dataclass(frozen=True)
class Tool:
    """A program to time: its commands before the folder of the people, and the settings it runs with."""

    commands: tuple[tuple[str, ...], ...]
    kernel: str = ""
    threads: int = 1
    rival: bool = True


def tools(rivals_python: str) -> dict[str, Tool]:
    ours = tuple((sys.executable, str(HERE / "ours.py"), what) for what in ("arrays", "frame"))
    r, python = ("Rscript", str(HERE / "rivals.R")), (rivals_python, str(HERE / "rivals.py"))
    return {
        "compiled": Tool(ours, "compiled", rival=False),
        "numpy": Tool(ours, "numpy", rival=False),
        "compiled, 2 threads": Tool(ours, "compiled", threads=2, rival=False),
        "svycoxph": Tool(((*r, "svycoxph"),)),
        "coxph": Tool(((*r, "coxph"),)),
        "PHReg": Tool(((*python, "phreg"),)),
        "lifelines": Tool(((*python, "lifelines"),)),
    }


def rivals_python(folder: Path) -> str:
    """Make the environment of PHReg and lifelines (whose newest release asks for an older pandas), once."""
    python = folder / "rivals" / "bin" / "python"
    if not python.exists():
        subprocess.run([sys.executable, "-m", "venv", str(folder / "rivals")], check=True)
        subprocess.run([str(python), "-m", "pip", "install", "--quiet", *RIVAL_PACKAGES], check=True)
    return str(python)


def measure(tool: Tool, here: Path) -> dict[str, object]:
    """Run a tool's commands once; each prints its figures last, as JSON (R's summary prints before it)."""
    settings = dict.fromkeys(THREADS, str(tool.threads)) | {"COFACTOR_KERNEL": tool.kernel or "numpy"}
    figures: dict[str, object] = {}
    for command in tool.commands:
        done = subprocess.run([*command, str(here)], capture_output=True, text=True, env=os.environ | settings)
        if done.returncode:
            raise SystemExit(f"{' '.join(command)} {here} failed:\n{done.stderr[-2000:]}")
        figures |= json.loads(done.stdout.splitlines()[-1])
    return figures


def too_long(times: pd.DataFrame, name: str, form: Form, n: int) -> bool:
    """Whether a rival would take more than ten minutes, by its growth between the two sizes before."""
    mine = times[(times["tool"] == name) & (times["form"] == form) & (times["n"] < n)]
    medians = mine.groupby("n")["whole"].median()
    if medians.empty:
        return False
    exponent = 1.0
    if len(medians) > 1:
        (small, large), (before, after) = medians.index[-2:], medians.iloc[-2:]
        exponent = max(exponent, math.log(after / before) / math.log(large / small))
    return float(medians.iloc[-1]) * (n / medians.index[-1]) ** exponent > TEN_MINUTES


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sizes", type=int, nargs="+", default=SIZES)
    parser.add_argument("--forms", nargs="+", choices=FORMS, default=FORMS)
    parser.add_argument("--tools", nargs="+", help="only these")
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--folder", type=Path, default=Path("output/cox"))
    options = parser.parse_args()
    options.folder.mkdir(parents=True, exist_ok=True)
    chosen = tools(rivals_python(options.folder))
    chosen = {name: tool for name, tool in chosen.items() if name in (options.tools or chosen)}
    for n in options.sizes:
        for form in options.forms:
            here = write(options.folder, n, form)
            rounds(options.folder / "times.csv", chosen, form, n, options.runs, here)
    report(options.folder / "times.csv")


def rounds(csv: Path, chosen: dict[str, Tool], form: Form, n: int, runs: int, here: Path) -> None:
    """Let the tools take turns until each has its runs."""
    for turn in range(1, runs + 1):
        for name, tool in chosen.items():
            times = pd.read_csv(csv) if csv.exists() else pd.DataFrame(columns=FIELDS)
            done = (times["tool"] == name) & (times["form"] == form) & (times["n"] == n)
            if done.sum() >= turn or (tool.rival and (form == "days" or too_long(times, name, form, n))):
                continue
            began = time.perf_counter()
            figures = measure(tool, here)
            row = {"tool": name, "form": form, "n": n, "turn": turn, "seconds": time.perf_counter() - began, **figures}
            append(csv, row)
            print(f"{form} {n:,} {name}: alone {figures['alone']:.3f} s", flush=True)


def append(csv: Path, row: dict[str, object]) -> None:
    line = pd.DataFrame([row]).reindex(columns=FIELDS)
    line.to_csv(csv, mode="a", header=not csv.exists(), index=False)


if __name__ == "__main__":
    main()
