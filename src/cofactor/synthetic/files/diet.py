"""DRXTOT (1999-2002), DR1TOT and DR2TOT: the totals of food and drink of a day, and the dietary weights."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pandas as pd

from cofactor.synthetic.files.tables import positive, table, where
from cofactor.synthetic.frame import four_year_weight
from cofactor.synthetic.people import People
from cofactor.synthetic.randomness import Floats, Ints, Mask
from cofactor.synthetic.visit import RELIABLE

NOT_RELIABLE, BREAST_MILK, NOT_DONE = 2, 4, 5
ZERO_FOR_NONE_FROM = 2013
PER_1000_KCAL = {"CALC": 420.0, "PHOS": 640.0, "POTA": 1250.0, "ZINC": 5.6, "FIBE": 7.6, "VC": 42.0}
SODIUM_PER_1000_KCAL = 1650.0
VITAMIN_D_PER_1000_KCAL = 2.1


def diet(one: People, rng: np.random.Generator) -> dict[str, pd.DataFrame]:
    """Return the files of the recalls: one in 1999-2002, two from 2003 on; a row for everybody examined."""
    if not one.plan.has_second_recall:
        return {"DRXTOT": _one_day(one, rng)}
    return {"DR1TOT": _day(one, 0, one.visit.recall1, rng), "DR2TOT": _day(one, 1, one.visit.recall2, rng)}


def _one_day(one: People, rng: np.random.Generator) -> pd.DataFrame:
    status, weight = one.visit.recall1, one.visit.weight_day1
    given = status == RELIABLE
    name, code = "DRDDRSTZ", status
    if one.plan.year < 2001:
        # 1999-2000 tells incomplete (2) from not reliable (3), and gives nutrients for some that are not reliable.
        name, code = "DRDDRSTS", np.where((status == NOT_RELIABLE) & (rng.random(status.size) < 0.2), 3, status)
        given = given | (code == NOT_RELIABLE)
    columns: dict[str, npt.ArrayLike] = {
        "WTDRD1": positive(weight),
        "WTDR4YR": positive(four_year_weight(one.plan, weight)),
        name: positive(code),
        **_nutrients(one, 0, given, "DRXT", rng),
    }
    return table(one, one.visit.examined, columns)


def _day(one: People, day: int, status: Ints, rng: np.random.Generator) -> pd.DataFrame:
    prefix = f"DR{day + 1}"
    columns: dict[str, npt.ArrayLike] = {
        "WTDRD1": weight_day1(one),
        "WTDR2D": weight_both(one),
        f"{prefix}DRSTZ": positive(status),
        **_nutrients(one, day, status == RELIABLE, f"{prefix}T", rng),
    }
    return table(one, one.visit.examined, columns)


def weight_day1(one: People) -> Floats:
    """Return WTDRD1. Without a first recall: missing up to 2011-2012, 0 after."""
    weight = one.visit.weight_day1
    return weight if one.plan.year >= ZERO_FOR_NONE_FROM else positive(weight)


def weight_both(one: People) -> Floats:
    """Return WTDR2D. Without two recalls: missing up to 2011-2012; after, 0 with one and missing with none."""
    weight = one.visit.weight_both
    return where(one.visit.weight_day1 > 0, weight) if one.plan.year >= ZERO_FOR_NONE_FROM else positive(weight)


def _nutrients(one: People, day: int, given: Mask, prefix: str, rng: np.random.Generator) -> dict[str, Floats]:
    energy = one.intake.energy[:, day]

    def like_energy(per_1000_kcal: float, decimals: int) -> Floats:
        amount = per_1000_kcal * energy / 1000.0 * np.exp(0.4 * rng.standard_normal(energy.size))
        return where(given, np.round(amount, decimals))

    made = {f"{prefix}KCAL": where(given, energy), f"{prefix}MAGN": where(given, one.intake.magnesium[:, day])}
    made |= {f"{prefix}{name}": like_energy(amount, 2 if amount < 50 else 0) for name, amount in PER_1000_KCAL.items()}
    made["DRDTSODI" if prefix == "DRXT" else f"{prefix}SODI"] = like_energy(SODIUM_PER_1000_KCAL, 0)
    if one.plan.has_supplement_totals:  # vitamin D is in the food totals from the same cycle on
        made[f"{prefix}VD"] = like_energy(VITAMIN_D_PER_1000_KCAL, 1)
    return made
