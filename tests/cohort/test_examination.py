"""Examination measures of the real files: CDC's own averages, statuses and counts."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from cofactor.cohort import load

pytestmark = pytest.mark.real_data

BONES = "2005-2006", "2007-2008", "2009-2010", "2013-2014", "2017-2018"


@pytest.mark.parametrize("part", ["systolic", "diastolic"])
def test_mean_pressure_is_what_cdc_told_the_people(real, part):
    """BPXSAR and BPXDAR, every cell of 1999-2002, to the last digit; nobody has the one without the other."""
    ours, released = f"{part}_mmhg", f"{part}_released_mmhg"
    frame = load([ours, released], cycles="1999-2002", data=real)
    assert frame[released].notna().sum() == 7215 + 7837
    pd.testing.assert_series_equal(frame[ours].round().rename("mean"), frame[released].rename("mean"))


@pytest.mark.parametrize(
    ("column", "ours", "differ"), [("BPXSAR", "systolic_mmhg", 0), ("BPXDAR", "diastolic_mmhg", 4)]
)
def test_mean_pressure_is_what_the_file_of_2003_has_beside_its_codebook(real, column, ours, differ):
    """These columns of 2003-2004 are on no page. Five people have an average of 0 without a reading, one has readings
    without an average; and of six whose diastolic readings after the first are all 0, four have 0 (two have the first,
    as everybody in 1999-2002)."""
    table = real.columns("BPX_C.xpt", [column]).set_index("SEQN")[column]
    frame = load([ours], cycles="2003-2004", data=real)[ours]
    both = pd.concat([table, frame], axis=1).dropna()
    assert len(both) == 7213
    other = both[both[ours] != both[column]]
    assert (len(other), other[column].sum()) == (differ, 0)
    assert (table.notna().sum(), (table == 0).sum() >= 5) == (7218, True)


def test_pressure_of_2017_is_mercury_and_the_other_device_stands_beside(real):
    names = ["systolic_mmhg", "systolic_mercury_mmhg", "systolic_oscillometric_mmhg", "blood_pressure_device"]
    frame = load(names, cycles="2017-2018", data=real)
    assert (frame["blood_pressure_device"] == "mercury sphygmomanometer").all()
    pd.testing.assert_series_equal(frame["systolic_mmhg"], frame["systolic_mercury_mmhg"], check_names=False)
    both = frame.dropna(subset=["systolic_mmhg", "systolic_oscillometric_mmhg"])
    assert 5000 < len(both) < 6400
    assert (both["systolic_oscillometric_mmhg"] - both["systolic_mmhg"]).mean() == pytest.approx(-1.1, abs=0.05)


def test_pressure_of_2021_is_oscillometric(real):
    frame = load(["systolic_mmhg", "systolic_oscillometric_mmhg", "pulse_bpm"], cycles="2021-2023", data=real)
    pd.testing.assert_series_equal(frame["systolic_mmhg"], frame["systolic_oscillometric_mmhg"], check_names=False)
    assert frame["pulse_bpm"].notna().sum() > 7000


def test_medicine_is_known_wherever_the_skips_answer_it(real):
    names = ["hypertension_medicine_now", "hypertension_diagnosed", "cholesterol_medicine_now", "age_years"]
    frame = load(names, cycles="1999-2018", data=real)
    adults = frame[frame["age_years"] >= 20]
    missing = adults.isna().groupby(adults["cycle"], observed=True).mean()
    assert (missing["hypertension_medicine_now"] < 0.02).all()
    assert (missing["cholesterol_medicine_now"] < 0.07).all()
    assert not (frame["hypertension_medicine_now"] & ~frame["hypertension_diagnosed"]).fillna(False).any()


def test_femoral_density_is_known_for_the_valid_scans_alone(real):
    frame = load(
        ["bmd_femoral_neck_g_cm2", "bmd_femur_total_g_cm2", "femur_scan_status"], cycles=list(BONES), data=real
    )
    valid = frame["femur_scan_status"] == "valid"
    assert (frame["bmd_femoral_neck_g_cm2"].notna() == valid).all()
    assert (frame["bmd_femur_total_g_cm2"].notna() == valid).all()


def test_spine_density_of_all_four_vertebrae_is_that_of_the_valid_ones(real):
    """Up to rounding: content and area have two decimals; a few rows of the file disagree in themselves."""
    frame = load(["bmd_spine_g_cm2", "bmd_spine_valid_g_cm2"], cycles=list(BONES), data=real)
    both = frame.dropna(subset=["bmd_spine_g_cm2"])
    difference = (both["bmd_spine_g_cm2"] - both["bmd_spine_valid_g_cm2"]).abs()
    assert both["bmd_spine_valid_g_cm2"].notna().all()
    assert (difference > 0.001).mean() < 0.006


def test_combined_grip_is_the_sum_of_the_best_of_both_hands(real):
    frame = load(["grip_combined_kg", "grip_hand_1_kg", "grip_hand_2_kg", "grip_status"], cycles="2011-2014", data=real)
    known = frame.dropna(subset=["grip_combined_kg"])
    assert (known["grip_status"] == "both hands").all()
    np.testing.assert_allclose(known["grip_combined_kg"], known["grip_hand_1_kg"] + known["grip_hand_2_kg"], atol=0.051)


def test_fractures_after_50_have_few_unknown(real):
    names = ["fracture_after50", "fracture_major_after50", "age_years"]
    frame = load(names, cycles=["1999-2000", "2003-2004", *BONES], data=real)
    old = frame[frame["age_years"] >= 50]
    assert frame.loc[frame["age_years"] < 50, "fracture_after50"].isna().all()
    assert old["fracture_after50"].isna().mean() < 0.02
    assert not (old["fracture_major_after50"] & ~old["fracture_after50"]).fillna(False).any()
    early = old["cycle"].isin(["1999-2000", "2003-2004"])
    assert (old.loc[early, "fracture_after50"].sum()) == old.loc[early, "fracture_major_after50"].sum()
