"""Pictures: drawn on the axes that they are given, with no state left behind."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import matplotlib as mpl
import numpy as np
import pandas as pd
import pytest
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from cofactor.report import plot_curve, plot_forest, plot_strip, plot_survival, plot_trust
from cofactor.report.figures.style import ratio_limits, ratio_ticks

RATIOS = pd.DataFrame(
    {
        "label": ["set 1", "set 2 (primary)", "months 0 to 60 $x$"],
        "group": ["sets", "sets", "sensitivity"],
        "ratio": [0.95, 0.97, 1.20],
        "low": [0.90, 0.91, 0.20],
        "high": [1.01, 1.04, 9.00],
        "main": [False, True, False],
    }
)
TRUST = pd.DataFrame(
    {"label": ["crude", "crude", "set 1"], "series": ["a", "b", "a"], "ratio": [0.7, 0.8, 0.9], "low": 0.6, "high": 1.1}
)
CURVE = pd.DataFrame(
    {
        "value": [20.0, 75, 120] * 2,
        "hazard_ratio": 1.1,
        "ratio_low": 0.9,
        "ratio_high": 1.3,
        "mg": ["no"] * 3 + ["yes"] * 3,
    }
)


@dataclass(frozen=True)
class TwoCurves:
    """Two groups, three times each."""

    by: tuple[str, ...] = ("group",)

    def table(self) -> pd.DataFrame:
        return pd.DataFrame(
            {
                "group": ["a"] * 3 + ["b"] * 3,
                "time": [12.0, 60, 120] * 2,
                "survival": [1.0, 0.9, 0.8] * 2,
                "low": [np.nan, 0.88, 0.7] * 2,
                "high": [np.nan, 0.93, 0.85] * 2,
                "at_risk": [100, 50, 10] * 2,
            }
        )


DRAWN: dict[str, Callable[[Axes | None], Axes]] = {
    "forest": lambda ax: plot_forest(RATIOS, ax, margin=0.9),
    "strip": lambda ax: plot_strip(0.96, 0.85, 1.1, [0.9, 1.2], ax),
    "trust": lambda ax: plot_trust(TRUST, ax),
    "curve": lambda ax: plot_curve(CURVE, ax, xlabel="25(OH)D (nmol/L)", by="mg", reference=75, marks=[30, 60]),
    "survival": lambda ax: plot_survival(TwoCurves(), ax),
}


@pytest.mark.parametrize("draw", DRAWN.values(), ids=DRAWN)
def test_picture_returns_the_axes_given(draw):
    ax = Figure().add_subplot()
    assert draw(ax) is ax


@pytest.mark.parametrize("draw", DRAWN.values(), ids=DRAWN)
def test_picture_makes_its_own_axes_and_leaves_the_settings_alone(draw):
    before = dict(mpl.rcParams)
    ax = draw(None)
    ax.get_figure().canvas.draw()
    assert dict(mpl.rcParams) == before


def test_numbers_at_risk_are_those_of_the_next_time():
    ax = plot_survival(TwoCurves(), years=5)
    written = [text.get_text() for text in ax.texts]
    assert written == ["a, at risk:", "100", "50", "10", "b, at risk:", "100", "50", "10"]


def test_numbers_at_risk_stay_within_the_picture():
    ax = plot_survival(TwoCurves())
    figure = ax.get_figure()
    figure.canvas.draw()
    box = figure.bbox
    for text in ax.texts:
        extent = text.get_window_extent()
        assert extent.y0 >= box.y0
        assert extent.x1 <= box.x1 + 1


def test_interval_that_goes_on_has_an_arrow():
    ax = plot_forest(RATIOS)
    arrows = [line.get_marker() for line in ax.lines if line.get_marker() in "<>"]
    assert arrows == ["<", ">"]


def test_ratio_axis_holds_one_and_every_estimate():
    limits = ratio_limits([0.9, 0.01], [1.2, 90.0], [1.1, 1.6])
    assert limits[0] < 1 < 1.6 < limits[1]
    assert limits[1] < 90
    ticks = ratio_ticks(limits)
    assert 1 in ticks
    assert np.all(np.diff(ticks) > 0)


def test_one_estimate_without_an_interval_can_be_drawn():
    table = pd.DataFrame({"label": ["monotone"], "ratio": [1.2], "low": [np.nan], "high": [np.nan]})
    plot_forest(table).get_figure().canvas.draw()
