"""Run an estimator on many sets of weights, in batches that joblib may send to other processes or machines."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
import pandas as pd
from threadpoolctl import ThreadpoolController

from cofactor.errors import CofactorError, CofactorWarning, FitError
from cofactor.progress import progress_bar

if TYPE_CHECKING:
    from cofactor.survey.design import SurveyDesign
    from cofactor.survey.replicate_weights import ReplicateWeights

Floats = npt.NDArray[np.float64]
Estimator = Callable[["SurveyDesign"], Any]


@dataclass(frozen=True, eq=False)
class Outcome:
    """What one replicate gave: values (k,), or why it failed; and what it warned of."""

    values: Floats | None
    problem: str = ""
    warned: str = ""


def run_replicates(
    design: SurveyDesign, estimator: Estimator, weights: ReplicateWeights, whole: Any, n_jobs: int | None
) -> list[Outcome]:
    """Return the outcome of each replicate, in their order; `whole` is the result that they must be like.

    With more than one worker there is one batch for each, so that a worker receives the design once.
    """
    from joblib import Parallel, delayed, effective_n_jobs

    run = Parallel(n_jobs=n_jobs, prefer="processes", return_as="generator")
    workers = int(effective_n_jobs(n_jobs))
    batches = np.array_split(np.arange(len(weights)), len(weights) if workers == 1 else min(workers, len(weights)))
    expected = values_of(whole), names_of(whole)
    outcomes: list[Outcome] = []
    with progress_bar(len(weights), label="replicates", unit="replicate") as done_more:
        for done in run(delayed(_run_batch)(design, estimator, weights, batch, expected) for batch in batches):
            outcomes += done
            done_more(len(done))
    return outcomes


def values_of(result: Any) -> Floats:
    """Return the values (k,) of a result or an array; raises FitError for anything else."""
    estimate = getattr(result, "estimate", result)
    try:
        return np.atleast_1d(np.asarray(getattr(estimate, "values", estimate), dtype=np.float64))
    except (TypeError, ValueError):
        parts = [
            name for name in getattr(result, "__dataclass_fields__", ()) if hasattr(getattr(result, name), "values")
        ]
        mend = f"one of its {', '.join(parts)}" if parts else "an estimate, a fit or an array of numbers"
        raise FitError(f"the estimator returns {type(result).__name__}, not one estimate: return {mend}") from None


def labels_of(result: Any) -> pd.DataFrame:
    """Return the labels (k rows) of a result; an array's terms are [0], [1] and so on."""
    labels = getattr(getattr(result, "estimate", result), "labels", None)
    if labels is None:
        return pd.DataFrame({"term": [f"[{i}]" for i in range(len(values_of(result)))]})
    return pd.DataFrame(labels).reset_index(drop=True)


def names_of(result: Any) -> list[str]:
    """Return one text a value: its by-variables and term."""
    return [", ".join(map(str, row)) for row in labels_of(result).itertuples(index=False)]


def _run_batch(
    design: SurveyDesign,
    estimator: Estimator,
    weights: ReplicateWeights,
    batch: npt.NDArray[np.intp],
    expected: tuple[Floats, list[str]],
) -> list[Outcome]:
    # One BLAS thread everywhere: the last digits of a matrix product depend on how many there are.
    with _blas().limit(limits=1, user_api="blas"):
        return [_outcome(design, estimator, weights.multiplier(int(i)), expected) for i in batch]


@cache
def _blas() -> ThreadpoolController:
    return ThreadpoolController()


def _outcome(
    design: SurveyDesign, estimator: Estimator, factors: Floats, expected: tuple[Floats, list[str]]
) -> Outcome:
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always", CofactorWarning)
        try:
            result = estimator(design.as_replicate(factors))
        except (CofactorError, ArithmeticError, np.linalg.LinAlgError) as error:
            return Outcome(None, problem=str(error))
    problem = _unlike(result, *expected)
    warned = next((str(one.message) for one in caught if issubclass(one.category, CofactorWarning)), "")
    return Outcome(None if problem else values_of(result), problem, warned)


def _unlike(result: Any, whole: Floats, names: list[str]) -> str:
    """Say why a replicate's result cannot stand beside the whole design's, or nothing."""
    found = names_of(result)
    if found != names:
        lost = [name for name in names if name not in found] or [name for name in found if name not in names]
        return (
            f"it has other terms than the whole design ({'; '.join(lost[:3])}); curves need `times`, and each level "
            "people in several PSUs"
        )
    missing = [name for name, value, own in zip(names, whole, values_of(result), strict=True)
               if np.isfinite(value) and not np.isfinite(own)]  # fmt: skip
    return f"no value of {', '.join(missing[:3])}" if missing else ""
