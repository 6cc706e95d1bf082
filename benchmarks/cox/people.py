"""People for a Cox fit, made from a seed, on disk as plain doubles that Python and R both read.

15 columns (8 continuous, 7 binary), about 15% deaths, random weights, 100 strata of 2 PSUs.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Literal, get_args

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Form = Literal["delayed", "right", "days"]
FORMS: tuple[Form, ...] = get_args(Form)

COLUMNS = [f"x{i}" for i in range(15)]
SEED = 20260
DAYS_A_MONTH = 30.4375
CHUNK = 500_000
SMALL = 5_000  # people of a fit before any that is timed


@dataclass(frozen=True)
class People:
    """n people: columns (n, 15) row by row in memory, and one value a person of everything else."""

    columns: Floats
    entry: Floats | None
    time: Floats
    died: npt.NDArray[np.bool_]
    weight: Floats
    strata: Floats
    psu: Floats


def make(n: int, form: Form) -> dict[str, Floats]:
    """Return n people by name; columns are (15, n).

    delayed: age in months as time, late entry; right: months since entry; days: as delayed, in days, on 17,000 of which
    someone of 500,000 people dies.
    """
    rng = np.random.default_rng(SEED)
    x = np.round(np.vstack([rng.normal(size=(8, n)), rng.random((7, n)) < 0.4]), 6)
    log_ratio = np.round(rng.normal(0.0, 0.2, len(COLUMNS)), 2) @ x
    rate = 0.0011 * np.exp(log_ratio - log_ratio.mean())
    unit = DAYS_A_MONTH if form == "days" else 1.0
    death = np.ceil(unit * rng.exponential(1.0, n) / rate)
    censored = rng.integers(1, int(240 * unit) + 1, n).astype(np.float64)
    latest = 700 if form == "days" else 900  # months of age at entry
    entry = np.zeros(n) if form == "right" else rng.integers(int(240 * unit), int(latest * unit), n).astype(np.float64)
    return {
        "columns": x,
        "entry": entry,
        "time": entry + np.minimum(death, censored),
        "died": (death <= censored).astype(np.float64),
        "weight": np.round(rng.lognormal(8.0, 0.7, n), 3),
        "strata": rng.integers(0, 100, n).astype(np.float64),
        "psu": rng.integers(1, 3, n).astype(np.float64),
    }


def write(folder: Path, n: int, form: Form) -> Path:
    """Write n people below `folder`, once, and return where."""
    here = folder / f"{form}_{n}"
    if not here.exists():
        partial = here.with_suffix(".partial")
        partial.mkdir(parents=True, exist_ok=True)
        for name, values in make(n, form).items():
            values.tofile(partial / name)
        partial.rename(here)
    return here


def read(here: Path) -> People:
    """Return people as `write` left them."""
    form, n = here.name.split("_")
    rest = {name: np.fromfile(here / name) for name in ("entry", "time", "died", "weight", "strata", "psu")}
    by_column = np.memmap(here / "columns", dtype=np.float64, mode="r", shape=(len(COLUMNS), int(n)))
    columns = np.empty((int(n), len(COLUMNS)))
    for start in range(0, int(n), CHUNK):
        columns[start : start + CHUNK] = by_column[:, start : start + CHUNK].T
    return People(
        columns=columns,
        entry=None if form == "right" else rest["entry"],
        time=rest["time"],
        died=rest["died"] == 1.0,
        weight=rest["weight"],
        strata=rest["strata"],
        psu=rest["psu"],
    )


def first(people: People, n: int) -> People:
    """Return the first n of the people."""
    return People(**{name: None if values is None else values[:n] for name, values in vars(people).items()})
