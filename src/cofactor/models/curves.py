"""Survival and hazard curves of groups of a design, with design-based intervals and the numbers at risk."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Literal

import numpy as np
import numpy.typing as npt
import pandas as pd

from cofactor.display import notes_html, table_html
from cofactor.errors import FitError
from cofactor.models.at_risk import numbers_at_risk
from cofactor.models.follow_up import FollowUp, Roles, event_values, follow_up, read_roles
from cofactor.models.log_log import log_limits, log_log_limits
from cofactor.models.product_limit import StepEstimate, cumulative_hazard, product_limit
from cofactor.survey.estimate import Estimate
from cofactor.survey.groups import By, column_of, groups_of
from cofactor.survey.variance import standard_errors

if TYPE_CHECKING:
    from cofactor.survey.design import SurveyDesign

Floats = npt.NDArray[np.float64]
Mask = npt.NDArray[np.bool_]
Quantity = Literal["survival", "cumulative_hazard"]
WHERE = {"survival": "the Kaplan-Meier curve", "cumulative_hazard": "the Nelson-Aalen curve"}


@dataclass(frozen=True, eq=False, repr=False)
class Curve:
    """Curves of one or several groups of a design: survival (Kaplan-Meier) or cumulative hazard (Nelson-Aalen).

    Attributes
    ----------
    estimate : Estimate
        The value at each time of each group, with the joint covariance of all of them; labels: the by-variables, time,
        term.
    counts : DataFrame (a row a value)
        at_risk and at_risk_weighted: just before the time; events and events_weighted: since the time before.
    by : tuple of str
    time, event, entry : str
        Columns of the follow-up; `entry` is None without delayed entry.
    quantity : {"survival", "cumulative_hazard"}
    """

    estimate: Estimate
    counts: pd.DataFrame
    by: tuple[str, ...]
    time: str
    event: str
    entry: str | None
    quantity: Quantity = "survival"

    @property
    def design(self) -> SurveyDesign:
        """The design that the curves stand on."""
        return self.estimate.design

    @property
    def covariance(self) -> Floats:
        """Joint design covariance of all values, (k, k)."""
        return self.estimate.covariance

    @property
    def notes(self) -> tuple[str, ...]:
        """What was decided."""
        return self.estimate.notes

    def influence(self) -> Floats:
        """Return the weighted influence of each row on each value, (n, k), made on demand."""
        return self.estimate.influence()

    def table(self, level: float = 0.95) -> pd.DataFrame:
        """Return one row a group and time: by-variables, time, the quantity, se, low, high, df, and the counts.

        The interval is the design-based one on the scale of log(-log S), or of log H: missing where S is 1 or 0.
        """
        made = self.estimate.table(level=level).drop(columns=["term", "p"]).rename(columns={"estimate": self.quantity})
        return pd.concat([made, self.counts], axis=1)

    def __repr__(self) -> str:
        """Return the table and the notes as text."""
        return "\n".join([self.table().to_string(index=False), *(f"note: {note}" for note in self.notes)])

    def _repr_html_(self) -> str:
        caption = {"survival": "Survival", "cumulative_hazard": "Cumulative hazard"}[self.quantity]
        return table_html(self.table(), caption=caption, row_headers=len(self.by) + 1) + notes_html(self.notes)


@dataclass(frozen=True, eq=False)
class _Part:
    """The curve of one group: its rows (n,), its estimate, and the times at which it is given."""

    rows: Mask
    people: FollowUp
    limit: StepEstimate
    times: Floats


def kaplan_meier(
    design: SurveyDesign,
    *,
    time: str,
    event: str,
    by: By = None,
    entry: str | None = None,
    times: Sequence[float] | None = None,
) -> Curve:
    r"""Estimate survival in the domain, or in groups of it, with design-based intervals.

    :math:`S(t) = \prod_{t_k \le t} (1 - D_k/Y_k)` with the weights of deaths D and of those at risk Y. The intervals
    are :math:`S^{\exp(\pm t\, se / (S \log S))}`, with t on the degrees of freedom of the group's PSUs.

    Parameters
    ----------
    design : SurveyDesign
    time, event : str
        Columns: time at exit, and whether the event happened then (a flag, or 0 and 1).
    by : str or sequence of str, optional
        A curve for each of their groups. Missing values form no group.
    entry : str, optional
        Column of the time of delayed entry: at risk at t when entry < t <= time. Survival is then conditional on being
        alive at the earliest entry.
    times : sequence of float, optional
        At which times; all times of exit of the group if not given. After the last exit survival is missing.

    Returns
    -------
    Curve

    Raises
    ------
    UnknownVariableError
        A column that the data do not have.
    FitError
        No event in any group; an event that is not 0 or 1; a time that is negative, 0, or not after the entry.
    DesignError
        See `cofactor.survey.weighted_mean`.

    Notes
    -----
    Kaplan EL, Meier P (1958), doi:10.1080/01621459.1958.10501452. The influence is that of the weighted product-limit
    estimate; Williams RL (1995), Product-limit survival functions with correlated survival times. Lifetime Data
    Analysis 1:171-186. doi:10.1007/BF00985768. R's ``svykm(se = FALSE)`` has the same curve, ``svykm(se = TRUE)``
    exp(-cumulative hazard).

    Examples
    --------
    >>> import pandas as pd
    >>> from cofactor.survey import SurveyDesign
    >>> people = pd.DataFrame({
    ...     "analysis_weight": 1.0, "strata": [1, 1, 2, 2], "psu": [1, 2, 1, 2],
    ...     "months": [3, 6, 6, 9], "died": [1, 1, 0, 0]})
    >>> kaplan_meier(SurveyDesign(people), time="months", event="died").table()[["time", "survival", "at_risk"]]
       time  survival  at_risk
    0   3.0      0.75        4
    1   6.0      0.50        3
    2   9.0      0.50        1
    """
    return _curves(design, time, event, entry, by, times, "survival")


def nelson_aalen(
    design: SurveyDesign,
    *,
    time: str,
    event: str,
    by: By = None,
    entry: str | None = None,
    times: Sequence[float] | None = None,
) -> Curve:
    r"""Estimate the cumulative hazard in the domain, or in groups of it, with design-based intervals.

    :math:`H(t) = \sum_{t_k \le t} D_k/Y_k` with the weights of deaths D and of those at risk Y. The intervals are
    :math:`H \exp(\pm t\, se / H)`.

    Parameters
    ----------
    design, time, event, by, entry, times
        As in `kaplan_meier`.

    Returns
    -------
    Curve
        Its table has ``cumulative_hazard`` in the place of ``survival``.

    Raises
    ------
    UnknownVariableError, FitError, DesignError
        As in `kaplan_meier`.

    Notes
    -----
    Aalen O (1978), doi:10.1214/aos/1176344247. R: ``svykm(se = TRUE)``, which gives exp(-H) and the variance of H.

    Examples
    --------
    >>> import pandas as pd
    >>> from cofactor.survey import SurveyDesign
    >>> people = pd.DataFrame({
    ...     "analysis_weight": 1.0, "strata": [1, 1, 2, 2], "psu": [1, 2, 1, 2],
    ...     "months": [3, 6, 6, 9], "died": [1, 1, 0, 0]})
    >>> nelson_aalen(SurveyDesign(people), time="months", event="died").table()["cumulative_hazard"].round(3).tolist()
    [0.25, 0.583, 0.583]
    """
    return _curves(design, time, event, entry, by, times, "cumulative_hazard")


def _curves(
    design: SurveyDesign, time: str, event: str, entry: str | None, by: By, times: Sequence[float] | None,
    quantity: Quantity,
) -> Curve:  # fmt: skip
    where = WHERE[quantity]
    roles = read_roles(time, event, entry, None)
    event_values(design.data, event, where)
    known = ~np.any([column_of(design, name).isna().to_numpy() for name in roles.columns], axis=0)
    groups = groups_of(design, by)
    inside = known & (groups.codes >= 0)
    if not inside.any():
        raise FitError(f"{where} has no row to stand on: {', '.join(roles.columns)} are never all known in the domain")
    everyone = follow_up(design, inside, roles, where)
    codes = groups.codes[inside]
    parts, labels, notes = [], [], list(groups.notes)
    lost = int((~known & design.in_domain).sum())
    if lost:
        notes.append(f"{lost:,} rows of the domain lack {' or '.join(roles.columns)} and are left out")
    for group in range(len(groups)):
        mine = codes == group
        if not mine.any():
            notes.append(f"nobody is known in the group {groups.name(group)}")
            continue
        rows = np.zeros(len(inside), dtype=bool)
        rows[np.flatnonzero(inside)[mine]] = True
        parts.append(_part(everyone, mine, rows, design.weights[rows], times, quantity))
        labels.append(groups.labels.iloc[[group] * len(parts[-1].times)])
    return _curve(design, parts, pd.concat(labels, ignore_index=True), notes, Roles(time, event, entry), quantity)


def _part(
    everyone: FollowUp, mine: Mask, rows: Mask, weights: Floats, times: Sequence[float] | None, quantity: Quantity
) -> _Part:
    people = FollowUp(
        everyone.exit[mine], everyone.event[mine], None if everyone.entry is None else everyone.entry[mine], None
    )
    at = np.unique(people.exit) if times is None else np.unique(np.asarray(times, dtype=np.float64))
    estimator = product_limit if quantity == "survival" else cumulative_hazard
    return _Part(rows, people, estimator(people, weights), at)


def _curve(
    design: SurveyDesign, parts: list[_Part], labels: pd.DataFrame, notes: list[str], roles: Roles, quantity: Quantity
) -> Curve:
    by = tuple(labels.columns)
    labels = labels.assign(time=np.concatenate([part.times for part in parts]), term=quantity)
    values = np.concatenate([_values(part) for part in parts])
    totals = np.hstack([
        part.limit.psu_totals(design.psu_index[part.rows], design.n_psu, part.times) for part in parts
    ])  # fmt: skip
    df = np.repeat(
        np.array([design.degrees_of_freedom(part.rows) for part in parts], dtype=np.float64),
        [len(part.times) for part in parts],
    )
    held = np.hstack([np.tile(design.psus_holding(part.rows)[:, np.newaxis], len(part.times)) for part in parts])
    if np.isnan(values).any():
        notes.append(f"after the last exit of a group its {quantity.replace('_', ' ')} is unknown: it is missing there")
    estimate = Estimate(
        design=design, labels=labels, values=values, psu_totals=totals, df=df,
        influence_rows=partial(_influence, tuple(parts)), notes=tuple(notes), held=held,
        limits=partial(_limits, design, values, totals, df, held, quantity),
    )  # fmt: skip
    counts = pd.concat(
        [numbers_at_risk(part.people, design.weights[part.rows], part.times) for part in parts], ignore_index=True
    )
    return Curve(estimate, counts, by, roles.time, roles.event, roles.entry, quantity)


def _values(part: _Part) -> Floats:
    """Return the curve at the times; missing after the last exit, unless nobody survives."""
    values = part.limit.values[part.limit.positions(part.times)]
    ended = part.limit.scale[-1] == 0.0
    return np.where((part.times <= part.people.exit.max()) | ended, values, np.nan)


def _influence(parts: tuple[_Part, ...]) -> Floats:
    made = np.zeros((len(parts[0].rows), sum(len(part.times) for part in parts)))
    start = 0
    for part in parts:
        made[part.rows, start : start + len(part.times)] = part.limit.influence(part.times)
        start += len(part.times)
    return made


def _limits(
    design: SurveyDesign, values: Floats, totals: Floats, df: Floats, held: Mask, quantity: Quantity, level: float
) -> tuple[Floats, Floats]:
    se = standard_errors(design, totals, held)
    return (log_log_limits if quantity == "survival" else log_limits)(values, se, df, level)
