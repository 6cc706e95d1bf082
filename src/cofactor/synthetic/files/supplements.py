"""DSQFILE1, DSQ1, DSQTOT and DS1TOT, with the product files: who takes supplements, and how much."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pandas as pd

from cofactor.synthetic.files.diet import weight_both, weight_day1
from cofactor.synthetic.files.products import INGREDIENTS, Taken, draw_products, product_table
from cofactor.synthetic.files.tables import positive, table, where
from cofactor.synthetic.frame import everybody
from cofactor.synthetic.people import People
from cofactor.synthetic.randomness import Floats

YES, NO, REFUSED, UNKNOWN = 1.0, 2.0, 7.0, 9.0
TAKEN_THAT_DAY = 0.8
OF_THE_DAY = {"CALC": 250.0, "VD": 20.0, "ZINC": 12.0, "POTA": 60.0}
"""Typical amounts of those who took some, mg (vitamin D: µg), in the 24 hours of the recall."""
TAKES_NUTRIENT = 0.5


def supplements(one: People, rng: np.random.Generator) -> dict[str, pd.DataFrame]:
    """Return the files of supplements of the cycle; everybody is asked."""
    any_taken = _any_taken(one, rng)
    number = np.where(any_taken == YES, rng.integers(1, 4, size=any_taken.size), 0)
    taken = draw_products(one, number, any_taken == NO, rng)
    count = np.where(any_taken == REFUSED, 77.0, np.where(any_taken == UNKNOWN, 99.0, number))
    if not one.plan.has_supplement_totals:
        columns: dict[str, npt.ArrayLike] = {"DSD010": any_taken, "DSDCOUNT": count}
        if one.plan.year >= 2003:
            columns |= _antacids(one)
        name = "DSQFILE1" if one.plan.year < 2001 else "DSQ1"
        return {name: table(one, everybody(one), columns)} | product_table(one, taken)
    totals = {"DSDCOUNT": count, "DSD010": any_taken, **_antacids(one), **_totals(taken, any_taken.size)}
    return {
        "DSQTOT": table(one, everybody(one), totals),
        **product_table(one, taken),
        "DS1TOT": _day_of_recall(one, rng),
    }


def _any_taken(one: People, rng: np.random.Generator) -> Floats:
    lost = rng.random(one.sample.size)
    told = np.where(one.intake.takes_any, YES, NO)
    return np.where(lost < 0.0003, REFUSED, np.where(lost < 0.001, UNKNOWN, told))


def _antacids(one: People) -> dict[str, Floats]:
    """Magnesium of people who take no supplement comes from antacids."""
    antacid = ~one.intake.takes_any & (one.intake.supplement_magnesium > 0)
    return {"DSD010AN": np.where(antacid, YES, NO), "DSDANCNT": antacid.astype(float)}


def _totals(taken: Taken, people: int) -> dict[str, Floats]:
    """Missing, and not 0, for people who take nothing, and for users of products without the nutrient."""
    return {f"DSQT{name}": np.round(taken.total(name, people), 4) for name in INGREDIENTS}


def _day_of_recall(one: People, rng: np.random.Generator) -> pd.DataFrame:
    """The 24 hours of the first recall: asked with it, missing for people without one."""
    magnesium = one.intake.supplement_magnesium
    taken = rng.random(magnesium.size) < TAKEN_THAT_DAY
    asked = one.visit.weight_day1 > 0
    columns = {
        "WTDRD1": weight_day1(one),
        "WTDR2D": weight_both(one),
        "DR1DRSTZ": positive(one.visit.recall1),
        "DS1DS": where(asked, np.where(one.intake.takes_any & taken, YES, NO)),
        "DS1TMAGN": where(asked & taken & (magnesium > 0), magnesium),
    }
    users = asked & taken & one.intake.takes_any
    for name, typical in OF_THE_DAY.items():
        has = users & (rng.random(magnesium.size) < TAKES_NUTRIENT)
        columns[f"DS1T{name}"] = where(has, np.round(typical * np.exp(0.8 * rng.standard_normal(has.size)), 2))
    return table(one, one.visit.examined, columns)
