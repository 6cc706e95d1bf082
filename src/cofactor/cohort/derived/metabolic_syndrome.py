"""The metabolic syndrome by the harmonised definition: three of five, and each of the five."""

import numpy as np
import pandas as pd

from cofactor.cohort.derive import Case, derived
from cofactor.cohort.logic import any_of, at_least, below, is_level, is_true, pick

HARMONISED = "Alberti et al. (2009), harmonised definition, doi:10.1161/CIRCULATIONAHA.109.192644"
WAIST_MEN, WAIST_WOMEN = 102.0, 88.0  # cm, the cuts for the United States
TRIGLYCERIDES = 150.0  # mg/dL
HDL_MEN, HDL_WOMEN = 40.0, 50.0  # mg/dL
SYSTOLIC, DIASTOLIC = 130.0, 85.0  # mmHg
GLUCOSE = 100.0  # mg/dL, fasting
ENOUGH = 3
ADULT = 20  # years; the cuts are of adults, and adolescents have cuts by age and sex


@derived(
    "Metabolic syndrome, part 1: large waist",
    kind="flag",
    source=HARMONISED,
    cases=(
        Case(waist_cm=102.0, sex="male", gives=True, why="102 counts in men"),
        Case(waist_cm=101.9, sex="male", gives=False, why="below it"),
        Case(waist_cm=88.0, sex="female", gives=True, why="88 counts in women"),
        Case(waist_cm=87.9, sex="female", gives=False, why="below it"),
        Case(waist_cm=None, sex="female", gives=None, why="not measured"),
    ),
)
def metabolic_waist(waist_cm: pd.Series, sex: pd.Series) -> pd.Series:
    """102 cm or more in men, 88 cm or more in women."""
    return at_least(waist_cm, pick(is_level(sex, "female"), WAIST_WOMEN, WAIST_MEN))


@derived(
    "Metabolic syndrome, part 2: high triglycerides, or medicine for them",
    kind="flag",
    source=HARMONISED,
    cases=(
        Case(triglycerides_mg_dl=150.0, medicine_fibrate_or_niacin=False, gives=True, why="150 counts"),
        Case(triglycerides_mg_dl=149.0, medicine_fibrate_or_niacin=False, gives=False, why="below it"),
        Case(triglycerides_mg_dl=100.0, medicine_fibrate_or_niacin=True, gives=True, why="treated"),
        Case(triglycerides_mg_dl=100.0, medicine_fibrate_or_niacin=None, gives=None, why="medicines not known"),
        Case(triglycerides_mg_dl=None, medicine_fibrate_or_niacin=False, gives=None, why="no blood"),
    ),
)
def metabolic_triglycerides(triglycerides_mg_dl: pd.Series, medicine_fibrate_or_niacin: pd.Series) -> pd.Series:
    """150 mg/dL or more, or a fibrate, niacin or icosapent is taken."""
    return any_of(at_least(triglycerides_mg_dl, TRIGLYCERIDES), medicine_fibrate_or_niacin)


@derived(
    "Metabolic syndrome, part 3: low HDL cholesterol, or medicine for it",
    kind="flag",
    source=HARMONISED,
    cases=(
        Case(cholesterol_hdl_mg_dl=39.0, sex="male", medicine_fibrate_or_niacin=False, gives=True, why="under 40"),
        Case(cholesterol_hdl_mg_dl=40.0, sex="male", medicine_fibrate_or_niacin=False, gives=False, why="40 is not"),
        Case(cholesterol_hdl_mg_dl=49.0, sex="female", medicine_fibrate_or_niacin=False, gives=True, why="under 50"),
        Case(cholesterol_hdl_mg_dl=50.0, sex="female", medicine_fibrate_or_niacin=False, gives=False,
             why="50 is not low"),
        Case(cholesterol_hdl_mg_dl=60.0, sex="female", medicine_fibrate_or_niacin=True, gives=True, why="treated"),
        Case(cholesterol_hdl_mg_dl=None, sex="female", medicine_fibrate_or_niacin=False, gives=None, why="no blood"),
    ),
)  # fmt: skip
def metabolic_hdl(cholesterol_hdl_mg_dl: pd.Series, sex: pd.Series, medicine_fibrate_or_niacin: pd.Series) -> pd.Series:
    """Under 40 mg/dL in men, under 50 in women, or a fibrate, niacin or icosapent is taken."""
    low = below(cholesterol_hdl_mg_dl, pick(is_level(sex, "female"), HDL_WOMEN, HDL_MEN))
    return any_of(low, medicine_fibrate_or_niacin)


@derived(
    "Metabolic syndrome, part 4: raised blood pressure, or medicine for it",
    kind="flag",
    source=HARMONISED,
    cases=(
        Case(systolic_mmhg=130.0, diastolic_mmhg=70.0, hypertension_medicine_now=False, gives=True, why="130 counts"),
        Case(systolic_mmhg=129.0, diastolic_mmhg=85.0, hypertension_medicine_now=False, gives=True, why="85 counts"),
        Case(systolic_mmhg=129.0, diastolic_mmhg=84.0, hypertension_medicine_now=False, gives=False, why="below both"),
        Case(systolic_mmhg=110.0, diastolic_mmhg=70.0, hypertension_medicine_now=True, gives=True, why="treated"),
        Case(systolic_mmhg=None, diastolic_mmhg=None, hypertension_medicine_now=True, gives=True, why="treated"),
        Case(systolic_mmhg=129.0, diastolic_mmhg=None, hypertension_medicine_now=False, gives=None, why="one missing"),
    ),
)
def metabolic_blood_pressure(
    systolic_mmhg: pd.Series, diastolic_mmhg: pd.Series, hypertension_medicine_now: pd.Series
) -> pd.Series:
    """Systolic 130 mmHg or more, diastolic 85 or more, or medicine for high blood pressure is taken."""
    return any_of(at_least(systolic_mmhg, SYSTOLIC), at_least(diastolic_mmhg, DIASTOLIC), hypertension_medicine_now)


@derived(
    "Metabolic syndrome, part 5: raised fasting glucose, or medicine for it",
    kind="flag",
    source=HARMONISED,
    cases=(
        Case(glucose_fasting_mg_dl=100.0, glucose_medicine_now=False, gives=True, why="100 counts"),
        Case(glucose_fasting_mg_dl=99.9, glucose_medicine_now=False, gives=False, why="below it"),
        Case(glucose_fasting_mg_dl=90.0, glucose_medicine_now=True, gives=True, why="treated"),
        Case(glucose_fasting_mg_dl=None, glucose_medicine_now=False, gives=None, why="no blood"),
        Case(glucose_fasting_mg_dl=90.0, glucose_medicine_now=None, gives=None, why="medicines not known"),
    ),
)
def metabolic_glucose(glucose_fasting_mg_dl: pd.Series, glucose_medicine_now: pd.Series) -> pd.Series:
    """100 mg/dL or more, or insulin or pills for diabetes are taken."""
    return any_of(at_least(glucose_fasting_mg_dl, GLUCOSE), glucose_medicine_now)


def _at_least_so_many(parts: tuple[pd.Series, ...], enough: int, age_years: pd.Series) -> pd.Series:
    """Yes with `enough` known yes; no where even the unknown, were they yes, would not reach it; else missing.

    Missing in people under 20.
    """
    yes = np.sum([is_true(part).to_numpy(dtype=bool) for part in parts], axis=0)
    no = np.sum([is_true(~part).to_numpy(dtype=bool) for part in parts], axis=0)
    index = parts[0].index
    reached = at_least(pd.Series(yes.astype(float), index=index), float(enough))
    excluded = at_least(pd.Series(no.astype(float), index=index), float(len(parts) - enough + 1))
    return reached.where((reached | excluded) & is_true(at_least(age_years, ADULT)))


def _parts(*values: bool | None, age_years: float = 20.0) -> dict[str, bool | float | None]:
    names = ("waist", "triglycerides", "hdl", "blood_pressure", "glucose")
    return {f"metabolic_{name}": value for name, value in zip(names, values, strict=True)} | {"age_years": age_years}


@derived(
    "Metabolic syndrome: three or more of five, adults",
    kind="flag",
    source=HARMONISED,
    cases=(
        Case(**_parts(True, True, True, None, None), gives=True, why="three known yes"),
        Case(**_parts(False, False, False, None, None), gives=False, why="three known no"),
        Case(**_parts(True, True, False, False, False), gives=False, why="two of five"),
        Case(**_parts(True, True, False, False, None), gives=None, why="the fifth decides"),
        Case(**_parts(True, True, True, False, False), gives=True, why="three of five"),
        Case(**_parts(None, None, None, None, None), gives=None, why="nothing is known"),
        Case(**_parts(True, True, True, True, True, age_years=19.0), gives=None, why="adults alone"),
    ),
)
def metabolic_syndrome(
    metabolic_waist: pd.Series,
    metabolic_triglycerides: pd.Series,
    metabolic_hdl: pd.Series,
    metabolic_blood_pressure: pd.Series,
    metabolic_glucose: pd.Series,
    age_years: pd.Series,
) -> pd.Series:
    """Three known yes is yes, three known no is no, else missing; missing under 20."""
    parts = (metabolic_waist, metabolic_triglycerides, metabolic_hdl, metabolic_blood_pressure, metabolic_glucose)
    return _at_least_so_many(parts, ENOUGH, age_years)


@derived(
    "Metabolic syndrome without the waist: three or more of the other four, adults",
    kind="flag",
    source=f"{HARMONISED}, less the waist: a sensitivity for exposures that move with body size",
    cases=(
        Case(metabolic_triglycerides=True, metabolic_hdl=True, metabolic_blood_pressure=True, metabolic_glucose=None,
             age_years=20.0, gives=True, why="three known yes"),
        Case(metabolic_triglycerides=False, metabolic_hdl=False, metabolic_blood_pressure=None, metabolic_glucose=None,
             age_years=20.0, gives=False, why="two known no: three cannot be reached"),
        Case(metabolic_triglycerides=True, metabolic_hdl=True, metabolic_blood_pressure=False, metabolic_glucose=None,
             age_years=20.0, gives=None, why="the fourth decides"),
        Case(metabolic_triglycerides=True, metabolic_hdl=True, metabolic_blood_pressure=True, metabolic_glucose=True,
             age_years=19.0, gives=None, why="adults alone"),
    ),
)  # fmt: skip
def metabolic_syndrome_without_waist(
    metabolic_triglycerides: pd.Series,
    metabolic_hdl: pd.Series,
    metabolic_blood_pressure: pd.Series,
    metabolic_glucose: pd.Series,
    age_years: pd.Series,
) -> pd.Series:
    """Three known yes is yes, two known no is no, else missing; missing under 20."""
    parts = (metabolic_triglycerides, metabolic_hdl, metabolic_blood_pressure, metabolic_glucose)
    return _at_least_so_many(parts, ENOUGH, age_years)
