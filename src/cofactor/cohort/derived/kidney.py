"""Kidney function and damage: creatinine on one scale, filtration rate, albumin in urine, stages."""

import numpy as np
import pandas as pd

from cofactor.cohort.derive import Case, derived
from cofactor.cohort.logic import above, all_of, any_of, at_least, below, first_true, is_level, pick

ADULT = 18
KDIGO = "KDIGO (2013), doi:10.1038/kisup.2012.73"
CKD_EPI_2021 = "doi:10.1056/NEJMoa2102953"
CKD_EPI_2009 = "doi:10.7326/0003-4819-150-9-200905050-00006"
READS_LOW = (0.147, 1.013)
READS_HIGH = (-0.016, 0.978)
"""Intercept and slope from the released value, mg/dL, to the reference method."""
LOW_FILTRATION = 60.0  # mL/min/1.73 m²
ALBUMINURIA, SEVERE_ALBUMINURIA = 30.0, 300.0  # mg/g


@derived(
    "Serum creatinine, on the scale of the reference method",
    unit="mg/dL",
    source="CDC's documentation of LAB18 and BIOPRO_D; Selvin (2007), doi:10.1053/j.ajkd.2007.08.020",
    cases=(
        Case(creatinine_serum_released_mg_dl=1.0, creatinine_serum_calibration="agrees", gives=1.0, why="as released"),
        Case(creatinine_serum_released_mg_dl=1.0, creatinine_serum_calibration="reads low", gives=1.16,
             why="0.147 + 1.013"),
        Case(creatinine_serum_released_mg_dl=1.0, creatinine_serum_calibration="reads high", gives=0.962,
             why="-0.016 + 0.978"),
        Case(creatinine_serum_released_mg_dl=None, creatinine_serum_calibration="agrees", gives=None, why="no blood"),
    ),
)  # fmt: skip
def creatinine_serum_mg_dl(
    creatinine_serum_released_mg_dl: pd.Series, creatinine_serum_calibration: pd.Series
) -> pd.Series:
    """0.147 + 1.013 x where the released value reads low, -0.016 + 0.978 x where it reads high, else as released."""
    released = creatinine_serum_released_mg_dl
    low = pick(is_level(creatinine_serum_calibration, "reads low"), _line(released, READS_LOW), released)
    return pick(is_level(creatinine_serum_calibration, "reads high"), _line(released, READS_HIGH), low)


def _line(released: pd.Series, line: tuple[float, float]) -> pd.Series:
    intercept, slope = line
    return intercept + slope * released


@derived(
    "Urine creatinine, on the scale of the enzymatic method",
    unit="mg/dL",
    source="CDC's documentation of ALB_CR_E: from the Jaffe rate method to the enzymatic one",
    cases=(
        Case(creatinine_urine_released_mg_dl=100.0, creatinine_urine_method="enzymatic", gives=100.0,
             why="as released"),
        Case(creatinine_urine_released_mg_dl=64.0, creatinine_urine_method="Jaffe rate", gives=60.84,
             why="under 75: (1.02 × 8 - 0.36)² = 7.8²"),
        Case(creatinine_urine_released_mg_dl=75.0, creatinine_urine_method="Jaffe rate",
             gives=(1.05 * 75.0**0.5 - 0.74) ** 2, why="from 75 the second equation"),
        Case(creatinine_urine_released_mg_dl=100.0, creatinine_urine_method="Jaffe rate", gives=95.2576,
             why="(1.05 × 10 - 0.74)² = 9.76²"),
        Case(creatinine_urine_released_mg_dl=250.0, creatinine_urine_method="Jaffe rate",
             gives=(1.01 * 250.0**0.5 - 0.10) ** 2, why="from 250 the third equation"),
        Case(creatinine_urine_released_mg_dl=400.0, creatinine_urine_method="Jaffe rate", gives=404.01,
             why="(1.01 × 20 - 0.10)² = 20.1²"),
        Case(creatinine_urine_released_mg_dl=None, creatinine_urine_method="Jaffe rate", gives=None, why="no urine"),
    ),
)  # fmt: skip
def creatinine_urine_mg_dl(creatinine_urine_released_mg_dl: pd.Series, creatinine_urine_method: pd.Series) -> pd.Series:
    """As released by the enzymatic method; by the Jaffe rate method (a √x - b)², with three a and b.

    Under 75 mg/dL 1.02 and 0.36; from 75 to under 250 1.05 and 0.74; from 250 1.01 and 0.10. The pieces are CDC's and
    do not quite join: at 75 the result steps down by 2.8%.
    """
    released = creatinine_urine_released_mg_dl
    root = np.sqrt(released)
    upper = pick(below(released, 250.0), (1.05 * root - 0.74) ** 2, (1.01 * root - 0.10) ** 2)
    converted = pick(below(released, 75.0), (1.02 * root - 0.36) ** 2, upper)
    return pick(is_level(creatinine_urine_method, "Jaffe rate"), converted, released)


@derived(
    "Albumin to creatinine ratio of urine",
    unit="mg/g",
    source=KDIGO,
    cases=(
        Case(albumin_urine_mg_l=30.0, creatinine_urine_mg_dl=100.0, gives=30.0, why="30 mg/L per 1 g/L"),
        Case(albumin_urine_mg_l=None, creatinine_urine_mg_dl=100.0, gives=None, why="no albumin"),
        Case(albumin_urine_mg_l=30.0, creatinine_urine_mg_dl=None, gives=None, why="no creatinine"),
        Case(albumin_urine_mg_l=30.0, creatinine_urine_mg_dl=0.0, gives=None, why="no ratio to nothing"),
    ),
)
def uacr_mg_g(albumin_urine_mg_l: pd.Series, creatinine_urine_mg_dl: pd.Series) -> pd.Series:
    """100 × albumin in mg/L over creatinine in mg/dL, of one spot sample; creatinine on the enzymatic scale."""
    return 100.0 * albumin_urine_mg_l / creatinine_urine_mg_dl.where(creatinine_urine_mg_dl.ne(0.0))


@derived(
    "Estimated glomerular filtration rate, CKD-EPI 2021 (creatinine, without race)",
    unit="mL/min/1.73 m²",
    source=CKD_EPI_2021,
    cases=(
        Case(creatinine_serum_mg_dl=0.9, age_years=50.0, sex="male", gives=142 * 0.9938**50, why="at the knot of men"),
        Case(creatinine_serum_mg_dl=1.8, age_years=50.0, sex="male", gives=142 * 2.0**-1.2 * 0.9938**50,
             why="above it, the steep part"),
        Case(creatinine_serum_mg_dl=0.45, age_years=50.0, sex="male", gives=142 * 0.5**-0.302 * 0.9938**50,
             why="below it, the flat part"),
        Case(creatinine_serum_mg_dl=0.7, age_years=50.0, sex="female", gives=142 * 0.9938**50 * 1.012,
             why="at the knot of women"),
        Case(creatinine_serum_mg_dl=0.35, age_years=50.0, sex="female", gives=142 * 0.5**-0.241 * 0.9938**50 * 1.012,
             why="below it"),
        Case(creatinine_serum_mg_dl=0.9, age_years=18.0, sex="male", gives=142 * 0.9938**18, why="18 is an adult"),
        Case(creatinine_serum_mg_dl=0.9, age_years=17.0, sex="male", gives=None, why="the equation is of adults"),
        Case(creatinine_serum_mg_dl=None, age_years=50.0, sex="male", gives=None, why="no blood"),
    ),
)  # fmt: skip
def egfr_ckdepi2021(creatinine_serum_mg_dl: pd.Series, age_years: pd.Series, sex: pd.Series) -> pd.Series:
    """142 × min(S/κ, 1)^α × max(S/κ, 1)^-1.200 × 0.9938^age × 1.012 (women); missing under 18.

    κ = 0.9 and α = -0.302 for men, 0.7 and -0.241 for women; S is serum creatinine in mg/dL. Ages over 80
    count as 80, in all cycles alike: up to 3% above what the ages of 81 to 85 that were released until 2006 would give.
    """
    women = is_level(sex, "female")
    shape = _two_slopes(creatinine_serum_mg_dl, women, pick(women, -0.241, -0.302), -1.200)
    return _of_adults(142.0 * shape * 0.9938**age_years * pick(women, 1.012, 1.0), age_years)


@derived(
    "Estimated glomerular filtration rate, CKD-EPI 2009 (creatinine, with race)",
    unit="mL/min/1.73 m²",
    source=CKD_EPI_2009,
    cases=(
        Case(creatinine_serum_mg_dl=0.9, age_years=50.0, sex="male", race_ethnicity="non-Hispanic White",
             gives=141 * 0.993**50, why="at the knot of men"),
        Case(creatinine_serum_mg_dl=1.8, age_years=50.0, sex="male", race_ethnicity="non-Hispanic Black",
             gives=141 * 2.0**-1.209 * 0.993**50 * 1.159, why="above it, with the race term"),
        Case(creatinine_serum_mg_dl=0.35, age_years=50.0, sex="female", race_ethnicity="other",
             gives=141 * 0.5**-0.329 * 0.993**50 * 1.018, why="a woman below her knot"),
        Case(creatinine_serum_mg_dl=0.9, age_years=17.0, sex="male", race_ethnicity="other", gives=None,
             why="the equation is of adults"),
        Case(creatinine_serum_mg_dl=None, age_years=50.0, sex="male", race_ethnicity="other", gives=None,
             why="no blood"),
    ),
)  # fmt: skip
def egfr_ckdepi2009(
    creatinine_serum_mg_dl: pd.Series, age_years: pd.Series, sex: pd.Series, race_ethnicity: pd.Series
) -> pd.Series:
    """141 × min(S/κ, 1)^α × max(S/κ, 1)^-1.209 × 0.993^age × 1.018 (women) × 1.159 (Black); missing under 18.

    κ = 0.9 and α = -0.411 for men, 0.7 and -0.329 for women. The race term goes to non-Hispanic Black people, the only
    Black people whom the public files of all cycles name. A variant for comparison: the 2021 equation is the house's.
    """
    women = is_level(sex, "female")
    shape = _two_slopes(creatinine_serum_mg_dl, women, pick(women, -0.329, -0.411), -1.209)
    race = pick(is_level(race_ethnicity, "non-Hispanic Black"), 1.159, 1.0)
    return _of_adults(141.0 * shape * 0.993**age_years * pick(women, 1.018, 1.0) * race, age_years)


def _two_slopes(creatinine: pd.Series, women: pd.Series, low: pd.Series, high: float) -> pd.Series:
    relative = creatinine / pick(women, 0.7, 0.9)
    return relative.clip(upper=1.0) ** low * relative.clip(lower=1.0) ** high


def _of_adults(values: pd.Series, age_years: pd.Series) -> pd.Series:
    return pick(at_least(age_years, ADULT), values, np.nan)


@derived(
    "Glomerular filtration category of KDIGO",
    kind="category",
    levels=("G1", "G2", "G3a", "G3b", "G4", "G5"),
    source=KDIGO,
    cases=(
        Case(egfr_ckdepi2021=90.0, gives="G1", why="90 and over"),
        Case(egfr_ckdepi2021=89.9, gives="G2", why="60 to 89"),
        Case(egfr_ckdepi2021=59.9, gives="G3a", why="45 to 59"),
        Case(egfr_ckdepi2021=44.9, gives="G3b", why="30 to 44"),
        Case(egfr_ckdepi2021=29.9, gives="G4", why="15 to 29"),
        Case(egfr_ckdepi2021=14.9, gives="G5", why="under 15"),
        Case(egfr_ckdepi2021=None, gives=None, why="no blood, or under 18"),
    ),
)
def egfr_category(egfr_ckdepi2021: pd.Series) -> pd.Series:
    """G1 from 90, G2 from 60, G3a from 45, G3b from 30, G4 from 15, G5 below."""
    cuts = {"G1": 90.0, "G2": 60.0, "G3a": 45.0, "G3b": 30.0, "G4": 15.0}
    levels = {level: at_least(egfr_ckdepi2021, cut) for level, cut in cuts.items()}
    return first_true({**levels, "G5": below(egfr_ckdepi2021, 15.0)})


@derived(
    "Albuminuria category of KDIGO",
    kind="category",
    levels=("A1", "A2", "A3"),
    source=KDIGO,
    cases=(
        Case(uacr_mg_g=29.9, gives="A1", why="under 30"),
        Case(uacr_mg_g=30.0, gives="A2", why="30 counts"),
        Case(uacr_mg_g=300.0, gives="A2", why="300 is still moderate"),
        Case(uacr_mg_g=300.1, gives="A3", why="over 300"),
        Case(uacr_mg_g=None, gives=None, why="no urine"),
    ),
)
def albuminuria_category(uacr_mg_g: pd.Series) -> pd.Series:
    """A1 under 30 mg/g, A2 30 to 300, A3 over 300; one sample, where the guideline asks for three months."""
    severe = above(uacr_mg_g, SEVERE_ALBUMINURIA)
    return first_true({"A1": below(uacr_mg_g, ALBUMINURIA), "A2": ~severe, "A3": severe})


@derived(
    "Chronic kidney disease: eGFR under 60 or albumin to creatinine ratio of 30 mg/g or more",
    kind="flag",
    source=KDIGO,
    cases=(
        Case(egfr_ckdepi2021=59.9, uacr_mg_g=5.0, age_years=70.0, gives=True, why="low filtration"),
        Case(egfr_ckdepi2021=60.0, uacr_mg_g=29.9, age_years=70.0, gives=False, why="neither"),
        Case(egfr_ckdepi2021=95.0, uacr_mg_g=30.0, age_years=70.0, gives=True, why="albumin alone, 30 counts"),
        Case(egfr_ckdepi2021=None, uacr_mg_g=40.0, age_years=70.0, gives=True, why="one yes is enough"),
        Case(egfr_ckdepi2021=95.0, uacr_mg_g=None, age_years=70.0, gives=None, why="a no needs both"),
        Case(egfr_ckdepi2021=None, uacr_mg_g=40.0, age_years=17.0, gives=None, why="of adults, yes and no alike"),
    ),
)
def ckd(egfr_ckdepi2021: pd.Series, uacr_mg_g: pd.Series, age_years: pd.Series) -> pd.Series:
    """Either of the two at one visit (the guideline asks for three months); missing under 18."""
    found = any_of(below(egfr_ckdepi2021, LOW_FILTRATION), at_least(uacr_mg_g, ALBUMINURIA))
    return found.where(at_least(age_years, ADULT).fillna(False))


@derived(
    "Stage of chronic kidney disease",
    kind="category",
    levels=("no CKD", "1", "2", "3a", "3b", "4", "5"),
    source=KDIGO,
    cases=(
        Case(egfr_ckdepi2021=60.0, uacr_mg_g=29.9, gives="no CKD", why="neither sign"),
        Case(egfr_ckdepi2021=90.0, uacr_mg_g=30.0, gives="1", why="albumin alone"),
        Case(egfr_ckdepi2021=89.9, uacr_mg_g=30.0, gives="2", why="albumin, filtration 60 to 89"),
        Case(egfr_ckdepi2021=59.9, uacr_mg_g=5.0, gives="3a", why="45 to 59, whatever the albumin"),
        Case(egfr_ckdepi2021=44.9, uacr_mg_g=None, gives="3b", why="30 to 44: albumin is not needed"),
        Case(egfr_ckdepi2021=29.9, uacr_mg_g=5.0, gives="4", why="15 to 29"),
        Case(egfr_ckdepi2021=14.9, uacr_mg_g=5.0, gives="5", why="under 15"),
        Case(egfr_ckdepi2021=95.0, uacr_mg_g=None, gives=None, why="stage 1 or no CKD: albumin is needed"),
        Case(egfr_ckdepi2021=None, uacr_mg_g=40.0, gives=None, why="the stage needs the filtration"),
    ),
)
def ckd_stage(egfr_ckdepi2021: pd.Series, uacr_mg_g: pd.Series) -> pd.Series:
    """No CKD: eGFR from 60 and ratio under 30. Stages 1 and 2: eGFR from 90, from 60, with a ratio from 30.

    Stages 3a, 3b, 4 and 5: eGFR from 45, from 30, from 15 and under 15, whatever the ratio. Missing under 18.
    """
    albumin = at_least(uacr_mg_g, ALBUMINURIA)
    from_60, from_90 = at_least(egfr_ckdepi2021, LOW_FILTRATION), at_least(egfr_ckdepi2021, 90.0)
    return first_true(
        {
            "no CKD": all_of(from_60, ~albumin),
            "1": all_of(from_90, albumin),
            "2": all_of(from_60, albumin),
            "3a": at_least(egfr_ckdepi2021, 45.0),
            "3b": at_least(egfr_ckdepi2021, 30.0),
            "4": at_least(egfr_ckdepi2021, 15.0),
            "5": below(egfr_ckdepi2021, 15.0),
        }
    )
