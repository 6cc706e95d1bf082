"""Contrasts by the model's own description, and joint tests."""

from __future__ import annotations

import numpy as np
import pytest

from cofactor.errors import FitError, FormulaError, UnknownVariableError
from cofactor.models import contrast, fit_glm, wald_test
from cofactor.models.splines import rcs
from cofactor.survey import SurveyDesign

pytestmark = pytest.mark.filterwarnings("ignore:.*parameters but the design only")


@pytest.fixture
def fit(people):
    return fit_glm(SurveyDesign(people), "y ~ rcs(age, [25, 40, 60, 75]) + bmi * sex + smokes")


def test_contrast_of_a_spline_is_the_difference_of_its_basis(fit):
    made = contrast(fit, {"age": [30, 50, 70]}, {"age": 50})
    rows = rcs([30.0, 50.0, 70.0], (25.0, 40.0, 60.0, 75.0)) - rcs([50.0], (25.0, 40.0, 60.0, 75.0))
    positions = list(fit.spec.positions("rcs(age, [25, 40, 60, 75])"))
    np.testing.assert_allclose(made.values, rows @ fit.estimate.values[positions], rtol=1e-10, atol=1e-12)
    variance = np.einsum("ij,jk,ik->i", rows, fit.covariance[np.ix_(positions, positions)], rows)
    np.testing.assert_allclose(made.se**2, variance, rtol=1e-10, atol=1e-15)
    assert made.table()["term"].tolist() == ["age = 30 against 50", "no difference at age = 50", "age = 70 against 50"]


def test_contrast_takes_levels_flags_and_several_variables(fit):
    made = contrast(fit, {"sex": "female", "bmi": 30, "smokes": True}, {"sex": "male", "bmi": 25, "smokes": False})
    value = (
        fit.coefficient("sex[female]") + 5 * fit.coefficient("bmi") + 30 * fit.coefficient("bmi:sex[female]")
        + fit.coefficient("smokes")
    )  # fmt: skip
    assert made.values[0] == pytest.approx(value)
    assert made.table().loc[0, "df"] == fit.df


def test_contrast_of_one_coefficient_is_its_row(fit):
    row = contrast(fit, {"smokes": True}, {"smokes": False}).table().iloc[0]
    own = fit.table().set_index("term").loc["smokes"]
    for name in ("estimate", "se", "low", "high", "p", "df"):
        assert row[name] == pytest.approx(own[name])


def test_contrast_in_one_stratum_of_the_modifier(fit):
    made = contrast(fit, {"bmi": 30, "sex": "female"}, {"bmi": 29, "sex": "female"})
    assert made.values[0] == pytest.approx(fit.coefficient("bmi") + fit.coefficient("bmi:sex[female]"))
    assert made.labels["term"][0] == "bmi = 30 against 29 at sex = female"


@pytest.mark.parametrize(
    ("high", "low", "error", "says"),
    [
        ({"bmi": 30}, {"bmi": 25}, FitError, "bmi interacts with sex .* give sex"),
        ({"bmi": 30, "sex": "male"}, {"bmi": 25}, FitError, "same variables in both"),
        ({}, {}, FitError, "nothing"),
        ({"agee": 30}, {"agee": 25}, UnknownVariableError, "did you mean age"),
        ({"sex": "femal", "bmi": 25}, {"sex": "male", "bmi": 25}, FitError, "no level 'femal'"),
        ({"age": "old"}, {"age": 20}, FitError, "age' is a number"),
        ({"age": [20, 30]}, {"age": [20, 30, 40]}, FitError, "2 values where another"),
        ({"sex": "unknown", "bmi": 25}, {"sex": "male", "bmi": 25}, FormulaError, "not among the levels"),
    ],
)
def test_a_contrast_that_is_not_determined_says_why(fit, high, low, error, says):
    with pytest.raises(error, match=says):
        contrast(fit, high, low)


def test_a_flag_is_true_or_false(fit):
    with pytest.raises(FitError, match="'smokes' is a flag"):
        contrast(fit, {"smokes": 5}, {"smokes": 0})


def test_wald_test_of_one_coefficient_is_its_t_test(fit):
    test = wald_test(fit, "sex:bmi")
    row = fit.table().set_index("term").loc["bmi:sex[female]"]
    assert test.p == pytest.approx(row["p"])
    assert (test.df1, test.df2) == (1, fit.df)
    assert test.f == pytest.approx((row["estimate"] / row["se"]) ** 2)


def test_wald_test_does_not_depend_on_coding(people):
    plain = fit_glm(SurveyDesign(people), "y ~ education + age")
    other = fit_glm(SurveyDesign(people), "y ~ reference(education, 'middle') + I(age / 10)")
    assert wald_test(plain, "education").p == pytest.approx(wald_test(other, "reference(education, 'middle')").p)


def test_wald_test_of_an_unknown_term_names_near_ones(fit):
    with pytest.raises(UnknownVariableError, match="terms of"):
        wald_test(fit, "bmi:smokes")


def test_wald_test_of_nothing_is_refused(fit):
    with pytest.raises(FitError, match="no term is named"):
        wald_test(fit, [])


def test_wald_test_prints_as_a_line_and_a_table(fit):
    test = wald_test(fit, ["sex", "bmi:sex"])
    assert "Wald test of sex + bmi:sex: F(2, 5)" in repr(test)
    assert list(test.table().columns) == ["term", "f", "df1", "df2", "p"]
