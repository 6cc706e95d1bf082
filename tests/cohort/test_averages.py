"""Means of repeated readings, against plain loops over people."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cofactor.cohort.averages import (
    largest_known,
    mean_above_zero,
    mean_after_first,
    mean_after_first_above_zero,
    mean_of_known,
)

READING = st.one_of(st.none(), st.integers(0, 250).map(float))
PEOPLE = st.lists(st.lists(READING, min_size=4, max_size=4), min_size=1, max_size=6)


def known(row):
    return [value for value in row if value is not None]


def mean(values):
    return sum(values) / len(values) if values else None


def after_first(row):
    there = known(row)
    return mean(there[1:] or there)


def after_first_above_zero(row):
    there = known(row)
    return mean([v for v in there[1:] if v > 0] or [v for v in there if v > 0] or there)


RULES = [
    (mean_of_known, lambda row: mean(known(row))),
    (mean_after_first, after_first),
    (mean_after_first_above_zero, after_first_above_zero),
    (mean_above_zero, lambda row: mean([v for v in known(row) if v > 0])),
    (largest_known, lambda row: max(known(row), default=None)),
]


@pytest.mark.parametrize(("rule", "plain"), RULES, ids=[rule.__name__ for rule, _ in RULES])
@given(people=PEOPLE)
def test_is_what_a_loop_over_people_gives(rule, plain, people):
    columns = [pd.Series([row[i] for row in people], dtype=float) for i in range(4)]
    expected = [np.nan if (value := plain(row)) is None else value for row in people]
    np.testing.assert_allclose(rule(columns), expected, rtol=1e-12)


def test_keeps_the_index():
    columns = [pd.Series([1.0, 2.0], index=[7, 9])] * 2
    assert all(rule(columns).index.tolist() == [7, 9] for rule, _ in RULES)
