"""Supplements by product: units that meet, days of use, labels, and what a person's products add up to."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest

from cofactor.cohort import choose_weight, load
from cofactor.cohort.catalogue_files import measured_variables
from cofactor.cohort.products import ProductQuestion, answer, product_files, product_rows
from cofactor.cohort.products.asking import product_question
from cofactor.cohort.products.labels import ProductLabels, product_labels
from cofactor.cohort.products.rows import days_of_use, times_in_window
from cofactor.cohort.products.servings import LABEL, TAKEN, servings
from cofactor.cohort.supplement_comparison import compare_supplements, rounding_of
from cofactor.errors import CofactorError, FileError, NotMeasuredError, UnknownVariableError
from cofactor.loaders.cycles import CYCLES
from cofactor.loaders.store import DataFolder

NAN = float("nan")
OLD, NEW = product_files()[0], product_files()[1]
WITH_TOTALS = list(CYCLES[4:])


def one(*values: float) -> list[np.ndarray]:
    return [np.array([value]) for value in values]


# Servings


@pytest.mark.parametrize(
    ("amount", "unit", "serving", "label_unit", "expected", "why"),
    [
        (2.0, 1, 1.0, 18, 2.0, "pills of a product sold as tablets"),
        (1.0, 1, 2.0, 16, 0.5, "one softgel of a serving of two"),
        (1.0, 20, 1.0, 27, 1.0, "chews"),
        (2.0, 12, 1.0, 19, 2.0, "teaspoons"),
        (1.0, 11, 1.0, 19, 3.0, "a tablespoon is three teaspoons"),
        (1.0, 11, 30.0, 10, 0.5, "a tablespoon of 30 mL"),
        (1.0, 4, 2.0, 17, 1.0, "a fluid ounce of two tablespoons"),
        (1.0, 14, 28.0, 33, 1.0, "an ounce by weight of 28 g of powder"),
        (1.0, 27, 1.0, 5, 1.0, "ounces of a liquid"),
        (1.0, 27, 1.0, 21, 1.0, "ounces of a powder"),
        (5.0, 3, 1.0, 10, NAN, "drops do not meet millilitres"),
        (1.0, 1, 1.0, 12, NAN, "a pill is no package"),
        (1.0, 26, 1.0, 19, NAN, "a gulp has no size"),
        (1.0, 99, 1.0, 18, NAN, "a unit not known"),
        (1.0, NAN, 1.0, 18, NAN, "no unit"),
        (NAN, 1, 1.0, 18, NAN, "no amount"),
        (1.0, 1, 1.0, 99, NAN, "a label without a unit"),
        (1.0, 1, 0.0, 18, NAN, "a label of no serving"),
    ],
)  # fmt: skip
def test_servings(amount, unit, serving, label_unit, expected, why):
    assert servings(*one(amount, unit, serving, label_unit)) == pytest.approx([expected], nan_ok=True), why


def test_units_of_the_interview_and_of_labels_share_measures():
    taken = {measure for sizes in TAKEN.values() for measure in sizes}
    label = {measure for sizes in LABEL.values() for measure in sizes}
    assert taken == label


# Days


@pytest.mark.parametrize(("days", "expected"), [(0, 0), (30, 30), (31, NAN), (7777, NAN), (9999, NAN), (NAN, NAN)])
def test_days_of_the_past_thirty(days, expected):
    assert days_of_use(*one(float(days))) == pytest.approx([expected], nan_ok=True)


@pytest.mark.parametrize(
    ("times", "per", "since", "expected", "why"),
    [
        (1, 1, 400, 30, "daily for long"),
        (3, 1, 30, 90, "three times a day for the whole month"),
        (1, 1, 5, 5, "daily, begun five days ago"),
        (2, 2, 400, 60 / 7, "twice a week"),
        (2, 2, 14, 4, "twice a week for two weeks"),
        (10, 3, 400, 10, "ten times in the month"),
        (10, 3, 12, 10, "a count of the month already"),
        (1, 1, NAN, 30, "not known since when"),
        (1, 1, 7777777, 30, "refused since when"),
        (0, 2, 400, 0, "not in this month"),
        (1, 7, 400, NAN, "unit refused"),
        (1, 9, 400, NAN, "unit not known"),
        (77777, 1, 400, NAN, "refused"),
        (99999, 3, 400, NAN, "not known"),
        (NAN, NAN, 400, NAN, "not asked"),
    ],
)  # fmt: skip
def test_times_in_the_past_thirty_days(times, per, since, expected, why):
    assert times_in_window(*one(times, per, since)) == pytest.approx([expected], nan_ok=True), why


# Labels


def labelled(*ingredients: tuple[float, float, float, float], nutrients: tuple[str, ...]) -> ProductLabels:
    """Three products, and their ingredients: product, ingredient, quantity, unit."""
    products = pd.DataFrame(
        {"DSDPID": [1.0, 2.0, 3.0], "DSDSUPID": ["1000000100", None, "1000000300"], "DSDSERVQ": 1.0, "DSDSERVU": 18.0}
    )
    table = pd.DataFrame(ingredients, columns=["DSDPID", "DSDIID", "DSDQTY", "DSDUNIT"], dtype=float)
    return product_labels(products, table, nutrients)


@pytest.mark.parametrize(
    ("nutrient", "ingredient", "quantity", "unit", "expected", "why"),
    [
        ("magnesium", 231, 100, 1, 100, "mg"),
        ("magnesium", 231, 500, 4, 0.5, "µg"),
        ("magnesium", 231, 0.4, 5, 400, "g"),
        ("magnesium", 231, 1, 21, NAN, "a unit not known: the quantity stands for nothing"),
        ("magnesium", 231, 2500, 14, NAN, "parts per million"),
        ("magnesium", 544, 200, 1, 83.4, "magnesium hydroxide is 41.7% magnesium"),
        ("calcium", 543, 500, 1, 200, "calcium carbonate is 40% calcium"),
        ("vitamin_d", 364, 400, 2, 10, "40 IU are a µg"),
        ("vitamin_d", 364, 25, 4, 25, "µg"),
        ("fibre", 458, 2, 5, 2, "g"),
        ("zinc", 231, 10, 1, 0, "another ingredient"),
    ],
)  # fmt: skip
def test_amount_of_a_serving(nutrient, ingredient, quantity, unit, expected, why):
    found = labelled((1, ingredient, quantity, unit), nutrients=(nutrient,)).per_serving[nutrient]
    assert found == pytest.approx([expected, 0, 0], nan_ok=True), why


def test_shares_of_compounds_are_molar_masses():
    """Standard atomic weights: Mg 24.305, Ca 40.078, O 15.999, H 1.008, C 12.011, Si 28.085."""
    oxygen, carbonate = 15.999, 12.011 + 3 * 15.999
    masses = {
        544: 24.305 / (24.305 + 2 * (oxygen + 1.008)),
        556: 24.305 / (24.305 + carbonate),
        2054: 2 * 24.305 / (2 * 24.305 + 3 * 28.085 + 8 * oxygen),
        572: 24.305 / (24.305 + oxygen),
        543: 40.078 / (40.078 + carbonate),
    }
    for ingredient, share in masses.items():
        nutrient = "calcium" if ingredient == 543 else "magnesium"
        held = labelled((1, ingredient, 1000, 1), nutrients=(nutrient,)).per_serving[nutrient]
        assert held[0] == pytest.approx(1000 * share, abs=0.6)


def test_an_element_that_is_stated_is_not_counted_again_as_its_compound():
    both = labelled((1, 63, 200, 1), (1, 543, 500, 1), nutrients=("calcium",))
    assert both.per_serving["calcium"][0] == 200


def test_a_label_that_states_the_element_in_no_unit_does_not_fall_back_on_a_compound():
    both = labelled((1, 63, 1, 21), (1, 543, 500, 1), nutrients=("calcium",))
    assert np.isnan(both.per_serving["calcium"][0])


def test_a_product_is_found_by_text_or_number_and_a_blank_text_is_no_key():
    labels = labelled(nutrients=())
    assert labels.positions(pd.Series(["1000000300", None, "6666666064"]), "DSDSUPID").tolist() == [2, -1, -1]
    assert labels.positions(pd.Series([2.0, np.nan, 6666666064.0]), "DSDPID").tolist() == [1, -1, -1]


def test_a_key_of_the_wrong_type_is_refused():
    with pytest.raises(FileError, match="DSDSUPID is text in one file and a number in the other"):
        labelled(nutrients=()).positions(pd.Series([1000000300.0]), "DSDSUPID")


def test_a_product_listed_twice_is_refused():
    products = pd.DataFrame({"DSDPID": [1.0, 1.0], "DSDSUPID": ["a", "b"], "DSDSERVQ": 1.0, "DSDSERVU": 18.0})
    with pytest.raises(FileError, match=r"DSPI\.xpt names a product more than once"):
        product_labels(products, pd.DataFrame(columns=["DSDPID", "DSDIID", "DSDQTY", "DSDUNIT"], dtype=float), ())


def test_ingredients_of_no_product_are_refused():
    with pytest.raises(FileError, match=r"DSII\.xpt has 1 ingredients of products that DSPI\.xpt lacks"):
        labelled((9, 231, 100, 1), nutrients=("magnesium",))


# People


LABELS = labelled((1, 231, 100, 1), (2, 231, 50, 1), (3, 231, 1, 21), nutrients=("magnesium",))


def taken(*rows: tuple[int, str | None, float, float, float, float]) -> tuple[np.ndarray, pd.DataFrame]:
    """Rows of a file: the person's position, product, days, amount, unit, antacid."""
    table = pd.DataFrame(rows, columns=["person", "DSDSUPID", "DSD103", "DSD122Q", "DSD122U", "DSDANTA"])
    return table["person"].to_numpy(), table


@pytest.mark.parametrize(
    ("rows", "amount", "any_with", "unclear", "magnesium_unclear", "why"),
    [
        ([(0, "1000000100", 30, 1, 1, 0)], 100, 1, 0, 0, "a tablet a day"),
        ([(0, "1000000100", 15, 2, 1, 0)], 100, 1, 0, 0, "two every other day"),
        ([(0, "1000000100", 30, 1, 1, 0), (0, "1000000100", 3, 1, 1, 2)], 110, 1, 0, 0, "supplement and antacid"),
        ([(0, "1000000100", 30, 1, 1, 0), (0, "1000000100", 9999, 1, 1, 0)], 100, 1, 1, 1, "one of unknown days"),
        ([(0, "1000000100", NAN, 1, 1, 0)], NAN, 1, 1, 1, "days not known"),
        ([(0, "1000000100", 30, 999999, 1, 0)], NAN, 1, 1, 1, "amount not known"),
        ([(0, "1000000100", 30, 1, 12, 0)], NAN, 1, 1, 1, "a teaspoon of tablets"),
        ([(0, "6666666064", 30, 1, 1, 0)], NAN, 0, 1, 0, "a product that is not in the database"),
        ([(0, "7777777777", 30, 1, 1, 0)], NAN, 0, 1, 0, "refused"),
        ([(0, None, 30, 1, 1, 0)], NAN, 0, 1, 0, "no key"),
        ([(0, "1000000300", 30, 1, 1, 0)], NAN, 1, 0, 1, "the label does not say how much"),
        ([(0, "1000000100", 0, 1, 1, 0)], 0, 1, 0, 0, "on none of the days"),
        ([], NAN, -1, -1, -1, "nothing taken"),
    ],
)  # fmt: skip
def test_what_a_persons_products_add_up_to(rows, amount, any_with, unclear, magnesium_unclear, why):
    person, table = taken(*rows)
    found = product_rows(table.astype({"DSDSUPID": object}), person.astype(np.intp), NEW, LABELS)
    ask = {question: answer(question, found, LABELS, 2) for question in QUESTIONS}
    assert ask[QUESTIONS[0]] == pytest.approx([amount, NAN], nan_ok=True), why
    assert ask[QUESTIONS[1]].tolist() == [any_with, -1], why
    assert ask[QUESTIONS[2]].tolist() == [unclear, -1], why
    assert ask[QUESTIONS[3]].tolist() == [magnesium_unclear, -1], why


QUESTIONS = (ProductQuestion("amount", "magnesium"), ProductQuestion("any", "magnesium"), ProductQuestion("unclear"),
             ProductQuestion("unclear", "magnesium"))  # fmt: skip


def test_antacids_alone():
    person, table = taken((0, "1000000100", 30, 1, 1, 0), (0, "1000000100", 3, 1, 1, 2), (1, "1000000100", 30, 1, 1, 0))
    found = product_rows(table, person.astype(np.intp), NEW, LABELS)
    alone = answer(ProductQuestion("amount", "magnesium", antacids=True), found, LABELS, 2)
    assert alone == pytest.approx([10, NAN], nan_ok=True)


def test_the_older_question_each_time_and_how_often():
    """1999-2000: two tablets each time, three times a week, begun long ago: 2 × 3 / 7 a day."""
    table = pd.DataFrame({
        "DSDSUPID": ["1000000100"], "DSD090": [400.0], "DSD100Q": [3.0], "DSD100U": [2.0], "DSD120Q": [2.0],
        "DSD120U": [1.0], "DSDANTA": [0.0],
    })  # fmt: skip
    found = product_rows(table, np.array([0], dtype=np.intp), OLD, LABELS)
    assert found.servings == pytest.approx([6 / 7])


# The catalogue


def test_products_are_asked_in_every_cycle_of_the_catalogue():
    assert measured_variables()["magnesium_supplement_listed_mg"].cycles == CYCLES
    assert tuple(cycle for file in product_files() for cycle in file.cycles) == CYCLES


def test_totals_of_the_years_before_totals_come_from_products():
    found = measured_variables()["magnesium_supplement_released_mg"]
    assert [cycle for cycle in CYCLES if found.source(cycle).question is not None] == list(CYCLES[:4])


@pytest.mark.parametrize("entry", [{"amount": "iodine"}, {"any": "love"}, {"unclear": True}, {}])
def test_a_question_that_products_do_not_answer_is_refused(entry):
    with pytest.raises(CofactorError, match="of products; "):
        product_question(entry, "x of y.toml")


def test_a_question_says_what_it_asks():
    assert [str(q) for q in QUESTIONS] == ["magnesium of products", "any product with magnesium", "any product unclear",
                                          "any product with magnesium unclear"]  # fmt: skip


def test_zeros_and_flags_through_load(make_folder: Callable[..., DataFolder]):
    """Of five who told: a tablet of 100 mg, an antacid beside no supplement, a product and an amount not known."""
    folder = make_folder(
        "2017-2018",
        DSQTOT_J={"DSD010": [1, 2, 1, 2, 1, 7], "DSQTMAGN": [100, 50, None, None, None, None]},
        DSQIDS_J={
            "SEQN": [1001, 1002, 1003, 1005], "DSDPID": [4, 4, 6666666064, 4], "DSD103": [30, 15, 30, 30],
            "DSD122Q": [1, 1, 1, 777777], "DSD122U": [1, 1, 1, 1], "DSDANTA": [0, 2, 0, 0],
            "DSDACTSS": [1, 1, None, None],
        },
    )  # fmt: skip
    names = ["magnesium_supplement_mg", "magnesium_supplement_products_mg", "magnesium_antacid_mg",
             "magnesium_supplement_any", "zinc_supplement_any", "supplement_incomplete"]  # fmt: skip
    frame = load(names, cycles="2017-2018", data=folder, weight=None)
    assert frame[names[0]].tolist() == pytest.approx([100, 50, 0, 0, 0, NAN], nan_ok=True)
    assert frame[names[1]].tolist() == pytest.approx([100, 50, 0, 0, 0, NAN], nan_ok=True)
    assert frame[names[2]].tolist() == pytest.approx([0, 50, 0, 0, 0, NAN], nan_ok=True)
    assert frame[names[3]].tolist() == [True, True, False, False, True, pd.NA]
    assert frame[names[4]].tolist() == [False, False, False, False, False, pd.NA]
    assert frame[names[5]].tolist() == [False, False, True, False, True, pd.NA]


def test_without_the_database_products_are_refused(make_folder: Callable[..., DataFolder], tmp_path):
    folder = make_folder("2017-2018")
    (folder.root / folder.manifest.get("DSII.xpt").path).unlink()
    with pytest.raises(FileError, match=r"DSII\.xpt is not in"):
        load(["zinc_supplement_products_mg"], cycles="2017-2018", data=folder, weight=None)


# The comparison


def test_rounding_is_found_from_the_values():
    assert rounding_of(np.array([3.0, 4.0])) == pytest.approx(0.5, abs=1e-6)
    assert rounding_of(np.array([3.25, 4.0])) == pytest.approx(0.005, abs=1e-6)
    assert rounding_of(np.array([1 / 3])) == 0


def test_comparison_refuses_what_it_cannot_compare():
    with pytest.raises(NotMeasuredError, match="no cycle of '2001-2006' has a released total of zinc"):
        compare_supplements("zinc", cycles="2001-2006")
    with pytest.raises(UnknownVariableError, match="did you mean magnesium"):
        compare_supplements("magnesum", cycles="2007-2018")


@pytest.mark.real_data
@pytest.mark.parametrize(
    ("nutrient", "fewest_same", "means_within"),
    [("magnesium", 0.94, 0.005), ("calcium", 0.96, 0.005), ("vitamin_d", 0.97, 0.005), ("zinc", 0.97, 0.005),
     ("potassium", 0.95, 0.005), ("phosphorus", 0.97, 0.005), ("vitamin_c", 0.97, 0.005), ("fibre", 0.79, 0.03)],
)  # fmt: skip
def test_products_reproduce_the_released_totals(real, nutrient, fewest_same, means_within):
    """The same rule, 2007 on: equal within rounding for nearly everybody; what differs is labels corrected since."""
    found = compare_supplements(nutrient, cycles=WITH_TOTALS, data=real)
    assert found["cycle"].tolist() == WITH_TOTALS
    assert (found["same"] / found["people"]).min() >= fewest_same
    assert (found["mean_products"] / found["mean_total"] - 1).abs().max() <= means_within


@pytest.mark.real_data
def test_calcium_of_carbonate_antacids_is_not_in_the_totals_of_2007_2008(real):
    """Why people have calcium of products and no total: labels of calcium carbonate, which CDC left out that time."""
    found = compare_supplements("calcium", cycles=WITH_TOTALS, data=real).set_index("cycle")
    assert found.loc["2007-2008", "products_alone"] == 21
    assert found["products_alone"].drop("2007-2008").max() <= 1


@pytest.mark.real_data
@pytest.mark.parametrize(
    ("file", "key", "absent"),
    [("DSQFILE2", "DSDSUPID", 208), ("DSQ2_B", "DSDSUPID", 145), ("DSQ2_C", "DSDSUPID", 137),
     ("DSQ2_D", "DSDSUPID", 109)],
)  # fmt: skip
def test_rows_without_a_product_are_those_of_no_match(real, file, key, absent):
    """Match quality 6 (no match), 7 and 9 have no product; everything else, generic and default labels too, has one."""
    rows = real.columns(f"{file}.xpt", [key, "DSDMTCH"], one_row_per_person=False)
    products = real.columns("DSPI.xpt", ["DSDSUPID"], one_row_per_person=False)
    found = rows[key].isin(products["DSDSUPID"])
    assert (~found).sum() == absent
    assert (found == ~rows["DSDMTCH"].isin([6, 7, 9])).all()


@pytest.mark.real_data
def test_a_second_road_person_by_person(real):
    """Vitamin D of 2005-2006, added up row by row in plain Python from the three files."""
    units = {(1, 1), (1, 2), (1, 16), (1, 18), (1, 29), (1, 6), (1, 13), (1, 27), (20, 27), (20, 18), (30, 32)}
    products = real.columns("DSPI.xpt", ["DSDSUPID", "DSDPID", "DSDSERVQ", "DSDSERVU"], one_row_per_person=False)
    listed = real.columns("DSII.xpt", ["DSDPID", "DSDIID", "DSDQTY", "DSDUNIT"], one_row_per_person=False)
    listed = listed[(listed["DSDIID"] == 364) & (listed["DSDUNIT"] == 2)]
    iu = dict(zip(listed["DSDPID"], listed["DSDQTY"], strict=True))
    label = {row.DSDSUPID: row for row in products.itertuples() if isinstance(row.DSDSUPID, str)}
    rows = real.columns("DSQ2_D.xpt", ["DSDSUPID", "DSD103", "DSD122Q", "DSD122U"], one_row_per_person=False)
    sums: dict[int, float] = {}
    skipped: set[int] = set()
    for row in rows.itertuples():
        own = label.get(row.DSDSUPID)
        if own is None or own.DSDPID not in iu or not (row.DSD103 <= 30) or not (row.DSD122Q < 7777):
            continue
        if (row.DSD122U, own.DSDSERVU) not in units:
            skipped.add(row.SEQN)
            continue
        amount = iu[own.DSDPID] / 40 * row.DSD122Q / own.DSDSERVQ * row.DSD103 / 30
        sums[row.SEQN] = sums.get(row.SEQN, 0.0) + amount
    ours = load(["vitamin_d_supplement_listed_ug"], cycles="2005-2006", data=real, weight=None).iloc[:, 0]
    compared = [seqn for seqn in sums if seqn not in skipped]
    assert len(compared) > 2500
    assert ours.loc[compared].to_numpy() == pytest.approx(np.array([sums[seqn] for seqn in compared]))


# A second road over random files


def slow_magnesium(table: pd.DataFrame, person: np.ndarray, labels: dict[str, float]) -> dict[int, float]:
    """Row by row: tablets alone, days up to 30, 100 and 50 mg."""
    sums: dict[int, float] = {}
    for who, row in zip(person, table.itertuples(), strict=True):
        known = row.DSDSUPID in labels and row.DSD103 <= 30 and row.DSD122Q < 7777 and row.DSD122U == 1
        if known:
            sums[who] = sums.get(who, 0.0) + labels[row.DSDSUPID] * row.DSD122Q * row.DSD103 / 30
    return sums


@pytest.mark.parametrize("seed", range(5))
def test_random_files_row_by_row(seed):
    rng = np.random.default_rng(seed)
    n, people = 400, 120
    person = np.sort(rng.integers(people, size=n)).astype(np.intp)
    table = pd.DataFrame({
        "DSDSUPID": rng.choice(np.array(["1000000100", "1000000300", "6666666064", "9999999999", None]), size=n),
        "DSD103": rng.choice([1.0, 12.0, 30.0, 7777.0, 9999.0, NAN], size=n),
        "DSD122Q": rng.choice([0.5, 1.0, 3.0, 777777.0, 999999.0, NAN], size=n),
        "DSD122U": rng.choice([1.0, 12.0, 77.0, 99.0, NAN], size=n, p=[0.8, 0.05, 0.05, 0.05, 0.05]),
        "DSDANTA": rng.choice([0.0, 1.0, 2.0], size=n),
    })  # fmt: skip
    labels = labelled((1, 231, 100, 1), (3, 544, 100, 1), nutrients=("magnesium",))
    found = answer(QUESTIONS[0], product_rows(table, person, NEW, labels), labels, people)
    expected = slow_magnesium(table, person, {"1000000100": 100.0, "1000000300": 41.7})
    assert {who: found[who] for who in np.flatnonzero(~np.isnan(found))} == pytest.approx(expected)


def test_supplements_are_of_the_interview_and_their_totals_with_diet_of_the_recall():
    assert (
        choose_weight(["magnesium_supplement_mg", "vitamin_d_supplement_any"], CYCLES[:10]).name == "weight_interview"
    )
    assert choose_weight(["magnesium_supplement_products_mg"], CYCLES[10:]).name == "weight_diet_day1"
    assert choose_weight(["magnesium_total_mg"], CYCLES[:10]).name == "weight_diet_day1"
