"""Numbers as readers see them: digits follow the uncertainty."""

from __future__ import annotations

import math

import pytest

from cofactor.report import format as shown


@pytest.mark.parametrize(
    ("estimate", "low", "high", "words"),
    [
        (0.95, 0.90, 1.01, "0.95 (0.90 to 1.01)"),
        (0.996, 0.981, 1.011, "0.996 (0.981 to 1.011)"),
        (1.0002, 0.9999, 1.0005, "1.0002 (0.9999 to 1.0005)"),
        (-0.21, -0.50, 0.08, "-0.21 (-0.50 to 0.08)"),
        (3.1, 0.2, 48_000.0, "3.10 (0.20 to 48,000)"),
        (1.3, math.nan, math.nan, "1.30"),
        (math.nan, 0.9, 1.1, "–"),
        (None, None, None, "–"),
    ],
)
def test_interval_has_the_decimals_that_its_width_deserves(estimate, low, high, words):
    assert shown.interval(estimate, low, high) == words


@pytest.mark.parametrize(
    ("mean", "error", "words"),
    [
        (293.62, 7.15, "294 (7)"),
        (293.62, 3.15, "293.6 (3.1)"),
        (67.14, 1.00, "67.1 (1.0)"),
        (2014.2, 31.4, "2,014 (31)"),
        (0.0312, 0.0004, "0.0312 (0.0004)"),
        (5.0, 0.0, "5.00"),
        (math.nan, 1.0, "–"),
    ],
)
def test_mean_is_rounded_as_its_error_is(mean, error, words):
    assert shown.mean_and_error(mean, error) == words


@pytest.mark.parametrize(
    ("p", "words"),
    [(0.00099, "<0.001"), (0.0012, "0.0012"), (0.049, "0.049"), (0.5, "0.50"), (1.0, ">0.99"), (None, "–")],
)
def test_p_value(p, words):
    assert shown.p_value(p) == words


@pytest.mark.parametrize(
    "make", [shown.count, shown.millions, shown.percent, shown.significant, shown.p_value, shown.degrees]
)
@pytest.mark.parametrize("nothing", [None, math.nan, math.inf])
def test_what_is_not_known_is_a_dash(make, nothing):
    assert make(nothing) == shown.UNKNOWN
