"""Physical activity as the two instruments ask for it: answers, and the MET-minutes a week that they amount to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from cofactor.synthetic.plan import CyclePlan
from cofactor.synthetic.randomness import Floats, Ints, Mask
from cofactor.synthetic.sample import AFFLUENCE, Sample

YES, NO, UNABLE, REFUSED, UNKNOWN = 1.0, 2.0, 3.0, 7.0, 9.0
A_DAY, A_WEEK, A_MONTH = 1.0, 2.0, 3.0
WEEK_OF_30_DAYS = 7.0 / 30.0
WALKING_MET, TASKS_MET = 4.0, 4.5
LEISURE_METS = np.array([2.5, 3.5, 4.5, 6.0, 7.0, 8.0, 10.0])
VIGOROUS_FROM = 6.0
MINUTES = np.array([10.0, 15.0, 20.0, 30.0, 45.0, 60.0, 90.0, 120.0, 180.0, 240.0])
WEEKLY_PARTS = (
    ("PAQ605", "PAQ610", "PAD615", 8.0, 0.16),
    ("PAQ620", "PAQ625", "PAD630", 4.0, 0.35),
    ("PAQ635", "PAQ640", "PAD645", 4.0, 0.28),
    ("PAQ650", "PAQ655", "PAD660", 8.0, 0.25),
    ("PAQ665", "PAQ670", "PAD675", 4.0, 0.42),
)
"""Gate, days, minutes, METs, and the share of people who say yes."""


@dataclass(frozen=True, eq=False)
class Activity:
    """Answers on physical activity.

    Attributes
    ----------
    answers : column -> (n,) code or amount, NaN where skipped or not asked.
    leisure : (r, 5) rows of PAQIAF: place of the person, level, times in 30 days, minutes, METs. Empty from 2007 on.
    met_minutes : (n,) a week, NaN where a part is not known.
    asked : (n,) old enough to have a row in the file.
    """

    answers: Mapping[str, Floats]
    leisure: Floats
    met_minutes: Floats
    asked: Mask


def draw_activity(plan: CyclePlan, sample: Sample, rng: np.random.Generator) -> Activity:
    """Draw the answers of the cycle's instrument; younger and better-off people move more."""
    tendency = 0.3 * sample.effects[:, AFFLUENCE] - 0.3 * (sample.age - 45.0) / 20.0 + 0.3 * sample.male
    asked = sample.age >= (18 if plan.year >= 2017 else 2)
    answering = sample.age >= (12 if plan.asks_past_30_days else 18)
    if plan.asks_past_30_days:
        return _past_30_days(tendency, asked, answering, rng)
    return _typical_week(tendency, asked, answering, rng)


def _gate(share: float, tendency: Floats, answering: Mask, unable: float, rng: np.random.Generator) -> Floats:
    yes = rng.random(tendency.size) < 1 / (1 + np.exp(-np.log(share / (1 - share)) - tendency))
    lost = rng.random(tendency.size)
    other = np.where(lost < 0.0002, REFUSED, np.where(lost < 0.001, UNKNOWN, np.where(lost > 1 - unable, UNABLE, NO)))
    return np.where(answering, np.where((lost >= 0.001) & yes, YES, other), np.nan)


def _amount(values: Floats | Ints, gate: Floats, refused: float, unknown: float, rng: np.random.Generator) -> Floats:
    """An amount after a yes, with a few codes for refused and not known; NaN after anything else."""
    lost = rng.random(gate.size)
    told = np.where(lost < 0.0002, refused, np.where(lost < 0.001, unknown, values))
    return np.where(gate == YES, told, np.nan)


def _minutes(size: int, rng: np.random.Generator) -> Floats:
    return MINUTES[rng.integers(0, MINUTES.size, size=size)]


def _product(met: float, gate: Floats, parts: tuple[Floats, ...], lost_from: tuple[float, ...]) -> Floats:
    """METs × the parts after a yes, 0 after no or unable, NaN where the gate or a part is not known."""
    total = np.full(gate.size, met)
    for part, limit in zip(parts, lost_from, strict=True):
        total = total * np.where(part >= limit, np.nan, part)
    return np.where(gate == YES, total, np.where((gate == NO) | (gate == UNABLE), 0.0, np.nan))


def _typical_week(tendency: Floats, asked: Mask, answering: Mask, rng: np.random.Generator) -> Activity:
    answers: dict[str, Floats] = {}
    total = np.zeros(tendency.size)
    for gate_name, days_name, minutes_name, met, share in WEEKLY_PARTS:
        gate = _gate(share, tendency, answering, 0.0, rng)
        days = _amount(rng.integers(1, 8, size=gate.size), gate, 77.0, 99.0, rng)
        minutes = _amount(_minutes(gate.size, rng), gate, 7777.0, 9999.0, rng)
        answers |= {gate_name: gate, days_name: days, minutes_name: minutes}
        total = total + _product(met, gate, (days, minutes), (77.0, 7777.0))
    return Activity(answers, np.empty((0, 5)), np.round(total, 6), asked)


def _past_30_days(tendency: Floats, asked: Mask, answering: Mask, rng: np.random.Generator) -> Activity:
    transport, walked = _transport(tendency, answering, rng)
    tasks, done = _tasks(tendency, answering, rng)
    vigorous = _gate(0.30, tendency, answering, 0.02, rng)
    moderate = _gate(0.45, tendency, answering, 0.02, rng)
    leisure = np.vstack([_leisure(vigorous, True, rng), _leisure(moderate, False, rng)])
    leisure = leisure[np.argsort(leisure[:, 0], kind="stable")]
    place = leisure[:, 0].astype(np.int64)
    named = np.bincount(place, weights=np.prod(leisure[:, 2:], axis=1), minlength=tendency.size)
    told = np.isin(vigorous, (YES, NO, UNABLE)) & np.isin(moderate, (YES, NO, UNABLE))
    total = walked + WEEK_OF_30_DAYS * done + np.where(told, named * WEEK_OF_30_DAYS, np.nan)
    answers = {**transport, **tasks, "PAD200": vigorous, "PAD320": moderate}
    return Activity(answers, leisure, np.round(total, 6), asked)


def _transport(tendency: Floats, answering: Mask, rng: np.random.Generator) -> tuple[dict[str, Floats], Floats]:
    """Walking or cycling to get about: the answers, and MET-minutes a week. Days a week are at most 7."""
    n = tendency.size
    walks = _gate(0.25, tendency, answering, 0.01, rng)
    unit = np.where(walks == YES, rng.choice([A_DAY, A_WEEK, A_MONTH], size=n, p=[0.3, 0.5, 0.2]), np.nan)
    most = np.where(unit == A_DAY, 2, np.where(unit == A_WEEK, 7, 30))
    times = _amount(rng.integers(1, most + 1), walks, 77777.0, 99999.0, rng)
    lost = times >= 77777.0
    unit = np.where(lost, np.nan, unit)
    minutes = _amount(_minutes(n, rng), walks, 77777.0, 99999.0, rng)
    days = np.where(unit == A_DAY, 7.0, np.where(unit == A_WEEK, times, times * WEEK_OF_30_DAYS))
    days = np.where(lost, np.nan, np.minimum(days, 7.0))
    answers = {"PAD020": walks, "PAQ050Q": times, "PAQ050U": unit, "PAD080": minutes}
    return answers, _product(WALKING_MET, walks, (days, minutes), (np.inf, 77777.0))


def _tasks(tendency: Floats, answering: Mask, rng: np.random.Generator) -> tuple[dict[str, Floats], Floats]:
    """Tasks at home or in the yard: the answers, and MET-minutes in 30 days."""
    gate = _gate(0.55, tendency, answering, 0.03, rng)
    times = _amount(rng.integers(1, 31, size=gate.size), gate, 77777.0, 99999.0, rng)
    minutes = _amount(_minutes(gate.size, rng), gate, 77777.0, 99999.0, rng)
    answers = {"PAQ100": gate, "PAD120": times, "PAD160": minutes}
    return answers, _product(TASKS_MET, gate, (times, minutes), (77777.0, 77777.0))


def _leisure(gate: Floats, vigorous: bool, rng: np.random.Generator) -> Floats:
    """One or two activities of each person who said yes: place of the person, level, times, minutes, METs."""
    who = np.flatnonzero(gate == YES)
    who = np.sort(np.concatenate((who, who[rng.random(who.size) < 0.4])))
    mets = LEISURE_METS[(LEISURE_METS >= VIGOROUS_FROM) == vigorous]
    level = np.full(who.size, 2.0 if vigorous else 1.0)
    times = rng.integers(1, 31, size=who.size).astype(float)
    chosen = mets[rng.integers(0, mets.size, size=who.size)]
    return np.column_stack((who.astype(float), level, times, _minutes(who.size, rng), chosen))
