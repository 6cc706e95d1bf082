"""The data-quality page: whole, self-contained, its numbers those of the tables."""

from __future__ import annotations

import dataclasses
import errno
import html.parser
import json

import numpy as np
import pandas as pd
import pytest
from typer.testing import CliRunner

from cofactor.cli import app
from cofactor.commands.quality import whose
from cofactor.errors import FileError
from cofactor.report import quality_page, write_report
from cofactor.report.figures import plot_breaks, plot_missingness
from cofactor.report.figures.style import figure_of
from cofactor.report.quality_page import write_quality
from cofactor.report.quality_pictures import ROWS, _parts
from cofactor.report.quality_tables import implausible_table, missing_table, recoded_table
from cofactor.study.quality import DataQuality, changes_table, data_quality, judged

CYCLES = ("2003-2004", "2005-2006", "2007-2008")
NAMES = ("moisture_diet_day1_g", "vitd_25oh_nmol_l", "energy_diet_day1_kcal", "followup_months_exam")


def counts() -> pd.DataFrame:
    rows = []
    for number, name in enumerate(NAMES):
        for cycle in CYCLES:
            asked = not (name == "vitd_25oh_nmol_l" and cycle == "2003-2004")
            lead = {"variable": name, "cycle": cycle, "asked": asked}
            known = {
                "rows": 1000, "age_from": 1.0, "age_to": 80.0, "people": 990, "known": 900, "missing": 90,
                "missing_share": 90 / 990, "missing_weighted_share": 0.0701 + number / 100, "lowest": 0.0,
                "implausible": 7 if name == "energy_diet_day1_kcal" else np.nan, "share_at_lowest": 0.001,
                "recoded_missing_code": 0, "recoded_class_value": 0, "recoded_top_code": 0, "recoded_scaled": 0,
                "recoded_zero_rule": 3 if name == "followup_months_exam" else 0,
            }  # fmt: skip
            rows.append(lead | known if asked else lead)
    return pd.DataFrame(rows)


def steps() -> pd.DataFrame:
    rows = []
    for name, to, size, p in (
        ("moisture_diet_day1_g", "2005-2006", 0.68, 1e-9),
        ("moisture_diet_day1_g", "2007-2008", 0.01, 0.8),
        ("vitd_25oh_nmol_l", "2007-2008", 0.25, 1e-5),
        ("energy_diet_day1_kcal", "2005-2006", -0.3, 1e-5),
        ("energy_diet_day1_kcal", "2007-2008", 0.02, 0.5),
        ("followup_months_exam", "2005-2006", -1.2, 1e-20),
    ):
        before = CYCLES[CYCLES.index(to) - 1]
        rows.append(
            {"variable": name, "from": before, "to": to, "level": 100.0, "step": 50 * size, "se": 1.0, "df": 15, "p": p,
             "sd": 50.0, "step_sd": size, "sd_ratio": 1.01, "sd_ratio_log_se": 0.03, "sd_ratio_p": 0.7}
        )  # fmt: skip
    return judged(pd.DataFrame(rows))


def quality(status: str = "bytes") -> DataQuality:
    used = [{"file": "DEMO_D.xpt", "sha256": "ab" * 32, "status": status, "published": "2007-11", "note": ""}]
    made = {"cofactor": "0.1.0", "revision": None, "finished": "2026-01-01T00:00:12+00:00"}
    table = steps()
    return DataQuality(
        "four <variables>", NAMES, CYCLES, counts(), table, changes_table(table, NAMES, CYCLES),
        {"quality": {"title": "four"}, "wasGeneratedBy": made, "used": used},
    )  # fmt: skip


class Reader(html.parser.HTMLParser):
    """Collect tags and text, and check that tags close in order."""

    VOID = frozenset({"meta", "img", "br", "!doctype"})

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


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    return write_quality(quality(), tmp_path_factory.mktemp("quality") / "out")


@pytest.fixture(scope="module")
def read(files) -> Reader:
    reader = Reader()
    reader.feed(files.html.read_text(encoding="utf-8"))
    assert reader.open == []
    return reader


def test_page_needs_nothing_outside_itself(read):
    for tag, attributes in read.tags:
        assert tag not in ("script", "link", "iframe")
        for name in ("src", "href"):
            assert (attributes.get(name) or "#").startswith(("data:image/png;base64,", "#"))


def test_addresses_within_the_page_are_unique_and_exist(read):
    names = [attributes["id"] for _, attributes in read.tags if attributes.get("id")]
    assert len(names) == len(set(names))
    assert {(attributes["href"] or "")[1:] for tag, attributes in read.tags if tag == "a"} <= set(names)


def test_every_picture_says_what_it_shows(read, files):
    pictures = [attributes for tag, attributes in read.tags if tag == "img"]
    assert len(pictures) == len(files.figures) == 2
    assert "moisture_diet_day1_g to 2005-2006: +0.68 SD" in (pictures[1]["alt"] or "")
    assert "1 cells are hatched" in (pictures[0]["alt"] or "")


def test_page_counts_what_is_notable_known_and_unexplained(read):
    text = " ".join(" ".join(read.text).split())
    assert "Of 6 steps between neighbouring cycles" in text
    assert "3 are notable by one rule for all, not counting dates and follow-up" in text
    assert "A known change of method lies on 2 of them; for 1 none is listed" in text
    assert "no proof" in text
    assert "four <variables>" in text


def test_tables_have_files_with_all_digits(files):
    back = pd.read_csv(files.html.parent / "tables" / "quality_counts.csv")
    np.testing.assert_array_equal(back["missing_weighted_share"], counts()["missing_weighted_share"])
    assert {path.stem for path in files.tables} == {"quality_counts", "quality_steps", "quality_changes"}
    assert json.loads(files.provenance.read_text(encoding="utf-8"))["used"][0]["file"] == "DEMO_D.xpt"


def test_not_asked_is_told_from_missing():
    cells = {row.header: row.cells for row in missing_table(quality()).rows}
    assert cells["Serum 25-hydroxyvitamin D (vitd_25oh_nmol_l)"] == ("·", "8.0%", "8.0%")


def test_only_variables_with_odd_or_changed_cells_are_listed():
    odd = implausible_table(quality()).rows
    assert [row.cells[:3] for row in odd] == [("7", "7", "7")]
    assert odd[0].cells[3].startswith("300 to 8000 kcal.")
    assert [row.cells for row in recoded_table(quality()).rows] == [("zeros by rule", "3", "3", "3")]


def test_synthetic_data_are_announced_before_anything_else(tmp_path):
    text = write_quality(quality("synthetic"), tmp_path / "out").html.read_text(encoding="utf-8")
    assert "<title>SYNTHETIC DATA: " in text
    assert text.index('class="notice synthetic"') < text.index("<h1>")


def test_full_disk_leaves_nothing(tmp_path, monkeypatch):
    def full_disk(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(quality_page, "quality_html_of", full_disk)
    with pytest.raises(FileError, match="No space left on device"):
        write_quality(quality(), tmp_path / "out")
    assert list(tmp_path.iterdir()) == []


def test_pictures_share_variables_evenly():
    names = [f"variable_{number}" for number in range(2 * ROWS + 1)]
    parts = list(_parts(names))
    assert [name for part in parts for name in part] == names
    assert len(parts) == 3
    assert max(map(len, parts)) <= ROWS
    assert list(_parts([])) == []


def test_grid_of_missing_values_leaves_out_what_was_not_asked():
    axes = plot_missingness(counts(), CYCLES)
    drawn = axes.collections[0].get_array()
    assert drawn.mask.sum() == 1
    assert [text.get_text() for text in axes.texts] == list(NAMES)


def test_grid_of_steps_marks_notable_ones_filled_where_a_change_is_known():
    axes = plot_breaks(steps(), CYCLES)
    filled = sum(len(line.get_xdata()) for line in axes.lines if line.get_markerfacecolor() != "none")
    empty = sum(len(line.get_xdata()) for line in axes.lines if line.get_markerfacecolor() == "none")
    assert (filled, empty) == (3, 1)
    assert figure_of(axes).legends


@pytest.mark.parametrize(
    ("names", "cycles"),
    [
        (["vitd_25oh_nmol_l"], "1999-2000"),
        (["smoking"], "1999-2004"),
        (["bmi_kg_m2"], "2005-2006"),
        (["age_years"], "1999-2004"),
    ],
)
def test_page_stands_where_there_is_no_step_or_no_value(synthetic_folder, tmp_path, names, cycles):
    found = data_quality(names, cycles=cycles, data=synthetic_folder)
    assert found.steps.empty
    text = write_quality(found, tmp_path / "out").html.read_text(encoding="utf-8")
    assert "Of 0 steps between neighbouring cycles" in text


def test_report_of_a_study_has_the_page_beside_it_and_links_to_it(result, tmp_path):
    written = write_report(dataclasses.replace(result, quality=quality()), tmp_path / "out")
    assert written.quality == tmp_path / "out" / "data_quality.html"
    assert "four &lt;variables&gt;" in written.quality.read_text(encoding="utf-8")
    assert '<a href="data_quality.html">Data quality' in written.html.read_text(encoding="utf-8")
    assert "](data_quality.html)" in written.markdown.read_text(encoding="utf-8")
    assert (tmp_path / "out" / "tables" / "quality_steps.csv").is_file()
    assert (tmp_path / "out" / "figures" / f"missing_{NAMES[0]}.png").is_file()


def test_command_writes_the_page_and_says_the_largest_steps(synthetic_folder, tmp_path):
    words = ["quality", "alcohol_ever", "bmi_kg_m2", "--data", str(synthetic_folder), "-o", str(tmp_path / "out")]
    done = CliRunner().invoke(app, words)
    assert done.exit_code == 0, done.output
    assert "SYNTHETIC DATA" in done.output
    assert "alcohol_ever, 2015-2016 to 2017-2018: +" in done.output
    assert (tmp_path / "out" / "data_quality.html").is_file()


@pytest.mark.parametrize(
    ("names", "title", "cycles"),
    [
        (None, "the variables of the catalogue", "1999-2018"),
        (["vitd_25oh_nmol_l"], "vitd_25oh_nmol_l", "1999-2018"),
        (["mg_vitd_mortality"], "the variables of the study mg_vitd_mortality", "2001-2018"),
    ],
)
def test_command_takes_nothing_variables_or_a_study(names, title, cycles):
    assert whose(names)[0] == title
    assert whose(names)[2] == cycles
