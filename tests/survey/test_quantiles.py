"""The quantile rule, against a definition by brute force."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cofactor.errors import DesignError
from cofactor.survey import SurveyDesign, weighted_quantile
from cofactor.survey.quantiles import weighted_quantile_values


def by_definition(values, weights, prob):
    """The smallest value whose cumulated weight is at least its share, in exact arithmetic."""
    total = sum(weights)
    counted = {v for v, w in zip(values, weights, strict=True) if w > 0}
    for value in sorted(counted):
        if sum(w for v, w in zip(values, weights, strict=True) if v <= value) >= prob * total:
            return value
    raise AssertionError


@given(
    st.lists(st.tuples(st.integers(-5, 5), st.integers(0, 4)), min_size=1, max_size=30).filter(
        lambda rows: any(w for _, w in rows)
    ),
    st.integers(1, 19),
)
def test_it_is_the_inverse_of_the_distribution_function(rows, twentieths):
    values, weights = zip(*rows, strict=True)
    prob = Fraction(twentieths, 20)
    # weights with no exact binary form: 0.1, 0.2, ...; the rule must not be thrown off by rounding
    found = weighted_quantile_values(values, np.array(weights) * 0.1, float(prob))
    assert found[0] == by_definition(values, weights, prob)


def test_equal_weights_are_the_plain_inverse():
    values = np.random.default_rng(1).normal(size=101)
    probs = [0.05, 0.25, 0.5, 0.75, 0.95]
    expected = np.quantile(values, probs, method="inverted_cdf")
    np.testing.assert_array_equal(weighted_quantile_values(values, np.full(101, 3.7), probs), expected)


@pytest.mark.parametrize(("prob", "expected"), [(0.0, 1.0), (1.0, 4.0), (0.3, 2.0)])
def test_the_ends_are_the_extremes_of_positive_weight(prob, expected):
    assert weighted_quantile_values([0, 1, 2, 4, 9], [0, 1, 2, 4, 0], prob)[0] == expected


@pytest.mark.parametrize(
    ("values", "weights", "probs", "message"),
    [
        ([1, 2], [1, 1], [1.5], "lie in 0 to 1; got 1.5"),
        ([1, 2], [1, 1], [np.nan], "lie in 0 to 1"),
        ([1, np.nan], [1, 1], [0.5], "1 values are missing"),
        ([1, 2], [0, 0], [0.5], "no row of positive weight"),
        ([], [], [0.5], "no row of positive weight"),
        ([1, 2], [1], [0.5], "one weight a value"),
    ],
)
def test_what_has_no_quantile_is_refused(values, weights, probs, message):
    with pytest.raises(DesignError, match=message):
        weighted_quantile_values(values, weights, probs)


def test_an_interval_that_leaves_the_data_is_missing_and_noted():
    data = pd.DataFrame({"strata": 1, "psu": [1, 2, 3] * 5, "analysis_weight": 1.0, "x": np.arange(15.0)})
    found = weighted_quantile(SurveyDesign(data), "x", [0.01, 0.99])
    assert found.table()["low"].isna().any()
    assert any("intervals leave the data" in note for note in found.notes)


def test_everyone_alike_has_no_error():
    data = pd.DataFrame({"strata": 1, "psu": [1, 2, 3] * 5, "analysis_weight": 1.0, "x": 7.0})
    row = weighted_quantile(SurveyDesign(data), "x", 0.5).table().iloc[0]
    assert (row["estimate"], row["se"], row["low"], row["high"]) == (7.0, 0.0, 7.0, 7.0)


def test_the_covariance_of_quantiles_has_their_squared_errors_on_its_diagonal():
    rng = np.random.default_rng(8)
    data = pd.DataFrame({"strata": np.repeat(range(10), 40), "psu": np.tile([1, 2], 200), "analysis_weight": 1.0})
    found = weighted_quantile(SurveyDesign(data.assign(x=rng.normal(size=400))), "x", [0.25, 0.5, 0.75])
    from scipy import stats

    table = found.table()
    np.testing.assert_allclose(found.se, (table["high"] - table["low"]) / (2 * stats.t.ppf(0.975, 10)))
    correlation = found.covariance / np.outer(found.se, found.se)
    assert (correlation > 0).all()  # neighbouring quantiles move together
    np.testing.assert_allclose(found.influence().sum(axis=0), 0.0, atol=1e-12)
