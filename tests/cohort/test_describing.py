"""What `cofactor catalogue NAME` says."""

from __future__ import annotations

import pytest

from cofactor.cohort import describe, published_counts
from cofactor.cohort.catalogue_files import measured_variables
from cofactor.cohort.count_table import count_tables
from cofactor.cohort.derive import Derived
from cofactor.cohort.plain_text import blocks
from cofactor.cohort.registry import variables
from cofactor.errors import CofactorError, UnknownVariableError


def line(text: str, *cells: str) -> bool:
    """Whether a line of the text holds these cells, in this order, and nothing else."""
    return any(found.split() == " ".join(cells).split() for found in text.splitlines())


def test_a_measured_variable_has_its_source_in_each_cycle():
    text = describe("magnesium_diet_day1_mg")
    assert line(text, "1999-2000", "DRXTOT.xpt", "DRXTMAGN")
    assert line(text, "2005-2006", "DR1TOT_D.xpt", "DR1TMAGN")


def test_codes_have_their_level_and_cdc_s_counts_by_cycle():
    text = describe("education", width=200)
    assert line(text, "7", "missing", "8 5 5 6 2 5 2 2 0 2 0")
    assert line(text, "1", "less than 9th grade", "932 797 727 628 811 771 550 455 688 479 373")


def test_a_range_has_its_ends_and_the_values_between():
    rows = {row[0]: row[2:] for row in count_tables(measured_variables()["magnesium_diet_day1_mg"])[0].rows}
    assert rows["lowest"][3] == "2"
    assert rows["highest"][3] == "1773"
    assert rows["values between"][3] == "9169"
    assert rows["blank"][3] == "781"


def test_a_column_that_changes_its_name_is_one_table():
    [table] = count_tables(measured_variables()["magnesium_diet_day1_mg"])
    assert table.column == "DRXTMAGN / DR1TMAGN"
    assert len(table.rows[0]) == 2 + 11


def test_no_line_of_any_variable_is_wider_than_asked():
    wide = [(name, one) for name in variables() for one in describe(name).splitlines() if len(one) > 100]
    assert not wide


def test_a_narrow_terminal_is_respected():
    assert max(map(len, describe("education", width=80).splitlines())) <= 80


def test_a_derived_variable_has_inputs_rule_source_and_cases():
    text = describe("alcohol")
    assert "alcohol_drinks_year  Drinks a year" in text
    assert "light to 156 drinks a year" in text
    assert "adult alcohol use status" in " ".join(text.split())
    assert "(not in life; the rest is skipped)" in text


def test_what_is_made_of_a_variable_is_named():
    assert "used by        smoking" in describe("smokes_now")


def test_a_file_without_a_codebook_says_so_and_shows_its_codes():
    text = describe("died")
    assert "codes          no: 0; yes: 1" in text
    assert "Linked mortality has no codebook of counts." in text


def test_counts_are_a_frame_for_programs():
    table = published_counts("education")
    assert list(table) == ["cycle", "file", "column", "code", "becomes", "count"]
    some = table[(table["cycle"] == "2021-2023") & (table["becomes"] == "college graduate")]
    assert some["count"].tolist() == [2625]


def test_counts_of_a_derived_variable_are_refused_with_what_to_ask_for():
    name = next(name for name, found in variables().items() if isinstance(found, Derived))
    with pytest.raises(CofactorError, match="is derived; CDC counts raw columns: ask for"):
        published_counts(name)


def test_an_unknown_name_is_met_with_near_ones():
    with pytest.raises(UnknownVariableError, match="did you mean"):
        describe("magnesium_diets_mg")


def test_a_wide_table_is_folded_into_blocks_with_the_same_first_columns():
    rows = [("code", "becomes", *(f"{year}" for year in range(1999, 2009))), ("1", "yes", *("5" for _ in range(10)))]
    parts = blocks(rows, fixed=2, width=40)
    assert all(part[0].startswith("code  becomes") for part in parts)
    assert " ".join(" ".join(part[0].split()[2:]) for part in parts) == " ".join(rows[0][2:])
    assert max(len(one) for part in parts for one in part) <= 40
