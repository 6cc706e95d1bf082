"""The jackknife through one function, held against R's replicate weights and against what must fail."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from cofactor.errors import DesignError, FitError
from cofactor.models import fit_cox, fit_glm
from cofactor.survey import SurveyDesign, replicate, weighted_mean, weighted_ratio

EXPECTED = pd.read_csv(Path(__file__).parents[1] / "reference" / "replicate" / "expected.csv")


@pytest.fixture(scope="module")
def data(synthetic):
    kept = synthetic[synthetic["stratum"] != 9].copy()
    kept["x0"] = kept["x"].fillna(0.0)
    return kept


def design_of(data, domain=None):
    return SurveyDesign(data, weight="weight", strata="stratum", domain=domain)


@pytest.mark.parametrize(
    ("case", "domain", "estimator"),
    [
        ("mean", None, lambda d: weighted_mean(d, ["age", "x0"])),
        ("domain", "age >= 40", lambda d: weighted_mean(d, "x0")),
        ("ratio", None, lambda d: weighted_ratio(d, "x0", "age")),
        ("glm", None, lambda d: fit_glm(d, "x0 ~ age")),
    ],
)
def test_the_covariance_matches_as_svrepdesign_jkn(case, domain, estimator, data):
    made = replicate(design_of(data, domain), estimator)
    rows = EXPECTED[EXPECTED["case"] == case]
    np.testing.assert_allclose(made.covariance[rows["i"] - 1, rows["j"] - 1], rows["value"], rtol=1e-8)


def test_a_cox_fit_has_nearly_its_linearised_errors(data):
    rng = np.random.default_rng(1)
    people = data.assign(months=np.ceil(rng.exponential(60, len(data))), died=rng.random(len(data)) < 0.6)
    design = design_of(people)

    def fit(part):
        return fit_cox(part, "age", time="months", event="died")

    np.testing.assert_allclose(replicate(design, fit).se, fit(design).estimate.se, rtol=0.1)


def test_the_table_carries_terms_and_degrees_of_freedom(data):
    made = replicate(design_of(data), lambda d: weighted_mean(d, ["age", "x0"]))
    table = made.table()
    assert table.columns.tolist() == ["term", "estimate", "se", "low", "high", "df"]
    assert table["term"].tolist() == ["age", "x0"]
    assert (table["df"] == design_of(data).degrees_of_freedom()).all()


def test_an_array_is_a_result_too(data):
    made = replicate(design_of(data), lambda d: np.array([d.weights[d.in_domain].sum()]))
    assert made.values == pytest.approx([data["weight"].sum()])


def test_a_stratum_with_one_psu_is_refused(synthetic):
    with pytest.raises(DesignError, match="1 strata have one PSU"):
        replicate(design_of(synthetic), lambda d: weighted_mean(d, "age"))


def failing(times: int):
    calls = iter(range(10_000))

    def estimator(design):
        if 0 < next(calls) <= times:
            raise FitError("no convergence")
        return weighted_mean(design, "age")

    return estimator


def test_a_replicate_that_fails_is_named_and_left_out(data):
    wide = pd.concat([data.assign(stratum=data["stratum"] + 100 * i) for i in range(3)])
    made = replicate(design_of(wide.reset_index(drop=True)), failing(1))
    assert made.notes == ("replicate without PSU 0 failed: no convergence",)
    assert np.isnan(made.replicates[0]).all()


def test_many_failures_are_an_error(data):
    with pytest.raises(FitError, match=r"replicates failed; the first: replicate without PSU 0"):
        replicate(design_of(data), failing(8))
