"""Cancers told by a doctor, by site, and the age at diagnosis of colorectal cancer.

The kinds come in the order in which people named them, up to three, and a fourth answer that can only be "more than
three" in the files. Told of cancer but the kind not known: whether it was of a site is not known either.
"""

from functools import partial

import pandas as pd

from cofactor.cohort.derive import Case, Derived, derived
from cofactor.cohort.logic import any_of, at_least, below, first_known, is_level, is_true, known

SOURCE = "NHANES medical conditions questionnaire"
RECENT_YEARS = 5.0


def told_of(cancer_told: pd.Series, *kinds: pd.Series, sites: tuple[str, ...]) -> pd.Series:
    """Yes: any kind named is of the sites. No: never told, or every kind is known and of another site."""
    named = any_of(*(is_true(is_level(kind, *sites)) for kind in kinds))
    # More than three kinds: those that were not named could be of any site.
    open_end = is_true(is_level(kinds[-1], "more than three"))
    answered = known(kinds[0]) & ~open_end
    return named.where(named | answered | is_true(~cancer_told)).where(cancer_told.notna())


def _cases(site: str, other: str) -> tuple[Case, ...]:
    """The cases that every site has."""
    none = {"cancer_kind_2": None, "cancer_kind_3": None, "cancer_kind_4": None}
    return (
        Case(cancer_told=True, cancer_kind_1=site, **none, gives=True, why="the kind named"),
        Case(cancer_told=True, cancer_kind_1=other, **{**none, "cancer_kind_2": site}, gives=True, why="named second"),
        Case(cancer_told=True, cancer_kind_1=other, **none, gives=False, why="another kind alone"),
        Case(cancer_told=False, cancer_kind_1=None, **none, gives=False, why="never told; kinds are skipped"),
        Case(cancer_told=True, cancer_kind_1=None, **none, gives=None, why="told, but the kind is not known"),
        Case(cancer_told=True, cancer_kind_1=other, cancer_kind_2=other, cancer_kind_3=other,
             cancer_kind_4="more than three", gives=None, why="a fourth kind is not named"),
        Case(cancer_told=None, cancer_kind_1=None, **none, gives=None, why="refused or not known"),
    )  # fmt: skip


def _site(name: str, label: str, rule: str, *sites: str, other: str = "breast") -> Derived:
    """Declare whether cancer of some sites was told; `other` is a site that is none of them, for the cases."""
    more = tuple(case for site in sites[1:] for case in _cases(site, other)[:2])
    return Derived(
        name=name,
        label=f"{label} told by a doctor",
        kind="flag",
        source=SOURCE,
        rule=f"Any kind named is {rule}.",
        inputs=("cancer_told", "cancer_kind_1", "cancer_kind_2", "cancer_kind_3", "cancer_kind_4"),
        cases=(*_cases(sites[0], other), *more),
        function=partial(told_of, sites=sites),
    )


SITES = (
    _site("cancer_colorectal_told", "Cancer of colon or rectum", "colon or rectum", "colon", "rectum"),
    _site("cancer_breast_told", "Breast cancer", "breast", "breast", other="lung"),
    _site(
        "cancer_prostate_told", "Prostate cancer", "prostate; no for women, who are asked like everybody", "prostate",
        other="lung",
    ),
    _site("cancer_lung_told", "Lung cancer", "lung", "lung"),
    _site("cancer_melanoma_told", "Melanoma", "melanoma; skin cancer of unknown kind is not", "melanoma"),
    _site(
        "cancer_blood_told", "Leukaemia, lymphoma or another cancer of the blood", "blood, leukaemia or lymphoma",
        "lymphoma", "leukaemia", "blood",
    ),
)  # fmt: skip


def _earliest(*ages: pd.Series) -> pd.Series:
    """The smallest of the ages that are known."""
    return pd.concat(ages, axis=1).min(axis=1)


@derived(
    "Age at diagnosis of cancer of colon or rectum, asked by site (1999-2016)",
    unit="years",
    source=SOURCE,
    cases=(
        Case(cancer_colon_age_by_site=61.0, cancer_rectum_age_by_site=None, gives=61.0, why="one of the two"),
        Case(cancer_colon_age_by_site=61.0, cancer_rectum_age_by_site=58.0, gives=58.0, why="the first of the two"),
        Case(cancer_colon_age_by_site=None, cancer_rectum_age_by_site=None, gives=None, why="neither, or not known"),
    ),
)
def cancer_colorectal_age_by_site(
    cancer_colon_age_by_site: pd.Series, cancer_rectum_age_by_site: pd.Series
) -> pd.Series:
    """The earlier of the two ages."""
    return _earliest(cancer_colon_age_by_site, cancer_rectum_age_by_site)


@derived(
    "Age at diagnosis of cancer of colon or rectum, asked in the order of naming (2017-2018)",
    unit="years",
    source=SOURCE,
    cases=(
        Case(cancer_kind_1="breast", cancer_kind_2="rectum", cancer_kind_3=None, cancer_kind_1_age=44.0,
             cancer_kind_2_age=70.0, cancer_kind_3_age=None, gives=70.0, why="the age of that kind"),
        Case(cancer_kind_1="breast", cancer_kind_2=None, cancer_kind_3=None, cancer_kind_1_age=44.0,
             cancer_kind_2_age=None, cancer_kind_3_age=None, gives=None, why="another kind: there is no such age"),
        Case(cancer_kind_1="colon", cancer_kind_2=None, cancer_kind_3=None, cancer_kind_1_age=None,
             cancer_kind_2_age=None, cancer_kind_3_age=None, gives=None, why="age not known"),
    ),
)  # fmt: skip
def cancer_colorectal_age_by_order(
    cancer_kind_1: pd.Series,
    cancer_kind_2: pd.Series,
    cancer_kind_3: pd.Series,
    cancer_kind_1_age: pd.Series,
    cancer_kind_2_age: pd.Series,
    cancer_kind_3_age: pd.Series,
) -> pd.Series:
    """The earliest age of the kinds that are colon or rectum."""
    named = (
        (cancer_kind_1, cancer_kind_1_age),
        (cancer_kind_2, cancer_kind_2_age),
        (cancer_kind_3, cancer_kind_3_age),
    )
    return _earliest(*(age.where(is_true(is_level(kind, "colon", "rectum"))) for kind, age in named))


@derived(
    "Age at diagnosis of cancer of colon or rectum",
    unit="years",
    source=SOURCE,
    cases=(
        Case(cancer_colorectal_age_by_site=61.0, gives=61.0, why="up to 2016"),
        Case(cancer_colorectal_age_by_order=70.0, gives=70.0, why="in 2017-2018"),
        Case(gives=None, why="not told, or the age not known"),
    ),
)
def cancer_colorectal_age(
    cancer_colorectal_age_by_site: pd.Series | None = None, cancer_colorectal_age_by_order: pd.Series | None = None
) -> pd.Series:
    """The earliest age told, at most 80; missing for people without it. Not public in 2021-2023."""
    return first_known(cancer_colorectal_age_by_site, cancer_colorectal_age_by_order)


@derived(
    "Cancer of colon or rectum diagnosed within the past 5 years",
    kind="flag",
    source=SOURCE,
    cases=(
        Case(cancer_colorectal_told=True, cancer_colorectal_age=60.0, age_years=64.0, age_80_plus=False, gives=True,
             why="four years"),
        Case(cancer_colorectal_told=True, cancer_colorectal_age=59.0, age_years=64.0, age_80_plus=False, gives=False,
             why="five years"),
        Case(cancer_colorectal_told=False, cancer_colorectal_age=None, age_years=64.0, age_80_plus=False, gives=False,
             why="never told"),
        Case(cancer_colorectal_told=True, cancer_colorectal_age=75.0, age_years=80.0, age_80_plus=True, gives=False,
             why="five years at least"),
        Case(cancer_colorectal_told=True, cancer_colorectal_age=77.0, age_years=80.0, age_80_plus=True, gives=None,
             why="80 stands for 80 and over"),
        Case(cancer_colorectal_told=True, cancer_colorectal_age=None, age_years=64.0, age_80_plus=False, gives=None,
             why="age at diagnosis not known"),
        Case(cancer_colorectal_told=None, cancer_colorectal_age=None, age_years=64.0, age_80_plus=False, gives=None,
             why="not known whether told"),
    ),
)  # fmt: skip
def cancer_colorectal_recent(
    cancer_colorectal_told: pd.Series,
    cancer_colorectal_age: pd.Series,
    age_years: pd.Series,
    age_80_plus: pd.Series,
) -> pd.Series:
    """Fewer than 5 whole years between the ages at diagnosis and at the interview; unknown where 80+ hides it."""
    years = age_years - cancer_colorectal_age
    recent = below(years, RECENT_YEARS).where(~is_true(age_80_plus) | is_true(at_least(years, RECENT_YEARS)))
    return cancer_colorectal_told & recent
