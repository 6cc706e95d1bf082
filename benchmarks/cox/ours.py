"""Fit with cofactor and print CPU and wall seconds, memory, coefficients and standard errors as JSON.

python ours.py arrays|frame FOLDER. From arrays: columns in, covariance out. From a frame: to the table. Each is timed
twice, the first fit of these people and the same again, after a small fit that loads and compiles what is needed.
Memory is the most that a fit from arrays held above the data. The kernel is chosen by COFACTOR_KERNEL.
"""

from __future__ import annotations

import ctypes
import gc
import json
import sys
import time
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
from people import COLUMNS, SMALL, People, first, read

from cofactor.models import fit_cox
from cofactor.models.cox_arrays import ArraysFit, fit_arrays
from cofactor.survey import SurveyDesign
from cofactor.survey.variance import covariance

FORMULA = " + ".join(COLUMNS)


def memory_mib(what: str) -> float:
    """Memory of this process now (VmRSS), or the most since the last reset (VmHWM)."""
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(float(line.split()[1]) for line in lines if line.startswith(f"{what}:")) / 1024


def reset_peak() -> None:
    """Give back what earlier fits left unused, so that it does not hide what this one takes, and begin to measure."""
    gc.collect()
    ctypes.CDLL("libc.so.6").malloc_trim(0)
    Path("/proc/self/clear_refs").write_text("5")


def fitted(people: People, design: SurveyDesign) -> tuple[ArraysFit, npt.NDArray[np.float64]]:
    """Return a fit from arrays, and its covariance."""
    fit = fit_arrays(
        people.columns, people.time, people.died, design.weights, design.psu_index, design.n_psu, entry=people.entry
    )
    return fit, covariance(design, fit.psu_totals)


def alone(people: People, design: SurveyDesign) -> dict[str, Any]:
    """Time the fit and its covariance, from arrays."""
    cpu, wall = time.process_time(), time.perf_counter()
    fit, made = fitted(people, design)
    return {
        "alone": time.process_time() - cpu, "alone_wall": time.perf_counter() - wall,
        "slots": fit.slots.size, "iterations": fit.solution.iterations,
        "coefficients": [*fit.solution.coefficients], "se": [*np.sqrt(np.diag(made))],
    }  # fmt: skip


def held(people: People, design: SurveyDesign) -> dict[str, float]:
    """Return the most that a fit holds above the data."""
    reset_peak()
    before = memory_mib("VmRSS")
    fitted(people, design)
    return {"mib": memory_mib("VmHWM") - before}


def frame(people: People) -> pd.DataFrame:
    """Return an ordinary frame: stored by columns, as pandas makes it of a file."""
    rows = pd.DataFrame({name: people.columns[:, i].copy() for i, name in enumerate(COLUMNS)})
    rest = {name: getattr(people, name) for name in ("time", "weight", "strata", "psu")}
    if people.entry is not None:
        rest["entry"] = people.entry
    return rows.assign(died=people.died.astype(int), **rest)


def design_of(rows: pd.DataFrame) -> SurveyDesign:
    return SurveyDesign(rows, weight="weight")


def whole(rows: pd.DataFrame) -> float:
    """Time a fit from data frame to table."""
    start = time.process_time()
    fit = fit_cox(design_of(rows), FORMULA, time="time", event="died", entry="entry" if "entry" in rows else None)
    fit.table()
    return time.process_time() - start


def from_arrays(people: People) -> dict[str, Any]:
    rest = pd.DataFrame({"weight": people.weight, "strata": people.strata, "psu": people.psu})
    alone(first(people, SMALL), design_of(rest[:SMALL]))
    made, again = alone(people, design_of(rest)), alone(people, design_of(rest))
    again = {f"{name}_again": again[name] for name in ("alone", "alone_wall")}
    return made | again | held(people, design_of(rest))


def from_frame(people: People) -> dict[str, Any]:
    whole(frame(first(people, SMALL)))
    rows = frame(people)
    return {"whole": whole(rows), "whole_again": whole(rows)}


def main() -> None:
    fit = {"arrays": from_arrays, "frame": from_frame}[sys.argv[1]]
    print(json.dumps(fit(read(Path(sys.argv[2])))))


if __name__ == "__main__":
    main()
