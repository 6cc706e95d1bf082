"""Nutrients in the database of labels: their ingredient numbers, units, and what share of a compound is the element."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

GRAM, MILLIGRAM, MICROGRAM, NANOGRAM, INTERNATIONAL_UNIT = 5, 1, 4, 31, 2
"""Codes of DSDUNIT. Others do not say how much there is: unknown (21, where the quantity given is 1), parts per
million (14), units of activity."""

_MG = {MILLIGRAM: 1.0, MICROGRAM: 1e-3, GRAM: 1e3, NANOGRAM: 1e-6}
_UG = {unit: 1e3 * size for unit, size in _MG.items()}
_G = {unit: 1e-3 * size for unit, size in _MG.items()}
UG_PER_IU_VITAMIN_D = 1 / 40


@dataclass(frozen=True)
class Nutrient:
    """A nutrient on labels.

    ingredient : its number (DSDIID). units : code of DSDUNIT -> its size in the nutrient's unit.
    compounds : ingredient number -> share of the nutrient in it by mass, for labels that state a compound alone.
    """

    ingredient: int
    units: Mapping[int, float]
    compounds: Mapping[int, float] = field(default_factory=dict)


NUTRIENTS: Mapping[str, Nutrient] = {
    # Antacids state the compound. Shares are molar masses, Mg 24.305 g/mol in Mg(OH)2 58.320, MgCO3 84.313,
    # Mg2Si3O8 260.86, MgO 40.304; Ca 40.078 in CaCO3 100.087. CDC's own totals since 2007 come
    # from 0.41 to 0.417, 0.289, 0.183, 0.603 to 0.667, and 0.4.
    "magnesium": Nutrient(231, _MG, {544: 0.417, 556: 0.288, 2054: 0.186, 572: 0.603}),
    "calcium": Nutrient(63, _MG, {543: 0.400}),
    "vitamin_d": Nutrient(364, _UG | {INTERNATIONAL_UNIT: UG_PER_IU_VITAMIN_D}),
    "zinc": Nutrient(384, _MG),
    "potassium": Nutrient(285, _MG),
    "phosphorus": Nutrient(282, _MG),
    "vitamin_c": Nutrient(893, _MG),
    "fibre": Nutrient(458, _G),
}
"""In mg; vitamin D in µg, fibre in g."""
