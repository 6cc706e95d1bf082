"""Deaths with hazard ratios that an exercise plants, for adults of the synthetic people."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pandas as pd

from cofactor.models import Fit, fit_cox
from cofactor.survey import SurveyDesign
from cofactor.teach.exercises.people import floats

Floats = npt.NDArray[np.float64]

ADULT = "age_years >= 20"
LONGEST = 180.0
"""Months of follow-up of whoever came first."""


def with_deaths(data: pd.DataFrame, log_ratio: Floats, yearly: float, rng: np.random.Generator) -> pd.DataFrame:
    """Return the data with months of follow-up and died, missing below age 20.

    The hazard is constant in time, `yearly` times exp(log_ratio) a year; follow-up ends between 5 and 15 years.

    Parameters
    ----------
    data : DataFrame with age_years, n rows
    log_ratio : (n,) logarithm of the hazard ratio of each person
    yearly : float
        Deaths per person and year at a log ratio of 0.
    rng : Generator
    """
    n = len(data)
    death = rng.exponential(size=n) * np.exp(-log_ratio) * 12.0 / yearly
    end = rng.uniform(60.0, LONGEST, n)
    months = np.maximum(np.round(np.minimum(death, end), 2), 0.01)
    child = floats(data["age_years"]) < 20
    return data.assign(
        months=np.where(child, np.nan, months),
        died=pd.arrays.BooleanArray(death < end, child),
    )


def cox_fit(data: pd.DataFrame, formula: str, event: str = "died") -> Fit:
    """Return the Cox model of adults, everyone in the design."""
    return fit_cox(SurveyDesign(data, domain=ADULT), formula, time="months", event=event)
