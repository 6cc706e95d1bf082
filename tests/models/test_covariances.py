"""Covariances by what weights are taken for, against R's coxph and svycoxph (tests/reference/cox/covariances.R)."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from cofactor.models import covariances, fit_cox, fit_glm
from cofactor.survey import SurveyDesign

FOLDER = Path(__file__).parent.parent / "reference" / "cox"
EXPECTED = json.loads((FOLDER / "covariances.json").read_text())["covariances"]


@pytest.mark.parametrize("case", EXPECTED)
def test_they_match_coxph_and_svycoxph(case):
    entry, ties = case.split("_")
    design = SurveyDesign(pd.read_csv(FOLDER / "data.csv"), weight="weight")
    fit = fit_cox(
        design, "age + x + flag", time="months", event="died", ties=ties, entry="late" if entry == "late" else None
    )
    found = covariances(fit)
    for ours, theirs in (("counted", "counted"), ("scaled", "naive"), ("robust", "robust"), ("design", "design")):
        expected = np.array(EXPECTED[case][theirs])
        np.testing.assert_allclose(getattr(found, ours), expected, rtol=1e-6, atol=1e-8 * np.abs(expected).max())
    np.testing.assert_allclose(found.table()["design"], fit.estimate.se, rtol=1e-12)


def test_weights_that_are_frequencies_count_as_repeated_rows():
    data = pd.read_csv(FOLDER / "data.csv")[["age", "x", "months", "died", "strata", "psu"]]
    times = 1 + np.arange(len(data)) % 3
    repeated = data.loc[np.repeat(data.index, times)].reset_index(drop=True)
    once, again = (
        covariances(fit_cox(SurveyDesign(rows.assign(w=weight), weight="w"), "age + x", time="months", event="died",
                            ties="breslow"))
        for rows, weight in ((data, times.astype(float)), (repeated, 1.0))
    )  # fmt: skip
    np.testing.assert_allclose(once.counted, again.counted, rtol=1e-7)
    np.testing.assert_allclose(again.counted, again.scaled, rtol=1e-12)


def test_a_design_of_independent_rows_is_robust_but_for_one_degree_of_freedom():
    rng = np.random.default_rng(5)
    n = 300
    data = pd.DataFrame({"analysis_weight": rng.uniform(1, 4, n), "strata": 1, "psu": np.arange(n),
                         "x": rng.normal(size=n), "y": rng.normal(size=n)})  # fmt: skip
    found = covariances(fit_glm(SurveyDesign(data), "y ~ x"))
    np.testing.assert_allclose(found.design, found.robust * n / (n - 1), rtol=1e-9)
