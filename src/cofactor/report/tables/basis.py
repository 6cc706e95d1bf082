"""What a table stands on: weight, cycles, people, events, degrees of freedom."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from cofactor.report.format import count, degrees
from cofactor.report.labels import labels_of
from cofactor.study import ModelResult, StudyResult


def weight_words(result: StudyResult, reason: str | None = None) -> str:
    """Return a weight in a few words: its label and how it is pooled, without the reason for its choice.

    The reason (of the result where none is given) reads "NAME: the smallest subsample ...; HOW IT IS POOLED"; another
    text is given as it is.
    """
    text = (result.weight_reason if reason is None else reason).strip().rstrip(".")
    name, chosen, _ = text.partition(": ")
    if not chosen or not name.isidentifier():
        own_words = "weight" in text.lower()
        return text[:1].upper() + text[1:] if own_words else f"Weight: {text or 'not told'}"
    _, _, pooled = text.partition("; ")
    label = labels_of(result.study).variable(name)
    return f"{label}, {pooled}" if pooled else label


def basis_of(result: StudyResult, models: Sequence[ModelResult]) -> str:
    """Return the line over a table: weight and cycles, and the people, events and df of the models that it shows."""
    weights = dict.fromkeys(weight_words(result, item.weight_reason or None) for item in models)
    return "; ".join(
        [
            " or ".join(weights),
            f"cycles {result.study.cycles}",
            f"n = {_range([item.people for item in models], count)}",
            f"events = {_range([item.events for item in models], count)}",
            f"df = {_range([item.fit.df for item in models], degrees)}",
        ]
    )


def _range(values: Sequence[float], words: Callable[[float], str]) -> str:
    low, high = min(values), max(values)
    return words(low) if low == high else f"{words(low)} to {words(high)}"


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
