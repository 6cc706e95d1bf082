"""E-values, beside what the measured confounders did."""

from __future__ import annotations

import pandas as pd

from cofactor.report import format as shown
from cofactor.report.labels import Labels
from cofactor.report.tables.basis import basis_of
from cofactor.report.tables.model import Column, Row, Table
from cofactor.study import StudyResult

PRIMARY = "the primary ratio of hazard ratios"


def e_value_table(result: StudyResult, labels: Labels) -> Table | None:
    """Return E-values of the primary ratio and the exposures, and of each step of adjustment; None without any."""
    found = result.e_values
    if not len(found):
        return None
    asked = [_asked(row, labels) for _, row in found[found["kind"] != "step"].iterrows()]
    moved = [_moved(result, row, labels) for _, row in found[found["kind"] == "step"].iterrows()]
    models = [result.models[name] for name in dict.fromkeys(found["model"])]
    return Table(
        "e_values",
        "How strong would an unmeasured confounder have to be?",
        "association",
        (Column("ratio (95% interval)"), Column("E-value"), Column("of the limit nearer to 1")),
        (*asked, Row("What the measured confounders moved, by the same measure"), *moved),
        basis_of(result, models),
        (
            "The E-value is the risk ratio that a confounder would need with both exposure and death, given all else in"
            " the model, to explain the ratio away (VanderWeele and Ding, 2017). It says what would be needed, not"
            " whether it is so, and is no support for anything: the lines below show what known confounders did.",
        ),
    )


def _asked(row: pd.Series, labels: Labels) -> Row:
    words = PRIMARY if row["kind"] == "interaction" else labels.term(row["term"])
    cells = (
        shown.interval(row["ratio"], row["low"], row["high"]),
        shown.significant(row["e_value"]),
        shown.significant(row["e_value_limit"]),
    )
    return Row(words, cells, strong=row["kind"] == "interaction")


def _moved(result: StudyResult, row: pd.Series, labels: Labels) -> Row:
    words = f"{result.models[row['model']].model.label}: {labels.term(row['term'])}"
    return Row(words, (shown.significant(row["ratio"]), shown.significant(row["e_value"]), ""), indent=True)
