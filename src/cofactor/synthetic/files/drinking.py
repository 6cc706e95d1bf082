"""All answers on frequency and amount of drinking, sorted by the category that they amount to."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from cofactor.synthetic.levels import HEAVY, LIGHT, MODERATE
from cofactor.synthetic.randomness import Floats, Ints, Mask

DAYS_PER_UNIT = {1: 52.0, 2: 12.0, 3: 1.0}
MOST_DAYS = 364.0
AMOUNTS = (*range(1, 13), 15)
"""Drinks on a drinking day; 15 is the top code from 2015 on."""
LIGHT_UP_TO, MODERATE_UP_TO_MEN, MODERATE_UP_TO_WOMEN = 156.0, 728.0, 364.0
"""Drinks a year: 3 a week; 14 and 7 a week (National Health Interview Survey)."""
DAYS_OF_CLASS = (364.0, 286.0, 182.0, 104.0, 52.0, 30.0, 12.0, 9.0, 4.5, 1.5)


@dataclass(frozen=True, eq=False)
class Answers:
    """Possible answers (m,): how often, in which unit (0 for a class), drinks on such a day, and drinks a year."""

    often: Floats
    unit: Floats
    amount: Floats
    yearly: Floats

    def level(self, male: bool) -> Ints:
        """Return the category of each answer, (m,): light, moderate or heavy."""
        most = MODERATE_UP_TO_MEN if male else MODERATE_UP_TO_WOMEN
        above = np.where(self.yearly <= most, MODERATE, HEAVY)
        return np.where(self.yearly <= LIGHT_UP_TO, LIGHT, above)


def _listed(rows: Iterable[tuple[float, float, float, float]]) -> Answers:
    often, unit, amount, yearly = np.array(list(rows)).T
    return Answers(often, unit, amount, yearly)


NUMBERS = _listed(
    (often, unit, drinks, min(often * days, MOST_DAYS) * drinks)
    for unit, days in DAYS_PER_UNIT.items()
    for often in {1: range(1, 8), 2: range(1, 5), 3: range(1, 12)}[unit]
    for drinks in AMOUNTS
)
CLASSES = _listed(
    (code, 0.0, drinks, days * drinks) for code, days in enumerate(DAYS_OF_CLASS, start=1) for drinks in AMOUNTS
)


def choose_answers(answers: Answers, kind: Ints, male: Mask, rng: np.random.Generator) -> tuple[Floats, Floats, Floats]:
    """Return how often, unit and drinks of each person (n,), so that they amount to the category `kind`.

    Few drinks a day are more likely than many. People who do not drink get NaN.
    """
    chosen = np.full(kind.size, -1)
    for is_man in (True, False):
        level = answers.level(is_man)
        for category in (LIGHT, MODERATE, HEAVY):
            who = np.flatnonzero((kind == category) & (male == is_man))
            places = np.flatnonzero(level == category)
            chance = 1.0 / answers.amount[places]
            chosen[who] = rng.choice(places, size=who.size, p=chance / chance.sum())
    drinks = chosen >= 0
    often, unit, amount = (
        np.where(drinks, part[chosen], np.nan) for part in (answers.often, answers.unit, answers.amount)
    )
    return often, unit, amount
