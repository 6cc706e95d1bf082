import hashlib

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cofactor.loaders.fingerprint import differences, fingerprint
from cofactor.loaders.transport import read_transport


@pytest.fixture
def frame():
    rng = np.random.default_rng(5)
    weight = rng.uniform(0, 2e5, 5000) / 3
    weight[::7] = np.nan
    return pd.DataFrame(
        {
            "SEQN": np.arange(1.0, 5001),
            "WEIGHT": weight,
            "CODE": rng.integers(1, 6, 5000).astype(float),
            "LOSS": rng.normal(0, 1, 5000),
            "NAME": rng.choice(["", "Ménière", "magnesium", "zinc"], 5000),
            "NOTHING": np.full(5000, np.nan),
        }
    )


def told(found):
    return {(one.column, one.figure) for one in found}


def test_figures_of_numbers_are_those_of_brute_force():
    [one] = fingerprint(pd.DataFrame({"A": [3.0, np.nan, -1.0, 0.0]}))
    weights = [(i * 0.6180339887498949) % 1 for i in (1, 2, 3, 4)]
    assert (one.type, one.present, one.missing) == ("number", 3, 1)
    assert (one.sum, one.minimum, one.maximum, one.absolute_sum) == (2.0, -1.0, 3.0, 4.0)
    assert one.position_sum == pytest.approx(3 * weights[0] - weights[2], rel=1e-15)


def test_figures_of_text_are_those_of_brute_force():
    [one] = fingerprint(pd.DataFrame({"A": ["b  ", "", "a", "b"]}))
    weights = [(i * 0.6180339887498949) % 1 for i in (1, 2, 3, 4)]
    assert (one.type, one.present, one.missing, one.minimum, one.maximum) == ("text", 3, 1, None, None)
    assert one.sum == 2.0  # ranks: a 0, b 1
    assert one.position_sum == pytest.approx(weights[0] + weights[3], rel=1e-15)
    assert one.text_hash == hashlib.sha256(b"a\x001\x00b\x002").hexdigest()


@pytest.mark.parametrize("nothing", [[np.nan, np.nan], ["", "  "], [None, None]])
def test_a_column_without_values_is_empty_whatever_its_container_says(nothing):
    [one] = fingerprint(pd.DataFrame({"A": nothing}))
    assert (one.type, one.present, one.missing, one.sum) == ("empty", 0, 2, None)


def rebuilt(frame, path, xpt):
    """Through fifteen decimal digits, wider text and another order of columns."""
    numbers = {c: [float(f"{x:.15g}") for x in frame[c]] for c in ("SEQN", "WEIGHT", "CODE", "LOSS")}
    other = frame.assign(**numbers, NAME=frame["NAME"] + "      ", NOTHING="")
    return read_transport(xpt(other[list(frame.columns)[::-1]], path)).frame


def test_the_same_content_in_another_container_has_the_same_fingerprint(frame, tmp_path, xpt):
    other = rebuilt(frame, tmp_path / "A.xpt", xpt)
    assert not np.array_equal(other["WEIGHT"], frame["WEIGHT"], equal_nan=True)  # some last bits did change
    assert differences(fingerprint(other), fingerprint(frame)) == []


def exchanged(frame, column, i, j):
    values = frame[column].to_numpy(copy=True)
    values[i], values[j] = values[j], values[i]
    return frame.assign(**{column: values})


def at(frame, column, row, value):
    values = frame[column].to_numpy(copy=True)
    values[row] = value
    return frame.assign(**{column: values})


CHANGES = {
    "a code changes": (lambda f: at(f, "CODE", 17, f["CODE"][17] + 1), "CODE"),
    "a value goes missing": (lambda f: at(f, "WEIGHT", 1, np.nan), "WEIGHT"),
    "a zero becomes missing": (lambda f: at(at(f, "CODE", 3, 0.0), "CODE", 3, np.nan), "CODE"),
    "neighbours change places": (lambda f: exchanged(f, "WEIGHT", 100, 101), "WEIGHT"),
    "two far apart change places": (lambda f: exchanged(f, "LOSS", 3, 4990), "LOSS"),
    "texts change places": (lambda f: exchanged(f, "NAME", *_two_texts(f)), "NAME"),
    "a text changes its case": (lambda f: f.assign(NAME=f["NAME"].replace("zinc", "Zinc")), "NAME"),
    "a text moves from one person to another value": (lambda f: at(f, "NAME", _zinc(f), "magnesium"), "NAME"),
    "numbers become text": (lambda f: f.assign(CODE=f["CODE"].astype(int).astype(str)), "CODE"),
    "an empty column gets a value": (lambda f: at(f, "NOTHING", 5, 1.0), "NOTHING"),
    "two errors of opposite sign": (
        lambda f: at(at(f, "LOSS", 1, f["LOSS"][1] + 50), "LOSS", 2, f["LOSS"][2] - 50),
        "LOSS",
    ),
}


def _two_texts(frame):
    names = frame["NAME"].to_numpy()
    return int(np.flatnonzero(names == "zinc")[0]), int(np.flatnonzero(names == "magnesium")[0])


def _zinc(frame):
    return int(np.flatnonzero(frame["NAME"].to_numpy() == "zinc")[0])


@pytest.mark.parametrize("what", CHANGES)
def test_a_change_is_found_in_its_column_and_nowhere_else(frame, what):
    change, column = CHANGES[what]
    found = differences(fingerprint(change(frame)), fingerprint(frame))
    assert {one.column for one in found} == {column}


def test_missing_and_unexpected_columns_and_rows_are_told(frame):
    other = frame.drop(columns="CODE").assign(EXTRA=1.0)
    assert told(differences(fingerprint(other), fingerprint(frame))) == {("CODE", "column"), ("EXTRA", "column")}
    shorter = differences(fingerprint(frame.iloc[:-1]), fingerprint(frame))
    assert ("SEQN", "present") in told(shorter)


def test_a_difference_tells_both_figures(frame):
    changed = at(frame, "CODE", 0, 99.0)
    [highest] = [d for d in differences(fingerprint(changed), fingerprint(frame)) if d.figure == "maximum"]
    assert str(highest) == "CODE maximum: found 99, expected 5"


@settings(max_examples=60, deadline=None)
@given(
    values=st.lists(st.one_of(st.none(), st.floats(-1e9, 1e9)), min_size=2, max_size=40),
    where=st.tuples(st.integers(0, 39), st.integers(0, 39)),
)
def test_an_exchange_of_unequal_values_is_always_found(values, where):
    numbers = np.array([np.nan if v is None else v for v in values])
    i, j = where[0] % len(values), where[1] % len(values)
    other = numbers.copy()
    other[[i, j]] = other[[j, i]]
    same = np.array_equal(numbers, other, equal_nan=True)
    found = differences(fingerprint(pd.DataFrame({"A": other})), fingerprint(pd.DataFrame({"A": numbers})))
    scale = np.nansum(np.abs(numbers))
    gap = abs(numbers[i] - numbers[j])
    if same:
        assert not found
    elif (np.isnan(gap) and np.nansum(np.abs(numbers[[i, j]])) > 1e-6 * scale) or gap > 1e-6 * scale:
        assert found
