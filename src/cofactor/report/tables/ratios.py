"""Hazard ratios: sets side by side, one row an analysis, causes side by side."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import pandas as pd

from cofactor.report import format as shown
from cofactor.report.labels import Labels
from cofactor.report.tables.basis import basis_of
from cofactor.report.tables.model import Column, Row, Table
from cofactor.study import ModelResult, StudyResult


def same_question(result: StudyResult, base: ModelResult) -> list[ModelResult]:
    """Return the models with the exposure terms, outcome and subset of `base`, in the order of the adjustment sets.

    Within a set, the model on the common rows comes first.
    """
    order = [adjustment.name for adjustment in result.study.adjustments]
    found = [
        item
        for item in result.models.values()
        if item.model.group != "trust"
        and (item.model.terms, item.model.outcome, item.model.subset)
        == (base.model.terms, base.model.outcome, base.model.subset)
    ]
    return sorted(found, key=lambda item: (item.model.rows != "common", order.index(item.model.adjustment)))


def sets_table(result: StudyResult, base: ModelResult, labels: Labels) -> Table:
    """Return the hazard ratios of a model in every adjustment set, side by side, with what each stands on below."""
    models = same_question(result, base)
    columns = tuple(
        Column(
            result.study.adjustment(item.model.adjustment).label,
            "one set of rows, complete on all" if item.model.rows == "common" else "all rows that the model can use",
        )
        for item in models
    )
    return Table(
        f"sets_{base.model.name}",
        base.model.label,
        "hazard ratio (95% interval)",
        columns,
        (*_rows(result, base, models, labels), *stands_on(models)),
        basis_of(result, models),
        _notes(base),
    )


def _rows(result: StudyResult, base: ModelResult, models: Sequence[ModelResult], labels: Labels) -> list[Row]:
    """One row a coefficient; with a product and comparisons, these replace the main terms.

    A main term beside a product holds where the other exposure is 0, which for a number may be far from anybody.
    """
    terms = list(base.hazard_ratios["term"])
    products = [term for term in terms if ":" in term]
    rows = []
    if products and len(base.comparisons):
        asked = result.study.headline
        lead = f"{asked.exposure}, " if base.model.terms == result.study.model(asked.model).terms else ""
        for label in base.comparisons["term"]:
            rows.append(Row(f"{lead}{label}", tuple(_cell(item.comparisons, label) for item in models)))
        terms = products
    rows += [
        Row(labels.term(term), tuple(_cell(item.hazard_ratios, term) for item in models), strong=term in products)
        for term in terms
    ]
    return rows


def _notes(base: ModelResult) -> tuple[str, ...]:
    if not any(":" in term for term in base.hazard_ratios["term"]):
        return ()
    notes = "The row with “×” is a ratio of hazard ratios: 1 means that neither changes what goes with the other."
    if not len(base.comparisons):
        notes += " A row without “×” holds where the other exposure is “no”, or 0."
    return (notes,)


def stands_on(models: Sequence[ModelResult]) -> list[Row]:
    """Return the rows below a table of models: people, events, degrees of freedom."""
    return [
        Row("people", tuple(shown.count(item.people) for item in models)),
        Row("events", tuple(shown.count(item.events) for item in models)),
        Row("degrees of freedom", tuple(shown.degrees(item.fit.df) for item in models)),
    ]


def _cell(table: pd.DataFrame, term: str) -> str:
    if not len(table):
        return shown.UNKNOWN
    found = table.loc[table["term"] == term]
    return ratio_cell(found.iloc[0]) if len(found) else shown.UNKNOWN


def ratio_cell(row: pd.Series) -> str:
    """Return a hazard ratio with its interval."""
    return shown.interval(row["hazard_ratio"], row["ratio_low"], row["ratio_high"])


def product_rows(item: ModelResult) -> pd.DataFrame:
    """Return the rows of a model's hazard ratios that are products of exposure and modifier."""
    return item.hazard_ratios[item.hazard_ratios["term"].str.contains(":", regex=False)]


def analyses_table(
    result: StudyResult,
    models: Sequence[ModelResult],
    labels: Labels,
    *,
    name: str,
    title: str,
    notes: Iterable[str] = (),
) -> Table:
    """Return one row an analysis: the ratio of hazard ratios, its p-value, and what it stands on."""
    rows: list[Row] = []
    for item in models:
        products = product_rows(item)
        if len(products) != 1:
            rows.append(Row(item.model.label))
        for _, product in products.iterrows():
            header = item.model.label if len(products) == 1 else labels.level(str(product["term"]))
            cells = (
                ratio_cell(product),
                shown.p_value(product["p"]),
                shown.count(item.people),
                shown.count(item.events),
                shown.degrees(product["df"]),
            )
            rows.append(Row(header, cells, indent=len(products) > 1, strong=item.model.group == "primary"))
    columns = (Column("ratio (95% interval)"), Column("p"), Column("people"), Column("events"), Column("df"))
    return Table(name, title, "analysis", columns, tuple(rows), basis_of(result, models), tuple(notes))


def causes_table(result: StudyResult, base: ModelResult, labels: Labels) -> Table | None:
    """Return a model's hazard ratios for all causes and for each cause, side by side; None where there is one alone."""
    others = [
        item
        for item in result.models.values()
        if item.model.group == "causes"
        and (item.model.terms, item.model.adjustment) == (base.model.terms, base.model.adjustment)
    ]
    if not others:
        return None
    models = [base, *others]
    return Table(
        f"causes_{base.model.name}",
        base.model.label,
        "hazard ratio (95% interval)",
        tuple(Column(result.study.outcome(item.model.outcome).label) for item in models),
        (*_rows(result, base, models, labels), *stands_on(models)),
        basis_of(result, models),
        (*_notes(base), "Cause-specific hazards: a death from another cause ends the follow-up."),
    )


def wald_table(
    result: StudyResult, models: Sequence[ModelResult], *, name: str, title: str, notes: Iterable[str] = ()
) -> Table:
    """Return the joint Wald tests of models, one row each."""
    rows = [
        Row(
            item.model.label,
            (
                str(test["label"]),
                shown.significant(test["f"]),
                f"{shown.degrees(test['df1'])}, {shown.degrees(test['df2'])}",
                shown.p_value(test["p"]),
                shown.count(item.people),
                shown.count(item.events),
            ),
        )
        for item in models
        for test in item.tests.to_dict("records")
    ]
    columns = (
        Column("test", words=True),
        Column("F"),
        Column("df"),
        Column("p"),
        Column("people"),
        Column("events"),
    )
    return Table(name, title, "model", columns, tuple(rows), basis_of(result, models), tuple(notes))


def is_variation(result: StudyResult, item: ModelResult) -> bool:
    """Return whether an earlier model of the study asks the same with another adjustment set or other rows."""
    first = next(iter(same_in_any_order(result, item)))
    return first.model.name != item.model.name


def same_in_any_order(result: StudyResult, base: ModelResult) -> list[ModelResult]:
    """Return the models that ask what `base` asks, in the order of the study."""
    names = {item.model.name for item in same_question(result, base)}
    return [item for item in result.models.values() if item.model.name in names] or [base]


def companions_table(result: StudyResult, labels: Labels) -> Table:
    """Return the primary product beside its pre-specified companions: one test each, and the ratio where it is one."""
    asked = result.study.headline
    names = dict.fromkeys((asked.model, asked.additive_model, *asked.companions, asked.picture_model))
    models = [result.models[name] for name in names]
    rows = [_companion(result, item) for item in models]
    columns = (
        Column("ratio of hazard ratios (95% interval)"),
        Column("Wald F"),
        Column("terms"),
        Column("p"),
        Column("people"),
        Column("events"),
    )
    return Table(
        "companions",
        "The interaction, asked in every way fixed beforehand",
        "question",
        columns,
        tuple(rows),
        basis_of(result, models),
        (
            "All are shown, whichever way they go. The units differ from line to line: compare signs and p-values, not"
            " sizes.",
        ),
    )


def _companion(result: StudyResult, item: ModelResult) -> Row:
    asked = result.study.headline
    products = product_rows(item)
    test = item.tests.iloc[-1] if len(item.tests) else None
    single = products.iloc[0] if len(products) == 1 else None
    p = test["p"] if test is not None else None if single is None else single["p"]
    cells = (
        shown.UNKNOWN if single is None else ratio_cell(single),
        shown.UNKNOWN if test is None else shown.significant(test["f"]),
        shown.degrees(None if test is None else test["df1"]),
        shown.p_value(p),
        shown.count(item.people),
        shown.count(item.events),
    )
    header = asked.picture if item.model.name == asked.picture_model else item.model.label
    return Row(header, cells, strong=item.model.name == asked.model)


def trust_table(result: StudyResult, labels: Labels) -> Table:
    """Return the hazard ratios behind the figure of trust: one row a step, one column an exposure."""
    models = [item for item in result.models.values() if item.model.group == "trust"]
    terms = list(dict.fromkeys(term for item in models for term in item.hazard_ratios["term"]))
    rows = tuple(
        Row(
            item.model.label,
            (
                *(_cell(item.hazard_ratios, term) for term in terms),
                shown.count(item.people),
                shown.count(item.events),
            ),
        )
        for item in models
    )
    columns = (*(Column(labels.term(term)) for term in terms), Column("people"), Column("events"))
    return Table(
        "trust",
        "How the hazard ratio changes",
        "step",
        columns,
        rows,
        basis_of(result, models),
        ("Both exposures stand in one model, without their product; the last columns say on whom.",),
    )
