"""The answers of one data folder, each made once and kept while there is room."""

from __future__ import annotations

import threading
import warnings
from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field, replace
from typing import Any, Generic, TypeVar

import pandas as pd

from cofactor.cohort import load
from cofactor.errors import CofactorWarning
from cofactor.explore.answer import (
    Curves,
    Distributions,
    Interaction,
    People,
    curves_of,
    distributions_of,
    interaction_of,
    people_of,
)
from cofactor.explore.code import DataSource
from cofactor.explore.plan import Grouped, Plan

T = TypeVar("T")

FRAMES, ANSWERS = 4, 48
"""Frames kept (of ten cycles about 20 MB each), and answers and pictures: of some six questions."""


@dataclass(frozen=True)
class Kept(Generic[T]):
    """What was made, by key; the oldest goes when there are more than `most`."""

    most: int
    made: OrderedDict[Hashable, T] = field(default_factory=OrderedDict)

    def get(self, key: Hashable, make: Callable[[], T]) -> T:
        """Return what is kept under a key, making it first where it is not."""
        if key not in self.made:
            self.made[key] = make()
            while len(self.made) > self.most:
                self.made.popitem(last=False)
        self.made.move_to_end(key)
        return self.made[key]


@dataclass(frozen=True)
class Told(Generic[T]):
    """An answer, and the warnings that arose when it was made."""

    answer: T
    warnings: tuple[str, ...]


@dataclass(frozen=True)
class Explorer:
    """Answers plans from one data folder.

    A change of the reference refits the table alone, one of the adjustment both models; people are read again when a
    variable or a cycle comes in. One question is answered at a time: threads would only share the same cores.
    """

    source: DataSource
    frames: Kept[pd.DataFrame] = field(default_factory=lambda: Kept(FRAMES))
    answers: Kept[Any] = field(default_factory=lambda: Kept(ANSWERS))
    lock: threading.RLock = field(default_factory=threading.RLock)

    def people(self, plan: Plan) -> People:
        """Return the people of a plan in their groups; raises as `load` and `people_of`."""
        with self.lock:
            made: People = self.answers.get(("people", *people_key(plan)), lambda: people_of(plan, self._frame(plan)))
            return made

    def distributions(self, plan: Plan) -> Told[Distributions]:
        """Return the distributions of exposure and modifier; raises as `distributions_of`."""
        return self._told(("distributions", *distribution_key(plan)), lambda: distributions_of(plan, self.people(plan)))

    def curves(self, plan: Plan) -> Told[Curves]:
        """Return the curves, whichever groups the table has for reference; raises as `curves_of`."""
        return self._told(("curves", *curve_key(plan)), lambda: curves_of(plan, self.people(plan)))

    def interaction(self, plan: Plan) -> Told[Interaction]:
        """Return the interaction table; raises as `interaction_of`."""
        return self._told(("interaction", *table_key(plan)), lambda: interaction_of(plan, self.people(plan)))

    def kept(self, key: Hashable, make: Callable[[], T]) -> T:
        """Return what is kept under a key, making it first where it is not: a picture, say, made from answers."""
        with self.lock:
            made: T = self.answers.get(key, make)
            return made

    def _frame(self, plan: Plan) -> pd.DataFrame:
        return self.frames.get(
            (frozenset(plan.names), plan.cycles),
            lambda: load(list(plan.names), cycles=plan.cycles, data=self.source.folder),
        )

    def _told(self, key: Hashable, make: Callable[[], T]) -> Told[T]:
        return self.kept(key, lambda: _listened(make))


def _listened(make: Callable[[], T]) -> Told[T]:
    with warnings.catch_warnings(record=True) as heard:
        warnings.simplefilter("always", CofactorWarning)
        answer = make()
    told = [str(one.message) for one in heard if issubclass(one.category, CofactorWarning)]
    return Told(answer, tuple(dict.fromkeys(told)))


def people_key(plan: Plan) -> tuple[Hashable, ...]:
    """Return what the people and their groups depend on: not on outcome, model or reference."""
    return (frozenset(plan.names), plan.cycles, plan.domain, _unordered(plan.exposure), _unordered(plan.modifier))


def distribution_key(plan: Plan) -> tuple[Hashable, ...]:
    """Return what the distributions depend on: not on where the exposure is cut."""
    return people_key(replace(plan, exposure=replace(plan.exposure, cut=None)))


def curve_key(plan: Plan) -> tuple[Hashable, ...]:
    """Return what the curves depend on: not on the reference."""
    return (*people_key(plan), plan.outcome, plan.cause, plan.covariates)


def table_key(plan: Plan) -> tuple[Hashable, ...]:
    """Return what the table depends on: everything."""
    return (*curve_key(plan), plan.exposure.levels, plan.modifier.levels)


def _unordered(one: Grouped) -> Grouped:
    """Return a grouping whichever level is its reference."""
    return replace(one, levels=one.ordered)
