"""A raw column against its lines of the codebook."""

from __future__ import annotations

import pandas as pd
import pytest

from cofactor.errors import FileError
from cofactor.loaders.code_comparison import CountDifference, count_differences
from cofactor.loaders.codes import CodeCount
from cofactor.loaders.disagreements import DISAGREEMENTS, known_disagreements


def code(value: float, count: int) -> CodeCount:
    return CodeCount("code", float(value), float(value), "", count)


def span(low: float, high: float, count: int) -> CodeCount:
    return CodeCount("range", float(low), float(high), "", count)


def missing(count: int) -> CodeCount:
    return CodeCount("missing", None, None, "", count)


def text(value: str, count: int) -> CodeCount:
    return CodeCount("text", None, None, value, count)


def other(count: int) -> CodeCount:
    return CodeCount("recorded", None, None, "", count)


AGREES = {
    "single codes": ([1, 1, 2, None], [code(1, 2), code(2, 1), missing(1)]),
    "a code inside a range is the code's alone": ([0, 5, 5, 77], [span(0, 80, 2), code(0, 1), code(77, 1), missing(0)]),
    "the order of lines does not matter": ([0, 5], [code(0, 1), span(0, 80, 1)]),
    "both ends of a range count": ([0.5, 84.5], [span(0.5, 84.5, 2)]),
    "an end printed with fewer digits": ([100.12345678], [span(1, 100.12346, 1)]),
    "two ranges": ([1, 2, 11], [span(0, 9, 2), span(10, 19, 1)]),
    "a code that nobody has": ([1], [code(1, 1), code(2, 0), missing(0)]),
    "texts": (["A", "NIACIN", "7777", None], [other(1), text("A", 1), text("7777", 1), missing(1)]),
    "a column that is empty": ([None, None], [code(1, 0), missing(2)]),
}


@pytest.mark.parametrize("case", AGREES)
def test_agrees(case):
    values, lines = AGREES[case]
    assert count_differences(pd.Series(values, dtype=_dtype(values)), lines) == ()


DIFFERS = {
    "one row more of a code": ([1, 1], [code(1, 1)], [CountDifference("1", 1, 2)]),
    "one row fewer in a range": ([1], [span(0, 9, 2)], [CountDifference("0-9", 2, 1)]),
    "a missing one more": ([None], [missing(0)], [CountDifference("missing", 0, 1)]),
    "missing that the page does not count": ([None, 1], [code(1, 1)], [CountDifference("missing", None, 1)]),
    "a value that the page lacks": ([1, 9, 9], [code(1, 1)], [CountDifference("9", None, 2)]),
    "a value outside the range": ([5, 500], [span(0, 9, 1)], [CountDifference("500", None, 1)]),
    "a text that the page lacks": (["A", "B"], [text("A", 1)], [CountDifference("B", None, 1)]),
    "a swap of two codes": (
        [1, 2, 2],
        [code(1, 2), code(2, 1)],
        [CountDifference("1", 2, 1), CountDifference("2", 1, 2)],
    ),
}


@pytest.mark.parametrize("case", DIFFERS)
def test_differs(case):
    values, lines, expected = DIFFERS[case]
    assert count_differences(pd.Series(values, dtype=_dtype(values)), lines) == tuple(expected)


def test_many_strange_values_are_counted_together():
    found = count_differences(pd.Series([1.0, 1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0]), [])
    assert found[0] == CountDifference("1", None, 2)
    assert found[-1] == CountDifference("2 other values", None, 2)


def test_known_disagreements_are_read_as_written(tmp_path):
    lines = "file,column,code,published,found,reason\nA.xpt,X,7,1,2,Why.\nA.xpt,X,9,,3,How.\nB.xpt,Y,,,,No page.\n"
    (tmp_path / DISAGREEMENTS).write_text(lines, encoding="utf-8")
    known = known_disagreements(tmp_path)
    assert known.reasons == {
        ("A.xpt", "X", CountDifference("7", 1, 2)): "Why.",
        ("A.xpt", "X", CountDifference("9", None, 3)): "How.",
    }
    assert known.uncounted == {("B.xpt", "Y"): "No page."}


def test_damaged_known_disagreements_are_refused(tmp_path):
    (tmp_path / DISAGREEMENTS).write_text("file,column,code,published,found,reason\nA,X,7,one,2,Why.\n")
    with pytest.raises(FileError, match="reinstall cofactor"):
        known_disagreements(tmp_path)


def test_every_known_disagreement_has_a_reason():
    known = known_disagreements()
    assert all(known.reasons.values())
    assert all(known.uncounted.values())


def _dtype(values: list[object]) -> str:
    return "str" if any(isinstance(value, str) for value in values) else "float64"
