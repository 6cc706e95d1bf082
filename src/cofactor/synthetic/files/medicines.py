"""RXQ_RX, one row a prescription medicine, and RXQ_DRUG, their dictionary.

The medicines are made up, and their classes are those of the public dictionary. Older people take more; nothing else
depends on what they take.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from cofactor.synthetic.people import People
from cofactor.synthetic.randomness import Floats, Ints, Mask

DICTIONARY = "RXQ_DRUG.xpt"
YES, NO, REFUSED, UNKNOWN = 1.0, 2.0, 7.0, 9.0
NOT_SAID = 0.001
NAME_UNKNOWN, UNKNOWN_NAME = 0.006, "99999"
LEVELS = "ABC"
OWN, OF_INGREDIENTS = ("RXDDCI", 4), ("RXDICI", 6)
"""Columns of a medicine's own classes and of its ingredients', and how many there are."""

Class = tuple[float, ...]


@dataclass(frozen=True)
class Medicine:
    """A made-up medicine: its code, its name, its class, and those of its ingredients where they are several."""

    code: str
    name: str
    own: Class
    ingredients: tuple[Class, ...] = ()


THIAZIDE, ACE_INHIBITOR = (40.0, 49.0, 156.0), (40.0, 42.0)
MEDICINES = (
    Medicine("d90001", "SYNTHETIC STATIN", (358.0, 19.0, 173.0)),
    Medicine("d90002", "SYNTHETIC ACE INHIBITOR", ACE_INHIBITOR),
    Medicine("d90003", "SYNTHETIC THIAZIDE", THIAZIDE),
    Medicine("d90004", "SYNTHETIC ACE INHIBITOR; THIAZIDE", (40.0, 55.0, 467.0), (ACE_INHIBITOR, THIAZIDE)),
    Medicine("d90005", "SYNTHETIC LOOP DIURETIC", (40.0, 49.0, 154.0)),
    Medicine("d90006", "SYNTHETIC BETA BLOCKER", (40.0, 47.0, 274.0)),
    Medicine("d90007", "SYNTHETIC CALCIUM CHANNEL BLOCKER", (40.0, 48.0)),
    Medicine("d90008", "SYNTHETIC PROTON PUMP INHIBITOR", (87.0, 272.0)),
    Medicine("d90009", "SYNTHETIC BIGUANIDE", (358.0, 99.0, 214.0)),
    Medicine("d90010", "SYNTHETIC INSULIN", (358.0, 99.0, 215.0)),
    Medicine("d90011", "SYNTHETIC ANTIDEPRESSANT", (242.0, 249.0, 208.0)),
    Medicine("d90012", "SYNTHETIC THYROID HORMONE", (97.0, 103.0)),
    Medicine("d90013", "SYNTHETIC OESTROGEN", (97.0, 101.0, 183.0)),
    Medicine("d90014", "SYNTHETIC GLUCOCORTICOID", (97.0, 98.0, 301.0)),
    Medicine("d90015", "SYNTHETIC BISPHOSPHONATE", (358.0, 409.0, 217.0)),
    Medicine("d90016", "SYNTHETIC ANTICONVULSANT", (57.0, 64.0, 347.0)),
    Medicine("d90018", "SYNTHETIC H2 BLOCKER", (87.0, 94.0)),
    Medicine("d90019", "SYNTHETIC ANGIOTENSIN RECEPTOR BLOCKER", (40.0, 56.0)),
    Medicine("d90020", "SYNTHETIC DIGOXIN", (40.0, 46.0, 389.0)),
    Medicine("d90021", "SYNTHETIC POTASSIUM-SPARING DIURETIC", (40.0, 49.0, 155.0)),
    Medicine("d90022", "SYNTHETIC FIBRATE", (358.0, 19.0, 241.0)),
    Medicine("d90017", "SYNTHETIC ANALGESIC", (57.0, 58.0, 60.0)),
    Medicine("c90040", "CARDIOVASCULAR AGENT, UNSPECIFIED", (40.0,)),
)
COUNTS = (14, 9, 6, 3, 3, 9, 7, 8, 7, 2, 10, 6, 3, 2, 2, 4, 3, 6, 1, 2, 2, 30, 0.3)


def dictionary() -> dict[str, pd.DataFrame]:
    """Return RXQ_DRUG: one row a medicine, up to three levels of each class."""
    rows = [
        {"RXDDRGID": one.code, "RXDDRUG": one.name, "RXDINGFL": 2.0 if one.ingredients else 1.0}
        | _levels(OWN[0], (one.own,))
        | _levels(OF_INGREDIENTS[0], one.ingredients or (one.own,))
        for one in MEDICINES
    ]
    classes = [
        f"{stem}{i}{level}" for stem, most in (OWN, OF_INGREDIENTS) for i in range(1, most + 1) for level in LEVELS
    ]
    table = pd.DataFrame(rows, columns=["RXDDRGID", "RXDDRUG", "RXDINGFL", *classes])
    return {DICTIONARY: table.astype(dict.fromkeys(classes, np.float64))}


def _levels(stem: str, classes: tuple[Class, ...]) -> dict[str, float]:
    return {
        f"{stem}{number}{level}": value
        for number, one in enumerate(classes, 1)
        for level, value in zip(LEVELS, one, strict=False)
    }


def medicines(one: People, rng: np.random.Generator) -> dict[str, pd.DataFrame]:
    """Return RXQ_RX: one row a medicine, and one row for a person without any."""
    taken, answer = _numbers(one, rng)
    person = np.repeat(np.arange(one.sample.size), np.maximum(taken, 1))
    takes = taken[person] > 0
    which = rng.choice(len(MEDICINES), size=person.size, p=np.array(COUNTS) / np.sum(COUNTS))
    named = rng.random(person.size) >= NAME_UNKNOWN
    codes = np.array([medicine.code for medicine in MEDICINES], dtype=object)[which]
    names = np.array([medicine.name for medicine in MEDICINES], dtype=object)[which]
    early = one.plan.year < 2003
    return {
        "RXQ_RX": pd.DataFrame(
            {
                "SEQN": one.sample.seqn[person].astype(np.float64),
                "RXD030" if early else "RXDUSE": answer[person],
                "RXD240B" if early else "RXDDRUG": _texts(np.where(named, names, UNKNOWN_NAME), takes),
                "RXDDRGID": _texts(np.where(named, codes, ""), takes),
                "RXD295" if early else "RXDCOUNT": np.where(takes, taken[person], np.nan),
            }
        )
    }


def _numbers(one: People, rng: np.random.Generator) -> tuple[Ints, Floats]:
    """How many medicines each person takes, and the answer to whether any is taken."""
    n, age = one.sample.size, one.sample.age
    taken = np.minimum(rng.poisson(np.exp(-1.2 + 0.03 * age)), 20)
    lost = rng.random(n) < NOT_SAID
    silent = np.where(rng.random(n) < 0.5, REFUSED, UNKNOWN)
    return np.where(lost, 0, taken), np.where(lost, silent, np.where(taken > 0, YES, NO))


def _texts(values: npt.NDArray[np.object_], there: Mask) -> pd.Series:
    return pd.Series(np.where(there, values, ""), dtype="str")
