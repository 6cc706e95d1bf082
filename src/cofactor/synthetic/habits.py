"""Smoking and drinking: a category for everybody, and whether it can be told from the answers."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from cofactor.synthetic.background import Background
from cofactor.synthetic.plan import CyclePlan
from cofactor.synthetic.randomness import Floats, Ints, Mask, choose
from cofactor.synthetic.sample import HABITS, Sample
from cofactor.synthetic.visit import Visit


@dataclass(frozen=True, eq=False)
class Habits:
    """Habits of the people of a cycle, one entry a person.

    Attributes
    ----------
    smoking : (n,) position in SMOKING, of children as well. smoking_known : (n,) asked, and told in full.
    alcohol : (n,) position in ALCOHOL. alcohol_known : (n,). alcohol_asked : (n,) has a row with answers.
    """

    smoking: Ints
    smoking_known: Mask
    smoking_asked: Mask
    alcohol: Ints
    alcohol_known: Mask
    alcohol_asked: Mask


def draw_habits(
    plan: CyclePlan, sample: Sample, visit: Visit, background: Background, rng: np.random.Generator
) -> Habits:
    """Draw smoking and drinking from education, sex, age and the PSU; answers are missing at random."""
    smoking = choose(rng, _smoking_logits(sample, background))
    smoking_asked = sample.age >= (20 if plan.year < 2013 else 18)
    alcohol = choose(rng, _alcohol_logits(sample, background, smoking))
    of_age = sample.age >= (20 if plan.year < 2011 else 18)
    alcohol_asked = visit.examined & of_age & (rng.random(sample.size) < 0.96)
    return Habits(
        smoking=smoking,
        smoking_known=smoking_asked & (rng.random(sample.size) < 0.997),
        smoking_asked=smoking_asked,
        alcohol=alcohol,
        alcohol_known=alcohol_asked & (rng.random(sample.size) < 0.99),
        alcohol_asked=alcohol_asked,
    )


def _smoking_logits(sample: Sample, background: Background) -> Floats:
    leaning, man = 0.35 * sample.effects[:, HABITS], sample.male.astype(float)
    older = (sample.age - 50.0) / 20.0
    low = background.education - 1.5
    never = np.zeros(sample.size)
    former = -0.9 + 0.5 * man + 0.6 * older + 0.05 * low + 0.3 * leaning
    under_15 = -1.4 + 0.4 * man - 0.3 * older + 0.25 * low + leaning + 0.3 * (sample.race == 3)
    from_15 = -1.9 + 0.4 * man - 0.25 * older + 0.35 * low + leaning + 0.5 * (sample.race == 0)
    return np.column_stack((never, former, under_15, from_15))


def _alcohol_logits(sample: Sample, background: Background, smoking: Ints) -> Floats:
    leaning, man = 0.3 * sample.effects[:, HABITS], sample.male.astype(float)
    older = (sample.age - 50.0) / 20.0
    low, smokes = background.education - 1.5, (smoking >= 2).astype(float)
    never = -0.9 - 0.6 * man + 0.3 * older + 0.2 * low - 0.5 * smokes
    former = -0.9 + 0.5 * older + 0.15 * low
    light = np.zeros(sample.size)
    moderate = -0.9 - 0.1 * low + 0.4 * smokes + leaning
    heavy = -1.8 + 0.2 * man - 0.2 * older + 0.8 * smokes + leaning
    return np.column_stack((never, former, light, moderate, heavy))
