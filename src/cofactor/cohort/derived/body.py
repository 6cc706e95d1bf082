"""Classes of body mass index of adults."""

import numpy as np
import pandas as pd

from cofactor.cohort.derive import Case, derived
from cofactor.cohort.logic import at_least, below, first_true

ADULT = 20  # years; under it CDC classes body mass index by age and sex
CDC = "National Institutes of Health (1998), Clinical guidelines on overweight and obesity in adults, NIH 98-4083; CDC"
UNDERWEIGHT, OVERWEIGHT, OBESE, OBESE_2, OBESE_3 = 18.5, 25.0, 30.0, 35.0, 40.0  # kg/m²
LEVELS = ("underweight", "normal", "overweight", "obesity class 1", "obesity class 2", "obesity class 3")


def one_decimal(bmi: pd.Series) -> pd.Series:
    """Body mass index rounded half up to one decimal, as released from 2011 on, so that all cycles are classed alike.

    >>> one_decimal(pd.Series([29.95, 29.94, 24.9, None])).tolist()
    [30.0, 29.9, 24.9, nan]
    """
    tenths = np.floor(bmi.to_numpy(dtype=float) * 10 + 0.5 + 1e-9)  # 29.95 is a little less in binary
    return pd.Series(tenths / 10, index=bmi.index)


@derived(
    "Class of body mass index, adults",
    kind="category",
    levels=LEVELS,
    reference="normal",
    source=CDC,
    cases=(
        Case(bmi_kg_m2=18.4, age_years=20.0, gives="underweight", why="below 18.5"),
        Case(bmi_kg_m2=18.5, age_years=20.0, gives="normal", why="18.5 itself is normal"),
        Case(bmi_kg_m2=24.94, age_years=40.0, gives="normal", why="24.9 to one decimal"),
        Case(bmi_kg_m2=24.95, age_years=40.0, gives="overweight", why="25.0 to one decimal"),
        Case(bmi_kg_m2=29.95, age_years=40.0, gives="obesity class 1", why="30.0 to one decimal"),
        Case(bmi_kg_m2=35.0, age_years=40.0, gives="obesity class 2", why="35 to 39.9"),
        Case(bmi_kg_m2=40.0, age_years=40.0, gives="obesity class 3", why="from 40"),
        Case(bmi_kg_m2=31.0, age_years=19.0, gives=None, why="under 20 has classes by age and sex"),
        Case(bmi_kg_m2=None, age_years=40.0, gives=None, why="not measured"),
    ),
)
def bmi_class(bmi_kg_m2: pd.Series, age_years: pd.Series) -> pd.Series:
    """By CDC's classes on the index to one decimal; missing under 20. Pregnancy is for the population to leave out."""
    bmi = one_decimal(bmi_kg_m2).where(at_least(age_years, ADULT).fillna(False))
    cuts = (UNDERWEIGHT, OVERWEIGHT, OBESE, OBESE_2, OBESE_3)
    flags = [*(below(bmi, cut) for cut in cuts), at_least(bmi, OBESE_3)]
    return first_true(dict(zip(LEVELS, flags, strict=True)))


@derived(
    "Obesity: body mass index of 30 or more, adults",
    kind="flag",
    source=CDC,
    cases=(
        Case(bmi_kg_m2=29.95, age_years=20.0, gives=True, why="30.0 to one decimal"),
        Case(bmi_kg_m2=29.94, age_years=20.0, gives=False, why="29.9 to one decimal"),
        Case(bmi_kg_m2=31.0, age_years=19.0, gives=None, why="adults alone"),
        Case(bmi_kg_m2=None, age_years=40.0, gives=None, why="not measured"),
    ),
)
def obesity(bmi_kg_m2: pd.Series, age_years: pd.Series) -> pd.Series:
    """Body mass index to one decimal of 30 or more; missing under 20."""
    return at_least(one_decimal(bmi_kg_m2), OBESE).where(at_least(age_years, ADULT).fillna(False))


@derived(
    "Severe obesity: body mass index of 40 or more, adults",
    kind="flag",
    source=CDC,
    cases=(
        Case(bmi_kg_m2=39.95, age_years=20.0, gives=True, why="40.0 to one decimal"),
        Case(bmi_kg_m2=39.94, age_years=20.0, gives=False, why="39.9 to one decimal"),
        Case(bmi_kg_m2=41.0, age_years=19.0, gives=None, why="adults alone"),
    ),
)
def obesity_severe(bmi_kg_m2: pd.Series, age_years: pd.Series) -> pd.Series:
    """Body mass index to one decimal of 40 or more; missing under 20."""
    return at_least(one_decimal(bmi_kg_m2), OBESE_3).where(at_least(age_years, ADULT).fillna(False))
