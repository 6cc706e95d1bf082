r"""Deaths from a Cox model that the main model contains exactly.

The hazard of a person at t months after the examination is

.. math:: \lambda e^{\gamma t} \exp(\eta_i),

a Gompertz baseline in follow-up time times a hazard ratio made from recorded values: the 25(OH)D and the mean magnesium
of the reliable recalls as released and rounded, BMI as released, age as top-coded. So the fitted model is the true one,
hazards are proportional at every time, and :math:`\eta` holds the log hazard ratios that a fit estimates.

There is no frailty of a PSU: it would make the hazard ratios that hold within PSUs differ from those that a model
without it estimates (they would be pulled towards none), and the truth would not be exact. Deaths of a PSU are alike
all the same, because its people are alike in diet, income, habits and season; weights differ between people.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from cofactor.synthetic.background import TOP_INCOME, Background
from cofactor.synthetic.habits import Habits
from cofactor.synthetic.intake import Intake, magnesium_requirement
from cofactor.synthetic.plan import CyclePlan
from cofactor.synthetic.randomness import Floats, Ints, Mask, draw
from cofactor.synthetic.sample import Sample
from cofactor.synthetic.truth import Truth
from cofactor.synthetic.visit import Visit

BASELINE = 1.1e-5
"""Hazard a month at the examination, of a man of age 0 with every covariate at its reference or 0."""
GROWTH = 0.0065
"""By how much the logarithm of the hazard grows in a month of follow-up: about what a month of age does."""
CAP_NMOL_L = 75.0
CAUSE_SHARES = (0.260, 0.217, 0.052, 0.031, 0.056, 0.036, 0.035, 0.022, 0.023, 0.2675, 0.0005)
"""Causes 1 to 10, and deaths without a cause."""
INELIGIBLE = 0.002
ELIGIBLE, UNDER_18, NOT_LINKED = 1, 2, 3


@dataclass(frozen=True, eq=False)
class Deaths:
    """Linked mortality of the people of a cycle, one entry a person.

    Attributes
    ----------
    eligibility : (n,) 1, 2 or 3. died : (n,) by the end of follow-up; False for the ineligible. cause : (n,) 1 to 10,
    0 for none. from_exam, from_interview : (n,) whole months, as released. diabetes, hypertension : (n,) named as a
    cause among others.
    """

    eligibility: Ints
    died: Mask
    cause: Ints
    from_exam: Ints
    from_interview: Ints
    diabetes: Mask
    hypertension: Mask


def log_hazard_ratio(
    plan: CyclePlan,
    sample: Sample,
    visit: Visit,
    background: Background,
    habits: Habits,
    intake: Intake,
    truth: Truth,
) -> Floats:
    """Return the planted log hazard ratio of each person (n,), from the values as they are released."""
    age, woman = sample.age_known, (~sample.male).astype(float)
    vitamin_d = np.minimum(intake.vitamin_d, CAP_NMOL_L) / 25.0
    magnesium = intake.mean_of_reliable(intake.magnesium, visit)
    adequate = (magnesium >= magnesium_requirement(age, sample.male)).astype(float)
    ratio = truth.vitd_capped_per_25 * vitamin_d + adequate * (truth.magnesium_adequate + truth.product * vitamin_d)
    ratio = ratio + truth.age_per_year * age + woman * (truth.female + truth.female_age_per_year * age)
    ratio = ratio + truth.age_80_plus * (age >= 80.0) + truth.may_october * visit.season + truth.of_cycle(plan.year)
    for name, position in (
        ("race_ethnicity", sample.race),
        ("education", background.education),
        ("smoking", habits.smoking),
        ("alcohol", habits.alcohol),
    ):
        ratio = ratio + np.take(truth.of_levels(name), position)
    ratio = ratio + truth.poverty_income_ratio * background.income
    ratio = ratio + truth.poverty_income_ratio_top * (background.income >= TOP_INCOME)
    energy = intake.mean_of_reliable(intake.energy, visit) / 1000.0
    return np.asarray(ratio + truth.bmi_per_unit * background.bmi + truth.energy_per_1000_kcal * energy)


def draw_deaths(sample: Sample, visit: Visit, log_ratio: Floats, rng: np.random.Generator) -> Deaths:
    """Draw months of follow-up and causes.

    The time solves H(t) = E with E standard exponential: t = log(1 + gamma E / (lambda exp(eta))) / gamma. Months are
    cut down to whole ones, so that ties are heavy and some deaths fall in month 0, as in the real files. Follow-up ends
    with the last moment of a whole month: whoever is at risk in a month is at risk in all of it. Were months observed
    in part, a person censored within one would count as at risk in full, and the hazard of the last cycles, where that
    half month is 2% of the follow-up, would be pulled down. Efron's handling of what is left is exact to a thousandth.
    """
    n = sample.size
    cumulative = rng.exponential(size=n) * np.exp(-log_ratio) / BASELINE
    time = np.log1p(GROWTH * cumulative) / GROWTH
    eligibility = np.where(sample.age < 18, UNDER_18, np.where(rng.random(n) < INELIGIBLE, NOT_LINKED, ELIGIBLE))
    died = (time < visit.months_to_end) & (eligibility == ELIGIBLE)
    months = np.where(died, np.floor(time), visit.months_to_end - 1)
    cause = (draw(rng, CAUSE_SHARES, n) + 1) % len(CAUSE_SHARES)
    return Deaths(
        eligibility=eligibility,
        died=died,
        cause=np.where(died, cause, 0),
        from_exam=months.astype(np.int64),
        from_interview=(months + np.floor(visit.gap + 0.5)).astype(np.int64),
        diabetes=died & (rng.random(n) < 0.10),
        hypertension=died & (rng.random(n) < 0.12),
    )
