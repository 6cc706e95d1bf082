"""Diagnoses and general health."""

import pandas as pd

from cofactor.cohort.derive import Case, derived
from cofactor.cohort.logic import all_of, any_of, at_least, is_level, is_true

HBA1C_DIABETES = 6.5  # %, NGSP
GLUCOSE_DIABETES = 126.0  # mg/dL, fasting
ADA = "American Diabetes Association (2010), doi:10.2337/dc10-S062"


@derived(
    "Diabetes: told by a doctor, or HbA1c of 6.5% or more",
    kind="flag",
    source=ADA,
    cases=(
        Case(diabetes_diagnosed=False, hba1c_pct=6.5, gives=True, why="the cut point itself counts"),
        Case(diabetes_diagnosed=False, hba1c_pct=6.4, gives=False, why="below it"),
        Case(diabetes_diagnosed=True, hba1c_pct=None, gives=True, why="one yes is enough"),
        Case(diabetes_diagnosed=False, hba1c_pct=None, gives=None, why="a no needs both answers"),
        Case(diabetes_diagnosed=None, hba1c_pct=5.0, gives=None, why="a no needs both answers"),
    ),
)
def diabetes(diabetes_diagnosed: pd.Series, hba1c_pct: pd.Series) -> pd.Series:
    """Any of the two; missing for everybody who was not examined, told or not."""
    return any_of(diabetes_diagnosed, at_least(hba1c_pct, HBA1C_DIABETES))


@derived(
    "Diabetes: told, HbA1c of 6.5% or more, or fasting glucose of 126 mg/dL or more",
    kind="flag",
    source=ADA,
    cases=(
        Case(diabetes_diagnosed=False, hba1c_pct=5.5, glucose_fasting_mg_dl=126.0, gives=True, why="glucose alone"),
        Case(diabetes_diagnosed=False, hba1c_pct=5.5, glucose_fasting_mg_dl=125.9, gives=False, why="all three known"),
        Case(diabetes_diagnosed=False, hba1c_pct=5.5, glucose_fasting_mg_dl=None, gives=None, why="no glucose"),
    ),
)
def diabetes_fasting(
    diabetes_diagnosed: pd.Series, hba1c_pct: pd.Series, glucose_fasting_mg_dl: pd.Series
) -> pd.Series:
    """Any of the three; missing outside the fasting subsample, told or not."""
    return any_of(
        diabetes_diagnosed,
        at_least(hba1c_pct, HBA1C_DIABETES),
        at_least(glucose_fasting_mg_dl, GLUCOSE_DIABETES),
    )


@derived(
    "Cardiovascular disease told by a doctor",
    kind="flag",
    source="NHANES medical conditions questionnaire",
    cases=(
        Case(heart_failure_told=False, coronary_disease_told=None, angina_told=False, heart_attack_told=True,
             stroke_told=False, gives=True, why="one yes is enough"),
        Case(heart_failure_told=False, coronary_disease_told=None, angina_told=False, heart_attack_told=False,
             stroke_told=False, gives=None, why="a no needs all five"),
        Case(heart_failure_told=False, coronary_disease_told=False, angina_told=False, heart_attack_told=False,
             stroke_told=False, gives=False, why="all five no"),
    ),
)  # fmt: skip
def cvd_history(
    heart_failure_told: pd.Series,
    coronary_disease_told: pd.Series,
    angina_told: pd.Series,
    heart_attack_told: pd.Series,
    stroke_told: pd.Series,
) -> pd.Series:
    """Any of heart failure, coronary disease, angina, heart attack and stroke."""
    return any_of(heart_failure_told, coronary_disease_told, angina_told, heart_attack_told, stroke_told)


@derived(
    "Cancer told by a doctor, non-melanoma skin cancer apart",
    kind="flag",
    source="NHANES medical conditions questionnaire; skin cancer of unknown kind counts as not melanoma",
    cases=(
        Case(cancer_told=False, cancer_kind_1_skin=None, cancer_kind_2_skin=None, cancer_kind_3_skin=None,
             cancer_kind_4_skin=None, gives=False, why="never told"),
        Case(cancer_told=True, cancer_kind_1_skin=True, cancer_kind_2_skin=None, cancer_kind_3_skin=None,
             cancer_kind_4_skin=None, gives=False, why="non-melanoma skin cancer alone"),
        Case(cancer_told=True, cancer_kind_1_skin=True, cancer_kind_2_skin=False, cancer_kind_3_skin=None,
             cancer_kind_4_skin=None, gives=True, why="another kind beside it"),
        Case(cancer_told=True, cancer_kind_1_skin=None, cancer_kind_2_skin=None, cancer_kind_3_skin=None,
             cancer_kind_4_skin=None, gives=True, why="no kind named counts"),
        Case(cancer_told=None, cancer_kind_1_skin=None, cancer_kind_2_skin=None, cancer_kind_3_skin=None,
             cancer_kind_4_skin=None, gives=None, why="refused or not known"),
    ),
)  # fmt: skip
def cancer_history(
    cancer_told: pd.Series,
    cancer_kind_1_skin: pd.Series,
    cancer_kind_2_skin: pd.Series,
    cancer_kind_3_skin: pd.Series,
    cancer_kind_4_skin: pd.Series,
) -> pd.Series:
    """No: never told, or every kind named is skin other than melanoma. Yes: told, otherwise."""
    kinds = (cancer_kind_1_skin, cancer_kind_2_skin, cancer_kind_3_skin, cancer_kind_4_skin)
    named_other = any_of(*(is_true(~kind) for kind in kinds))
    skin_alone = any_of(*(is_true(kind) for kind in kinds)) & ~named_other
    return cancer_told & ~skin_alone


@derived(
    "Fair or poor general health",
    kind="flag",
    source="NHANES hospital utilization and access to care questionnaire",
    cases=(
        Case(self_rated_health="fair", gives=True, why="fair counts"),
        Case(self_rated_health="good", gives=False, why="good does not"),
        Case(self_rated_health=None, gives=None, why="refused or not known"),
    ),
)
def fair_or_poor_health(self_rated_health: pd.Series) -> pd.Series:
    """Fair or poor on the scale of five."""
    return is_level(self_rated_health, "fair", "poor")


@derived(
    "Free of serious illness at the start",
    kind="flag",
    source="no cardiovascular disease, no cancer, general health good or better",
    cases=(
        Case(cvd_history=False, cancer_history=False, fair_or_poor_health=False, gives=True, why="all three no"),
        Case(cvd_history=True, cancer_history=None, fair_or_poor_health=False, gives=False, why="one is enough"),
        Case(cvd_history=False, cancer_history=None, fair_or_poor_health=False, gives=None, why="all must be known"),
    ),
)
def free_of_serious_illness(
    cvd_history: pd.Series, cancer_history: pd.Series, fair_or_poor_health: pd.Series
) -> pd.Series:
    """No cardiovascular disease, no cancer, and not in fair or poor health; yes needs all three known."""
    return all_of(~cvd_history, ~cancer_history, ~fair_or_poor_health)
