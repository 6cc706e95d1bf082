"""Nutrients of the diet for each 1,000 kcal."""

from __future__ import annotations

import pandas as pd

from cofactor.cohort.derive import Case, Derived
from cofactor.cohort.derived.diet_ratios import ratio

SOURCE = "nutrient density: Willett, Howe & Kushi (1997), doi:10.1093/ajcn/65.4.1220S"


def _per_1000_kcal(nutrient: pd.Series, energy: pd.Series) -> pd.Series:
    return 1000 * ratio(nutrient, energy)


def density(stem: str, label: str, unit: str) -> Derived:
    """Declare a nutrient's density: its amount for each 1,000 kcal of the same reliable days.

    >>> density("fibre", "Fibre", "g").name
    'fibre_density_g_1000_kcal'
    """
    ending = unit.replace("µ", "u")
    nutrient = f"{stem}_diet_{ending}"
    return Derived(
        name=f"{stem}_density_{ending}_1000_kcal",
        label=f"{label} density of the diet",
        unit=f"{unit} per 1,000 kcal",
        source=SOURCE,
        rule=f"{label} for each 1,000 kcal of the same reliable days.",
        inputs=(nutrient, "energy_diet_kcal"),
        cases=(
            Case(**{nutrient: 300.0}, energy_diet_kcal=2000.0, gives=150.0, why="300 × 1,000 / 2,000"),
            Case(**{nutrient: 0.0}, energy_diet_kcal=0.0, gives=None, why="a day without energy has no density"),
        ),
        function=_per_1000_kcal,
    )


DENSITIES = (
    density("magnesium", "Magnesium", "mg"),
    density("calcium", "Calcium", "mg"),
    density("phosphorus", "Phosphorus", "mg"),
    density("potassium", "Potassium", "mg"),
    density("sodium", "Sodium", "mg"),
    density("zinc", "Zinc", "mg"),
    density("iron", "Iron", "mg"),
    density("vitamin_d", "Vitamin D", "µg"),
    density("vitamin_c", "Vitamin C", "mg"),
    density("fibre", "Fibre", "g"),
    density("protein", "Protein", "g"),
    density("carbohydrate", "Carbohydrate", "g"),
    density("sugars", "Total sugars", "g"),
    density("fat", "Total fat", "g"),
    density("saturated_fat", "Saturated fatty acids", "g"),
)
