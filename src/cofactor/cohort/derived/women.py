"""Menopause, from what women say of their periods."""

import pandas as pd

from cofactor.cohort.derive import Case, derived
from cofactor.cohort.logic import all_of, any_of, first_known, first_true, is_level, is_true

SOURCE = "NHANES reproductive health questionnaire"


@derived(
    "Periods ended by menopause or hysterectomy (1999-2002)",
    kind="flag",
    source=SOURCE,
    cases=(
        Case(periods_regular=True, periods_regular_reason=None, period_last=None, hysterectomy=False, gives=False,
             why="regular periods; the rest is skipped"),
        Case(periods_regular=False, periods_regular_reason="menopause", period_last="12 months ago or more",
             hysterectomy=False, gives=True, why="menopause, and none for 12 months"),
        Case(periods_regular=False, periods_regular_reason="menopause", period_last="in the past 12 months",
             hysterectomy=False, gives=False, why="on the way: there were periods in the past 12 months"),
        Case(periods_regular=False, periods_regular_reason="pregnancy or breastfeeding", period_last=None,
             hysterectomy=None, gives=False, why="pregnant: the rest is skipped"),
        Case(periods_regular=False, periods_regular_reason="medical conditions or treatments",
             period_last="12 months ago or more", hysterectomy=True, gives=True, why="hysterectomy"),
        Case(periods_regular=False, periods_regular_reason="medical conditions or treatments",
             period_last="12 months ago or more", hysterectomy=False, gives=False, why="another cause"),
        Case(periods_regular=False, periods_regular_reason=None, period_last="12 months ago or more",
             hysterectomy=False, gives=None, why="reason not known"),
        Case(periods_regular=None, periods_regular_reason=None, period_last=None, hysterectomy=None, gives=None,
             why="not asked, or refused"),
    ),
)  # fmt: skip
def periods_ended_by_regularity(
    periods_regular: pd.Series, periods_regular_reason: pd.Series, period_last: pd.Series, hysterectomy: pd.Series
) -> pd.Series:
    """No period for 12 months, for the reason of menopause or after a hysterectomy."""
    going_on = any_of(is_true(periods_regular), is_true(is_level(periods_regular_reason, "pregnancy or breastfeeding")))
    reason = any_of(is_level(periods_regular_reason, "menopause"), is_true(hysterectomy))
    return all_of(is_level(period_last, "12 months ago or more"), reason).mask(going_on, False)


@derived(
    "Periods ended by menopause or hysterectomy (2003 on)",
    kind="flag",
    source=SOURCE,
    cases=(
        Case(periods_past_year=True, no_period_reason=None, gives=False, why="a period; the reason is skipped"),
        Case(periods_past_year=False, no_period_reason="menopause or hysterectomy", gives=True, why="as told"),
        Case(periods_past_year=False, no_period_reason="other", gives=False, why="another reason"),
        Case(periods_past_year=False, no_period_reason=None, gives=None, why="reason not known"),
        Case(periods_past_year=None, no_period_reason=None, gives=None, why="not asked, or refused"),
    ),
)
def periods_ended_by_reason(periods_past_year: pd.Series, no_period_reason: pd.Series) -> pd.Series:
    """No period in 12 months, for the reason of menopause or hysterectomy."""
    ended = is_level(no_period_reason, "menopause or hysterectomy")
    return all_of(~periods_past_year, ended.mask(is_true(periods_past_year), False))


@derived(
    "After menopause or hysterectomy, women",
    kind="flag",
    source=SOURCE,
    cases=(
        Case(sex="female", periods_ended_by_regularity=True, gives=True, why="as asked up to 2002"),
        Case(sex="female", periods_ended_by_reason=False, gives=False, why="as asked from 2003 on"),
        Case(sex="female", gives=None, why="not asked, or not known"),
        Case(sex="male", gives=None, why="men have no answer"),
    ),
)
def postmenopausal(
    sex: pd.Series,
    periods_ended_by_regularity: pd.Series | None = None,
    periods_ended_by_reason: pd.Series | None = None,
) -> pd.Series:
    """No period for 12 months by menopause or hysterectomy; missing for men, for whom a model gives a level of its own.

    A hysterectomy with ovaries in place ends periods, not their hormones; the public codes do not part the two in
    2003-2012.
    """
    told = first_known(periods_ended_by_regularity, periods_ended_by_reason)
    return told.where(is_level(sex, "female"))


@derived(
    "Menopause and sex",
    kind="category",
    levels=("man", "woman with periods", "woman after menopause"),
    source=SOURCE,
    cases=(
        Case(sex="male", postmenopausal=None, gives="man", why="as a level beside women's"),
        Case(sex="female", postmenopausal=False, gives="woman with periods",
             why="or pregnant, or without for another cause"),
        Case(sex="female", postmenopausal=True, gives="woman after menopause", why="menopause or hysterectomy"),
        Case(sex="female", postmenopausal=None, gives=None, why="not known"),
    ),
)  # fmt: skip
def sex_and_menopause(sex: pd.Series, postmenopausal: pd.Series) -> pd.Series:
    """Sex, with women parted by menopause: a covariate of models of men and women together."""
    return first_true(
        {
            "man": is_level(sex, "male"),
            "woman with periods": ~postmenopausal,
            "woman after menopause": postmenopausal,
        }
    )
