"""What a table stands on: weight, cycles, people, events, degrees of freedom."""

from __future__ import annotations

from collections.abc import Sequence

from cofactor.report.format import count, degrees
from cofactor.study import ModelResult, StudyResult


def weight_words(result: StudyResult) -> str:
    """Return the weight in a few words: its reason up to the first stop."""
    reason = result.weight_reason.strip()
    for stop in ("; ", ". ", ": because", ", because"):
        reason = reason.split(stop)[0]
    return reason.rstrip(".") or "the weight of the frame that was given"


def basis_of(result: StudyResult, models: Sequence[ModelResult] = ()) -> str:
    """Return the line over a table: weight and cycles, and the people, events and df of the models that it shows."""
    parts = [f"Weight: {weight_words(result)}", f"cycles {result.study.cycles}"]
    if models:
        parts.append(f"n = {_range([model.fit.counts.n_used for model in models])}")
        events = [model.fit.counts.events for model in models]
        parts.append(f"events = {_range([event for event in events if event is not None])}")
        parts.append(f"df = {_df([float(model.fit.estimate.df[0]) for model in models])}")
    return "; ".join(parts)


def _range(values: Sequence[int]) -> str:
    low, high = min(values), max(values)
    return count(low) if low == high else f"{count(low)} to {count(high)}"


def _df(values: Sequence[float]) -> str:
    low, high = min(values), max(values)
    return degrees(low) if low == high else f"{degrees(low)} to {degrees(high)}"


def population_basis(result: StudyResult) -> str:
    """Return the line over a descriptive table: weight, cycles, and the population's people and deaths."""
    last = result.flow.iloc[-1]
    return "; ".join(
        [
            f"Weight: {weight_words(result)}",
            f"cycles {result.study.cycles}",
            f"n = {count(last['people'])}",
            f"deaths = {count(last['deaths'])}",
        ]
    )
