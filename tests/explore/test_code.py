"""The Python that the page shows gives the numbers that the page shows."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from cofactor import load
from cofactor.errors import CofactorError
from cofactor.explore.answer import curves_of, distributions_of, interaction_of, people_of
from cofactor.explore.choices import FIRST, Choices
from cofactor.explore.code import DataSource, python_code
from cofactor.explore.plan import plan_of

FEW = replace(FIRST, adjust=("age_years", "sex"), cycles="2005-2018")
QUESTIONS = {
    "a number cut where asked, and a flag": FEW,
    "two numbers at their medians": replace(
        FEW, exposure_cut=None, exposure_reference="", modifier="magnesium_diet_mg", modifier_reference="higher"
    ),
    "a cause of death": replace(FEW, outcome="cause_of_death:cancer", adjust=()),
    "a category and a yes/no outcome": replace(
        FEW,
        exposure="smoking_status",
        exposure_cut=None,
        exposure_reference="former",
        outcome="diabetes",
        subgroup="sex == 'female' or not_true(age_years < 50)",
    ),
    "a number and a yes/no outcome, everybody, no covariates": replace(
        FEW, exposure="age_years", exposure_cut=60.0, outcome="diabetes", subgroup="", adjust=()
    ),
}


@pytest.mark.filterwarnings("ignore::cofactor.errors.CofactorWarning")
@pytest.mark.parametrize("choices", QUESTIONS.values(), ids=QUESTIONS)
def test_the_code_gives_the_same_numbers(
    choices: Choices, synthetic_folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    plan = plan_of(choices)
    people = people_of(plan, load(list(plan.names), cycles=plan.cycles, data=synthetic_folder))
    ran: dict[str, object] = {}
    exec(python_code(plan, DataSource(str(synthetic_folder))), ran)

    shown = distributions_of(plan, people)
    _same(ran["exposure"], shown.exposure)
    _same(ran["modifier"], shown.modifier)
    table = interaction_of(plan, people)
    _same(ran["table"], table.table)
    _same(ran["product"], table.product)
    if plan.exposure.number:
        curves = curves_of(plan, people)
        assert list(ran["curves"]) == list(curves.by_level)
        for level, curve in curves.by_level.items():
            _same(ran["curves"][level], curve)
        _same(ran["curves_differ"], curves.differ)
    assert "RERI" in capsys.readouterr().out


def test_code_for_synthetic_files_makes_them_first(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    choices = replace(
        FEW, cycles="2005-2006", exposure="bmi_kg_m2", exposure_cut=30.0, adjust=(), modifier="sex", outcome="diabetes"
    )
    folder = tmp_path / "made"
    exec(python_code(plan_of(choices), DataSource(str(folder), people=600, seed=3)), {})
    assert (folder / "cofactor-synthetic.json").is_file()
    assert "Interaction of bmi_kg_m2_group and sex" in capsys.readouterr().out


def test_the_interaction_is_that_of_a_table_made_by_hand(synthetic_folder: Path) -> None:
    """Without covariates a prevalence ratio is a ratio of weighted shares."""
    plan = plan_of(QUESTIONS["a number and a yes/no outcome, everybody, no covariates"])
    people = people_of(plan, load(list(plan.names), cycles=plan.cycles, data=synthetic_folder))
    data = people.design.data
    known = data.dropna(subset=["age_years", "diabetes", "magnesium_below_ear"]).query("analysis_weight > 0")
    older = known["age_years"] >= 60
    low = known["magnesium_below_ear"].astype(bool)

    def share(rows: pd.Series) -> float:
        return float(np.average(known["diabetes"][rows].astype(float), weights=known["analysis_weight"][rows]))

    cells = {(x, y): share((older == x) & (low == y)) for x in (False, True) for y in (False, True)}
    relative = {cell: value / cells[True, False] for cell, value in cells.items()}  # "higher" is the reference
    reri = relative[False, True] - relative[False, False] - relative[True, True] + 1
    measured = interaction_of(plan, people).table.measures.set_index("term")
    assert plan.exposure.levels == ("higher", "lower")
    assert measured.loc["RERI", "estimate"] == pytest.approx(reri, rel=1e-9)


def test_a_cut_that_leaves_a_side_empty_is_refused(synthetic_folder: Path) -> None:
    plan = plan_of(replace(FEW, exposure_cut=-1.0))
    frame = load(list(plan.names), cycles=plan.cycles, data=synthetic_folder)
    with pytest.raises(CofactorError, match=r"nobody in question has .* below -1; choose another place to cut"):
        people_of(plan, frame)


INJECTIONS = (
    "__import__('os').system('touch {made}')",
    "open('{made}', 'w')",
    "exec(\"open('{made}', 'w')\")",
    "age_years.__class__.__mro__[1].__subclasses__()",
    "[age_years for age_years in ().__class__.__bases__]",
    "(lambda: open('{made}', 'w'))()",
    "age_years >= 20) or (open('{made}', 'w')",
    "age_years >= 20 and @age_years",
    "age_years >= 20; import os",
    "f'{{age_years}}' == 'x'",
    "(age_years := 20) > 1",
    "age_years if age_years else open('{made}', 'w')",
    "age_years ** 99999 > 1",
    "'a' * 10 ** 9 == 'b'",
    "sex == 'female\"\"\"' + __import__('os').name",
    "known(age_years, **{{'a': open('{made}', 'w')}})",
)


@pytest.mark.parametrize("text", INJECTIONS)
def test_a_condition_runs_no_code(text: str, synthetic_folder: Path, tmp_path: Path) -> None:
    made = tmp_path / "made"
    with pytest.raises(CofactorError):
        _judged(text.format(made=made), synthetic_folder)
    assert not made.exists()


@pytest.mark.parametrize("text", ["sex == \"male' + __import__('os').name + '\"", "smoking == 'a\\nimport os'"])
def test_a_text_in_a_condition_stays_a_text_in_the_code(text: str) -> None:
    code = python_code(plan_of(replace(FEW, subgroup=text)), DataSource())
    domain = next(line for line in code.splitlines() if line.startswith("domain = "))
    ran: dict[str, object] = {}
    exec(domain, {"__builtins__": {}}, ran)
    assert ran["domain"] == plan_of(replace(FEW, subgroup=text)).domain


def _judged(text: str, folder: Path) -> None:
    plan = plan_of(replace(FEW, cycles="2005-2006", adjust=(), subgroup=text))
    people_of(plan, load(list(plan.names), cycles=plan.cycles, data=folder))


def _same(one: object, other: object) -> None:
    left, right = one.table(), other.table()
    pd.testing.assert_frame_equal(left, right, rtol=1e-10)
