"""Comparisons that keep the unknown unknown."""

from __future__ import annotations

import itertools

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cofactor.cohort.logic import (
    above,
    all_of,
    any_of,
    at_least,
    at_most,
    below,
    equals,
    first_known,
    first_true,
    is_level,
    is_true,
    known,
    pick,
)

FLAGS = (True, False, None)
NUMBERS = st.lists(st.one_of(st.none(), st.floats(-100, 100)), min_size=1, max_size=20)


def flag(values: list[bool | None]) -> pd.Series:
    return pd.Series(values, dtype="boolean")


def numbers(values: list[float | None]) -> pd.Series:
    return pd.Series(values, dtype=float)


def plain(column: pd.Series) -> list[object]:
    return [None if pd.isna(value) else value for value in column]


@pytest.mark.parametrize(
    ("compare", "expected"),
    [
        (at_least, [False, True, True, None]),
        (above, [False, False, True, None]),
        (at_most, [True, True, False, None]),
        (below, [True, False, False, None]),
        (equals, [False, True, False, None]),
    ],
)
def test_a_comparison_with_a_missing_value_is_missing(compare, expected):
    assert plain(compare(numbers([1, 2, 3, None]), 2)) == expected


@given(NUMBERS, st.floats(-100, 100))
def test_comparisons_are_missing_exactly_where_the_number_is(values, cut):
    column = numbers(values)
    for compare in (at_least, above, at_most, below, equals):
        assert (compare(column, cut).isna() == column.isna()).all()
    assert (at_least(column, cut) ^ below(column, cut)).dropna().all()


def test_a_cut_may_differ_from_person_to_person():
    assert plain(below(numbers([1, 5, 5]), numbers([2, 2, None]))) == [True, False, None]


def kleene_or(a, b):
    return True if (a is True or b is True) else (None if None in (a, b) else False)


def kleene_and(a, b):
    return False if (a is False or b is False) else (None if None in (a, b) else True)


@pytest.mark.parametrize(("a", "b"), list(itertools.product(FLAGS, FLAGS)))
def test_any_and_all_follow_kleene(a, b):
    assert plain(any_of(flag([a]), flag([b]))) == [kleene_or(a, b)]
    assert plain(all_of(flag([a]), flag([b]))) == [kleene_and(a, b)]


@pytest.mark.parametrize("several", list(itertools.product(FLAGS, repeat=3)))
def test_order_of_the_parts_does_not_matter(several):
    one_way, other = (any_of(*(flag([part]) for part in parts)) for parts in (several, several[::-1]))
    assert plain(one_way) == plain(other)


def test_is_true_takes_unknown_for_no():
    assert plain(is_true(flag([True, False, None]))) == [True, False, False]


def test_known_is_never_missing():
    assert plain(known(numbers([0.0, None]))) == [True, False]


def test_is_level_keeps_missing_categories_missing():
    column = pd.Series(pd.Categorical(["a", "b", None], categories=["a", "b"]))
    assert plain(is_level(column, "a")) == [True, False, None]


def test_is_level_refuses_a_level_that_the_category_lacks():
    with pytest.raises(ValueError, match="c"):
        is_level(pd.Series(pd.Categorical(["a"], categories=["a", "b"])), "c")


def test_pick_takes_numbers_and_columns():
    assert plain(pick(flag([True, False, None]), numbers([1, 2, 3]), -1.0)) == [1.0, -1.0, None]


def test_first_known_skips_missing_and_absent_columns():
    assert plain(first_known(None, numbers([None, 2]), numbers([5, 6]))) == [5.0, 2.0]


def test_first_true_stops_at_the_first_unknown():
    levels = {"a": flag([True, False, None, False]), "b": flag([True, True, True, None])}
    assert plain(first_true(levels)) == ["a", "b", None, None]


def test_first_true_keeps_all_levels_in_order():
    made = first_true({"z": flag([False]), "a": flag([True])})
    assert list(made.cat.categories) == ["z", "a"]
    assert not made.cat.ordered


def test_flags_are_nullable():
    assert at_least(numbers([1.0]), 0).dtype == "boolean"
    assert np.asarray(known(numbers([1.0]))).dtype == bool
