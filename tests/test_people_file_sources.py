"""The file beside the people leads from each column to CDC's files."""

from __future__ import annotations

import json
from pathlib import Path

import pandas as pd
import pytest

from cofactor.people_file import write_people

from .people_files import five_people


@pytest.fixture
def frame() -> pd.DataFrame:
    """Five people and every kind of column."""
    return five_people()


# Where it is from


def test_sources_lead_from_each_column_to_the_files_of_its_cycles(synthetic_folder: Path, tmp_path: Path) -> None:
    import cofactor

    people = cofactor.load(
        ["magnesium_supp_mg", "calcium_diet_mg"], cycles="2005-2008", data=synthetic_folder, absent="missing"
    )
    asked = {"names": ["magnesium_supp_mg", "calcium_diet_mg"], "cycles": "2005-2008"}
    told = json.loads(write_people(people, tmp_path / "people.dta", asked=asked).read_text(encoding="utf-8"))
    assert told["asked"] == asked
    assert told["columns"]["magnesium_supp_mg"]["variable"] == "magnesium_supplement_mg"
    assert told["weight"] == people.attrs["weight_name"]
    files = {one["file"] for one in told["inputs"]}
    reached, todo = set(), [column["variable"] for column in told["columns"].values() if column["variable"]]
    while todo:
        one = told["variables"][todo.pop()]
        if "derived" in one:
            assert one["derived"]["rule"]
            todo += one["derived"]["inputs"]
        else:
            reached |= {source["file"] for source in one["measured"].values() if source and "file" in source}
    assert {"DEMO_D.xpt", "DR1TOT_D.xpt", "DR1TOT_E.xpt"} <= reached <= files
    assert all(len(one["sha256"]) == 64 for one in told["inputs"])


def test_sources_name_the_column_of_each_cycle_and_its_missing_codes(synthetic_folder: Path, tmp_path: Path) -> None:
    import cofactor

    people = cofactor.load(["magnesium_diet_day1_mg", "education"], cycles="2001-2004", data=synthetic_folder)
    told = json.loads(write_people(people, tmp_path / "people.csv").read_text(encoding="utf-8"))["variables"]
    columns = {cycle: source["columns"] for cycle, source in told["magnesium_diet_day1_mg"]["measured"].items()}
    assert columns == {"2001-2002": ["DRXTMAGN"], "2003-2004": ["DR1TMAGN"]}
    assert told["education"]["measured"]["2003-2004"]["recode"]["missing"] == [[7, 7], [9, 9]]


@pytest.mark.parametrize(
    ("name", "file", "database"),
    [
        ("medicine_statin", "RXQ_RX_D.xpt", "RXQ_DRUG.xpt"),
        ("magnesium_supplement_products_mg", "DSQ2_D.xpt", "DSPI.xpt"),
    ],
)
def test_sources_name_the_databases_that_a_variable_is_looked_up_in(
    name: str, file: str, database: str, synthetic_folder: Path, tmp_path: Path
) -> None:
    import cofactor

    people = cofactor.load([name], cycles="2005-2006", data=synthetic_folder)
    told = json.loads(write_people(people, tmp_path / "people.csv").read_text(encoding="utf-8"))
    sources = [one["measured"]["2005-2006"] for one in told["variables"].values() if "measured" in one]
    assert [one for one in sources if one.get("file") == file and database in one.get("looked_up_in", [])]
    assert {file, database} <= {one["file"] for one in told["inputs"]}


def test_sources_carry_the_hash_of_the_file_beside_them(frame: pd.DataFrame, tmp_path: Path) -> None:
    from cofactor.loaders.digest import sha256_of

    told = json.loads(write_people(frame, tmp_path / "people.sav").read_text(encoding="utf-8"))
    assert told["file"] == {"name": "people.sav", "sha256": sha256_of(tmp_path / "people.sav")}
    assert told["columns"]["band"]["missing"] == 1
    assert told["columns"]["band"]["levels"] == ["< 10 µg", "≥ 10 µg", "naïve"]
    assert told["columns"]["band"]["reference"] == "< 10 µg"
    assert told["columns"]["vitamin_d_ug"]["variable"] is None
