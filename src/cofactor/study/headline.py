"""The first screen: the numbers that answer the question, and the words that they allow."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np
import pandas as pd

from cofactor.study.result import ModelResult, StudyResult

POWER_FACTOR = 1.96 + 0.84
"""Standard errors that an effect must span to be found at 5% with a power of 80%."""

MINIMUM_DF = 12
MINIMUM_EVENTS = 50


def headline(result: StudyResult) -> dict[str, Any]:
    """Return the numbers and sentences of the first screen, as plain data."""
    asked = result.study.headline
    primary = result.models[asked.model]
    ratio = _row(primary.hazard_ratios, asked.term)
    se = float(ratio["se"])
    events = primary.events
    verdict = verdict_of(
        float(ratio["estimate"]),
        float(ratio["low"]),
        float(ratio["high"]),
        asked.margin,
        float(ratio["df"]),
        events,
    )
    numbers = {
        "primary": {
            **_ratio(ratio),
            "se": se,
            "df": float(ratio["df"]),
            "people": primary.people,
            "events": events,
        },
        "within": [{"label": label, **_ratio(_row(primary.comparisons, label))} for label in (asked.high, asked.low)],
        "additive": _additive(result.models[asked.additive_model]),
        "picture": {
            "label": asked.picture,
            **_ratio(_row(result.models[asked.picture_model].hazard_ratios, asked.picture_term)),
        },
        "detectable": [float(np.exp(-POWER_FACTOR * se)), float(np.exp(POWER_FACTOR * se))],
        "companions": [_companion(result.models[name]) for name in asked.companions],
        "sets": _across(result, ("sets",)),
        "sensitivities": _across(result, ("sensitivity",)),
        "other_units": _other_units(result),
        "additive_sensitivities": [
            {"label": item.model.label, **_additive(item)}
            for item in result.models.values()
            if item.model.group == "sensitivity of RERI"
        ],
        "variants": [
            {"name": name, "label": variant.study.title, **variant.headline["primary"]}
            for name, variant in result.variants.items()
        ],
        "verdict": verdict,
    }
    return {**numbers, "answer": _answer(result, numbers), "limits": list(result.study.limits)}


def verdict_of(estimate: float, low: float, high: float, margin: float, df: float, events: int) -> str:
    """Return "uninformative", "higher", "lower", "small" or "open" for a log ratio and its interval.

    uninformative: fewer than 12 degrees of freedom or 50 events, or an interval wider than four margins. higher, lower:
    the interval excludes no difference. small: it includes it and lies within the margin. open: everything else.
    """
    edge = abs(float(np.log(margin)))
    if df < MINIMUM_DF or events < MINIMUM_EVENTS or (high - low) / 2 > 2 * edge:
        return "uninformative"
    if low > 0:
        return "higher"
    if high < 0:
        return "lower"
    return "small" if -edge < low and high < edge else "open"


def _row(table: pd.DataFrame, term: str) -> pd.Series:
    return table.loc[table["term"] == term].iloc[0]


def _ratio(row: pd.Series) -> dict[str, float]:
    return {
        "ratio": float(row["hazard_ratio"]),
        "low": float(row["ratio_low"]),
        "high": float(row["ratio_high"]),
        "p": float(row["p"]),
    }


def _additive(result: ModelResult) -> dict[str, float]:
    assert result.additive is not None
    row = _row(result.additive, "RERI")
    share = _row(result.additive, "AP")
    return {
        "reri": float(row["estimate"]),
        "low": float(row["low"]),
        "high": float(row["high"]),
        "p": float(row["p"]),
        "ap": float(share["estimate"]),
    }


def _companion(result: ModelResult) -> dict[str, Any]:
    """The p-value of a companion's joint test, or of its one product term."""
    if len(result.tests):
        test = result.tests.iloc[-1]
        return {
            "label": result.model.label,
            "test": test["label"],
            "p": float(test["p"]),
            "df1": float(test["df1"]),
        }
    row = result.hazard_ratios.iloc[-1]
    return {"label": result.model.label, "test": str(row["term"]), **_ratio(row), "df1": 1.0}


def _across(result: StudyResult, groups: Iterable[str]) -> list[dict[str, Any]]:
    """The ratio that the headline asks for, in each model of these groups that has it in the same units."""
    rows = []
    for item in result.models.values():
        term = item.model.product or result.study.headline.term
        if item.model.group in groups and (item.hazard_ratios["term"] == term).any():
            rows.append(
                {
                    "name": item.model.name,
                    "label": item.model.label,
                    "people": item.people,
                    "events": item.events,
                    **_ratio(_row(item.hazard_ratios, term)),
                }
            )
    return rows


def _other_units(result: StudyResult) -> list[dict[str, Any]]:
    """Sensitivity analyses that ask the question in other units: their tests."""
    rows = []
    for item in result.models.values():
        term = item.model.product or result.study.headline.term
        if item.model.group == "sensitivity" and not (item.hazard_ratios["term"] == term).any():
            rows.append({"label": item.model.label, "p": float(item.tests["p"].iloc[-1])})
    return rows


SENTENCES = {
    "uninformative": "These data are too thin to say whether the two depend on each other",
    "higher": "The hazard ratio of {exposure} was higher (nearer to harm) {high} than {low}",
    "lower": "The hazard ratio of {exposure} was lower (nearer to benefit) {high} than {low}",
    "small": "The hazard ratio of {exposure} was nearly the same {high} and {low}, as far as intakes told from one or"
    " two days can show",
    "open": "These data neither show nor exclude that the hazard ratio of {exposure} differs between people {high}"
    " and people {low}",
}


def _answer(result: StudyResult, numbers: dict[str, Any]) -> list[str]:
    """Sentences of association, whichever way they go: the first one answers."""
    asked = result.study.headline
    primary, (high, low) = numbers["primary"], numbers["within"]
    first = SENTENCES[numbers["verdict"]].format(exposure=asked.exposure, high=asked.high, low=asked.low)
    sentences = [
        f"{first}: ratio of the two hazard ratios {_interval(primary)}, {p_words(primary['p'])}"
        f" ({primary['people']:,} people, {primary['events']:,} deaths).",
        _allowed(primary, asked.high, asked.low),
        f"Hazard ratio of {asked.exposure}: {_interval(high)} {asked.high}, {_interval(low)} {asked.low}.",
    ]
    additive = numbers["additive"]
    sentences.append(
        f"On the additive scale, the excess of the two deficits together over their sum (RERI) was"
        f" {_additive_words(additive)}, {p_words(additive['p'])}."
        + "".join(f" {item['label']}: {_additive_words(item)}." for item in numbers["additive_sensitivities"])
    )
    picture = numbers["picture"]
    sentences.append(f"{picture['label']}: ratio of hazard ratios {_interval(picture)}.")
    weakest, strongest = numbers["detectable"]
    sentences.append(
        f"With a power of 80%, these data could have shown a ratio below {weakest:.2f} or above {strongest:.2f};"
        " a weaker interaction would mostly have been missed."
    )
    sentences.extend(_stability(numbers))
    return sentences


def _stability(numbers: dict[str, Any]) -> list[str]:
    variants = numbers["sensitivities"]
    if not variants:
        return []
    ratios = [item["ratio"] for item in variants]
    excluding = sum(item["low"] > 1 or item["high"] < 1 for item in variants)
    other = "".join(f" In other units: {item['label']}, {p_words(item['p'])}." for item in numbers["other_units"])
    count = {0: "none of their 95% intervals excludes", 1: "one of their 95% intervals excludes"}.get(
        excluding, f"{excluding} of their 95% intervals exclude"
    )
    return [
        f"Over {len(variants)} sensitivity analyses of this ratio it ran from {min(ratios):.2f} to {max(ratios):.2f};"
        f" {count} 1.{other}"
    ]


def _allowed(primary: dict[str, Any], high: str, low: str) -> str:
    ends = " to ".join(_percent(primary[end]) for end in ("low", "high"))
    return f"The interval allows a hazard ratio from {ends} {high} than {low}."


def _percent(ratio: float) -> str:
    return f"{abs(100 * (ratio - 1)):.0f}% {'lower' if ratio < 1 else 'higher'}"


def _additive_words(item: dict[str, Any]) -> str:
    return f"{item['reri']:.2f} (95% interval {item['low']:.2f} to {item['high']:.2f})"


def _interval(item: dict[str, Any]) -> str:
    return f"{item['ratio']:.2f} (95% interval {item['low']:.2f} to {item['high']:.2f})"


def p_words(p: float) -> str:
    """Return a p-value in words: two digits, and a bound below 0.001.

    >>> p_words(0.0423), p_words(0.00001)
    ('p = 0.042', 'p < 0.001')
    """
    if p < 0.001:
        return "p < 0.001"
    return f"p = {p:.2g}" if p < 0.1 else f"p = {p:.2f}"
