"""What an exercise is: a question, data of a seed, the answer as a function of the data, and mistakes that people make.

A mistake is recognised by making it: the answer that it leads to is computed from the same data and compared.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import pandas as pd

from cofactor.teach.answer import THREE_DIGITS, Answer, read_choice, read_numbers

Ladder = tuple[str, ...]
"""Hints, from a nudge to what to type; none of them tells the answer."""


@dataclass(frozen=True)
class Mistake:
    """A way to go wrong.

    Attributes
    ----------
    kind : str
        What a teacher reads in the grades: two to four words.
    leads_to : function of the data
        The answers that the mistake gives; None where these data do not allow to make it. A missing value (NaN) in an
        answer matches any number.
    hints : tuple of str
        From a nudge to what to type, without the answer.
    """

    kind: str
    leads_to: Callable[[pd.DataFrame], tuple[Answer, ...] | None]
    hints: Ladder


@dataclass(frozen=True)
class Exercise:
    """A question with its data, its answer and its mistakes.

    Attributes
    ----------
    name : str
        Number of the notebook, a full stop, and number in it: "05.2".
    title : str
        A few words, for lists.
    question : str
        What is asked, with units.
    asks : tuple of str
        The numbers that make the answer, in order; empty where a choice is asked for. ``("mean", "standard error")``
        accepts an `Estimate` of one row too.
    choices : mapping of str to str
        Small letters and what they stand for.
    data : function of a seed
        The data of a student: synthetic, with a known truth that may depend on the seed.
    needs : tuple of str
        Columns of the data that the answer is made of.
    answer : function of the data
    mistakes : tuple of Mistake
        In the order in which they are tried.
    when_right : str
        What a right answer is told.
    when_lost : tuple of str
        Hints where no mistake is recognised.
    when_partly : tuple of str
        Hints where some of the numbers are right and others are not, in no way that is known.
    relative, within : float
        Tolerances of each number: relative, and absolute (for what may be near zero); the wider one holds.
    truth : function of a seed, optional
        A sentence that says what was planted; told after a right answer.
    """

    name: str
    title: str
    question: str
    data: Callable[[int], pd.DataFrame]
    needs: tuple[str, ...]
    answer: Callable[[pd.DataFrame], Answer]
    mistakes: tuple[Mistake, ...]
    when_right: str
    when_lost: Ladder
    asks: tuple[str, ...] = ()
    choices: Mapping[str, str] = field(default_factory=dict)
    when_partly: Ladder = ()
    relative: float = THREE_DIGITS
    within: float = 0.0
    truth: Callable[[int], str] | None = None

    @property
    def full_question(self) -> str:
        """The question, and the choices on lines of their own."""
        return "\n".join([self.question, *(f"  ({letter}) {text}" for letter, text in self.choices.items())])

    def read(self, given: Any) -> Answer:
        """Return what a student gave as an answer; StudyError where it is none."""
        return read_choice(given, self.choices) if self.choices else read_numbers(given, self.asks)

    def same(self, wanted: Answer, given: Answer) -> bool:
        """Whether `given` is `wanted` within the tolerances."""
        return wanted.matches(given, relative=self.relative, within=self.within)

    def parts_off(self, wanted: Answer, given: Answer) -> tuple[str, ...]:
        """Return the names of the numbers of `given` that are not those wanted."""
        off = wanted.parts_off(given, relative=self.relative, within=self.within)
        return tuple(self.asks[i] for i in off)

    def is_partly(self, off: tuple[str, ...]) -> bool:
        """Whether the other numbers are worth something: a standard error alone is worth nothing."""
        needed = self.asks[:1] if self.asks[1:] == ("standard error",) else ()
        return 0 < len(off) < len(self.asks) and not set(needed) & set(off)
