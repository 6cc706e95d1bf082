"""Restricted cubic splines against their definition and against R."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cofactor.errors import FormulaError
from cofactor.models.splines import rcs, weighted_knots

KNOTS = (22.0, 39.0, 55.0, 78.0)


def test_basis_is_a_straight_line_beyond_the_outer_knots():
    for x in (np.linspace(0.0, 22.0, 9), np.linspace(78.0, 120.0, 9)):
        np.testing.assert_allclose(np.diff(rcs(x, KNOTS), n=2, axis=0), 0.0, atol=1e-9)


def test_basis_is_cubic_and_twice_smooth_between():
    for knot in KNOTS:
        h = 1e-3
        left, right = rcs([knot - 2 * h, knot - h, knot], KNOTS), rcs([knot, knot + h, knot + 2 * h], KNOTS)
        np.testing.assert_allclose(np.diff(left, 2, axis=0), np.diff(right, 2, axis=0), atol=1e-8)


def test_basis_equals_harrells_formula_written_by_hand():
    x, t = 60.0, KNOTS
    p = [max(x - knot, 0.0) ** 3 for knot in t]
    by_hand = [
        (p[j] - p[2] * (t[3] - t[j]) / (t[3] - t[2]) + p[3] * (t[2] - t[j]) / (t[3] - t[2])) / (t[3] - t[0]) ** 2
        for j in (0, 1)
    ]
    np.testing.assert_allclose(rcs([x], KNOTS)[0], [x, *by_hand], rtol=1e-14)


@given(st.floats(0.1, 100.0), st.floats(-1e3, 1e3))
def test_unit_and_origin_change_the_basis_alike(scale, shift):
    x = np.linspace(15.0, 90.0, 20)
    moved = rcs(x * scale + shift, [knot * scale + shift for knot in KNOTS])
    np.testing.assert_allclose(moved[:, 1:], rcs(x, KNOTS)[:, 1:] * scale, rtol=1e-6, atol=1e-6 * scale)


def test_knots_are_weighted_percentiles():
    x = np.arange(1.0, 101.0)
    assert weighted_knots(x, np.ones(100), 4, "rcs(x)") == (5.0, 35.0, 65.0, 95.0)
    doubled = weighted_knots(np.repeat(x, 2), np.ones(200), 4, "rcs(x)")
    assert weighted_knots(x, np.full(100, 2.0), 4, "rcs(x)") == doubled


@pytest.mark.parametrize("knots", [(1.0, 2.0), (1.0, 1.0, 2.0), (1.0, np.nan, 3.0), ()])
def test_knots_must_rise(knots):
    with pytest.raises(FormulaError, match="at least three knots"):
        rcs([1.0, 2.0], knots)
