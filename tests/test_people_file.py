"""A file of people holds what `load` returned, in every format: numbers, labels, levels, and missing as missing."""

from __future__ import annotations

import csv
import errno
import json
import shutil
import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow.parquet as pq
import pyreadstat
import pytest
from pyarrow import feather

from cofactor.cohort import variables
from cofactor.errors import FileError
from cofactor.people_file import ENDINGS, check_ending, write_people
from cofactor.people_file.short_names import short_name

LONG = "adequate_intake_of_vitamin_d_by_age_and_sex"
SHORT = "adequate_intake_of_vitamin__"
PINNED = 299_792_458.125


@pytest.fixture
def frame() -> pd.DataFrame:
    """Five people and every kind of column, as `load` gives them."""
    columns = {
        "vitamin_d_ug": [1.5, np.nan, 0.0, -3.25, 1 / 3],
        "followup_months": [0.5, 250.0, np.nan, 12.0, PINNED],
        "all_missing": [np.nan] * 5,
        "died": pd.array([True, False, None, True, False], dtype="boolean"),
        LONG: pd.array([None] * 5, dtype="boolean"),
        "band": pd.Categorical(["≥ 10 µg", "< 10 µg", None, "≥ 10 µg", "< 10 µg"], ["< 10 µg", "≥ 10 µg", "naïve"]),
        "no_band": pd.Categorical([None] * 5, ["a", "b"]),
        "cycle": pd.Categorical(["2005-2006"] * 3 + ["2007-2008"] * 2),
        "strata": np.array([44, 44, 45, 60, 61]),
        "psu": np.array([1, 2, 1, 1, 2]),
        "analysis_weight": [1234.5, 0.0, 22.25, 1e5, 7.0],
    }
    made = pd.DataFrame(columns, index=pd.Index([31127, 31128, 31129, 41475, 142310], name="SEQN"))
    made.attrs |= {
        "labels": {"vitamin_d_ug": "Vitamin D from food", "died": "Died", "band": "Band " * 40, LONG: "Adequate"},
        "units": {"vitamin_d_ug": "µg", "band": "µg"},
        "references": {"band": "< 10 µg"},
        "weight_name": "weight_exam",
        "weight_reason": "examined",
    }
    return made


def plain(frame: pd.DataFrame) -> pd.DataFrame:
    """Everything as text levels or floats, NaN for missing: what any format must give back."""
    out = frame.reset_index()
    for name, column in out.items():
        if hasattr(column.dtype, "categories"):
            out[name] = column.astype(object).where(column.notna(), None)
        else:
            out[name] = column.astype("Float64").astype(float)
    return out


def from_codes(table: pd.DataFrame, meta: Any, like: pd.DataFrame, names: dict[str, str]) -> pd.DataFrame:
    """Undo the coding of Stata and SPSS by the labels in the file itself."""
    out = table.rename(columns={short: name for name, short in names.items()})
    for name in like.columns:
        if hasattr(like[name].dtype, "categories"):
            levels = {float(code): level for code, level in meta.variable_value_labels[names[name]].items()}
            codes = pd.to_numeric(out[name]).astype(float)
            out[name] = pd.Series([levels.get(code) for code in codes], dtype=object)
    return out.assign(**{n: pd.to_numeric(out[n]).astype(float) for n in out if out[n].dtype != object})


def read_back(path: Path, like: pd.DataFrame, names: dict[str, str]) -> pd.DataFrame:
    if path.suffix == ".parquet":
        return plain(pd.read_parquet(path))
    if path.suffix == ".feather":
        return plain(feather.read_table(path).to_pandas())
    if path.suffix == ".csv":
        types = {n: "boolean" for n in like if like[n].dtype == "boolean"}
        types |= {n: like[n].dtype for n in like if hasattr(like[n].dtype, "categories")}
        return plain(pd.read_csv(path, index_col="SEQN", dtype=types))
    read = pyreadstat.read_dta if path.suffix == ".dta" else pyreadstat.read_sav
    table, meta = read(str(path), user_missing=False)
    flags = {n: pd.to_numeric(table[names[n]]).astype(float) for n in like if like[n].dtype == "boolean"}
    return from_codes(table.assign(**{names[n]: v for n, v in flags.items()}), meta, like, names)


def names_in(path: Path) -> dict[str, str]:
    told = json.loads(path.with_name(f"{path.name}.json").read_text(encoding="utf-8"))
    return {name: column["name_in_file"] for name, column in told["columns"].items()}


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


# Names


@pytest.mark.parametrize(
    ("name", "room", "short"),
    [
        ("magnesium_diet_mg", 32, "magnesium_diet_mg"),
        ("a" * 32, 32, "a" * 32),
        ("if", 32, "if_"),
        ("With", 64, "With_"),
        ("25oh", 32, "v25oh_"),
        ("µg of iron", 32, "v_g_of_iron_"),
        (LONG, 32, SHORT[:-1]),
    ],
)
def test_a_name_that_cannot_stand_ends_in_a_mark_of_its_own(name: str, room: int, short: str) -> None:
    found = short_name(name, room)
    assert len(found) <= room
    assert found == short if name == short else found.startswith(short)
    assert found == short_name(name, room)


@pytest.mark.parametrize(("ending", "room"), [(".dta", 32), (".sav", 64)])
def test_every_variable_of_the_catalogue_can_be_written_under_a_name_of_its_own(
    ending: str, room: int, synthetic_folder: Path, tmp_path: Path
) -> None:
    import cofactor

    people = cofactor.load(
        list(variables()), cycles="2005-2006", data=synthetic_folder, absent="missing", weight=None
    ).iloc[:5]
    path = tmp_path / f"people{ending}"
    write_people(people, path)
    names = names_in(path)
    _, meta = (pyreadstat.read_dta if ending == ".dta" else pyreadstat.read_sav)(str(path), metadataonly=True)
    assert meta.column_names == list(names.values())
    assert len(set(names.values())) == len(people.columns) + 1
    assert max(map(len, names.values())) <= room
    assert meta.number_rows == 5


@pytest.mark.parametrize("length", [28, 29, 32, 33, 63, 64, 65, 120])
@pytest.mark.parametrize("ending", [".dta", ".sav"])
def test_names_of_any_length_can_be_written(ending: str, length: int, frame: pd.DataFrame, tmp_path: Path) -> None:
    long = {kind: f"{kind}_{'x' * length}"[:length] for kind in ("vitamin_d_ug", "died", "band")}
    renamed = frame.rename(columns=long)
    write_people(renamed, tmp_path / f"people{ending}")
    names = names_in(tmp_path / f"people{ending}")
    found = read_back(tmp_path / f"people{ending}", renamed, names)
    pd.testing.assert_frame_equal(found, plain(renamed), check_exact=True, check_dtype=False)


def test_names_that_differ_in_capitals_alone_are_refused(frame: pd.DataFrame, tmp_path: Path) -> None:
    with pytest.raises(FileError, match="died, Died would have one name"):
        write_people(frame.assign(Died=1.0), tmp_path / "people.sav")
    assert list(tmp_path.iterdir()) == []


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


# What cannot be written


@pytest.mark.parametrize("name", ["people.xlsx", "people", "people.PARQUET"])
def test_another_ending_is_refused_with_those_that_there_are(name: str) -> None:
    with pytest.raises(FileError, match=r"neither \.parquet nor \.csv nor \.dta nor \.sav nor \.feather"):
        check_ending(Path(name))


@pytest.mark.parametrize(
    ("columns", "ending", "words"),
    [
        ({"ratio": [np.inf, 1.0, 1.0, 1.0, 1.0]}, ".dta", "ratio holds an infinite number"),
        ({"ratio": [1.0, -np.inf, 1.0, 1.0, 1.0]}, ".sav", "ratio holds an infinite number"),
        ({"note": ["a", "b", "c", "d", "e"]}, ".csv", "'note' holds str values"),
        ({"when": pd.date_range("2005-01-01", periods=5)}, ".parquet", "'when' holds datetime"),
    ],
)
def test_what_a_format_cannot_hold_is_refused_and_nothing_left(
    columns: dict[str, Any], ending: str, words: str, frame: pd.DataFrame, tmp_path: Path
) -> None:
    with pytest.raises(FileError, match=words):
        write_people(frame.assign(**columns), tmp_path / f"people{ending}")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("ending", ENDINGS)
def test_a_target_that_is_a_folder_is_refused(ending: str, frame: pd.DataFrame, tmp_path: Path) -> None:
    (tmp_path / f"people{ending}").mkdir()
    with pytest.raises(FileError, match="cannot be written"):
        write_people(frame, tmp_path / f"people{ending}")
    assert [one.name for one in tmp_path.iterdir()] == [f"people{ending}"]


@pytest.mark.parametrize("ending", ENDINGS)
def test_a_folder_that_is_a_file_is_refused(ending: str, frame: pd.DataFrame, tmp_path: Path) -> None:
    (tmp_path / "here").write_text("a file")
    with pytest.raises(FileError, match="cannot be written"):
        write_people(frame, tmp_path / "here" / f"people{ending}")


@pytest.fixture
def small_disk() -> Iterator[None]:
    """Let every file end at 20,000 bytes, as a disk does that fills while writing."""
    resource = pytest.importorskip("resource", reason="limits on file size are POSIX")
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    handler = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, before[1]))
    yield
    resource.setrlimit(resource.RLIMIT_FSIZE, before)
    signal.signal(signal.SIGXFSZ, handler)


@pytest.mark.usefixtures("small_disk")
@pytest.mark.parametrize("ending", ENDINGS)
def test_a_disk_that_fills_leaves_neither_people_nor_sources(ending: str, frame: pd.DataFrame, tmp_path: Path) -> None:
    rng = np.random.default_rng(1)
    many = pd.DataFrame({"noise": rng.random(50_000), "cycle": pd.Categorical(["2005-2006"] * 50_000)})
    with pytest.raises(FileError, match="cannot be written"):
        write_people(many, tmp_path / f"people{ending}")
    assert list(tmp_path.iterdir()) == []


def test_a_former_file_survives_a_write_that_fails(
    frame: pd.DataFrame, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "people.csv"
    write_people(frame, path)
    before = path.read_bytes(), path.with_name("people.csv.json").read_bytes()

    def full(*_: object, **__: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(pd.DataFrame, "to_csv", full)
    with pytest.raises(FileError, match="No space left"):
        write_people(frame.iloc[:2], path)
    assert (path.read_bytes(), path.with_name("people.csv.json").read_bytes()) == before
