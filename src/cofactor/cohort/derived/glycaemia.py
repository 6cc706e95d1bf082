"""Glucose, insulin, and what people do about them."""

import pandas as pd

from cofactor.cohort.derive import Case, derived
from cofactor.cohort.derived.health import ADA
from cofactor.cohort.logic import all_of, any_of, at_least, is_level, is_true, known, pick

HOMA = "Matthews (1985), doi:10.1007/BF00280883"
DIQ = "NHANES diabetes questionnaire"
HBA1C_PREDIABETES = 5.7  # %, NGSP
GLUCOSE_PREDIABETES = 100.0  # mg/dL, fasting
HOMA_PRODUCT = 405.0  # glucose in mg/dL × insulin in µU/mL of an ideal person: 22.5 × 18


@derived(
    "Insulin resistance by HOMA",
    unit="index",
    source=HOMA,
    cases=(
        Case(glucose_fasting_mg_dl=81.0, insulin_fasting_uu_ml=5.0, gives=1.0, why="81 × 5 / 405"),
        Case(glucose_fasting_mg_dl=None, insulin_fasting_uu_ml=5.0, gives=None, why="no glucose"),
        Case(glucose_fasting_mg_dl=81.0, insulin_fasting_uu_ml=None, gives=None, why="no insulin"),
    ),
)
def homa_ir(glucose_fasting_mg_dl: pd.Series, insulin_fasting_uu_ml: pd.Series) -> pd.Series:
    """Fasting glucose (mg/dL) × fasting insulin (µU/mL) / 405, both as released: models that pool cycles need terms
    for them, since the methods of both changed.
    """
    return glucose_fasting_mg_dl * insulin_fasting_uu_ml / HOMA_PRODUCT


@derived(
    "Fasting plasma glucose on the scale of the first instrument",
    unit="mg/dL",
    source="CDC's equations, documentation of GLU_D, GLU_E and GLU_I",
    cases=(
        Case(glucose_fasting_mg_dl=100.0, glucose_fasting_instrument="Cobas Mira", gives=100.0, why="the scale itself"),
        Case(glucose_fasting_mg_dl=100.0, glucose_fasting_instrument="Hitachi 911", gives=98.35, why="0.9835 × 100"),
        Case(glucose_fasting_mg_dl=100.0, glucose_fasting_instrument="Modular P or Cobas C501",
             gives=0.9835 * (100.0 - 1.139), why="less 1.139 first"),
        Case(glucose_fasting_mg_dl=100.0, glucose_fasting_instrument="Cobas C311",
             gives=0.9835 * (0.9776 * 100.0 + 0.4994 - 1.139), why="all three equations, the latest first"),
        Case(glucose_fasting_mg_dl=None, glucose_fasting_instrument="Cobas C311", gives=None, why="no blood"),
    ),
)  # fmt: skip
def glucose_fasting_harmonised_mg_dl(
    glucose_fasting_mg_dl: pd.Series, glucose_fasting_instrument: pd.Series
) -> pd.Series:
    """The released value, brought back instrument by instrument to the Cobas Mira by CDC's equations.

    For trends and for cut points over pooled cycles: by the released values the share between 100 and 125 mg/dL rises
    where instruments change. `diabetes_fasting` and its kin rest on the released values, as NCHS's reports do.
    """
    level = glucose_fasting_instrument
    on_c501 = pick(is_level(level, "Cobas C311"), 0.9776 * glucose_fasting_mg_dl + 0.4994, glucose_fasting_mg_dl)
    on_911 = pick(is_level(level, "Cobas C311", "Modular P or Cobas C501"), on_c501 - 1.139, on_c501)
    return pick(is_level(level, "Cobas Mira"), on_911, 0.9835 * on_911)


def _taken(answer: pd.Series, diabetes_diagnosed: pd.Series) -> pd.Series:
    """Return the answer; no where it was not asked because no diabetes was told; else missing."""
    skipped = ~known(answer) & is_true(~diabetes_diagnosed)
    return is_level(answer, "yes").mask(is_level(answer, "not known").fillna(False)).mask(skipped, False)


@derived(
    "Takes insulin now",
    kind="flag",
    source=f"{DIQ}, DIQ050",
    cases=(
        Case(insulin_answer="yes", diabetes_diagnosed=True, gives=True, why="as answered"),
        Case(insulin_answer="yes", diabetes_diagnosed=False, gives=True, why="the answer stands"),
        Case(insulin_answer="no", diabetes_diagnosed=True, gives=False, why="as answered"),
        Case(insulin_answer=None, diabetes_diagnosed=False, gives=False, why="not asked: no diabetes told"),
        Case(insulin_answer="not known", diabetes_diagnosed=False, gives=None, why="refused or don't know"),
        Case(insulin_answer=None, diabetes_diagnosed=True, gives=None, why="asked and not answered"),
        Case(insulin_answer=None, diabetes_diagnosed=None, gives=None, why="nothing is known"),
    ),
)
def insulin_now(insulin_answer: pd.Series, diabetes_diagnosed: pd.Series) -> pd.Series:
    """As answered; no for people who were not asked and were told of no diabetes (or of borderline diabetes)."""
    return _taken(insulin_answer, diabetes_diagnosed)


@derived(
    "Takes pills to lower blood sugar now",
    kind="flag",
    source=f"{DIQ}, DIQ070 and DID070",
    cases=(
        Case(diabetes_pills_answer="yes", diabetes_diagnosed=True, gives=True, why="as answered"),
        Case(diabetes_pills_answer="yes", diabetes_diagnosed=False, gives=True, why="told of prediabetes, and asked"),
        Case(diabetes_pills_answer="no", diabetes_diagnosed=True, gives=False, why="as answered"),
        Case(diabetes_pills_answer=None, diabetes_diagnosed=False, gives=False, why="not asked: no diabetes told"),
        Case(diabetes_pills_answer="not known", diabetes_diagnosed=True, gives=None, why="refused or don't know"),
        Case(diabetes_pills_answer=None, diabetes_diagnosed=True, gives=None, why="asked and not answered"),
        Case(diabetes_pills_answer=None, diabetes_diagnosed=None, gives=None, why="diabetes not known, so not asked"),
    ),
)
def diabetes_pills_now(diabetes_pills_answer: pd.Series, diabetes_diagnosed: pd.Series) -> pd.Series:
    """As answered; no for people who were not asked and were told of no diabetes.

    People told of borderline diabetes or prediabetes are asked from 2005 on, so the few who take pills are seen from
    then on alone.
    """
    return _taken(diabetes_pills_answer, diabetes_diagnosed)


@derived(
    "Takes insulin or pills to lower blood sugar now",
    kind="flag",
    source=DIQ,
    cases=(
        Case(insulin_now=True, diabetes_pills_now=None, gives=True, why="one yes is enough"),
        Case(insulin_now=False, diabetes_pills_now=False, gives=False, why="both no"),
        Case(insulin_now=False, diabetes_pills_now=None, gives=None, why="a no needs both"),
    ),
)
def glucose_medicine_now(insulin_now: pd.Series, diabetes_pills_now: pd.Series) -> pd.Series:
    """Either of the two."""
    return any_of(insulin_now, diabetes_pills_now)


@derived(
    "Undiagnosed diabetes: not told, HbA1c of 6.5% or more",
    kind="flag",
    source=ADA,
    cases=(
        Case(diabetes_diagnosed=False, diabetes=True, gives=True, why="found and not told"),
        Case(diabetes_diagnosed=True, diabetes=True, gives=False, why="told"),
        Case(diabetes_diagnosed=False, diabetes=False, gives=False, why="not found"),
        Case(diabetes_diagnosed=False, diabetes=None, gives=None, why="no HbA1c"),
    ),
)
def diabetes_undiagnosed(diabetes_diagnosed: pd.Series, diabetes: pd.Series) -> pd.Series:
    """Diabetes by HbA1c in people who were not told."""
    return all_of(~diabetes_diagnosed, diabetes)


@derived(
    "Undiagnosed diabetes: not told, HbA1c of 6.5% or more or fasting glucose of 126 mg/dL or more",
    kind="flag",
    source=ADA,
    cases=(
        Case(diabetes_diagnosed=False, diabetes_fasting=True, gives=True, why="found and not told"),
        Case(diabetes_diagnosed=True, diabetes_fasting=True, gives=False, why="told"),
        Case(diabetes_diagnosed=False, diabetes_fasting=False, gives=False, why="not found"),
        Case(diabetes_diagnosed=False, diabetes_fasting=None, gives=None, why="a result is missing"),
    ),
)
def diabetes_undiagnosed_fasting(diabetes_diagnosed: pd.Series, diabetes_fasting: pd.Series) -> pd.Series:
    """Diabetes by HbA1c or fasting glucose in people who were not told."""
    return all_of(~diabetes_diagnosed, diabetes_fasting)


@derived(
    "Prediabetes: no diabetes, HbA1c of 5.7 to 6.4%",
    kind="flag",
    source=ADA,
    cases=(
        Case(diabetes=False, hba1c_pct=5.7, gives=True, why="5.7 counts"),
        Case(diabetes=False, hba1c_pct=5.6, gives=False, why="below it"),
        Case(diabetes=True, hba1c_pct=5.9, gives=False, why="diabetes, told"),
        Case(diabetes=None, hba1c_pct=5.9, gives=None, why="told or not is not known"),
        Case(diabetes=None, hba1c_pct=5.0, gives=False, why="not in the range, told or not"),
        Case(diabetes=None, hba1c_pct=None, gives=None, why="no HbA1c"),
    ),
)
def prediabetes(diabetes: pd.Series, hba1c_pct: pd.Series) -> pd.Series:
    """HbA1c of 5.7% or more in people without diabetes (told, or 6.5% or more)."""
    return all_of(~diabetes, at_least(hba1c_pct, HBA1C_PREDIABETES))


@derived(
    "Prediabetes: no diabetes, HbA1c of 5.7 to 6.4% or fasting glucose of 100 to 125 mg/dL",
    kind="flag",
    source=ADA,
    cases=(
        Case(diabetes_fasting=False, hba1c_pct=5.0, glucose_fasting_mg_dl=100.0, gives=True, why="100 counts"),
        Case(diabetes_fasting=False, hba1c_pct=5.6, glucose_fasting_mg_dl=99.9, gives=False, why="neither"),
        Case(diabetes_fasting=True, hba1c_pct=5.9, glucose_fasting_mg_dl=110.0, gives=False, why="diabetes"),
        Case(diabetes_fasting=None, hba1c_pct=5.9, glucose_fasting_mg_dl=None, gives=None, why="no glucose"),
        Case(diabetes_fasting=True, hba1c_pct=5.9, glucose_fasting_mg_dl=None, gives=False, why="diabetes, told"),
    ),
)  # fmt: skip
def prediabetes_fasting(
    diabetes_fasting: pd.Series, hba1c_pct: pd.Series, glucose_fasting_mg_dl: pd.Series
) -> pd.Series:
    """Either of the two in people without diabetes by the same measures."""
    in_range = any_of(
        at_least(hba1c_pct, HBA1C_PREDIABETES),
        at_least(glucose_fasting_mg_dl, GLUCOSE_PREDIABETES),
    )
    return all_of(~diabetes_fasting, in_range)
