"""Tensor-product surfaces against R, and what must hold whatever the basis."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from cofactor.errors import FitError, UnknownVariableError
from cofactor.models import contrast, fit_cox, fit_glm, surface, wald_test
from cofactor.survey import SurveyDesign

FOLDER = Path(__file__).parent.parent / "reference" / "dose_response"
EXPECTED = json.loads((FOLDER / "expected.json").read_text())["surface_cox"]
TENSOR = "rcs(vitamin, [30, 60, 95]) * rcs(magnesium, [170, 280, 400])"


@pytest.fixture(scope="module")
def design() -> SurveyDesign:
    return SurveyDesign(pd.read_csv(FOLDER / "data.csv"), weight="weight")


@pytest.fixture(scope="module")
def fit(design):
    return fit_cox(design, f"{TENSOR} + age", time="months", event="died")


def test_surface_and_its_test_match_svycoxph(fit):
    made = surface(fit, "vitamin", "magnesium", [30, 100], [150, 300, 450], reference=(75, 350))
    np.testing.assert_allclose(made.estimate.values, EXPECTED["estimate"], rtol=1e-7)
    np.testing.assert_allclose(made.estimate.se, EXPECTED["se"], rtol=1e-8)
    test = made.interaction
    assert test.df1 == 4
    assert test.f * test.df1 * fit.df / test.df2 == pytest.approx(EXPECTED["interaction"], rel=1e-8)
    table = made.table()
    assert list(table.columns) == ["vitamin", "magnesium", "estimate", "se", "low", "high", "p", "df", "people"]
    assert table["vitamin"].tolist() == [30.0] * 3 + [100.0] * 3


def test_the_test_is_that_of_the_product_terms(fit):
    made = surface(fit, "vitamin", "magnesium", reference=(75, 350))
    own = wald_test(fit, "rcs(vitamin, [30, 60, 95]):rcs(magnesium, [170, 280, 400])")
    assert made.interaction.f == pytest.approx(own.f, rel=1e-6)
    assert made.people.shape == (25, 25)


def test_it_does_not_depend_on_the_basis(design):
    plain = fit_glm(design, "y ~ vitamin * poly(magnesium, 2)")
    other = fit_glm(design, "y ~ I(vitamin / 10) * (magnesium + I(magnesium * magnesium))")
    one, two = (surface(f, "vitamin", "magnesium", [20, 90], [100, 500], reference=(75, 350)) for f in (plain, other))
    np.testing.assert_allclose(one.estimate.values, two.estimate.values, rtol=1e-6)
    assert one.interaction.df1 == two.interaction.df1 == 2
    assert one.interaction.f == pytest.approx(two.interaction.f, rel=1e-5)


def test_each_point_is_a_contrast_and_everybody_is_counted_once(fit, design):
    made = surface(fit, "vitamin", "magnesium", [0, 60, 160], [0, 300, 700], reference=(75, 350))
    point = contrast(fit, {"vitamin": 60, "magnesium": 700}, {"vitamin": 75, "magnesium": 350})
    assert made.estimate.values[5] == pytest.approx(point.values[0], rel=1e-10)
    assert made.people.sum() == len(design.data)
    near = (design.data["vitamin"] < 30) & (design.data["magnesium"] < 150)
    assert made.people[0, 0] == near.sum()
    influence = made.estimate.influence()
    np.testing.assert_array_less(np.abs(influence.sum(axis=0)), 1e-9 * (1.0 + np.abs(influence).sum(axis=0)))


def test_a_third_variable_that_interacts_is_given(design):
    fit = fit_glm(design, "y ~ vitamin * magnesium * event")
    with pytest.raises(FitError, match="give event"):
        surface(fit, "vitamin", "magnesium", reference=(75, 350))
    made = surface(fit, "vitamin", "magnesium", reference=(75, 350), at={"event": 0})
    assert "the surface is that at event = 0" in made.notes
    assert made.interaction.p == pytest.approx(wald_test(fit, "vitamin:magnesium").p, rel=1e-6)
    assert "people" in repr(made)
    assert "<caption" in made._repr_html_()


@pytest.mark.parametrize(
    ("options", "error", "says"),
    [
        ({"first": "vitamn"}, UnknownVariableError, "did you mean vitamin"),
        ({"second": "age"}, FitError, r"write vitamin \* age"),
        ({"reference": (75,)}, FitError, "got 1 numbers"),
        ({"first_values": [30, 30]}, FitError, "each above the one before"),
        ({"second_values": [300]}, FitError, "two or more"),
    ],
)
def test_what_has_no_surface_says_why(fit, options, error, says):
    with pytest.raises(error, match=says):
        surface(fit, **{"first": "vitamin", "second": "magnesium", "reference": (75, 350), **options})
