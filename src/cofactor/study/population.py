"""Who is in: the population of a study as a mask, and the flow that led to it."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from cofactor.errors import StudyError
from cofactor.study.definition import Study
from cofactor.study.parts import Outcome, Step
from cofactor.survey import SurveyDesign
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
    at_risk: Mask = np.asarray(~(follow_up <= outcome.start), dtype=bool)
    end = follow_up
    if outcome.stop is not None:
        event = event & (follow_up <= outcome.stop)
        end = follow_up.clip(upper=outcome.stop)
    origin = frame[outcome.origin].astype(float) if outcome.origin else pd.Series(0.0, index=frame.index)
    columns: dict[str, pd.Series] = {f"time_{outcome.name}": origin + end, f"event_{outcome.name}": event}
    if outcome.origin or outcome.start > 0:
        columns[f"entry_{outcome.name}"] = origin + outcome.start
    return columns, at_risk


def known_rows(frame: pd.DataFrame, names: tuple[str, ...]) -> Mask:
    """Return where every named column is known."""
    return np.asarray(frame[list(names)].notna().to_numpy().all(axis=1), dtype=bool)


def missing_table(design: SurveyDesign, study: Study, common: Mask) -> pd.DataFrame:
    """Return, per variable that complete rows need, how much of the population lacks it: people, share, deaths."""
    inside = design.in_domain
    died = design.data[study.outcomes[0].event].fillna(False).to_numpy(dtype=bool)
    weights = design.weights
    rows = []
    for name, lost in [
        *((name, inside & design.data[name].isna().to_numpy()) for name in study.complete_on),
        ("any of these", inside & ~common),
    ]:
        rows.append(
            {
                "variable": name,
                "people": int(lost.sum()),
                "percent": 100.0 * lost.sum() / inside.sum(),
                "weighted_percent": 100.0 * weights[lost].sum() / weights[inside].sum(),
                "deaths": int((lost & died).sum()),
            }
        )
    return pd.DataFrame(rows)


def at_risk_by_cycle(design: SurveyDesign, outcome: Outcome, years: tuple[int, ...] = (0, 5, 10, 15)) -> pd.DataFrame:
    """Return how many of the population are still followed after some years, by cycle: cycle, years, people, deaths.

    deaths : deaths of those people from then on.
    """
    inside = design.in_domain
    months = design.data.loc[inside, f"time_{outcome.name}"].to_numpy(dtype=float)
    died = design.data.loc[inside, f"event_{outcome.name}"].fillna(False).to_numpy(dtype=bool)
    cycle = design.data.loc[inside, "cycle"].astype("str").to_numpy()
    rows = []
    for name in dict.fromkeys(sorted(cycle)):
        for year in years:
            followed = (cycle == name) & (months > 12 * year)
            rows.append(
                {"cycle": name, "years": year, "people": int(followed.sum()), "deaths": int((followed & died).sum())}
            )
    return pd.DataFrame(rows)


def counted(design: SurveyDesign, steps: tuple[Step, ...]) -> pd.DataFrame:
    """Return how many of the population meet each condition that a study wants counted: words, condition, people."""
    rows = [
        {
            "words": step.words,
            "condition": step.condition,
            "people": int(
                (evaluate(step.condition, design.data).fillna(False).to_numpy(dtype=bool) & design.in_domain).sum()
            ),
        }
        for step in steps
    ]
    return pd.DataFrame(rows, columns=["words", "condition", "people"])
