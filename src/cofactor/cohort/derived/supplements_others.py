"""Intake of other nutrients from supplements, and in total (2007 on)."""

import pandas as pd

from cofactor.cohort.derive import Case, derived
from cofactor.cohort.derived.supplements import SOURCE, nothing_is_zero


@derived(
    "Phosphorus from supplements and antacids",
    unit="mg",
    source=SOURCE,
    cases=(
        Case(phosphorus_supplement_released_mg=50.0, supplement_any=True, gives=50.0, why="as released"),
        Case(phosphorus_supplement_released_mg=30.0, supplement_any=False, gives=30.0, why="antacids count"),
        Case(phosphorus_supplement_released_mg=None, supplement_any=False, gives=0.0, why="took nothing"),
        Case(phosphorus_supplement_released_mg=None, supplement_any=True, gives=0.0, why="products without it"),
        Case(phosphorus_supplement_released_mg=None, supplement_any=None, gives=None, why="not known"),
    ),
)  # fmt: skip
def phosphorus_supplement_mg(phosphorus_supplement_released_mg: pd.Series, supplement_any: pd.Series) -> pd.Series:
    """Mean a day of the past 30, antacids included; 0 for people who took none of it."""
    return nothing_is_zero(phosphorus_supplement_released_mg, supplement_any)


@derived(
    "Phosphorus from food, drink and supplements",
    unit="mg",
    source=SOURCE,
    cases=(
        Case(phosphorus_diet_mg=250.0, phosphorus_supplement_mg=50.0, gives=300.0, why="the sum"),
        Case(phosphorus_diet_mg=250.0, phosphorus_supplement_mg=None, gives=None, why="supplements not known"),
    ),
)  # fmt: skip
def phosphorus_total_mg(phosphorus_diet_mg: pd.Series, phosphorus_supplement_mg: pd.Series) -> pd.Series:
    """Diet (mean of the reliable recalls) and supplements added up."""
    return phosphorus_diet_mg + phosphorus_supplement_mg


@derived(
    "Potassium from supplements and antacids",
    unit="mg",
    source=SOURCE,
    cases=(
        Case(potassium_supplement_released_mg=50.0, supplement_any=True, gives=50.0, why="as released"),
        Case(potassium_supplement_released_mg=30.0, supplement_any=False, gives=30.0, why="antacids count"),
        Case(potassium_supplement_released_mg=None, supplement_any=False, gives=0.0, why="took nothing"),
        Case(potassium_supplement_released_mg=None, supplement_any=True, gives=0.0, why="products without it"),
        Case(potassium_supplement_released_mg=None, supplement_any=None, gives=None, why="not known"),
    ),
)  # fmt: skip
def potassium_supplement_mg(potassium_supplement_released_mg: pd.Series, supplement_any: pd.Series) -> pd.Series:
    """Mean a day of the past 30, antacids included; 0 for people who took none of it."""
    return nothing_is_zero(potassium_supplement_released_mg, supplement_any)


@derived(
    "Potassium from food, drink and supplements",
    unit="mg",
    source=SOURCE,
    cases=(
        Case(potassium_diet_mg=250.0, potassium_supplement_mg=50.0, gives=300.0, why="the sum"),
        Case(potassium_diet_mg=250.0, potassium_supplement_mg=None, gives=None, why="supplements not known"),
    ),
)  # fmt: skip
def potassium_total_mg(potassium_diet_mg: pd.Series, potassium_supplement_mg: pd.Series) -> pd.Series:
    """Diet (mean of the reliable recalls) and supplements added up."""
    return potassium_diet_mg + potassium_supplement_mg


@derived(
    "Zinc from supplements and antacids",
    unit="mg",
    source=SOURCE,
    cases=(
        Case(zinc_supplement_released_mg=50.0, supplement_any=True, gives=50.0, why="as released"),
        Case(zinc_supplement_released_mg=30.0, supplement_any=False, gives=30.0, why="antacids count"),
        Case(zinc_supplement_released_mg=None, supplement_any=False, gives=0.0, why="took nothing"),
        Case(zinc_supplement_released_mg=None, supplement_any=True, gives=0.0, why="products without it"),
        Case(zinc_supplement_released_mg=None, supplement_any=None, gives=None, why="not known"),
    ),
)  # fmt: skip
def zinc_supplement_mg(zinc_supplement_released_mg: pd.Series, supplement_any: pd.Series) -> pd.Series:
    """Mean a day of the past 30, antacids included; 0 for people who took none of it."""
    return nothing_is_zero(zinc_supplement_released_mg, supplement_any)


@derived(
    "Zinc from food, drink and supplements",
    unit="mg",
    source=SOURCE,
    cases=(
        Case(zinc_diet_mg=250.0, zinc_supplement_mg=50.0, gives=300.0, why="the sum"),
        Case(zinc_diet_mg=250.0, zinc_supplement_mg=None, gives=None, why="supplements not known"),
    ),
)  # fmt: skip
def zinc_total_mg(zinc_diet_mg: pd.Series, zinc_supplement_mg: pd.Series) -> pd.Series:
    """Diet (mean of the reliable recalls) and supplements added up."""
    return zinc_diet_mg + zinc_supplement_mg


@derived(
    "Fibre from supplements and antacids",
    unit="g",
    source=SOURCE,
    cases=(
        Case(fibre_supplement_released_g=50.0, supplement_any=True, gives=50.0, why="as released"),
        Case(fibre_supplement_released_g=30.0, supplement_any=False, gives=30.0, why="antacids count"),
        Case(fibre_supplement_released_g=None, supplement_any=False, gives=0.0, why="took nothing"),
        Case(fibre_supplement_released_g=None, supplement_any=True, gives=0.0, why="products without it"),
        Case(fibre_supplement_released_g=None, supplement_any=None, gives=None, why="not known"),
    ),
)  # fmt: skip
def fibre_supplement_g(fibre_supplement_released_g: pd.Series, supplement_any: pd.Series) -> pd.Series:
    """Mean a day of the past 30, antacids included; 0 for people who took none of it."""
    return nothing_is_zero(fibre_supplement_released_g, supplement_any)


@derived(
    "Fibre from food, drink and supplements",
    unit="g",
    source=SOURCE,
    cases=(
        Case(fibre_diet_g=250.0, fibre_supplement_g=50.0, gives=300.0, why="the sum"),
        Case(fibre_diet_g=250.0, fibre_supplement_g=None, gives=None, why="supplements not known"),
    ),
)  # fmt: skip
def fibre_total_g(fibre_diet_g: pd.Series, fibre_supplement_g: pd.Series) -> pd.Series:
    """Diet (mean of the reliable recalls) and supplements added up."""
    return fibre_diet_g + fibre_supplement_g


@derived(
    "Vitamin C from supplements and antacids",
    unit="mg",
    source=SOURCE,
    cases=(
        Case(vitamin_c_supplement_released_mg=50.0, supplement_any=True, gives=50.0, why="as released"),
        Case(vitamin_c_supplement_released_mg=30.0, supplement_any=False, gives=30.0, why="antacids count"),
        Case(vitamin_c_supplement_released_mg=None, supplement_any=False, gives=0.0, why="took nothing"),
        Case(vitamin_c_supplement_released_mg=None, supplement_any=True, gives=0.0, why="products without it"),
        Case(vitamin_c_supplement_released_mg=None, supplement_any=None, gives=None, why="not known"),
    ),
)  # fmt: skip
def vitamin_c_supplement_mg(vitamin_c_supplement_released_mg: pd.Series, supplement_any: pd.Series) -> pd.Series:
    """Mean a day of the past 30, antacids included; 0 for people who took none of it."""
    return nothing_is_zero(vitamin_c_supplement_released_mg, supplement_any)


@derived(
    "Vitamin C from food, drink and supplements",
    unit="mg",
    source=SOURCE,
    cases=(
        Case(vitamin_c_diet_mg=250.0, vitamin_c_supplement_mg=50.0, gives=300.0, why="the sum"),
        Case(vitamin_c_diet_mg=250.0, vitamin_c_supplement_mg=None, gives=None, why="supplements not known"),
    ),
)  # fmt: skip
def vitamin_c_total_mg(vitamin_c_diet_mg: pd.Series, vitamin_c_supplement_mg: pd.Series) -> pd.Series:
    """Diet (mean of the reliable recalls) and supplements added up."""
    return vitamin_c_diet_mg + vitamin_c_supplement_mg
