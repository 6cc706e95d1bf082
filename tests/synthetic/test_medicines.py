"""Synthetic medicines: one row each, with a dictionary that has every class the catalogue asks for."""

from __future__ import annotations

import pandas as pd
import pytest

from cofactor.cohort import load
from cofactor.cohort.catalogue_files import measured_variables
from cofactor.cohort.drug_classes import read_dictionary
from cofactor.loaders.store import DataFolder

CYCLE = "2005-2006"


@pytest.fixture(scope="module")
def folder(synthetic_folder) -> DataFolder:
    return DataFolder(synthetic_folder)


@pytest.fixture(scope="module")
def rows(folder) -> pd.DataFrame:
    return folder.columns("RXQ_RX_D.xpt", ["RXDUSE", "RXDDRUG", "RXDDRGID", "RXDCOUNT"], one_row_per_person=False)


def test_everybody_has_a_row_and_takers_one_for_each_medicine(rows, folder):
    by_person = rows.groupby("SEQN").agg(rows=("RXDUSE", "size"), count=("RXDCOUNT", "first"))
    assert by_person["count"].fillna(1).eq(by_person["rows"]).all()
    assert set(by_person.index) == set(folder.columns("DEMO_D.xpt", ["RIDAGEYR"])["SEQN"])


def test_people_without_a_medicine_have_no_name(rows):
    assert rows.loc[rows["RXDUSE"] != 1, ["RXDDRUG", "RXDDRGID", "RXDCOUNT"]].isna().all(axis=None)


def test_every_medicine_taken_is_in_the_dictionary_or_of_unknown_name(rows, folder):
    places = read_dictionary(folder).positions(rows["RXDDRGID"])
    assert set(rows.loc[(places < 0) & (rows["RXDUSE"] == 1), "RXDDRUG"]) <= {"99999"}


def test_a_combination_counts_for_each_of_its_parts(rows, folder):
    names = ["medicine_diuretic_thiazide", "medicine_ace_inhibitor"]
    takers = rows.loc[rows["RXDDRUG"] == "SYNTHETIC ACE INHIBITOR; THIAZIDE", "SEQN"]
    assert len(takers)
    assert load(names, cycles=CYCLE, data=folder).loc[takers, names].all(axis=None)


def test_every_class_of_the_catalogue_is_taken_by_somebody(folder):
    """A new class needs a made-up medicine."""
    names = [name for name, v in measured_variables().items() if v.sources[0].rows == "any of class"]
    data = load(names, cycles="1999-2018", data=folder)
    assert [name for name in names if not data[name].any()] == []
