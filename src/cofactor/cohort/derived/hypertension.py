"""High blood pressure and high cholesterol: told, treated, measured."""

import pandas as pd

from cofactor.cohort.derive import Case, derived
from cofactor.cohort.logic import all_of, any_of, at_least, is_true, known, pick

BPQ = "NHANES blood pressure and cholesterol questionnaire (BPQ)"
JNC7 = "Chobanian et al. (2003), Seventh Report of the Joint National Committee, doi:10.1001/jama.289.19.2560"
ACC_AHA = "Whelton et al. (2018), 2017 ACC/AHA guideline, doi:10.1161/HYP.0000000000000065"
SYSTOLIC_HIGH, DIASTOLIC_HIGH = 140.0, 90.0  # mmHg
SYSTOLIC_STAGE_1, DIASTOLIC_STAGE_1 = 130.0, 80.0
LOWERED_BY_MEDICINES = 10.0  # mmHg


def _no_where(answer: pd.Series, *skips: pd.Series | None) -> pd.Series:
    """The answer; no where it is missing and a skip is known to mean no; else missing."""
    certain = [is_true(skip) for skip in skips if skip is not None]
    return answer.mask(answer.isna() & any_of(*certain), False)


def _opposite(flag: pd.Series | None) -> pd.Series | None:
    return None if flag is None else ~flag


@derived(
    "Takes prescribed medicine for high blood pressure now",
    kind="flag",
    source=BPQ,
    cases=(
        Case(hypertension_diagnosed=True, hypertension_medicine_advised=True, hypertension_medicine_answered=True,
             gives=True, why="as answered"),
        Case(hypertension_diagnosed=True, hypertension_medicine_advised=True, hypertension_medicine_answered=False,
             gives=False, why="as answered"),
        Case(hypertension_diagnosed=True, hypertension_medicine_advised=False, hypertension_medicine_answered=None,
             gives=False, why="never told to take any: not asked"),
        Case(hypertension_diagnosed=False, hypertension_medicine_answered=None,
             gives=False, why="never told of high blood pressure: not asked"),
        Case(hypertension_diagnosed=True, hypertension_medicine_advised=True, hypertension_medicine_answered=None,
             gives=None, why="asked, and not known"),
        Case(hypertension_diagnosed=None, hypertension_medicine_answered=None, blood_pressure_checked=False,
             gives=False, why="never measured: not asked"),
        Case(hypertension_diagnosed=None, hypertension_medicine_answered=None, gives=None,
             why="not known whether told: not asked, and not a no"),
    ),
)  # fmt: skip
def hypertension_medicine_now(
    hypertension_diagnosed: pd.Series,
    hypertension_medicine_answered: pd.Series,
    hypertension_medicine_advised: pd.Series | None = None,
    blood_pressure_checked: pd.Series | None = None,
) -> pd.Series:
    """As answered; no where pressure was never measured, never told high, or medicine never advised."""
    return _no_where(
        hypertension_medicine_answered,
        ~hypertension_diagnosed,
        _opposite(hypertension_medicine_advised),
        _opposite(blood_pressure_checked),
    )


@derived(
    "High blood cholesterol told by a doctor",
    kind="flag",
    source=BPQ,
    cases=(
        Case(cholesterol_told_answered=True, cholesterol_checked=True, gives=True, why="as answered"),
        Case(cholesterol_told_answered=False, cholesterol_checked=False, gives=False, why="as answered"),
        Case(cholesterol_told_answered=None, cholesterol_checked=False, gives=False, why="never checked: not asked"),
        Case(cholesterol_told_answered=None, cholesterol_checked=None, gives=None, why="not known whether checked"),
    ),
)
def cholesterol_told(cholesterol_told_answered: pd.Series, cholesterol_checked: pd.Series | None = None) -> pd.Series:
    """As answered; no where cholesterol was never checked, so that the question was skipped."""
    return _no_where(cholesterol_told_answered, _opposite(cholesterol_checked))


@derived(
    "Takes prescribed medicine for cholesterol now",
    kind="flag",
    source=BPQ,
    cases=(
        Case(cholesterol_medicine_answered=True, cholesterol_medicine_advised=True, gives=True, why="as answered"),
        Case(cholesterol_medicine_answered=None, cholesterol_medicine_advised=False, gives=False,
             why="never told to take any"),
        Case(cholesterol_medicine_answered=None, cholesterol_medicine_advised=None, cholesterol_checked=False,
             gives=False, why="never checked"),
        Case(cholesterol_medicine_answered=None, cholesterol_medicine_advised=None, cholesterol_checked=True,
             cholesterol_advice_skipped=True, gives=False, why="not told it is high, where only those told were asked"),
        Case(cholesterol_medicine_answered=None, cholesterol_medicine_advised=None, cholesterol_checked=True,
             cholesterol_advice_skipped=None, gives=None, why="asked, and not known"),
    ),
)  # fmt: skip
def cholesterol_medicine_now(
    cholesterol_medicine_answered: pd.Series,
    cholesterol_medicine_advised: pd.Series | None = None,
    cholesterol_checked: pd.Series | None = None,
    cholesterol_advice_skipped: pd.Series | None = None,
) -> pd.Series:
    """As answered; no where never checked, never told to take medicine, or skipped since it was not told high."""
    return _no_where(
        cholesterol_medicine_answered,
        _opposite(cholesterol_medicine_advised),
        _opposite(cholesterol_checked),
        cholesterol_advice_skipped,
    )


@derived(
    "Systolic blood pressure, 10 mmHg added for people on medicine for it",
    unit="mmHg",
    source="Tobin et al. (2005), a constant added for treatment, doi:10.1002/sim.2165; 10 mmHg: Cui et al. (2003), "
    "doi:10.1161/01.HYP.0000062478.92961.11",
    cases=(
        Case(systolic_mmhg=130.0, hypertension_medicine_now=True, gives=140.0, why="treated"),
        Case(systolic_mmhg=130.0, hypertension_medicine_now=False, gives=130.0, why="not treated"),
        Case(systolic_mmhg=130.0, hypertension_medicine_now=None, gives=None, why="not known whether treated"),
        Case(systolic_mmhg=None, hypertension_medicine_now=True, gives=None, why="no reading"),
    ),
)
def systolic_treated_mmhg(systolic_mmhg: pd.Series, hypertension_medicine_now: pd.Series) -> pd.Series:
    """Systolic pressure, and 10 mmHg more where medicine is taken now; missing under 16, who were not asked."""
    return pick(hypertension_medicine_now, systolic_mmhg + LOWERED_BY_MEDICINES, systolic_mmhg)


def _high(
    systolic: pd.Series, systolic_cut: float, diastolic: pd.Series, diastolic_cut: float, medicine: pd.Series
) -> pd.Series:
    """Whether pressure is high or treated, among people whose pressure was measured."""
    found = any_of(at_least(systolic, systolic_cut), at_least(diastolic, diastolic_cut), medicine)
    return found.where(all_of(known(systolic), known(diastolic)))


def _cases(high_systolic: float, high_diastolic: float) -> tuple[Case, ...]:
    low_systolic, low_diastolic = high_systolic - 0.5, high_diastolic - 0.5
    return (
        Case(systolic_mmhg=high_systolic, diastolic_mmhg=low_diastolic, hypertension_medicine_now=False, gives=True,
             why="the systolic cut point itself counts"),
        Case(systolic_mmhg=low_systolic, diastolic_mmhg=high_diastolic, hypertension_medicine_now=False, gives=True,
             why="the diastolic cut point itself counts"),
        Case(systolic_mmhg=low_systolic, diastolic_mmhg=low_diastolic, hypertension_medicine_now=False, gives=False,
             why="below both, and no medicine"),
        Case(systolic_mmhg=110.0, diastolic_mmhg=70.0, hypertension_medicine_now=True, gives=True, why="medicine"),
        Case(systolic_mmhg=None, diastolic_mmhg=None, hypertension_medicine_now=True, gives=None,
             why="not measured: a yes from medicine alone would pick people by the outcome"),
        Case(systolic_mmhg=110.0, diastolic_mmhg=70.0, hypertension_medicine_now=None, gives=None,
             why="a no needs all three"),
    )  # fmt: skip


@derived(
    "Hypertension: 140/90 mmHg or more, or medicine for it",
    kind="flag",
    source=JNC7,
    cases=_cases(SYSTOLIC_HIGH, DIASTOLIC_HIGH),
)
def hypertension(
    systolic_mmhg: pd.Series, diastolic_mmhg: pd.Series, hypertension_medicine_now: pd.Series
) -> pd.Series:
    """Any of systolic 140 or more, diastolic 90 or more, and medicine now; missing where pressure was not measured.

    Told by a doctor adds nobody.
    """
    return _high(systolic_mmhg, SYSTOLIC_HIGH, diastolic_mmhg, DIASTOLIC_HIGH, hypertension_medicine_now)


@derived(
    "Hypertension: 130/80 mmHg or more, or medicine for it",
    kind="flag",
    source=ACC_AHA,
    cases=_cases(SYSTOLIC_STAGE_1, DIASTOLIC_STAGE_1),
)
def hypertension_130_80(
    systolic_mmhg: pd.Series, diastolic_mmhg: pd.Series, hypertension_medicine_now: pd.Series
) -> pd.Series:
    """Any of systolic 130 or more, diastolic 80 or more, and medicine now; missing where pressure was not measured."""
    return _high(systolic_mmhg, SYSTOLIC_STAGE_1, diastolic_mmhg, DIASTOLIC_STAGE_1, hypertension_medicine_now)
