"""Who is in a file and who answers a question, as far as published counts tell."""

from __future__ import annotations

import numpy as np

from cofactor.loaders.manifest import load_manifest
from cofactor.synthetic.people import People
from cofactor.synthetic.randomness import Floats, Mask

STARTING_AGES = (20, 18, 16, 15, 14, 12, 8, 6, 5, 3, 2, 1, 0)
"""Ages at which NHANES begins to ask or to measure."""

WOMEN_ALONE = frozenset({"RHQ"})
AT_THE_EXAMINATION = frozenset({"ALQ", "DPQ", "DUQ", "HSQ", "KIQ_U", "RHQ", "CFQ"})
"""Files of questions, ending in Q or so, that are asked in the examination centre and not at home."""
EVERYBODY_FROM = 0.985
NEARLY_ALL = 0.93
ROOM = 0.01


def stem_of(file: str, one: People) -> str:
    """Return the name of a file without the cycle's suffix: "DPQ_D.xpt" -> "DPQ"."""
    return file.removesuffix(".xpt").removesuffix(one.plan.suffix)


def in_file(file: str, one: People, rng: np.random.Generator) -> Mask:
    """Return who has a row in a file, (n,): the oldest that its number of rows has room for.

    Files of the examination hold examined people; a third or a half of the sample (weights of a subsample are in the
    file) is drawn at random from age 6 or 12 instead.
    """
    stem, manifest = stem_of(file, one), load_manifest()
    share = manifest.records[file].rows / manifest.records[one.plan.file("DEMO")].rows
    asked_at_home = stem.endswith("Q") and stem not in AT_THE_EXAMINATION
    inside = np.ones(one.sample.size, dtype=bool) if asked_at_home or share > EVERYBODY_FROM else one.visit.examined
    if stem in WOMEN_ALONE:
        inside = inside & ~one.sample.male
    columns = {known.column for known in manifest.fingerprints[file]}
    if any(name.startswith("WTS") for name in columns):
        return inside & (one.sample.age >= (12 if "WTSAF2YR" in columns else 6)) & _some(share, one.sample.size, rng)
    return holding(inside, one.sample.age_known, share, rng.random(one.sample.size))


def _some(share: float, size: int, rng: np.random.Generator) -> Mask:
    return rng.random(size) < 1.3 * share  # of those of age and examined, so that `share` of all is left


def holding(inside: Mask, age: Floats, share: float, chance: Floats) -> Mask:
    """Return a part of `inside` that is `share` of all rows: the oldest, and of these some by `chance` (n,) in [0, 1).

    >>> age, all_ = np.array([5.0, 15.0, 25.0, 35.0]), np.ones(4, dtype=bool)
    >>> holding(all_, age, 0.5, np.zeros(4)).tolist()
    [False, False, True, True]
    """
    starts = [inside & (age >= first) for first in STARTING_AGES]
    chosen = next((rows for rows in starts if rows.mean() >= share - ROOM), inside)
    kept = share / max(float(chosen.mean()), 1e-9)
    return chosen if kept > NEARLY_ALL else chosen & (chance < kept)
