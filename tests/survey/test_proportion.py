"""Intervals of proportions and the presentation standard."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from cofactor.survey import SurveyDesign, weighted_proportion
from cofactor.survey.intervals import effective_size, korn_graubard_limits, logit_limits
from cofactor.survey.reliability import presentation_standard


def arrays(*values):
    return [np.array([value], dtype=float) for value in values]


def test_a_simple_random_sample_gets_the_interval_of_clopper_and_pearson():
    n, events = 200, 31
    p = events / n
    se = np.sqrt(p * (1 - p) / n)
    low, high = korn_graubard_limits(*arrays(p, se, n, n - 1), True, 0.95)
    exact = stats.binomtest(events, n).proportion_ci(0.95, "exact")
    np.testing.assert_allclose([low[0], high[0]], [exact.low, exact.high], rtol=1e-10)


@pytest.mark.parametrize("p", [0.0, 1.0])
def test_none_and_all_have_one_sided_limits_of_the_sample(p):
    low, high = korn_graubard_limits(*arrays(p, 0.0, 100, 99), True, 0.95)
    edge = 1 - 0.025 ** (1 / 100)
    np.testing.assert_allclose([low[0], high[0]], [0.0, edge] if p == 0 else [1 - edge, 1.0], rtol=1e-10)


def test_the_cap_comes_once_after_the_factor():
    # A design effect of 1/2 doubles n; few degrees of freedom shrink it again: 2 n t^2 ratio < n is no cap.
    n, df, p = 100, 5, 0.3
    se = np.sqrt(p * (1 - p) / (2 * n))
    factor = (stats.t.ppf(0.975, n - 1) / stats.t.ppf(0.975, df)) ** 2
    size = 2 * n * factor
    assert n * factor < size < 2 * n
    size = min(size, n)
    low, high = korn_graubard_limits(*arrays(p, se, n, df), True, 0.95)
    x = size * p
    np.testing.assert_allclose(low, stats.beta.ppf(0.025, x, size - x + 1), rtol=1e-12)
    np.testing.assert_allclose(high, stats.beta.ppf(0.975, x + 1, size - x), rtol=1e-12)


def test_without_degrees_of_freedom_the_interval_is_everything():
    low, high = korn_graubard_limits(*arrays(0.3, 0.05, 100, 0), True, 0.95)
    assert (low[0], high[0]) == (0.0, 1.0)


def test_a_standard_error_of_zero_is_capped_at_the_sample_or_exact():
    assert effective_size(*arrays(0.3, 0.0, 100), cap=True)[0] == 100
    low, high = korn_graubard_limits(*arrays(0.3, 0.0, 100, 10), False, 0.95)
    assert (low[0], high[0]) == (0.3, 0.3)
    low, high = korn_graubard_limits(*arrays(0.3, 0.0, 100, 10), True, 0.95)
    assert low[0] < 0.3 < high[0]


def test_logit_limits_are_missing_for_none_and_all():
    low, high = logit_limits(np.array([0.0, 0.5, 1.0]), np.array([0.0, 0.1, 0.0]), np.full(3, 8.0), 0.95)
    assert np.isnan(low).tolist() == [True, False, True]
    assert np.isnan(high).tolist() == [True, False, True]


STANDARD = [
    # share, n, n effective, low, high, df -> flag, reason
    ((0.5, 400, 300, 0.45, 0.55, 15), "ok", ""),
    ((0.5, 29, 29, 0.45, 0.55, 15), "suppress", "sample size 29 < 30"),
    ((0.5, 400, 29.9, 0.45, 0.55, 15), "suppress", "effective sample size 29.9 < 30"),
    ((0.5, 400, 30, 0.45, 0.55, 15), "ok", ""),
    ((0.5, 400, 300, 0.35, 0.65, 15), "suppress", "width 0.30 >= 0.30"),
    ((0.5, 400, 300, 0.36, 0.65, 15), "ok", ""),
    ((0.04, 400, 300, 0.02, 0.073, 15), "suppress", "132% of the proportion wide"),
    ((0.04, 400, 300, 0.02, 0.071, 15), "ok", ""),
    ((0.01, 400, 300, 0.0, 0.05, 15), "ok", ""),  # narrow enough, however wide relatively
    ((0.5, 400, 300, 0.45, 0.55, 7), "review", "7 degrees of freedom < 8"),
    ((0.5, 400, 300, 0.45, 0.55, 8), "ok", ""),
    ((0.0, 400, 400, 0.0, 0.01, 15), "review", "proportion is 0%"),
    ((1.0, 400, 400, 0.99, 1.0, 5), "review", "5 degrees of freedom < 8; the proportion is 100%"),
    ((0.0, 20, 20, 0.0, 0.01, 15), "suppress", "sample size 20"),
    ((0.96, 400, 300, 0.92, 0.98, 15), "ok", "footnote, the complement's interval is 150% of it wide"),
    ((0.96, 400, 29, 0.92, 0.98, 5), "suppress", "effective sample size"),  # suppression comes first
]


@pytest.mark.parametrize(("numbers", "flag", "reason"), STANDARD)
def test_presentation_standard_of_nchs(numbers, flag, reason):
    found = presentation_standard(*map(float, numbers))
    assert found.flag == flag
    assert reason in found.reasons
    assert (found.reasons == "") == (reason == "")
    assert found.reasons == "" or found.reasons.startswith("NCHS Series 2 No. 175: ")


@pytest.fixture
def small():
    rng = np.random.default_rng(4)
    data = pd.DataFrame({"strata": np.repeat(range(10), 8), "psu": np.tile([1, 2], 40), "analysis_weight": 1.0})
    return SurveyDesign(data.assign(ill=rng.random(80) < 0.4, rare=False))


def test_the_flag_does_not_depend_on_the_interval_shown(small):
    one, other = (
        weighted_proportion(small, "ill", interval=kind, cap=cap).table(level=level)
        for kind, cap, level in (("korn-graubard", True, 0.95), ("logit", False, 0.5))
    )
    assert one["reliability"].tolist() == other["reliability"].tolist()
    assert one["low"][0] != other["low"][0]


def test_nobody_with_a_trait_is_a_proportion_to_review(small):
    row = weighted_proportion(small, "rare").table().iloc[0]
    assert (row["estimate"], row["se"], row["low"], row["n_effective"]) == (0.0, 0.0, 0.0, 80)
    assert row["reliability"] == "review"
    assert 0 < row["high"] < 0.06


def test_the_effective_size_is_capped_on_request(small):
    capped = weighted_proportion(small, "ill").table()["n_effective"][0]
    free = weighted_proportion(small, "ill", cap=False).table()["n_effective"][0]
    share, se = (weighted_proportion(small, "ill").table()[name][0] for name in ("estimate", "se"))
    np.testing.assert_allclose(free, share * (1 - share) / se**2)
    assert capped == min(free, 80)
