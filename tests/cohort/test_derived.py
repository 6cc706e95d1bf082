"""Every derived variable: its cases, its words, and that it compares through the house's own comparisons."""

from __future__ import annotations

import ast
from pathlib import Path

import pandas as pd
import pytest

from cofactor.cohort import derived as derived_package
from cofactor.cohort.derive import Case, Derived, input_column
from cofactor.cohort.registry import derived_variables, variables

DERIVED = derived_variables()
CASES = [
    pytest.param(name, case, id=f"{name}-{case.why[:40]}") for name, found in DERIVED.items() for case in found.cases
]
MODULES = sorted(Path(derived_package.__file__).parent.glob("*.py"))


def run(found: Derived, case: Case) -> pd.Series:
    """One row of inputs through the rule; an optional input that the case leaves out is all missing."""
    return found.function(*(input_column(variables()[name], [case.inputs.get(name)]) for name in found.inputs))


@pytest.mark.parametrize(("name", "case"), CASES)
def test_case(name, case):
    given = run(DERIVED[name], case)[0]
    if case.gives is None:
        assert pd.isna(given)
    elif isinstance(case.gives, float):
        assert given == pytest.approx(case.gives, rel=1e-12)
    else:
        assert given == case.gives


@pytest.mark.parametrize("name", DERIVED)
def test_cases_name_every_input_that_is_not_optional_and_no_other(name):
    found = DERIVED[name]
    for case in found.cases:
        assert set(found.required) <= set(case.inputs) <= set(found.inputs), case


@pytest.mark.parametrize("name", DERIVED)
def test_a_case_says_what_is_missing(name):
    assert any(case.gives is None for case in DERIVED[name].cases) or name in NEVER_MISSING


NEVER_MISSING: tuple[str, ...] = ()


@pytest.mark.parametrize("name", [name for name, found in DERIVED.items() if found.kind == "category"])
def test_every_level_has_a_case_or_there_are_too_many(name):
    found = DERIVED[name]
    shown = {case.gives for case in found.cases if case.gives is not None}
    assert shown <= set(found.levels)
    assert shown == set(found.levels) or len(found.levels) > 10


@pytest.mark.parametrize("name", DERIVED)
def test_result_has_the_kind_that_is_declared(name):
    found = DERIVED[name]
    made = run(found, found.cases[0])
    if found.kind == "flag":
        assert made.dtype == "boolean"
    elif found.kind == "category":
        assert tuple(made.cat.categories) == found.levels
        assert not made.cat.ordered
    else:
        assert made.dtype == float


@pytest.mark.parametrize("name", DERIVED)
def test_inputs_are_canonical_names(name):
    assert set(DERIVED[name].inputs) <= set(variables())


@pytest.mark.parametrize("name", DERIVED)
def test_label_source_rule_and_reference_are_stated(name):
    found = DERIVED[name]
    assert found.label
    assert found.source
    assert found.rule
    assert all(case.why for case in found.cases)
    assert (found.reference in found.levels) == (found.kind == "category")


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.name)
def test_rules_compare_through_the_logic_of_the_house(path):
    """A bare comparison with a missing value answers False; `is None` asks about an argument, not a column."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    bare = [
        node.lineno
        for node in ast.walk(tree)
        if isinstance(node, ast.Compare) and not all(isinstance(op, ast.Is | ast.IsNot) for op in node.ops)
    ]
    assert bare == []


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.name)
def test_rules_know_no_cycle_file_or_weight(path):
    imported = {
        node.module
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.ImportFrom)
    }
    assert not {module for module in imported if "loaders" in module or "reading" in module or "weights" in module}


def test_columns_longer_than_one_row_keep_their_index():
    index = pd.Index([7, 9])
    made = DERIVED["vitd_status"].function(pd.Series([29.0, 50.0], index=index))
    assert made.index.tolist() == [7, 9]
