"""Data quality: counts against the codebook, steps against ordinary regression, breaks that must show up."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from cofactor.cohort import load
from cofactor.cohort.breaks import _break, breaks_of, causes, known_breaks
from cofactor.cohort.measured import Recode
from cofactor.cohort.plausible import _span, plausible_span, plausible_spans
from cofactor.cohort.raw_files import recoded_cells
from cofactor.cohort.registry import variables
from cofactor.errors import CofactorError, UnknownVariableError
from cofactor.models import fit_glm
from cofactor.study.quality import (
    FALSE_DISCOVERIES,
    SPREAD_RATIO,
    STEP_SD,
    data_quality,
    described_variables,
    judged,
    with_inputs,
)
from cofactor.study.quality_steps import AGE_EDGES, steps_of, survey_of
from cofactor.survey import SurveyDesign

CYCLES = ("2003-2004", "2005-2006", "2007-2008")


def made_up_people(seed: int = 7, people: int = 900) -> pd.DataFrame:
    """Three cycles with strata of two PSUs each, no strata shared, ages and sexes unevenly spread."""
    random = np.random.default_rng(seed)
    parts = []
    for number, cycle in enumerate(CYCLES):
        parts.append(
            pd.DataFrame(
                {
                    "cycle": cycle,
                    "strata": 10 * number + random.integers(0, 6, people),
                    "psu": random.integers(1, 3, people),
                    "analysis_weight": random.uniform(0.5, 4.0, people),
                    "age_years": random.integers(0, 81, people).astype(float),
                    "sex": random.choice(["male", "female"], people),
                }
            )
        )
    frame = pd.concat(parts, ignore_index=True)
    frame["cycle"] = pd.Categorical(frame["cycle"], categories=list(CYCLES))
    frame["sex"] = pd.Categorical(frame["sex"], categories=["male", "female"])
    return frame


def with_values(frame: pd.DataFrame, steps: dict[str, float], spreads: dict[str, float] | None = None) -> np.ndarray:
    random = np.random.default_rng(3)
    noise = random.normal(0, 10, len(frame)) * frame["cycle"].astype(str).map(spreads or {}).fillna(1.0).to_numpy()
    shift = frame["cycle"].astype(str).map(steps).fillna(0.0).to_numpy()
    by_age = 0.3 * frame["age_years"].to_numpy() + 5.0 * (frame["sex"] == "male").to_numpy()
    return 50 + by_age + shift + noise


# --- steps -----------------------------------------------------------------------------------------------------------


@pytest.mark.filterwarnings("ignore:.*degrees of freedom:cofactor.errors.CofactorWarning")  # many cells, few PSUs
@pytest.mark.parametrize("pair", [("2003-2004", "2005-2006"), ("2005-2006", "2007-2008")])
def test_step_and_error_match_a_design_based_linear_model(pair):
    frame = made_up_people()
    values = with_values(frame, {"2005-2006": 4.0})
    values[::17] = np.nan
    steps = steps_of(survey_of(frame), values, frame["analysis_weight"].to_numpy())
    ours = steps[(steps["from"] == pair[0]) & (steps["to"] == pair[1])].iloc[0]
    both = frame.assign(y=values, later=(frame["cycle"] == pair[1]).astype(float))
    group = np.searchsorted(AGE_EDGES, both["age_years"], side="right")
    both["cell"] = pd.Categorical([f"{sex} {age}" for sex, age in zip(both["sex"], group, strict=True)])
    inside = both["cycle"].isin(pair).astype(bool)
    fit = fit_glm(SurveyDesign(both, domain=inside), "y ~ later + cell", family="gaussian")
    row = fit.table().set_index("term").loc["later"]
    assert ours["step"] == pytest.approx(row["estimate"], rel=1e-9)
    assert ours["se"] == pytest.approx(row["se"], rel=1e-9)
    assert ours["df"] == row["df"]
    assert ours["p"] == pytest.approx(row["p"], rel=1e-9)


def test_a_planted_step_is_found_where_it_is_and_nowhere_else():
    frame = made_up_people(people=3000)
    steps = steps_of(survey_of(frame), with_values(frame, {"2007-2008": 6.0}), np.ones(len(frame)))
    assert list(steps["to"]) == ["2005-2006", "2007-2008"]
    assert abs(steps["step"].iloc[0]) < 3 * steps["se"].iloc[0]
    assert steps["step"].iloc[1] == pytest.approx(6.0, abs=4 * steps["se"].iloc[1])


def test_a_change_of_the_ages_asked_is_no_step():
    frame = made_up_people(people=3000)
    values = with_values(frame, {})
    values[(frame["cycle"] == "2007-2008") & (frame["age_years"] < 40)] = np.nan  # the older have higher values
    steps = steps_of(survey_of(frame), values, np.ones(len(frame))).set_index("to")
    assert abs(steps.loc["2007-2008", "step"]) < 3 * steps.loc["2007-2008", "se"]


def test_spread_is_compared_around_the_means_of_age_and_sex():
    frame = made_up_people(people=4000)
    values = with_values(frame, {"2005-2006": 30.0}, {"2005-2006": 1.5})
    steps = steps_of(survey_of(frame), values, np.ones(len(frame))).set_index("to")
    assert steps.loc["2005-2006", "sd_ratio"] == pytest.approx(1.5, rel=0.05)
    assert steps.loc["2007-2008", "sd_ratio"] == pytest.approx(1 / 1.5, rel=0.05)
    assert steps.loc["2005-2006", "sd_ratio_p"] < 1e-6


def test_error_of_the_spread_matches_the_jackknife():
    frame = made_up_people(people=6000)
    values, weights = with_values(frame, {}, {"2005-2006": 1.2}), frame["analysis_weight"].to_numpy()
    whole = steps_of(survey_of(frame), values, weights).iloc[0]
    unit = frame["strata"] * 10 + frame["psu"]
    squares = 0.0
    for one in unit[frame["cycle"].isin(CYCLES[:2])].unique():
        partner = unit[(frame["strata"] == one // 10) & (unit != one)].iloc[0]
        factor = np.where(unit == one, 0.0, np.where(unit == partner, 2.0, 1.0))
        left = steps_of(survey_of(frame), values, weights * factor).iloc[0]
        squares += 0.5 * (np.log(left["sd_ratio"]) - np.log(whole["sd_ratio"])) ** 2
    assert whole["sd_ratio_log_se"] == pytest.approx(
        np.sqrt(squares), rel=0.05
    )  # the jackknife sees the cells' means move too


def test_steps_pass_over_a_cycle_without_the_variable():
    frame = made_up_people()
    values = with_values(frame, {})
    values[frame["cycle"] == "2005-2006"] = np.nan
    steps = steps_of(survey_of(frame), values, np.ones(len(frame)))
    assert steps[["from", "to"]].values.tolist() == [["2003-2004", "2007-2008"]]


@pytest.mark.parametrize("values", [np.nan, 3.0])
def test_nothing_known_or_nothing_varying_has_no_step(values):
    frame = made_up_people()
    assert steps_of(survey_of(frame), np.full(len(frame), values), np.ones(len(frame))).empty


# --- the rule --------------------------------------------------------------------------------------------------------


def one_step(**values: object) -> pd.DataFrame:
    base = {"variable": "magnesium_diet_day1_mg", "from": "2003-2004", "to": "2005-2006", "p": 1e-6, "step_sd": 0.2}
    return pd.DataFrame([base | {"sd_ratio": 1.0, "sd_ratio_p": 0.9} | values])


@pytest.mark.parametrize(
    ("values", "level", "spread"),
    [
        ({"step_sd": STEP_SD}, True, False),
        ({"step_sd": -STEP_SD}, True, False),
        ({"step_sd": STEP_SD - 1e-9}, False, False),
        ({"p": FALSE_DISCOVERIES}, False, False),  # adjusted for two tests
        ({"step_sd": 0.0, "sd_ratio": SPREAD_RATIO * 1.0001, "sd_ratio_p": 1e-6}, False, True),
        ({"step_sd": 0.0, "sd_ratio": 0.9999 / SPREAD_RATIO, "sd_ratio_p": 1e-6}, False, True),
        ({"step_sd": 0.0, "sd_ratio": 1.1, "sd_ratio_p": 1e-6}, False, False),
        ({"p": np.nan, "sd_ratio": np.nan, "sd_ratio_p": np.nan}, False, False),
    ],
)
def test_notable_needs_size_and_a_small_adjusted_p(values, level, spread):
    row = judged(one_step(**values)).iloc[0]
    assert (row["notable_level"], row["notable_spread"], row["notable"]) == (level, spread, level or spread)


def test_many_steps_of_noise_are_hardly_ever_notable():
    random = np.random.default_rng(11)
    noise = pd.concat([one_step(p=p, step_sd=0.3) for p in random.uniform(size=400)], ignore_index=True)
    assert judged(noise)["notable"].sum() <= 2


# --- known changes ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "earlier", "later", "known"),
    [
        ("moisture_diet_day1_g", "2003-2004", "2005-2006", {"plain_water_2005"}),
        ("magnesium_below_ear", "2003-2004", "2005-2006", {"plain_water_2005"}),
        ("magnesium_diet_day1_mg", "2005-2006", "2007-2008", set()),
        ("vitd_25oh_nmol_l", "2005-2006", "2007-2008", {"vitamin_d_assay_2007"}),
        ("vitd_25oh_nmol_l", "2001-2002", "2009-2010", {"vitamin_d_assay_2007", "vitamin_d_age_2003"}),
        ("followup_months_exam", "2009-2010", "2011-2012", {"follow_up_ends_2019"}),
        ("hba1c_pct", "2017-2018", "2021-2023", {"frame_2021"}),
    ],
)
def test_known_changes_are_those_between_the_cycles(name, earlier, later, known):
    assert {one.name for one in causes(name, earlier, later)} == known


@pytest.mark.parametrize("known", known_breaks(), ids=lambda known: known.name)
def test_every_known_change_says_what_and_who_says_so(known):
    assert len(known.cause) > 40 or known.name == "calendar"
    assert known.source
    assert known.title[0].isupper()
    assert any(known.concerns(name) for name in variables()), f"{known.variables}: no such variable"


def test_what_is_made_of_a_variable_shares_its_changes():
    assert {one.name for one in breaks_of("vitd_25oh_nmol_l")} <= {one.name for one in breaks_of("vitd_status")}


@pytest.mark.parametrize(
    ("entry", "words"),
    [
        (
            {"title": "t", "variables": ["a"], "first_cycle": "2006", "cause": "c", "source": "s"},
            "'2006', which is no cycle",
        ),
        (
            {"variables": ["a"], "first_cycle": "2005-2006", "cause": "c"},
            "give cause, first_cycle, source, title, variables",
        ),
    ],
)
def test_a_bad_entry_of_the_changes_is_refused(entry, words):
    with pytest.raises(CofactorError, match=words):
        _break("bad", entry)


# --- plausible and recoded values ------------------------------------------------------------------------------------


@pytest.mark.parametrize("span", plausible_spans(), ids=lambda span: span.name)
def test_every_span_has_a_reason_and_a_number_of_the_catalogue(span):
    assert len(span.reason) > 15
    named = [name for name in variables() if plausible_span(name) is span]
    assert named, f"{span.variables}: no such variable"
    assert {variables()[name].kind for name in named} <= {"number", "months"}


def test_a_span_upside_down_is_refused():
    with pytest.raises(CofactorError, match="low 5 is not below high 3"):
        _span("bad", {"variables": ["a"], "low": 5, "high": 3, "reason": "r"})


@pytest.mark.parametrize(
    ("raw", "recode", "kind", "changed"),
    [
        ([1, 777, 999, np.nan], Recode(missing=((777, 777), (999, 999))), "number", {"missing_code": 2}),
        ([1, 85, 80], Recode(top=80.0), "number", {"top_code": 1}),
        ([0, 12], Recode(zero=0.5), "months", {"zero_rule": 1}),
        ([0, 2, 3], Recode(values=((0, 0), (2, 286), (3, 3))), "number", {"class_value": 1}),
        ([0, 2], Recode(scale=10.0), "number", {"scaled": 1}),
        ([99, 20], Recode(missing=((99, 99),), top=15.0), "number", {"missing_code": 1, "top_code": 1}),
        ([1, 2, 9], Recode(missing=((9, 9),), outcomes=(("no", ((2, 2),)), ("yes", ((1, 1),)))), "flag",
         {"missing_code": 1}),
    ],
)  # fmt: skip
def test_recoded_cells_are_counted_by_reason(raw, recode, kind, changed):
    counts = recoded_cells(np.array(raw, dtype=float), recode, kind, "a column")
    assert {reason: n for reason, n in counts.items() if n} == changed


# --- whole -----------------------------------------------------------------------------------------------------------


def test_design_and_weights_are_not_described():
    assert not {name for name in described_variables() if name.startswith("weight_") and name != "weight_kg"}
    assert with_inputs(["cycle", "vitd_status"]) == ("vitd_25oh_nmol_l", "vitd_status")


def test_synthetic_folder_has_a_row_a_variable_and_cycle(synthetic_folder):
    names = ["age_years", "magnesium_diet_mg", "vitd_25oh_nmol_l", "smoking"]
    found = data_quality(names, cycles="1999-2008", data=synthetic_folder)
    assert len(found.counts) == 4 * 5
    first = found.counts.set_index(["variable", "cycle"]).loc[("vitd_25oh_nmol_l", "1999-2000")]
    assert not first["asked"]
    assert pd.isna(first["known"])
    assert set(found.steps["variable"]) == {"magnesium_diet_mg", "vitd_25oh_nmol_l"}  # no category; age is adjusted for
    assert {one["status"] for one in found.provenance["used"]} == {"synthetic"}


def test_unknown_name_is_refused(synthetic_folder):
    with pytest.raises(UnknownVariableError, match="did you mean vitd_25oh_nmol_l"):
        data_quality(["vitd_25oh_nmol"], cycles="2005-2006", data=synthetic_folder)


@pytest.fixture(scope="module")
def real_quality(real_data_folder):
    names = ["moisture_diet_day1_g", "magnesium_diet_day1_mg", "calcium_diet_day1_mg", "energy_diet_day1_kcal",
             "vitd_25oh_nmol_l", "vitd_status", "bmi_kg_m2", "height_cm", "alcohol_drinks_drinking_day",
             "followup_months_exam"]  # fmt: skip
    return data_quality(names, cycles="1999-2018", data=real_data_folder)


@pytest.mark.real_data
@pytest.mark.parametrize(
    ("name", "to", "what", "known"),
    [
        ("moisture_diet_day1_g", "2005-2006", "notable_level", "plain_water_2005"),
        ("magnesium_diet_day1_mg", "2005-2006", "notable_level", "plain_water_2005"),
        ("vitd_25oh_nmol_l", "2007-2008", "notable_level", "vitamin_d_assay_2007"),
        ("vitd_25oh_nmol_l", "2007-2008", "notable_spread", "vitamin_d_assay_2007"),
    ],
)
def test_plain_water_and_the_vitamin_d_assay_show_up_by_the_rule(real_quality, name, to, what, known):
    step = real_quality.steps.set_index(["variable", "to"]).loc[(name, to)]
    assert step[what]
    assert known in step["causes"]


@pytest.mark.real_data
@pytest.mark.parametrize("name", ["energy_diet_day1_kcal", "height_cm"])
def test_what_did_not_change_is_not_notable(real_quality, name):
    assert not real_quality.steps.loc[real_quality.steps["variable"] == name, "notable_level"].any()


@pytest.mark.real_data
def test_counts_are_those_of_the_codebook(real_quality):
    counts = real_quality.counts.set_index(["variable", "cycle"])
    assert counts.loc[("vitd_25oh_nmol_l", "2007-2008"), "known"] == 6950  # VID_E: range count of LBXVIDMS
    assert counts.loc[("vitd_25oh_nmol_l", "2007-2008"), "rows"] == 9307  # and its missing count, 2,357
    drinks = counts.loc[("alcohol_drinks_drinking_day", "2003-2004")]
    assert drinks["recoded_missing_code"] == 3  # ALQ_C: 77 and 99 of ALQ130
    assert drinks["age_from"] == 20


@pytest.mark.real_data
def test_plausible_values_are_counted_and_kept(real_quality, real_data_folder):
    frame = load(["energy_diet_day1_kcal"], cycles="2005-2006", data=real_data_folder)["energy_diet_day1_kcal"]
    outside = int(((frame < 300) | (frame > 8000)).sum())
    counts = real_quality.counts.set_index(["variable", "cycle"])
    assert counts.loc[("energy_diet_day1_kcal", "2005-2006"), "implausible"] == outside > 0


@pytest.mark.real_data
def test_every_known_change_is_listed_with_its_steps(real_quality):
    changes = real_quality.changes.set_index("change")
    assert changes.loc["plain_water_2005", "notable"] >= 2
    assert changes.loc["plain_water_2005", "largest_variable"] == "moisture_diet_day1_g"
    assert changes.loc["bmi_decimals_2011", "notable"] == 0
