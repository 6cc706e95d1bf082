"""Fit with statsmodels' PHReg or lifelines, and print CPU seconds, coefficients and standard errors as JSON.

python rivals.py TOOL FOLDER. The first fit of these people is timed, and the same again where it is not long, after a
small fit. PHReg has no weights, so its fit is the unweighted one, with its model-based covariance;
lifelines has weights and clusters (PSUs), and no strata of a design.
"""

from __future__ import annotations

import json
import sys
import time
import warnings
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
from people import COLUMNS, SMALL, People, first, read

Fit = Callable[[People], tuple[np.ndarray, np.ndarray]]
LONG = 30.0  # seconds of a fit that is not done again


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
    fit(first(people, SMALL))
    took, (coefficients, se) = timed(fit, people)
    again = timed(fit, people)[0] if took < LONG else None
    times = {"whole": took, "alone": took, "whole_again": again, "alone_again": again}
    print(json.dumps(times | {"coefficients": [*coefficients], "se": [*se]}))


def timed(fit: Fit, people: People) -> tuple[float, tuple[np.ndarray, np.ndarray]]:
    start = time.process_time()
    found = fit(people)
    return time.process_time() - start, found


if __name__ == "__main__":
    main()
