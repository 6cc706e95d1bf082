"""The words in the cells are the numbers of the result."""

from __future__ import annotations

import dataclasses

import pytest

from cofactor.report import format as shown
from cofactor.report.labels import labels_of
from cofactor.report.tables import Column, Row, Table, interaction, population, ratios


@pytest.fixture(scope="module")
def labels(study):
    return labels_of(study)


def test_row_of_another_length_than_the_columns_is_refused():
    with pytest.raises(ValueError, match="1 cells in 2 columns"):
        Table("t", "t", "", (Column("a"), Column("b")), (Row("r", ("1",)),))


def test_flow_shows_every_step_with_who_left(result):
    table = population.flow_table(result)
    assert [row.header for row in table.rows] == list(result.flow["step"])
    assert table.rows[-1].cells[0] == shown.count(result.flow["people"].iloc[-1])
    assert table.rows[0].cells[3:] == (shown.UNKNOWN, shown.UNKNOWN)


def test_characteristics_have_people_in_the_heading_and_rows_of_the_missing(result, labels):
    table = population.characteristics_table(result, labels)
    assert table.columns[0].title == "everyone (n\u00a0=\u00a032,012)"
    headers = [row.header for row in table.rows]
    assert headers.count("missing, n") == len(result.study.characteristics) - 1  # nobody lacks a sex here
    assert not {"True", "False"} & set(headers)  # a flag is one row


def test_sets_stand_side_by_side_on_common_rows_first(result, labels):
    table = ratios.sets_table(result, result.models["primary"], labels)
    assert [column.title for column in table.columns[:3]] == [
        "set 1: age, sex, race only",
        "set 2: the headline set",
        "set 3: includes possible mediators",
    ]
    assert table.spans[0] == ("one set of rows, complete on all", 3)
    row = result.models["primary_set_3"].hazard_ratios.iloc[-1]
    product = next(row for row in table.rows if row.strong)
    assert product.cells[2] == shown.interval(row["hazard_ratio"], row["ratio_low"], row["ratio_high"])


def test_every_companion_is_shown(result, labels):
    table = ratios.companions_table(result, labels)
    headers = [row.header for row in table.rows]
    for name in result.study.headline.companions:
        assert result.models[name].model.label in headers


@pytest.mark.parametrize(("name", "size"), [("deficits", (2, 2)), ("three_by_four", (3, 4))])
def test_joint_table_has_a_cell_for_each_pair_of_levels(result, labels, name, size):
    item = result.models[name]
    table = interaction.joint_table(result, item, labels)
    cells = item.interaction.cells
    exposures, modifiers = size
    assert len(table.columns) == 3 * exposures - 1
    shown_cells = [row.cells for row in table.rows if row.cells][:modifiers]
    assert shown_cells[0][1] == "1 (reference)"
    last = cells.iloc[-1]
    expected = f"{shown.interval(last['estimate'], last['low'], last['high'])}, {shown.p_value(last['p'])}"
    assert shown_cells[-1][2 * exposures - 1] == expected
    assert shown_cells[-1][2 * exposures - 2] == f"{last['events']:,} / {last['n'] - last['events']:,}"


def test_tables_of_models_are_headed_by_what_they_stand_on(result, labels):
    basis = ratios.sets_table(result, result.models["primary"], labels).basis
    for part in (
        "Weight of the first dietary recall, 9 two-year cycles pooled: each weight / 9",
        "cycles 2001-2018",
        "n = 31,234",
        "events = 4,321",
        "df = 131",
    ):
        assert part in basis


def test_subgroups_give_one_test_each_and_no_ratio(result):
    models = [item for item in result.models.values() if item.model.group == "subgroups"]
    table = ratios.wald_table(result, models, name="subgroups", title="")
    assert len(table.rows) == len(models)


def test_main_terms_of_a_product_give_way_to_its_comparisons(result, labels):
    """A main term beside a product holds at 25(OH)D of 0, where nobody is."""
    table = ratios.sets_table(result, result.models["primary"], labels)
    headers = [row.header for row in table.rows]
    assert headers[:2] == [
        f"{result.study.headline.exposure}, with magnesium intake at or above the EAR",
        f"{result.study.headline.exposure}, with magnesium intake below the EAR",
    ]
    assert headers[2].startswith("25(OH)D up to 75 nmol/L, per 25 nmol/L × ")
    assert headers[3:] == ["people", "events", "degrees of freedom"]


def test_main_terms_without_comparisons_say_where_they_hold(result, labels):
    table = ratios.sets_table(result, result.models["deficits"], labels)
    assert [row.strong for row in table.rows[:3]] == [False, False, True]
    assert "holds where the other exposure is “no”" in table.notes[0]


def test_table_of_models_with_two_weights_names_both(result, labels):
    other = "weight_diet_both_days: the smallest subsample used is ...; 8 two-year cycles pooled: each weight / 8"
    changed = dataclasses.replace(result.models["primary_set_1"], weight_reason=other)
    models = {**result.models, "primary_set_1": changed}
    basis = ratios.sets_table(dataclasses.replace(result, models=models), result.models["primary"], labels).basis
    assert basis.startswith("Weight of people with two dietary recalls, 8 two-year cycles pooled: each weight / 8 or ")
    assert " or Weight of the first dietary recall, 9 two-year cycles" in basis


def test_followed_by_cycle(result):
    table = population.followed_table(result)
    assert [column.title for column in table.columns] == ["0 years", "5 years", "10 years", "15 years"]
    assert table.rows[0].cells[1] == "2,500 / 600"
