"""The table of an interaction that Knol and VanderWeele (2012) recommend: cells, effects within strata, both scales."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from cofactor.display import framed_html
from cofactor.models.contrast import contrast
from cofactor.models.fit import Fit
from cofactor.models.formula import response_values
from cofactor.models.interaction import check_product, check_scale, reri
from cofactor.models.levels import Levels, levels_of

Floats = npt.NDArray[np.float64]
_NUMBERS = ["estimate", "se", "low", "high", "p", "df"]


@dataclass(frozen=True, eq=False)
class InteractionTable:
    """An interaction as Knol and VanderWeele lay it out; every estimate but RERI and AP is a ratio.

    Attributes
    ----------
    exposure, modifier : str
    cells : DataFrame
        One row a pair of levels: exposure, modifier, n, events, weighted_share (of the rows used), and the ratio
        against the one reference cell (estimate 1 there) with se of its logarithm, low, high, p, df.
    within_modifier : DataFrame
        The ratio of each exposure level against the reference level, within every level of the modifier.
    within_exposure : DataFrame
        The ratio of each modifier level against the reference level, within every level of the exposure.
    measures : DataFrame
        RERI, AP, S and the multiplicative interaction for every pair of other levels.
    adjusted_for : tuple of str
        The other variables of the model.
    notes : tuple of str
    """

    exposure: str
    modifier: str
    cells: pd.DataFrame
    within_modifier: pd.DataFrame
    within_exposure: pd.DataFrame
    measures: pd.DataFrame
    adjusted_for: tuple[str, ...]
    notes: tuple[str, ...]

    def table(self) -> pd.DataFrame:
        """Return all parts in one tidy frame: part, exposure, modifier, term, the estimate's columns, and counts."""
        parts = {
            "cell": self.cells.assign(term="ratio against the reference cell"),
            "exposure within modifier": self.within_modifier,
            "modifier within exposure": self.within_exposure,
            "interaction": self.measures,
        }
        order = ["part", "exposure", "modifier", "term", *_NUMBERS, "n", "events", "weighted_share"]
        frames = [frame.reindex(columns=order[1:]).assign(part=part) for part, frame in parts.items()]
        columns = {name: [value for frame in frames for value in frame[name]] for name in order}
        return pd.DataFrame(columns)

    def __repr__(self) -> str:
        """Return the four parts as text."""
        notes = "".join(f"\nnote: {note}" for note in self.notes)
        return f"Interaction of {self.exposure} and {self.modifier}\n{self.table().to_string(index=False)}{notes}"

    def _repr_html_(self) -> str:
        columns = list(dict.fromkeys(self.cells["modifier"]))
        cell = {(row.exposure, row.modifier): _html_cell(row) for row in self.cells.itertuples()}
        inner = _by_pair(self.within_modifier, "exposure", "modifier")
        outer = _by_pair(self.within_exposure, "exposure", "modifier")
        exposures = list(dict.fromkeys(self.cells["exposure"]))
        others = columns[1:]
        head = "".join(f"<th scope='col'>{escape(f'{self.modifier}: {y}')}</th>" for y in columns)
        head += "".join(f"<th scope='col'>{escape(f'{y} against {columns[0]}')}</th>" for y in others)
        lines = [
            _html_row(f"{self.exposure}: {x}", [cell[x, y] for y in columns] + [outer[x, y] for y in others])
            for x in exposures
        ]
        lines += [
            _html_row(f"{x} against {exposures[0]}", [inner[x, y] for y in columns] + [""] * len(others))
            for x in exposures[1:]
        ]
        measures = "".join(
            f"<li>{escape(f'{row.exposure}, {row.modifier}: {row.term}')} {_interval(row)}</li>"
            for row in self.measures.itertuples()
        )
        foot = f"Adjusted for {', '.join(self.adjusted_for) or 'nothing'}. " + " ".join(f"{n}." for n in self.notes)
        inside = f"<thead><tr><td></td>{head}</tr></thead><tbody>{''.join(lines)}</tbody>"
        table = framed_html(inside, caption=f"Interaction of {self.exposure} and {self.modifier}")
        return f"{table}<ul>{measures}</ul><p>{escape(foot)}</p>"


def interaction_table(
    fit: Fit,
    exposure: str,
    modifier: str,
    *,
    exposure_levels: Sequence[Any] | None = None,
    modifier_levels: Sequence[Any] | None = None,
    at: Mapping[str, Any] | None = None,
    level: float = 0.95,
) -> InteractionTable:
    """Lay out an interaction as Knol and VanderWeele (2012) recommend.

    Parameters
    ----------
    fit, exposure, modifier, exposure_levels, modifier_levels, at
        As `reri` takes them.
    level : float
        Coverage of the intervals.

    Returns
    -------
    InteractionTable

    Raises
    ------
    FitError, UnknownVariableError
        As `reri`.

    Notes
    -----
    Knol MJ, VanderWeele TJ (2012), Recommendations for presenting analyses of effect modification and interaction.
    International Journal of Epidemiology 41:514-520. doi:10.1093/ije/dyr218

    Examples
    --------
    >>> import numpy as np, pandas as pd
    >>> from cofactor.models import fit_glm
    >>> from cofactor.survey import SurveyDesign
    >>> a, b, psu = np.meshgrid([0, 1], [0, 1], range(10), indexing="ij")
    >>> data = pd.DataFrame({
    ...     "analysis_weight": 1.0, "strata": psu.ravel() // 2, "psu": psu.ravel() % 2, "a": a.ravel(), "b": b.ravel(),
    ...     "y": 1.0 + a.ravel() + b.ravel() + a.ravel() * b.ravel()})
    >>> made = interaction_table(fit_glm(SurveyDesign(data), "y ~ a * b", family="poisson"), "a", "b")
    >>> made.cells["estimate"].round(6).tolist()
    [1.0, 2.0, 2.0, 4.0]
    """
    check_scale(fit)
    e, m = levels_of(fit, exposure, exposure_levels), levels_of(fit, modifier, modifier_levels)
    check_product(fit, exposure, modifier)
    more = dict(at or {})
    measured = reri(fit, exposure, modifier, exposure_levels=e.all, modifier_levels=m.all, at=more)
    return InteractionTable(
        exposure=exposure,
        modifier=modifier,
        cells=_cells(fit, e, m, more, level),
        within_modifier=_within(fit, e, m, more, level, exposure_moves=True),
        within_exposure=_within(fit, m, e, more, level, exposure_moves=False),
        measures=measured.table(level=level),
        adjusted_for=tuple(name for name in fit.spec.variables if name not in (exposure, modifier, *more)),
        notes=tuple(note for note in measured.notes if note not in fit.notes),
    )


def _cells(fit: Fit, e: Levels, m: Levels, at: Mapping[str, Any], level: float) -> pd.DataFrame:
    pairs = [(x, y) for x in e.all for y in m.all]
    high = {e.variable: [x for x, _ in pairs[1:]], m.variable: [y for _, y in pairs[1:]], **at}
    ratios = contrast(fit, high, {e.variable: e.reference, m.variable: m.reference, **at})
    numbers = ratios.table(level=level, exponentiate=True)[_NUMBERS]
    reference = pd.DataFrame({name: [{"estimate": 1.0, "se": 0.0}.get(name, np.nan)] for name in _NUMBERS})
    counts = pd.DataFrame([_count(fit, e, m, x, y) for x, y in pairs])
    labels = pd.DataFrame({"exposure": [x for x, _ in pairs], "modifier": [y for _, y in pairs]})
    return pd.concat([labels, counts, pd.concat([reference, numbers], ignore_index=True)], axis=1)


def _count(fit: Fit, e: Levels, m: Levels, x: Any, y: Any) -> dict[str, float]:
    """Return rows, events and the share of the weight of one cell; missing where a variable is continuous."""
    if e.continuous or m.continuous:
        return {"n": np.nan, "events": np.nan, "weighted_share": np.nan}
    data, weights = fit.design.data, fit.design.weights
    inside = fit.used_rows.copy()
    for variable, wanted in ((e.variable, x), (m.variable, y)):
        inside &= np.asarray((data[variable] == wanted).fillna(False), dtype=bool)
    events = _events(fit)
    return {
        "n": int(inside.sum()),
        "events": np.nan if events is None else int((events[inside] == 1.0).sum()),
        "weighted_share": float(weights[inside].sum() / weights[fit.used_rows].sum()),
    }


def _events(fit: Fit) -> Floats | None:
    if fit.counts.events is None:
        return None
    column = fit.outcome.get("event")
    if column is None:
        return response_values(fit.spec.parsed, fit.design.data, fit.used_rows)
    return np.asarray(fit.design.data[column].to_numpy(dtype=np.float64, na_value=np.nan))


def _within(
    fit: Fit, moving: Levels, fixed: Levels, at: Mapping[str, Any], level: float, *, exposure_moves: bool
) -> pd.DataFrame:
    """Return the ratio of each other level of `moving` against its reference, within every level of `fixed`."""
    pairs = [(x, y) for y in fixed.all for x in moving.others]
    stays = {fixed.variable: [y for _, y in pairs], **at}
    ratios = contrast(
        fit, {moving.variable: [x for x, _ in pairs], **stays}, {moving.variable: moving.reference, **stays}
    )
    table = ratios.table(level=level, exponentiate=True)
    moved, held = [x for x, _ in pairs], [y for _, y in pairs]
    labels = {"exposure": moved, "modifier": held} if exposure_moves else {"exposure": held, "modifier": moved}
    return pd.concat([pd.DataFrame(labels), table[["term", *_NUMBERS]]], axis=1)


def _by_pair(frame: pd.DataFrame, first: str, second: str) -> dict[tuple[Any, Any], str]:
    return {(a, b): _interval(row) for a, b, row in zip(frame[first], frame[second], frame.itertuples(), strict=True)}


def _html_row(label: str, cells: list[str]) -> str:
    return f"<tr><th scope='row'>{escape(label)}</th>{''.join(f'<td>{cell}</td>' for cell in cells)}</tr>"


def _html_cell(row: Any) -> str:
    counts = "" if np.isnan(row.n) else f"<br>n {row.n:,.0f}"
    if not np.isnan(row.events):
        counts += f", events {row.events:,.0f}"
    return ("1 (reference)" if np.isnan(row.low) else _interval(row)) + counts


def _interval(row: Any) -> str:
    p = "p &lt; 0.001" if row.p < 0.001 else f"p = {row.p:.2g}"
    return f"{row.estimate:.2f} ({row.low:.2f} to {row.high:.2f}), {p}"
