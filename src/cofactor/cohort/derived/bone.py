"""Bone mineral density against young women of reference: T-scores, osteoporosis, low bone mass."""

from functools import reduce

import numpy as np
import pandas as pd

from cofactor.cohort.derive import Case, derived
from cofactor.cohort.logic import above, all_of, any_of, at_least, at_most, below, is_true, known, pick

WHO = "World Health Organization (1994), Technical Report Series 843: T-score of -2.5 or less"
BOTH_SITES = (
    f"{WHO}; femoral neck and lumbar spine of two valid vertebrae or more, both known: "
    "Looker et al. (2017), doi:10.1007/s00198-017-3996-1"
)
NECK_MEAN, NECK_SD = 0.858, 0.120  # g/cm², non-Hispanic white women of 20-29, NHANES III
SPINE_MEAN, SPINE_SD = 1.047, 0.110  # g/cm², white women of 30, the manufacturer's reference
OSTEOPOROSIS, LOW = -2.5, -1.0
OF_AGE = 50  # years; the classes are of people past the menopause and of men as old, never of children
VERTEBRAE = 2


def _vertebrae(*pairs: tuple[float | None, float | None]) -> dict[str, float | None]:
    bmc = {f"spine_l{i}_bmc_g": pair[0] for i, pair in enumerate(pairs, start=1)}
    return bmc | {f"spine_l{i}_area_cm2": pair[1] for i, pair in enumerate(pairs, start=1)}


@derived(
    "Bone mineral density of the lumbar spine, of the valid vertebrae among L1 to L4",
    unit="g/cm²",
    source="at least two evaluable vertebrae: International Society for Clinical Densitometry, official positions; "
    "Looker et al. (2017), doi:10.1007/s00198-017-3996-1",
    cases=(
        Case(**_vertebrae((12.0, 12.0), (13.0, 13.0), (14.0, 14.0), (21.0, 15.0)), gives=60.0 / 54.0, why="all four"),
        Case(**_vertebrae((12.0, 12.0), (None, None), (None, None), (18.0, 15.0)), gives=30.0 / 27.0, why="two do"),
        Case(**_vertebrae((12.0, 12.0), (None, None), (None, None), (None, None)), gives=None, why="one is not"),
        Case(**_vertebrae((0.0, 0.0), (13.0, 13.0), (None, None), (None, None)), gives=None,
             why="a vertebra of no area is not valid"),
    ),
)  # fmt: skip
def bmd_spine_valid_g_cm2(
    spine_l1_bmc_g: pd.Series,
    spine_l2_bmc_g: pd.Series,
    spine_l3_bmc_g: pd.Series,
    spine_l4_bmc_g: pd.Series,
    spine_l1_area_cm2: pd.Series,
    spine_l2_area_cm2: pd.Series,
    spine_l3_area_cm2: pd.Series,
    spine_l4_area_cm2: pd.Series,
) -> pd.Series:
    """Mineral content over area, both summed over the valid vertebrae; missing where fewer than two are valid."""
    contents = (spine_l1_bmc_g, spine_l2_bmc_g, spine_l3_bmc_g, spine_l4_bmc_g)
    areas = [_positive(a) for a in (spine_l1_area_cm2, spine_l2_area_cm2, spine_l3_area_cm2, spine_l4_area_cm2)]
    valid = reduce(pd.Series.add, (area.notna().astype(float) for area in areas))
    content = reduce(pd.Series.add, (c.where(a.notna(), 0.0) for c, a in zip(contents, areas, strict=True)))
    area = reduce(pd.Series.add, (area.fillna(0.0) for area in areas))
    return pick(at_least(valid, VERTEBRAE), content / _positive(area), np.nan)


def _positive(area: pd.Series) -> pd.Series:
    """An area above 0; missing otherwise: a vertebra without area is not valid."""
    return area.where(is_true(above(area, 0)))


def _t_score(density: pd.Series, mean: float, sd: float) -> pd.Series:
    """Standard deviations from the reference; to six decimals, so that a cut point is met exactly."""
    return ((density - mean) / sd).round(6)


@derived(
    "T-score of the femoral neck",
    unit="standard deviations",
    source="reference of NHANES III, non-Hispanic white women of 20-29, 0.858 (SD 0.120) g/cm²: "
    "Looker et al. (1998), doi:10.1007/s001980050093",
    cases=(
        Case(bmd_femoral_neck_g_cm2=0.858, gives=0.0, why="the reference"),
        Case(bmd_femoral_neck_g_cm2=0.558, gives=-2.5, why="2.5 × 0.120 below"),
        Case(bmd_femoral_neck_g_cm2=None, gives=None, why="not measured"),
    ),
)
def bmd_femoral_neck_t_score(bmd_femoral_neck_g_cm2: pd.Series) -> pd.Series:
    """The same reference for women and men of every race."""
    return _t_score(bmd_femoral_neck_g_cm2, NECK_MEAN, NECK_SD)


@derived(
    "T-score of the lumbar spine",
    unit="standard deviations",
    source="the manufacturer's reference, white women of 30, 1.047 (SD 0.110) g/cm²: Kelly (1990), J Bone Miner Res "
    "5(Suppl 1):S249; used by NCHS Data Brief 405, doi:10.15620/cdc:103477",
    cases=(
        Case(bmd_spine_valid_g_cm2=1.047, gives=0.0, why="the reference"),
        Case(bmd_spine_valid_g_cm2=0.772, gives=-2.5, why="2.5 × 0.110 below"),
        Case(bmd_spine_valid_g_cm2=None, gives=None, why="not measured"),
    ),
)
def bmd_spine_t_score(bmd_spine_valid_g_cm2: pd.Series) -> pd.Series:
    """The same reference for women and men of every race."""
    return _t_score(bmd_spine_valid_g_cm2, SPINE_MEAN, SPINE_SD)


def _both(neck: pd.Series, spine: pd.Series) -> pd.Series:
    """Whether both sites are known: a yes from one alone would pick people by the outcome."""
    return all_of(known(neck), known(spine))


def _of_age(flag: pd.Series, age_years: pd.Series) -> pd.Series:
    """The flag of people of 50 and over; missing in others."""
    return flag.where(is_true(at_least(age_years, OF_AGE)))


@derived(
    "Osteoporosis by bone density, femoral neck or lumbar spine, people of 50 and over",
    kind="flag",
    source=BOTH_SITES,
    cases=(
        Case(
            bmd_femoral_neck_t_score=-2.5,
            bmd_spine_t_score=0.0,
            age_years=50.0,
            gives=True,
            why="the cut point itself counts",
        ),
        Case(
            bmd_femoral_neck_t_score=-2.4,
            bmd_spine_t_score=-2.4,
            age_years=50.0,
            gives=False,
            why="above it at both sites",
        ),
        Case(
            bmd_femoral_neck_t_score=0.0, bmd_spine_t_score=-3.0, age_years=50.0, gives=True, why="one site is enough"
        ),
        Case(
            bmd_femoral_neck_t_score=-3.0,
            bmd_spine_t_score=None,
            age_years=50.0,
            gives=None,
            why="both must be known, yes or no",
        ),
        Case(bmd_femoral_neck_t_score=-3.0, bmd_spine_t_score=-3.0, age_years=49.0, gives=None, why="under 50"),
    ),
)
def osteoporosis(bmd_femoral_neck_t_score: pd.Series, bmd_spine_t_score: pd.Series, age_years: pd.Series) -> pd.Series:
    """T-score of -2.5 or less at either site; missing where one is not known, and under 50."""
    found = any_of(at_most(bmd_femoral_neck_t_score, OSTEOPOROSIS), at_most(bmd_spine_t_score, OSTEOPOROSIS))
    return _of_age(found.where(_both(bmd_femoral_neck_t_score, bmd_spine_t_score)), age_years)


@derived(
    "Low bone mass, femoral neck or lumbar spine, without osteoporosis, people of 50 and over",
    kind="flag",
    source=BOTH_SITES,
    cases=(
        Case(
            bmd_femoral_neck_t_score=-1.0, bmd_spine_t_score=0.0, age_years=50.0, gives=False, why="-1 itself is normal"
        ),
        Case(
            bmd_femoral_neck_t_score=-1.1, bmd_spine_t_score=0.0, age_years=50.0, gives=True, why="below it at one site"
        ),
        Case(
            bmd_femoral_neck_t_score=-1.1,
            bmd_spine_t_score=-2.5,
            age_years=50.0,
            gives=False,
            why="osteoporosis at the other",
        ),
        Case(
            bmd_femoral_neck_t_score=-1.1, bmd_spine_t_score=None, age_years=50.0, gives=None, why="both must be known"
        ),
        Case(bmd_femoral_neck_t_score=-1.1, bmd_spine_t_score=0.0, age_years=49.0, gives=None, why="under 50"),
    ),
)
def low_bone_mass(bmd_femoral_neck_t_score: pd.Series, bmd_spine_t_score: pd.Series, age_years: pd.Series) -> pd.Series:
    """T-score below -1 at either site, above -2.5 at both; missing where one is not known, and under 50."""
    low = any_of(below(bmd_femoral_neck_t_score, LOW), below(bmd_spine_t_score, LOW))
    worse = any_of(at_most(bmd_femoral_neck_t_score, OSTEOPOROSIS), at_most(bmd_spine_t_score, OSTEOPOROSIS))
    return _of_age(all_of(low, ~worse).where(_both(bmd_femoral_neck_t_score, bmd_spine_t_score)), age_years)


@derived(
    "Treated for osteoporosis",
    kind="flag",
    source="NHANES osteoporosis questionnaire (OSQ)",
    cases=(
        Case(osteoporosis_told=True, osteoporosis_treated_answered=True, gives=True, why="as answered"),
        Case(osteoporosis_told=False, osteoporosis_treated_answered=None, gives=False, why="never told: not asked"),
        Case(osteoporosis_told=True, osteoporosis_treated_answered=None, gives=None, why="asked, and not known"),
        Case(osteoporosis_told=None, osteoporosis_treated_answered=None, gives=None, why="not known whether told"),
    ),
)
def osteoporosis_treated(osteoporosis_told: pd.Series, osteoporosis_treated_answered: pd.Series) -> pd.Series:
    """As answered; no where never told of osteoporosis."""
    return osteoporosis_told & osteoporosis_treated_answered
