"""Replicate weights, the second road to a covariance: estimate again on weights that leave out part of the PSUs."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from cofactor.display import notes_html, table_html
from cofactor.errors import DesignError, FitError
from cofactor.survey.design import SurveyDesign
from cofactor.survey.replicate_run import Outcome, labels_of, run_replicates, values_of
from cofactor.survey.replicate_weights import Method, ReplicateWeights, replicate_weights
from cofactor.survey.table import result_table

Floats = npt.NDArray[np.float64]
FAILED_AT_MOST = 0.05


@dataclass(frozen=True, eq=False, repr=False)
class Replicated:
    """Estimates of the whole design with the covariance of their replicates.

    Attributes
    ----------
    labels : DataFrame (k rows)
        The last column is ``term``; by-variables stand before it.
    values : array (k,)
        On the scale of estimation.
    covariance : array (k, k)
    replicates : array (R, k)
        NaN where a replicate failed.
    df : array (k,)
        Degrees of freedom, as of the linearised errors.
    method : str
    notes : tuple of str
        The method; which replicates failed or warned, and why.
    tested, log_scale, shown_as_ratio, unbounded
        As of the `Estimate` that was replicated.
    """

    labels: pd.DataFrame
    values: Floats
    covariance: Floats
    replicates: Floats
    df: Floats
    method: str
    notes: tuple[str, ...] = ()
    tested: bool = False
    log_scale: bool = False
    shown_as_ratio: npt.NDArray[np.bool_] | None = None
    unbounded: npt.NDArray[np.bool_] | None = None
    # An estimate may have limits and columns of its own, from its linearised errors: these are not the replicates'.
    limits: None = None
    extra: None = None

    @property
    def terms(self) -> tuple[str, ...]:
        """The terms, one a value."""
        return tuple(map(str, self.labels["term"]))

    @property
    def se(self) -> Floats:
        """Standard errors (k,)."""
        return np.asarray(np.sqrt(np.diag(self.covariance)))

    def table(self, level: float = 0.95, exponentiate: bool = False) -> pd.DataFrame:
        """Return one row an estimate, as `Estimate.table`: by-variables, term, estimate, se, low, high, p, df.

        The interval is estimate -/+ t(df) se on the scale of the values; `exponentiate` makes ratios.
        """
        return result_table(self, level, exponentiate)

    def __repr__(self) -> str:
        """Return the table and the notes as text."""
        return "\n".join([self.table().to_string(index=False), *(f"note: {note}" for note in self.notes)])

    def _repr_html_(self) -> str:
        caption = f"Estimates with errors by {self.method}"
        return table_html(self.table(), caption=caption, row_headers=len(self.labels.columns)) + notes_html(self.notes)


def replicate(
    design: SurveyDesign,
    estimator: Callable[[SurveyDesign], Any],
    *,
    method: Method | ReplicateWeights = "jackknife",
    rho: float | None = None,
    number: int | None = None,
    seed: int | None = None,
    n_jobs: int | None = None,
) -> Replicated:
    r"""Estimate again on each set of replicate weights, and return the covariance that they show.

    Parameters
    ----------
    design : SurveyDesign
        See `replicate_weights` for what each method needs of strata and PSUs.
    estimator : function
        From a design to a result (anything with ``values`` or ``estimate.values``) or an array (k,). The designs that
        it is given differ in their weights alone; knots and levels that a formula finds in the whole design hold in all
        replicates. Curves need ``times``, else each replicate has its own.
    method : {"jackknife", "brr", "fay", "bootstrap"} or ReplicateWeights
    rho : float
        Of "fay".
    number, seed : int
        Of "bootstrap".
    n_jobs : int, optional
        Workers of joblib. Without it the surrounding ``joblib.parallel_config`` says: none, one process. The numbers
        are the same on every backend; each worker receives the design once.

    Raises
    ------
    DesignError
        Strata or options that the method cannot use.
    FitError
        More than 5% of the replicates fail.

    Notes
    -----
    :math:`V = \sum_r c_r (\theta_r - \theta)(\theta_r - \theta)'` around the whole design's estimate, with the
    :math:`c_r` of `replicate_weights`. A replicate that fails is named in the notes and counts as the mean of the
    others. Source: Wolter KM (2007), Introduction to Variance Estimation, doi:10.1007/978-0-387-35099-8. R:
    ``as.svrepdesign(type, mse = TRUE)``. On a cluster::

        with joblib.parallel_config(backend="dask"):  # after dask.distributed.Client(address)
            replicate(design, estimator, method="bootstrap", number=1000, seed=1)

    Examples
    --------
    >>> from cofactor.survey import weighted_mean
    >>> data = pd.DataFrame({"analysis_weight": [1.0, 1, 2, 2], "strata": [1, 1, 2, 2], "psu": [1, 2, 1, 2],
    ...                      "x": [1.0, 2, 3, 5]})
    >>> replicate(SurveyDesign(data), lambda part: weighted_mean(part, "x")).table()[["term", "estimate", "df"]]
      term  estimate   df
    0    x  3.166667  2.0
    """
    weights = _weights(design, method, rho=rho, number=number, seed=seed)
    remembering = design.remembering()
    whole = estimator(remembering)
    outcomes = run_replicates(remembering, estimator, weights, whole, n_jobs)
    notes = _notes(weights, outcomes)
    values = values_of(whole)
    made = np.stack([np.full(len(values), np.nan) if one.values is None else one.values for one in outcomes])
    estimate = getattr(whole, "estimate", whole)
    return Replicated(
        labels=labels_of(whole), values=values, covariance=_covariance(values, made, outcomes, weights.scales),
        replicates=made, df=_freedom(design, estimate, len(values)), method=weights.method, notes=notes,
        tested=bool(getattr(estimate, "tested", False)), log_scale=bool(getattr(estimate, "log_scale", False)),
        shown_as_ratio=getattr(estimate, "shown_as_ratio", None), unbounded=getattr(estimate, "unbounded", None),
    )  # fmt: skip


def _weights(
    design: SurveyDesign, method: Method | ReplicateWeights, **options: Any
) -> ReplicateWeights:  # fmt: skip
    if not isinstance(method, ReplicateWeights):
        return replicate_weights(design, method, **options)
    if any(value is not None for value in options.values()):
        raise DesignError("replicate weights that are given take no rho, number or seed; leave them out")
    if len(method.multiplier(0)) != design.n_psu:
        raise DesignError(
            f"the replicate weights have factors for {len(method.multiplier(0)):,} PSUs, the design has "
            f"{design.n_psu:,}; make them from this design with replicate_weights()"
        )
    return method


def _covariance(values: Floats, made: Floats, outcomes: list[Outcome], scales: Floats) -> Floats:
    """Return the covariance (k, k); missing for what the whole design leaves undefined."""
    kept = np.array([one.values is not None for one in outcomes])
    gaps = (made - values)[kept]
    weighted = gaps * scales[kept, np.newaxis]
    return np.asarray(weighted.T @ gaps * (len(kept) / kept.sum()), dtype=np.float64)


def _notes(weights: ReplicateWeights, outcomes: list[Outcome]) -> tuple[str, ...]:
    """Return which replicates failed or warned; raise FitError where too many failed."""
    failed = [f"replicate {name} failed: {one.problem}" for name, one in zip(weights.names, outcomes, strict=True)
              if one.values is None]  # fmt: skip
    warned = [f"replicate {name}: {one.warned}" for name, one in zip(weights.names, outcomes, strict=True)
              if one.warned]  # fmt: skip
    if len(failed) > FAILED_AT_MOST * len(weights):
        raise FitError(f"{len(failed)} of {len(weights)} replicates failed; the first: {failed[0]}")
    counts = (f"{len(warned)} of {len(weights)} replicates warned; the first: {warned[0]}",) if warned else ()
    return (f"errors by {weights.method}", *failed, *counts)


def _freedom(design: SurveyDesign, estimate: Any, k: int) -> Floats:
    freedom = getattr(estimate, "df", None)
    return np.array(np.broadcast_to(design.degrees_of_freedom() if freedom is None else freedom, k), dtype=np.float64)
