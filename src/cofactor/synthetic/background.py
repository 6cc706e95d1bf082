"""Education, income and body: what people are like before they eat, smoke and drink."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from cofactor.synthetic.plan import CyclePlan
from cofactor.synthetic.randomness import Floats, Ints, Mask
from cofactor.synthetic.sample import AFFLUENCE, Sample
from cofactor.synthetic.visit import Visit

EDUCATION_BY_RACE = (0.0, 1.1, 0.7, 0.35, -0.3)
"""By how much the latent scale of (low) education moves, in its standard deviations."""
EDUCATION_CUTS = (-0.35, 0.55, 1.3, 1.85)
TOP_INCOME = 5.0


@dataclass(frozen=True, eq=False)
class Background:
    """Background of the people of a cycle, one entry a person.

    Attributes
    ----------
    education : (n,) position in EDUCATIONS, of adults to be as well. education_known : (n,).
    income : (n,) ratio of family income to the poverty line, 0 to 5, two decimals. income_known : (n,).
    bmi : (n,) kg/m², with the decimals of the cycle. bmi_known : (n,). height : (n,) cm.
    """

    education: Ints
    education_known: Mask
    income: Floats
    income_known: Mask
    bmi: Floats
    bmi_known: Mask
    height: Floats


def draw_background(plan: CyclePlan, sample: Sample, visit: Visit, rng: np.random.Generator) -> Background:
    """Draw education, income and body measures; all are clustered by the affluence of the PSU."""
    n, affluence = sample.size, sample.effects[:, AFFLUENCE]
    older = np.clip((sample.age - 60.0) / 20.0, 0.0, 1.0)
    low = np.take(EDUCATION_BY_RACE, sample.race) - 0.3 * affluence + 0.4 * older + rng.standard_normal(n)
    education = np.searchsorted(EDUCATION_CUTS, low).astype(np.int64)
    income = np.round(
        np.clip(3.6 - 0.65 * education + 0.4 * affluence + 1.4 * rng.standard_normal(n), 0.0, TOP_INCOME), 2
    )
    grown = np.clip(sample.age / 18.0, 0.0, 1.0)
    log_bmi = np.log(16.0 + 12.0 * grown) + 0.02 * education - 0.02 * affluence + 0.06 * (sample.race == 3)
    bmi = np.exp(log_bmi + (0.10 + 0.11 * grown) * rng.standard_normal(n))
    tall = np.where(sample.male, 176.0, 162.0) - 90.0 * (1.0 - grown)
    return Background(
        education=education,
        education_known=(sample.age >= 20) & (rng.random(n) < 0.998),
        income=income,
        income_known=rng.random(n) < 0.925,
        bmi=np.round(bmi, 2 if plan.year < 2011 else 1),
        bmi_known=visit.examined & (sample.age >= 2) & (rng.random(n) < 0.985),
        height=np.round(tall + (2.0 + 5.0 * grown) * rng.standard_normal(n), 1),
    )
