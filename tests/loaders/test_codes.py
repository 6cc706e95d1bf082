"""The table of CDC's counts: whole, and read as it is written."""

from __future__ import annotations

import pytest

from cofactor.cohort.raw_columns import raw_columns
from cofactor.errors import FileError
from cofactor.loaders.codes import CODES, CodeCount, published_codes
from cofactor.loaders.disagreements import known_disagreements
from cofactor.loaders.manifest import load_manifest

HEAD = "file,column,kind,low,high,count\n"


def counted_files() -> list[str]:
    """Files of the catalogue that have a codebook page; linked mortality has none."""
    return sorted({file for file, _ in raw_columns() if not file.endswith(".dat")})


@pytest.mark.parametrize("file", counted_files())
def test_every_catalogued_column_has_its_counts(file):
    mine = {(name, column) for name, column in raw_columns() if name == file}
    lacking = mine - set(published_codes()) - set(known_disagreements().uncounted)
    assert not lacking, "run data_manifest/build_codes.py with the mirror's codebook.csv.xz"


def test_the_table_holds_catalogued_columns_alone():
    assert set(published_codes()) <= set(raw_columns())


def test_counts_of_a_one_row_file_sum_to_its_rows():
    rows = load_manifest().records
    for file, column in (("DEMO_D.xpt", "RIDAGEYR"), ("BMX_J.xpt", "BMXBMI"), ("MCQ_H.xpt", "MCQ160C")):
        assert sum(line.count for line in published_codes()[file, column]) == rows[file].rows


def test_the_table_is_small():
    assert (load_manifest().folder / CODES).stat().st_size < 1_500_000


def test_lines_are_read_as_written(tmp_path):
    lines = ("code,7,,2", "range,0,84.5,3", "missing,,,4", "text,77,,5", "recorded,,,6")
    (tmp_path / CODES).write_text(HEAD + "".join(f"A.xpt,X,{line}\n" for line in lines), encoding="utf-8")
    assert published_codes(tmp_path)["A.xpt", "X"] == (
        CodeCount("code", 7.0, 7.0, "", 2),
        CodeCount("range", 0.0, 84.5, "", 3),
        CodeCount("missing", None, None, "", 4),
        CodeCount("text", None, None, "77", 5),
        CodeCount("recorded", None, None, "", 6),
    )


@pytest.mark.parametrize("line", ["A.xpt,X,colour,1,,2\n", "A.xpt,X,code,one,,2\n", "A.xpt,X,code,1,,\n"])
def test_a_damaged_table_is_refused(tmp_path, line):
    (tmp_path / CODES).write_text(HEAD + line, encoding="utf-8")
    with pytest.raises(FileError, match="reinstall cofactor"):
        published_codes(tmp_path)


def test_an_absent_table_is_refused(tmp_path):
    with pytest.raises(FileError, match=r"codes\.csv"):
        published_codes(tmp_path)
