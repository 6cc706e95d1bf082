"""Groups, and what the descriptive estimators say of missing values and of what they cannot take."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from cofactor.errors import DesignError, UnknownVariableError
from cofactor.survey import (
    SurveyDesign,
    weighted_mean,
    weighted_proportion,
    weighted_quantile,
    weighted_ratio,
    weighted_total,
)


@pytest.fixture
def people():
    return pd.DataFrame(
        {
            "strata": 1,
            "psu": [1, 1, 2, 2, 3, 3, 4, 4],
            "analysis_weight": [1.0, 2, 1, 2, 1, 2, 1, 0],
            "x": [1.0, 2, 3, np.nan, 5, 6, np.nan, 8],
            "sex": pd.Categorical(["m", "f", "m", "f", None, "m", "m", "f"], categories=["m", "f", "other"]),
            "age": pd.Categorical(list("baabbaba"), categories=["b", "a"]),
            "flag": pd.array([True, False, None, True, False, True, True, True], dtype="boolean"),
            "town": ["Ulm", "Bonn", "Ulm", "Bonn", None, "Ulm", "Aalen", "Zwiesel"],
            "year": [2001, 2003, 2001, 2003, 2003, 2001, 2001, 2005],
            "number": np.linspace(0.5, 3.0, 8),
            "never": np.nan,
        }
    )


@pytest.mark.parametrize(
    ("by", "groups"),
    [
        ("sex", [("m",), ("f",)]),  # in the order of the levels; nobody is "other"
        ("age", [("b",), ("a",)]),
        ("flag", [(False,), (True,)]),
        ("town", [("Aalen",), ("Bonn",), ("Ulm",)]),  # texts in their alphabet; Zwiesel has no weight
        ("year", [(2001,), (2003,)]),
        (["age", "flag"], [("b", False), ("b", True), ("a", False), ("a", True)]),
        (("sex", "year"), [("m", 2001), ("f", 2003)]),  # only what occurs
    ],
)
def test_groups_come_in_the_order_of_their_levels(by, groups, people):
    labels = weighted_total(SurveyDesign(people), "number", by=by).labels
    assert [tuple(row) for row in labels.drop(columns="term").itertuples(index=False)] == groups


def test_the_by_column_keeps_its_levels(people):
    table = weighted_mean(SurveyDesign(people), "number", by="sex").table()
    assert table["sex"].dtype == people["sex"].dtype


def test_each_group_is_what_its_domain_gives(people):
    design = SurveyDesign(people)
    table = weighted_mean(design, "x", by=["age", "flag"]).table()
    for _, row in table.iterrows():
        flag = "flag" if row["flag"] else "not flag"
        alone = weighted_mean(design.within(f"age == '{row['age']}' and {flag}"), "x").table().iloc[0]
        for column in ("estimate", "se", "df"):
            np.testing.assert_allclose(row[column], alone[column], err_msg=column)


def test_groups_outside_names_inside(people):
    terms = weighted_mean(SurveyDesign(people), ["x", "number"], by="age").labels
    assert terms.to_numpy().tolist() == [["b", "x"], ["b", "number"], ["a", "x"], ["a", "number"]]


def test_missing_by_values_form_no_group_and_are_noted(people):
    made = weighted_mean(SurveyDesign(people), "number", by="sex")
    assert "sex is missing for 1 rows of the domain: they are in no group" in made.notes


def test_each_variable_uses_its_own_known_rows_and_says_what_is_missing(people):
    made = weighted_mean(SurveyDesign(people), ["x", "number"])
    np.testing.assert_allclose(made.values[0], (1 + 4 + 3 + 5 + 12) / 7)
    np.testing.assert_allclose(made.values[1], np.average(people["number"], weights=people["analysis_weight"]))
    assert made.notes == ("x is missing for 2 of 7 rows",)


def test_a_group_where_nobody_is_known_is_noted_and_left_out(people):
    people["x"] = people["x"].mask(people["year"] == 2003)
    made = weighted_mean(SurveyDesign(people), "x", by="year")
    assert made.labels["year"].tolist() == [2001]
    assert "x is missing for everyone with year = 2003" in made.notes


def test_a_flag_is_a_number(people):
    made = weighted_mean(SurveyDesign(people), "flag")
    np.testing.assert_allclose(made.values, [(1 + 2 + 2 + 1) / 9])
    np.testing.assert_allclose(weighted_total(SurveyDesign(people), "flag").values, [6.0])


def test_a_proportion_shows_all_levels_of_a_category_and_yes_of_a_flag(people):
    sex = weighted_proportion(SurveyDesign(people), "sex").table()
    assert sex["level"].tolist() == ["m", "f", "other"]
    assert sex["level"].dtype == people["sex"].dtype
    assert sex["n"].tolist() == [6 - 0, 6, 6]
    assert weighted_proportion(SurveyDesign(people), "flag").table()["level"].tolist() == [True]
    assert weighted_proportion(SurveyDesign(people), "town").table()["level"].tolist() == ["Aalen", "Bonn", "Ulm"]
    assert weighted_proportion(SurveyDesign(people), "year").table()["level"].tolist() == [2001, 2003]


def test_levels_repeat_in_each_group(people):
    table = weighted_proportion(SurveyDesign(people), "sex", by="age").table()
    assert table["level"].tolist() == ["m", "f", "other"] * 2
    np.testing.assert_allclose(table.groupby("age", observed=True)["estimate"].sum(), 1.0)


def test_quantiles_repeat_in_each_group(people):
    table = weighted_quantile(SurveyDesign(people), "number", [0.25, 0.75], by="age").table()
    assert table["prob"].tolist() == [0.25, 0.75] * 2


REFUSED = {
    "unknown name": (lambda d: weighted_mean(d, "xx"), UnknownVariableError, "unknown variable 'xx' in the data"),
    "unknown by": (lambda d: weighted_mean(d, "x", by="sexx"), UnknownVariableError, "did you mean sex"),
    "no name": (lambda d: weighted_mean(d, []), DesignError, "no variable is named"),
    "mean of a category": (lambda d: weighted_mean(d, "sex"), DesignError, "weighted_proportion takes categories"),
    "total of a text": (lambda d: weighted_total(d, "town"), DesignError, "no number"),
    "mean of nothing known": (lambda d: weighted_mean(d, "never"), DesignError, "missing for all 7 rows"),
    "ratio with nothing known": (lambda d: weighted_ratio(d, "x", "never"), DesignError, "missing for all 7 rows"),
    "by a number": (lambda d: weighted_mean(d, "x", by="number"), DesignError, "by: 'number' .* pandas.cut"),
    "by nothing known": (lambda d: weighted_mean(d, "x", by="never"), DesignError, "there are no groups"),
    "proportion of a number": (lambda d: weighted_proportion(d, "number"), DesignError, "number with fractions"),
    "interval": (lambda d: weighted_proportion(d, "sex", interval="wald"), DesignError, "'korn-graubard' and 'logit'"),
    "probability 1": (lambda d: weighted_quantile(d, "x", [0.5, 1.0]), DesignError, "between 0 and 1; got 0.5, 1.0"),
    "no probability": (lambda d: weighted_quantile(d, "x", []), DesignError, "got none"),
    "quantile of a category": (lambda d: weighted_quantile(d, "sex", 0.5), DesignError, "no number"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_cannot_be_estimated_says_why(name, people):
    make, kind, message = REFUSED[name]
    with pytest.raises(kind, match=message):
        make(SurveyDesign(people))


def test_a_ratio_to_a_total_of_zero_is_refused(people):
    people["zero"] = 0.0
    with pytest.raises(DesignError, match="'zero' totals 0"):
        weighted_ratio(SurveyDesign(people), "number", "zero")


def test_infinite_values_are_refused(people):
    people.loc[0, "x"] = np.inf
    with pytest.raises(DesignError, match="infinite"):
        weighted_mean(SurveyDesign(people), "x")
