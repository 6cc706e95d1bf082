"""Replicates on a real cluster: two worker processes of dask.distributed on this machine, and the same numbers."""

from __future__ import annotations

import joblib
import numpy as np
import pandas as pd
import pytest

from cofactor.models import fit_cox
from cofactor.survey import SurveyDesign, replicate

distributed = pytest.importorskip("dask.distributed")

pytestmark = [
    pytest.mark.slow,
    # Of the cluster's own taking down, not of ours.
    pytest.mark.filterwarnings("ignore::ResourceWarning", "ignore::DeprecationWarning:distributed"),
]


@pytest.fixture(scope="module")
def cluster():
    """Two worker processes with one thread each, reachable from this machine alone, on ports that are free."""
    with (
        distributed.LocalCluster(
            n_workers=2, threads_per_worker=1, processes=True, host="127.0.0.1", dashboard_address="127.0.0.1:0"
        ) as made,
        distributed.Client(made) as client,
    ):
        yield client


@pytest.fixture(scope="module")
def design():
    rng = np.random.default_rng(5)
    n = 6000
    return SurveyDesign(
        pd.DataFrame(
            {
                "strata": np.arange(n) // 200,
                "psu": np.arange(n) // 100 % 2,
                "analysis_weight": rng.uniform(1, 3, n),
                "age": rng.normal(0, 1, n),
                "bmi": rng.normal(0, 1, n),
                "months": np.ceil(rng.exponential(60, n)),
                "died": rng.integers(0, 2, n),
            }
        )
    )


@pytest.mark.parametrize(
    "options",
    [{"method": "jackknife"}, {"method": "brr"}, {"method": "bootstrap", "number": 30, "seed": 4}],
    ids=lambda options: options["method"],
)
def test_numbers_on_a_cluster_are_those_of_one_process(options, cluster, design):
    def estimator(part):
        return fit_cox(part, "age * bmi", time="months", event="died")

    alone = replicate(design, estimator, **options)
    with joblib.parallel_config(backend="dask"):
        made = replicate(design, estimator, **options)
    np.testing.assert_array_equal(made.replicates, alone.replicates)
    np.testing.assert_array_equal(made.covariance, alone.covariance)
    assert made.notes == alone.notes


def test_each_worker_does_half_of_the_replicates_in_one_batch(cluster, design):
    with joblib.parallel_config(backend="dask"):
        made = replicate(design, lambda part: np.array([float(__import__("os").getpid())]))
    processes, replicates_of_each = np.unique(made.replicates, return_counts=True)
    assert sorted(processes) == sorted(cluster.run(lambda: float(__import__("os").getpid())).values())
    assert replicates_of_each.tolist() == [design.n_psu / 2] * 2
