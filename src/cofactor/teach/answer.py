"""What is answered: numbers, or a choice; and how what a student gives becomes one."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from cofactor.errors import StudyError
from cofactor.survey import Estimate

THREE_DIGITS = 5e-3
"""Relative tolerance: an answer given to three significant digits is as good as one given in full."""


@dataclass(frozen=True)
class Answer:
    """Numbers in the order in which they are asked for, or the letter of a choice.

    Attributes
    ----------
    values : tuple of float
        A missing value is one that does not matter.
    choice : str
        A small letter; "" where numbers are asked for.
    """

    values: tuple[float, ...] = ()
    choice: str = ""

    def matches(self, given: Answer, *, relative: float = THREE_DIGITS, within: float = 0.0) -> bool:
        """Whether `given` is this answer: each number to a relative tolerance, or to an absolute one if that is wider.

        >>> numbers(293.62, 7.15).matches(numbers(294.0, 7.15)), numbers(293.62).matches(numbers(290.1))
        (True, False)
        >>> numbers(0.012).matches(numbers(0.01), within=0.005), choice("a").matches(choice("b"))
        (True, False)
        """
        return self.choice == given.choice and not self.parts_off(given, relative=relative, within=within)

    def parts_off(self, given: Answer, *, relative: float = THREE_DIGITS, within: float = 0.0) -> tuple[int, ...]:
        """Return the positions of the numbers of `given` that are not this answer's."""
        pairs = zip(self.values, given.values, strict=True) if self.values and given.values else ()
        return tuple(
            i
            for i, (wanted, found) in enumerate(pairs)
            if not math.isnan(wanted) and not abs(found - wanted) <= max(relative * abs(wanted), within)
        )


def numbers(*values: float) -> Answer:
    """Return an answer of numbers; NaN for one that does not matter."""
    return Answer(values=tuple(float(value) for value in values))


def choice(letter: str) -> Answer:
    """Return an answer that is a choice."""
    return Answer(choice=letter)


def of_estimate(found: Estimate) -> Answer:
    """Return the value and the standard error of an estimate of one row."""
    (value,), (se,) = found.values, found.se
    return numbers(value, se)


def read_numbers(given: Any, asks: tuple[str, ...]) -> Answer:
    """Return what a student gave as numbers: an estimate of one row, a number, or several in order.

    Raises
    ------
    StudyError
        Something else, another count of numbers, or one that is not finite.

    Examples
    --------
    >>> read_numbers((293.6, 7.1), ("mean", "standard error")).values
    (293.6, 7.1)
    >>> read_numbers("293 mg", ("mean",))
    Traceback (most recent call last):
    cofactor.errors.StudyError: this exercise asks for one number (mean); '293 mg' is not that
    """
    wanted = f"one number ({asks[0]})" if len(asks) == 1 else f"{len(asks)} numbers ({'; '.join(asks)})"
    try:
        found = _floats(given, takes_estimate=asks[1:] == ("standard error",))
    except (TypeError, ValueError) as error:
        raise StudyError(f"this exercise asks for {wanted}; {str(given)[:80]!r} is not that") from error
    if len(found) != len(asks) or not all(map(math.isfinite, found)):
        raise StudyError(f"this exercise asks for {wanted}; {str(given)[:80]!r} is not that")
    return numbers(*found)


def _floats(given: Any, *, takes_estimate: bool) -> tuple[float, ...]:
    if isinstance(given, Estimate):
        if not takes_estimate or given.log_scale:
            raise TypeError("an estimate with its standard error is not what is asked for")
        return of_estimate(given).values
    if isinstance(given, str | bytes | bool):
        raise TypeError("text is no number")
    if isinstance(given, Iterable):
        return tuple(float(one) for one in given)
    return (float(given),)


def read_choice(given: Any, letters: Iterable[str]) -> Answer:
    """Return what a student chose; capital letters, brackets and a full stop are forgiven.

    Raises
    ------
    StudyError
        No letter of the choice.

    Examples
    --------
    >>> read_choice(" (B) ", "abc").choice
    'b'
    """
    known = tuple(letters)
    letter = str(given).strip().strip("().").lower()
    if letter not in known:
        raise StudyError(f"this exercise asks for one of the letters {', '.join(known)}; got {str(given)[:40]!r}")
    return choice(letter)
