"""Other results of the laboratory: adjusted calcium, values below the limit of detection, high and low lipids."""

import pandas as pd

from cofactor.cohort.derive import Case, derived
from cofactor.cohort.logic import at_least, at_most, below, is_level, known, pick

ALBUMIN_OF_REFERENCE = 4.0  # g/dL
CALCIUM_PER_ALBUMIN = 0.8  # mg/dL of calcium per g/dL of albumin
PAYNE = "Payne (1973), doi:10.1136/bmj.4.5893.643, with the rounded slope of common use"
NCHS_CHOLESTEROL = "NCHS Data Brief 363 (2020)"
CRP_FILL = 0.1  # mg/L: 0.2 over the square root of 2, in the steps of release
COTININE_FILLS = {"0.05": 0.035, "0.015": 0.011}  # ng/mL


@derived(
    "Serum albumin, on the scale of the analysers before the Cobas",
    unit="g/dL",
    source="CDC's documentation of BIOPRO_J: recommended where 2017-2018 is pooled with earlier cycles",
    cases=(
        Case(albumin_serum_g_dl=4.0, serum_analyser="before Cobas", gives=4.0, why="as released"),
        Case(albumin_serum_g_dl=4.0, serum_analyser="Cobas", gives=4.18728, why="1.044 × 4 + 0.01128"),
        Case(albumin_serum_g_dl=None, serum_analyser="Cobas", gives=None, why="no blood"),
    ),
)
def albumin_serum_harmonised_g_dl(albumin_serum_g_dl: pd.Series, serum_analyser: pd.Series) -> pd.Series:
    """1.044 x + 0.01128 by the Cobas, as released by the analysers before it."""
    return pick(is_level(serum_analyser, "Cobas"), 1.044 * albumin_serum_g_dl + 0.01128, albumin_serum_g_dl)


@derived(
    "Serum calcium, adjusted for albumin",
    unit="mg/dL",
    source=PAYNE,
    cases=(
        Case(calcium_serum_mg_dl=9.4, albumin_serum_g_dl=4.0, gives=9.4, why="4 g/dL is the reference"),
        Case(calcium_serum_mg_dl=9.0, albumin_serum_g_dl=3.0, gives=9.8, why="low albumin adds 0.8"),
        Case(calcium_serum_mg_dl=9.0, albumin_serum_g_dl=5.0, gives=8.2, why="high albumin takes it away"),
        Case(calcium_serum_mg_dl=9.0, albumin_serum_g_dl=None, gives=None, why="no albumin"),
        Case(calcium_serum_mg_dl=None, albumin_serum_g_dl=4.0, gives=None, why="no calcium"),
    ),
)
def calcium_serum_adjusted_mg_dl(calcium_serum_mg_dl: pd.Series, albumin_serum_g_dl: pd.Series) -> pd.Series:
    """Calcium + 0.8 × (4 - albumin in g/dL), both as released.

    Albumin steps where analysers change (1999-2000, 2017-2018), and this by up to 0.2 mg/dL with it: models that pool
    cycles need terms for them.
    """
    return calcium_serum_mg_dl + CALCIUM_PER_ALBUMIN * (ALBUMIN_OF_REFERENCE - albumin_serum_g_dl)


@derived(
    "C-reactive protein below the limit of detection",
    kind="flag",
    source="NHANES C-reactive protein documentation: the comment code, else the value put for such results",
    cases=(
        Case(crp_mg_l=0.1, crp_assay="conventional", gives=True, why="0.1 mg/L is put for results under 0.2"),
        Case(crp_mg_l=0.2, crp_assay="conventional", gives=False, why="the limit itself is measured"),
        Case(crp_mg_l=0.11, crp_assay="high sensitivity", crp_comment_below_limit=True, gives=True, why="the comment"),
        Case(crp_mg_l=0.15, crp_assay="high sensitivity", crp_comment_below_limit=False, gives=False,
             why="the comment"),
        Case(crp_mg_l=0.11, crp_assay="high sensitivity", crp_comment_below_limit=None, gives=None, why="no comment"),
        Case(crp_mg_l=None, crp_assay="conventional", gives=None, why="no blood"),
    ),
)  # fmt: skip
def crp_below_limit(
    crp_mg_l: pd.Series, crp_assay: pd.Series, crp_comment_below_limit: pd.Series | None = None
) -> pd.Series:
    """The comment code where there is one; by the conventional assay, a value of 0.1 mg/L (put for under 0.2)."""
    by_value = at_most(crp_mg_l, CRP_FILL).where(is_level(crp_assay, "conventional").fillna(False))
    return _comment_first(crp_comment_below_limit, by_value).where(known(crp_mg_l))


@derived(
    "Serum cotinine below the limit of detection",
    kind="flag",
    source="NHANES cotinine documentation: the comment code, else the value put for such results",
    cases=(
        Case(cotinine_serum_ng_ml=0.035, cotinine_limit="0.05", gives=True, why="put for results under 0.05"),
        Case(cotinine_serum_ng_ml=0.05, cotinine_limit="0.05", gives=False, why="the limit itself is measured"),
        Case(cotinine_serum_ng_ml=0.011, cotinine_limit="0.015", gives=True, why="put for results under 0.015"),
        Case(cotinine_serum_ng_ml=0.035, cotinine_limit="0.015", gives=False, why="measured, by the lower limit"),
        Case(cotinine_serum_ng_ml=0.035, cotinine_limit="0.05 or 0.015", cotinine_comment_below_limit=True,
             gives=True, why="the comment says which"),
        Case(cotinine_serum_ng_ml=0.035, cotinine_limit="0.05 or 0.015", cotinine_comment_below_limit=None,
             gives=None, why="either limit, and no comment"),
        Case(cotinine_serum_ng_ml=None, cotinine_limit="0.015", gives=None, why="no blood"),
    ),
)  # fmt: skip
def cotinine_below_limit(
    cotinine_serum_ng_ml: pd.Series, cotinine_limit: pd.Series, cotinine_comment_below_limit: pd.Series | None = None
) -> pd.Series:
    """The comment code where there is one; else a value at what is put for results below the limit of the cycle."""
    high = is_level(cotinine_limit, "0.05").fillna(False)
    low = is_level(cotinine_limit, "0.015").fillna(False)
    by_value = at_most(cotinine_serum_ng_ml, COTININE_FILLS["0.05"]).where(
        high, at_most(cotinine_serum_ng_ml, COTININE_FILLS["0.015"]).where(low)
    )
    return _comment_first(cotinine_comment_below_limit, by_value).where(known(cotinine_serum_ng_ml))


def _comment_first(comment: pd.Series | None, by_value: pd.Series) -> pd.Series:
    return by_value if comment is None else comment.where(known(comment), by_value)


@derived(
    "High total cholesterol, 240 mg/dL or more",
    kind="flag",
    source=NCHS_CHOLESTEROL,
    cases=(
        Case(cholesterol_total_mg_dl=240.0, gives=True, why="240 counts"),
        Case(cholesterol_total_mg_dl=239.0, gives=False, why="below it"),
        Case(cholesterol_total_mg_dl=None, gives=None, why="no blood"),
    ),
)
def cholesterol_total_high(cholesterol_total_mg_dl: pd.Series) -> pd.Series:
    """As measured, on medicines or not."""
    return at_least(cholesterol_total_mg_dl, 240.0)


@derived(
    "Low HDL cholesterol, under 40 mg/dL",
    kind="flag",
    source=NCHS_CHOLESTEROL,
    cases=(
        Case(cholesterol_hdl_mg_dl=39.0, gives=True, why="under 40"),
        Case(cholesterol_hdl_mg_dl=40.0, gives=False, why="40 is not low"),
        Case(cholesterol_hdl_mg_dl=None, gives=None, why="no blood"),
    ),
)
def cholesterol_hdl_low(cholesterol_hdl_mg_dl: pd.Series) -> pd.Series:
    """One cut for both sexes, as NCHS reports it; the metabolic syndrome has its own."""
    return below(cholesterol_hdl_mg_dl, 40.0)
