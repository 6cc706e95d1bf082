"""A factor settled on the rows used: its levels and reference, its knots, or its polynomial, fixed from then on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from cofactor.errors import FormulaError
from cofactor.models.columns import arithmetic, column, is_category, level_codes, levels_present, numbers
from cofactor.models.factors import FactorCode, Level
from cofactor.models.splines import check_knots, rcs, weighted_knots

Floats = npt.NDArray[np.float64]

BLOCK = 4096


@dataclass(frozen=True)
class Resolved:
    """A factor whose choices are made; `levels` is None for numbers, `knots` for all but splines."""

    code: FactorCode
    label: str
    levels: tuple[Level, ...] | None = None
    reference: Level | None = None
    knots: tuple[float, ...] | None = None
    recurrence: tuple[tuple[float, ...], tuple[float, ...]] | None = None

    @property
    def width(self) -> int:
        """How many columns of numbers the factor has; of a category, the number of its levels."""
        if self.levels is not None:
            return len(self.levels)
        if self.knots is not None:
            return len(self.knots) - 1
        return 1 if self.recurrence is None else len(self.recurrence[0])

    def names(self, *, full: bool) -> list[str]:
        """Return the names of the columns; all levels when `full`, else all but the reference."""
        if self.levels is not None:
            return [f"{self.label}[{level}]" for level in self.levels if full or level != self.reference]
        if self.width == 1 and self.recurrence is None:
            return [self.label]
        return [f"{self.label}[{i + 1}]" for i in range(self.width)]

    def evaluate(self, frame: pd.DataFrame, formula: str) -> npt.NDArray[Any]:
        """Return codes of levels (m,) or numbers (m, width) on the rows of `frame`.

        Raises
        ------
        FormulaError
            An unseen level, or numbers that are not finite.
        """
        if self.levels is not None:
            values = column(frame, self.code.operand, formula)
            return level_codes(values, self.levels, self.code.operand, formula)
        made = _numbers(self.code, frame, formula)
        if self.knots is not None:
            return rcs(made, self.knots)
        return made[:, np.newaxis] if self.recurrence is None else _polynomial(made, self.recurrence)


def factor_columns(factor: Resolved, values: npt.NDArray[Any], *, full: bool) -> list[Floats]:
    """Return the columns of a factor from what `Resolved.evaluate` gave: indicators of levels, or the numbers."""
    if factor.levels is None:
        return list(values.T)
    return [
        np.asarray(values == code, dtype=np.float64)
        for code, level in enumerate(factor.levels)
        if full or level != factor.reference
    ]


def side_by_side(columns: Sequence[Floats | float], n: int) -> Floats:
    """Return columns (n,), or one number for all rows, as a matrix (n, p): by blocks of rows that stay in the cache."""
    made = np.empty((n, len(columns)))
    for start in range(0, n, BLOCK):
        rows = slice(start, start + BLOCK)
        for j, one in enumerate(columns):
            made[rows, j] = one if isinstance(one, float) else one[rows]
    return made


def resolve_factor(
    code: FactorCode,
    frame: pd.DataFrame,
    weights: Floats,
    references: Mapping[str, Any],
    cuts: Mapping[str, Sequence[float]],
    formula: str,
) -> tuple[Resolved, tuple[str, ...]]:
    """Settle a factor on the rows used; return it and notes on what was decided.

    Raises
    ------
    FormulaError
        A category with fewer than two levels, a reference that does not occur, knots that are not given.
    """
    if code.role == "column":
        values = column(frame, code.operand, formula)
        if not is_category(values):
            return Resolved(code, code.operand), ()
    if code.role in ("column", "category"):
        return _category(code, frame, references, formula)
    if code.role == "number":
        return Resolved(code, code.text), ()
    made = _numbers(code, frame, formula)
    if code.role == "spline":
        knots = _knots(code, made, weights, cuts, formula)
        note = f"knots of {code.text}: {', '.join(f'{knot:.6g}' for knot in knots)}"
        return Resolved(code, f"rcs({code.operand})", knots=knots), (note,)
    if not isinstance(code.argument, int) or np.unique(made).size <= code.argument:
        raise FormulaError(f"{code.text} in the formula {formula!r} needs more distinct values than its degree")
    return Resolved(code, f"poly({code.operand})", recurrence=_recurrence(made, code.argument)), ()


def _numbers(code: FactorCode, frame: pd.DataFrame, formula: str) -> Floats:
    if code.role == "column":
        made = numbers(column(frame, code.operand, formula), code.operand, formula)
    else:
        made = arithmetic(code.operand, frame, formula)
    bad = ~np.isfinite(made)
    if bad.any():
        raise FormulaError(
            f"{code.text} in the formula {formula!r} is missing or infinite in {int(bad.sum())} of {made.size} rows; "
            "restrict the domain to rows where it is defined (log and division need values above 0)"
        )
    return made


def _category(
    code: FactorCode, frame: pd.DataFrame, references: Mapping[str, Any], formula: str
) -> tuple[Resolved, tuple[str, ...]]:
    name = code.operand
    levels = levels_present(column(frame, name, formula))
    shown = ", ".join(map(str, levels))
    if len(levels) < 2:
        raise FormulaError(
            f"{name!r} has one level ({shown}) on the rows used and cannot be compared; "
            f"leave it out of the formula {formula!r}"
        )
    if code.reference is not None:
        if code.reference not in levels:
            raise FormulaError(
                f"{code.text} in the formula {formula!r}: no such level on the rows used; there are {shown}"
            )
        return Resolved(code, name, levels, code.reference), ()
    wanted = references.get(name)
    if wanted is None or wanted in levels:
        return Resolved(code, name, levels, levels[0] if wanted is None else wanted), ()
    note = f"{name}: the usual reference {wanted!r} does not occur on the rows used; {levels[0]!r} stands in"
    return Resolved(code, name, levels, levels[0]), (note,)


def _knots(
    code: FactorCode, made: Floats, weights: Floats, cuts: Mapping[str, Sequence[float]], formula: str
) -> tuple[float, ...]:
    where = f"{code.text} in the formula {formula!r}"
    asked = code.argument
    if isinstance(asked, int):
        return weighted_knots(made, weights, asked, where)
    if isinstance(asked, str):
        if asked not in cuts:
            there = ", ".join(sorted(cuts)) or "none were given"
            raise FormulaError(
                f"{where}: no knots named {asked!r}; give cuts={{{asked!r}: [...]}} (there are: {there})"
            )
        asked = tuple(cuts[asked])
    return tuple(float(knot) for knot in check_knots(asked, where))


def _recurrence(x: Floats, degree: int) -> tuple[tuple[float, ...], tuple[float, ...]]:
    """Fit the three-term recurrence of orthogonal polynomials (as R's `poly`): centres and squared norms."""
    centres: list[float] = []
    norms = [float(x.size)]
    before, now = np.zeros_like(x), np.ones_like(x)
    for k in range(degree):
        centres.append(float(x @ (now * now)) / norms[k])
        after = (x - centres[k]) * now - (norms[k] / norms[k - 1] * before if k else 0.0)
        before, now = now, after
        norms.append(float(now @ now))
    return tuple(centres), tuple(norms)


def _polynomial(x: Floats, recurrence: tuple[tuple[float, ...], tuple[float, ...]]) -> Floats:
    centres, norms = recurrence
    made = np.empty((x.size, len(centres)))
    before, now = np.zeros_like(x), np.ones_like(x)
    for k, centre in enumerate(centres):
        after = (x - centre) * now - (norms[k] / norms[k - 1] * before if k else 0.0)
        before, now = now, after
        made[:, k] = now / np.sqrt(norms[k + 1])
    return made
