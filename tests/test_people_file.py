"""A file of people holds what `load` returned, in every format: numbers, labels, levels, and missing as missing."""

from __future__ import annotations

import csv
import json
import shutil
import subprocess
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow.parquet as pq
import pyreadstat
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pyarrow import feather
from typer.testing import CliRunner

from cofactor.cli import app
from cofactor.people_file import ENDINGS, write_people

from .people_files import PINNED, five_people, names_in, plain, read_back


@pytest.fixture
def frame() -> pd.DataFrame:
    """Five people and every kind of column."""
    return five_people()


# Round trips


@pytest.mark.parametrize("ending", ENDINGS)
def test_every_format_gives_back_what_was_written(ending: str, frame: pd.DataFrame, tmp_path: Path) -> None:
    path = tmp_path / f"people{ending}"
    assert write_people(frame, path) == tmp_path / f"people{ending}.json"
    found = read_back(path, frame, names_in(path))
    pd.testing.assert_frame_equal(found, plain(frame), check_exact=True, check_dtype=False)


@pytest.mark.parametrize("ending", ENDINGS)
def test_nobody_at_all_is_a_file_without_rows(ending: str, frame: pd.DataFrame, tmp_path: Path) -> None:
    path = tmp_path / f"people{ending}"
    write_people(frame.iloc[:0], path)
    assert len(read_back(path, frame, names_in(path))) == 0


@pytest.mark.parametrize("ending", [".parquet", ".feather"])
def test_arrow_keeps_types_and_carries_labels_in_each_field(ending: str, frame: pd.DataFrame, tmp_path: Path) -> None:
    path = tmp_path / f"people{ending}"
    write_people(frame, path)
    table = pq.read_table(path) if ending == ".parquet" else feather.read_table(path)
    pd.testing.assert_frame_equal(table.to_pandas(), frame, check_exact=True)
    assert table.schema.field("vitamin_d_ug").metadata == {b"label": b"Vitamin D from food", b"unit": "µg".encode()}
    assert json.loads(table.schema.field("band").metadata[b"levels"]) == ["< 10 µg", "≥ 10 µg", "naïve"]
    assert table.schema.field("SEQN").metadata[b"label"] == b"Respondent sequence number"


def test_csv_writes_all_digits_and_leaves_missing_cells_empty(frame: pd.DataFrame, tmp_path: Path) -> None:
    write_people(frame, tmp_path / "people.csv")
    with (tmp_path / "people.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert float(rows[4]["vitamin_d_ug"]) == 1 / 3
    assert (rows[1]["vitamin_d_ug"], rows[2]["died"], rows[2]["band"]) == ("", "", "")
    assert (rows[2]["vitamin_d_ug"], rows[0]["died"], rows[0]["band"]) == ("0.0", "True", "≥ 10 µg")


@pytest.mark.parametrize(("ending", "room"), [(".dta", 80), (".sav", 120)])
def test_stata_and_spss_have_labels_with_units_within_their_room(
    ending: str, room: int, frame: pd.DataFrame, tmp_path: Path
) -> None:
    path = tmp_path / f"people{ending}"
    write_people(frame, path)
    _, meta = (pyreadstat.read_dta if ending == ".dta" else pyreadstat.read_sav)(str(path))
    labels = meta.column_names_to_labels
    assert labels["vitamin_d_ug"] == "Vitamin D from food (µg)"
    assert labels["analysis_weight"] == "Analysis weight, persons: weight_exam, scaled to the pool"
    assert len(labels["band"]) <= room
    assert labels["band"].endswith("… (µg)")
    assert {float(code): level for code, level in meta.variable_value_labels["died"].items()} == {0: "no", 1: "yes"}
    assert list(meta.variable_value_labels["band"].values()) == ["< 10 µg", "≥ 10 µg", "naïve"]
    assert "vitamin_d_ug" not in meta.variable_value_labels


def test_stata_keeps_codes_as_whole_numbers_and_the_rest_in_full(frame: pd.DataFrame, tmp_path: Path) -> None:
    """pandas reads Stata's own types: another reader than the one that wrote."""
    write_people(frame, tmp_path / "people.dta")
    found = pd.read_stata(tmp_path / "people.dta", convert_categoricals=False)
    assert found["vitamin_d_ug"].dtype == found["followup_months"].dtype == "float64"
    assert found["followup_months"].iloc[4] == PINNED
    assert found["SEQN"].tolist() == frame.index.tolist()
    assert found["died"].tolist()[:2] == [1, 0]
    assert np.isnan(found["died"].iloc[2])
    shown = pd.read_stata(tmp_path / "people.dta")
    assert shown["band"].tolist()[:2] == ["≥ 10 µg", "< 10 µg"]


def test_spss_knows_numbers_from_codes(frame: pd.DataFrame, tmp_path: Path) -> None:
    write_people(frame, tmp_path / "people.sav")
    _, meta = pyreadstat.read_sav(str(tmp_path / "people.sav"))
    assert meta.variable_measure["vitamin_d_ug"] == "scale"
    assert meta.variable_measure["band"] == meta.variable_measure["died"] == "nominal"
    assert meta.missing_ranges == {}


DOUBLES = st.floats(-8.9e307, 8.9e307, allow_subnormal=True) | st.just(np.nan)


@pytest.mark.parametrize("ending", ENDINGS)
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(numbers=st.lists(DOUBLES, min_size=1, max_size=8))
def test_every_number_comes_back_to_the_last_digit(ending: str, numbers: list[float], tmp_path: Path) -> None:
    people = pd.DataFrame({"number": numbers}, index=pd.RangeIndex(1, len(numbers) + 1, name="SEQN"))
    path = tmp_path / f"people{ending}"
    write_people(people, path)
    found = read_back(path, people, names_in(path))
    np.testing.assert_array_equal(found["number"].to_numpy(), np.array(numbers))


# The command


@pytest.mark.parametrize("ending", ENDINGS)
def test_the_command_writes_every_format_and_says_what_was_asked(
    ending: str, synthetic_folder: Path, tmp_path: Path
) -> None:
    path = tmp_path / f"people{ending}"
    names = ["age_years", "smoking", "medicine_calcium_channel_blocker", "died"]
    words = ["load", *names, "--cycles", "2005-2008", "--data", str(synthetic_folder), "-o", str(path)]
    done = CliRunner().invoke(app, words)
    assert done.exit_code == 0, done.output
    told = json.loads(path.with_name(f"{path.name}.json").read_text(encoding="utf-8"))
    assert told["asked"] == {
        "names": names, "cycles": "2005-2008", "weight": "auto", "absent": "error", "pool_2021": False
    }  # fmt: skip
    assert told["rows"] == 800
    assert ("1 names are too long for .dta" in done.output) == (ending == ".dta")


# R

R_SCRIPT = """
path <- commandArgs(TRUE)[1]
if (endsWith(path, ".dta")) people <- haven::read_dta(path)
if (endsWith(path, ".sav") && commandArgs(TRUE)[2] == "haven") people <- haven::read_sav(path)
if (commandArgs(TRUE)[2] == "haven") {
  labels <- vapply(people, function(column) attr(column, "label"), "")
  people <- as.data.frame(haven::as_factor(people))
} else {
  people <- foreign::read.spss(path, to.data.frame = TRUE, reencode = "UTF-8")
  labels <- attr(people, "variable.labels")
}
numbers <- people
numbers[] <- lapply(people, function(x) if (is.factor(x)) as.character(x) else sprintf("%a", x))
numbers[is.na(people)] <- NA
write.csv(numbers, paste0(path, ".r.csv"), row.names = FALSE, na = "", fileEncoding = "UTF-8")
writeLines(enc2utf8(labels), paste0(path, ".labels.txt"), useBytes = TRUE)
"""


def run_r(script: Path, path: Path, package: str) -> None:
    if shutil.which("Rscript") is None:
        pytest.skip("R is not installed")
    there = subprocess.run(["Rscript", "-e", f"cat(requireNamespace('{package}'))"], capture_output=True, text=True)
    if "TRUE" not in there.stdout:
        pytest.skip(f"R has no package {package}")
    subprocess.run(["Rscript", str(script), str(path), package], check=True, capture_output=True, text=True)


@pytest.mark.parametrize(("ending", "package"), [(".dta", "haven"), (".sav", "haven"), (".sav", "foreign")])
def test_r_reads_the_same_numbers_levels_labels_and_gaps(
    ending: str, package: str, frame: pd.DataFrame, tmp_path: Path
) -> None:
    path, script = tmp_path / f"people{ending}", tmp_path / "read.R"
    script.write_text(R_SCRIPT, encoding="utf-8")
    write_people(frame, path)
    run_r(script, path, package)
    found = pd.read_csv(tmp_path / f"people{ending}.r.csv", dtype=str, keep_default_na=False)
    wanted = plain(frame).rename(columns=names_in(path))
    assert list(found.columns) == list(wanted.columns)
    flags = [names_in(path)[name] for name in frame if frame[name].dtype == "boolean"]
    for name, column in wanted.items():
        cells = column.map({1.0: "yes", 0.0: "no"}) if name in flags else column
        assert [_r_cell(cell) for cell in found[name]] == [None if pd.isna(c) else c for c in cells], name
    labels = (tmp_path / f"people{ending}.labels.txt").read_text(encoding="utf-8").splitlines()
    assert "Vitamin D from food (µg)" in labels
    assert len(labels) == len(wanted.columns)


def _r_cell(text: str) -> float | str | None:
    """R writes numbers in hexadecimal, so that no digit is lost."""
    if text == "":
        return None
    return float.fromhex(text) if text.lstrip("-").startswith("0x") else text
