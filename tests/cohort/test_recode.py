"""Raw columns into values."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from cofactor.cohort.measured import Recode, Source
from cofactor.cohort.recode import collapse_rows, recode_numbers, recode_outcomes
from cofactor.errors import FileError

NAN = float("nan")


def raw(*values: float) -> np.ndarray:
    return np.array(values, dtype=float)


@pytest.mark.parametrize(
    ("recode", "given", "expected"),
    [
        (Recode(), raw(0, 1.5, NAN), raw(0, 1.5, NAN)),
        (Recode(missing=((77, 77), (99, 99))), raw(30, 77, 99), raw(30, NAN, NAN)),
        (Recode(top=80.0), raw(79, 80, 85), raw(79, 80, 80)),
        (Recode(zero=0.5), raw(0, 1, NAN), raw(0.5, 1, NAN)),
        (Recode(scale=10.0), raw(0.3), raw(3)),
        (Recode(values=((0, 0), (1, 364)), missing=((77, 77),)), raw(0, 1, 77, NAN), raw(0, 364, NAN, NAN)),
    ],
)
def test_numbers(recode, given, expected):
    before = given.copy()
    np.testing.assert_array_equal(recode_numbers(given, recode, "x"), expected)
    np.testing.assert_array_equal(given, before)


def test_outcomes_get_the_number_of_their_level():
    recode = Recode(missing=((9, 9),), outcomes=(("low", ((1, 2),)), ("high", ((3, 3),))))
    assert recode_outcomes(raw(1, 2, 3, 9, NAN), recode, "x").tolist() == [0, 0, 1, -1, -1]


def test_a_code_that_nobody_explains_is_refused():
    recode = Recode(missing=((9, 9),), outcomes=(("no", ((2, 2),)), ("yes", ((1, 1),))))
    with pytest.raises(FileError, match=r"DIQ010 of DIQ_D\.xpt holds codes .* 4 \(2 rows\)"):
        recode_outcomes(raw(1, 4, 4), recode, "DIQ010 of DIQ_D.xpt")


def test_a_class_without_a_value_is_refused():
    with pytest.raises(FileError, match=r"ALQ121 .* 11 \(1 rows\)"):
        recode_numbers(raw(0, 11), Recode(values=((0, 0),)), "ALQ121 of ALQ_J.xpt")


def collapsing(rows: str, *columns: str) -> Source:
    return Source(("2001-2002",), "interview", "X", columns, Recode(missing=((7777, 7777),)), rows=rows)  # type: ignore[arg-type]  # text from the parameters


def test_sum_of_products_over_a_persons_rows():
    frame = pd.DataFrame({"SEQN": [1, 1, 2], "A": [2.0, 3.0, 4.0], "B": [10.0, 10.0, NAN]})
    made = collapse_rows(frame, collapsing("sum of products", "A", "B"))
    assert made.loc[1] == 50.0
    assert np.isnan(made.loc[2])


def test_any_missing_over_a_persons_rows():
    frame = pd.DataFrame({"SEQN": [1, 1, 2, 3], "A": [2.0, NAN, 4.0, 1.0], "B": [1.0, 1.0, 1.0, 7777.0]})
    assert collapse_rows(frame, collapsing("any missing", "A", "B")).to_dict() == {1: 1.0, 2: 0.0, 3: 1.0}
