"""Medicines by class: the dictionary, combinations, names that are not known, and the real files."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from cofactor.cohort import load
from cofactor.cohort.catalogue_files import measured_variables
from cofactor.cohort.drug_classes import CLASSES, KEY, DrugDictionary, any_member, read_dictionary
from cofactor.errors import FileError

OWN, OF_INGREDIENTS = 0, 4
THIAZIDE, ACE_INHIBITOR, BOTH = (40, 49, 156), (40, 42), (40, 55, 467)
MEDICINES = {
    "thiazide": {OWN: THIAZIDE, OF_INGREDIENTS: THIAZIDE},
    "ACE inhibitor": {OWN: ACE_INHIBITOR, OF_INGREDIENTS: ACE_INHIBITOR},
    "ACE inhibitor with thiazide": {OWN: BOTH, OF_INGREDIENTS: ACE_INHIBITOR, OF_INGREDIENTS + 1: THIAZIDE},
    "aldosterone antagonist": {OWN: (40, 49, 155), OWN + 1: (40, 340)},
    "diuretic, unspecified": {OWN: (40, 49)},
    "cardiovascular agent, unspecified": {OWN: (40,)},
    "statin": {OWN: (358, 19, 173)},
    "inhaled steroid": {OWN: (122, 130), OWN + 1: (97, 98, 301)},
}


def dictionary() -> DrugDictionary:
    classes = np.full((len(MEDICINES), len(CLASSES), 3), np.nan)
    for row, places in enumerate(MEDICINES.values()):
        for place, levels in places.items():
            classes[row, place, : len(levels)] = levels
    return DrugDictionary(pd.Index(list(MEDICINES)), classes)


def members(*wanted, but_not=()) -> dict[str, int]:
    return dict(zip([*MEDICINES, "unknown"], dictionary().members(wanted, but_not).tolist(), strict=True))


class TestMembers:
    def test_own_class_and_classes_of_ingredients_count(self):
        found = members((40, 49))
        assert {name for name, state in found.items() if state == 1} == {
            "thiazide",
            "ACE inhibitor with thiazide",
            "aldosterone antagonist",
            "diuretic, unspecified",
        }

    def test_a_broader_class_alone_is_unclear(self):
        assert members((40, 49))["cardiovascular agent, unspecified"] == -1
        assert members(THIAZIDE)["diuretic, unspecified"] == -1

    def test_another_class_is_no(self):
        assert members((40, 49))["ACE inhibitor"] == 0
        assert members((40, 49))["statin"] == 0

    def test_a_second_class_counts(self):
        assert members((40, 340))["aldosterone antagonist"] == 1

    def test_any_of_several_classes(self):
        found = members(ACE_INHIBITOR, (358, 19, 173))
        assert (found["statin"], found["ACE inhibitor with thiazide"], found["thiazide"]) == (1, 1, 0)

    def test_what_is_of_an_excluded_class_is_no(self):
        assert members((97, 98, 301))["inhaled steroid"] == 1
        assert members((97, 98, 301), but_not=[(122,)])["inhaled steroid"] == 0

    def test_no_known_medicine_is_unclear(self):
        assert members((40, 49))["unknown"] == -1


class TestPositions:
    def test_missing_codes_have_none(self):
        assert dictionary().positions(pd.Series(["statin", None], dtype="str")).tolist() == [6, -1]

    def test_a_code_that_the_dictionary_lacks_is_refused(self):
        with pytest.raises(FileError, match=r"lacks 1 codes of medicines that people take \(d99999"):
            dictionary().positions(pd.Series(["statin", "d99999"], dtype="str"))


TAKEN = [
    # medicines, whether any is taken, whether a diuretic is
    (["thiazide"], 1, 1),
    (["statin", "ACE inhibitor with thiazide"], 1, 1),
    (["statin", "ACE inhibitor"], 1, 0),
    (["statin", None], 1, -1),
    (["thiazide", None], 1, 1),
    (["cardiovascular agent, unspecified"], 1, -1),
    ([None], 1, -1),
    ([None], 0, 0),
    ([None], -1, -1),
]


@pytest.mark.parametrize(("names", "any_taken", "expected"), TAKEN)
def test_any_of_a_persons_medicines(names, any_taken, expected):
    book = dictionary()
    rows = book.positions(pd.Series(names, dtype="str"))
    taken = np.array([any_taken], dtype=np.int8)
    assert any_member(book.members([(40, 49)]), rows, np.zeros(len(rows), dtype=int), taken).tolist() == [expected]


def test_a_person_of_several_rows_who_says_two_things_is_refused(make_folder):
    rows = {"SEQN": [401, 401, 402, 403, 404, 405], "RXDUSE": [1, 2, 2, 2, 2, 2]}
    with pytest.raises(FileError, match=r"RXDUSE of RXQ_RX_D\.xpt says different things on the rows of one person"):
        load(["medicine_any"], cycles="2005-2006", data=make_folder("2005-2006", RXQ_RX_D=rows))


def test_none_taken_is_no_and_unknown_is_missing(make_folder):
    rows = {"SEQN": [401, 402, 403, 404, 405, 406], "RXDUSE": [1, 2, 7, 9, None, 2]}
    data = load(["medicine_any", "medicine_diuretic"], cycles="2005-2006", data=make_folder("2005-2006", RXQ_RX_D=rows))
    assert data["medicine_any"].tolist() == [True, False, pd.NA, pd.NA, pd.NA, False]
    assert data["medicine_diuretic"].tolist() == [pd.NA, False, pd.NA, pd.NA, pd.NA, False]


CLASSED = {name: v for name, v in measured_variables().items() if any(s.rows == "any of class" for s in v.sources)}


@pytest.mark.real_data
@pytest.mark.parametrize("name", CLASSED)
def test_every_class_of_the_catalogue_has_medicines(name, real):
    source = CLASSED[name].sources[0]
    assert (read_dictionary(real).members(source.classes, source.classes_not) == 1).any()


@pytest.mark.real_data
def test_a_diuretic_of_real_people_by_brute_force(real):
    """Row by row, by the names of the classes instead of their numbers."""
    from cofactor.cohort.drug_classes import FILE

    texts = [f"{stem}{number}B" for stem, most in (("RXDDCN", 4), ("RXDICN", 6)) for number in range(1, most + 1)]
    book = real.columns(FILE, [KEY, *texts], one_row_per_person=False).set_index(KEY)
    diuretics = set(book.index[(book == "DIURETICS").any(axis=1)])
    rows = real.columns("RXQ_RX_H.xpt", ["RXDUSE", KEY], one_row_per_person=False)
    takes = rows[KEY].isin(diuretics).groupby(rows["SEQN"]).any()
    data = load(["medicine_diuretic"], cycles="2013-2014", data=real)["medicine_diuretic"]
    assert data[data.notna()].astype(bool).equals(takes.reindex(data.index)[data.notna()])
    assert not takes.reindex(data.index)[data.isna()].any()
    assert data.isna().sum() < 100
