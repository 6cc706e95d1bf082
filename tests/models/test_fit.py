"""What every fit carries, whichever model was fitted."""

from __future__ import annotations

import numpy as np
import pytest

from cofactor.errors import FitError, UnknownVariableError
from cofactor.models import fit_glm
from cofactor.models.fit import model_rows
from cofactor.survey import SurveyDesign


@pytest.fixture
def fit(people):
    return fit_glm(SurveyDesign(people), "event ~ age + sex", family="binomial")


def test_table_has_the_columns_of_every_result(fit):
    table = fit.table()
    assert list(table.columns) == ["term", "estimate", "se", "low", "high", "p", "df"]
    assert table["term"].tolist() == ["Intercept", "age", "sex[female]"]


def test_exponentiated_table_keeps_the_error_of_the_logarithm(fit):
    plain, ratio = fit.table(), fit.table(exponentiate=True)
    for name in ("estimate", "low", "high"):
        np.testing.assert_allclose(ratio[name], np.exp(plain[name]))
    np.testing.assert_array_equal(ratio["se"], plain["se"])


def test_coefficients_are_found_by_name(fit):
    assert fit.coefficient("age") == fit.coefficients["age"] == fit.estimate.values[1]
    with pytest.raises(UnknownVariableError, match=r"sex\[female\]"):
        fit.coefficient("sex[femal]")


def test_degrees_of_freedom_are_of_the_strata_that_the_rows_used_touch(people):
    people.loc[people["strata"] == 0, "age"] = np.nan
    fit = fit_glm(SurveyDesign(people), "y ~ age")
    assert fit.df == 5
    assert (fit.table()["df"] == 5).all()
    assert SurveyDesign(people).degrees_of_freedom() == 6


def test_rows_of_weight_zero_are_not_counted(people):
    people.loc[:9, "analysis_weight"] = 0.0
    fit = fit_glm(SurveyDesign(people), "y ~ bmi")
    assert (fit.counts.n_domain, fit.counts.n_used) == (fit.n_domain, fit.n_used) == (50, 50)
    assert fit.n_missing == {}
    assert not fit.used_rows[:10].any()


def test_further_variables_must_be_known_too(people):
    people.loc[:3, "parity"] = np.nan
    rows = model_rows(SurveyDesign(people), "age", others=("parity",))
    assert rows.counts.n_missing == {"parity": 4}
    assert rows.matrix.without_intercept().columns == ("age",)
    assert rows.matrix.values.shape == (56, 2)


def test_one_psu_a_stratum_leaves_nothing_to_judge_by(people):
    alone = people[people["psu"] == 1]
    with pytest.raises(FitError, match="0 degrees of freedom"):
        fit_glm(SurveyDesign(alone, lonely_psu="certainty"), "y ~ age")


def test_a_fit_prints_its_model_rows_and_notes(fit):
    assert repr(fit).startswith("binomial regression, logit link: event ~ age + sex\n60 of 60 rows used")
    assert "<table" in fit._repr_html_()
