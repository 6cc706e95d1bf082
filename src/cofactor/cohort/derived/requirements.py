"""Dietary reference intakes by age and sex: estimated average requirements, allowances and adequate intakes."""

from __future__ import annotations

from functools import partial
from typing import NamedTuple

import numpy as np
import pandas as pd

from cofactor.cohort.derive import Case, Derived, derived
from cofactor.cohort.logic import at_least, is_level, is_true, pick

IOM = "Institute of Medicine (1997), Dietary Reference Intakes, doi:10.17226/5776"
IOM_ZINC = "Institute of Medicine (2001), Dietary Reference Intakes, doi:10.17226/10026"
IOM_CALCIUM_D = "Institute of Medicine (2011), Dietary Reference Intakes for Calcium and Vitamin D, doi:10.17226/13050"
IOM_VITAMIN_C = "Institute of Medicine (2000), Dietary Reference Intakes for Vitamin C, doi:10.17226/9810"
NASEM_POTASSIUM = "National Academies (2019), Dietary Reference Intakes for Sodium and Potassium, doi:10.17226/25353"


class FromAge(NamedTuple):
    """The reference from an age on, in years, up to the next: that of men and of women."""

    years: float
    men: float
    women: float


MAGNESIUM_EAR = (FromAge(19, 330, 255), FromAge(31, 350, 265))
MAGNESIUM_RDA = (FromAge(19, 400, 310), FromAge(31, 420, 320))
CALCIUM_EAR = (
    FromAge(1, 500, 500), FromAge(4, 800, 800), FromAge(9, 1100, 1100),
    FromAge(19, 800, 800), FromAge(51, 800, 1000), FromAge(71, 1000, 1000),
)  # fmt: skip
CALCIUM_RDA = (
    FromAge(1, 700, 700), FromAge(4, 1000, 1000), FromAge(9, 1300, 1300),
    FromAge(19, 1000, 1000), FromAge(51, 1000, 1200), FromAge(71, 1200, 1200),
)  # fmt: skip
VITAMIN_D_EAR = (FromAge(1, 10, 10),)
VITAMIN_D_RDA = (FromAge(1, 15, 15), FromAge(71, 20, 20))
ZINC_EAR = (FromAge(1, 2.5, 2.5), FromAge(4, 4, 4), FromAge(9, 7, 7), FromAge(14, 8.5, 7.3), FromAge(19, 9.4, 6.8))
ZINC_RDA = (FromAge(1, 3, 3), FromAge(4, 5, 5), FromAge(9, 8, 8), FromAge(14, 11, 9), FromAge(19, 11, 8))
VITAMIN_C_EAR = (
    FromAge(1, 13, 13), FromAge(4, 22, 22), FromAge(9, 39, 39), FromAge(14, 63, 56), FromAge(19, 75, 60),
)  # fmt: skip
VITAMIN_C_RDA = (
    FromAge(1, 15, 15), FromAge(4, 25, 25), FromAge(9, 45, 45), FromAge(14, 75, 65), FromAge(19, 90, 75),
)  # fmt: skip
POTASSIUM_AI = (
    FromAge(1, 2000, 2000), FromAge(4, 2300, 2300), FromAge(9, 2500, 2300),
    FromAge(14, 3000, 2300), FromAge(19, 3400, 2600),
)  # fmt: skip


def reference_intake(
    age_years: pd.Series, sex: pd.Series, pregnant: pd.Series, *, table: tuple[FromAge, ...]
) -> pd.Series:
    """The reference of a person's age and sex; missing below the ages of the table and in known pregnancy."""
    man, need = is_level(sex, "male"), pd.Series(np.nan, index=age_years.index)
    for row in table:
        need = pick(at_least(age_years, row.years), pick(man, row.men, row.women), need)
    return pick(is_true(pregnant), np.nan, need)


def _case(age: float | None, sex: str | None, gives: float | None, why: str) -> Case:
    return Case(age_years=age, sex=sex, pregnant=False, gives=gives, why=why)


def _reference(
    name: str,
    label: str,
    unit: str,
    source: str,
    *,
    table: tuple[FromAge, ...],
    rule: str,
    cases: tuple[Case, ...],
    of_woman_aged_30: float,
) -> Derived:
    """Declare the reference intake of a table; the cases of what every table leaves out follow its own."""
    first = table[0].years
    left_out = (
        _case(first - 1, "male", None, f"no value before age {first:g}"),
        Case(age_years=30.0, sex="female", pregnant=True, gives=None, why="left out in known pregnancy"),
        Case(age_years=30.0, sex="female", pregnant=None, gives=of_woman_aged_30, why="not known to be pregnant"),
        _case(30.0, None, None, "sex not known"),
    )
    return Derived(
        name=name,
        label=label,
        unit=unit,
        source=source,
        rule=f"{rule} Missing below the ages given and in known pregnancy; breast-feeding is not looked at.",
        inputs=("age_years", "sex", "pregnant"),
        cases=(*cases, *left_out),
        function=partial(reference_intake, table=table),
    )


@derived(
    "Estimated average requirement of magnesium",
    unit="mg",
    source=IOM,
    cases=(
        Case(age_years=19.0, sex="male", pregnant=False, gives=330.0, why="men 19-30"),
        Case(age_years=30.0, sex="male", pregnant=False, gives=330.0, why="30 is still the younger group"),
        Case(age_years=31.0, sex="male", pregnant=False, gives=350.0, why="men from 31"),
        Case(age_years=30.0, sex="female", pregnant=False, gives=255.0, why="women 19-30"),
        Case(age_years=31.0, sex="female", pregnant=None, gives=265.0, why="not known to be pregnant"),
        Case(age_years=31.0, sex="female", pregnant=True, gives=None, why="pregnancy has a requirement of its own"),
        Case(age_years=18.0, sex="male", pregnant=False, gives=None, why="adults alone"),
    ),
)
def magnesium_ear_mg(age_years: pd.Series, sex: pd.Series, pregnant: pd.Series) -> pd.Series:
    """Men 330 mg (from 31: 350), women 255 mg (from 31: 265); missing under 19 and in known pregnancy."""
    return reference_intake(age_years, sex, pregnant, table=MAGNESIUM_EAR)


MAGNESIUM = (
    _reference(
        "magnesium_rda_mg", "Recommended dietary allowance of magnesium", "mg", IOM,
        table=MAGNESIUM_RDA,
        of_woman_aged_30=310.0,
        rule="Men 400 mg (from 31: 420), women 310 mg (from 31: 320).",
        cases=(
            _case(19.0, "male", 400.0, "men 19-30"),
            _case(31.0, "male", 420.0, "men from 31"),
            _case(30.0, "female", 310.0, "women 19-30"),
            _case(31.0, "female", 320.0, "women from 31"),
        ),
    ),
)  # fmt: skip

CALCIUM = (
    _reference(
        "calcium_ear_mg", "Estimated average requirement of calcium", "mg", IOM_CALCIUM_D,
        table=CALCIUM_EAR,
        of_woman_aged_30=800.0,
        rule="500 mg from age 1, 800 from 4, 1,100 from 9, 800 from 19; 1,000 for women from 51 and men from 71.",
        cases=(
            _case(1.0, "male", 500.0, "1-3"),
            _case(8.0, "female", 800.0, "4-8"),
            _case(18.0, "male", 1100.0, "9-18"),
            _case(50.0, "female", 800.0, "19-50"),
            _case(51.0, "female", 1000.0, "women from 51"),
            _case(70.0, "male", 800.0, "men to 70"),
            _case(71.0, "male", 1000.0, "everybody from 71"),
        ),
    ),
    _reference(
        "calcium_rda_mg", "Recommended dietary allowance of calcium", "mg", IOM_CALCIUM_D,
        table=CALCIUM_RDA,
        of_woman_aged_30=1000.0,
        rule="700 mg from age 1, 1,000 from 4, 1,300 from 9, 1,000 from 19; 1,200 for women from 51 and men from 71.",
        cases=(
            _case(3.0, "male", 700.0, "1-3"),
            _case(4.0, "female", 1000.0, "4-8"),
            _case(9.0, "male", 1300.0, "9-18"),
            _case(19.0, "female", 1000.0, "19-50"),
            _case(51.0, "female", 1200.0, "women from 51"),
            _case(70.0, "male", 1000.0, "men to 70"),
            _case(71.0, "male", 1200.0, "everybody from 71"),
        ),
    ),
)  # fmt: skip

VITAMIN_D = (
    _reference(
        "vitamin_d_ear_ug", "Estimated average requirement of vitamin D", "µg", IOM_CALCIUM_D,
        table=VITAMIN_D_EAR,
        of_woman_aged_30=10.0,
        rule="10 µg (400 IU) from age 1.",
        cases=(_case(1.0, "male", 10.0, "from age 1"), _case(80.0, "female", 10.0, "the same at every age")),
    ),
    _reference(
        "vitamin_d_rda_ug", "Recommended dietary allowance of vitamin D", "µg", IOM_CALCIUM_D,
        table=VITAMIN_D_RDA,
        of_woman_aged_30=15.0,
        rule="15 µg (600 IU) from age 1, 20 µg (800 IU) from 71.",
        cases=(_case(70.0, "male", 15.0, "to 70"), _case(71.0, "male", 20.0, "from 71")),
    ),
)  # fmt: skip

ZINC = (
    _reference(
        "zinc_ear_mg", "Estimated average requirement of zinc", "mg", IOM_ZINC,
        table=ZINC_EAR,
        of_woman_aged_30=6.8,
        rule="2.5 mg from age 1, 4 from 4, 7 from 9; men 8.5 from 14 and 9.4 from 19, women 7.3 and 6.8.",
        cases=(
            _case(3.0, "male", 2.5, "1-3"),
            _case(8.0, "male", 4.0, "4-8"),
            _case(13.0, "female", 7.0, "9-13"),
            _case(14.0, "male", 8.5, "boys 14-18"),
            _case(18.0, "female", 7.3, "girls 14-18"),
            _case(19.0, "male", 9.4, "men"),
            _case(19.0, "female", 6.8, "women"),
        ),
    ),
    _reference(
        "zinc_rda_mg", "Recommended dietary allowance of zinc", "mg", IOM_ZINC,
        table=ZINC_RDA,
        of_woman_aged_30=8.0,
        rule="3 mg from age 1, 5 from 4, 8 from 9; men 11 from 14, women 9 from 14 and 8 from 19.",
        cases=(
            _case(1.0, "male", 3.0, "1-3"),
            _case(4.0, "male", 5.0, "4-8"),
            _case(9.0, "female", 8.0, "9-13"),
            _case(14.0, "male", 11.0, "boys and men"),
            _case(14.0, "female", 9.0, "girls 14-18"),
            _case(19.0, "female", 8.0, "women"),
        ),
    ),
)  # fmt: skip

POTASSIUM = (
    _reference(
        "potassium_ai_mg", "Adequate intake of potassium", "mg", NASEM_POTASSIUM,
        table=POTASSIUM_AI,
        of_woman_aged_30=2600.0,
        rule=(
            "2,000 mg from age 1, 2,300 from 4; men 2,500 from 9, 3,000 from 14, 3,400 from 19; women 2,300, and 2,600"
            " from 19. There is no EAR of potassium."
        ),
        cases=(
            _case(3.0, "female", 2000.0, "1-3"),
            _case(4.0, "male", 2300.0, "4-8"),
            _case(9.0, "male", 2500.0, "boys 9-13"),
            _case(18.0, "male", 3000.0, "boys 14-18"),
            _case(18.0, "female", 2300.0, "girls 4-18"),
            _case(19.0, "male", 3400.0, "men"),
            _case(19.0, "female", 2600.0, "women"),
        ),
    ),
)  # fmt: skip

VITAMIN_C = (
    _reference(
        "vitamin_c_ear_mg", "Estimated average requirement of vitamin C", "mg", IOM_VITAMIN_C,
        table=VITAMIN_C_EAR,
        rule=(
            "13 mg from age 1, 22 from 4, 39 from 9; men 63 from 14 and 75 from 19, women 56 and 60. The 35 mg more"
            " that smokers need are not added."
        ),
        of_woman_aged_30=60.0,
        cases=(
            _case(3.0, "male", 13.0, "1-3"),
            _case(4.0, "female", 22.0, "4-8"),
            _case(13.0, "male", 39.0, "9-13"),
            _case(14.0, "male", 63.0, "boys 14-18"),
            _case(18.0, "female", 56.0, "girls 14-18"),
            _case(19.0, "male", 75.0, "men"),
            _case(19.0, "female", 60.0, "women"),
        ),
    ),
    _reference(
        "vitamin_c_rda_mg", "Recommended dietary allowance of vitamin C", "mg", IOM_VITAMIN_C,
        table=VITAMIN_C_RDA,
        rule=(
            "15 mg from age 1, 25 from 4, 45 from 9; men 75 from 14 and 90 from 19, women 65 and 75. The 35 mg more"
            " that smokers need are not added."
        ),
        of_woman_aged_30=75.0,
        cases=(
            _case(1.0, "male", 15.0, "1-3"),
            _case(8.0, "female", 25.0, "4-8"),
            _case(9.0, "male", 45.0, "9-13"),
            _case(18.0, "male", 75.0, "boys 14-18"),
            _case(14.0, "female", 65.0, "girls 14-18"),
            _case(19.0, "male", 90.0, "men"),
            _case(19.0, "female", 75.0, "women"),
        ),
    ),
)  # fmt: skip
