"""Direct standardisation against R's svystandardize, and the standard population."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from cofactor.errors import DesignError
from cofactor.survey import SurveyDesign, standardize, us2000_population, weighted_mean

FOLDER = Path(__file__).parents[1] / "reference"
EXPECTED = json.loads((FOLDER / "standardize" / "expected.json").read_text())


@pytest.fixture(scope="module")
def designs(synthetic) -> dict[str, SurveyDesign]:
    known = synthetic[["group", "flag", "y"]].notna().all(axis=1) & (synthetic["weight"] > 0)
    data = synthetic[(~synthetic["stratum"].isin([7, 9])) & known]
    api = pd.read_csv(FOLDER / "survey" / "apistrat.csv")
    return {
        "people": SurveyDesign(data, weight="weight", strata="stratum"),
        "schools": SurveyDesign(api, weight="pw", strata="stype", psu=None),
    }


@pytest.mark.parametrize(
    ("case", "name", "over", "by"),
    [
        ("people", "y", "group", None),
        ("people", "y", "group", "flag"),
        ("schools", "api00", "stype", None),
        ("schools", "api00", "stype", "comp.imp"),
    ],
)
def test_means_match_svystandardize(designs, case, name, over, by):
    made = standardize(designs[case], name, over=over, population=EXPECTED["population"], by=by)
    expected = EXPECTED[case if by is None else f"{case} by {by}"]
    np.testing.assert_allclose(made.values, expected["estimate"], rtol=1e-10)
    np.testing.assert_allclose(made.se, expected["se"], rtol=1e-8)


def test_the_samples_own_shares_change_nothing(designs):
    design = designs["people"]
    shares = design.data.groupby("group", observed=True)["weight"].sum().to_dict()
    plain = weighted_mean(design, "y")
    assert standardize(design, "y", over="group", population=shares).values[0] == pytest.approx(plain.values[0])


def test_a_level_of_size_0_is_left_out(designs):
    design = designs["people"]
    made = standardize(design, "y", over="group", population={"low": 1, "middle": 0, "high": 3})
    means = weighted_mean(design, "y", by="group").values
    assert made.values[0] == pytest.approx(0.25 * means[0] + 0.75 * means[2], rel=1e-12)


def test_several_names_and_groups_stay_in_order(designs):
    made = standardize(designs["people"], ["y", "flag"], over="group", population=[1, 1, 1], by="flag")
    assert made.table()[["flag", "term"]].to_numpy().tolist() == [
        [False, "y"], [False, "flag"], [True, "y"], [True, "flag"],
    ]  # fmt: skip
    assert made.values[[1, 3]].tolist() == [0.0, pytest.approx(1.0)]


def test_the_standard_population_is_that_of_2000():
    assert us2000_population([0]).tolist() == [274_633_642.0]
    # NCHS's three groups of adults have the shares 0.3966, 0.3718 and 0.2316: Healthy People Statistical Notes 20
    adults = us2000_population([20, 40, 60])
    assert (adults / adults.sum()).round(4).tolist() == [0.3966, 0.3718, 0.2316]
    assert us2000_population([20, 40], last_age=59).tolist() == adults[:2].tolist()


@pytest.mark.parametrize(
    ("call", "says"),
    [
        (lambda d: standardize(d, "y", over="group", population=[1, 2]), "3 levels .* but the population has 2"),
        (lambda d: standardize(d, "y", over="group", population={"small": 1}), "no level 'small'"),
        (lambda d: standardize(d, "y", over="group", population=[1, -1, 1]), "0 or more"),
        (lambda d: standardize(d.within("group != 'low'"), "y", over="group", population=[1, 1, 1]), "group = low"),
        (lambda d: us2000_population([22, 40]), "do not begin groups"),
    ],
)
def test_nonsense_says_what_is_wrong(designs, call, says):
    with pytest.raises(DesignError, match=says):
        call(designs["people"])
