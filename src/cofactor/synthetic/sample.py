"""Who is drawn: PSUs in strata, people in PSUs, and weights that undo an unequal selection."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from cofactor.synthetic.plan import CyclePlan
from cofactor.synthetic.randomness import Floats, Ints, Mask, choose, draw

FIRST_NUMBER = 500_001
"""People are numbered from here: no person of NHANES 1999-2018 has such a number."""
ROOM = 1_000_000

AGE_BANDS = ((0, 6), (6, 12), (12, 20), (20, 40), (40, 60), (60, 80), (80, 96))
DRAWN_BY_AGE = (0.12, 0.08, 0.12, 0.22, 0.22, 0.19, 0.05)
POPULATION_BY_AGE = (0.085, 0.085, 0.115, 0.275, 0.265, 0.145, 0.030)
DRAWN_BY_RACE = (0.40, 0.20, 0.08, 0.23, 0.09)
POPULATION_BY_RACE = (0.66, 0.09, 0.06, 0.12, 0.07)
WEIGHT_NOISE = 0.25
"""Standard deviation of the logarithm of a weight within race and age: households, non-response."""

AFFLUENCE, NORTH, DIET, HABITS = range(4)
"""Columns of the PSU effects: how well off, how far north, how rich in magnesium, how inclined to smoke and drink."""


@dataclass(frozen=True, eq=False)
class Sample:
    """The people of a cycle, one entry a person.

    Attributes
    ----------
    seqn : (n,) number. stratum, psu : (n,) as released. effects : (n, 4) of the person's PSU, mean 0, variance 1.
    age : (n,) years, 0 to 95, not yet top-coded. month : (n,) months since the last birthday, 0-11. male : (n,).
    race : (n,) position in RACES. weight : (n,) interview weight, persons.
    """

    seqn: Ints
    stratum: Ints
    psu: Ints
    effects: Floats
    age: Ints
    month: Ints
    male: Mask
    race: Ints
    weight: Floats

    @property
    def size(self) -> int:
        """How many people."""
        return int(self.seqn.size)

    @property
    def age_known(self) -> Floats:
        """Age up to 80 as the variables of the catalogue have it, (n,)."""
        return np.minimum(self.age, 80).astype(float)


def psus_of(plan: CyclePlan) -> tuple[Ints, Ints]:
    """Return stratum and PSU number of every PSU of a cycle, (G,) each."""
    strata = range(plan.first_stratum, plan.last_stratum + 1)
    pairs = [(h, i) for h in strata for i in range(1, 4 if h == plan.with_three_psus else 3)]
    stratum, psu = np.array(pairs).T
    return stratum, psu


def draw_sample(plan: CyclePlan, people: int, rng: np.random.Generator) -> Sample:
    """Draw the people of a cycle, in order of their numbers."""
    strata, numbers = psus_of(plan)
    of_psu = _effects(strata, rng)
    # Everybody's PSU: each has its share, so that none is empty.
    place = rng.permutation(np.arange(people) % strata.size)
    composition = np.log(DRAWN_BY_RACE) + 0.5 * rng.standard_normal((strata.size, len(DRAWN_BY_RACE)))
    race = choose(rng, composition[place])
    band = draw(rng, DRAWN_BY_AGE, people)
    low, high = np.array(AGE_BANDS).T
    return Sample(
        seqn=FIRST_NUMBER + ROOM * plan.position + np.arange(people),
        stratum=strata[place],
        psu=numbers[place],
        effects=of_psu[place],
        age=rng.integers(low[band], high[band]),
        month=rng.integers(0, 12, size=people),
        male=rng.random(people) < 0.49,
        race=race,
        weight=calibrated(_weights(race, band, rng), plan.population),
    )


def _effects(strata: Ints, rng: np.random.Generator) -> Floats:
    """Half of the variance of PSUs lies between strata, half within."""
    between = rng.standard_normal((int(strata.max()) + 1, 4))[strata]
    return np.asarray(np.sqrt(0.5) * (between + rng.standard_normal((strata.size, 4))))


def _weights(race: Ints, band: Ints, rng: np.random.Generator) -> Floats:
    by_race = np.take(np.divide(POPULATION_BY_RACE, DRAWN_BY_RACE), race)
    by_age = np.take(np.divide(POPULATION_BY_AGE, DRAWN_BY_AGE), band)
    return np.asarray(by_race * by_age * np.exp(WEIGHT_NOISE * rng.standard_normal(race.size)))


def calibrated(weights: Floats, population: float) -> Floats:
    """Return the weights in proportion, so that they add up to `population` persons."""
    return weights * (population / float(weights.sum()))
