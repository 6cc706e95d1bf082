"""Vitamin D status from serum 25(OH)D, and bands of the dose from supplements."""

from __future__ import annotations

from functools import partial

import pandas as pd

from cofactor.cohort.derive import Case, Derived, derived
from cofactor.cohort.logic import above, at_least, at_most, below, first_true

DEFICIENT_BELOW = 30.0  # nmol/L
SUFFICIENT_FROM = 50.0  # nmol/L
NMOL_L_PER_NG_ML = 2.496
IOM = "Institute of Medicine (2011), Dietary Reference Intakes for Calcium and Vitamin D, doi:10.17226/13050"
ENDOCRINE = "Endocrine Society (2011), doi:10.1210/jc.2011-0385"


@derived(
    "Vitamin D status",
    kind="category",
    levels=("deficient", "insufficient", "sufficient"),
    reference="sufficient",
    source=IOM,
    cases=(
        Case(vitd_25oh_nmol_l=29.9, gives="deficient", why="below 30"),
        Case(vitd_25oh_nmol_l=30.0, gives="insufficient", why="30 itself is not below 30"),
        Case(vitd_25oh_nmol_l=49.9, gives="insufficient", why="below 50"),
        Case(vitd_25oh_nmol_l=50.0, gives="sufficient", why="50 itself is enough"),
        Case(vitd_25oh_nmol_l=None, gives=None, why="not measured"),
    ),
)
def vitd_status(vitd_25oh_nmol_l: pd.Series) -> pd.Series:
    """Deficient below 30 nmol/L, insufficient from 30 to below 50, sufficient from 50."""
    return first_true(
        {
            "deficient": below(vitd_25oh_nmol_l, DEFICIENT_BELOW),
            "insufficient": below(vitd_25oh_nmol_l, SUFFICIENT_FROM),
            "sufficient": at_least(vitd_25oh_nmol_l, SUFFICIENT_FROM),
        }
    )


@derived(
    "Serum 25-hydroxyvitamin D",
    unit="ng/mL",
    source="molar mass 400.6 g/mol of 25-hydroxyvitamin D3: 1 ng/mL = 2.496 nmol/L; NIH Office of Dietary Supplements",
    cases=(
        Case(vitd_25oh_nmol_l=49.92, gives=20.0, why="20 × 2.496 = 49.92"),
        Case(vitd_25oh_nmol_l=None, gives=None, why="not measured"),
    ),
)
def vitd_25oh_ng_ml(vitd_25oh_nmol_l: pd.Series) -> pd.Series:
    """Nanomoles a litre over 2.496. 50 and 75 nmol/L are 20.03 and 30.05 ng/mL: cuts in the two units differ."""
    return vitd_25oh_nmol_l / NMOL_L_PER_NG_ML


@derived(
    "Serum 25-hydroxyvitamin D, values above 75 set to 75",
    unit="nmol/L",
    source=f"cap fixed beforehand with the primary analysis; 75 nmol/L as sufficiency: {ENDOCRINE}",
    cases=(
        Case(vitd_25oh_nmol_l=60.0, gives=60.0, why="as measured to 75"),
        Case(vitd_25oh_nmol_l=75.1, gives=75.0, why="capped"),
        Case(vitd_25oh_nmol_l=None, gives=None, why="not measured"),
    ),
)
def vitd_25oh_capped_75_nmol_l(vitd_25oh_nmol_l: pd.Series) -> pd.Series:
    """The smaller of the value and 75 nmol/L."""
    return vitd_25oh_nmol_l.clip(upper=75.0)


@derived(
    "Band of serum 25-hydroxyvitamin D, nmol/L",
    kind="category",
    levels=("below 30", "30 to below 50", "50 to below 75", "75 to below 100", "100 to 125", "above 125"),
    reference="50 to below 75",
    source=f"{IOM}; 75 nmol/L: {ENDOCRINE}",
    cases=(
        Case(vitd_25oh_nmol_l=29.9, gives="below 30", why="below 30"),
        Case(vitd_25oh_nmol_l=30.0, gives="30 to below 50", why="30 begins the band"),
        Case(vitd_25oh_nmol_l=50.0, gives="50 to below 75", why="50 begins the band"),
        Case(vitd_25oh_nmol_l=75.0, gives="75 to below 100", why="75 begins the band"),
        Case(vitd_25oh_nmol_l=100.0, gives="100 to 125", why="100 begins the band"),
        Case(vitd_25oh_nmol_l=125.0, gives="100 to 125", why="125 itself is not above 125"),
        Case(vitd_25oh_nmol_l=125.1, gives="above 125", why="above"),
        Case(vitd_25oh_nmol_l=None, gives=None, why="not measured"),
    ),
)
def vitd_25oh_band(vitd_25oh_nmol_l: pd.Series) -> pd.Series:
    """Cut at 30, 50, 75 and 100 nmol/L, each beginning its band, and at 125, which ends its band."""
    return first_true(
        {
            "below 30": below(vitd_25oh_nmol_l, 30.0),
            "30 to below 50": below(vitd_25oh_nmol_l, 50.0),
            "50 to below 75": below(vitd_25oh_nmol_l, 75.0),
            "75 to below 100": below(vitd_25oh_nmol_l, 100.0),
            "100 to 125": at_most(vitd_25oh_nmol_l, 125.0),
            "above 125": above(vitd_25oh_nmol_l, 125.0),
        }
    )


def _below(cut: float) -> Derived:
    """Declare whether 25(OH)D is below a cut in nmol/L."""
    return Derived(
        name=f"vitd_25oh_below_{cut:g}",
        label=f"Serum 25-hydroxyvitamin D below {cut:g} nmol/L",
        kind="flag",
        source=IOM,
        rule=f"Less than {cut:g} nmol/L.",
        inputs=("vitd_25oh_nmol_l",),
        cases=(
            Case(vitd_25oh_nmol_l=cut - 0.1, gives=True, why="less"),
            Case(vitd_25oh_nmol_l=cut, gives=False, why=f"{cut:g} itself is not below"),
            Case(vitd_25oh_nmol_l=None, gives=None, why="not measured"),
        ),
        function=partial(below, cut=cut),
    )


CUTS = (_below(30.0), _below(50.0), _below(75.0))


@derived(
    "Band of the daily dose of vitamin D from supplements",
    kind="category",
    levels=(
        "none",
        "below 10 µg",
        "10 to below 25 µg",
        "25 to below 50 µg",
        "50 to below 100 µg",
        "100 to below 125 µg",
        "125 µg or more",
    ),
    source="1 µg = 40 IU: the bands begin at 400, 1,000, 2,000, 4,000 and 5,000 IU, the doses that are sold",
    cases=(
        Case(vitamin_d_supplement_ug=0.0, gives="none", why="takes no product with vitamin D"),
        Case(vitamin_d_supplement_ug=9.9, gives="below 10 µg", why="less than 400 IU"),
        Case(vitamin_d_supplement_ug=10.0, gives="10 to below 25 µg", why="400 IU"),
        Case(vitamin_d_supplement_ug=25.0, gives="25 to below 50 µg", why="1,000 IU"),
        Case(vitamin_d_supplement_ug=50.0, gives="50 to below 100 µg", why="2,000 IU"),
        Case(vitamin_d_supplement_ug=100.0, gives="100 to below 125 µg", why="4,000 IU, the upper level"),
        Case(vitamin_d_supplement_ug=125.0, gives="125 µg or more", why="5,000 IU"),
        Case(vitamin_d_supplement_ug=None, gives=None, why="not known"),
    ),
)
def vitamin_d_supplement_dose_band(vitamin_d_supplement_ug: pd.Series) -> pd.Series:
    """The mean daily dose of the past 30 days, cut at 10, 25, 50, 100 and 125 µg; each cut begins its band."""
    dose = vitamin_d_supplement_ug
    return first_true(
        {
            "none": at_most(dose, 0.0),
            "below 10 µg": below(dose, 10.0),
            "10 to below 25 µg": below(dose, 25.0),
            "25 to below 50 µg": below(dose, 50.0),
            "50 to below 100 µg": below(dose, 100.0),
            "100 to below 125 µg": below(dose, 125.0),
            "125 µg or more": at_least(dose, 125.0),
        }
    )
