"""The catalogue: complete, consistent, and readable."""

from __future__ import annotations

import ast
import itertools
from pathlib import Path

import pytest

from cofactor import cohort
from cofactor.cohort import catalogue, describe, write_pages
from cofactor.cohort.availability import cycles_of, in_order
from cofactor.cohort.catalogue_files import _measured, aliases, file_name, file_suffixes, measured_variables
from cofactor.cohort.not_here import why_not
from cofactor.cohort.pages import page
from cofactor.cohort.registry import canonical, variables
from cofactor.cohort.weights import SUBSAMPLES
from cofactor.errors import CofactorError, UnknownVariableError
from cofactor.loaders.cycles import CYCLES
from cofactor.loaders.manifest import load_manifest

MEASURED = measured_variables()
DOCUMENTED = ast.Module | ast.FunctionDef | ast.ClassDef

CORE = [
    "age_years",
    "sex",
    "race_ethnicity",
    "education",
    "poverty_income_ratio",
    "pregnant",
    "examined",
    "energy_diet_day1_kcal",
    "magnesium_diet_day1_mg",
    "calcium_diet_day1_mg",
    "vitamin_d_diet_day1_ug",
    "energy_diet_day2_kcal",
    "magnesium_diet_day2_mg",
    "calcium_diet_day2_mg",
    "vitamin_d_diet_day2_ug",
    "recall_reliable_day1",
    "recall_reliable_day2",
    "magnesium_diet_mg",
    "energy_diet_kcal",
    "calcium_diet_mg",
    "vitamin_d_diet_ug",
    "magnesium_diet_two_day_mg",
    "magnesium_supplement_mg",
    "calcium_supplement_mg",
    "vitamin_d_supplement_ug",
    "magnesium_total_mg",
    "calcium_total_mg",
    "vitamin_d_total_ug",
    "ca_mg_ratio",
    "ca_mg_ratio_total",
    "magnesium_below_ear",
    "vitd_25oh_nmol_l",
    "vitd_status",
    "smoking",
    "alcohol",
    "bmi_kg_m2",
    "diabetes_diagnosed",
    "hypertension_diagnosed",
    "cvd_history",
    "cancer_history",
    "physical_activity_met_min_week",
    "mortality_eligible",
    "died",
    "died_heart",
    "died_cancer",
    "died_cerebrovascular",
    "cause_of_death",
    "followup_months_exam",
    "followup_months_interview",
]

ADDED = [
    "age_80_plus",
    "season",
    "poverty_income_ratio_top",
    "self_rated_health",
    "activity_instrument",
    "diabetes",
    "hba1c_pct",
    "free_of_serious_illness",
    "age_exam_months",
    "entry_age_months",
    "birth_decade",
    "cycle_first_year",
    "died_heart_or_stroke",
    "weight_interview",
    "weight_exam",
    "weight_diet_day1",
    "weight_diet_both_days",
    "weight_fasting",
    "supplement_incomplete",
    "magnesium_below_ear_day1",
    "magnesium_two_day_below_ear",
    "magnesium_total_below_ear",
    "energy_diet_two_day_kcal",
]


@pytest.mark.parametrize("name", [*CORE, *ADDED])
def test_the_catalogue_has(name):
    assert canonical(name) == name


@pytest.mark.parametrize(
    ("name", "cycles"),
    [
        ("age_years", CYCLES),
        ("magnesium_diet_mg", CYCLES),
        ("magnesium_diet_day2_mg", CYCLES[2:]),
        ("magnesium_diet_two_day_mg", CYCLES[2:]),
        ("vitamin_d_diet_day1_ug", CYCLES[4:]),
        ("magnesium_supplement_mg", CYCLES),
        ("magnesium_total_mg", CYCLES),
        ("vitd_25oh_nmol_l", CYCLES[1:]),
        ("physical_activity_met_min_week", CYCLES[:10]),
        ("activity_instrument", CYCLES[:10]),
        ("died", CYCLES[:10]),
        ("alcohol", CYCLES),
        ("smoking", CYCLES),
    ],
)
def test_cycles_of_a_variable(name, cycles):
    assert cycles_of(name) == cycles


@pytest.mark.parametrize("name", MEASURED)
def test_a_cycle_has_one_source_of_a_variable(name):
    listed = [cycle for source in MEASURED[name].sources for cycle in source.cycles]
    assert len(listed) == len(set(listed))


@pytest.mark.parametrize("name", MEASURED)
def test_codes_mean_one_thing(name):
    for source in MEASURED[name].sources:
        spans = [*source.recode.missing, *(span for _, codes in source.recode.outcomes for span in codes)]
        for (low, high), (other_low, other_high) in itertools.combinations(spans, 2):
            assert high < other_low or other_high < low, f"{name}: {low:g}-{high:g} meets {other_low:g}-{other_high:g}"


@pytest.mark.parametrize("name", MEASURED)
def test_entry_is_whole(name):
    found = MEASURED[name]
    assert found.label
    assert found.kind in {"number", "flag", "category", "months"}
    assert (found.reference in found.levels) == (found.kind == "category")
    for source in found.sources:
        assert source.subsample in SUBSAMPLES
        assert source.file is None or source.columns
        assert found.kind != "flag" or source.rows in ("any missing", "products") or len(source.recode.outcomes) == 2
        assert found.kind != "category" or source.level or tuple(n for n, _ in source.recode.outcomes) == found.levels


def test_every_cycle_has_a_suffix():
    assert set(file_suffixes()) == set(CYCLES)


def test_every_file_is_in_the_manifest():
    known = load_manifest()
    for variable in MEASURED.values():
        for source in variable.sources:
            for cycle in source.cycles if source.file else ():
                assert known.get(file_name(str(source.file), cycle)) is not None, (variable.name, cycle)


def test_rules_name_no_cycle_so_that_a_new_one_needs_none_changed():
    """Cycles are data of the catalogue; two facts of weighting alone are stated in `weights`."""
    folder = Path(cohort.__file__).parent
    for path in (*folder.glob("*.py"), *folder.glob("derived/*.py")):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        said = {ast.get_docstring(node, clean=False) for node in ast.walk(tree) if isinstance(node, DOCUMENTED)}
        texts = [n.value for n in ast.walk(tree) if isinstance(n, ast.Constant) and isinstance(n.value, str)]
        cycles = {text for text in texts if text not in said} & set(CYCLES)
        assert cycles <= ({"1999-2000", "2001-2002", "2021-2023"} if path.name == "weights.py" else set()), path.name


def test_an_entry_with_a_stray_key_is_refused():
    with pytest.raises(CofactorError, match=r"x of y\.toml has the keys colour"):
        _measured("x", {"label": "X", "kind": "number", "colour": 1, "sources": []}, "y.toml")


def test_aliases_lead_to_names_and_are_none_themselves():
    assert set(aliases().values()) <= set(variables())
    assert not set(aliases()) & set(variables())


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("headache_severe", "file MPQ"),
        ("hei2015", "Healthy Eating Index"),
        ("magnesium_serum_mg_dl", "magnesium in blood"),
        ("vitamin_d_1_25_pg_ml", "1,25"),
        ("time_outdoors_minutes", "DEQ"),
    ],
)
def test_a_name_that_cannot_be_had_is_met_with_the_reason(name, says):
    with pytest.raises(UnknownVariableError, match=says):
        canonical(name)


def test_no_reason_stands_for_a_variable_that_is_here():
    assert [name for name in variables() if why_not(name)] == []


def test_an_unknown_name_is_met_with_near_ones():
    with pytest.raises(UnknownVariableError, match=r"did you mean .*magnesium_diet_mg"):
        canonical("magnesium_diets_mg")


def test_inputs_come_before_what_is_made_of_them():
    order = in_order(["free_of_serious_illness", "magnesium_total_below_ear"])
    for name in order:
        inputs = getattr(variables()[name], "inputs", ())
        assert all(order.index(part) < order.index(name) for part in inputs)


def test_catalogue_lists_every_variable_once():
    table = catalogue()
    assert sorted(table["name"]) == sorted(variables())
    assert table["label"].ne("").all()
    assert table["cycles"].ne("").all()
    assert table.set_index("name").loc["died_heart_or_stroke", "aliases"] == "cvd_death"


def test_describe_shows_sources_by_cycle():
    text = describe("magnesium_diet_day1_mg")
    assert "1999-2000  DRXTOT.xpt    DRXTMAGN" in text
    assert "2005-2006  DR1TOT_D.xpt  DR1TMAGN" in text


def test_describe_shows_rule_and_cases():
    text = describe("cvd_death")
    assert "died = yes, cause_of_death = heart disease: yes (died of it)" in text


@pytest.mark.parametrize("name", variables())
def test_every_variable_has_a_page(name):
    text = page(name)
    assert text.startswith(f"# {name}\n")
    assert "## Cases" in text or "## Sources" in text


def test_pages_are_written_with_an_index(tmp_path):
    paths = write_pages(tmp_path / "variables")
    assert {path.stem for path in paths} == {"index", *variables()}
    assert "[vitd_status](vitd_status.md)" in (tmp_path / "variables" / "index.md").read_text(encoding="utf-8")
    assert not [path for path in (tmp_path / "variables").iterdir() if path.suffix != ".md"]
