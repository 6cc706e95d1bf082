"""The report as files: whole, self-contained, faithful, or not there at all."""

from __future__ import annotations

import dataclasses
import errno
import hashlib
import html.parser
import json
import re

import numpy as np
import pandas as pd
import pytest

from cofactor.errors import FileError
from cofactor.report import page, write_report


class Reader(html.parser.HTMLParser):
    """Collect tags with their attributes, and check that they close in order."""

    VOID = frozenset({"meta", "img", "br", "link", "hr", "input", "!doctype"})

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.text: list[str] = []

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        self.text.append(data)

    def of(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.tags if name == tag]


@pytest.fixture(scope="module")
def files(result, tmp_path_factory):
    return write_report(result, tmp_path_factory.mktemp("report") / "out")


@pytest.fixture(scope="module")
def small(make_result, study):
    """The same with few models and no second population: quick to write."""
    kept = ("primary", "primary_set_1", "deficits", "picture", "median", "after_24_months", "trust_crude")
    asked = dataclasses.replace(study.headline, companions=("median",))
    models = tuple(model for model in study.models if model.name in kept)
    return make_result(dataclasses.replace(study, models=models, headline=asked, variants=()))


@pytest.fixture(scope="module")
def read(files) -> Reader:
    reader = Reader()
    reader.feed(files.html.read_text(encoding="utf-8"))
    assert reader.open == []
    return reader


def test_page_needs_nothing_outside_itself(read):
    for tag, attributes in read.tags:
        assert tag not in ("script", "link", "iframe", "object", "embed")
        for name in ("src", "href", "srcset", "data", "poster"):
            address = attributes.get(name)
            assert address is None or address.startswith(("data:image/png;base64,", "#"))
        assert not any(name.startswith("on") for name in attributes)
    style = "".join(read.text)
    assert "@import" not in style
    assert "url(" not in style


def test_page_names_its_language_and_fits_a_telephone(read):
    assert read.of("html") == [{"lang": "en"}]
    assert {"name": "viewport", "content": "width=device-width, initial-scale=1"} in read.of("meta")


def test_every_picture_says_what_it_shows(read, files):
    pictures = read.of("img")
    assert len(pictures) == len(files.figures)
    for picture in pictures:
        assert len(picture["alt"] or "") > 40
        assert int(picture["width"] or 0) > 300


def test_every_heading_of_a_table_has_its_scope(read):
    assert len(read.of("th")) > 100
    assert {attributes.get("scope") for attributes in read.of("th")} == {"col", "row", "colgroup", "rowgroup"}
    assert all(attributes.get("aria-labelledby") for attributes in read.of("table"))


def test_addresses_within_the_page_are_unique_and_exist(read):
    names = [attributes["id"] for _, attributes in read.tags if attributes.get("id")]
    assert len(names) == len(set(names))
    for link in read.of("a"):
        assert (link["href"] or "")[1:] in names


def test_first_screen_answers_with_the_number_and_what_cannot_be_told(files, result):
    reader = Reader()
    reader.feed(files.html.read_text(encoding="utf-8").split("<nav")[0])
    text = " ".join(" ".join(reader.text).split())
    for sentence in (*result.headline["answer"], *result.headline["limits"], result.study.question):
        assert " ".join(sentence.split()) in text
    assert f"{result.headline['primary']['ratio']:.2f}" in text


def test_every_table_has_a_file_that_reads_back_equal(files, result):
    tables = result.tables()
    assert len(files.tables) == len(tables)
    for name, table in tables.items():
        path = files.html.parent / "tables" / f"{name}.csv"
        back = pd.read_csv(path, dtype=str, keep_default_na=False)  # as text: Python's float() reads every digit
        assert list(back.columns) == list(table.columns)
        for column in table.columns:
            if pd.api.types.is_float_dtype(table[column].dtype):
                found = [float(text or "nan") for text in back[column]]
                np.testing.assert_array_equal(found, table[column])
            else:
                assert list(back[column]) == ["" if pd.isna(value) else str(value) for value in table[column]]


def test_provenance_names_every_input_and_the_study_file_has_the_study_hash(files, result):
    provenance = json.loads(files.provenance.read_text(encoding="utf-8"))
    assert [item["sha256"] for item in provenance["used"]] == ["ab" * 32] * 3
    assert set(provenance["variants"]) == set(result.variants)
    study = (files.html.parent / "study.json").read_bytes()
    assert hashlib.sha256(study).hexdigest() == result.study.hash
    assert result.study.hash in files.html.read_text(encoding="utf-8")


def test_markdown_has_the_same_tables_and_pictures(files):
    text = files.markdown.read_text(encoding="utf-8")
    for path in re.findall(r"\]\((figures/[^)]+)\)", text):
        assert (files.html.parent / path).is_file()
    assert text.count("](figures/") == len(files.figures)
    lines = text.splitlines()
    for number, line in enumerate(lines):
        if line.startswith("|:---|"):
            columns = line.count("|") - 1
            assert len(re.findall(r"(?<!\\)\|", lines[number - 1])) - 1 == columns
            assert len(re.findall(r"(?<!\\)\|", lines[number + 1])) - 1 == columns


def test_synthetic_data_are_announced_before_anything_else(make_result, small, tmp_path):
    written = write_report(make_result(small.study, status="synthetic"), tmp_path / "out")
    text = written.html.read_text(encoding="utf-8")
    assert "<title>SYNTHETIC DATA: " in text
    assert text.index('class="notice synthetic"') < text.index("<h1>")
    assert written.markdown.read_text(encoding="utf-8").startswith("> **SYNTHETIC DATA")


def test_verified_data_are_not_called_synthetic(files):
    assert "SYNTHETIC DATA" not in files.html.read_text(encoding="utf-8")


@pytest.mark.parametrize("status", ["unverified", "accepted"])
def test_inputs_that_are_not_verified_are_announced(make_result, small, tmp_path, status):
    written = write_report(make_result(small.study, status=status), tmp_path / "out")
    assert 'class="notice warning"' in written.html.read_text(encoding="utf-8")


def test_hostile_labels_stay_text(make_result, small, tmp_path):
    hostile = "<script>alert(1)</script> | \"quoted\" & 'single' $x^2$"
    model, *others = small.study.models
    changed = dataclasses.replace(
        small.study,
        title=hostile,
        question=hostile,
        limits=(hostile,),
        models=(dataclasses.replace(model, label=hostile), *others),
    )
    written = write_report(make_result(changed), tmp_path / "out")
    for path in (written.html, written.markdown):
        text = path.read_text(encoding="utf-8")
        assert "<script" not in text
        assert "&lt;script&gt;alert" in text


def test_full_disk_leaves_nothing(small, tmp_path, monkeypatch):
    def full_disk(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(page, "html_of", full_disk)
    with pytest.raises(FileError, match=r"cannot be written to .*No space left on device.*Free some space"):
        write_report(small, tmp_path / "out")
    assert list(tmp_path.iterdir()) == []


def test_report_is_written_over_an_earlier_one(small, tmp_path):
    first = write_report(small, tmp_path)
    (tmp_path / "tables" / "stale.csv").write_text("old")
    assert write_report(small, tmp_path) == first
    assert not (tmp_path / "tables" / "stale.csv").exists()
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(set(page.ENTRIES) - {"data_quality.html"})
