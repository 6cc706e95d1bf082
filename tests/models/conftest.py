"""Small surveys that the tests of models share."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest


@pytest.fixture
def people() -> pd.DataFrame:
    """Sixty people of six strata with two PSUs each: numbers, a flag, a Categorical with an empty level, text."""
    rng = np.random.default_rng(7)
    n = 60
    data = pd.DataFrame({
        "strata": np.repeat(np.arange(6), 10),
        "psu": np.tile(np.repeat([1, 2], 5), 6),
        "analysis_weight": rng.uniform(0.5, 3.0, n),
        "age": rng.uniform(20.0, 80.0, n),
        "bmi": rng.normal(28.0, 5.0, n),
        "sex": pd.Categorical(rng.choice(["male", "female"], n), categories=["male", "female", "unknown"]),
        "education": rng.choice(["low", "high", "middle"], n),
        "smokes": pd.array(rng.random(n) < 0.4, dtype="boolean"),
        "parity": rng.integers(0, 3, n),
    })  # fmt: skip
    data["y"] = 1.0 + 0.02 * data["age"] + (data["sex"] == "female") + rng.normal(0.0, 1.0, n)
    data["event"] = (rng.random(n) < 0.5).astype(float)
    data["count"] = rng.poisson(1.5, n).astype(float)
    return data
