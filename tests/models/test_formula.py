"""What a formula means: columns, names, references, and what is refused."""

from __future__ import annotations

import pickle

import numpy as np
import pandas as pd
import pytest

from cofactor.errors import CofactorError, FormulaError, UnknownVariableError
from cofactor.models.formula import design_matrix


def make(formula, data, **options):
    return design_matrix(formula, data, np.ones(len(data), dtype=bool), **options)


@pytest.mark.parametrize(
    ("formula", "columns"),
    [
        ("age", ["Intercept", "age"]),
        ("y ~ age", ["Intercept", "age"]),
        ("sex", ["Intercept", "sex[female]"]),
        ("education", ["Intercept", "education[low]", "education[middle]"]),
        ("smokes", ["Intercept", "smokes"]),
        ("C(parity)", ["Intercept", "parity[1]", "parity[2]"]),
        ("reference(sex, 'female')", ["Intercept", "sex[male]"]),
        ("reference(C(parity), 2)", ["Intercept", "parity[0]", "parity[1]"]),
        ("age * sex", ["Intercept", "age", "sex[female]", "age:sex[female]"]),
        ("sex + sex:age", ["Intercept", "sex[female]", "sex[male]:age", "sex[female]:age"]),
        ("rcs(age)", ["Intercept", "rcs(age)[1]", "rcs(age)[2]", "rcs(age)[3]"]),
        ("rcs(age, 3)", ["Intercept", "rcs(age)[1]", "rcs(age)[2]"]),
        ("poly(age, 2)", ["Intercept", "poly(age)[1]", "poly(age)[2]"]),
        ("I(age**2) + log(bmi)", ["Intercept", "I(age ** 2)", "log(bmi)"]),
        ("I(age>=50)", ["Intercept", "I(age >= 50)"]),
        ("1", ["Intercept"]),
    ],
)
def test_columns_are_named_by_variable_and_level(people, formula, columns):
    assert list(make(formula, people).columns) == columns


@pytest.mark.parametrize(
    ("formula", "rank"),
    [("sex:education", 6), ("sex + sex:education", 6), ("sex * education * smokes", 12), ("education:age", 4),
     ("sex:education:age", 7), ("sex:smokes + education", 5)],
)  # fmt: skip
def test_categories_span_their_space_without_collinear_columns(people, formula, rank):
    made = make(formula, people).values
    assert made.shape[1] == rank == np.linalg.matrix_rank(made)


def test_values_are_the_columns_themselves(people):
    made = make("smokes + age:sex + I(age / bmi) + I(sex == 'female' and age > 40)", people)
    female = (people["sex"] == "female").to_numpy(float)
    by_name = dict(zip(made.columns, made.values.T, strict=True))
    np.testing.assert_array_equal(by_name["smokes"], people["smokes"].to_numpy(float))
    np.testing.assert_array_equal(by_name["age:sex[female]"], people["age"] * female)
    np.testing.assert_array_equal(by_name["I(age / bmi)"], people["age"] / people["bmi"])
    np.testing.assert_array_equal(
        by_name["I(sex == 'female' and age > 40)"], female * (people["age"] > 40).to_numpy(float)
    )


def test_reference_is_the_catalogues_when_it_occurs(people):
    made = make("sex", people, references={"sex": "female"})
    assert made.columns == ("Intercept", "sex[male]")
    absent = make("sex", people, references={"sex": "unknown"})
    assert absent.columns == ("Intercept", "sex[female]")
    assert "unknown" in absent.spec.notes[0]


def test_levels_that_do_not_occur_on_the_rows_used_are_dropped(people):
    people.loc[people["education"] == "high", "age"] = np.nan
    assert make("education + age", people).columns == ("Intercept", "education[middle]", "age")


def test_a_missing_category_is_not_the_reference(people):
    people.loc[:4, "sex"] = np.nan
    people["smokes"] = people["smokes"].mask(people.index == 7)
    made = make("sex + smokes", people)
    assert made.rows.sum() == len(people) - 6
    assert not made.rows[:5].any()
    assert not made.rows[7]


def test_rows_outside_the_domain_do_not_matter(people):
    inside = (people["age"] > 40).to_numpy()
    made = design_matrix("rcs(age) + education", people, inside)
    alone = make("rcs(age) + education", people[inside])
    np.testing.assert_array_equal(made.values, alone.values)


def test_new_rows_keep_levels_references_and_knots(people):
    made = make("rcs(age) * sex + poly(bmi, 2) + education", people)
    again = pickle.loads(pickle.dumps(made.spec))
    np.testing.assert_allclose(again.new_rows(people.iloc[:3]), made.values[:3], rtol=0, atol=0)


def test_an_earlier_description_fixes_the_choices(people):
    first = make("rcs(age) + education", people)
    few = people[people["education"] != "high"].assign(age=lambda frame: frame["age"] + 5.0)
    again = make("rcs(age) + education", few, like=first.spec)
    assert again.columns == first.columns
    assert again.spec.factors["rcs(age)"].knots == first.spec.factors["rcs(age)"].knots


def test_knots_by_name_are_the_cuts(people):
    cuts = {"age_knots": (25.0, 40.0, 55.0, 75.0)}
    by_name = make("rcs(age, knots=age_knots)", people, cuts=cuts)
    by_value = make("rcs(age, [25, 40, 55, 75])", people)
    np.testing.assert_array_equal(by_name.values, by_value.values)


def test_terms_are_found_in_any_order_of_their_factors(people):
    spec = make("age * sex + education", people).spec
    assert spec.positions("sex:age") == spec.positions("age:sex")
    assert spec.positions(["education"]) == tuple(spec.columns.index(f"education[{x}]") for x in ("low", "middle"))
    assert len(spec.positions("age*sex")) == 3
    with pytest.raises(UnknownVariableError, match="education"):
        spec.positions("educaton")


def test_orthogonal_polynomials_are_orthonormal(people):
    made = make("poly(age, 3)", people).values
    made[:, 0] /= np.sqrt(len(people))
    np.testing.assert_allclose(made.T @ made, np.eye(4), atol=1e-12)


@pytest.mark.parametrize(
    ("formula", "says"),
    [
        ("y ~ age +", r"position 9: '\+'"),
        ("y ~ (age + sex", "bracket is not closed"),
        ("y ~~ age", "cannot read"),
        ("", "empty"),
        ("y ~ ", "right of '~'"),
        ("y + bmi ~ age", "one outcome"),
        ("sex ~ age", "no single number"),
        ("age**2", r"use I\(age\*\*2\)"),
        ("age^2", r"use I\(age\*\*2\)"),
        ("0 + age", "intercept"),
        ("age - 1", "intercept"),
        ("y ~ .", "name the variables"),
        ("2*age", r"I\(2 \* x\)"),
        ("age:1", "I()"),
        ("lgo(age)", "did you mean log"),
        ("{age + 1}", "arithmetic inside I()"),
        ("C(age + 1)", "name of a column"),
        ("log(age, 2)", "one argument"),
        ("I(sex + 1)", "category"),
        ("I(sex == 'femal')", "female"),
        ("I(sex > 'female')", "== or !="),
        ("reference(sex, 'unknown')", "no such level"),
        ("log(smokes)", "infinite"),
        ("rcs(age, 2)", "3 to 7"),
        ("rcs(age, [50, 40, 30])", "each above the one before"),
        ("rcs(smokes)", "each above the one before"),
        ("rcs(age, knots=age_knots)", "cuts="),
        ("poly(age)", "whole number"),
        ("poly(smokes, 3)", "distinct values"),
        ("rcs(age) + rcs(age, 5)", "twice"),
    ],
)
def test_a_formula_that_cannot_be_meant_says_what_to_write(people, formula, says):
    with pytest.raises(FormulaError, match=says):
        make(formula, people)


@pytest.mark.parametrize(
    "text",
    [
        "__import__('os').system('touch pwned')",
        "`__import__('os').system('touch pwned')`",
        "I(__import__('os').system('touch pwned'))",
        "{__import__('os').system('touch pwned')}",
        "age.to_csv('pwned')",
        "I(age.to_csv('pwned'))",
        "log(`age.to_csv('pwned')`)",
        "I((lambda: open('pwned', 'w'))())",
        "I([open('pwned', 'w') for _ in (1,)])",
        "I(f'{age}')",
        "I(age := 3)",
        "C(open('pwned', 'w'))",
        "rcs(age, knots=open('pwned', 'w'))",
        "reference(sex, open('pwned', 'w'))",
        "I(9**9**9**9**9**9)",
        "I(" + "(" * 5000 + "age" + ")" * 5000 + ")",
        "people",
        "pd",
    ],
)
def test_no_text_of_a_formula_runs(people, text, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(CofactorError):
        make(text, people)
    assert not list(tmp_path.iterdir())


def test_an_unknown_name_gets_near_ones(people):
    with pytest.raises(UnknownVariableError, match="did you mean education"):
        make("y ~ eduction", people)


def test_a_category_with_one_level_left_is_named(people):
    with pytest.raises(FormulaError, match="'sex' has one level"):
        make("sex", people[people["sex"] == "male"])


def test_a_new_level_is_an_error_that_lists_the_levels(people):
    spec = make("education", people).spec
    with pytest.raises(FormulaError, match="high, low, middle"):
        spec.new_rows(pd.DataFrame({"education": ["none"]}))


def test_main_effects_come_before_products(people):
    made = make("age:sex + bmi + age + sex", people)
    assert made.columns == ("Intercept", "bmi", "age", "sex[female]", "age:sex[female]")


@pytest.mark.parametrize(
    ("formula", "value"),
    [
        ("I(-age)", lambda d: -d["age"]),
        ("I(+age % 7)", lambda d: d["age"] % 7),
        ("I(age // 10)", lambda d: d["age"] // 10),
        ("I(30 <= age < 60)", lambda d: ((d["age"] >= 30) & (d["age"] < 60)) * 1.0),
        ("I(not smokes)", lambda d: 1.0 - d["smokes"].astype(float)),
        ("I(age > 70 or bmi > 30)", lambda d: ((d["age"] > 70) | (d["bmi"] > 30)) * 1.0),
        ("I('low' == education)", lambda d: (d["education"] == "low") * 1.0),
        ("I(education != 'low')", lambda d: (d["education"] != "low") * 1.0),
        ("sqrt(exp(age / 10))", lambda d: np.exp(d["age"] / 20)),
        ("log(age + 1)", lambda d: np.log(d["age"] + 1)),
    ],
)
def test_arithmetic_means_what_it_says(people, formula, value):
    made = make(formula, people)
    np.testing.assert_allclose(made.values[:, 1], value(people).to_numpy(float), rtol=1e-12)


def test_a_column_that_is_no_number_or_category_is_refused(people):
    people["day"] = pd.Timestamp("2020-01-01")
    with pytest.raises(FormulaError, match="cannot be a number"):
        make("day", people)


def test_a_name_in_backticks_is_a_column(people):
    assert make("`body mass`", people.rename(columns={"bmi": "body mass"})).columns == ("Intercept", "body mass")


def test_two_columns_of_one_name_are_refused(people):
    twice = pd.concat([people, people[["age"]]], axis=1)
    with pytest.raises(FormulaError, match="several columns named 'age'"):
        make("age", twice)


def test_no_complete_row_is_an_error(people):
    with pytest.raises(FormulaError, match="no row of the domain"):
        make("age", people.assign(age=np.nan))
