"""What an exercise is: a question, its answer as a function of the data, and the mistakes that people make.

A mistake is recognised by making it: the number that it leads to is computed from the same data and compared.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import pandas as pd

THREE_DIGITS = 5e-3
"""Relative tolerance: an answer given to three significant digits is as good as one given in full."""


@dataclass(frozen=True)
class Number:
    """An estimate and its standard error; a missing standard error is one that does not matter."""

    estimate: float
    se: float = math.nan

    def matches(self, answer: Number) -> bool:
        """Whether `answer` is this number to three digits.

        >>> Number(293.62, 7.15).matches(Number(294.0, 7.15)), Number(293.62).matches(Number(293.6, 2.0))
        (True, True)
        """
        if not _near(answer.estimate, self.estimate):
            return False
        return math.isnan(self.se) or _near(answer.se, self.se)


def _near(found: float, wanted: float) -> bool:
    return abs(found - wanted) <= THREE_DIGITS * abs(wanted)


@dataclass(frozen=True)
class Mistake:
    """A way to go wrong.

    Attributes
    ----------
    kind : str
    leads_to : function of the data
        The numbers that the mistake gives; None where these data do not allow to make it.
    hints : tuple of str
        From a nudge to what to type, without the number.
    """

    kind: str
    leads_to: Callable[[pd.DataFrame], tuple[Number, ...] | None]
    hints: tuple[str, ...]


@dataclass(frozen=True)
class Exercise:
    """A question with its answer and its mistakes.

    Attributes
    ----------
    name, question : str
    needs : tuple of str
        Columns of the data.
    answer : function of the data
    mistakes : tuple of Mistake
        In the order in which they are tried.
    when_right : str
        What a right answer is told.
    when_lost : tuple of str
        Hints where the estimate is none that is known.
    when_se_is_off : tuple of str
        Hints where only the standard error is wrong, in no way that is known.
    """

    name: str
    question: str
    needs: tuple[str, ...]
    answer: Callable[[pd.DataFrame], Number]
    mistakes: tuple[Mistake, ...]
    when_right: str
    when_lost: tuple[str, ...]
    when_se_is_off: tuple[str, ...]
