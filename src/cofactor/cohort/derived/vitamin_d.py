"""Vitamin D status from serum 25(OH)D."""

import pandas as pd

from cofactor.cohort.derive import Case, derived
from cofactor.cohort.logic import at_least, below, first_true

DEFICIENT_BELOW = 30.0  # nmol/L
SUFFICIENT_FROM = 50.0  # nmol/L


@derived(
    "Vitamin D status",
    kind="category",
    levels=("deficient", "insufficient", "sufficient"),
    reference="sufficient",
    source="Institute of Medicine (2011), Dietary Reference Intakes for Calcium and Vitamin D, doi:10.17226/13050",
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
