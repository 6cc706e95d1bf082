"""Results in a notebook: accessible tables, escaped, in the colours of the page around them."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from pathlib import Path

import pandas as pd
import pytest

from cofactor.cohort import CodebookReport
from cofactor.display import MOST_ROWS, cell_text, table_html
from cofactor.loaders import FolderReport, Verification

from .results import HOSTILE, results


def folder_report() -> FolderReport:
    checked = (Verification("DEMO_D.xpt", "content", "ab" * 32), Verification("BMX_D.xpt", "refused", "", HOSTILE))
    return FolderReport(Path("nhanes"), checked, {"DEMO_D.xpt": "2005-2006"}, synthetic=False)


def codebook_report() -> CodebookReport:
    return CodebookReport(Path("nhanes"), (("DEMO_D.xpt", "RIAGENDR"),), {}, (), {}, ())


RESULTS = {**results(), "folder": folder_report(), "codebook": codebook_report()}
NAMES = list(RESULTS)


class Tags(HTMLParser):
    """Collects the tags of a piece of HTML with their attributes, and checks that each is closed."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.feed(html)
        assert self.open == []

    def handle_starttag(self, tag, attrs):
        self.found.append((tag, dict(attrs)))
        if tag != "br":
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def of(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.found if name == tag]


@pytest.mark.parametrize("name", NAMES)
def test_every_result_shows_itself_in_tables_that_a_screen_reader_can_follow(name):
    tags = Tags(RESULTS[name]._repr_html_())
    assert len(tags.of("caption")) == len(tags.of("table"))
    assert all(header.get("scope") in ("row", "col") for header in tags.of("th"))
    assert all(region.get("aria-label") and region.get("tabindex") == "0" for region in tags.of("div"))


@pytest.mark.parametrize("name", NAMES)
def test_what_stands_in_the_data_cannot_run_in_the_notebook(name):
    assert not Tags(RESULTS[name]._repr_html_()).of("script")


def test_level_that_would_run_is_shown_as_it_is_written():
    assert "&lt;script&gt;" in results()["mean"]._repr_html_()
    assert HOSTILE in repr(results()["mean"])


@pytest.mark.parametrize("name", NAMES)
def test_no_colour_is_fixed_so_that_it_reads_in_light_and_in_dark(name):
    styles = " ".join(re.findall(r'style="([^"]*)"', RESULTS[name]._repr_html_()))
    assert not re.search(r"background|color:\s*(?!inherit)|#[0-9a-fA-F]{3}", styles)


def test_long_table_shows_its_ends_and_says_how_long_it_is():
    html = table_html(pd.DataFrame({"n": range(1000)}), caption="Numbers")
    assert len(Tags(html).of("tr")) == MOST_ROWS + 1
    assert "of 1,000 rows" in html
    assert all(f">{n}<" in html for n in (0, 29, 970, 999))
    assert ">30<" not in html


@pytest.mark.parametrize(
    ("value", "column", "shown"),
    [
        (0.0004, "p", "<0.001"),
        (0.0004, "estimate", "0.0004"),
        (float("nan"), "low", "–"),
        (pd.NA, "x", "–"),
        (203_412_345.6, "weighted", "203,412,346"),
        (float("inf"), "high", "inf"),
        (1e12, "high", "1.000e+12"),
    ],
)
def test_value_is_shown_as_people_write_it(value, column, shown):
    assert cell_text(value, column) == shown
