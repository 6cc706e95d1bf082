"""What a cycle has of the catalogue, and what is not mapped, with the reason."""

from __future__ import annotations

import pytest

from cofactor.cohort import coverage, unmapped
from cofactor.cohort.catalogue_files import measured_variables
from cofactor.cohort.coverage_words import coverage_text
from cofactor.cohort.registry import variables
from cofactor.errors import FileError, StudyError
from cofactor.loaders.absences import ABSENCES, known_absences, why_absent
from cofactor.loaders.cycles import CYCLES
from cofactor.loaders.manifest import load_manifest


@pytest.mark.parametrize("cycle", CYCLES)
def test_every_variable_is_there_or_has_a_reason(cycle):
    found = coverage(cycle)
    there = [name for names in found.by_file.values() for name in names] + list(found.derived)
    lacking = [one.name for one in found.unmapped] + list(found.lacking)
    assert sorted(there + lacking) == sorted(variables())
    assert all(one.reason for one in found.unmapped)
    assert all(found.lacking.values())
    assert set(found.by_file) - {""} <= set(load_manifest().records)


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("died", "Mortality is linked"),
        ("creatinine_serum_released_mg_dl", "was not in CDC's list of files"),
        ("medicine_diuretic", "names of medicines are not released"),
        ("work_vigorous", "leisure activity alone"),
        ("gout_told", "The file is there without the column."),
    ],
)
def test_reasons_of_2021(name, reason):
    table = unmapped("2021-2023").set_index("name")
    assert reason in table.loc[name, "reason"]


def test_a_derived_variable_names_the_measured_ones_that_block_it():
    found = coverage("2021-2023")
    assert found.lacking["died_cancer"] == ("died", "cause_of_death")
    assert "triglycerides_mg_dl" in found.lacking["metabolic_syndrome"]
    assert not [name for name in found.lacking["metabolic_syndrome"] if "mercury" in name], "another device measures it"


def test_what_has_another_source_in_the_cycle_says_so():
    [one] = [one for one in coverage("2021-2023").unmapped if one.name == "sleep_hours_whole"]
    assert one.instead == ("sleep_hours",)


@pytest.mark.parametrize("cycle", ["1999-2000", "2021-2023"])
def test_the_text_names_all_and_keeps_its_width(cycle):
    text = coverage_text(coverage(cycle), width=80)
    names = set(text.replace(",", " ").split())
    assert set(measured_variables()) <= names
    longest = max(text.splitlines(), key=len)
    assert len(longest) <= 80, longest


def test_a_cycle_that_is_none_is_refused():
    with pytest.raises(StudyError):
        coverage("2019-2020")


def test_several_cycles_are_refused():
    with pytest.raises(StudyError, match="one cycle"):
        coverage("2001-2004")


def test_known_absences_are_of_files_that_the_catalogue_reads():
    files = {source.file for found in measured_variables().values() for source in found.sources}
    strange = {one.file for one in known_absences()} - files
    assert strange <= {"CDQ", "DR2TOT", "CRP"}


def test_an_absence_holds_for_its_cycles_and_columns_alone():
    assert why_absent("SLQ", ["SLD010H"], "2017-2018")
    assert not why_absent("SLQ", ["SLD012"], "2017-2018")
    assert not why_absent("SLQ", ["SLD010H"], "2013-2014")


def test_damaged_absences_are_refused(tmp_path):
    (tmp_path / ABSENCES).write_text("file,cycles,columns,reason\nA,1898-1899,*,Why.\n", encoding="utf-8")
    with pytest.raises(FileError, match="reinstall cofactor"):
        known_absences(tmp_path)
