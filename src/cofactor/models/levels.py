"""The levels between which interaction is measured: a reference and what is set against it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from cofactor.errors import FitError, UnknownVariableError
from cofactor.models.fit import Fit


@dataclass(frozen=True)
class Levels:
    """A variable, its reference, the levels set against it, and whether they are values of a continuous variable."""

    variable: str
    reference: Any
    others: tuple[Any, ...]
    continuous: bool

    @property
    def all(self) -> tuple[Any, ...]:
        """The reference and the others."""
        return (self.reference, *self.others)


def levels_of(fit: Fit, variable: str, asked: Sequence[Any] | None) -> Levels:
    """Return the levels of `variable` in a fit: of a category its formula reference and all others; of a flag no, yes.

    `asked` gives the reference first, then what is set against it; a continuous variable needs it.

    Raises
    ------
    UnknownVariableError
        The formula does not use the variable.
    FitError
        A continuous variable without ``(reference, index)``, or a level that the fit has not seen.
    """
    if variable not in fit.spec.variables:
        raise UnknownVariableError.suggest(variable, fit.spec.variables, f"the formula {fit.formula!r}")
    known, reference = _known_levels(fit, variable)
    if asked is None:
        if known is None:
            raise FitError(
                f"{variable!r} is continuous in {fit.formula!r}: say which values to compare, reference first, "
                f"e.g. exposure_levels=(75, 25)"
            )
        return Levels(variable, reference, tuple(level for level in known if level != reference), False)
    chosen = tuple(asked)
    if isinstance(asked, str) or len(chosen) < 2 or len(set(chosen)) < len(chosen):
        raise FitError(f"the levels of {variable!r} are (reference, index, ...), all different; got {asked!r}")
    unknown = [level for level in chosen if known is not None and level not in known]
    if unknown:
        raise FitError(f"{variable!r} has no level {unknown[0]!r}; there are {', '.join(map(str, known or ()))}")
    return Levels(variable, chosen[0], chosen[1:], known is None)


def _known_levels(fit: Fit, variable: str) -> tuple[tuple[Any, ...] | None, Any]:
    """Return levels and reference of a category or flag; (None, None) for a continuous variable."""
    for factor in fit.spec.factors.values():
        if factor.levels is not None and factor.code.operand == variable:
            return factor.levels, factor.reference
    values = fit.design.data[variable]
    if pd.api.types.is_bool_dtype(values.dtype):
        return (False, True), False
    if pd.api.types.is_numeric_dtype(values.dtype):
        seen = values.loc[fit.used_rows].to_numpy(dtype=np.float64, na_value=np.nan)
        return ((0, 1), 0) if np.all((seen == 0.0) | (seen == 1.0)) else (None, None)
    levels = tuple(sorted(map(str, values.loc[fit.used_rows].dropna().unique())))
    return levels, levels[0]
