"""The words of the first screen follow the interval, whichever way it goes."""

import numpy as np
import pytest

from cofactor.study.headline import p_words, verdict_of


@pytest.mark.parametrize(
    ("ratio", "low", "high", "df", "events", "verdict"),
    [
        (1.20, 1.05, 1.37, 130, 4000, "higher"),
        (0.80, 0.70, 0.92, 130, 4000, "lower"),
        (1.00, 0.95, 1.06, 130, 4000, "small"),
        (1.03, 0.92, 1.15, 130, 4000, "open"),
        (1.00, 0.60, 1.66, 130, 4000, "uninformative"),
        (1.20, 1.05, 1.37, 11, 4000, "uninformative"),
        (1.20, 1.05, 1.37, 130, 49, "uninformative"),
    ],
)
def test_the_verdict_follows_the_interval(ratio, low, high, df, events, verdict):
    assert verdict_of(np.log(ratio), np.log(low), np.log(high), 0.90, df, events) == verdict


@pytest.mark.parametrize(("p", "words"), [(0.5, "p = 0.50"), (0.034, "p = 0.034"), (0.0004, "p < 0.001")])
def test_p_values_keep_two_digits(p, words):
    assert p_words(p) == words
