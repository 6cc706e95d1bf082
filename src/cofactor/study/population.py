"""Who is in: the population of a study as a mask, and the flow that led to it."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from cofactor.errors import StudyError
from cofactor.study.definition import Outcome, Step
from cofactor.survey.expression import evaluate

Mask = NDArray[np.bool_]


def population_flow(frame: pd.DataFrame, steps: tuple[Step, ...], event: str) -> tuple[Mask, pd.DataFrame]:
    """Apply the steps in order; return the mask and one row a step.

    Columns: step, condition, people, weighted, deaths (of those left), left_false, left_unknown (of those who left at
    this step, those for whom the condition is false and those for whom it is unknown). The first row is everyone.
    Raises StudyError where a step leaves nobody.
    """
    mask = np.ones(len(frame), dtype=bool)
    weights = frame["analysis_weight"].to_numpy(dtype=float)
    died = frame[event].fillna(False).to_numpy(dtype=bool)
    rows = [_flow_row("everyone in the files of these cycles", "", mask, weights, died, 0, 0)]
    for step in steps:
        answer = evaluate(step.condition, frame)
        unknown = mask & answer.isna().to_numpy()
        false = mask & ~unknown & ~answer.fillna(False).to_numpy(dtype=bool)
        mask = mask & ~unknown & ~false
        if not mask.any():
            raise StudyError(f"the population step {step.words!r} ({step.condition}) leaves nobody")
        rows.append(_flow_row(step.words, step.condition, mask, weights, died, int(false.sum()), int(unknown.sum())))
    zero = mask & (weights == 0)
    mask = mask & (weights > 0)
    rows.append(_flow_row("with a positive analysis weight", "", mask, weights, died, int(zero.sum()), 0))
    return mask, pd.DataFrame(rows)


def _flow_row(
    words: str, condition: str, mask: Mask, weights: NDArray[np.float64], died: Mask, false: int, unknown: int
) -> dict[str, object]:
    return {
        "step": words,
        "condition": condition,
        "people": int(mask.sum()),
        "weighted": float(weights[mask].sum()),
        "deaths": int(died[mask].sum()),
        "left_false": false,
        "left_unknown": unknown,
    }


def outcome_columns(frame: pd.DataFrame, outcome: Outcome) -> tuple[dict[str, pd.Series], Mask]:
    """Return the time, event and (where entry is delayed) entry columns of an outcome, and who is ever at risk.

    Times are months since `origin` (0 unless age is the time scale). A person whose follow-up ends at or before
    `start` was never at risk.
    """
    follow_up = frame[outcome.time].astype(float)
    event = frame[outcome.event].astype("boolean")
    at_risk = ~(follow_up <= outcome.start).to_numpy()
    end = follow_up
    if outcome.stop is not None:
        event = event & (follow_up <= outcome.stop)
        end = follow_up.clip(upper=outcome.stop)
    origin = frame[outcome.origin].astype(float) if outcome.origin else pd.Series(0.0, index=frame.index)
    columns = {f"time_{outcome.name}": origin + end, f"event_{outcome.name}": event}
    if outcome.origin or outcome.start > 0:
        columns[f"entry_{outcome.name}"] = origin + outcome.start
    return columns, at_risk


def known_rows(frame: pd.DataFrame, names: tuple[str, ...]) -> Mask:
    """Return where every named column is known."""
    return frame[list(names)].notna().to_numpy().all(axis=1)
