"""What became of each person: examined, when, with which recalls, and the weights of those subsamples."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from cofactor.synthetic.plan import END_OF_FOLLOW_UP, CyclePlan
from cofactor.synthetic.randomness import Floats, Ints, Mask, draw
from cofactor.synthetic.sample import NORTH, Sample, calibrated

EXAMINED, RELIABLE = 0.95, 1
SECOND_RECALL = 0.87
BLOOD_DRAWN = 0.92
RECALL_STATUSES = (1, 2, 4, 5)
"""Reliable, not reliable, breast milk, not done."""


@dataclass(frozen=True, eq=False)
class Visit:
    """Examination, recalls and follow-up of the people of a cycle, one entry a person.

    Attributes
    ----------
    examined, blood : (n,). Blood: drawn, and enough of it.
    pregnancy : (n,) 1 yes, 2 no, 3 could not be ascertained, 0 outside the released ages or not examined.
    exam_month : (n,) months from the beginning of the cycle to the examination. gap : months from interview to it.
    season : (n,) 0 November-April, 1 May-October.
    recall1, recall2 : (n,) status 1, 2, 4, 5; 0 not examined, or no second day in the cycle.
    weight_exam, weight_day1, weight_both : (n,) persons, 0 outside the subsample.
    months_to_end : (n,) whole months from the examination to the end of follow-up.
    """

    examined: Mask
    blood: Mask
    pregnancy: Ints
    exam_month: Floats
    gap: Floats
    season: Ints
    recall1: Ints
    recall2: Ints
    weight_exam: Floats
    weight_day1: Floats
    weight_both: Floats
    months_to_end: Floats


def draw_visit(plan: CyclePlan, sample: Sample, rng: np.random.Generator) -> Visit:
    """Draw examination, pregnancy, dates, recalls and blood, and make the weights of the subsamples."""
    examined = rng.random(sample.size) < EXAMINED
    exam_month = _exam_month(sample, rng)
    recall1, recall2 = _recalls(plan, sample, examined, rng)
    first, both = np.isin(recall1, (1, 4)), np.isin(recall1, (1, 4)) & np.isin(recall2, (1, 4))

    def weight(inside: Mask) -> Floats:
        return (
            calibrated(np.where(inside, sample.weight, 0.0), plan.population) if inside.any() else 0.0 * sample.weight
        )

    return Visit(
        examined=examined,
        blood=examined & (sample.age >= 1) & (rng.random(sample.size) < BLOOD_DRAWN),
        pregnancy=_pregnancy(plan, sample, examined, rng),
        exam_month=exam_month,
        gap=rng.uniform(0.1, 2.0, size=sample.size),
        season=_is_summer(exam_month),
        recall1=recall1,
        recall2=recall2,
        weight_exam=weight(examined),
        weight_day1=weight(first),
        weight_both=weight(both),
        months_to_end=np.ceil(12.0 * (END_OF_FOLLOW_UP - plan.year) - exam_month),
    )


def _exam_month(sample: Sample, rng: np.random.Generator) -> Floats:
    """A mobile centre stays some weeks in a PSU and is more often in the north in summer."""
    _, place = np.unique(np.column_stack((sample.stratum, sample.psu)), axis=0, return_inverse=True)
    north = np.zeros(place.max() + 1)
    north[place] = sample.effects[:, NORTH]
    summer = rng.random(north.size) < 1 / (1 + np.exp(-0.3 - 0.8 * north))
    year = 12.0 * rng.integers(0, 2, size=north.size)
    # Counted from May: the half years are May-October and November-April.
    begin = year + np.where(summer, 4.0, np.where(rng.random(north.size) < 2 / 3, 0.0, 10.0))
    length = np.where(summer, 6.0, np.where(begin % 12 == 0.0, 4.0, 2.0))
    middle = rng.random(north.size)
    shift = np.clip(middle[place] + 0.35 * rng.standard_normal(sample.size), 0.0, 0.999)
    stays = rng.random(sample.size) < 0.85
    months = begin[place] + length[place] * shift
    return np.where(stays, months, rng.uniform(0.0, 23.999, size=sample.size))


def _is_summer(exam_month: Floats) -> Ints:
    of_year = exam_month % 12.0
    return ((of_year >= 4.0) & (of_year < 10.0)).astype(np.int64)


def _recalls(plan: CyclePlan, sample: Sample, examined: Mask, rng: np.random.Generator) -> tuple[Ints, Ints]:
    done = 0.94 if plan.year < 2011 else 0.88
    status = np.array(RECALL_STATUSES)[draw(rng, (done, 0.012, 0.0, 0.99 - done), sample.size)]
    fed = (sample.age < 2) & (rng.random(sample.size) < 0.3) & (status == RELIABLE)
    first = np.where(examined, np.where(fed, 4, status), 0)
    if not plan.has_second_recall:
        return first, np.zeros(sample.size, dtype=np.int64)
    again = rng.random(sample.size)
    second = np.where(again < SECOND_RECALL, np.where(fed, 4, 1), np.where(again < SECOND_RECALL + 0.01, 2, 5))
    return first, np.where(np.isin(first, (1, 4)), second, np.where(examined, 5, 0))


def _pregnancy(plan: CyclePlan, sample: Sample, examined: Mask, rng: np.random.Generator) -> Ints:
    low, high = (18, 59) if plan.year < 2001 else (8, 59) if plan.year < 2007 else (20, 44)
    share = np.where((sample.age >= 16) & (sample.age <= 44), 0.12 if plan.year < 2007 else 0.05, 0.0)
    chance = rng.random(sample.size)
    code = np.where(chance < share, 1, np.where(chance > 0.95, 3, 2))
    released = examined & ~sample.male & (sample.age >= low) & (sample.age <= high)
    return np.where(released, code, 0)
