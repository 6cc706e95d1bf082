"""Estimates from estimates: linear combinations, smooth functions, stacks; and an estimate of any estimator."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import pandas as pd

from cofactor.errors import DesignError
from cofactor.survey.result import Estimate, Limits, held_by
from cofactor.survey.variance import psu_totals

if TYPE_CHECKING:
    from cofactor.survey.design import SurveyDesign

__all__ = ["Estimate", "Limits", "delta", "from_influence", "held_by", "joint", "linear"]

Floats = npt.NDArray[np.float64]
Mask = npt.NDArray[np.bool_]


def linear(estimate: Estimate, matrix: npt.ArrayLike, terms: Sequence[str]) -> Estimate:
    """Return linear combinations of estimates: ``matrix @ values``, with their exact joint covariance.

    Parameters
    ----------
    estimate : Estimate
        k values.
    matrix : array (r, k) or (k,)
    terms : sequence of r names

    Raises
    ------
    DesignError
        The shapes do not fit.

    Examples
    --------
    >>> import pandas as pd
    >>> from cofactor.survey import SurveyDesign, weighted_mean
    >>> data = pd.DataFrame({
    ...     "analysis_weight": 1.0, "strata": 1, "psu": [1, 2, 3], "x": [1.0, 2, 6], "y": [2.0, 2, 5]})
    >>> means = weighted_mean(SurveyDesign(data), ["x", "y"])
    >>> linear(means, [1, -1], ["difference"]).values.tolist()
    [0.0]
    """
    rows = np.atleast_2d(np.asarray(matrix, dtype=np.float64))
    _check_shape(rows, (len(terms), len(estimate.values)), "matrix")
    return _mapped(estimate, rows @ estimate.values, rows, terms)


def delta(
    estimate: Estimate,
    function: Callable[[Floats], npt.ArrayLike],
    terms: Sequence[str],
    *,
    jacobian: npt.ArrayLike | None = None,
) -> Estimate:
    r"""Return smooth functions of estimates, with their covariance to first order (delta method).

    The influence of :math:`f(\theta)` is that of :math:`\theta` times the Jacobian of f at the estimate.

    Parameters
    ----------
    estimate : Estimate
        k values.
    function : function
        Takes values (k,), gives r values.
    terms : sequence of r names
    jacobian : array (r, k), optional
        Derivatives at the values; else by central differences of step ``eps**(1/3) max(|value|, se)``.

    Raises
    ------
    DesignError
        The shapes do not fit.

    Notes
    -----
    The result is on the scale that `function` gives; ``tested`` and ``log_scale`` are those of `estimate` and can be
    changed with `dataclasses.replace`.

    Examples
    --------
    >>> import pandas as pd
    >>> from cofactor.survey import SurveyDesign, weighted_mean
    >>> data = pd.DataFrame({
    ...     "analysis_weight": 1.0, "strata": 1, "psu": [1, 2, 3], "x": [1.0, 2, 6], "y": [2.0, 2, 5]})
    >>> means = weighted_mean(SurveyDesign(data), ["x", "y"])
    >>> delta(means, lambda m: m[0] / m[1], ["ratio of means"]).values.tolist()
    [1.0]
    """
    values = np.atleast_1d(np.asarray(function(estimate.values), dtype=np.float64))
    _check_shape(values, (len(terms),), "the function's values")
    derivatives = _central(estimate, function) if jacobian is None else np.atleast_2d(np.asarray(jacobian, np.float64))
    _check_shape(derivatives, (len(terms), len(estimate.values)), "the Jacobian")
    return _mapped(estimate, values, derivatives, terms)


def joint(*estimates: Estimate) -> Estimate:
    """Stack estimates of one design, so that their joint covariance is known: of two models, two groups, two outcomes.

    The designs may differ in domain and weights, not in rows, PSUs or the policy for lonely PSUs. By-variables that
    some lack are missing there. Own intervals and further columns of tables are left behind.

    Raises
    ------
    DesignError
        The designs do not have the same rows and PSUs, or the estimates not the same scale.

    Examples
    --------
    >>> import pandas as pd
    >>> from cofactor.survey import SurveyDesign, weighted_mean, weighted_total
    >>> data = pd.DataFrame({
    ...     "analysis_weight": 1.0, "strata": 1, "psu": [1, 2, 3], "x": [1.0, 2, 6], "y": [2.0, 2, 5]})
    >>> design = SurveyDesign(data)
    >>> joint(weighted_mean(design, "x"), weighted_total(design, "y")).values.tolist()
    [3.0, 9.0]
    """
    if not estimates:
        raise DesignError("joint() needs at least one estimate")
    first = estimates[0]
    for other in estimates[1:]:
        if (other.design.identity, other.design.lonely_psu) != (first.design.identity, first.design.lonely_psu):
            raise DesignError(
                "the estimates stand on different designs (rows, PSUs or policy for lonely PSUs), so their covariance "
                "is unknown; make one design of everyone and restrict it with .within(...)"
            )
        if other.log_scale != first.log_scale:
            raise DesignError(
                "a joint estimate of logarithms and plain values has no scale; transform with delta() first"
            )
    return Estimate(
        design=first.design,
        labels=_stacked_labels([e.labels for e in estimates]),
        values=np.concatenate([e.values for e in estimates]),
        psu_totals=np.hstack([e.psu_totals for e in estimates]),
        df=np.concatenate([np.asarray(e.df, dtype=np.float64) for e in estimates]),
        influence_rows=partial(_stacked_influence, tuple(e.influence_rows for e in estimates)),
        notes=tuple(dict.fromkeys(note for e in estimates for note in e.notes)),
        tested=all(e.tested for e in estimates),
        log_scale=first.log_scale,
        held=np.hstack([held_by(e) for e in estimates]),
    )


def from_influence(
    design: SurveyDesign,
    labels: pd.DataFrame | Sequence[str],
    values: npt.ArrayLike,
    influence: Floats,
    df: npt.ArrayLike | None = None,
    *,
    rows: Mask | None = None,
    notes: Sequence[str] = (),
    tested: bool = False,
    log_scale: bool = False,
) -> Estimate:
    """Return the estimate of any estimator from its values and their influence, which is kept.

    Parameters
    ----------
    design : SurveyDesign
        n rows.
    labels : DataFrame (k rows) or sequence of k terms
    values : array (k,)
    influence : array (n, k)
        Weighted first-order effect of each row, zero outside `rows`.
    df : array (k,), optional
        PSUs - strata of `rows` if not given.
    rows : bool array (n,), optional
        What the estimates stand on; default the domain.

    Raises
    ------
    DesignError
        The shapes do not fit.

    Examples
    --------
    >>> import numpy as np, pandas as pd
    >>> from cofactor.survey import SurveyDesign
    >>> data = pd.DataFrame({"analysis_weight": 1.0, "strata": 1, "psu": [1, 2], "x": [1.0, 3.0]})
    >>> from_influence(SurveyDesign(data), ["mean"], [2.0], (data["x"].to_numpy() - 2.0)[:, np.newaxis] / 2).se.tolist()
    [1.0]
    """
    made = np.atleast_1d(np.asarray(values, dtype=np.float64))
    matrix = np.atleast_2d(np.asarray(influence, dtype=np.float64).T).T
    _check_shape(matrix, (len(design.in_domain), len(made)), "influence")
    freedom = design.degrees_of_freedom(rows) if df is None else df
    return Estimate(
        design=design,
        labels=labels if isinstance(labels, pd.DataFrame) else pd.DataFrame({"term": list(labels)}),
        values=made,
        psu_totals=psu_totals(design, matrix),
        df=np.array(np.broadcast_to(np.asarray(freedom, dtype=np.float64), made.shape)),
        influence_rows=partial(_kept, matrix),
        notes=tuple(notes),
        tested=tested,
        log_scale=log_scale,
        held=design.psus_holding(rows),
    )


def _mapped(estimate: Estimate, values: Floats, matrix: Floats, terms: Sequence[str]) -> Estimate:
    used = matrix != 0.0
    held = held_by(estimate)
    union = np.stack([held[:, row].any(axis=1) for row in used], axis=1)
    return Estimate(
        design=estimate.design,
        labels=pd.DataFrame({"term": list(terms)}),
        values=values,
        psu_totals=estimate.psu_totals @ matrix.T,
        df=np.array([_freedom(estimate, row, union[:, i]) for i, row in enumerate(used)], dtype=np.float64),
        influence_rows=partial(_mapped_influence, estimate.influence_rows, matrix),
        notes=estimate.notes,
        tested=estimate.tested,
        log_scale=estimate.log_scale,
        held=union,
    )


def _freedom(estimate: Estimate, used: Mask, held: Mask) -> float:
    """Return the degrees of freedom that the parts share, else those of the PSUs that hold any part."""
    from cofactor.survey.design import freedom_of

    parts = np.unique(np.asarray(estimate.df)[used]) if used.any() else np.unique(estimate.df)
    if len(parts) == 1:
        return float(parts[0])
    return float(freedom_of(estimate.design.stratum_of_psu, held))


def _central(estimate: Estimate, function: Callable[[Floats], npt.ArrayLike]) -> Floats:
    """Return central differences of a function at the values, (r, k)."""
    values = np.asarray(estimate.values, dtype=np.float64)
    size = np.maximum(np.abs(values), estimate.se)
    steps = np.cbrt(np.finfo(np.float64).eps) * np.where(size > 0.0, size, 1.0)
    columns = []
    for j, step in enumerate(steps):
        up, down = values.copy(), values.copy()
        up[j] += step
        down[j] -= step
        rise = np.atleast_1d(np.asarray(function(up), np.float64)) - np.atleast_1d(
            np.asarray(function(down), np.float64)
        )
        columns.append(rise / (up[j] - down[j]))
    return np.stack(columns, axis=1)


def _mapped_influence(influence_rows: Callable[[], Floats], matrix: Floats) -> Floats:
    return np.asarray(influence_rows() @ matrix.T)


def _stacked_influence(parts: tuple[Callable[[], Floats], ...]) -> Floats:
    return np.hstack([part() for part in parts])


def _kept(influence: Floats) -> Floats:
    return influence


def _stacked_labels(labels: Sequence[pd.DataFrame]) -> pd.DataFrame:
    stacked = pd.concat(labels, ignore_index=True)
    return stacked[[*(name for name in stacked.columns if name != "term"), "term"]]


def _check_shape(array: Floats, shape: tuple[int, ...], what: str) -> None:
    if array.shape != shape:
        raise DesignError(f"{what} has shape {array.shape}; {shape} is needed")
