"""`cofactor verify --codebook`: the raw columns of the files present, against CDC's counts."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import pandas as pd
import pytest

from cofactor.cohort import codebook as check
from cofactor.cohort import load, variables
from cofactor.cohort.codebook import CodebookReport, Disagreement, verify_codebook
from cofactor.cohort.codebook_words import disagreement_table, explained_words, summary, unexplained_words
from cofactor.cohort.raw_columns import raw_columns
from cofactor.errors import FileError
from cofactor.loaders.code_comparison import CountDifference
from cofactor.loaders.codes import CodeCount, published_codes
from cofactor.loaders.manifest import load_manifest
from cofactor.loaders.store import DataFolder

KNOWN = Disagreement("A.xpt", "X", CountDifference("7", 1, 2), "The page is older.")
UNKNOWN = Disagreement("A.xpt", "Y", CountDifference("9", None, 1234), "")


def report(*found: Disagreement, **given: object) -> CodebookReport:
    parts = {"compared": (("A.xpt", "X"), ("A.xpt", "Y")), "uncounted": {}, "unread": {}, "absent": ()}
    return CodebookReport(root=Path("data"), disagreements=found, **{**parts, **given})


def test_a_known_disagreement_passes_and_is_told():
    found = report(KNOWN)
    assert found.is_good
    assert explained_words(found) == ["known: A.xpt (X): The page is older."]
    assert unexplained_words(found) == []
    assert "1 agree, 1 differ for a known reason" in summary(found)


def test_a_disagreement_without_a_reason_fails_and_is_told_with_its_figures():
    found = report(KNOWN, UNKNOWN)
    assert not found.is_good
    assert unexplained_words(found)[-1].split() == ["A.xpt", "Y", "9", "not", "on", "page", "1,234"]
    assert "1 differ and no reason is known" in summary(found)


def test_a_column_without_counts_fails_unless_the_reason_is_known():
    assert not report(uncounted={("A.xpt", "Z"): ""}).is_good
    assert report(uncounted={("A.xpt", "Z"): "No page."}).is_good


def test_a_file_that_cannot_be_read_fails():
    found = report(unread={"A.xpt": "truncated"})
    assert not found.is_good
    assert unexplained_words(found) == ["unread: A.xpt: truncated"]


def test_nothing_to_compare_fails():
    found = report(compared=())
    assert not found.is_good
    assert "cofactor fetch" in summary(found)


def test_the_table_has_a_row_a_code():
    table = report(KNOWN, UNKNOWN).table()
    assert table["found"].tolist() == [2, 1234]
    assert table["published"].isna().tolist() == [False, True]
    assert disagreement_table([]) == []


def test_synthetic_files_are_refused(make_folder):
    with pytest.raises(FileError, match="synthetic files, which no codebook counts"):
        verify_codebook(make_folder("2005-2006"))


def test_a_damaged_file_is_named_and_fails(tmp_path):
    record = load_manifest().records["BMX_D.xpt"]
    path = tmp_path / record.path
    path.parent.mkdir(parents=True)
    path.write_bytes(b"no transport file" * 100)
    found = verify_codebook(tmp_path, "2005-2006", progress=False)
    assert list(found.unread) == ["BMX_D.xpt"]
    assert not found.is_good


@pytest.mark.real_data
def test_every_catalogued_column_of_the_mirror_agrees_or_is_explained(real):
    found = verify_codebook(real)
    assert unexplained_words(found) == []
    assert found.is_good
    assert not found.absent
    assert len(found.compared) > 900


@pytest.mark.real_data
def test_a_wrong_count_is_found(real, monkeypatch):
    wrong = dict(published_codes())
    wrong["DEMO_D.xpt", "RIAGENDR"] = (CodeCount("code", 1.0, 1.0, "", 1),)
    monkeypatch.setattr(check, "published_codes", lambda: wrong)
    found = {d.difference for d in verify_codebook(real, "2005-2006").unexplained}
    assert found == {CountDifference("1", 1, 5080), CountDifference("2", None, 5268)}


@pytest.mark.real_data
def test_every_column_that_load_reads_is_checked(real, monkeypatch):
    asked: set[tuple[str, str]] = set()
    served = DataFolder.columns

    def columns(self: DataFolder, file: str, names: Iterable[str], **how: bool) -> pd.DataFrame:
        wanted = list(names)
        asked.update((file, name) for name in wanted if name != "SEQN")
        return served(self, file, wanted, **how)

    monkeypatch.setattr(DataFolder, "columns", columns)
    cycles = ["1999-2000", "2003-2004", "2015-2016", "2017-2018", "2021-2023"]
    load(list(variables()), cycles=cycles, data=real, absent="missing", weight=None, pool_2021=True)
    assert asked <= set(raw_columns())
    assert {file for file, _ in asked} >= {"DSPI.xpt", "DSII.xpt", "RXQ_DRUG.xpt"}
