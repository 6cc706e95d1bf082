"""Checks of the models, and where the numbers come from."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import Any

from cofactor.report import format as shown
from cofactor.report.inputs import inputs_of
from cofactor.report.labels import Labels
from cofactor.report.tables.basis import basis_of
from cofactor.report.tables.model import Column, Row, Table
from cofactor.study import ModelResult, StudyResult


def proportional_hazards_table(result: StudyResult, item: ModelResult, labels: Labels) -> Table | None:
    """Return the design-based test of proportional hazards of a model, one row a term; None where none was asked."""
    tests = item.proportional_hazards
    if tests is None:
        return None
    rows = tuple(
        Row(
            labels.formula_term(str(row["term"])),
            (
                shown.significant(row["f"]),
                f"{shown.degrees(row['df1'])}, {shown.degrees(row['df2'])}",
                shown.p_value(row["p"]),
            ),
            strong=str(row["term"]).lower() in ("global", "all", "all terms"),
        )
        for row in tests.to_dict("records")
    )
    return Table(
        f"proportional_hazards_{item.model.name}",
        f"Proportional hazards: {item.model.label}",
        "term",
        (Column("F"), Column("df"), Column("p")),
        rows,
        basis_of(result, [item]),
        (
            "A design-based Wald test of the product of each term with a function of time. A small p-value says that"
            " the hazard ratio changes over the follow-up, and that the one given is an average over it.",
        ),
    )


def diagnostics_tables(result: StudyResult, item: ModelResult, labels: Labels) -> tuple[Table, ...]:
    """Return design effect, effective people and events: of the exposure's coefficients, and folded of the others."""
    table = item.diagnostics
    if table is None:
        return ()
    exposure = table["term"].isin(item.hazard_ratios["term"])
    note = (
        "Design effect: the design-based variance over the one that takes the weights for counts. The naive standard"
        " error is shown for that comparison, never for inference."
    )
    first = Table(
        f"diagnostics_{item.model.name}",
        f"What the design costs: {item.model.label}",
        "coefficient",
        _DIAGNOSTICS,
        tuple(_diagnostic(row, labels) for row in table[exposure].to_dict("records")),
        basis_of(result, [item]),
        (note,),
    )
    others = tuple(_diagnostic(row, labels) for row in table[~exposure].to_dict("records"))
    title = "What the design costs: the covariates of that model"
    return (
        first,
        dataclasses.replace(first, name=f"{first.name}_covariates", title=title, rows=others, notes=(), folded=True),
    )


_DIAGNOSTICS = (
    Column("design-based", "standard error"),
    Column("naive", "standard error"),
    Column("design effect"),
    Column("effective people"),
    Column("all", "events"),
    Column("effective", "events"),
)


def _diagnostic(row: Mapping[Any, Any], labels: Labels) -> Row:
    return Row(
        labels.term(str(row["term"])),
        (
            shown.significant(row["se"]),
            shown.significant(row["naive_se"]),
            shown.significant(row["design_effect"]),
            shown.count(row["n_effective"]),
            shown.count(row["events"]),
            shown.count(row["events_effective"]),
        ),
    )


def models_table(result: StudyResult) -> Table:
    """Return every model of the study: outcome, adjustment, rows, people, events, df, notes."""
    rows = tuple(
        Row(
            str(row["label"]),
            (
                str(row["outcome"]),
                str(row["adjustment"]),
                "common" if row["rows"] == "common" else "own",
                str(row["subset"]) or shown.UNKNOWN,
                shown.count(row["n_used"]),
                shown.count(row["events"]),
                shown.degrees(row["df"]),
                str(row["notes"]) or shown.UNKNOWN,
            ),
        )
        for row in result.model_list().to_dict("records")
    )
    columns = (
        Column("outcome", words=True),
        Column("adjustment", words=True),
        Column("rows", words=True),
        Column("subset", words=True),
        Column("people"),
        Column("events"),
        Column("df"),
        Column("notes", words=True),
    )
    return Table(
        "models",
        f"Every model that was fitted ({len(rows)})",
        "model",
        columns,
        rows,
        basis_of(result, list(result.models.values())),
        ("Their formulas stand in tables/models.csv, every coefficient that was read in tables/hazard_ratios.csv.",),
        folded=True,
    )


def run_table(result: StudyResult) -> Table:
    """Return what made the page: study, program, libraries, options, times."""
    made: Mapping[str, Any] = result.provenance.get("wasGeneratedBy", {})
    libraries = ", ".join(f"{name} {version}" for name, version in made.get("libraries", {}).items())
    options = ", ".join(f"{name}: {value}" for name, value in result.provenance.get("options", {}).items())
    lines = (
        ("study", f"{result.study.name}, hash {result.study.hash}"),
        ("cycles", result.study.cycles),
        ("weight", result.weight_reason),
        (
            "cofactor",
            f"version {made.get('cofactor', shown.UNKNOWN)}, revision {made.get('revision') or 'not from a checkout'}",
        ),
        ("Python", f"{made.get('python', shown.UNKNOWN)} on {made.get('platform', shown.UNKNOWN)}"),
        ("libraries", libraries or shown.UNKNOWN),
        ("options", options or shown.UNKNOWN),
        ("started, finished (UTC)", f"{made.get('started', shown.UNKNOWN)}, {made.get('finished', shown.UNKNOWN)}"),
    )
    rows = tuple(Row(name, (value,)) for name, value in lines)
    return Table("run", "What made this page", "part", (Column("what", words=True),), rows)


def inputs_table(result: StudyResult) -> Table:
    """Return every input file with the hash of its bytes and how it was verified."""
    rows = tuple(
        Row(
            str(item.get("file", "")),
            (str(item.get("status", "")), str(item.get("published") or shown.UNKNOWN), str(item.get("sha256", ""))),
        )
        for item in inputs_of(result)
    )
    columns = (Column("verified by", words=True), Column("published", words=True), Column("SHA-256", words=True))
    return Table(
        "inputs",
        f"Input files ({len(rows)})",
        "file",
        columns,
        rows,
        "",
        (
            "bytes: the file is CDC's to the byte. content: another container with the same content, by fingerprint."
            " accepted: it differs and was accepted. unverified: neither is known. synthetic: made up.",
        ),
        folded=True,
    )
