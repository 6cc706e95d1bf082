"""Both exposures together: the layout of Knol and VanderWeele (2012), and the measures on both scales."""

from __future__ import annotations

from typing import Any

import pandas as pd

from cofactor.models import InteractionTable
from cofactor.report import format as shown
from cofactor.report.labels import Labels
from cofactor.report.tables.basis import basis_of
from cofactor.report.tables.model import Column, Row, Table
from cofactor.report.tables.ratios import same_question
from cofactor.study import ModelResult, StudyResult

MEASURES = {
    "RERI": "RERI (excess of both together over the sum of each)",
    "AP": "AP (that excess as a share of the joint ratio)",
    "S": "S (synergy index)",
    "multiplicative": "ratio of hazard ratios (multiplicative scale)",
}
SHORT = {"multiplicative": "ratio of hazard ratios"}

MEASURES_NOTE = (
    "RERI and AP are 0, S and the ratio of hazard ratios are 1, where there is no interaction on their scale. Intervals"
    " by the delta method on the design-based covariance; those of S and of the ratio on the logarithm. “–”: not"
    " defined, since an excess is not positive."
)


def joint_table(result: StudyResult, item: ModelResult, labels: Labels) -> Table | None:
    """Return the joint categories of a model against one reference, and what goes with each exposure within the other.

    Knol MJ, VanderWeele TJ (2012), doi:10.1093/ije/dyr218.
    """
    found = item.interaction
    if found is None:
        return None
    exposures, modifiers = _levels(found, "exposure"), _levels(found, "modifier")
    columns = [
        Column(title, _group(labels, found.exposure, level))
        for level in exposures
        for title in ("deaths / others", "hazard ratio (95% interval), p")
    ]
    within = f"{labels.variable(found.exposure)} within the row"
    columns += [Column(f"{_word(level)} against {_word(exposures[0])}", within) for level in exposures[1:]]
    rows = [Row(labels.variable(found.modifier))]
    for modifier in modifiers:
        cells = [text for exposure in exposures for text in _cell(found.cells, exposure, modifier)]
        cells += [_effect(found.within_modifier, exposure, modifier) for exposure in exposures[1:]]
        rows.append(Row(_word(modifier), tuple(cells), indent=True))
    rows.append(Row(f"{labels.variable(found.modifier)}, within the column"))
    rows += [_modifier_row(found, modifier, exposures, modifiers[0]) for modifier in modifiers[1:]]
    return Table(
        f"joint_{item.model.name}",
        f"Joint categories: {item.model.label}",
        "",
        tuple(columns),
        tuple(rows),
        basis_of(result, [item]),
        _notes(result, item, labels),
    )


def _levels(found: InteractionTable, side: str) -> list[Any]:
    return list(dict.fromkeys(found.cells[side]))


def _word(level: Any) -> str:
    return {"True": "yes", "False": "no"}.get(str(level), str(level))


def _group(labels: Labels, name: str, level: Any) -> str:
    return f"{labels.variable(name)}: {_word(level)}"


def _at(frame: pd.DataFrame, exposure: Any, modifier: Any) -> pd.Series:
    rows: list[pd.Series] = [
        row for _, row in frame.iterrows() if (row["exposure"], row["modifier"]) == (exposure, modifier)
    ]
    return rows[0]


def _cell(cells: pd.DataFrame, exposure: Any, modifier: Any) -> tuple[str, str]:
    row = _at(cells, exposure, modifier)
    counts = f"{shown.count(row['events'])} / {shown.count(row['n'] - row['events'])}"
    return counts, _ratio(row)


def _ratio(row: pd.Series) -> str:
    if not shown.known(row["low"]):
        return "1 (reference)"
    return f"{shown.interval(row['estimate'], row['low'], row['high'])}, {shown.p_value(row['p'])}"


def _effect(frame: pd.DataFrame, exposure: Any, modifier: Any) -> str:
    return _ratio(_at(frame, exposure, modifier))


def _modifier_row(found: InteractionTable, modifier: Any, exposures: list[Any], reference: Any) -> Row:
    cells: list[str] = []
    for exposure in exposures:
        cells += ["", _effect(found.within_exposure, exposure, modifier)]
    return Row(f"{_word(modifier)} against {_word(reference)}", (*cells, *("" for _ in exposures[1:])), indent=True)


def _notes(result: StudyResult, item: ModelResult, labels: Labels) -> tuple[str, ...]:
    covariates = "; ".join(c.words for c in result.study.adjustment(item.model.adjustment).covariates)
    found = item.interaction
    notes = [f"{note[:1].upper()}{note[1:]}." for note in (found.notes if found else ())]
    names = {name: labels.variable(name) for name in (found.exposure, found.modifier)} if found else {}
    for name, label in names.items():
        notes = [note.replace(f"{name} = ", f"{label}: ") for note in notes]
    notes = [note.replace(": True", ": yes").replace(": False", ": no") for note in notes]
    return (f"Adjusted for: {covariates or 'nothing'}.", *notes)


def measures_table(result: StudyResult, item: ModelResult, labels: Labels) -> Table | None:
    """Return RERI, AP, S and the multiplicative product of a model, for each pair of levels."""
    found, additive = item.interaction, item.additive
    if found is None or additive is None:
        return None
    pairs = list(dict.fromkeys(zip(additive["exposure"], additive["modifier"], strict=True)))
    title = f"Interaction on both scales: {item.model.label}"
    basis = basis_of(result, [item])
    name = f"measures_{item.model.name}"
    if len(pairs) == 1:
        rows = [_measure_row(row) for _, row in additive.iterrows()]
        columns = [Column("estimate (95% interval)"), Column("p")]
        return Table(name, title, "measure", tuple(columns), tuple(rows), basis, (MEASURES_NOTE,))
    terms = list(dict.fromkeys(additive["term"]))
    columns = [Column(f"{SHORT.get(term, term)} (95% interval)") for term in terms]
    rows = [_pair_row(found, additive, pair, terms, labels) for pair in pairs]
    return Table(name, title, "pair of levels", tuple(columns), tuple(rows), basis, (MEASURES_NOTE,))


def _measure_row(row: pd.Series) -> Row:
    estimate = shown.interval(row["estimate"], row["low"], row["high"])
    return Row(MEASURES.get(str(row["term"]), str(row["term"])), (estimate, shown.p_value(row["p"])))


def _pair_row(
    found: InteractionTable, additive: pd.DataFrame, pair: tuple[Any, Any], terms: list[str], labels: Labels
) -> Row:
    exposure, modifier = pair
    part = additive[(additive["exposure"] == exposure) & (additive["modifier"] == modifier)].set_index("term")
    cells = tuple(_interval_at(part, term) for term in terms)
    header = (
        f"{labels.variable(found.exposure)}: {_word(exposure)}; {labels.variable(found.modifier)}: {_word(modifier)}"
    )
    return Row(header, cells)


def _interval_at(by_term: pd.DataFrame, term: str) -> str:
    row = by_term.loc[[term]].iloc[0]
    return shown.interval(row["estimate"], row["low"], row["high"])


def measures_by_set_table(result: StudyResult, base: ModelResult) -> Table | None:
    """Return RERI of one pair of levels in every adjustment set; None for models of several pairs."""
    models = [item for item in same_question(result, base) if item.additive is not None]
    if len(models) < 2 or any(item.additive is None or len(item.additive) > len(MEASURES) for item in models):
        return None
    rows = []
    for item in models:
        assert item.additive is not None
        by_term = item.additive.set_index("term")
        cells = [_interval_at(by_term, term) for term in MEASURES if term in by_term.index]
        words = result.study.adjustment(item.model.adjustment).label
        words += "" if item.model.rows == "common" else ", all its rows"
        cells += [shown.count(item.people), shown.count(item.events)]
        rows.append(Row(words, tuple(cells), strong=item.model.name == base.model.name))
    terms = [term for term in MEASURES if base.additive is not None and term in set(base.additive["term"])]
    measured = [Column(f"{SHORT.get(term, term)} (95% interval)") for term in terms]
    columns = (*measured, Column("people"), Column("events"))
    return Table(
        f"measures_by_set_{base.model.name}",
        "Interaction on both scales in every adjustment set",
        "adjustment",
        columns,
        tuple(rows),
        basis_of(result, models),
    )


def reri_table(result: StudyResult) -> Table | None:
    """Return RERI of the headline's two deficits in the sensitivity analyses of it; None where there are none."""
    first = result.models[result.study.headline.additive_model]
    others = [item for item in result.models.values() if item.model.group == "sensitivity of RERI"]
    if not others:
        return None
    rows = [_reri_row(item, strong=item is first) for item in (first, *others)]
    columns = (Column("RERI (95% interval)"), Column("p"), Column("people"), Column("events"), Column("df"))
    title = "Sensitivity analyses of the additive interaction"
    notes = ("All were fixed beforehand and all are shown.",)
    return Table(
        "reri_sensitivities", title, "analysis", columns, tuple(rows), basis_of(result, [first, *others]), notes
    )


def _reri_row(item: ModelResult, *, strong: bool) -> Row:
    assert item.additive is not None
    row = item.additive.loc[item.additive["term"] == "RERI"].iloc[0]
    cells = (
        shown.interval(row["estimate"], row["low"], row["high"]),
        shown.p_value(row["p"]),
        shown.count(item.people),
        shown.count(item.events),
        shown.degrees(row["df"]),
    )
    return Row(item.model.label, cells, strong=strong)
