"""Intake below the dietary reference intake of one's age and sex."""

from __future__ import annotations

import pandas as pd

from cofactor.cohort.derive import Case, Derived, derived
from cofactor.cohort.derived.requirements import IOM, IOM_CALCIUM_D, IOM_VITAMIN_C, IOM_ZINC, NASEM_POTASSIUM
from cofactor.cohort.logic import below, is_true

OF_DIET = "Its share is one of recalls, not of people by their usual intake."


def _below(name: str, label: str, intake: str, reference: str, source: str, *, rule: str, level: float) -> Derived:
    """Declare whether an intake is below a reference intake. level : a value of the reference, for the cases."""
    less = round(level - 0.1, 1)
    return Derived(
        name=name,
        label=label,
        kind="flag",
        source=source,
        rule=rule,
        inputs=(intake, reference),
        cases=(
            Case(**{intake: less, reference: level}, gives=True, why="less than the requirement"),
            Case(**{intake: level, reference: level}, gives=False, why="the requirement itself is enough"),
            Case(**{intake: None, reference: level}, gives=None, why="intake unknown"),
            Case(**{intake: 100.0, reference: None}, gives=None, why="no requirement stated"),
        ),
        function=below,
    )


def _diet_and_total(stem: str, label: str, unit: str, kind: str, source: str, level: float) -> tuple[Derived, Derived]:
    """Declare the two flags of a nutrient against its EAR or RDA (`kind`): of diet, and of diet and supplements."""
    ending, reference = unit.replace("µ", "u"), f"{stem}_{kind.lower()}_{unit.replace('µ', 'u')}"
    return (
        _below(
            f"{stem}_below_{kind.lower()}", f"{label} from diet below the {kind}", f"{stem}_diet_{ending}", reference,
            source, rule=f"Mean of the reliable recalls below the {kind}. {OF_DIET}", level=level,
        ),
        _below(
            f"{stem}_total_below_{kind.lower()}", f"{label} from diet and supplements below the {kind}",
            f"{stem}_total_{ending}", reference, source, rule=_TOTAL[kind], level=level,
        ),
    )  # fmt: skip


_TOTAL = {
    "EAR": "Total intake below the estimated average requirement.",
    "RDA": "Total intake below the recommended dietary allowance, which is no cut for inadequacy: 97% need less.",
}

MAGNESIUM = (
    *_diet_and_total("magnesium", "Magnesium", "mg", "EAR", IOM, 350.0),
    *_diet_and_total("magnesium", "Magnesium", "mg", "RDA", IOM, 420.0),
    _below(
        "magnesium_two_day_below_ear", "Magnesium of two recalls below the EAR", "magnesium_diet_two_day_mg",
        "magnesium_ear_mg", IOM, rule="Mean of two reliable recalls below the estimated average requirement.",
        level=350.0,
    ),
)  # fmt: skip

CALCIUM = (
    *_diet_and_total("calcium", "Calcium", "mg", "EAR", IOM_CALCIUM_D, 800.0),
    *_diet_and_total("calcium", "Calcium", "mg", "RDA", IOM_CALCIUM_D, 1000.0),
)

VITAMIN_D = (
    *_diet_and_total("vitamin_d", "Vitamin D", "µg", "EAR", IOM_CALCIUM_D, 10.0),
    *_diet_and_total("vitamin_d", "Vitamin D", "µg", "RDA", IOM_CALCIUM_D, 15.0),
)

ZINC = (
    *_diet_and_total("zinc", "Zinc", "mg", "EAR", IOM_ZINC, 9.4),
    *_diet_and_total("zinc", "Zinc", "mg", "RDA", IOM_ZINC, 11.0),
)

VITAMIN_C = (
    *_diet_and_total("vitamin_c", "Vitamin C", "mg", "EAR", IOM_VITAMIN_C, 75.0),
    *_diet_and_total("vitamin_c", "Vitamin C", "mg", "RDA", IOM_VITAMIN_C, 90.0),
)

POTASSIUM = (
    _below(
        "potassium_below_ai", "Potassium from diet below the adequate intake", "potassium_diet_mg", "potassium_ai_mg",
        NASEM_POTASSIUM, rule=f"Mean of the reliable recalls below the adequate intake. {OF_DIET}", level=3400.0,
    ),
    _below(
        "potassium_total_below_ai", "Potassium from diet and supplements below the adequate intake",
        "potassium_total_mg", "potassium_ai_mg", NASEM_POTASSIUM, rule="Total intake below the adequate intake.",
        level=3400.0,
    ),
)  # fmt: skip


@derived(
    "Magnesium of the first recall below the EAR",
    kind="flag",
    source=IOM,
    cases=(
        Case(magnesium_diet_day1_mg=349.9, recall_reliable_day1=True, magnesium_ear_mg=350.0, gives=True, why="less"),
        Case(magnesium_diet_day1_mg=350.0, recall_reliable_day1=True, magnesium_ear_mg=350.0, gives=False, why="not"),
        Case(magnesium_diet_day1_mg=100.0, recall_reliable_day1=False, magnesium_ear_mg=350.0, gives=None,
             why="not reliable"),
    ),
)  # fmt: skip
def magnesium_below_ear_day1(
    magnesium_diet_day1_mg: pd.Series, recall_reliable_day1: pd.Series, magnesium_ear_mg: pd.Series
) -> pd.Series:
    """The first recall, where reliable, below the estimated average requirement."""
    return below(magnesium_diet_day1_mg, magnesium_ear_mg).where(is_true(recall_reliable_day1))
