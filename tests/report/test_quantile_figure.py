"""The picture of coefficients against the quantile."""

from __future__ import annotations

import matplotlib as mpl
import numpy as np
import pandas as pd
import pytest
from matplotlib.figure import Figure

from cofactor.report.figures import plot_quantile_slopes, png, quantile_slopes_alt

TABLE = pd.DataFrame({
    "prob": [0.9, 0.1, 0.5], "estimate": [3.0, 1.0, 2.0], "low": [2.0, 0.5, 1.5], "high": [4.0, 1.5, 2.5],
})  # fmt: skip
MEAN = (2.2, 1.9, 2.6)


@pytest.mark.parametrize("mean", [None, MEAN])
def test_line_goes_through_the_coefficients_in_order_of_the_quantile(mean):
    ax = Figure().add_subplot()
    assert plot_quantile_slopes(TABLE, ax, ylabel="mg per kg", mean=mean) is ax
    line = next(line for line in ax.lines if line.get_label() == "of the quantile")
    np.testing.assert_array_equal(line.get_xdata(), [0.1, 0.5, 0.9])
    np.testing.assert_array_equal(line.get_ydata(), [1.0, 2.0, 3.0])
    assert (ax.get_legend() is not None) == (mean is not None)


def test_band_reaches_from_low_to_high():
    ax = plot_quantile_slopes(TABLE, ylabel="mg per kg")
    edge = ax.collections[0].get_paths()[0].vertices
    assert (edge[:, 1].min(), edge[:, 1].max()) == (0.5, 4.0)


def test_it_makes_its_own_axes_and_leaves_the_settings_alone():
    before = dict(mpl.rcParams)
    assert png(plot_quantile_slopes(TABLE, ylabel="cost in $ of $x$", mean=MEAN)).startswith(b"\x89PNG")
    assert dict(mpl.rcParams) == before


def test_words_name_each_quantile_in_order():
    text = quantile_slopes_alt(TABLE, name="magnesium")
    assert text.index("at 0.1") < text.index("at 0.5") < text.index("at 0.9")
    assert "magnesium" in text
