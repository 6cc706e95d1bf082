"""Weighted proportions of levels, with intervals that suit them and the presentation standard of NCHS."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
import pandas as pd

from cofactor.errors import DesignError
from cofactor.survey.estimate import Estimate, Limits
from cofactor.survey.grouped import Floats, Indices, KnownRows, Quantity, cells, grouped_estimate, known_rows
from cofactor.survey.groups import By, groups_of, level_codes
from cofactor.survey.intervals import effective_size, korn_graubard_limits, logit_limits
from cofactor.survey.reliability import Reliability, presentation_standard

if TYPE_CHECKING:
    from cofactor.survey.design import SurveyDesign

Interval = Literal["korn-graubard", "logit"]


def weighted_proportion(
    design: SurveyDesign, name: str, *, by: By = None, interval: Interval = "korn-graubard", cap: bool = True
) -> Estimate:
    r"""Estimate the proportion of each level of a variable, among those in the domain for whom it is known.

    :math:`p = \sum w_i [y_i = l] / \sum w_i`; the influence of row i is :math:`w_i ([y_i = l] - p) / \sum w_j`.

    Parameters
    ----------
    design : SurveyDesign
    name : str
        A category (all its levels, empty ones too), a flag (the level True), a text or an integer.
    by : str or sequence of str, optional
        As in `weighted_mean`.
    interval : {"korn-graubard", "logit"}
    cap : bool
        Let the effective size in Korn and Graubard's interval never exceed the sample size, as NCHS does; R does not.

    Returns
    -------
    Estimate
        One row a group and level. Its table adds level, n (rows of positive weight in the group), n_effective,
        reliability ("ok", "review" or "suppress" by NCHS Series 2 No. 175, always from the capped 95% Korn-Graubard
        interval) and reasons.

    Raises
    ------
    UnknownVariableError
        A name that the data do not have.
    DesignError
        A number with fractions, a variable that nobody has known, an interval that does not exist.

    See Also
    --------
    cofactor.survey.intervals, cofactor.survey.reliability

    Notes
    -----
    Korn EL, Graubard BI (1998), Survey Methodology 24:193-201; Parker JD et al. (2017), Vital Health Stat 2(175);
    Binder DA (1983), doi:10.2307/1402588

    Examples
    --------
    >>> import pandas as pd
    >>> from cofactor.survey import SurveyDesign
    >>> data = pd.DataFrame({
    ...     "analysis_weight": 1.0, "strata": [1, 1, 2, 2] * 20, "psu": [1, 2] * 40,
    ...     "smokes": [True, False, False, False] * 20})
    >>> weighted_proportion(SurveyDesign(data), "smokes").table()[["term", "estimate", "level", "n", "reliability"]]
         term  estimate  level   n reliability
    0  smokes      0.25   True  80    suppress
    """
    if interval not in ("korn-graubard", "logit"):
        raise DesignError(f"interval={interval!r} is unknown; there are 'korn-graubard' and 'logit'")
    codes, levels = level_codes(design, name, "proportion")
    groups = groups_of(design, by)
    known, notes = known_rows(design, groups, codes >= 0, name)
    shown = _shown_levels(design, name, codes[known.rows], levels)
    quantities = [_share(known, codes[known.rows] == level) for level in shown]
    estimate = grouped_estimate(design, groups, [name] * len(shown), quantities, notes)
    n = cells(quantities, [known.counts] * len(shown)).astype(np.float64)
    level = levels.take(np.tile(shown, len(estimate.values) // len(shown)))
    limits = _limits(estimate, n, interval, cap)
    return replace(estimate, limits=limits, extra=_extra(estimate, n, level, cap))


def _shown_levels(design: SurveyDesign, name: str, found: Indices, levels: pd.Index[Any]) -> Indices:
    """Return the codes of the levels to show: yes of a flag, all of a category, else those that are there."""
    dtype = design.data[name].dtype
    if pd.api.types.is_bool_dtype(dtype):
        return np.array([1], dtype=np.intp)
    if isinstance(dtype, pd.CategoricalDtype):
        return np.arange(len(levels), dtype=np.intp)
    return np.unique(found)


def _share(known: KnownRows, has: Any) -> Quantity:
    with np.errstate(invalid="ignore"):
        weight = known.totals(known.weights)
        share = known.totals(known.weights * has) / weight
    return Quantity(known, share, known.weights * (has - share[known.groups]) / weight[known.groups])


def _limits(estimate: Estimate, n: Floats, interval: Interval, cap: bool) -> Limits:
    if interval == "logit":
        return partial(logit_limits, estimate.values, estimate.se, estimate.df)
    return partial(korn_graubard_limits, estimate.values, estimate.se, n, estimate.df, cap)


def _extra(estimate: Estimate, n: Floats, level: pd.Index[Any], cap: bool) -> pd.DataFrame:
    judged = _judged(estimate, n)
    return pd.DataFrame({
        "level": level,
        "n": n.astype(np.int64),
        "n_effective": effective_size(estimate.values, estimate.se, n, cap),
        "reliability": [each.flag for each in judged],
        "reasons": [each.reasons for each in judged],
    })  # fmt: skip


def _judged(estimate: Estimate, n: Floats) -> Sequence[Reliability]:
    share, se = estimate.values, estimate.se
    low, high = korn_graubard_limits(share, se, n, estimate.df, True, 0.95)
    size = effective_size(share, se, n, cap=True)
    return [presentation_standard(*map(float, row)) for row in zip(share, n, size, low, high, estimate.df, strict=True)]
