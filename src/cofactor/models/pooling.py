"""Pooled estimates: one answer from the fits of several imputations, by Rubin's rules with the design's df."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

import joblib
import numpy as np
import pandas as pd

from cofactor.errors import FitError
from cofactor.models.formula import MatrixSpec
from cofactor.models.imputation import Imputations
from cofactor.models.pooled import Pooled
from cofactor.models.pooling_rules import moments
from cofactor.progress import progress

if TYPE_CHECKING:
    from cofactor.survey.design import SurveyDesign


def pool(
    results: Sequence[Any] | Imputations,
    estimator: Callable[[SurveyDesign], Any] | None = None,
) -> Pooled:
    r"""Pool the results of several imputations by Rubin's rules, with the design's degrees of freedom.

    The estimate is the mean :math:`\bar Q`; its covariance :math:`\bar U + (1 + 1/m) B`, the mean of the design
    covariances plus that between the imputations.

    Parameters
    ----------
    results : sequence of m results, or Imputations
        Results of one estimator: anything with values, covariance and df, as fits, means, contrasts, `reri`.
    estimator : function, optional
        With imputations: from a design to a result. It is applied to each imputation (in parallel under
        ``joblib.parallel_config``) and to the design as it was, whose fit of the complete cases stands beside. What
        this draws from the data (knots, levels) must be the same in all: give ``cuts=`` or ``like=``.

    Returns
    -------
    Pooled

    Raises
    ------
    FitError
        Fewer than two results; no values or covariance; other terms, rows, knots or levels in one than in another.

    Notes
    -----
    Rubin DB (1987), doi:10.1002/9780470316696; degrees of freedom: Barnard J, Rubin DB (1999), Biometrika 86:948-955,
    doi:10.1093/biomet/86.4.948.

    Examples
    --------
    >>> import pandas as pd
    >>> from cofactor.survey import SurveyDesign, weighted_mean
    >>> data = pd.DataFrame({"analysis_weight": 1.0, "strata": 1, "psu": [1, 2, 3, 4], "x": [1.0, 2, 6, 5]})
    >>> filled = [data.assign(x=[1.0, 2, 6, last]) for last in (4.0, 5.0, 6.0)]
    >>> pooled = pool([weighted_mean(SurveyDesign(one), "x") for one in filled])
    >>> pooled.table()[["term", "estimate", "se", "df"]].round(3)
      term  estimate     se     df
    0    x       3.5  1.242  1.887
    """
    beside = None
    if isinstance(results, Imputations):
        if estimator is None:
            raise FitError("pool(imputations, function) needs the function: what to estimate from each design")
        run = joblib.Parallel(return_as="generator")
        made = run(joblib.delayed(estimator)(design) for design in results.designs())
        found, notes = list(progress(made, label="analyses", unit="imputation", total=results.m)), results.notes
        beside = estimator(results.design)
    else:
        if estimator is not None:
            raise FitError("a function is applied to imputations; pool(results) takes results alone")
        found, notes = list(results), ()
    if len(found) < 2:
        raise FitError(f"pooling needs two imputations or more; got {len(found)}")
    return _pooled(found, notes, beside)


def _pooled(results: list[Any], notes: Sequence[str], beside: Any) -> Pooled:
    parts = [_estimate(result) for result in results]
    first = parts[0]
    labels = _labels(first)
    for number, part in enumerate(parts[1:], start=2):
        _check_alike(first, part, labels, number)
    specs = [getattr(result, "spec", None) for result in results]
    _check_choices(specs)
    found = moments(np.stack([part.values for part in parts]), np.stack([part.covariance for part in parts]))
    freedom = np.stack([np.broadcast_to(np.asarray(part.df, dtype=np.float64), found.mean.shape) for part in parts])
    hidden = [getattr(part, "unbounded", None) for part in parts]
    unbounded = [mask for mask in hidden if mask is not None]
    said: tuple[str, ...] = (
        f"pooled over {len(parts)} imputations by Rubin's rules; degrees of freedom by Barnard and Rubin",
    )
    if getattr(first, "limits", None) is not None:
        said = (*said, "intervals are the estimate -/+ t se, not the estimator's own")
    return Pooled(
        labels=labels,
        moments=found,
        complete_df=freedom.min(axis=0),
        tested=bool(getattr(first, "tested", False)),
        log_scale=bool(getattr(first, "log_scale", False)),
        shown_as_ratio=getattr(first, "shown_as_ratio", None),
        unbounded=np.logical_or.reduce(unbounded) if unbounded else None,
        spec=specs[0],
        complete_case=beside,
        notes=tuple(dict.fromkeys((*said, *notes, *getattr(first, "notes", ())))),
    )


def _estimate(result: Any) -> Any:
    """Return the part of a result that has values, covariance and df."""
    part = getattr(result, "estimate", result)
    lacking = [name for name in ("values", "covariance", "df") if not hasattr(part, name)]
    if lacking:
        raise FitError(
            f"a {type(result).__name__} has no {', '.join(lacking)} and cannot be pooled; let the function return an "
            "estimate, e.g. lambda design: marginal_means(fit_glm(design, ...), 'x').means"
        )
    return part


def _labels(part: Any) -> pd.DataFrame:
    labels = getattr(part, "labels", None)
    return pd.DataFrame({"term": list(part.terms)}) if labels is None else labels


def _check_alike(first: Any, part: Any, labels: pd.DataFrame, number: int) -> None:
    """Raise FitError unless a result has the labels and the design of the first."""
    mine = _labels(part)
    if not mine.reset_index(drop=True).astype(str).equals(labels.reset_index(drop=True).astype(str)):
        lost = sorted(set(map(str, labels["term"])) ^ set(map(str, mine["term"])))
        which = ", ".join(lost[:5]) or "in another order"
        raise FitError(
            f"imputation {number} has other terms than the first ({which}): a level occurs in one and not in the "
            "other; give like=fit.spec, or merge rare levels"
        )
    identities = [one.design.identity for one in (first, part) if hasattr(one, "design")]
    if len(set(identities)) > 1:
        raise FitError(f"the design of imputation {number} has other rows or PSUs than the first; impute within one")


def _check_choices(specs: Sequence[Any]) -> None:
    """Raise FitError where knots, levels or references that were drawn from the data differ between imputations."""
    first = specs[0]
    if not isinstance(first, MatrixSpec):
        return
    for number, spec in enumerate(specs[1:], start=2):
        for text, factor in first.factors.items():
            if spec.factors.get(text) != factor:
                raise FitError(
                    f"{text} has other knots or levels in imputation {number} than in the first, so that their "
                    "coefficients mean different things; fix them with cuts={...}, or like=complete_case_fit.spec"
                )
