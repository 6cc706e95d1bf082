"""Conditions are three-valued, and never run code."""

from __future__ import annotations

import itertools

import numpy as np
import pandas as pd
import pytest

from cofactor.errors import FormulaError, UnknownVariableError
from cofactor.survey.expression import evaluate, names_in

YES, NO, UNKNOWN = True, False, pd.NA


@pytest.fixture
def people():
    return pd.DataFrame(
        {
            "age": [15.0, 44.0, np.nan, 80.0],
            "count": pd.array([0, 1, None, 3], dtype="Int64"),
            "sex": pd.Categorical(["male", "female", None, "female"], categories=["male", "female", "other"]),
            "education": pd.Categorical(["low", "high", None, "middle"], ["low", "middle", "high"], ordered=True),
            "flag": pd.array([True, False, None, True], dtype="boolean"),
            "plain": [True, False, False, True],
            "mixed": np.array([True, False, None, True], dtype=object),
            "cycle": ["2005-2006", "2007-2008", None, "2005-2006"],
        },
        index=[101, 102, 103, 104],
    )


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("age >= 44", [NO, YES, UNKNOWN, YES]),
        ("44 <= age", [NO, YES, UNKNOWN, YES]),
        ("20 <= age < 50", [NO, YES, UNKNOWN, NO]),
        ("age != 44", [YES, NO, UNKNOWN, YES]),
        ("not (age < 50)", [NO, NO, UNKNOWN, YES]),
        ("age > -1", [YES, YES, UNKNOWN, YES]),
        ("age == -(-15)", [YES, NO, UNKNOWN, NO]),
        ("age / 2 + 1 > count * 10", [YES, YES, UNKNOWN, YES]),
        ("age / count > 0", [UNKNOWN, YES, UNKNOWN, YES]),  # division by 0 is unknown
        ("count in (0, 3)", [YES, NO, UNKNOWN, YES]),
        ("sex == 'female'", [NO, YES, UNKNOWN, YES]),
        ("'female' == sex", [NO, YES, UNKNOWN, YES]),
        ("sex == 'other'", [NO, NO, UNKNOWN, NO]),
        ("sex in ('male', 'other')", [YES, NO, UNKNOWN, NO]),
        ("sex not in ['male']", [NO, YES, UNKNOWN, YES]),
        ("education >= 'middle'", [NO, YES, UNKNOWN, YES]),
        ("'low' < education <= 'middle'", [NO, NO, UNKNOWN, YES]),
        ("flag", [YES, NO, UNKNOWN, YES]),
        ("plain", [YES, NO, NO, YES]),
        ("mixed", [YES, NO, UNKNOWN, YES]),
        ("not flag", [NO, YES, UNKNOWN, NO]),
        ("flag == False", [NO, YES, UNKNOWN, NO]),
        ("flag != True", [NO, YES, UNKNOWN, NO]),
        ("flag in (True, False)", [YES, YES, UNKNOWN, YES]),
        ("known(flag)", [YES, YES, NO, YES]),
        ("known(age)", [YES, YES, NO, YES]),
        ("known(sex == 'male')", [YES, YES, NO, YES]),
        ("not known(sex)", [NO, NO, YES, NO]),
        ("not_true(flag)", [NO, YES, YES, NO]),
        ("not_true(age < 50)", [NO, NO, YES, YES]),
        ("cycle == '2005-2006'", [YES, NO, UNKNOWN, YES]),
        ("cycle == '1999-2000'", [NO, NO, UNKNOWN, NO]),  # a text is open: another pool of cycles may have it
        ("True", [YES, YES, YES, YES]),
        ("False or flag", [YES, NO, UNKNOWN, YES]),
        ("1 < 2 and flag", None),
        ("  age >= 44\n", [NO, YES, UNKNOWN, YES]),
    ],
)
def test_a_condition_is_true_false_or_unknown_for_each_person(expression, expected, people):
    if expected is None:  # constants alone compare with nothing
        with pytest.raises(FormulaError, match="compares 1 with 2"):
            evaluate(expression, people)
        return
    found = evaluate(expression, people)
    assert found.dtype == "boolean"
    assert found.index.equals(people.index)
    assert found.tolist() == expected


def kleene_and(a, b):
    if a is False or b is False:
        return False
    return True if a is True and b is True else None


@pytest.mark.parametrize(("a", "b", "c"), list(itertools.product([True, False, None], repeat=3)))
def test_and_or_not_follow_kleene(a, b, c):
    row = pd.DataFrame({name: pd.array([value], dtype="boolean") for name, value in zip("abc", (a, b, c), strict=True)})

    def value(expression):
        found = evaluate(expression, row).iloc[0]
        return None if found is pd.NA else bool(found)

    negated = [None if x is None else not x for x in (a, b, c)]
    assert value("a and b and c") == kleene_and(kleene_and(a, b), c)
    either = kleene_and(kleene_and(negated[0], negated[1]), negated[2])
    assert value("a or b or c") == (None if either is None else not either)
    assert value("not (a and b)") == value("not a or not b")


@pytest.mark.parametrize(
    ("expression", "message"),
    [
        ("__import__('os').system('true')", "is a call"),
        ("age.mean() > 1", "is a call"),
        ("known()", "one argument"),
        ("known(age, sex)", "one argument"),
        ("known(x=age)", "one argument"),
        ("not_true(age)", "no condition but a value"),
        ("age.real > 1", "not allowed"),
        ("age[0] > 1", "not allowed"),
        ("lambda: age", "not allowed"),
        ("f'{age}' == '1'", "not allowed"),
        ("[x for x in age]", "not allowed"),
        ("(x := 1) > 0", "not allowed"),
        ("age if flag else sex", "not allowed"),
        ("age > 1j", "not allowed"),
        ("b'x' == sex", "not allowed"),
        ("age ** 2 > 1", r"\+ - \* / only"),
        ("age % 2 == 1", r"\+ - \* / only"),
        ("age > 1 & flag", "write and"),
        ("age > 1 | flag", "write or"),
        ("~flag", "write not"),
        ("age is 1", "write == or known"),
        ("age == None", r"write known\(x\)"),
        ("age", "no condition but a value"),
        ("age and flag", "no condition but a value"),
        ("age > 'old'", "compares a number with 'old'"),
        ("age == True", "compares a number with True"),
        ("flag == 1", "compares a condition with 1"),
        ("sex == 'femal'", "no level 'femal'; there are 'male', 'female', 'other'"),
        ("sex in ('male', 'woman')", "no level 'woman'"),
        ("sex < 'male'", "no order"),
        ("sex == education", "compares the category 'sex' with the category 'education'"),
        ("-sex == 'male'", "not a number"),
        ("sex + 1 > 2", "not a number"),
        ("age in sex", "list of constants"),
        ("age in ()", "list of constants"),
        ("age in (1, count)", "constants alone"),
        ("age = 20", "write == to compare"),
        ("age >=", r"cannot read the condition 'age >=': invalid syntax$"),
        ("age >= 20 &", "write and, or, not"),
        ("", "cannot read"),
        ("age; sex", "cannot read"),
        ("@age > 1", "cannot read"),
    ],
)
def test_what_is_no_condition_is_refused_with_a_reason(expression, message, people):
    with pytest.raises(FormulaError, match=message) as caught:
        evaluate(expression, people)
    assert expression.strip() in str(caught.value)


def test_a_condition_must_be_a_text(people):
    with pytest.raises(FormulaError, match="got bool"):
        evaluate(True, people)


def test_an_unknown_name_suggests_near_ones(people):
    with pytest.raises(UnknownVariableError, match=r"unknown variable 'agee' in the condition .*did you mean age\?"):
        evaluate("agee >= 20", people)


def test_a_date_is_refused():
    data = pd.DataFrame({"day": pd.to_datetime(["2001-01-01"])})
    with pytest.raises(FormulaError, match="'day' is of type datetime"):
        evaluate("day > 1", data)


def test_a_name_that_two_columns_have_is_refused():
    data = pd.DataFrame([[1.0, 2.0]], columns=["age", "age"])
    with pytest.raises(FormulaError, match="more than one column"):
        evaluate("age > 1", data)


def test_names_are_listed_in_order_without_functions_or_duplicates():
    assert names_in("20 <= age and (known(bmi) or not_true(sex == 'male')) and age < 80") == ("age", "bmi", "sex")


def test_names_of_what_cannot_be_parsed_are_an_error():
    with pytest.raises(FormulaError, match="cannot read"):
        names_in("age >>>")


def test_no_rows_give_no_answers(people):
    assert evaluate("age >= 20 and sex == 'male'", people.iloc[:0]).tolist() == []


def test_a_deeply_nested_condition_is_an_error_and_no_crash(people):
    with pytest.raises(FormulaError):
        evaluate("(" * 5000 + "flag" + ")" * 5000, people)
    for depth in (500, 3000):
        with pytest.raises(FormulaError):
            evaluate("not " * depth + "flag", people)
