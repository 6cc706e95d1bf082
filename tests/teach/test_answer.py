"""What a student gives becomes an answer, or is told what it should be."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest

from cofactor import StudyError
from cofactor.teach.answer import Answer, numbers, read_choice, read_numbers


@pytest.mark.parametrize(
    ("given", "values"),
    [
        (0.8, (0.8,)),
        (np.float64(0.8), (0.8,)),
        ([0.8], (0.8,)),
        (pd.Series([0.8], index=["b"]), (0.8,)),
        (np.array([3]), (3.0,)),
    ],
)
def test_a_number_comes_in_many_shapes(given: object, values: tuple[float, ...]) -> None:
    assert read_numbers(given, ("ratio",)).values == values


@pytest.mark.parametrize("given", ["0.8", True, None, (0.8, 0.9), (), math.nan, [math.inf], {"a": 1}, ["x"]])
def test_what_is_no_number_is_told_what_is_asked(given: object) -> None:
    with pytest.raises(StudyError, match=r"asks for one number \(ratio\)"):
        read_numbers(given, ("ratio",))


def test_a_choice_forgives_brackets_and_capitals_and_nothing_more() -> None:
    assert read_choice(" (B). ", "abc").choice == "b"
    for given in ("d", "", "ab", 2, None):
        with pytest.raises(StudyError, match="one of the letters a, b, c"):
            read_choice(given, "abc")


@pytest.mark.parametrize(
    ("wanted", "found", "relative", "within", "same"),
    [
        (100.0, 100.5, 5e-3, 0.0, True),
        (100.0, 100.6, 5e-3, 0.0, False),
        (-0.002, 0.002, 5e-3, 0.005, True),
        (1234.0, 1235.0, 0.0, 0.0, False),
        (math.nan, 17.0, 0.0, 0.0, True),
    ],
)
def test_tolerance_is_the_wider_of_both(
    wanted: float, found: float, relative: float, within: float, same: bool
) -> None:
    assert numbers(wanted).matches(numbers(found), relative=relative, within=within) is same


def test_numbers_off_are_named_by_position() -> None:
    assert numbers(1.0, 2.0, 3.0).parts_off(numbers(1.0, 9.0, 3.0)) == (1,)
    assert Answer(choice="a").parts_off(Answer(choice="b")) == ()
