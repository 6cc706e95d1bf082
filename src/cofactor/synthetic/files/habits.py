"""SMQ and ALQ: answers from which a person's category follows, with the skips of each cycle's questionnaire."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pandas as pd

from cofactor.synthetic.files.drinking import CLASSES, NUMBERS, choose_answers
from cofactor.synthetic.files.tables import table, where
from cofactor.synthetic.levels import FORMER, FORMER_DRINKER, FROM_15, LIGHT, NEVER, TEETOTAL, UNDER_15
from cofactor.synthetic.people import People
from cofactor.synthetic.randomness import Floats, Mask

YES, NO = 1.0, 2.0
EVERY_DAY, SOME_DAYS, NOT_NOW = 1.0, 2.0, 3.0
ALL_DAYS, CUT_30_DAYS = 30, 450
PACKS = np.array([15.0, 20.0, 20.0, 20.0, 20.0, 25.0, 30.0, 40.0, 60.0])


def _either(first: float, second: float, size: int, rng: np.random.Generator) -> Floats:
    return np.where(rng.random(size) < 0.5, first, second)


def smoking(one: People, rng: np.random.Generator) -> dict[str, pd.DataFrame]:
    """Return SMQ. Days and cigarettes have other names up to 2002; from 2005 ages 12-19 have rows without answers."""
    n, kind = one.sample.size, one.habits.smoking
    asked, lost = one.habits.smoking_asked, one.habits.smoking_asked & ~one.habits.smoking_known
    ever = np.where(lost & (kind == NEVER), _either(7.0, 9.0, n, rng), np.where(kind == NEVER, NO, YES))
    smokes = kind >= UNDER_15
    days, cigarettes = _amounts(kind == FROM_15, rng)
    now = np.where(smokes, np.where(days == ALL_DAYS, EVERY_DAY, SOME_DAYS), NOT_NOW)
    now = np.where(lost & (kind == FORMER), _either(7.0, 9.0, n, rng), now)
    cigarettes = np.where(lost & smokes, _either(777.0, 999.0, n, rng), cigarettes)
    # People whose amount is lost did smoke on some day: else the question would be skipped.
    days = np.where(lost & smokes, np.maximum(days, 1.0), days)
    days_name, amount_name = ("SMD080", "SMD090") if one.plan.year < 2003 else ("SMD641", "SMD650")
    columns = {
        "SMQ020": where(asked, ever),
        "SMQ040": where(asked & (ever == YES), now),
        days_name: where(asked & smokes, days),
        amount_name: where(asked & smokes & (days > 0), cigarettes),
    }
    return {"SMQ": table(one, one.sample.age >= (20 if one.plan.year < 2005 else 12), columns)}


def _amounts(heavy: Mask, rng: np.random.Generator) -> tuple[Floats, Floats]:
    """Days of the past 30 and cigarettes on such a day: below 450 in 30 days, or 450 and more for the heavy."""
    n = heavy.size
    daily = rng.random(n) < np.where(heavy, 0.95, 0.65)
    some = np.where(rng.random(n) < 0.04, 0, rng.integers(1, ALL_DAYS, size=n))
    days = np.where(daily, ALL_DAYS, np.where(heavy, rng.integers(25, ALL_DAYS, size=n), some)).astype(float)
    few = rng.integers(1, 15, size=n).astype(float)
    many = PACKS[rng.integers(0, PACKS.size, size=n)]
    many = np.where(days * many < CUT_30_DAYS, 20.0, many)
    return days, np.where(heavy, many, few)


def drinking(one: People, rng: np.random.Generator) -> dict[str, pd.DataFrame]:
    """Return ALQ, for examined adults; frequencies are numbers up to 2015-2016, and classes in 2017-2018."""
    answers = _by_class(one, rng) if one.plan.year >= 2017 else _by_number(one, rng)
    rows = one.visit.examined & (one.sample.age >= (20 if one.plan.year < 2011 else 18))
    return {"ALQ": table(one, rows, answers)}


def _lost_code(one: People, rng: np.random.Generator) -> Floats:
    """Refused and not known have two digits up to 2003-2004, three after."""
    first, second = (77.0, 99.0) if one.plan.year < 2005 else (777.0, 999.0)
    return _either(first, second, one.sample.size, rng)


def _by_number(one: People, rng: np.random.Generator) -> dict[str, npt.ArrayLike]:
    n, kind, asked = one.sample.size, one.habits.alcohol, one.habits.alcohol_asked
    lost = asked & ~one.habits.alcohol_known
    drinks_now = kind >= LIGHT
    often, unit, amount = choose_answers(NUMBERS, kind, one.sample.male, rng)
    # Twelve drinks in a year: the question on twelve in life is skipped after a yes.
    in_a_year = np.where((kind == TEETOTAL) | ((kind <= LIGHT) & (rng.random(n) < 0.2)), NO, YES)
    in_life = np.where(kind == TEETOTAL, np.where(lost, _either(7.0, 9.0, n, rng), NO), YES)
    often = np.where(drinks_now, often, np.where(lost, _either(777.0, 999.0, n, rng), 0.0))
    drank = asked & (kind != TEETOTAL)
    first = {1999: "ALQ100", 2001: "ALD100"}.get(one.plan.year, "ALQ101")
    return {
        first: where(asked, in_a_year),
        "ALQ110": where(asked & (in_a_year == NO), in_life),
        "ALQ120Q": where(drank, often),
        "ALQ120U": where(drank & drinks_now, unit),
        "ALQ130": where(drank & drinks_now, np.where(lost, _lost_code(one, rng), amount)),
    }


def _by_class(one: People, rng: np.random.Generator) -> dict[str, npt.ArrayLike]:
    n, kind, asked = one.sample.size, one.habits.alcohol, one.habits.alcohol_asked
    lost = asked & ~one.habits.alcohol_known
    drinks_now = kind >= LIGHT
    often, _, amount = choose_answers(CLASSES, kind, one.sample.male, rng)
    often = np.where(drinks_now, often, np.where(lost & (kind == FORMER_DRINKER), _either(77.0, 99.0, n, rng), 0.0))
    ever = np.where(kind == TEETOTAL, np.where(lost, _either(7.0, 9.0, n, rng), NO), YES)
    drank = asked & (kind != TEETOTAL)
    return {
        "ALQ111": where(asked, ever),
        "ALQ121": where(drank, often),
        "ALQ130": where(drank & drinks_now, np.where(lost, _lost_code(one, rng), amount)),
    }
