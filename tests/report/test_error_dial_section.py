"""The section on told intake: every dial has its picture and its table, and the words say what cannot be mended."""

from __future__ import annotations

import dataclasses

import numpy as np
import pandas as pd
import pytest

from cofactor.report.content import Bullets, Picture, Tabular, Words
from cofactor.report.error_dial import error_dial_section
from cofactor.report.labels import labels_of
from cofactor.report.over_time import hazards_picture, incidence_picture
from cofactor.report.tables.standardized import restricted_mean_table


@pytest.fixture(scope="module")
def labels(study):
    return labels_of(study)


def blocks_of(section, kind):
    return [block for block in section.blocks if isinstance(block, kind)]


def test_every_dial_has_its_picture_and_table(result, labels):
    section = error_dial_section(result, labels, "")
    named = [item.model.name for item in result.models.values() if item.model.error_dial]
    assert named == ["linear", "additive_linear"]
    assert [picture.name for picture in blocks_of(section, Picture)] == [f"error_dial_{name}" for name in named]
    assert [block.table.name for block in blocks_of(section, Tabular)] == [f"error_dial_{name}" for name in named]


def test_the_table_sets_told_measured_and_corrected_side_by_side(result, labels):
    table = blocks_of(error_dial_section(result, labels, ""), Tabular)[1].table
    low, high = np.exp([0.07 - 0.04, 0.07 + 0.04])
    assert table.rows[0].cells == (
        f"{np.exp(0.07):.2f} ({low:.2f} to {high:.2f})",
        "0.50 (0.42 to 0.58)",
        f"{np.exp(0.14):.2f} ({np.exp(0.06):.2f} to {np.exp(0.22):.2f})",
    )
    assert [row.strong for row in table.rows] == [True, False]
    of_product = blocks_of(error_dial_section(result, labels, ""), Tabular)[0].table
    assert [any("also stands in a product" in note for note in made.notes) for made in (of_product, table)] == [
        True,
        False,
    ]


def test_the_words_tell_who_was_asked_twice_and_what_stays_wrong(result, labels):
    section = error_dial_section(result, labels, "")
    assert "20,000 people with two recalls (80.0%" in blocks_of(section, Words)[0].paragraphs[1]
    limits = " ".join(blocks_of(section, Bullets)[0].items)
    for word in ("no evidence", "both days alike", "misclassified", "product"):
        assert word in limits
    assert "Measured reliability 0.50" in blocks_of(section, Picture)[0].alt


def test_without_second_recalls_the_section_says_that_nothing_was_measured(result, labels):
    item = result.models["additive_linear"]
    alone = dataclasses.replace(item, error_dial=item.error_dial[item.error_dial["quantity"] == "assumed"])
    section = error_dial_section(dataclasses.replace(result, models={"additive_linear": alone}), labels, "")
    assert "no reliability was measured" in blocks_of(section, Words)[0].paragraphs[1]
    assert not blocks_of(section, Tabular)
    assert "Diamond" not in blocks_of(section, Picture)[0].caption
    assert "product" not in " ".join(blocks_of(section, Bullets)[0].items)


def test_a_study_without_dials_has_no_such_section(result, labels):
    primary = {"primary": result.models["primary"]}
    assert error_dial_section(dataclasses.replace(result, models=primary), labels, "").blocks == ()


def test_hazard_ratios_over_time_are_drawn_where_they_were_asked(result, labels):
    picture = hazards_picture(result, result.models["primary"], labels, "")
    assert picture.alt.count("1.11 (1.00 to 1.22) at") == 9  # three coefficients at three times
    assert hazards_picture(result, result.models["additive"], labels, "") is None


def test_causes_are_drawn_where_the_study_asks(result):
    assert incidence_picture(result, "") is None
    rows = [{"cause_of_death": name, "time": time, "cumulative_incidence": time / 1e4, "low": time / 2e4,
             "high": time / 5e3} for name in ("cancer", "accidents") for time in (60.0, 120.0)]  # fmt: skip
    picture = incidence_picture(dataclasses.replace(result, incidence_curves=pd.DataFrame(rows)), "")
    assert "cancer 1.20 (0.60 to 2.40)" in picture.alt


def test_mean_times_stand_in_months_with_their_differences(result, labels):
    item = result.models["deficits"]
    cells = [(False, False), (True, False), (False, True), (True, True)]
    mean = [{"quantity": "restricted mean", "vitd_low": a, "magnesium_low": b, "estimate": 115.0 - a - b,
             "low": 114.0 - a - b, "high": 116.0 - a - b, "p": np.nan} for a, b in cells]  # fmt: skip
    gap = [{"quantity": "difference in restricted mean", "vitd_low": a, "magnesium_low": b, "estimate": -1.0 * a - b,
            "low": -1.5 * (a + b), "high": -0.5 * (a + b), "p": 0.01} for a, b in cells[1:]]  # fmt: skip
    table = restricted_mean_table(result, dataclasses.replace(item, standardized=pd.DataFrame([*mean, *gap])), labels)
    assert [row.cells for row in table.rows][::3] == [
        ("115.00 (114.00 to 116.00)", "0 (reference)"),
        ("113.00 (112.00 to 114.00)", "-2.00 (-3.00 to -1.00), 0.01"),
    ]
    assert "10 years" in table.title
    assert restricted_mean_table(result, item, labels) is None
