"""Which weight fits the variables, and how it is scaled to the pool of cycles.

The smallest subsample that any variable rests on decides. A two-year weight is divided by the number of cycles pooled;
where 1999-2000 and 2001-2002 are both in, their four-year weight stands for the two and counts twice.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from types import MappingProxyType

from cofactor.cohort.availability import is_measured, subsamples_of
from cofactor.errors import DesignError, UnknownVariableError

FOUR_YEARS = ("1999-2000", "2001-2002")
APART = "2021-2023"
"""Not pooled with earlier cycles without a word, and the one with a weight of its own for blood."""


@dataclass(frozen=True)
class Subsample:
    """Whom a source asked or measured: its weight, its four-year weight, and how small it is (larger rank, smaller).

    within : the subsample that stands for it in cycles that have no weight of its own (blood draws before 2021).
    """

    name: str
    words: str
    rank: int
    weight: str
    four_years: str | None = None
    within: str | None = None


SUBSAMPLES = {
    part.name: part
    for part in (
        Subsample("interview", "everybody interviewed", 0, "weight_interview", "weight_interview_4_years"),
        Subsample("exam", "people examined", 1, "weight_exam", "weight_exam_4_years"),
        Subsample("phlebotomy", "people whose blood was drawn", 2, "weight_phlebotomy", None, "exam"),
        Subsample("diet_day1", "people with a first dietary recall", 3, "weight_diet_day1", "weight_diet_day1_4_years"),
        Subsample("diet_both_days", "people with two dietary recalls", 4, "weight_diet_both_days"),
        Subsample("fasting", "the fasting morning subsample", 5, "weight_fasting", "weight_fasting_4_years"),
        Subsample("subsample_a", "laboratory subsample A", 5, "weight_subsample_a"),
    )
}


@dataclass(frozen=True)
class WeightChoice:
    """The weight of an analysis.

    name : the catalogue's name of the weight. columns : cycle -> the weight variable taken in it (two years or four).
    scale : cycle -> what that weight is multiplied with. reason : why, in words. variables : those that decided.
    """

    name: str
    columns: MappingProxyType[str, str]
    scale: MappingProxyType[str, float]
    reason: str
    variables: tuple[str, ...]


def smallest(subsamples: frozenset[str]) -> str:
    """Return the smallest of some subsamples; everybody interviewed where there are none.

    >>> smallest(frozenset({"exam", "diet_day1", "interview"}))
    'diet_day1'
    """
    return max(subsamples, key=lambda name: (SUBSAMPLES[name].rank, name), default="interview")


def choose_weight(variables: Sequence[str], cycles: tuple[str, ...]) -> WeightChoice:
    """Return the weight that fits the smallest subsample which any of the variables rests on.

    Parameters
    ----------
    variables : names of the catalogue. cycles : the cycles pooled, in order.

    Raises
    ------
    DesignError
        Fasting measures together with subsample A (no weight fits both), or a cycle without the weight.

    Examples
    --------
    >>> choice = choose_weight(["age_years", "magnesium_diet_mg"], ("2005-2006", "2007-2008"))
    >>> choice.name, choice.scale["2005-2006"]
    ('weight_diet_day1', 0.5)
    """
    users = _users(variables, cycles)
    _refuse_fasting_with_a(users)
    decided = SUBSAMPLES[smallest(frozenset(users))]
    by = tuple(dict.fromkeys(users.get(decided.name, ())))
    why = f"the smallest subsample used is {decided.words}{_named(by)}"
    if decided.rank == SUBSAMPLES["fasting"].rank and {"diet_day1", "diet_both_days"} & set(users):
        why += "; dietary variables are used within it, with its weight"
    return _choice(decided, cycles, why, by)


def given_weight(name: str, cycles: tuple[str, ...]) -> WeightChoice:
    """Return the weight that the caller names, scaled to the pool as a chosen one would be.

    Raises
    ------
    UnknownVariableError
        A name that is no weight of the catalogue.
    """
    by_weight = {part.weight: part for part in SUBSAMPLES.values()}
    if name not in by_weight:
        raise UnknownVariableError.suggest(name, by_weight, "weight=")
    return _choice(by_weight[name], cycles, "the caller asked for it", ())


def weight_column(subsample: str, cycle: str) -> str | None:
    """Return the two-year weight variable of a subsample in a cycle, or None where it has none."""
    part = SUBSAMPLES[subsample]
    if is_measured(part.weight, cycle):
        return part.weight
    return weight_column(part.within, cycle) if part.within else None


def _users(variables: Sequence[str], cycles: tuple[str, ...]) -> dict[str, list[str]]:
    """Subsample -> the variables that rest on it in any of the cycles."""
    users: dict[str, list[str]] = {}
    for cycle in cycles:
        for name in variables:
            for subsample in subsamples_of(name, cycle):
                users.setdefault(subsample, []).append(name)
    return users


def _refuse_fasting_with_a(users: dict[str, list[str]]) -> None:
    if "fasting" in users and "subsample_a" in users:
        fasting, thirds = (", ".join(dict.fromkeys(users[part])) for part in ("fasting", "subsample_a"))
        raise DesignError(
            f"{fasting} (fasting subsample) and {thirds} (subsample A) have no common weight; leave one kind out, "
            "or load without a weight (weight=None)"
        )


def _choice(part: Subsample, cycles: tuple[str, ...], why: str, by: tuple[str, ...]) -> WeightChoice:
    columns = {cycle: _column(part, cycle) for cycle in cycles}
    scale = dict.fromkeys(cycles, 1 / len(cycles))
    together = part.four_years is not None and set(FOUR_YEARS) <= set(cycles)
    if together and part.four_years:
        columns |= dict.fromkeys(FOUR_YEARS, part.four_years)
        scale |= dict.fromkeys(FOUR_YEARS, 2 / len(cycles))
    reason = f"{part.weight}: {why}{_pooled(len(cycles), together)}"
    if APART in cycles and len(cycles) > 1:
        reason += f"; {APART} is pooled with earlier cycles: another frame, lower response, recalls by telephone"
    return WeightChoice(part.weight, MappingProxyType(columns), MappingProxyType(scale), reason, by)


def _column(part: Subsample, cycle: str) -> str:
    column = weight_column(part.name, cycle)
    if column is None:
        raise DesignError(
            f"{cycle} has no {part.weight} ({part.words}); "
            "leave the cycle out, name another weight, or load with weight=None"
        )
    return column


def _pooled(n: int, together: bool) -> str:
    if n == 1:
        return ""
    if together:
        return f"; {n} two-year cycles pooled: four-year weights of 1999-2002 × 2/{n}, the others / {n}"
    return f"; {n} two-year cycles pooled: each weight / {n}"


def _named(by: tuple[str, ...], most: int = 4) -> str:
    if not by:
        return ""
    more = f" and {len(by) - most} more" if len(by) > most else ""
    return f" ({', '.join(by[:most])}{more})"
