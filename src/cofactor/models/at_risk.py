"""Numbers at risk beside a survival curve, in people and in weight."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pandas as pd

from cofactor.models.follow_up import FollowUp

Floats = npt.NDArray[np.float64]


def numbers_at_risk(people: FollowUp, weights: Floats, times: Floats) -> pd.DataFrame:
    """Return how many are at risk just before each time and die since the one before, in people and in weight.

    people : m people. weights : (m,). times : (R,), rising. The result has R rows: at_risk, at_risk_weighted, events,
    events_weighted.
    """
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
