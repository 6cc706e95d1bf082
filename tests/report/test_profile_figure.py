"""The picture of a change point's profile."""

from __future__ import annotations

import numpy as np
import pandas as pd

from cofactor.report.figures import plot_profile, png


def test_it_draws_p_the_line_of_five_percent_and_the_marks():
    value = np.linspace(30.0, 110.0, 41)
    table = pd.DataFrame({"value": value, "p": np.exp(-(((value - 60.0) / 12.0) ** 2))})
    ax = plot_profile(table, xlabel="25(OH)D, nmol/L", marks=[74.88], names=["30 ng/mL"])
    curve, five_percent, mark = ax.lines
    np.testing.assert_array_equal(curve.get_ydata(), table["p"])
    assert set(five_percent.get_ydata()) == {0.05}
    assert set(mark.get_xdata()) == {74.88}
    assert [text.get_text() for text in ax.texts] == ["30 ng/mL"]
    filled = ax.collections[0].get_paths()[0].vertices[:, 0]
    reach = 12.0 * np.sqrt(-np.log(0.05))
    np.testing.assert_allclose([filled.min(), filled.max()], [60.0 - reach, 60.0 + reach], atol=0.3)
    assert png(ax).startswith(b"\x89PNG")
