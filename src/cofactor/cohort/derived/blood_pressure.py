"""Blood pressure of a person: the mean of the readings, by the device that stands for the cycle; the pulse."""

import numpy as np
import pandas as pd

from cofactor.cohort.averages import (
    mean_above_zero,
    mean_after_first,
    mean_after_first_above_zero,
    mean_of_known,
)
from cofactor.cohort.derive import Case, derived
from cofactor.cohort.logic import above, is_level, pick

CDC = "CDC's averaging rule, NHANES blood pressure examination, documentation of BPX (BPXSAR, BPXDAR)"
OMRON = "NHANES oscillometric blood pressure examination, documentation of BPXO: three readings a minute apart"
NCHS = "NCHS Data Briefs 289 and 364: mean of up to four readings, diastolic readings of 0 left out"
MERCURY = "mercury sphygmomanometer"


def _systolic(*readings: float | None) -> dict[str, float | None]:
    return {f"systolic_mercury_reading_{i}_mmhg": value for i, value in enumerate(readings, start=1)}


def _diastolic(*readings: float | None) -> dict[str, float | None]:
    return {f"diastolic_mercury_reading_{i}_mmhg": value for i, value in enumerate(readings, start=1)}


def _oscillometric(part: str, *readings: float | None, unit: str = "mmhg") -> dict[str, float | None]:
    return {f"{part}_oscillometric_reading_{i}_{unit}": value for i, value in enumerate(readings, start=1)}


@derived(
    "Systolic blood pressure, mercury sphygmomanometer",
    unit="mmHg",
    source=CDC,
    cases=(
        Case(**_systolic(140.0, 130.0, 126.0, None), gives=128.0, why="the first of several is left out"),
        Case(**_systolic(140.0, None, None, None), gives=140.0, why="a single reading stands"),
        Case(**_systolic(None, 130.0, 126.0, None), gives=126.0, why="the first obtained is left out"),
        Case(**_systolic(140.0, 130.0, None, 120.0), gives=125.0, why="a fourth counts as the others"),
        Case(**_systolic(None, None, None, None), gives=None, why="no reading"),
    ),
)  # fmt: skip
def systolic_mercury_mmhg(
    systolic_mercury_reading_1_mmhg: pd.Series,
    systolic_mercury_reading_2_mmhg: pd.Series,
    systolic_mercury_reading_3_mmhg: pd.Series,
    systolic_mercury_reading_4_mmhg: pd.Series,
) -> pd.Series:
    """Mean of the readings obtained but the first; the one reading where there is no other."""
    return mean_after_first(
        [
            systolic_mercury_reading_1_mmhg,
            systolic_mercury_reading_2_mmhg,
            systolic_mercury_reading_3_mmhg,
            systolic_mercury_reading_4_mmhg,
        ]
    )


@derived(
    "Diastolic blood pressure, mercury sphygmomanometer",
    unit="mmHg",
    source=CDC,
    cases=(
        Case(**_diastolic(80.0, 70.0, 66.0, None), gives=68.0, why="the first of several is left out"),
        Case(**_diastolic(80.0, None, None, None), gives=80.0, why="a single reading stands"),
        Case(**_diastolic(50.0, 0.0, 44.0, None), gives=44.0, why="a zero is not averaged with readings above zero"),
        Case(**_diastolic(50.0, 0.0, 0.0, None), gives=50.0, why="the first stands where all later ones are zero"),
        Case(**_diastolic(0.0, 0.0, 0.0, None), gives=0.0, why="all zero is zero"),
        Case(**_diastolic(None, None, None, None), gives=None, why="no reading"),
    ),
)
def diastolic_mercury_mmhg(
    diastolic_mercury_reading_1_mmhg: pd.Series,
    diastolic_mercury_reading_2_mmhg: pd.Series,
    diastolic_mercury_reading_3_mmhg: pd.Series,
    diastolic_mercury_reading_4_mmhg: pd.Series,
) -> pd.Series:
    """As systolic; a reading of 0 counts only where no reading is above 0, and then the mean is 0."""
    return mean_after_first_above_zero(
        [
            diastolic_mercury_reading_1_mmhg,
            diastolic_mercury_reading_2_mmhg,
            diastolic_mercury_reading_3_mmhg,
            diastolic_mercury_reading_4_mmhg,
        ]
    )


@derived(
    "Systolic blood pressure, oscillometric",
    unit="mmHg",
    source=OMRON,
    cases=(
        Case(**_oscillometric("systolic", 126.0, 123.0, 120.0), gives=123.0, why="the mean of the three"),
        Case(**_oscillometric("systolic", 126.0, None, 120.0), gives=123.0, why="of those there are"),
        Case(**_oscillometric("systolic", None, None, None), gives=None, why="no reading"),
    ),
)
def systolic_oscillometric_mmhg(
    systolic_oscillometric_reading_1_mmhg: pd.Series,
    systolic_oscillometric_reading_2_mmhg: pd.Series,
    systolic_oscillometric_reading_3_mmhg: pd.Series,
) -> pd.Series:
    """Mean of the readings there are."""
    return mean_of_known(
        [
            systolic_oscillometric_reading_1_mmhg,
            systolic_oscillometric_reading_2_mmhg,
            systolic_oscillometric_reading_3_mmhg,
        ]
    )


@derived(
    "Diastolic blood pressure, oscillometric",
    unit="mmHg",
    source=OMRON,
    cases=(
        Case(**_oscillometric("diastolic", 76.0, 73.0, 70.0), gives=73.0, why="the mean of the three"),
        Case(**_oscillometric("diastolic", None, None, 70.0), gives=70.0, why="of those there are"),
        Case(**_oscillometric("diastolic", None, None, None), gives=None, why="no reading"),
    ),
)
def diastolic_oscillometric_mmhg(
    diastolic_oscillometric_reading_1_mmhg: pd.Series,
    diastolic_oscillometric_reading_2_mmhg: pd.Series,
    diastolic_oscillometric_reading_3_mmhg: pd.Series,
) -> pd.Series:
    """Mean of the readings there are."""
    return mean_of_known(
        [
            diastolic_oscillometric_reading_1_mmhg,
            diastolic_oscillometric_reading_2_mmhg,
            diastolic_oscillometric_reading_3_mmhg,
        ]
    )


def _by_device(device: pd.Series, mercury: pd.Series | None, oscillometric: pd.Series | None) -> pd.Series:
    """The value of the device that stands for the person's cycle; a device that no cycle asked has nothing to say."""
    nothing = pd.Series(np.nan, index=device.index)
    return pick(
        is_level(device, MERCURY),
        nothing if mercury is None else mercury,
        nothing if oscillometric is None else oscillometric,
    )


def _device_cases(part: str) -> tuple[Case, ...]:
    mercury, oscillometric = f"{part}_mercury_mmhg", f"{part}_oscillometric_mmhg"
    return (
        Case(blood_pressure_device=MERCURY, **{mercury: 120.0, oscillometric: 116.0}, gives=120.0,
             why="mercury stands where both were taken"),
        Case(blood_pressure_device=MERCURY, **{mercury: None, oscillometric: 116.0}, gives=None,
             why="the other device does not fill in"),
        Case(blood_pressure_device="oscillometric", **{oscillometric: 116.0}, gives=116.0,
             why="where it is the only device"),
    )  # fmt: skip


@derived("Systolic blood pressure", unit="mmHg", source=f"{CDC}; {OMRON}", cases=_device_cases("systolic"))
def systolic_mmhg(
    blood_pressure_device: pd.Series,
    systolic_mercury_mmhg: pd.Series | None = None,
    systolic_oscillometric_mmhg: pd.Series | None = None,
) -> pd.Series:
    """By the device that stands for the cycle: mercury where it was used, else oscillometric."""
    return _by_device(blood_pressure_device, systolic_mercury_mmhg, systolic_oscillometric_mmhg)


@derived("Diastolic blood pressure", unit="mmHg", source=f"{CDC}; {OMRON}", cases=_device_cases("diastolic"))
def diastolic_mmhg(
    blood_pressure_device: pd.Series,
    diastolic_mercury_mmhg: pd.Series | None = None,
    diastolic_oscillometric_mmhg: pd.Series | None = None,
) -> pd.Series:
    """By the device that stands for the cycle: mercury where it was used, else oscillometric.

    CDC's rule keeps a 0 where every mercury reading was 0 (the sound never faded): means and regressions take these
    zeros in, unless a domain leaves them out.
    """
    return _by_device(blood_pressure_device, diastolic_mercury_mmhg, diastolic_oscillometric_mmhg)


@derived(
    "Systolic blood pressure, mean of all mercury readings",
    unit="mmHg",
    source=NCHS,
    cases=(
        Case(**_systolic(140.0, 130.0, 126.0, None), gives=132.0, why="the first reading counts too"),
        Case(**_systolic(None, None, None, None), gives=None, why="no reading"),
    ),
)
def systolic_all_readings_mmhg(
    systolic_mercury_reading_1_mmhg: pd.Series,
    systolic_mercury_reading_2_mmhg: pd.Series,
    systolic_mercury_reading_3_mmhg: pd.Series,
    systolic_mercury_reading_4_mmhg: pd.Series,
) -> pd.Series:
    """Mean of every reading obtained: what NCHS's reports on hypertension use, 0.5 mmHg above `systolic_mmhg`."""
    return mean_of_known(
        [
            systolic_mercury_reading_1_mmhg,
            systolic_mercury_reading_2_mmhg,
            systolic_mercury_reading_3_mmhg,
            systolic_mercury_reading_4_mmhg,
        ]
    )


@derived(
    "Diastolic blood pressure, mean of all mercury readings",
    unit="mmHg",
    source=NCHS,
    cases=(
        Case(**_diastolic(80.0, 70.0, 0.0, None), gives=75.0, why="a zero is left out"),
        Case(**_diastolic(0.0, 0.0, 0.0, None), gives=None, why="nothing but zeros is missing here"),
    ),
)
def diastolic_all_readings_mmhg(
    diastolic_mercury_reading_1_mmhg: pd.Series,
    diastolic_mercury_reading_2_mmhg: pd.Series,
    diastolic_mercury_reading_3_mmhg: pd.Series,
    diastolic_mercury_reading_4_mmhg: pd.Series,
) -> pd.Series:
    """Mean of every reading above 0: what NCHS's reports on hypertension use."""
    return mean_above_zero(
        [
            diastolic_mercury_reading_1_mmhg,
            diastolic_mercury_reading_2_mmhg,
            diastolic_mercury_reading_3_mmhg,
            diastolic_mercury_reading_4_mmhg,
        ]
    )


@derived(
    "Pulse",
    unit="beats a minute",
    source="NHANES blood pressure examination: 30 seconds counted, doubled (BPXPLS); else the device's own (BPXO)",
    cases=(
        Case(blood_pressure_device=MERCURY, pulse_counted_bpm=72.0, pulse_oscillometric_bpm=70.0, gives=72.0,
             why="counted at the wrist"),
        Case(blood_pressure_device=MERCURY, pulse_counted_bpm=0.0, gives=None, why="a living person's pulse is not 0"),
        Case(blood_pressure_device="oscillometric", pulse_oscillometric_bpm=70.0, gives=70.0, why="by the device"),
    ),
)  # fmt: skip
def pulse_bpm(
    blood_pressure_device: pd.Series,
    pulse_counted_bpm: pd.Series | None = None,
    pulse_oscillometric_bpm: pd.Series | None = None,
) -> pd.Series:
    """Counted where the cycle counted it, else the mean of the device's readings; a released 0 is missing."""
    found = _by_device(blood_pressure_device, pulse_counted_bpm, pulse_oscillometric_bpm)
    return pick(above(found, 0), found, np.nan)


@derived(
    "Pulse, oscillometric",
    unit="beats a minute",
    source=OMRON,
    cases=(
        Case(**_oscillometric("pulse", 72.0, 70.0, 68.0, unit="bpm"), gives=70.0, why="the mean of the three"),
        Case(**_oscillometric("pulse", None, None, None, unit="bpm"), gives=None, why="no reading"),
    ),
)
def pulse_oscillometric_bpm(
    pulse_oscillometric_reading_1_bpm: pd.Series,
    pulse_oscillometric_reading_2_bpm: pd.Series,
    pulse_oscillometric_reading_3_bpm: pd.Series,
) -> pd.Series:
    """Mean of the readings there are."""
    return mean_of_known(
        [
            pulse_oscillometric_reading_1_bpm,
            pulse_oscillometric_reading_2_bpm,
            pulse_oscillometric_reading_3_bpm,
        ]
    )
