"""Cumulative incidence of competing causes in groups of a design, with design-based intervals."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from cofactor.errors import FitError
from cofactor.models.aalen_johansen import IncidenceEstimate, aalen_johansen
from cofactor.models.at_risk import numbers_at_risk
from cofactor.models.causes import Causes, read_causes
from cofactor.models.follow_up import FollowUp, Roles, follow_up, read_roles
from cofactor.models.incidence import CumulativeIncidence, incidence_limits
from cofactor.survey.estimate import Estimate
from cofactor.survey.groups import By, column_of, groups_of

if TYPE_CHECKING:
    from cofactor.survey.design import SurveyDesign

Floats = npt.NDArray[np.float64]
Mask = npt.NDArray[np.bool_]
WHERE = "the cumulative incidence"
TERM = "cumulative_incidence"


@dataclass(frozen=True, eq=False)
class _Part:
    """One group: its rows (n,), its people, the causes of their events, its estimate, and the times asked."""

    rows: Mask
    people: FollowUp
    cause: npt.NDArray[np.intp]
    made: IncidenceEstimate
    times: Floats


def cumulative_incidence(
    design: SurveyDesign,
    *,
    time: str,
    event: str,
    cause: str,
    by: By = None,
    entry: str | None = None,
    times: Sequence[float] | float | None = None,
) -> CumulativeIncidence:
    r"""Estimate the risk of an event of each cause by each time, in the domain or in groups of it.

    The Aalen-Johansen estimate :math:`F_j(t) = \sum_{t_k \le t} S(t_k-) D_{jk}/Y_k`, with the weights of events of
    cause j and of those at risk, and the Kaplan-Meier estimate S of no event yet: the causes' incidences add up to
    1 - S. (1 - Kaplan-Meier of one cause, the others censored, is larger: the risk if nobody could die of the others.)
    The intervals are those of :math:`\log(-\log(1 - F))`, with t on the degrees of freedom of the group's PSUs.

    Parameters
    ----------
    design : SurveyDesign
    time, event : str
        Columns: time at exit, and whether an event of any cause happened then (a flag, or 0 and 1), as ``died``.
    cause : str
        Column of the cause, as ``cause_of_death``; it is read where the event happened alone. Events without a cause
        are a cause of their own, "cause unknown", and are counted in the notes: who died of an unknown cause can no
        longer die of a known one.
    by : str or sequence of str, optional
        Curves for each of their groups. Missing values form no group.
    entry : str, optional
        Column of the time of delayed entry: at risk at t when entry < t <= time. The incidence is then conditional on
        no event by the earliest entry.
    times : float or sequence of float, optional
        At which times; all times of exit of the group if not given. After the last exit the incidence is missing.

    Returns
    -------
    CumulativeIncidence

    Raises
    ------
    UnknownVariableError
        A column that the data do not have.
    FitError
        No event in any group; an event that is not 0 or 1; a time that is negative, 0, or not after the entry.
    DesignError
        Causes that are numbers with fractions; and see `cofactor.survey.weighted_mean`.

    Notes
    -----
    Aalen OO, Johansen S (1978), An empirical transition matrix for non-homogeneous Markov chains based on censored
    observations. Scandinavian Journal of Statistics 5:141-150, https://www.jstor.org/stable/4615704; for the influence
    see `cofactor.models.aalen_johansen`. Putter H, Fiocco M, Geskus RB (2007), doi:10.1002/sim.2712. R: ``survfit`` of
    a factor of states with the weights has the same incidences; its standard errors know no design.

    Examples
    --------
    >>> import pandas as pd
    >>> from cofactor.survey import SurveyDesign
    >>> people = pd.DataFrame({
    ...     "analysis_weight": 1.0, "strata": [1, 1, 2, 2], "psu": [1, 2, 1, 2], "months": [3, 6, 6, 9],
    ...     "died": [1, 1, 0, 1], "why": pd.Categorical(["heart", "cancer", None, "heart"])})
    >>> made = cumulative_incidence(SurveyDesign(people), time="months", event="died", cause="why", times=[3, 9])
    >>> made.table()[["why", "time", "cumulative_incidence", "at_risk"]]
          why  time  cumulative_incidence  at_risk
    0  cancer   3.0                  0.00        4
    1  cancer   9.0                  0.25        1
    2   heart   3.0                  0.25        4
    3   heart   9.0                  0.75        1
    """
    roles = read_roles(time, event, entry, None)
    causes = read_causes(design, event, cause, WHERE)
    known = ~np.any([column_of(design, name).isna().to_numpy() for name in roles.columns], axis=0)
    groups = groups_of(design, by)
    inside = known & (groups.codes >= 0)
    if not inside.any():
        raise FitError(f"{WHERE} has no row to stand on: {', '.join(roles.columns)} are never all known in the domain")
    everyone = follow_up(design, inside, roles, WHERE)
    present, codes = np.unique(causes.codes[inside & (causes.codes >= 0)]), groups.codes[inside]
    notes = [*groups.notes, *_notes(design, causes, known, inside, roles)]
    parts, labels = [], []
    for group in range(len(groups)):
        mine = codes == group
        if not mine.any():
            notes.append(f"nobody is known in the group {groups.name(group)}")
            continue
        rows = np.zeros(len(inside), dtype=bool)
        rows[np.flatnonzero(inside)[mine]] = True
        parts.append(_part(everyone, mine, rows, causes, present, design, times))
        labels.append(groups.labels.iloc[[group] * (len(present) * len(parts[-1].times))])
    found = [str(causes.names[code]) for code in present]
    names: pd.Categorical[Any] = pd.Categorical(found, found)
    return _result(design, parts, pd.concat(labels, ignore_index=True), names, cause, notes, roles, times is not None)


def _notes(design: SurveyDesign, causes: Causes, known: Mask, inside: Mask, roles: Roles) -> list[str]:
    notes = ["cumulative incidence by cause: the other causes compete, nobody is censored at them"]
    lost = int((~known & design.in_domain).sum())
    if lost:
        notes.append(f"{lost:,} rows of the domain lack {' or '.join(roles.columns)} and are left out")
    unknown = int((causes.unknown & inside).sum())
    if unknown:
        notes.append(f"events without a cause: {unknown:,}; they are a cause of their own, {causes.names[-1]!r}")
    return notes


def _part(
    everyone: FollowUp, mine: Mask, rows: Mask, causes: Causes, present: npt.NDArray[np.intp], design: SurveyDesign,
    times: Sequence[float] | float | None,
) -> _Part:  # fmt: skip
    entry = None if everyone.entry is None else everyone.entry[mine]
    people = FollowUp(everyone.exit[mine], everyone.event[mine], entry, None)
    at = np.unique(people.exit) if times is None else np.unique(np.atleast_1d(np.asarray(times, dtype=np.float64)))
    cause = np.where(people.event, np.searchsorted(present, causes.codes[rows]), -1)
    return _Part(rows, people, cause, aalen_johansen(people, cause, len(present), design.weights[rows]), at)


def _result(
    design: SurveyDesign, parts: list[_Part], labels: pd.DataFrame, names: pd.Categorical[Any], cause: str,
    notes: list[str], roles: Roles, comparable: bool,
) -> CumulativeIncidence:  # fmt: skip
    by, n_causes = tuple(labels.columns), len(names)
    repeats = np.array([n_causes * len(part.times) for part in parts])
    of = np.concatenate([np.repeat(np.arange(n_causes), len(part.times)) for part in parts])
    labels[cause] = names.take(of)
    labels["time"] = np.concatenate([np.tile(part.times, n_causes) for part in parts])
    labels["term"] = TERM
    values = np.concatenate([_values(part).ravel() for part in parts])
    if np.isnan(values).any():
        notes.append("after the last exit of a group its cumulative incidence is unknown: it is missing there")
    totals = np.hstack([
        part.made.psu_totals(design.psu_index[part.rows], design.n_psu, part.times) for part in parts
    ])  # fmt: skip
    df = np.repeat(np.array([design.degrees_of_freedom(part.rows) for part in parts], dtype=np.float64), repeats)
    held = np.repeat(np.stack([design.psus_holding(part.rows) for part in parts], axis=1), repeats, axis=1)
    estimate = Estimate(
        design=design, labels=labels, values=values, psu_totals=totals, df=df,
        influence_rows=partial(_influence, tuple(parts)), notes=tuple(notes), held=held,
        limits=partial(incidence_limits, design, values, totals, df, held),
    )  # fmt: skip
    counts = pd.concat([_counts(part, n_causes, design.weights[part.rows]) for part in parts], ignore_index=True)
    return CumulativeIncidence(estimate, counts, by, cause, roles, len(parts), comparable)


def _values(part: _Part) -> Floats:
    """Return the incidences at the times (J, R); missing after the last exit, unless nobody is left."""
    known = (part.times <= part.people.exit.max()) | (part.made.free.values[-1] == 0.0)
    return np.where(known, part.made.at(part.times), np.nan)


def _counts(part: _Part, n_causes: int, weights: Floats) -> pd.DataFrame:
    """Return the numbers at risk and of events of each cause, one row a cause and time."""
    p = part.people
    return pd.concat([
        numbers_at_risk(FollowUp(p.exit, p.event & (part.cause == j), p.entry, None), weights, part.times)
        for j in range(n_causes)
    ])  # fmt: skip


def _influence(parts: tuple[_Part, ...]) -> Floats:
    blocks = [(part.rows, part.made.influence(part.times)) for part in parts]
    made = np.zeros((len(parts[0].rows), sum(block.shape[1] for _, block in blocks)))
    start = 0
    for rows, block in blocks:
        made[rows, start : start + block.shape[1]] = block
        start += block.shape[1]
    return made
