"""What the page shows of an answer: pictures' numbers, tables in words, messages, and what is kept."""

from __future__ import annotations

import importlib.util
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from cofactor.errors import CofactorError, FileError
from cofactor.explore.choices import FIRST, Choices
from cofactor.explore.code import DataSource
from cofactor.explore.command import check_installed
from cofactor.explore.distribution import weighted_histogram
from cofactor.explore.explorer import Explorer
from cofactor.explore.home import home_of, opened
from cofactor.explore.pictures import curves_picture
from cofactor.explore.plan import plan_of
from cofactor.explore.tables import cells_table, measures_table, people_lines, quartiles_table
from cofactor.survey import SurveyDesign

FEW = replace(FIRST, cycles="2005-2018", adjust=("age_years", "sex"))


@pytest.fixture(scope="module")
def explorer(synthetic_folder: Path) -> Explorer:
    return Explorer(DataSource(str(synthetic_folder)))


def test_a_weighted_histogram_is_shares_of_weight_in_each_group() -> None:
    data = pd.DataFrame({
        "analysis_weight": [1.0, 3, 2, 2, 5], "strata": 1, "psu": [1, 2, 3, 4, 5], "x": [0.0, 9, 0, 9, np.nan],
        "old": pd.array([True, True, False, False, True], dtype="boolean")})  # fmt: skip
    made = weighted_histogram(SurveyDesign(data), "x", "old", [False, True], bins=2)
    assert made["share"].tolist() == [0.5, 0.5, 0.25, 0.75]
    assert made["group"].tolist() == [False, False, True, True]
    assert (made["low"].min(), made["high"].max()) == (0.0, 9.0)


def test_the_cells_stand_with_the_reference_first_and_count_everybody_in_the_model(explorer: Explorer) -> None:
    plan = plan_of(FEW)
    people, found = explorer.people(plan), explorer.interaction(plan).answer
    shown = cells_table(plan, people, found)
    assert [row[0] for row in shown.rows] == ["50 nmol/L or more", "below 50 nmol/L"]
    assert shown.rows[0][1].startswith("1 (reference)\n")
    assert shown.heads[1:] == ("Magnesium from diet below the EAR: no", "Magnesium from diet below the EAR: yes")
    counts = [int(cell.split("\n")[1].split(" people")[0].replace(",", "")) for row in shown.rows for cell in row[1:]]
    assert sum(counts) == found.fit.n_used


def test_measures_name_the_pair_only_where_there_are_several(explorer: Explorer) -> None:
    one = plan_of(FEW)
    assert measures_table(one, explorer.people(one), explorer.interaction(one).answer).heads[0] == "Measure"
    several = plan_of(replace(FEW, exposure="smoking_status", exposure_cut=None, exposure_reference=""))
    shown = measures_table(several, explorer.people(several), explorer.interaction(several).answer)
    assert {row[0] for row in shown.rows} == {
        "former; Magnesium from diet below the EAR: yes",
        "current; Magnesium from diet below the EAR: yes",
    }


def test_a_modifier_that_follows_from_the_exposure_is_told(explorer: Explorer) -> None:
    zinc = replace(FEW, exposure="zinc_diet_mg", exposure_cut=None, exposure_reference="", modifier="zinc_below_ear")
    with pytest.raises(CofactorError, match=r"nobody in question is in both groups together: Zinc .*; Zinc .*: yes"):
        explorer.interaction(plan_of(zinc))


def test_a_curve_is_drawn_as_far_as_anybody_is_in_its_group(explorer: Explorer) -> None:
    plan = plan_of(
        replace(FEW, exposure="zinc_diet_mg", exposure_cut=None, exposure_reference="", modifier="vitd_status")
    )
    people, found = explorer.people(plan), explorer.curves(plan).answer
    level, other = plan.modifier.levels[:2]
    few = people.design.data.assign(vitd_status=people.design.data["vitd_status"].where(lambda s: s != level, other))
    few.loc[people.design.data["zinc_diet_mg"].between(9, 11), "vitd_status"] = level
    narrow = replace(people, design=SurveyDesign(few, domain=plan.domain))
    drawn = curves_picture(plan, narrow, found, synthetic=True).alt.split(f": {level}: ")[1].split(";")[0]
    ends = [float(text.split(" ")[0].rstrip(".")) for text in drawn.split(" at ")[1:]]
    assert 9 <= ends[0] < ends[1] <= 11


def test_quartiles_and_people_are_said_in_words(explorer: Explorer) -> None:
    plan = plan_of(FEW)
    people = explorer.people(plan)
    rows = quartiles_table(plan, people, explorer.distributions(plan).answer).rows
    assert rows[0][:2] == ("Serum 25-hydroxyvitamin D", "Magnesium from diet below the EAR: no")
    lines = people_lines(plan, people, explorer.interaction(plan).answer)
    assert lines[0].startswith("2,800 people in the files of 2005-2018, ")
    assert lines[-1].startswith("Weight: weight_diet_day1: the smallest subsample used")


@pytest.mark.parametrize(
    ("changes", "same"),
    [
        ({"exposure_reference": ""}, {"people", "distributions", "curves"}),
        ({"outcome": "cause_of_death:cancer"}, set()),
        ({"exposure_cut": 60.0}, {"distributions"}),
        ({}, {"people", "distributions", "curves", "interaction"}),
    ],
)
@pytest.mark.filterwarnings("ignore::cofactor.errors.CofactorWarning")
def test_what_a_change_does_not_touch_is_not_made_again(
    explorer: Explorer, changes: dict[str, object], same: set[str]
) -> None:
    before, after = plan_of(FEW), plan_of(replace(FEW, **changes))
    kept = {
        name
        for name in ("people", "distributions", "curves", "interaction")
        if getattr(explorer, name)(before) is getattr(explorer, name)(after)
    }
    assert kept == same


def test_frames_are_read_once_for_a_set_of_variables(explorer: Explorer) -> None:
    explorer.people(plan_of(FEW))
    before = len(explorer.frames.made)
    explorer.people(plan_of(replace(FEW, exposure_cut=70.0, subgroup="age_years >= 40")))
    assert len(explorer.frames.made) == before


def test_the_oldest_answers_go(explorer: Explorer) -> None:
    from cofactor.explore.explorer import Kept

    kept: Kept[int] = Kept(2)
    assert [kept.get(key, lambda key=key: key) for key in (1, 2, 3)] == [1, 2, 3]
    assert list(kept.made) == [2, 3]


@pytest.mark.parametrize(
    ("pairs", "choices"),
    [
        ([("exposure_reference", "lower"), ("exposure", "bmi_kg_m2")], ("bmi_kg_m2", "")),
        ([("exposure", "magnesium_supp_mg"), ("cycles", "2007-2018")], ("magnesium_supplement_mg", "")),
        ([("exposure", "shoe_size")], (FIRST.exposure, FIRST.exposure_reference)),
    ],
)
def test_an_address_opens_the_form_as_the_form_says_it(pairs: list[tuple[str, str]], choices: tuple[str, str]) -> None:
    made: Choices = opened(pairs)[0]
    assert (made.exposure, made.exposure_reference) == choices


def test_a_folder_that_was_named_and_is_not_there_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(FileError, match="there is no data folder"):
        home_of(tmp_path / "none")


def test_a_folder_without_files_offers_synthetic_ones(tmp_path: Path) -> None:
    home = home_of(tmp_path)
    assert home.explorer is None
    assert not home.synthetic


def test_synthetic_files_are_made_on_request_and_taken_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("platformdirs.user_cache_path", lambda name: tmp_path / name)
    monkeypatch.setattr("cofactor.explore.home.PEOPLE", 300)
    first, second = home_of(tmp_path), home_of(tmp_path)
    first.make_synthetic()
    marker = tmp_path / "cofactor" / "synthetic" / "cofactor-synthetic.json"
    made = marker.stat().st_mtime_ns
    second.make_synthetic()
    assert marker.stat().st_mtime_ns == made
    for home in (first, second):
        assert home.synthetic
        assert home.explorer is not None
        assert home.explorer.source == DataSource(str(marker.parent), people=300, seed=20191231)


def test_a_synthetic_folder_is_known_as_one(synthetic_folder: Path) -> None:
    assert home_of(synthetic_folder).synthetic


def test_without_the_extra_the_command_says_how_to_install_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    with pytest.raises(CofactorError, match=r"shiny, uvicorn, starlette, .*: pip install 'cofactor\[explore\]'"):
        check_installed()


def test_a_port_that_is_taken_is_an_error_with_a_mend() -> None:
    from cofactor.explore.serving import listen

    first = listen()
    with first.socket, pytest.raises(CofactorError, match=f"port {first.port} cannot be used .* --port"):
        listen(first.port)


@pytest.mark.real_data
def test_a_change_costs_less_than_two_seconds_on_real_files_of_nine_cycles(real_data_folder: Path) -> None:
    """Seconds of processor, which a busy machine does not stretch; the parsed files are warm."""
    import time

    from cofactor.explore.results import PARTS

    explorer = Explorer(DataSource(str(real_data_folder)))
    costs = []
    for changes in (
        {},
        {"modifier": "magnesium_diet_mg"},
        {"subgroup": "age_years >= 40"},
        {"adjust": FIRST.adjust[:3]},
    ):
        plan = plan_of(replace(FIRST, **changes))
        before = time.process_time()
        for part in PARTS:
            part.show(explorer, plan, False)
        costs.append(time.process_time() - before)
    assert max(costs[1:]) < 2.0
