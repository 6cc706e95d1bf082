"""The pages of the variables: whole, made of the rows that the tests run, refused where one is undocumented."""

from __future__ import annotations

from dataclasses import replace

import pytest

from cofactor.cohort import pages, write_pages
from cofactor.cohort.catalogue_files import measured_variables
from cofactor.cohort.derive import Case
from cofactor.cohort.documented import check_documented, lacks
from cofactor.cohort.listing import shown
from cofactor.cohort.page_parts import formula
from cofactor.cohort.page_topics import OTHER, by_topic
from cofactor.cohort.pages import page
from cofactor.cohort.registry import derived_variables, variables
from cofactor.errors import CofactorError

NUMBER = measured_variables()["bmi_kg_m2"]
CATEGORY = measured_variables()["education"]
RULE = derived_variables()["diabetes"]


def test_every_variable_is_documented():
    check_documented(variables().values())


@pytest.mark.parametrize(
    ("broken", "says"),
    [
        (replace(NUMBER, label=" "), "no label"),
        (replace(NUMBER, unit=""), "no unit"),
        (replace(NUMBER, sources=()), "no sources"),
        (replace(CATEGORY, levels=()), "no levels"),
        (replace(RULE, rule=""), "no docstring"),
        (replace(RULE, source=""), "no source of the rule"),
        (replace(RULE, cases=()), "no cases"),
        (replace(RULE, cases=(Case(hba1c_pct=6.5, gives=True, why=""),)), "a case without its reason"),
    ],
)
def test_an_undocumented_variable_is_named_with_what_it_lacks(broken, says):
    assert len(lacks(broken)) == 1
    with pytest.raises(CofactorError, match=rf"undocumented variables.*\n  {broken.name}: .*{says}"):
        check_documented([NUMBER, broken, RULE])


def test_an_undocumented_variable_fails_the_build_and_nothing_is_written(tmp_path, monkeypatch):
    broken = {**variables(), "bmi_kg_m2": replace(NUMBER, unit="")}
    monkeypatch.setattr(pages, "variables", lambda: broken)
    with pytest.raises(CofactorError, match="bmi_kg_m2: no unit"):
        write_pages(tmp_path / "variables")
    assert not (tmp_path / "variables").exists()


@pytest.mark.parametrize("name", derived_variables())
def test_the_page_of_a_rule_shows_the_cases_that_the_tests_run(name):
    found = derived_variables()[name]
    text = page(name)
    assert found.rule in text
    assert found.source in text
    for case in found.cases:
        cells = [*(shown(case.inputs.get(part)) for part in found.inputs), shown(case.gives), case.why]
        assert f"| {' | '.join(cells)} |".replace("\n", " ") in text


def test_the_page_of_a_measured_variable_shows_sources_codes_and_counts():
    text = page("education")
    assert "| 2005-2006 | DEMO_D.xpt | DMDEDUC2 |" in text
    assert "- missing codes: 7, 9" in text
    assert "| 5 | college graduate | 793 | 1079 |" in text
    assert "[All variables](index.md)" in text


def test_a_page_says_what_is_lacking_and_what_changed():
    text = page("vitd_25oh_nmol_l")
    assert "- 1999-2000: No vitamin D is public for 1999-2000." in text
    assert "## Known changes" in text
    assert "[vitd_status](vitd_status.md)" in text


def test_a_formula_has_its_constants_and_no_docstring():
    lines = formula(derived_variables()["diabetes"])
    assert lines[0] == "HBA1C_DIABETES = 6.5"
    assert not [line for line in lines if '"""' in line]
    assert lines[-1].strip() == "return any_of(diabetes_diagnosed, at_least(hba1c_pct, HBA1C_DIABETES))"


def test_a_formula_with_fixed_arguments_names_them():
    assert "# with column=vitd_25oh_nmol_l, cut=30.0" in formula(derived_variables()["vitd_25oh_below_30"])
    assert "# with column=magnesium_diet_mg, cut=magnesium_ear_mg" in formula(
        derived_variables()["magnesium_below_ear"]
    )


def test_the_index_lists_every_variable_once_under_a_topic():
    listed = [name for names in by_topic().values() for name in names]
    assert sorted(listed) == sorted(variables())
    assert OTHER not in by_topic(), "give the new file of the catalogue, or module of rules, a topic in page_topics"


def test_pages_of_variables_that_are_gone_are_removed_and_other_files_kept(tmp_path):
    gone, mine = tmp_path / "gone.md", tmp_path / "mine.md"
    gone.write_text(f"# gone\n{pages.MADE}\n", encoding="utf-8")
    mine.write_text("# mine\n", encoding="utf-8")
    written = write_pages(tmp_path)
    assert {path.stem for path in written} == {"index", *variables()}
    assert not gone.exists()
    assert mine.exists()
