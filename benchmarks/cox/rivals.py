"""Fit once with statsmodels' PHReg or lifelines, and print CPU seconds, coefficients and standard errors as JSON.

python rivals.py TOOL FOLDER. PHReg has no weights, so its fit is the unweighted one, with its model-based covariance;
lifelines has weights and clusters (PSUs), and no strata of a design.
"""

from __future__ import annotations

import json
import sys
import time
import warnings
from pathlib import Path

import numpy as np
import pandas as pd
from people import COLUMNS, People, first, read

WARM = 500_000


def phreg(people: People) -> tuple[np.ndarray, np.ndarray]:
    from statsmodels.duration.hazard_regression import PHReg

    fit = PHReg(people.time, people.columns, people.died.astype(int), entry=people.entry, ties="efron").fit()
    return fit.params, fit.bse


def lifelines(people: People) -> tuple[np.ndarray, np.ndarray]:
    from lifelines import CoxPHFitter

    rows = pd.DataFrame(people.columns, columns=COLUMNS).assign(
        time=people.time, died=people.died, weight=people.weight, cluster=2 * people.strata + people.psu
    )
    late = {} if people.entry is None else {"entry_col": "entry"}
    if people.entry is not None:
        rows["entry"] = people.entry
    fit = CoxPHFitter().fit(rows, "time", "died", weights_col="weight", cluster_col="cluster", robust=True, **late)
    return fit.params_[COLUMNS].to_numpy(), fit.standard_errors_[COLUMNS].to_numpy()


def main() -> None:
    warnings.simplefilter("ignore")
    fit = {"phreg": phreg, "lifelines": lifelines}[sys.argv[1]]
    people = read(Path(sys.argv[2]))
    fit(first(people, WARM))
    start = time.process_time()
    coefficients, se = fit(people)
    took = time.process_time() - start
    print(json.dumps({"whole": took, "alone": took, "coefficients": [*coefficients], "se": [*se]}))


if __name__ == "__main__":
    main()
