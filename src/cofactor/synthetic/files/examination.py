"""BMX, VID, glycated haemoglobin, fasting glucose, serum zinc: what was measured in the examination centre."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pandas as pd

from cofactor.synthetic.files.tables import table, where
from cofactor.synthetic.frame import four_year_weight
from cofactor.synthetic.people import People
from cofactor.synthetic.randomness import Floats
from cofactor.synthetic.sample import calibrated

LABORATORY_FROM_AGE = 12
ZINC_FROM_AGE = 6
POPULATION_FROM_12 = 0.83
"""Share of the population that the fasting weights stand for."""


def examination(one: People, rng: np.random.Generator) -> dict[str, pd.DataFrame]:
    """Return the files of the examination that the cycle has."""
    files = {"BMX": _body(one), **_haemoglobin(one), **_fasting(one, rng)}
    if one.plan.has_vitamin_d:
        files["VID"] = _vitamin_d(one)
    if one.plan.year in (2011, 2013, 2015):
        files["CUSEZN"] = _zinc(one, rng)
    return files


def _body(one: People) -> pd.DataFrame:
    body = one.background
    weight = np.round(body.bmi * (body.height / 100.0) ** 2, 1)
    columns = {
        "BMXWT": where(body.bmi_known, weight),
        "BMXHT": where(body.bmi_known, body.height),
        "BMXBMI": where(body.bmi_known, body.bmi),
    }
    return table(one, one.visit.examined, columns)


def _vitamin_d(one: People) -> pd.DataFrame:
    """The column changes its name in 2007, when the assay changed, and a comment code comes with it."""
    measured = where(one.intake.vitamin_d_known, one.intake.vitamin_d)
    rows = one.visit.examined & (one.sample.age >= (6 if one.plan.year < 2003 else 1))
    if one.plan.year < 2007:
        return table(one, rows, {"LBDVIDMS": measured})
    return table(one, rows, {"LBXVIDMS": measured, "LBDVIDLC": where(one.intake.vitamin_d_known, 0.0 * measured)})


def _haemoglobin(one: People) -> dict[str, pd.DataFrame]:
    name = "LAB10" if one.plan.year < 2001 else "L10" if one.plan.year < 2005 else "GHB"
    rows = one.visit.examined & (one.sample.age >= LABORATORY_FROM_AGE)
    return {name: table(one, rows, {"LBXGH": where(one.visit.blood, one.health.hba1c)})}


def _fasting(one: People, rng: np.random.Generator) -> dict[str, pd.DataFrame]:
    """The morning half; weight 0 for people who had not fasted."""
    n = one.sample.size
    rows = one.visit.examined & (one.sample.age >= LABORATORY_FROM_AGE) & (rng.random(n) < 0.48)
    fasted = rows & one.visit.blood & (rng.random(n) < 0.92)
    weight = calibrated(np.where(fasted, one.sample.weight, 0.0), POPULATION_FROM_12 * one.plan.population)
    columns: dict[str, npt.ArrayLike] = {
        "WTSAF2YR": weight,
        "LBXGLU": where(one.visit.blood, np.maximum(one.health.glucose, 45.0)),
    }
    if one.plan.has_four_year_weights:
        columns["WTSAF4YR"] = POPULATION_FROM_12 * four_year_weight(one.plan, weight)
    name = "LAB10AM" if one.plan.year < 2001 else "L10AM" if one.plan.year < 2005 else "GLU"
    return {name: table(one, rows, columns)}


def _zinc(one: People, rng: np.random.Generator) -> pd.DataFrame:
    """A third of the sample from age 6."""
    n = one.sample.size
    rows = one.visit.examined & (one.sample.age >= ZINC_FROM_AGE) & (rng.random(n) < 1 / 3)
    weight: Floats = calibrated(np.where(rows, one.sample.weight, 0.0), 0.92 * one.plan.population)
    zinc = np.round(np.maximum(82.0 + 14.0 * rng.standard_normal(n), 30.0), 1)
    return table(one, rows, {"WTSA2YR": weight, "LBXSZN": where(one.visit.blood, zinc)})
