"""Histories told by a doctor, general health, HbA1c. None has an effect of its own on mortality here."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from cofactor.synthetic.background import Background
from cofactor.synthetic.habits import Habits
from cofactor.synthetic.randomness import Floats, Ints, Mask
from cofactor.synthetic.sample import Sample

CARDIOVASCULAR = ("MCQ160B", "MCQ160C", "MCQ160D", "MCQ160E", "MCQ160F")
YES, NO, REFUSED, UNKNOWN = 1, 2, 7, 9
SKIN, SKIN_UNKNOWN_KIND, MORE_THAN_THREE = 32, 33, 66
KINDS = (10, 14, 15, 16, 23, 25, 30, 38, 39, SKIN, SKIN_UNKNOWN_KIND)
KIND_COUNTS = (2, 12, 6, 8, 3, 6, 14, 6, 8, 25, 10)


@dataclass(frozen=True, eq=False)
class Health:
    """Health of the people of a cycle, codes as released, one entry a person; 0 where the question was not asked.

    Attributes
    ----------
    diabetes : (n,) 1 yes, 2 no, 3 borderline. hypertension : (n,). cardiovascular : (n, 5). cancer : (n,).
    cancer_kinds : (n, 4) of people with cancer: 32 and 33 are skin, 66 more than three. general : (n,) 1 excellent
    to 5 poor.
    hba1c : (n,) percent. glucose : (n,) mg/dL. Refused is 7, not known 9.
    """

    diabetes: Ints
    hypertension: Ints
    cardiovascular: Ints
    cancer: Ints
    cancer_kinds: Ints
    general: Ints
    hba1c: Floats
    glucose: Floats


def draw_health(sample: Sample, background: Background, habits: Habits, rng: np.random.Generator) -> Health:
    """Draw diagnoses from age, body and smoking."""
    n = sample.size
    older, heavy = (sample.age - 50.0) / 15.0, (background.bmi - 28.0) / 6.0
    smoked = (habits.smoking > 0).astype(float)

    def told(logit: Floats, youngest: int, unknown: float = 0.002) -> Ints:
        yes = rng.random(n) < 1 / (1 + np.exp(-logit))
        return _coded(yes, sample.age >= youngest, unknown, rng)

    has_diabetes = -2.3 + 0.7 * older + 0.6 * heavy
    diabetes = told(has_diabetes, 1, 0.0005)
    borderline = (diabetes == NO) & (sample.age >= 20) & (rng.random(n) < 0.02)
    cancer = told(-2.7 + 0.8 * older + 0.1 * smoked, 20)
    score = 2.5 + 0.3 * older + 0.3 * heavy + 0.2 * background.education + rng.standard_normal(n)
    general = np.clip(np.round(score), 1, 5).astype(np.int64)
    sick = 1.1 * (diabetes == YES)
    return Health(
        diabetes=np.where(borderline, 3, diabetes),
        hypertension=told(-0.8 + 0.9 * older + 0.4 * heavy, 16),
        cardiovascular=np.column_stack([told(-3.9 + older + 0.3 * smoked, 20) for _ in CARDIOVASCULAR]),
        cancer=cancer,
        cancer_kinds=_kinds(cancer == YES, rng),
        general=np.where(rng.random(n) < 0.001, UNKNOWN, general),
        hba1c=np.round(5.4 + 0.15 * older + sick + 0.35 * rng.standard_normal(n), 1),
        glucose=np.round(100.0 + 5.0 * older + 40.0 * sick + 11.0 * rng.standard_normal(n)),
    )


def _coded(yes: Mask, asked: Mask, unknown: float, rng: np.random.Generator) -> Ints:
    """Codes 1 and 2, a few 7 and 9, and 0 for people who were not asked."""
    lost = rng.random(yes.size)
    code = np.where(lost < unknown / 4, REFUSED, np.where(lost < unknown, UNKNOWN, np.where(yes, YES, NO)))
    return np.where(asked, code, 0)


def _kinds(has_cancer: Mask, rng: np.random.Generator) -> Ints:
    """Up to three kinds, and that there are more (66): skin for a third of the people; 0 for none."""
    n = has_cancer.size
    named = rng.choice(KINDS, size=(n, 3), p=np.divide(KIND_COUNTS, sum(KIND_COUNTS)))
    further = rng.random(n)
    how_many = np.where(has_cancer, 1 + (further < 0.12) + (further < 0.03) + (further < 0.008), 0)
    kinds = np.column_stack((named, np.full(n, MORE_THAN_THREE)))
    return np.where(np.arange(4) < how_many[:, None], kinds, 0)
