"""Kidney, glycaemia, lipids, metabolic syndrome: properties of the rules, and the real files against CDC's own."""

from __future__ import annotations

import itertools

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cofactor.cohort import load
from cofactor.cohort.registry import derived_variables
from cofactor.loaders.store import DataFolder

RULES = {name: found.function for name, found in derived_variables().items()}


def levels(value: str, *categories: str) -> pd.Series:
    return pd.Series(pd.Categorical([value], categories=list(categories)))


def egfr(creatinine: float, age: float, sex: str) -> float:
    one = [pd.Series([creatinine]), pd.Series([age]), levels(sex, "male", "female")]
    return float(RULES["egfr_ckdepi2021"](*one)[0])


CREATININE = st.floats(0.2, 15.0)
AGE = st.floats(18.0, 80.0)
SEX = st.sampled_from(["male", "female"])


@given(CREATININE, st.floats(1.01, 1.5), AGE, SEX)
def test_filtration_falls_as_creatinine_rises(creatinine, times, age, sex):
    assert egfr(creatinine * times, age, sex) < egfr(creatinine, age, sex)


@given(CREATININE, st.floats(18.0, 79.0), SEX)
def test_filtration_falls_with_age(creatinine, age, sex):
    assert egfr(creatinine, age + 1, sex) == pytest.approx(0.9938 * egfr(creatinine, age, sex), rel=1e-12)


@pytest.mark.parametrize(("sex", "knot"), [("male", 0.9), ("female", 0.7)])
def test_filtration_is_continuous_at_its_knot(sex, knot):
    assert egfr(knot - 1e-9, 50.0, sex) == pytest.approx(egfr(knot + 1e-9, 50.0, sex), rel=1e-8)


TABLE = [
    # creatinine, age, sex, about what a clinical calculator shows
    (1.0, 50.0, "male", 92.0),
    (1.0, 50.0, "female", 68.6),
    (2.0, 70.0, "male", 35.3),
    (0.6, 30.0, "female", 123.8),
]


@pytest.mark.parametrize(("creatinine", "age", "sex", "about"), TABLE)
def test_filtration_by_another_way_of_writing_it(creatinine, age, sex, about):
    knot, low, woman = (0.9, -0.302, 1.0) if sex == "male" else (0.7, -0.241, 1.012)
    slope = low if creatinine < knot else -1.200
    by_logarithms = np.exp(np.log(142 * woman) + slope * np.log(creatinine / knot) + age * np.log(0.9938))
    assert egfr(creatinine, age, sex) == pytest.approx(by_logarithms, rel=1e-12)
    assert egfr(creatinine, age, sex) == pytest.approx(about, abs=0.5)


@pytest.mark.parametrize(("edge", "step"), [(75.0, 0.03), (250.0, 0.01)])
def test_equations_of_urine_creatinine_meet_but_for_a_small_step(edge, step):
    """CDC's three pieces do not join: at 75 mg/dL the result falls from 71.8 to 69.8."""
    method = pd.Series(pd.Categorical(["Jaffe rate"] * 2, categories=["enzymatic", "Jaffe rate"]))
    left, right = RULES["creatinine_urine_mg_dl"](pd.Series([edge - 1e-9, edge]), method)
    assert left == pytest.approx(right, rel=step)


NAMES = ["waist", "triglycerides", "hdl", "blood_pressure", "glucose"]


@pytest.mark.parametrize("without_waist", [False, True])
def test_metabolic_syndrome_is_known_where_every_completion_agrees(without_waist):
    """Brute force: the unknown parts filled in all ways; yes or no where all of these agree, else missing."""
    names = NAMES[1:] if without_waist else NAMES
    rule = RULES["metabolic_syndrome_without_waist" if without_waist else "metabolic_syndrome"]
    rows = list(itertools.product([True, False, None], repeat=len(names)))
    columns = [pd.Series(list(values), dtype="boolean") for values in zip(*rows, strict=True)]
    for row, given_answer in zip(rows, rule(*columns, pd.Series(40.0, index=range(len(rows)))), strict=True):
        filled = itertools.product(*([part] if part is not None else [True, False] for part in row))
        answers = {sum(parts) >= 3 for parts in filled}
        assert (None if pd.isna(given_answer) else given_answer) == (answers.pop() if len(answers) == 1 else None), row


@pytest.fixture(scope="module")
def kidney(real: DataFolder) -> pd.DataFrame:
    names = ["age_years", "egfr_ckdepi2021", "egfr_category", "uacr_mg_g", "albuminuria_category", "ckd", "ckd_stage"]
    return load([*names, "creatinine_serum_mg_dl"], cycles="1999-2018", data=real)


@pytest.mark.real_data
def test_disease_is_yes_exactly_in_its_stages(kidney):
    known = kidney[kidney["ckd"].notna() & kidney["ckd_stage"].notna()]
    assert len(known) > 40_000
    assert ((known["ckd_stage"] != "no CKD") == known["ckd"].astype(bool)).all()


@pytest.mark.real_data
def test_filtration_is_of_adults_with_blood(kidney):
    adults = (kidney["age_years"] >= 18) & kidney["creatinine_serum_mg_dl"].notna()
    assert (kidney["egfr_ckdepi2021"].notna() == adults).all()
    assert kidney.loc[kidney["age_years"] < 18, "ckd"].isna().all()


@pytest.mark.real_data
@pytest.mark.parametrize("cycle", ["2009-2010", "2011-2012", "2013-2014", "2015-2016", "2017-2018"])
def test_albumin_to_creatinine_ratio_is_cdcs_own(real, cycle):
    """URDACT, released from 2009-2010 on, rounded to two decimals."""
    file = f"ALB_CR_{dict(zip(range(2009, 2018, 2), 'FGHIJ', strict=True))[int(cycle[:4])]}.xpt"
    theirs = real.columns(file, ["URDACT"]).set_index("SEQN")["URDACT"]
    ours = load(["uacr_mg_g"], cycles=cycle, data=real)["uacr_mg_g"].reindex(theirs.index.astype(int)).to_numpy()
    assert (np.isnan(ours) == np.isnan(theirs)).all()
    assert np.nanmax(np.abs(ours - theirs.to_numpy())) <= 0.0051


@pytest.mark.real_data
def test_answers_on_medicines_for_diabetes(real):
    """Each yes of the codebook is a yes; people told of no diabetes are never missing but where they did not know."""
    names = ["insulin_now", "diabetes_pills_now", "diabetes_diagnosed", "diabetes_pills_answer", "insulin_answer"]
    frame = load(names, cycles="1999-2018", data=real)
    by_cycle = frame.groupby("cycle", observed=True)[["insulin_now", "diabetes_pills_now"]].sum()
    assert by_cycle["insulin_now"].tolist() == [138, 148, 144, 155, 219, 218, 213, 220, 256, 254]
    assert by_cycle["diabetes_pills_now"].tolist() == [334, 341, 395, 377, 616, 588, 546, 547, 643, 717]
    told_no = frame[~frame["diabetes_diagnosed"].fillna(True)]
    assert (told_no["insulin_now"].isna() == (told_no["insulin_answer"] == "not known")).all()
    assert (told_no["diabetes_pills_now"].isna() == (told_no["diabetes_pills_answer"] == "not known")).all()


@pytest.mark.real_data
def test_ldl_is_friedewalds(real):
    """Total less HDL less a fifth of triglycerides: three files agree, but for rounding and a few people."""
    names = ["cholesterol_ldl_mg_dl", "cholesterol_total_mg_dl", "cholesterol_hdl_mg_dl", "triglycerides_mg_dl"]
    frame = load(names, cycles="1999-2018", data=real, weight=None)
    ldl, total, hdl, triglycerides = (frame[name] for name in names)
    apart = (ldl - (total - hdl - triglycerides / 5)).abs()
    by_cycle = (apart.dropna() <= 1.0).groupby(frame["cycle"].loc[apart.dropna().index], observed=True).mean()
    assert by_cycle.min() > 0.99, by_cycle
    assert triglycerides[ldl.notna()].max() <= 400


@pytest.mark.real_data
def test_values_below_the_limit_are_as_many_as_cdc_says(real):
    """From the codebook: a fill value that has a line of its own, or the comment code."""
    frame = load(["crp_below_limit", "cotinine_below_limit"], cycles="1999-2018", data=real, absent="missing")
    below = frame.groupby("cycle", observed=True).sum(numeric_only=False)[["crp_below_limit", "cotinine_below_limit"]]
    crp, cotinine = below["crp_below_limit"], below["cotinine_below_limit"]
    assert crp[["2003-2004", "2005-2006", "2015-2016", "2017-2018"]].tolist() == [1054, 1079, 1265, 75]
    assert cotinine.tolist() == [2743, 1872, 1314, 1368, 1352, 1925, 2001, 2597, 2551, 2432]
