"""The pictures of a surface: what they draw, mark and say."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from matplotlib.contour import QuadContourSet

from cofactor.report.figures import plot_surface, plot_surface_uncertainty, png, surface_alt
from cofactor.report.figures.surface import LEVELS, _levels_within, _places

WORDS = {"xlabel": "vitamin, nmol/L", "ylabel": "magnesium, mg", "reference": (50, 300)}


@pytest.fixture
def table() -> pd.DataFrame:
    """A ratio that falls with the first number and does not depend on the second; nobody in one corner."""
    u, v = (grid.ravel() for grid in np.meshgrid(np.linspace(20, 80, 13), np.linspace(100, 500, 11), indexing="ij"))
    log_ratio = -0.02 * (u - 50)
    reach = 0.1 + 0.004 * np.abs(u - 50)
    people = np.where((u > 65) & (v > 400), 0, 7)
    return pd.DataFrame({
        "vitamin": u, "magnesium": v, "estimate": np.exp(log_ratio), "low": np.exp(log_ratio - reach),
        "high": np.exp(log_ratio + reach), "people": people,
    })  # fmt: skip


def contours(ax):
    return [part for part in ax.collections if isinstance(part, QuadContourSet)]


def test_the_line_of_1_stands_at_the_reference(table):
    ax = plot_surface(table, **WORDS)
    lines = next(part for part in contours(ax) if not part.filled)
    at = list(lines.levels).index(1.0)
    np.testing.assert_allclose(lines.get_paths()[at].vertices[:, 0], 50.0, atol=1e-6)
    assert np.argmax(np.atleast_1d(lines.get_linewidths())) == at
    assert (ax.get_xlabel(), ax.get_ylabel()) == ("vitamin, nmol/L", "magnesium, mg")
    assert png(ax).startswith(b"\x89PNG")


def test_dots_cover_where_the_interval_excludes_1_and_strokes_where_few_people_are(table):
    hatched = [part for part in contours(plot_surface(table, **WORDS)) if any(part.hatches)]
    assert [part.hatches[0] for part in hatched] == ["...", "////"]
    excluded = hatched[0].get_paths()[0]
    assert excluded.contains_point((25, 300))
    assert not excluded.contains_point((50, 300))
    assert hatched[1].get_paths()[0].contains_point((78, 490))
    assert not hatched[1].get_paths()[0].contains_point((40, 300))


def test_uncertainty_is_the_factor_between_limit_and_ratio(table):
    ax = plot_surface_uncertainty(table, **WORDS)
    lines = next(part for part in contours(ax) if not part.filled)
    at = [i for i, level in enumerate(lines.levels) if level == 1.15]
    x = lines.get_paths()[at[0]].vertices[:, 0]
    factor = np.exp(0.1 + 0.004 * np.abs(x - 50))
    np.testing.assert_allclose(factor, 1.15, atol=0.002)


def test_colours_are_alike_on_both_sides_of_1():
    levels = [0.5, 0.8, 1.0, 1.25, 2.0]
    places = _places(levels)
    np.testing.assert_allclose(places + places[::-1], 1.0)


@pytest.mark.parametrize(("low", "high"), [(0.98, 1.03), (0.5, 2.0), (0.1, 30.0), (1.0, 1.0)])
def test_there_are_some_levels_and_not_too_many(low, high):
    levels = _levels_within(np.array([low, high]), LEVELS)
    assert np.all(np.diff(levels) > 0)
    assert 3 <= len(levels) <= 12
    if low < 1.0 < high:
        assert 1.0 in levels


def test_words_say_the_extremes_and_how_much_is_clear(table):
    said = surface_alt(table, names=("25(OH)D", "magnesium"), reference=(50, 300), what="hazard ratio")
    assert "lowest, 0.55 (0.44 to 0.68), at 80" in said
    assert "highest, 1.82 (1.46 to 2.27), at 20" in said
    share = 100 * ((table["low"] > 1) | (table["high"] < 1)).mean()
    assert f"excludes 1 at {share:.0f}% of the points" in said
