"""Two deficits and the deaths planted with them: the data of notebook 05's exercises, their model and its measures."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd

from cofactor.models import Fit, reri
from cofactor.teach.exercises.people import floats, people_of
from cofactor.teach.exercises.planted import cox_fit, with_deaths

MAGNESIUM, VITAMIN_D = "low_magnesium", "low_vitamin_d"
FORMULA = f"{MAGNESIUM} * {VITAMIN_D} + age_years"
TEN_YEARS = 120.0
NEEDS = (MAGNESIUM, VITAMIN_D, "age_years", "months", "died", "analysis_weight", "strata", "psu")


def planted(seed: int) -> tuple[float, float, float]:
    """Return the hazard ratios of a seed: low magnesium alone, low vitamin D alone, both.

    In one seed of three the hazards multiply, in one the excesses add up, in one both together are more than either.
    """
    rng = np.random.default_rng([5, seed])
    first, second = (round(float(rng.uniform(low, low + 0.4)), 1) for low in (1.7, 1.9))
    both = (first * second, first + second - 1.0, 1.9 * first * second)
    return first, second, round(both[(seed + 2) % 3], 1)


def deficits_of(seed: int) -> pd.DataFrame:
    """Return people with either deficit, both or none, and their deaths as `planted` has them."""
    rng = np.random.default_rng([51, seed])
    data = people_of(seed, 2000, "2007-2014", ("age_years", "sex"))
    low_magnesium, low_vitamin_d = (rng.random(len(data)) < share for share in (0.45, 0.35))
    first, second, both = np.log(planted(seed))
    log_ratio = np.select([low_magnesium & low_vitamin_d, low_magnesium, low_vitamin_d], [both, first, second], 0.0)
    age = 0.05 * (floats(data["age_years"]) - 50.0)
    flags = {MAGNESIUM: low_magnesium.astype(float), VITAMIN_D: low_vitamin_d.astype(float)}
    return with_deaths(data.assign(**flags), log_ratio + age, 0.012, rng)


def told(seed: int) -> str:
    """Return the sentence on what was planted; a RERI of -0.0 is written without its sign."""
    first, second, both = planted(seed)
    excess, ratio = both - first - second + 1.0, both / (first * second)
    return (
        f"Planted: hazard ratios of {first} and {second} alone, and {both} together; so a RERI of {abs(excess):.1f},"
        f" and {ratio:.2f} times what multiplying gives."
    )


def fit_of(data: pd.DataFrame, formula: str = FORMULA) -> Fit:
    """Return the Cox model of adults."""
    return cox_fit(data, formula)


def measures_of(data: pd.DataFrame) -> pd.DataFrame:
    """Return one row a measure: estimate, se, low, high of RERI, AP, S and multiplicative."""
    found = reri(fit_of(data), MAGNESIUM, VITAMIN_D, exposure_levels=(0, 1), modifier_levels=(0, 1))
    return found.table().set_index("term")


def ratios_of(data: pd.DataFrame) -> tuple[float, float, float]:
    """Return the hazard ratios of either deficit alone, and of both, against neither."""
    table = fit_of(data).estimate.table().set_index("term")["estimate"]
    alone = [float(table[name]) for name in (MAGNESIUM, VITAMIN_D)]
    return math.exp(alone[0]), math.exp(alone[1]), math.exp(sum(alone) + float(table[f"{MAGNESIUM}:{VITAMIN_D}"]))
