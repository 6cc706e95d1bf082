"""`load` on a small folder: who is in, which columns, which weight, and what is refused."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from cofactor.cohort import catalogue, load
from cofactor.errors import DesignError, FileError, NotMeasuredError, StudyError, UnknownVariableError

CYCLE = "2005-2006"
RECALL = {
    "DR1DRSTZ": [1, 1, 2, 4, 5, None],
    "DR1TMAGN": [300, 200, 250, None, None, None],
    "WTDRD1": [12, 22, None, 42, None, None],
    "WTDR2D": [13, None, None, None, None, None],
}
SECOND = {"DR2DRSTZ": [1, 2, 1, 5, 5, None], "DR2TMAGN": [100, 500, 500, None, None, None]}
PRESSURE = {"BPQ020": [1, 2, 9, 7, None, 2]}


def plain(column: pd.Series) -> list[object]:
    return [None if pd.isna(value) else value for value in column]


def test_everybody_is_kept_and_indexed_by_seqn(make_folder):
    frame = load(["bmi_kg_m2"], cycles=CYCLE, data=make_folder(CYCLE))
    assert frame.index.name == "SEQN"
    assert frame.index.tolist() == [401, 402, 403, 404, 405, 406]
    assert frame.index.dtype == np.int64


def test_columns_are_those_asked_and_the_design(make_folder):
    frame = load(["sex", "age_years"], cycles=CYCLE, data=make_folder(CYCLE))
    assert list(frame.columns) == ["sex", "age_years", "cycle", "strata", "psu", "analysis_weight"]
    assert frame["strata"].tolist() == [1, 1, 1, 2, 2, 2]


def test_what_every_frame_has_may_be_asked_for(make_folder):
    frame = load(["cycle", "age_years", "strata"], cycles=CYCLE, data=make_folder(CYCLE))
    assert list(frame.columns) == ["age_years", "cycle", "strata", "psu", "analysis_weight"]


def test_a_path_is_a_folder_too(make_folder):
    root = make_folder(CYCLE).root
    assert len(load(["sex"], cycles=CYCLE, data=root)) == 6
    assert len(load(["sex"], cycles=CYCLE, data=str(root))) == 6


def test_kinds(make_folder):
    folder = make_folder(CYCLE, BPQ_D=PRESSURE)
    frame = load(["age_years", "sex", "hypertension_diagnosed"], cycles=CYCLE, data=folder)
    assert plain(frame["age_years"]) == [25, 40, 55, 80, 10, 61]
    assert list(frame["sex"].cat.categories) == ["male", "female"]
    assert not frame["sex"].cat.ordered
    assert frame["hypertension_diagnosed"].dtype == "boolean"
    assert plain(frame["hypertension_diagnosed"]) == [True, False, None, None, None, False]


def test_an_alias_comes_back_under_the_name_asked(make_folder):
    frame = load(
        ["income_poverty_ratio"], cycles=CYCLE, data=make_folder(CYCLE, DEMO_D={"INDFMPIR": [1, 2, 5, 0, None, 3]})
    )
    assert plain(frame["income_poverty_ratio"]) == [1, 2, 5, 0, None, 3]


def test_names_asked_twice_come_once(make_folder):
    assert list(load(["sex", "sex"], cycles=CYCLE, data=make_folder(CYCLE)).columns[:2]) == ["sex", "cycle"]


def test_mean_of_reliable_recalls(make_folder):
    folder = make_folder(CYCLE, DR1TOT_D=RECALL, DR2TOT_D=SECOND)
    frame = load(
        ["magnesium_diet_mg", "magnesium_diet_two_day_mg"], cycles=CYCLE, data=folder, weight="weight_diet_day1"
    )
    assert plain(frame["magnesium_diet_mg"]) == [200, 200, None, None, None, None]
    assert plain(frame["magnesium_diet_two_day_mg"]) == [200, None, None, None, None, None]


def test_weights_are_zero_outside_the_subsample_and_never_missing(make_folder):
    frame = load(["magnesium_diet_mg"], cycles=CYCLE, data=make_folder(CYCLE, DR1TOT_D=RECALL, DR2TOT_D=SECOND))
    assert frame["analysis_weight"].tolist() == [12, 22, 0, 42, 0, 0]
    assert frame.attrs["weight_name"] == "weight_diet_day1"


def test_two_cycles_halve_their_weights(make_folder):
    frame = load(["examined"], cycles="2005-2008", data=make_folder(CYCLE, "2007-2008"))
    assert frame["analysis_weight"].tolist() == [5, 10, 15, 20, 25, 30] * 2
    assert frame["cycle"].tolist() == [CYCLE] * 6 + ["2007-2008"] * 6


def test_four_year_weights_serve_1999_2002(make_folder):
    frame = load(["bmi_kg_m2"], cycles="1999-2002", data=make_folder("1999-2000", "2001-2002"))
    assert frame["analysis_weight"].tolist() == [6, 11, 16, 21, 26, 0] * 2


def test_a_named_weight_and_none(make_folder):
    folder = make_folder(CYCLE)
    assert load(["bmi_kg_m2"], cycles=CYCLE, data=folder, weight="weight_interview")["analysis_weight"].sum() == 210
    assert "analysis_weight" not in load(["bmi_kg_m2"], cycles=CYCLE, data=folder, weight=None)


def test_attributes_say_what_was_done(make_folder):
    frame = load(["vitd_status", "bmi_kg_m2"], cycles=CYCLE, data=make_folder(CYCLE))
    assert frame.attrs["references"] == {"vitd_status": "sufficient"}
    assert frame.attrs["units"] == {"bmi_kg_m2": "kg/m²"}
    assert frame.attrs["labels"]["vitd_status"] == "Vitamin D status"
    assert "people examined (vitd_status, bmi_kg_m2)" in frame.attrs["weight_reason"]
    assert {"DEMO_D.xpt", "VID_D.xpt", "BMX_D.xpt"} == {item.file for item in frame.attrs["inputs"]}


def test_only_the_columns_needed_are_read(make_folder, monkeypatch):
    folder = make_folder(CYCLE)
    asked = {}
    whole = type(folder).columns
    monkeypatch.setattr(
        type(folder),
        "columns",
        lambda self, file, names, **k: (asked.update({file: list(names)}), whole(self, file, names, **k))[1],
    )
    load(["vitd_status"], cycles=CYCLE, data=folder)
    assert asked == {"DEMO_D.xpt": ["SDMVSTRA", "SDMVPSU", "WTMEC2YR"], "VID_D.xpt": ["LBDVIDMS"]}


def test_yes_and_no_alike_are_missing_outside_a_subsample(make_folder):
    """Told diabetes is known of everybody, HbA1c of the examined: else "any of" would select on the outcome."""
    folder = make_folder(CYCLE, DIQ_D={"DIQ010": [1, 2, 2, 2, 3, 1]}, GHB_D={"LBXGH": [None, 6.5, 5, None, 5, None]})
    frame = load(["diabetes", "diabetes_diagnosed"], cycles=CYCLE, data=folder)
    assert plain(frame["diabetes"]) == [True, True, False, None, False, None]
    assert plain(frame["diabetes_diagnosed"]) == [True, False, False, False, False, True]


def test_pregnancy_is_no_for_men_and_missing_for_the_unexamined(make_folder):
    folder = make_folder(CYCLE, DEMO_D={"RIDEXPRG": [None, 1, None, None, None, None], "RIDSTATR": [2, 2, 2, 2, 2, 1]})
    assert plain(load(["pregnant"], cycles=CYCLE, data=folder)["pregnant"]) == [False, True, False, False, False, None]


def test_follow_up_of_zero_months_is_half_a_month(make_folder):
    mortality = {
        "ELIGSTAT": [1, 1, 1, 1, 2, 1],
        "MORTSTAT": [1, 0, 1, 1, None, 0],
        "UCOD_LEADING": [1, None, 2, None, None, None],
        "PERMTH_INT": [1, 150, 20, 30, None, 160],
        "PERMTH_EXM": [0, 149, 19, 29, None, None],
    }
    folder = make_folder(CYCLE, NHANES_2005_2006_MORT_2019_PUBLIC=mortality)
    names = ["followup_months_exam", "died", "died_heart", "died_of_unknown_cause", "cause_of_death"]
    frame = load(names, cycles=CYCLE, data=folder)
    assert plain(frame["followup_months_exam"]) == [0.5, 149, 19, 29, None, None]
    assert plain(frame["died"]) == [True, False, True, True, None, False]
    assert plain(frame["died_heart"]) == [True, False, False, False, None, False]
    assert plain(frame["died_of_unknown_cause"]) == [False, False, False, True, None, False]
    assert plain(frame["cause_of_death"])[:3] == ["heart disease", None, "cancer"]


def test_several_rows_a_person_are_put_together(make_folder):
    leisure = {"SEQN": [401, 401, 403], "PADMETS": [4, 8, 5], "PADTIMES": [30, 15, 2], "PADDURAT": [10, 20, 60]}
    folder = make_folder(CYCLE, PAQIAF_D=leisure)
    frame = load(["leisure_met_min_30_days"], cycles=CYCLE, data=folder)
    assert plain(frame["leisure_met_min_30_days"]) == [3600, None, 600, None, None, None]


def test_a_constant_of_the_instrument_needs_no_file(make_folder):
    frame = load(["activity_instrument", "cycle_first_year"], cycles="2005-2008", data=make_folder(CYCLE, "2007-2008"))
    assert frame["activity_instrument"].tolist() == ["past 30 days"] * 6 + ["typical week"] * 6
    assert set(frame["cycle_first_year"]) == {2005.0, 2007.0}


@pytest.mark.parametrize("cycle", ["1999-2000", "2003-2004", "2007-2008", "2017-2018", "2021-2023"])
def test_everything_loads_where_it_exists(make_folder, cycle):
    table = catalogue()
    frame = load(table["name"], cycles=cycle, data=make_folder(cycle), absent="missing", weight=None)
    kinds = table.set_index("name")["kind"]
    for name in table["name"].drop(table.index[table["name"].isin(["strata", "psu"])]):
        kind = frame[name].dtype
        expected = {"flag": "boolean", "category": "category"}.get(kinds[name], "float64")
        assert kind == expected, name


class TestRefusals:
    def test_unknown_name(self, make_folder):
        with pytest.raises(UnknownVariableError, match="did you mean vitd_status"):
            load(["vitd_statu"], cycles=CYCLE, data=make_folder(CYCLE))

    def test_name_not_measured_in_a_cycle(self, make_folder):
        with pytest.raises(
            NotMeasuredError, match=r"vitd_25oh_nmol_l is not measured in 1999-2000; it is in 2001-2002, "
        ):
            load(["vitd_25oh_nmol_l"], cycles="1999-2000", data=make_folder("1999-2000"))

    def test_derived_name_not_measured_says_what_is_lacking(self, make_folder):
        with pytest.raises(
            NotMeasuredError, match=r"in 2005-2006 \(it is made of vitamin_d_diet_day1_ug\); it is in 2007"
        ):
            load(["vitamin_d_diet_ug"], cycles=CYCLE, data=make_folder(CYCLE))

    def test_mortality_of_2021(self, make_folder):
        with pytest.raises(NotMeasuredError, match="died is not measured in 2021-2023"):
            load(["died"], cycles="2021-2023", data=make_folder("2021-2023"))

    def test_absent_may_be_missing(self, make_folder):
        frame = load(["vitamin_d_diet_ug", "sex"], cycles=CYCLE, data=make_folder(CYCLE), absent="missing")
        assert frame["vitamin_d_diet_ug"].isna().all()

    def test_absent_is_one_of_two_words(self, make_folder):
        with pytest.raises(DesignError, match="absent='drop' is unknown; there are 'error' and 'missing'"):
            load(["vitamin_d_diet_ug"], cycles=CYCLE, data=make_folder(CYCLE), absent="drop")

    def test_pooling_2021_without_a_word(self, make_folder):
        folder = make_folder("2017-2018", "2021-2023")
        cycles = ["2017-2018", "2021-2023"]
        with pytest.raises(DesignError, match=r"2021-2023 is not to be pooled .* pool_2021=True"):
            load(["sex"], cycles=cycles, data=folder)
        assert len(load(["sex"], cycles=cycles, data=folder, pool_2021=True)) == 12

    def test_span_that_is_none(self, make_folder):
        with pytest.raises(StudyError):
            load(["sex"], cycles="2017-2020", data=make_folder("2017-2018"))

    def test_fasting_with_subsample_a(self, make_folder):
        with pytest.raises(DesignError, match="no common weight"):
            load(["diabetes_fasting", "zinc_serum_ug_dl"], cycles="2011-2012", data=make_folder("2011-2012"))

    def test_file_that_is_not_there(self, make_folder):
        with pytest.raises(FileError, match=r"VID_D\.xpt"):
            load(["vitd_status"], cycles=CYCLE, data=make_folder(CYCLE, without=("VID_D",)))

    def test_column_that_is_not_there(self, make_folder):
        with pytest.raises(FileError, match=r"BMX_D\.xpt.*BMXBMI"):
            load(["bmi_kg_m2"], cycles=CYCLE, data=make_folder(CYCLE, without=("BMXBMI",)))

    def test_person_twice(self, make_folder):
        twice = {"SEQN": [401, 402, 402, 404, 405, 406]}
        with pytest.raises(FileError, match=r"BMX_D\.xpt"):
            load(["bmi_kg_m2"], cycles=CYCLE, data=make_folder(CYCLE, BMX_D=twice))

    def test_person_whom_the_demographics_file_lacks(self, make_folder):
        stranger = {"SEQN": [401, 402, 403, 404, 405, 999]}
        with pytest.raises(FileError, match=r"BMX_D\.xpt has 1 rows of people who are not in DEMO_D\.xpt"):
            load(["bmi_kg_m2"], cycles=CYCLE, data=make_folder(CYCLE, BMX_D=stranger))

    def test_code_that_the_catalogue_does_not_know(self, make_folder):
        with pytest.raises(FileError, match=r"BPQ020 of BPQ_D\.xpt holds codes .*: 5 \(1 rows\)"):
            load(
                ["hypertension_diagnosed"], cycles=CYCLE, data=make_folder(CYCLE, BPQ_D={"BPQ020": [1, 2, 5, 9, 2, 1]})
            )


def test_a_pool_is_its_cycles_one_upon_the_other(make_folder):
    folder = make_folder(CYCLE, "2007-2008", BPQ_D=PRESSURE, BPQ_E={"BPQ020": [2, 1, 1, 9, 2, 2]})
    names = ["hypertension_diagnosed", "sex", "age_80_plus"]
    apart = [load(names, cycles=cycle, data=folder)[names] for cycle in (CYCLE, "2007-2008")]
    pd.testing.assert_frame_equal(load(names, cycles="2005-2008", data=folder)[names], pd.concat(apart))


def test_a_loaded_frame_can_be_saved_and_copied(make_folder, tmp_path):
    frame = load(["vitd_status"], cycles=CYCLE, data=make_folder(CYCLE))
    frame.to_parquet(tmp_path / "frame.parquet")
    back = pd.read_parquet(tmp_path / "frame.parquet")
    assert back.attrs["weight_reason"] == frame.attrs["weight_reason"]
    assert back.attrs["inputs"][0][0] == frame.attrs["inputs"][0].file
    assert frame.copy().attrs["inputs"] == frame.attrs["inputs"]


def test_what_a_cycle_never_asked_is_missing_and_not_zero(make_folder):
    """1999-2006 asked of supplements in the past month, and not of the day of the recall: nobody took 0 mg that day."""
    folder = make_folder(CYCLE, DSQ1_D={"DSD010": [1, 2, 2, 1, 2, 1]})
    names = ["supplement_any", "magnesium_supplement_day1_mg"]
    frame = load(names, cycles=CYCLE, data=folder, absent="missing")
    assert frame["supplement_any"].notna().all()
    assert frame["magnesium_supplement_day1_mg"].isna().all()


def test_days_skipped_for_daily_smokers_are_thirty(make_folder):
    """In 2021-2023 people who smoke every day are not asked on how many days."""
    smoking = {
        "SMQ020": [1, 1, 1, 1, 2, 1],
        "SMQ040": [1, 1, 2, 2, None, 3],
        "SMD641": [None, None, 10, None, None, None],
        "SMD650": [14, 15, 20, 20, None, None],
    }
    made = load(["smoking"], cycles="2021-2023", data=make_folder("2021-2023", SMQ_L=smoking))["smoking"]
    light, heavy = "current under 15 a day", "current 15 or more"
    assert plain(made) == [light, heavy, light, None, "never", "former"]
