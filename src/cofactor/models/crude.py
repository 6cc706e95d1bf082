"""Groups compared without a model: risks by some times, and mean time free of the event up to a time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import pandas as pd

from cofactor.errors import FitError
from cofactor.models.against_first import against_first
from cofactor.models.compared_risks import ComparedRisks
from cofactor.models.curves import Curve, kaplan_meier
from cofactor.models.log_log import risk_limits
from cofactor.survey.estimate import Estimate, linear

if TYPE_CHECKING:
    from cofactor.survey.design import SurveyDesign

Floats = npt.NDArray[np.float64]


def crude_risk(
    design: SurveyDesign, *, time: str, event: str, by: str, at: Sequence[float] | float, entry: str | None = None
) -> ComparedRisks:
    r"""Compare the Kaplan-Meier risks 1 - S(t) of groups at chosen times: differences, ratios and numbers needed.

    Parameters
    ----------
    design, time, event, entry
        As in `kaplan_meier`.
    by : str
        The groups; the first is the one that the others are compared with.
    at : float or sequence of float
        Times, in the unit of the follow-up.

    Returns
    -------
    ComparedRisks

    Raises
    ------
    FitError
        One group alone, or a time after a group's last exit.
    UnknownVariableError, DesignError
        As in `kaplan_meier`.

    Notes
    -----
    Crude: the groups differ in age and all else. `standardized_risk` is the same on one distribution of covariates.

    Examples
    --------
    >>> import pandas as pd
    >>> from cofactor.survey import SurveyDesign
    >>> people = pd.DataFrame({
    ...     "analysis_weight": 1.0, "strata": 1, "psu": [1, 1, 2, 2, 3, 3, 4, 4], "sex": ["f", "m"] * 4,
    ...     "months": [3, 6, 6, 9, 8, 2, 9, 9], "died": [1, 1, 0, 0, 0, 1, 0, 0]})
    >>> crude_risk(SurveyDesign(people), time="months", event="died", by="sex", at=6).differences.values.tolist()
    [0.25]
    """
    curve, groups = _by_group(design, time, event, by, entry, np.atleast_1d(np.asarray(at, dtype=np.float64)))
    k, n_times = len(curve.estimate.values), len(curve.estimate.values) // groups
    order = np.arange(k).reshape(groups, n_times).T.ravel()  # times outside, groups inside
    labels = curve.estimate.labels.iloc[order].reset_index(drop=True)
    labels["term"] = [f"{by} = {level}" for level in labels[by]]
    risks = replace(
        linear(curve.estimate, -np.eye(k)[order], list(labels["term"])), labels=labels,
        values=1.0 - curve.estimate.values[order], notes=curve.notes,
    )  # fmt: skip
    risks = replace(risks, limits=partial(risk_limits, risks.values, risks.se, risks.df))
    return ComparedRisks(risks, *against_first(risks, groups), None)


@dataclass(frozen=True, eq=False, repr=False)
class RestrictedMeans:
    """Restricted mean times of groups, and what compares them.

    Attributes
    ----------
    means : Estimate
        One row a group, in the unit of the follow-up; labels: the by-variable, term.
    differences, ratios : Estimate or None
        Each group against the first, ratios by their logarithm; None without groups.
    """

    means: Estimate
    differences: Estimate | None
    ratios: Estimate | None

    def table(self, level: float = 0.95) -> pd.DataFrame:
        """Return the means: one row a group, with term, estimate, se, low, high, df."""
        return self.means.table(level=level).drop(columns="p")

    def __repr__(self) -> str:
        """Return the means as text."""
        return repr(self.means)

    def _repr_html_(self) -> str:
        return self.means._repr_html_()


def rmst(
    design: SurveyDesign, *, time: str, event: str, until: float, by: str | None = None, entry: str | None = None
) -> RestrictedMeans:
    r"""Estimate the restricted mean survival time: the mean time free of the event up to a time.

    :math:`\int_0^\tau S(t)\,dt`, the area under the Kaplan-Meier curve; its influence is the like integral of the
    curve's.

    Parameters
    ----------
    design, time, event, entry
        As in `kaplan_meier`.
    until : float
        :math:`\tau`, in the unit of the follow-up.
    by : str, optional
        Groups; the first is the one that the others are compared with.

    Returns
    -------
    RestrictedMeans

    Raises
    ------
    FitError
        `until` is not positive, or after a group's last exit.
    UnknownVariableError, DesignError
        As in `kaplan_meier`.

    Notes
    -----
    With delayed entry, conditional on being alive at the earliest entry. Royston P, Parmar MKB (2013),
    doi:10.1186/1471-2288-13-152.

    Examples
    --------
    >>> import pandas as pd
    >>> from cofactor.survey import SurveyDesign
    >>> people = pd.DataFrame({
    ...     "analysis_weight": 1.0, "strata": [1, 1, 2, 2], "psu": [1, 2, 1, 2],
    ...     "months": [3, 6, 6, 9], "died": [1, 1, 0, 0]})
    >>> rmst(SurveyDesign(people), time="months", event="died", until=8).means.values.tolist()
    [6.25]
    """
    if not until > 0.0:
        raise FitError(f"until={until!r} is no time above 0")
    happened = design.data[event].eq(1).fillna(False).to_numpy(dtype=bool) & design.in_domain
    steps = np.unique(design.data.loc[happened, time].dropna().to_numpy(dtype=np.float64))
    steps = np.append(steps[steps < until], until)
    curve, groups = _by_group(design, time, event, by, entry, steps)
    widths = np.append(np.diff(steps), 0.0)  # S is constant from each step to the next, and 1 up to the first
    labels = curve.estimate.labels.iloc[:: len(steps)].drop(columns=["time"]).reset_index(drop=True)
    labels["term"] = ["restricted mean" if by is None else f"{by} = {level}" for level in labels[labels.columns[0]]]
    made = linear(curve.estimate, np.kron(np.eye(groups), widths), list(labels["term"]))
    means = replace(made, labels=labels, values=made.values + steps[0], notes=curve.notes)
    return RestrictedMeans(means, *(against_first(means, groups) if groups > 1 else (None, None)))


def _by_group(
    design: SurveyDesign, time: str, event: str, by: str | None, entry: str | None, times: Floats
) -> tuple[Curve, int]:
    """Return the curves of all groups at the same times, all known, and the number of groups."""
    curve = kaplan_meier(design, time=time, event=event, by=by, entry=entry, times=list(times))
    table = curve.table()
    groups = len(table) // len(np.unique(times))
    unknown = table[table["survival"].isna()]
    if len(unknown):
        who = "" if by is None else f" with {by} = {unknown[by].iloc[0]}"
        raise FitError(
            f"nobody{who} is followed up to {unknown['time'].iloc[0]:g} of {time!r}; ask for an earlier time"
        )
    if by is not None and groups < 2:
        raise FitError(f"{by!r} has one group in the domain: there is nothing to compare")
    return curve, groups
