"""E-values against the published examples and a search over all confounders."""

from __future__ import annotations

import numpy as np
import pytest

from cofactor.errors import FitError
from cofactor.models import e_value

PUBLISHED = [  # VanderWeele and Ding (2017): breastfeeding and infant death, and its leukaemia example
    ((3.9, 1.8, 8.7), {}, 7.26, 3.0),
    ((0.80, 0.71, 0.91), {"measure": "odds ratio"}, 1.81, 1.43),
]


@pytest.mark.parametrize(("ratio", "options", "estimate", "limit"), PUBLISHED)
def test_matches_the_published_examples(ratio, options, estimate, limit):
    made = e_value(*ratio, **options)
    assert (round(made.estimate, 2), round(made.limit, 2)) == (estimate, limit)


@pytest.mark.parametrize("ratio", [1.2, 2.5, 8.0])
def test_no_weaker_confounder_explains_it(ratio):
    """The bias of a confounder is at most a b / (a + b - 1): the smallest max(a, b) that reaches the ratio."""
    a, b = np.meshgrid(np.linspace(1.0, 20.0, 1901), np.linspace(1.0, 20.0, 1901))
    strongest = np.maximum(a, b)[a * b / (a + b - 1.0) >= ratio].min()
    assert e_value(ratio).estimate == pytest.approx(strongest, abs=0.011)


@pytest.mark.parametrize("ratio", [1.7, 3.0])
def test_an_inverse_ratio_has_the_same_value(ratio):
    assert e_value(ratio).estimate == pytest.approx(e_value(1.0 / ratio).estimate, rel=1e-12)
    common = {"measure": "hazard ratio", "common": True}
    assert e_value(ratio, **common).estimate == pytest.approx(e_value(1.0 / ratio, **common).estimate, rel=1e-12)


def test_an_interval_that_holds_one_needs_no_confounder():
    assert e_value(1.3, 0.9, 1.9).limit == 1.0


def test_a_common_outcome_takes_the_published_approximations():
    assert e_value(4.0, measure="odds ratio", common=True).ratio == 2.0
    half = (1.0 - 0.5 ** np.sqrt(2.0)) / (1.0 - 0.5 ** np.sqrt(0.5))
    assert e_value(2.0, measure="hazard ratio", common=True).ratio == pytest.approx(half, rel=1e-12)


def test_both_groups_confounded_apart_need_the_square_root():
    made = e_value(1.44)
    assert made.heterogeneity == pytest.approx(e_value(1.2).estimate, rel=1e-12)


@pytest.mark.parametrize("values", [(-1.0,), (0.0,), (2.0, 1.0), (2.0, 2.5, 3.0), (float("nan"),)])
def test_nonsense_is_refused(values):
    with pytest.raises(FitError):
        e_value(*values)
