"""Any combination of terms: no collinear column, and exactly the space that all indicator columns span."""

from __future__ import annotations

import numpy as np
import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

from cofactor.models.formula import design_matrix

TERMS = ("a", "b", "c", "x", "z", "a:b", "a:c", "b:c", "a:x", "b:x", "x:z", "a:b:c", "a:b:x", "a:x:z")


def crossed() -> pd.DataFrame:
    rng = np.random.default_rng(11)
    n = 200
    return pd.DataFrame({
        "a": pd.Categorical(rng.choice(["a0", "a1", "a2"], n)), "b": rng.choice(["b0", "b1"], n),
        "c": rng.choice(["c0", "c1", "c2"], n), "x": rng.uniform(0.0, 6.0, n), "z": rng.normal(0.0, 1.0, n),
    })  # fmt: skip


DATA = crossed()


def every_indicator(term: str) -> list[np.ndarray]:
    """Return the columns of a term with a column for each level of each category: too many, but surely all."""
    columns = [np.ones(len(DATA))]
    for factor in term.split(":"):
        if factor.startswith("rcs"):
            own = list(design_matrix(factor, DATA, np.ones(len(DATA), dtype=bool)).values.T[1:])
        elif factor in "abc":
            own = [(DATA[factor] == level).to_numpy(float) for level in sorted(DATA[factor].unique())]
        else:
            own = [DATA[factor].to_numpy()]
        columns = [left * right for right in own for left in columns]
    return columns


@settings(max_examples=30, deadline=None)
@given(st.lists(st.sampled_from(TERMS), min_size=1, max_size=6, unique=True))
def test_columns_span_what_all_indicators_span_and_none_is_collinear(terms):
    made = design_matrix(" + ".join(terms), DATA, np.ones(len(DATA), dtype=bool)).values
    everything = np.column_stack([np.ones(len(DATA)), *(column for term in terms for column in every_indicator(term))])
    rank = np.linalg.matrix_rank(everything)
    assert made.shape[1] == np.linalg.matrix_rank(made) == rank
    assert np.linalg.matrix_rank(np.column_stack([everything, made])) == rank


def test_a_spline_within_categories_takes_its_own_curve_in_each():
    made = design_matrix("a * rcs(x, [1, 3, 5])", DATA, np.ones(len(DATA), dtype=bool)).values
    everything = np.column_stack([np.ones(len(DATA)), *every_indicator("a"), *every_indicator("a:rcs(x, [1, 3, 5])")])
    assert made.shape[1] == np.linalg.matrix_rank(made) == np.linalg.matrix_rank(everything) == 9
