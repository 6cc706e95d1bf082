"""Adjusted p-values against R's p.adjust and the definitions; levels of intervals against the verdicts."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from cofactor.errors import FitError
from cofactor.models import adjust_pvalues

P = [0.001, 0.02, 0.04, 0.03, 0.5, 0.01]
R_P_ADJUST = {  # R 4.2.2: p.adjust(c(0.001, 0.02, 0.04, 0.03, 0.5, 0.01), "holm") and "BH"
    "holm": [0.006, 0.08, 0.09, 0.09, 0.5, 0.05],
    "benjamini-hochberg": [0.006, 0.04, 0.048, 0.045, 0.5, 0.03],
}


@pytest.mark.parametrize("method", list(R_P_ADJUST))
def test_adjusted_values_match_p_adjust(method):
    np.testing.assert_allclose(adjust_pvalues(P, method=method)["adjusted"], R_P_ADJUST[method], rtol=1e-12)


def test_a_missing_value_is_no_test_of_the_family():
    made = adjust_pvalues(pd.Series([0.01, None, 0.04], index=["a", "b", "c"]))
    assert made["adjusted"].tolist()[::2] == [0.02, 0.04]
    assert made.loc["b", ["adjusted", "rejected", "level"]].isna().all()


@given(st.lists(st.floats(1e-8, 1.0), min_size=1, max_size=8))
def test_the_interval_at_holms_level_excludes_the_null_exactly_where_it_is_rejected(p):
    made = adjust_pvalues(p, method="holm")
    z = stats.norm.isf(np.array(p) / 2.0)
    reach = stats.norm.isf((1.0 - made["level"].to_numpy()) / 2.0)
    clear = np.abs(made["adjusted"] - 0.05) > 1e-9
    assert ((z > reach) == made["rejected"].to_numpy(dtype=bool))[clear].all()


def test_the_false_coverage_rate_level_counts_the_rejected():
    made = adjust_pvalues([0.001, 0.01, 0.2, 0.9], method="benjamini-hochberg")
    assert made["rejected"].tolist() == [True, True, False, False]
    assert made["level"].tolist() == [0.975] * 4


@pytest.mark.parametrize(
    ("p", "options", "says"),
    [
        ([0.1, 1.2], {}, "outside 0 to 1"),
        ([0.1], {"alpha": 0}, "no probability"),
        ([0.1], {"method": "x"}, "there are"),
    ],
)
def test_nonsense_is_refused(p, options, says):
    with pytest.raises(FitError, match=says):
        adjust_pvalues(p, **options)
