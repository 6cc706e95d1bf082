"""Estimates in every group at once: influence by row and group, added up to PSU totals without a loop over groups."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from cofactor.errors import DesignError
from cofactor.survey.design import freedom_of
from cofactor.survey.estimate import Estimate

if TYPE_CHECKING:
    from cofactor.survey.design import SurveyDesign
    from cofactor.survey.groups import Groups

Floats = npt.NDArray[np.float64]
Indices = npt.NDArray[np.intp]
Mask = npt.NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class KnownRows:
    """The m rows that are in a group and have the variable known.

    rows : (m,) positions in the data. groups : (m,) their groups. weights : (m,). counts : (K,) rows in each group.
    """

    rows: Indices
    groups: Indices
    weights: Floats
    counts: Indices

    def totals(self, values: Floats) -> Floats:
        """Return the sums of values (m,) in the K groups."""
        return np.bincount(self.groups, weights=values, minlength=len(self.counts)).astype(np.float64, copy=False)


def known_rows(design: SurveyDesign, groups: Groups, known: Mask, name: str) -> tuple[KnownRows, tuple[str, ...]]:
    """Return the rows of the groups that are known, and notes on those that are not.

    Raises DesignError where nobody is.
    """
    inside = groups.codes >= 0
    rows = np.flatnonzero(inside & known)
    if not len(rows):
        raise DesignError(f"{name!r} is missing for all {int(inside.sum()):,} rows of the domain")
    codes = groups.codes[rows]
    counts = np.bincount(codes, minlength=len(groups))
    missing = int(inside.sum()) - len(rows)
    notes = [f"{name} is missing for {missing:,} of {int(inside.sum()):,} rows"] if missing else []
    notes += [f"{name} is missing for everyone with {groups.name(int(k))}" for k in np.flatnonzero(counts == 0)]
    return KnownRows(rows, codes, design.weights[rows], counts), tuple(notes)


@dataclass(frozen=True, eq=False)
class Quantity:
    """One quantity in all K groups: values (K,), and the influence (m,) of each known row on that of its own group."""

    known: KnownRows
    values: Floats
    influence: Floats


def grouped_estimate(
    design: SurveyDesign, groups: Groups, terms: Sequence[str], quantities: Sequence[Quantity], notes: Sequence[str]
) -> Estimate:
    """Return one estimate for each group and quantity (groups outside, quantities inside) that has a known row."""
    counts = np.stack([quantity.known.counts for quantity in quantities], axis=1)  # (K, B)
    kept = np.flatnonzero(counts.ravel() > 0)
    totals, held = _totals(design, quantities)
    labels = groups.labels.iloc[kept // len(terms)].reset_index(drop=True)
    labels["term"] = [terms[int(i)] for i in kept % len(terms)]
    held = held[:, kept]
    return Estimate(
        design=design,
        labels=labels,
        values=np.stack([quantity.values for quantity in quantities], axis=1).ravel()[kept],
        psu_totals=totals[:, kept],
        df=np.asarray(freedom_of(design.stratum_of_psu, held), dtype=np.float64),
        influence_rows=partial(_influence, tuple(quantities), len(design.in_domain), kept),
        notes=tuple(dict.fromkeys([*groups.notes, *notes])),
        held=held,
    )


def cells(quantities: Sequence[Quantity], values: Sequence[npt.NDArray[Any]]) -> npt.NDArray[Any]:
    """Return values that each quantity has by group, (B) of (K,), in the order of `grouped_estimate`."""
    counts = np.stack([quantity.known.counts for quantity in quantities], axis=1).ravel()
    return np.stack(list(values), axis=1).ravel()[counts > 0]


def _totals(design: SurveyDesign, quantities: Sequence[Quantity]) -> tuple[Floats, Mask]:
    """Return the PSU totals of all cells, and which PSUs hold them: (G, K B)."""
    totals, held = [], []
    for quantity in quantities:
        known, n_groups = quantity.known, len(quantity.values)
        cell = design.psu_index[known.rows] * n_groups + known.groups
        shape = (design.n_psu, n_groups)
        size = shape[0] * shape[1]
        summed = np.bincount(cell, weights=quantity.influence, minlength=size).astype(np.float64, copy=False)
        totals.append(summed.reshape(shape))
        held.append((np.bincount(cell, minlength=size) > 0).reshape(shape))
    return np.stack(totals, axis=2).reshape(design.n_psu, -1), np.stack(held, axis=2).reshape(design.n_psu, -1)


def _influence(quantities: tuple[Quantity, ...], n: int, kept: Indices) -> Floats:
    n_groups, n_quantities = len(quantities[0].values), len(quantities)
    made = np.zeros((n, n_groups, n_quantities))
    for b, quantity in enumerate(quantities):
        made[quantity.known.rows, quantity.known.groups, b] = quantity.influence
    return made.reshape(n, -1)[:, kept]
