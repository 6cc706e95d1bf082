"""The pictures of a result, each with its words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from cofactor.report import format as shown
from cofactor.report.content import Picture
from cofactor.report.figures import (
    plot_curve,
    plot_forest,
    plot_strip,
    plot_surface,
    plot_surface_uncertainty,
    plot_survival,
    plot_trust,
    png,
    surface_alt,
)
from cofactor.report.figures.survival import survival_groups
from cofactor.report.labels import Labels
from cofactor.report.tables.ratios import product_rows, same_question
from cofactor.study import ModelResult, StudyResult


def strip_picture(result: StudyResult, mark: str) -> Picture:
    """Return the small chart of the first screen."""
    numbers = result.headline
    primary = numbers["primary"]
    others = [item["ratio"] for key in ("sets", "sensitivities", "variants") for item in numbers.get(key, ())]
    axes = plot_strip(
        primary["ratio"],
        primary["low"],
        primary["high"],
        others,
        margin=result.study.headline.margin,
        ends=("below 1: nearer to benefit", "above 1: nearer to harm"),
    )
    alt = f"Primary ratio of hazard ratios {_interval(primary)} on a logarithmic axis around 1."
    if others:
        alt += f" The {len(others)} other analyses of this ratio lie between {min(others):.2f} and {max(others):.2f}."
    caption = (
        "Diamond and bar: the primary ratio and its 95% interval. Shaded: too near 1 to matter"
        f" ({result.study.headline.margin:.2f} to {1 / result.study.headline.margin:.2f}). Small ticks: the same ratio"
        " in the other adjustment sets, sensitivity analyses and populations."
    )
    return Picture("strip", "The primary ratio", alt, caption, png(axes, mark))


def _interval(item: Mapping[str, Any]) -> str:
    return f"{item['ratio']:.2f} (95% interval {item['low']:.2f} to {item['high']:.2f})"


def _ratio(row: Mapping[Any, Any]) -> str:
    return shown.interval(row["ratio"], row["low"], row["high"])


def forest_picture(result: StudyResult, labels: Labels, mark: str) -> Picture:
    """Return the forest of the primary ratio: adjustment sets, sensitivities, other populations."""
    table = forest_rows(result, labels)
    axes = plot_forest(table, margin=result.study.headline.margin)
    said = [f"{row['label']}: {_ratio(row)}" for row in table.to_dict("records")]
    return Picture(
        "forest",
        "The primary ratio in every analysis",
        "Forest plot of ratios of hazard ratios with 95% intervals. " + "; ".join(said) + ".",
        f"Each line is the ratio of hazard ratios of {result.study.headline.exposure} {result.study.headline.high} over"
        f" {result.study.headline.low}, or the product that the line names. Shaded: too near 1 to matter. An arrow: the"
        " interval goes on.",
        png(axes, mark),
    )


def forest_rows(result: StudyResult, labels: Labels) -> pd.DataFrame:
    """Return label, group, ratio, low, high and main of every analysis of the primary ratio."""
    study = result.study
    primary = result.models[study.headline.model]
    rows: list[dict[str, Any]] = []
    for item in same_question(result, primary):
        is_main = item.model.name == study.headline.model
        words = study.adjustment(item.model.adjustment).label
        words += " (primary analysis)" if is_main else "" if item.model.rows == "common" else ", all its rows"
        rows += _ratio_rows(item, words, "Adjustment sets", labels, main=is_main)
    for item in result.models.values():
        if item.model.group == "sensitivity":
            rows += _ratio_rows(item, item.model.label, "Sensitivity analyses", labels)
    for variant in result.variants.values():
        other = variant.models[variant.study.headline.model]
        rows += _ratio_rows(other, variant.study.title, "Other populations", labels)
    return pd.DataFrame(rows)


def _ratio_rows(
    item: ModelResult, words: str, group: str, labels: Labels, *, main: bool = False
) -> list[dict[str, Any]]:
    products = product_rows(item)
    several = len(products) > 1
    return [
        {
            "label": f"{words}: {labels.level(str(row['term']))}" if several else words,
            "group": group,
            "ratio": float(row["hazard_ratio"]),
            "low": float(row["ratio_low"]),
            "high": float(row["ratio_high"]),
            "main": main,
        }
        for _, row in products.iterrows()
    ]


def curve_picture(result: StudyResult, item: ModelResult, labels: Labels, mark: str) -> Picture | None:
    """Return a model's dose-response curve; None where it has none."""
    asked, curve = item.model.curve, item.curve
    if asked is None or curve is None:
        return None
    table = curve.copy()
    if asked.modifier:
        table[asked.modifier] = [labels.yes_no(asked.modifier, str(level)) for level in table[asked.modifier]]
    points = result.cut_points[result.cut_points["of"] == asked.variable]["value"]
    axes = plot_curve(
        table, xlabel=labels.with_unit(asked.variable), by=asked.modifier, reference=asked.reference, marks=list(points)
    )
    return Picture(
        f"curve_{item.model.name}",
        item.model.label[:1].upper() + item.model.label[1:],
        _curve_alt(table, asked.modifier, labels.with_unit(asked.variable), asked.reference),
        f"Hazard ratio against {asked.reference:g}, with its pointwise 95% interval,"
        f" {result.study.adjustment(item.model.adjustment).label}; small ticks on the axis: knots."
        f" Where the interval is wide, the shape is not known.{_test_words(item)}",
        png(axes, mark),
    )


def surface_pictures(result: StudyResult, item: ModelResult, labels: Labels, mark: str) -> list[Picture]:
    """Return a model's surface over two numbers and how well it is known; none where it has none."""
    asked, table = item.model.surface, item.surface
    if asked is None or table is None:
        return []
    x, y = (labels.with_unit(name) for name in (asked.first, asked.second))
    against = " and ".join(f"{value:g}" for value in asked.reference)
    adjusted = result.study.adjustment(item.model.adjustment).label
    widest = (table["high"] / table["estimate"]).max()
    return [
        Picture(
            f"surface_{item.model.name}",
            item.model.label[:1].upper() + item.model.label[1:],
            surface_alt(table, names=(x, y), reference=asked.reference, what="hazard ratio"),
            f"Hazard ratio against {against}, {adjusted}.{_test_words(item)} Hatched: fewer than ten people near, where"
            " the shape is the model's and not the data's.",
            png(plot_surface(table, xlabel=x, ylabel=y, reference=asked.reference), mark),
        ),
        Picture(
            f"surface_{item.model.name}_uncertainty",
            "How well the surface is known",
            "Contours of the factor by which the 95% limits lie above and below the hazard ratio: largest,"
            f" {widest:.1f}, at the edges, and 1 at the reference by definition.",
            "The 95% limits are the hazard ratio times and divided by the factor on the line. Pointwise.",
            png(plot_surface_uncertainty(table, xlabel=x, ylabel=y, reference=asked.reference), mark),
        ),
    ]


def _test_words(item: ModelResult) -> str:
    """The joint test of whether the curves differ, so that nobody trusts their eye alone."""
    if not len(item.tests):
        return ""
    test = item.tests.iloc[-1]
    question = "Is it more than a sum of two curves?" if item.model.surface else "Do the curves differ?"
    return (
        f" {question} {test['label']}: Wald F = {shown.significant(test['f'])} on"
        f" {shown.degrees(test['df1'])} and {shown.degrees(test['df2'])} degrees of freedom, p {_p(test['p'])}."
    )


def _p(p: float) -> str:
    words = shown.p_value(p)
    return words if words[0] in "<>" else f"= {words}"


def _curve_alt(table: pd.DataFrame, by: str | None, name: str, reference: float) -> str:
    parts = []
    levels = [""] if by is None else list(dict.fromkeys(table[by]))
    for level in levels:
        part = table if by is None else table[table[by] == level]
        ends = [part.iloc[0], part.iloc[len(part) // 2], part.iloc[-1]]
        said = ", ".join(
            f"at {row['value']:.0f} {shown.interval(row['hazard_ratio'], row['ratio_low'], row['ratio_high'])}"
            for row in ends
        )
        parts.append(f"{level}: {said}" if level else said)
    return f"Curve of hazard ratios over {name}, reference {reference:g}. " + "; ".join(parts) + "."


def trust_picture(result: StudyResult, labels: Labels, mark: str) -> Picture | None:
    """Return the figure of trust: how the hazard ratios change with adjustment and selection."""
    rows = [
        {
            "label": item.model.label,
            "series": labels.term(str(row["term"])),
            "ratio": float(row["hazard_ratio"]),
            "low": float(row["ratio_low"]),
            "high": float(row["ratio_high"]),
        }
        for item in result.models.values()
        if item.model.group == "trust"
        for _, row in item.hazard_ratios.iterrows()
    ]
    if not rows:
        return None
    table = pd.DataFrame(rows)
    said = [f"{row['label']}, {row['series']}: {_ratio(row)}" for row in table.to_dict("records")]
    return Picture(
        "trust",
        "How the hazard ratio changes",
        "Hazard ratios with 95% intervals at each step. " + "; ".join(said) + ".",
        "From crude on, each step adds what it names; the last steps keep the adjustment and change the people or the"
        " time. Where a ratio moves with every step, what nobody measured may move it further.",
        png(plot_trust(table), mark),
    )


def survival_picture(result: StudyResult, labels: Labels, mark: str) -> Picture:
    """Return the crude Kaplan-Meier curves with the numbers at risk."""
    axes = plot_survival(result.curves)
    return Picture(
        "survival",
        f"Crude Kaplan-Meier curves by {labels.variable(result.study.groups)}",
        _survival_alt(result),
        "Crude: weighted for the sample, adjusted for nothing, so that age above all makes the curves differ. Shaded:"
        " pointwise 95% intervals. Numbers at risk are unweighted; the axis does not begin at 0.",
        png(axes, mark),
    )


def _survival_alt(result: StudyResult) -> str:
    said = []
    for name, part in survival_groups(result.curves, result.curves.table()):
        last = part.dropna(subset="survival").iloc[-1]
        said.append(f"{name}: {100 * last['survival']:.0f}% at {last['time'] / 12:.0f} years")
    return "Crude survival by group. At the end: " + "; ".join(said) + "."
