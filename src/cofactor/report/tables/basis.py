"""What a table stands on: weight, cycles, people, events, degrees of freedom."""

from __future__ import annotations

from collections.abc import Sequence

from cofactor.report.format import count, degrees
from cofactor.report.labels import labels_of
from cofactor.study import ModelResult, StudyResult


def weight_words(result: StudyResult) -> str:
    """Return the weight in a few words: its label and how it is pooled, without the reason for its choice.

    The reason reads "NAME: the smallest subsample ...; HOW IT IS POOLED"; another text is given as it is.
    """
    reason = result.weight_reason.strip().rstrip(".")
    name, chosen, _ = reason.partition(": ")
    if not chosen or not name.isidentifier():
        return f"Weight: {reason}" if reason else "Weight of the frame that was given"
    _, _, pooled = reason.partition("; ")
    label = labels_of(result.study).variable(name)
    return f"{label}, {pooled}" if pooled else label


def basis_of(result: StudyResult, models: Sequence[ModelResult] = ()) -> str:
    """Return the line over a table: weight and cycles, and the people, events and df of the models that it shows."""
    parts = [weight_words(result), f"cycles {result.study.cycles}"]
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
            weight_words(result),
            f"cycles {result.study.cycles}",
            f"n = {count(last['people'])}",
            f"deaths = {count(last['deaths'])}",
        ]
    )
