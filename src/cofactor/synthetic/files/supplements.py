"""DSQFILE1, DSQ1, DSQTOT, DSQIDS and DS1TOT: who takes supplements, and from 2007 on how much."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pandas as pd

from cofactor.synthetic.files.diet import weight_both, weight_day1
from cofactor.synthetic.files.tables import positive, table, where
from cofactor.synthetic.frame import everybody
from cofactor.synthetic.people import People
from cofactor.synthetic.randomness import Floats

YES, NO, REFUSED, UNKNOWN = 1.0, 2.0, 7.0, 9.0
TYPICAL = {"CALC": 250.0, "PHOS": 40.0, "POTA": 60.0, "ZINC": 12.0, "FIBE": 1.5, "VC": 120.0, "VD": 20.0}
TAKES_NUTRIENT = 0.5
TAKEN_THAT_DAY = 0.8
AMOUNT_UNKNOWN, DAYS_UNKNOWN = 0.02, 0.02
DAYS_CODE_UNKNOWN = 9999.0


def supplements(one: People, rng: np.random.Generator) -> dict[str, pd.DataFrame]:
    """Return the files of supplements of the cycle; everybody is asked."""
    any_taken = _any_taken(one, rng)
    products = np.where(any_taken == YES, rng.integers(1, 4, size=any_taken.size), 0)
    count = np.where(any_taken == REFUSED, 77.0, np.where(any_taken == UNKNOWN, 99.0, products))
    if not one.plan.has_supplement_totals:
        columns: dict[str, npt.ArrayLike] = {"DSD010": any_taken, "DSDCOUNT": count}
        if one.plan.year >= 2003:
            columns |= _antacids(one)
        name = "DSQFILE1" if one.plan.year < 2001 else "DSQ1"
        return {name: table(one, everybody(one), columns)}
    totals = {"DSDCOUNT": count, "DSD010": any_taken, **_antacids(one), **_totals(one, any_taken, rng)}
    return {
        "DSQTOT": table(one, everybody(one), totals),
        "DSQIDS": _products(one, products, rng),
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


def _totals(one: People, any_taken: Floats, rng: np.random.Generator) -> dict[str, Floats]:
    """Missing, and not 0, for people who take nothing, and for users of products without the nutrient."""
    magnesium = one.intake.supplement_magnesium
    told = (any_taken == YES) | (any_taken == NO)
    totals = {"DSQTMAGN": np.where(told & (magnesium > 0), magnesium, np.nan)}
    for name, typical in TYPICAL.items():
        takes = (any_taken == YES) & (rng.random(any_taken.size) < TAKES_NUTRIENT)
        amount = np.round(typical * np.exp(0.8 * rng.standard_normal(any_taken.size)), 2)
        totals[f"DSQT{name}"] = np.where(takes, amount, np.nan)
    return totals


def _products(one: People, products: npt.NDArray[np.int64], rng: np.random.Generator) -> pd.DataFrame:
    """One row a product of each user: days in 30, servings a day; a few of them not known."""
    seqn = np.repeat(one.sample.seqn, products).astype(np.float64)
    days = np.where(rng.random(seqn.size) < 0.6, 30.0, rng.integers(1, 31, size=seqn.size))
    servings = rng.choice([0.5, 1.0, 2.0], size=seqn.size, p=[0.1, 0.75, 0.15])
    return pd.DataFrame(
        {
            "SEQN": seqn,
            "DSDANTA": np.zeros(seqn.size),
            "DSD103": np.where(rng.random(seqn.size) < DAYS_UNKNOWN, DAYS_CODE_UNKNOWN, days),
            "DSDACTSS": np.where(rng.random(seqn.size) < AMOUNT_UNKNOWN, np.nan, servings),
        }
    )


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
    return table(one, one.visit.examined, columns)
