"""The rows and columns that a model stands on, and what it lost to missing values."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from cofactor.errors import FitError
from cofactor.models.collinear import refuse_collinear
from cofactor.models.formula import Cuts, Matrix, MatrixSpec, known_rows, matrix_of_known
from cofactor.models.parse import parse_formula
from cofactor.models.threads import one_blas_thread

if TYPE_CHECKING:
    from cofactor.survey.design import SurveyDesign

Floats = npt.NDArray[np.float64]
Mask = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Counts:
    """How many rows a fit used, and what it lost to missing values.

    `n_domain` and `n_used` count rows of positive weight; `n_missing` maps a variable to the rows of the domain that
    lack it (a row may lack several); `weighted_share_lost` is the weight of the rows lost over that of the domain;
    `events` and `events_lost` are None for outcomes that are no events.
    """

    n_domain: int
    n_used: int
    n_missing: Mapping[str, int]
    weighted_share_lost: float
    events: int | None = None
    events_lost: int | None = None

    def __str__(self) -> str:
        """Say it in one line."""
        text = f"{self.n_used:,} of {self.n_domain:,} rows used"
        if self.n_used < self.n_domain:
            lost = ", ".join(f"{name} {n:,}" for name, n in self.n_missing.items())
            text += f" ({100 * self.weighted_share_lost:.2g}% of the weight lost; missing: {lost})"
        if self.events is not None:
            text += f", {self.events:,} events" + (f" ({self.events_lost:,} lost)" if self.events_lost else "")
        return text


@dataclass(frozen=True, eq=False)
class ModelRows:
    """The rows and columns of a model: its matrix, the weights of the m rows used, and what was lost."""

    matrix: Matrix
    weights: Floats
    counts: Counts

    @property
    def used(self) -> Mask:
        """Which rows of the data are used, (n,)."""
        return self.matrix.rows


def model_rows(
    design: SurveyDesign,
    formula: str,
    *,
    others: Sequence[str] = (),
    event: npt.ArrayLike | None = None,
    cuts: Cuts | None = None,
    like: MatrixSpec | None = None,
    may_be_collinear: bool = False,
) -> ModelRows:
    """Return the rows of the domain where everything is known, their matrix and weights, and the counts.

    Parameters
    ----------
    design : SurveyDesign
    formula : str
        As `design_matrix` takes it; the references are those of ``design.data.attrs["references"]``.
    others : sequence of str
        Further columns that must be known: time, event, entry, strata.
    event : array (n,), optional
        1 where the outcome is an event, NaN where unknown: for the counts.
    cuts, like
        See `design_matrix`. In a replicate `like` is what the whole design's fit found, if not given.
    may_be_collinear : bool
        The fit asks by its own information, which is stricter.

    Raises
    ------
    FormulaError, UnknownVariableError, FitError
        FitError: no row of the domain has everything known, or columns are collinear.
    """
    parsed = parse_formula(formula)
    names = tuple(dict.fromkeys([*parsed.variables, *others]))
    used, missing = known_rows(design.data, design.in_domain, names, formula)
    if not used.any():
        lost = ", ".join(f"{name} {n:,}" for name, n in missing.items()) or "the domain is empty"
        raise FitError(f"the model {formula!r} has no row to stand on: missing {lost}")
    weights = design.weights
    key = (parsed.text, names, repr(cuts))
    if like is None and design.memory is not None:
        like = design.memory.take(key)
    matrix = matrix_of_known(
        parsed, design.data, used, weights=weights, references=design.data.attrs.get("references"), cuts=cuts, like=like
    )
    if design.memory is not None:
        design.memory.keep(key, matrix.spec)
    if not may_be_collinear:
        with one_blas_thread():
            refuse_collinear(matrix.values, matrix.columns, formula)
    return ModelRows(matrix, weights[used], _counts(design, used, missing, event))


def _counts(design: SurveyDesign, used: Mask, missing: Mapping[str, int], event: npt.ArrayLike | None) -> Counts:
    domain = design.in_domain
    weight = float(design.weights[domain].sum())
    share = 1.0 - float(design.weights[used].sum()) / weight if not np.array_equal(used, domain) else 0.0
    if event is None:
        return Counts(int(domain.sum()), int(used.sum()), missing, share)
    happened = np.asarray(event, dtype=np.float64) == 1.0
    lost = int((happened & domain & ~used).sum())
    return Counts(int(domain.sum()), int(used.sum()), missing, share, int((happened & used).sum()), lost)
