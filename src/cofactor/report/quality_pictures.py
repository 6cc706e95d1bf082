"""The pictures of the data-quality page, each with its words."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import pandas as pd

from cofactor.report import format as shown
from cofactor.report.content import Picture
from cofactor.report.figures import plot_breaks, plot_missingness, png
from cofactor.study.quality import DataQuality

ROWS = 60
"""Variables of one picture; more would be too tall for a screen."""


def missingness_pictures(quality: DataQuality, mark: str) -> tuple[Picture, ...]:
    """Return the pictures of missing values, so many variables a picture."""
    parts = list(_parts(quality.names))
    return tuple(_missingness(quality, names, _of(number, len(parts)), mark) for number, names in enumerate(parts))


def breaks_pictures(quality: DataQuality, mark: str) -> tuple[Picture, ...]:
    """Return the pictures of the variables with a notable step that is none by construction."""
    open_steps = quality.steps[~quality.steps["by_construction"]]
    names = list(dict.fromkeys(open_steps.loc[open_steps["notable"], "variable"]))
    parts = list(_parts(names))
    return tuple(_breaks(open_steps, quality, part, _of(number, len(parts)), mark) for number, part in enumerate(parts))


def _parts(names: Sequence[str]) -> Iterator[tuple[str, ...]]:
    """Cut names into pictures of nearly equal height."""
    pieces = -(-len(names) // ROWS)
    for piece in range(pieces):
        yield tuple(names[len(names) * piece // pieces : len(names) * (piece + 1) // pieces])


def _of(number: int, total: int) -> str:
    return f" ({number + 1} of {total})" if total > 1 else ""


def _missingness(quality: DataQuality, names: tuple[str, ...], which: str, mark: str) -> Picture:
    table = quality.counts[quality.counts["variable"].isin(names)]
    asked = table[table["asked"]]
    most = asked.sort_values("missing_weighted_share", ascending=False, kind="stable").head(3)
    worst = "; ".join(
        f"{row['variable']} in {row['cycle']}: {shown.percent(100 * row['missing_weighted_share'])}"
        for row in most.to_dict("records")
    )
    return Picture(
        f"missing_{names[0]}",
        f"Missing values by cycle{which}",
        f"Grid of {len(names)} variables, {names[0]} to {names[-1]}, by {len(quality.cycles)} cycles; the darker, the"
        f" larger the share missing; {int((~table['asked'].astype(bool)).sum())} cells are hatched because the cycle"
        f" does not have the variable. {f'Most is missing of {worst}.' if worst else 'No cycle has any of them.'}",
        "Weighted share missing of the people in the variable's reach: those with a row in its file, of the ages at"
        " which anybody has a value. It includes those whom a question before skipped, which is often an answer."
        " Hatched: the cycle does not have the variable. The table below has the numbers.",
        png(plot_missingness(table, quality.cycles), mark),
    )


def _breaks(steps: pd.DataFrame, quality: DataQuality, names: tuple[str, ...], which: str, mark: str) -> Picture:
    part = steps[steps["variable"].isin(names)]
    notable = part[part["notable"]]
    order = notable["step_sd"].abs().sort_values(ascending=False, kind="stable").index[:3]
    said = "; ".join(
        f"{row['variable']} to {row['to']}: {row['step_sd']:+.2f} SD" for row in notable.loc[order].to_dict("records")
    )
    return Picture(
        f"breaks_{names[0]}",
        f"Steps between neighbouring cycles{which}",
        f"Grid of {len(names)} variables, {names[0]} to {names[-1]}, by {len(quality.cycles) - 1} later cycles; orange"
        f" up, purple down. {len(notable)} steps are marked as notable, {int((~notable['explained']).sum())} of them"
        f" with an open ring because no change of method is known. Largest: {said}.",
        "Step from the cycle before that has the variable, adjusted for age and sex, in standard deviations (SD) of a"
        " person within a cycle. Dot: notable, and a known change of method lies between. Ring: notable, and none is"
        " known. A mark on a pale cell is of a change of spread. Variables without a notable step are not drawn.",
        png(plot_breaks(part, quality.cycles), mark),
    )
