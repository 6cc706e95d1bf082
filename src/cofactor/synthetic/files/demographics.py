"""DEMO: who people are, their place in the design, and their weights."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pandas as pd

from cofactor.synthetic.files.tables import positive, table, where
from cofactor.synthetic.frame import everybody, four_year_weight
from cofactor.synthetic.levels import EDUCATION_CODES, OTHER, RACE_CODES
from cofactor.synthetic.people import People
from cofactor.synthetic.randomness import Floats

EXAMINED_CODE, INTERVIEWED_CODE = 2, 1
REFUSED, UNKNOWN = 7.0, 9.0


def demographics(one: People, rng: np.random.Generator) -> dict[str, pd.DataFrame]:
    """Return DEMO, with everybody."""
    plan, sample, visit = one.plan, one.sample, one.visit
    columns: dict[str, npt.ArrayLike] = {
        "SDDSRVYR": np.full(sample.size, plan.position + 1),
        "RIDSTATR": np.where(visit.examined, EXAMINED_CODE, INTERVIEWED_CODE),
        "RIDEXMON": where(visit.examined, visit.season + 1),
        "RIAGENDR": np.where(sample.male, 1, 2),
        "RIDAGEYR": np.minimum(sample.age, plan.oldest_age),
        **_months(one),
        "RIDRETH1": np.take(RACE_CODES, sample.race),
        "DMDEDUC2": _education(one, rng),
        "INDFMPIR": where(one.background.income_known, one.background.income),
        "RIDEXPRG": positive(visit.pregnancy),
        **_weights(one),
        "SDMVPSU": sample.psu,
        "SDMVSTRA": sample.stratum,
    }
    if plan.year >= 2011:
        split = np.where(rng.random(sample.size) < 0.65, 6, 7)
        columns["RIDRETH3"] = np.where(sample.race == OTHER, split, np.take(RACE_CODES, sample.race))
    return {"DEMO": table(one, everybody(one), columns)}


def _months(one: People) -> dict[str, Floats]:
    """Age in months, whose name and coverage change: to 1,019 until 2006, to 959 until 2010, infants alone after."""
    year, sample, visit = one.plan.year, one.sample, one.visit
    screened = 12 * sample.age + sample.month
    examined = screened + np.floor(visit.gap).astype(np.int64)
    if year >= 2011:
        return {
            "RIDAGEMN": where(screened <= 24, screened),
            "RIDEXAGM": where(visit.examined & (sample.age < 20) & (examined <= 239), examined),
        }
    oldest = 12 * one.plan.oldest_age - 1
    return {
        "RIDAGEMN": where(screened <= oldest, screened),
        "RIDAGEEX": where(visit.examined & (screened <= oldest) & (examined <= oldest), examined),
    }


def _education(one: People, rng: np.random.Generator) -> Floats:
    code = np.take(EDUCATION_CODES, one.background.education)
    lost = np.where(rng.random(code.size) < 0.5, REFUSED, UNKNOWN)
    return where(one.sample.age >= 20, np.where(one.background.education_known, code, lost))


def _weights(one: People) -> dict[str, Floats]:
    interview, examination = one.sample.weight, one.visit.weight_exam
    weights = {"WTINT2YR": interview, "WTMEC2YR": examination}
    if one.plan.has_four_year_weights:
        weights["WTINT4YR"] = four_year_weight(one.plan, interview)
        weights["WTMEC4YR"] = four_year_weight(one.plan, examination)
    return weights
