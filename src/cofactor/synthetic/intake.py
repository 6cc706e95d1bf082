"""What people eat and drink on recall days, what they take besides, and the 25(OH)D in their blood."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from cofactor.synthetic.background import Background
from cofactor.synthetic.levels import BLACK, MEXICAN
from cofactor.synthetic.plan import CyclePlan
from cofactor.synthetic.randomness import Floats, Mask
from cofactor.synthetic.sample import AFFLUENCE, DIET, NORTH, Sample
from cofactor.synthetic.visit import RELIABLE, Visit

EAR_MEN, EAR_OLDER_MEN, EAR_WOMEN, EAR_OLDER_WOMEN = 330.0, 350.0, 255.0, 265.0
"""Estimated average requirement of magnesium, mg a day (Institute of Medicine 1997, doi:10.17226/5776)."""
LOWEST_NMOL_L, HIGHEST_NMOL_L = 6.0, 350.0
VITAMIN_D_BY_RACE = (0.0, -0.22, -0.15, -0.45, -0.18)


@dataclass(frozen=True, eq=False)
class Intake:
    """Intake and serum 25(OH)D of the people of a cycle.

    Attributes
    ----------
    energy, magnesium : (n, 2) of the two recall days, kcal and mg, as released.
    takes_any : (n,) takes supplements. supplement_magnesium : (n,) mg a day from supplements and antacids, 0 for none.
    vitamin_d : (n,) serum 25(OH)D in nmol/L, as released. vitamin_d_known : (n,).
    """

    energy: Floats
    magnesium: Floats
    takes_any: Mask
    supplement_magnesium: Floats
    vitamin_d: Floats
    vitamin_d_known: Mask

    def mean_of_reliable(self, days: Floats, visit: Visit) -> Floats:
        """Return the mean of a person's reliable recalls, (n,); day 1 where there is none, which no analysis sees."""
        second = (visit.recall1 == RELIABLE) & (visit.recall2 == RELIABLE)
        return np.where(second, (days[:, 0] + days[:, 1]) / 2, days[:, 0])


def draw_intake(
    plan: CyclePlan, sample: Sample, visit: Visit, background: Background, rng: np.random.Generator
) -> Intake:
    """Draw two days of energy and magnesium, supplements, and 25(OH)D; diet and sun are clustered by PSU."""
    energy, magnesium = _two_days(plan, sample, background, rng)
    affluence, n = sample.effects[:, AFFLUENCE], sample.size
    takes = rng.random(n) < 1 / (
        1 + np.exp(0.3 - 0.02 * (sample.age - 45.0) - 0.2 * affluence + 0.3 * background.education)
    )
    with_magnesium = takes & (rng.random(n) < 0.5)
    antacid = ~takes & (rng.random(n) < 0.02)
    amount = np.round(np.exp(np.log(60.0) + 0.8 * rng.standard_normal(n)), 2)
    return Intake(
        energy=energy,
        magnesium=magnesium,
        takes_any=takes,
        supplement_magnesium=np.where(with_magnesium | antacid, amount, 0.0),
        vitamin_d=_vitamin_d(plan, sample, visit, background, takes, rng),
        vitamin_d_known=visit.blood & plan.has_vitamin_d & (sample.age >= (6 if plan.year < 2003 else 1)),
    )


def _two_days(
    plan: CyclePlan, sample: Sample, background: Background, rng: np.random.Generator
) -> tuple[Floats, Floats]:
    n, diet = sample.size, sample.effects[:, DIET]
    grown = np.clip(0.45 + sample.age / 35.0, 0.0, 1.0) - 0.15 * np.clip((sample.age - 50.0) / 40.0, 0.0, 1.0)
    usual = np.log(np.where(sample.male, 2450.0, 1800.0) * grown) + 0.25 * rng.standard_normal(n)
    log_energy = usual[:, None] + 0.30 * rng.standard_normal((n, 2))
    density = np.log(0.138) - 0.04 * background.education + 0.12 * diet + 0.18 * rng.standard_normal(n)
    density += 0.05 * (plan.year >= 2005) - 0.06 * (sample.race == BLACK) + 0.06 * (sample.race == MEXICAN)
    bend = 0.85 * (log_energy - np.log(2100.0)) + np.log(2100.0)
    log_magnesium = bend + density[:, None] + 0.28 * rng.standard_normal((n, 2))
    nothing = rng.random((n, 2)) < 0.0005  # a day without food is real, and 0
    decimals = 2 if plan.year < 2003 else 0
    energy, magnesium = (np.round(np.exp(x), decimals) for x in (log_energy, log_magnesium))
    return np.where(nothing, 0.0, energy), np.where(nothing, 0.0, magnesium)


def _vitamin_d(
    plan: CyclePlan, sample: Sample, visit: Visit, background: Background, takes: Mask, rng: np.random.Generator
) -> Floats:
    mean = np.log(62.0) + np.take(VITAMIN_D_BY_RACE, sample.race) + 0.15 * visit.season + 0.18 * takes
    mean += -0.012 * (background.bmi - 28.0) - 0.12 * sample.effects[:, NORTH] + 0.004 * (plan.year - 2009)
    # The values of 2001-2006 were made by regression from another assay, and vary less.
    spread = 0.28 if plan.year < 2007 else 0.36
    value = np.exp(mean + spread * rng.standard_normal(sample.size))
    return np.asarray(np.round(np.clip(value, LOWEST_NMOL_L, HIGHEST_NMOL_L), 1))


def magnesium_requirement(age: Floats, male: Mask) -> Floats:
    """Return the estimated average requirement of magnesium, mg a day, of adults who are not pregnant.

    >>> magnesium_requirement(np.array([30.0, 31.0]), np.array([True, False]))
    array([330., 265.])
    """
    older = age >= 31
    return np.where(male, np.where(older, EAR_OLDER_MEN, EAR_MEN), np.where(older, EAR_OLDER_WOMEN, EAR_WOMEN))
