"""What both probes stand on: people from a seed, the names that a package has, and a line a feature.

A line is `feature | yes, no or error | what was seen`: yes is a run, with its numbers, which are standard errors where
they do not say; no is a search for words among the names of every module, class, function, method, parameter and field.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping
from pathlib import Path

import numpy as np

Probe = Callable[[], Mapping[str, float | str]]


def columns_of_people(rng: np.random.Generator) -> dict[str, np.ndarray]:
    """Return 480 people in ten strata of two PSUs, with weights, a number, a flag, a category and a domain."""
    stratum, psu = np.repeat(np.arange(10), 48), np.tile(np.repeat([1, 2], 24), 10)
    age, sex = rng.integers(20, 80, 480).astype(float), rng.integers(0, 2, 480)
    # strata 2 to 4 have people of the domain in one PSU alone, and strata 5 to 9 in none
    domain = (stratum < 5) & ((psu == 1) | (stratum < 2)) & (rng.random(480) < 0.6)
    bmi = 25 + 0.05 * age + rng.normal(0, 3, 480) + 0.5 * stratum * (psu - 1.5)
    ill = (rng.random(480) < 1 / (1 + np.exp(3 - 0.04 * age))).astype(int)
    columns = {"stratum": stratum, "psu": psu, "age": age, "sex": sex, "bmi": bmi, "ill": ill, "domain": domain}
    return columns | {"weight": np.round(rng.lognormal(8, 0.5, 480), 2), "group": rng.choice(["a", "b", "c"], 480)}


def public_names(package: Path, compiled: Collection[str] = ()) -> set[str]:
    """Return the names in the source of a package, and those of its compiled part."""
    found, name = set(compiled), re.compile(r"(?:\bdef |\bclass |^ +)(\w+)(?=[(:\[])", re.MULTILINE)
    for file in package.rglob("*.py"):
        found |= {file.stem, *name.findall(file.read_text("utf-8"))}
    return {name for name in found if not name.startswith("_")}


def say(probes: Collection[Probe], searches: Mapping[str, str], names: set[str], other: set[str]) -> None:
    """Print a line for each probe and search; `other` are names that a search finds and that mean something else."""
    for probe in probes:
        try:
            seen = "yes | " + ", ".join(f"{k} {v if isinstance(v, str) else f'{v:.5g}'}" for k, v in probe().items())
        except Exception as error:
            seen = f"error | {type(error).__name__}: {' '.join(str(error).split())}"
        print(f"{probe.__name__.replace('_', ' ')} | {seen}")
    for feature, words in searches.items():
        hits = {name for name in names if any(word in name.lower() for word in words.split())} - other
        seen = f"look | {sorted(hits)}" if hits else f"no | no such name in: {len(names)} names"
        print(f"{feature} | {seen}, for {words.replace(' ', ', ')}")
