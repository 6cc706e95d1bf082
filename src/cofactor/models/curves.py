"""Survival curves of groups of a design, with design-based intervals and the numbers at risk."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import pandas as pd

from cofactor.errors import FitError
from cofactor.models.follow_up import FollowUp, event_values, follow_up, read_roles
from cofactor.models.log_log import log_log_limits
from cofactor.models.product_limit import ProductLimit, product_limit
from cofactor.survey.estimate import Estimate
from cofactor.survey.groups import By, column_of, groups_of
from cofactor.survey.variance import covariance

if TYPE_CHECKING:
    from cofactor.survey.design import SurveyDesign

Floats = npt.NDArray[np.float64]
Mask = npt.NDArray[np.bool_]
WHERE = "the Kaplan-Meier curve"


@dataclass(frozen=True, eq=False, repr=False)
class Curve:
    """Kaplan-Meier curves of one or several groups of a design.

    Attributes
    ----------
    estimate : Estimate
        Survival at each time of each group, with the joint covariance of all of them; labels: the by-variables, time,
        term.
    counts : DataFrame (a row a value)
        at_risk and at_risk_weighted: just before the time; events and events_weighted: since the time before.
    by : tuple of str
    time, event, entry : str
        Columns of the follow-up; `entry` is None without delayed entry.
    """

    estimate: Estimate
    counts: pd.DataFrame
    by: tuple[str, ...]
    time: str
    event: str
    entry: str | None

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
        """Return one row a group and time: by-variables, time, survival, se, low, high, df, and the counts.

        The interval is the design-based one on the scale of log(-log S); it is missing where S is 1 or 0.
        """
        made = self.estimate.table(level=level).drop(columns=["term", "p"]).rename(columns={"estimate": "survival"})
        return pd.concat([made, self.counts], axis=1)

    def __repr__(self) -> str:
        """Return the table and the notes as text."""
        return "\n".join([self.table().to_string(index=False), *(f"note: {note}" for note in self.notes)])

    def _repr_html_(self) -> str:
        from html import escape

        notes = "".join(f"<p>note: {escape(note)}</p>" for note in self.notes)
        return str(self.table().to_html(index=False)) + notes


@dataclass(frozen=True, eq=False)
class _Part:
    """The curve of one group: its rows (n,), its estimate, and the times at which it is given."""

    rows: Mask
    people: FollowUp
    limit: ProductLimit
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
    roles = read_roles(time, event, entry, None)
    event_values(design.data, event, WHERE)
    known = ~np.any([column_of(design, name).isna().to_numpy() for name in roles.columns], axis=0)
    groups = groups_of(design, by)
    inside = known & (groups.codes >= 0)
    if not inside.any():
        raise FitError(f"{WHERE} has no row to stand on: {', '.join(roles.columns)} are never all known in the domain")
    everyone = follow_up(design, inside, roles, WHERE)
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
        parts.append(_part(everyone, mine, rows, design.weights[rows], times))
        labels.append(groups.labels.iloc[[group] * len(parts[-1].times)])
    return _curve(design, parts, pd.concat(labels, ignore_index=True), notes, roles.time, event, entry)


def _part(everyone: FollowUp, mine: Mask, rows: Mask, weights: Floats, times: Sequence[float] | None) -> _Part:
    people = FollowUp(
        everyone.exit[mine], everyone.event[mine], None if everyone.entry is None else everyone.entry[mine], None
    )
    at = np.unique(people.exit) if times is None else np.unique(np.asarray(times, dtype=np.float64))
    return _Part(rows, people, product_limit(people, weights), at)


def _curve(
    design: SurveyDesign, parts: list[_Part], labels: pd.DataFrame, notes: list[str], time: str, event: str,
    entry: str | None,
) -> Curve:  # fmt: skip
    by = tuple(labels.columns)
    labels = labels.assign(time=np.concatenate([part.times for part in parts]), term="survival")
    values = np.concatenate([_survival(part) for part in parts])
    totals = np.hstack([
        part.limit.psu_totals(design.psu_index[part.rows], design.n_psu, part.times) for part in parts
    ])  # fmt: skip
    df = np.repeat(
        np.array([design.degrees_of_freedom(part.rows) for part in parts], dtype=np.float64),
        [len(part.times) for part in parts],
    )
    held = np.hstack([np.tile(design.psus_holding(part.rows)[:, np.newaxis], len(part.times)) for part in parts])
    if np.isnan(values).any():
        notes.append("after the last exit of a group its survival is unknown: those values are missing")
    estimate = Estimate(
        design=design, labels=labels, values=values, psu_totals=totals, df=df,
        influence_rows=partial(_influence, tuple(parts)), notes=tuple(notes), held=held,
        limits=partial(_log_log_limits, design, values, totals, df, held),
    )  # fmt: skip
    counts = pd.concat([_counts(part, design.weights[part.rows]) for part in parts], ignore_index=True)
    return Curve(estimate, counts, by, time, event, entry)


def _survival(part: _Part) -> Floats:
    values = part.limit.survival[part.limit.positions(part.times)]
    return np.where((part.times <= part.people.exit.max()) | (values == 0.0), values, np.nan)


def _counts(part: _Part, weights: Floats) -> pd.DataFrame:
    """Return how many are at risk just before each time and die since the one before, in people and in weight."""
    people, times = part.people, part.times
    made: dict[str, npt.NDArray[np.generic]] = {}
    for suffix, w in (("", np.ones(len(weights))), ("_weighted", weights)):
        at_risk = _sum_from(people.exit, w, times)
        if people.entry is not None:
            at_risk = at_risk - _sum_from(people.entry, w, times)
        up_to = w[people.event].sum() - _sum_from(people.exit[people.event], w[people.event], times, "right")
        made["at_risk" + suffix], made["events" + suffix] = at_risk, np.diff(up_to, prepend=0.0)
    table = pd.DataFrame(made)[["at_risk", "at_risk_weighted", "events", "events_weighted"]]
    return table.astype({"at_risk": np.int64, "events": np.int64})


def _sum_from(at: Floats, weights: Floats, times: Floats, side: str = "left") -> Floats:
    """Return the weight of who is at or beyond each of the times; beyond it, with side "right"."""
    order = np.argsort(at, kind="stable")
    beyond = np.append(np.cumsum(weights[order][::-1])[::-1], 0.0)
    return beyond[np.searchsorted(at[order], times, side="left" if side == "left" else "right")]


def _influence(parts: tuple[_Part, ...]) -> Floats:
    made = np.zeros((len(parts[0].rows), sum(len(part.times) for part in parts)))
    start = 0
    for part in parts:
        made[part.rows, start : start + len(part.times)] = part.limit.influence(part.times)
        start += len(part.times)
    return made


def _standard_errors(design: SurveyDesign, totals: Floats, held: Mask) -> Floats:
    """Return standard errors (k,) some at a time: hundreds of times of a curve have a large joint covariance."""
    parts = [slice(start, start + 64) for start in range(0, totals.shape[1], 64)]
    variances = [np.diag(covariance(design, totals[:, part], rows=held[:, part])) for part in parts]
    return np.asarray(np.sqrt(np.concatenate(variances)))


def _log_log_limits(
    design: SurveyDesign, values: Floats, totals: Floats, df: Floats, held: Mask, level: float
) -> tuple[Floats, Floats]:
    return log_log_limits(values, _standard_errors(design, totals, held), df, level)
