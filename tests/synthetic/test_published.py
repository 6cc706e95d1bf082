"""Columns without a planted truth have the published shares, ranges and means, and depend on nothing."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from cofactor.loaders.codes import published_codes
from cofactor.loaders.manifest import load_manifest
from cofactor.synthetic.files import tables_of
from cofactor.synthetic.files.cycle import MAKERS
from cofactor.synthetic.people import People, draw_people
from cofactor.synthetic.plan import PLANS
from cofactor.synthetic.published.drawing import draw_values
from cofactor.synthetic.published.figures import Figures, figures_of
from cofactor.synthetic.published.filling import SEVERAL_ROWS
from cofactor.synthetic.published.rows import holding, stem_of
from cofactor.synthetic.randomness import stream
from cofactor.synthetic.truth import Truth

PLAN = PLANS[4]
MANY = 20_000


@pytest.fixture(scope="module")
def one() -> People:
    return draw_people(PLAN, 4000, 7, Truth())


@pytest.fixture(scope="module")
def cycle_tables(one: People) -> dict[str, pd.DataFrame]:
    return tables_of(one)


@pytest.fixture(scope="module")
def by_hand(one: People) -> dict[str, set[str]]:
    """File -> the columns that a maker of its own writes."""
    made: dict[str, set[str]] = {}
    for make in MAKERS:
        for stem, table in make(one, stream(1, make.__name__)).items():
            made[one.plan.file(stem)] = set(map(str, table))
    return made


def drawn_columns(tables: dict[str, pd.DataFrame], by_hand: dict[str, set[str]]) -> list[tuple[str, str, Figures]]:
    files = [(file, table) for file, table in tables.items() if file.endswith(".xpt")]
    return [
        (file, name, figures_of(file)[name])
        for file, table in files
        for name in table
        if name in figures_of(file) and name not in by_hand.get(file, set())
    ]


def test_every_number_that_is_catalogued_is_in_its_file(one, cycle_tables):
    files = [f for f in load_manifest().files_of(PLAN.cycle) if stem_of(f, one) not in SEVERAL_ROWS]
    lacking = {f: set(figures_of(f)) - set(cycle_tables[f]) for f in files if figures_of(f)}
    assert {f: columns for f, columns in lacking.items() if columns} == {}


def test_a_drawn_column_holds_published_codes_and_ranges_alone(cycle_tables, by_hand):
    for file, name, known in drawn_columns(cycle_tables, by_hand):
        values = cycle_tables[file][name].dropna()
        if name.startswith("WT"):
            assert (values >= 0).all()
            continue
        codes = {value for value, _ in known.values}
        assert (values.isin(codes) | values.between(known.low, known.high)).all(), (file, name)


def test_every_drawn_column_has_somebody(cycle_tables, by_hand):
    """But one of which CDC counts fewer than one answer in a thousand rows."""
    for file, name, known in drawn_columns(cycle_tables, by_hand):
        if known.missing < 0.999:
            assert cycle_tables[file][name].notna().any(), (file, name)


@pytest.mark.parametrize(
    ("file", "column"),
    [("DEMO_D.xpt", "RIAGENDR"), ("BMX_D.xpt", "BMXBMI"), ("DEMO_D.xpt", "INDFMPIR"), ("HUQ_D.xpt", "HUQ010"),
     ("DR1TOT_D.xpt", "DR1TKCAL"), ("ALQ_D.xpt", "ALQ120Q")],
)  # fmt: skip
def test_values_have_published_shares_and_mean(file, column):
    known = figures_of(file)[column]
    drawn = draw_values(known, MANY, np.random.default_rng(3))
    lines = {line.low: line.count for line in published_codes()[file, column] if line.kind == "code"}
    present = sum(line.count for line in published_codes()[file, column] if line.kind != "missing")
    for code, count in lines.items():
        assert (drawn == code).mean() == pytest.approx(count / present, abs=0.02)
    numbers = drawn[~np.isin(drawn, list(lines))]
    if known.rows:
        standard_error = numbers.std() / np.sqrt(len(numbers))
        assert numbers.mean() == pytest.approx(known.mean, abs=5 * standard_error + 0.5 * 10.0**-known.decimals)


def test_numbers_keep_the_decimals_of_the_file():
    drawn = draw_values(figures_of("BMX_J.xpt")["BMXBMI"], 1000, np.random.default_rng(3))
    np.testing.assert_allclose(drawn, np.round(drawn, 1), rtol=0, atol=1e-12)
    assert np.any(drawn != np.round(drawn))


@pytest.mark.parametrize(
    ("known", "drawn"),
    [
        (Figures("X", 1.0, (), 0.0, 0.0, 0.0, 0, 0, 0.0), {None}),
        (Figures("X", 0.0, ((1.0, 5),), 0.0, 0.0, 0.0, 0, 0, 5.0), {1.0}),
        (Figures("X", 0.0, (), 3.0, 3.0, 3.0, 8, 0, 24.0), {3.0}),
        (Figures("X", 0.0, (), 0.0, 2.0, 0.0, 8, 0, 0.0), {0.0, 1.0, 2.0}),
    ],
)
def test_edges_of_what_can_be_drawn(known, drawn):
    found = draw_values(known, 50, np.random.default_rng(3))
    assert {None if np.isnan(value) else value for value in found} <= drawn


@pytest.mark.parametrize("share", [0.95, 0.6, 0.3, 0.05, 0.0])
def test_about_the_published_share_answers_and_the_old_before_the_young(share):
    rng = np.random.default_rng(3)
    age, inside = rng.integers(0, 81, MANY).astype(float), rng.random(MANY) < 0.97
    found = holding(inside, age, share, rng.random(MANY))
    assert found.mean() == pytest.approx(share, abs=0.05)
    assert not (found & ~inside).any()
    if share == 0.6:
        assert age[found].min() == 20


def test_a_nutrient_is_missing_where_energy_is(cycle_tables):
    recall = cycle_tables["DR1TOT_E.xpt"]
    nutrients = [name for name in recall if name.startswith("DR1T")]
    assert len(nutrients) > 10
    for name in nutrients:
        pd.testing.assert_series_equal(recall[name].notna(), recall["DR1TKCAL"].notna(), check_names=False)


def test_a_new_column_moves_no_other(one, cycle_tables, monkeypatch):
    from cofactor.synthetic.published import filling

    file = "BMX_E.xpt"
    without = {name: known for name, known in figures_of(file).items() if name != "BMXWAIST"}
    monkeypatch.setattr(filling, "figures_of", lambda name: without if name == file else figures_of(name))
    again = tables_of(one)
    for name, table in again.items():
        pd.testing.assert_frame_equal(table, cycle_tables[name][list(table)])


def test_weights_add_up_to_the_published_sum(cycle_tables, by_hand):
    weights = [(f, n, k) for f, n, k in drawn_columns(cycle_tables, by_hand) if n.startswith("WT") and k.missing == 0]
    for file, name, known in weights:
        assert cycle_tables[file][name].sum() == pytest.approx(known.total, rel=0.01), (file, name)
