"""Pictures of the error dial, of hazard ratios over time and of competing causes: what they draw, where, in words."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from cofactor.report.figures import (
    cumulative_incidence_alt,
    error_dial_alt,
    new_panels,
    plot_cumulative_incidence,
    plot_error_dial,
    plot_proportional_hazards,
    png,
)
from cofactor.report.figures.incidence import spread_apart


def dial(size: float) -> pd.DataFrame:
    reliability = np.linspace(0.3, 1.0, 15)
    return pd.DataFrame({
        "reliability": reliability, "estimate": size / reliability, "low": (size - 0.1) / reliability,
        "high": (size + 0.1) / reliability,
    })  # fmt: skip


def test_the_dial_draws_the_ratio_the_null_and_what_was_measured():
    ax = plot_error_dial(dial(-0.2), ylabel="hazard ratio", measured=(0.56, 0.5, 0.62), corrected=(-0.36, -0.55, -0.17))
    curve, null, measured, bar, diamond = ax.lines
    np.testing.assert_allclose(curve.get_ydata(), np.exp(-0.2 / np.asarray(curve.get_xdata())))
    assert set(null.get_ydata()) == {1.0}
    assert set(measured.get_xdata()) == {0.56}
    np.testing.assert_allclose(bar.get_ydata(), np.exp([-0.55, -0.17]))
    np.testing.assert_allclose([diamond.get_xdata()[0], diamond.get_ydata()[0]], [0.56, np.exp(-0.36)])
    assert [text.get_text() for text in ax.texts] == ["measured 0.56"]
    low, high = ax.get_ylim()
    assert low < np.exp(-1.0)
    assert high > np.exp(-0.1 / 0.3)
    assert png(ax).startswith(b"\x89PNG")


@pytest.mark.parametrize("size", [-0.2, 0.001])
def test_the_dial_has_round_numbers_on_its_axis(size):
    table = dial(size)
    table = table.assign(low=table["estimate"] - 0.02, high=table["estimate"] + 0.02)
    ax = plot_error_dial(table, ylabel="ratio")
    png(ax)
    inside = [tick for tick in ax.get_yticks() if ax.get_ylim()[0] <= tick <= ax.get_ylim()[1]]
    assert len(inside) >= 3


def test_the_dial_in_words():
    words = error_dial_alt(dial(-0.2), name="ratio", measured=(0.56, 0.5, 0.62), corrected=(-0.36, -0.55, -0.17))
    assert words == (
        "ratio at reliability 0.30: 0.51 (0.37 to 0.72); at 1.00: 0.82 (0.74 to 0.90). Measured reliability 0.56"
        " (0.50 to 0.62). Corrected for the measured errors of all intakes together: 0.70 (0.58 to 0.84)."
    )


def test_hazard_ratios_over_time_show_the_smooth_in_years_and_the_average():
    time = np.linspace(3.0, 200.0, 61)
    table = pd.DataFrame({"time": time, "estimate": 0.002 * time, "low": 0.002 * time - 0.2,
                          "high": 0.002 * time + 0.2})  # fmt: skip
    residuals = pd.DataFrame({"time": [12.0, 60.0, 210.0], "residual": [0.1, -0.3, 40.0]})
    panels = new_panels(2)
    ax = plot_proportional_hazards(table, residuals, panels[1], title="smoking", average=0.17)
    smooth, null, average = ax.lines
    np.testing.assert_allclose(smooth.get_xdata(), time / 12.0)
    np.testing.assert_allclose(smooth.get_ydata(), table["estimate"])
    assert (set(null.get_ydata()), set(average.get_ydata())) == ({0.0}, {0.17})
    assert ax.get_ylim()[1] < 2.0  # a residual far out does not flatten the smooth
    assert ax.get_title(loc="left") == "smoking"
    assert png(panels[0]).startswith(b"\x89PNG")


def causes() -> pd.DataFrame:
    parts = []
    for name, end in (("accidents", 0.0040), ("heart disease", 0.025), ("kidney disease", 0.0041)):
        time = np.arange(6.0, 121.0, 6.0)
        value = end * time / 120.0
        parts.append(pd.DataFrame({"why": name, "time": time, "cumulative_incidence": value, "low": 0.8 * value,
                                   "high": 1.2 * value}))  # fmt: skip
    return pd.concat(parts, ignore_index=True).astype({"why": "category"})


def test_causes_are_named_at_their_ends_from_the_most_frequent_on_and_names_do_not_touch():
    ax = plot_cumulative_incidence(causes(), cause="why")
    assert [text.get_text() for text in ax.texts] == ["heart disease", "kidney disease", "accidents"]
    heights = [text.get_position()[1] for text in ax.texts]
    assert heights[0] == pytest.approx(0.025)
    assert heights[1] - heights[2] > 0.0008
    assert [text.get_color() for text in ax.texts] == [line.get_color() for line in ax.lines[:3]]
    np.testing.assert_allclose(ax.lines[0].get_ydata()[[0, -1]], [0.0, 0.025])
    np.testing.assert_allclose(ax.lines[0].get_xdata()[[0, -1]], [0.0, 10.0])
    assert png(ax).startswith(b"\x89PNG")


def test_names_move_no_more_than_they_must():
    np.testing.assert_allclose(spread_apart(np.array([9.0, 1.0, 0.9]), np.array([1.0, 2.0])), [9.0, 2.9, 0.9])


def test_causes_in_words():
    assert cumulative_incidence_alt(causes(), cause="why") == (
        "Cumulative incidence by 10 years, of 100 people: heart disease 2.50 (2.00 to 3.00); kidney disease 0.41 (0.33"
        " to 0.49); accidents 0.40 (0.32 to 0.48)."
    )
