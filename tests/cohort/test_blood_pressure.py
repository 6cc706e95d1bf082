"""Blood pressure and medicines of made-up people, across devices and questionnaires."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from cofactor.cohort import load
from cofactor.cohort.availability import cycles_of, subsamples_of
from cofactor.errors import FileError, NotMeasuredError
from cofactor.loaders.cycles import CYCLES

BEFORE_2021 = CYCLES[:10]
BOTH_DEVICES = {
    "BPX_J": {"BPXSY1": [140, 120, None, None, 120, None], "BPXSY2": [130, None, None, None, 110, None]},
    "BPXO_J": {"BPXOSY1": [126, 118, 119, None, 120, None]},
    "BPXO_L": {"BPXOSY1": [126, 118, 119, None, 120, None], "BPXOSY2": [120, None, 121, None, 110, None]},
}


@pytest.mark.parametrize(
    ("name", "cycles"),
    [
        ("systolic_mmhg", CYCLES),
        ("hypertension", CYCLES),
        ("hypertension_medicine_now", CYCLES),
        ("cholesterol_medicine_now", CYCLES),
        ("pulse_bpm", CYCLES),
        ("pulse_irregular", BEFORE_2021),
        ("systolic_mercury_mmhg", BEFORE_2021),
        ("systolic_oscillometric_mmhg", CYCLES[9:]),
        ("osteoporosis", ("2005-2006", "2007-2008", "2009-2010", "2013-2014", "2017-2018")),
        ("grip_combined_kg", ("2011-2012", "2013-2014")),
        ("aac24_score", ("2013-2014",)),
        ("dsst_score", ("1999-2000", "2001-2002", "2011-2012", "2013-2014")),
    ],
)
def test_cycles(name, cycles):
    assert cycles_of(name) == tuple(cycles)


@pytest.mark.parametrize("name", ["systolic_mmhg", "hypertension", "pulse_bpm"])
@pytest.mark.parametrize("cycle", ["1999-2000", "2017-2018", "2021-2023"])
def test_pressure_takes_the_weight_of_the_examination(name, cycle):
    assert "exam" in subsamples_of(name, cycle)
    assert "phlebotomy" not in subsamples_of(name, cycle)


def test_digit_symbols_of_1999_were_asked_at_home():
    assert subsamples_of("dsst_score", "1999-2000") == {"interview"}
    assert subsamples_of("dsst_score", "2011-2012") == {"exam"}


def test_each_cycle_goes_by_its_device(make_folder):
    data = make_folder("2017-2018", "2021-2023", **BOTH_DEVICES)
    frame = load(["systolic_mmhg"], cycles=["2017-2018", "2021-2023"], data=data, pool_2021=True)
    of_2017, of_2021 = (frame.loc[frame["cycle"] == cycle, "systolic_mmhg"] for cycle in ("2017-2018", "2021-2023"))
    np.testing.assert_array_equal(of_2017, [130, 120, np.nan, np.nan, 110, np.nan])
    np.testing.assert_array_equal(of_2021, [123, 118, 120, np.nan, 115, np.nan])


ASKED_BEFORE = {
    "BPQ020": [1, 1, 1, 2, 9, 1],
    "BPQ040A": [1, 1, 2, None, None, 1],
    "BPQ050A": [1, 2, None, None, None, 9],
}
ASKED_SINCE = {"BPQ020": [1, 1, 1, 2, 9, 1], "BPQ150": [1, 2, 2, None, None, 9]}


@pytest.mark.parametrize(
    ("cycle", "file", "columns"), [("2015-2016", "BPQ_I", ASKED_BEFORE), ("2021-2023", "BPQ_L", ASKED_SINCE)]
)
def test_medicine_is_no_where_the_questions_before_it_say_so(make_folder, cycle, file, columns):
    data = make_folder(cycle, **{file: columns})
    made = load(["hypertension_medicine_now"], cycles=cycle, data=data)["hypertension_medicine_now"]
    expected = pd.Series([True, False, False, False, None, None], dtype="boolean")
    pd.testing.assert_series_equal(made.reset_index(drop=True), expected, check_names=False)


CHECKED_FIRST = {
    "BPQ060": [1, 1, 1, 2, 9, 1],
    "BPQ080": [1, 1, 2, None, None, 9],
    "BPQ090D": [1, 2, None, None, None, None],
    "BPQ100D": [1, None, None, None, None, None],
}
TOLD_FIRST = {
    "BPQ060": [None, None, 1, 2, 9, 1],
    "BPQ080": [1, 1, 2, 2, 2, 9],
    "BPQ090D": [1, 2, 2, None, None, 9],
    "BPQ100D": [1, None, None, None, None, None],
}


@pytest.mark.parametrize(
    ("cycle", "file", "columns"), [("2005-2006", "BPQ_D", CHECKED_FIRST), ("2015-2016", "BPQ_I", TOLD_FIRST)]
)
def test_cholesterol_medicine_is_no_where_the_questions_before_it_say_so(make_folder, cycle, file, columns):
    """Up to 2010 people were asked whether theirs was checked first, since then whether it is high."""
    data = make_folder(cycle, **{file: columns})
    made = load(["cholesterol_medicine_now"], cycles=cycle, data=data)["cholesterol_medicine_now"]
    expected = pd.Series([True, False, False, False, None, None], dtype="boolean")
    pd.testing.assert_series_equal(made.reset_index(drop=True), expected, check_names=False)


def test_a_strange_code_is_refused_with_its_place(make_folder):
    data = make_folder("2015-2016", BPX_I={"BPXPULS": [1, 2, 3, None, None, None]})
    with pytest.raises(FileError, match=r"BPXPULS of BPX_I\.xpt holds codes that the catalogue does not know: 3"):
        load(["pulse_irregular"], cycles="2015-2016", data=data)


def test_bones_of_a_cycle_without_them_name_those_that_have(make_folder):
    with pytest.raises(NotMeasuredError, match=r"osteoporosis is not measured in 2011-2012.*2013-2014"):
        load(["osteoporosis"], cycles="2011-2012", data=make_folder("2011-2012"))
