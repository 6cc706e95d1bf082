"""Regressions of several quantiles of one outcome: what `fit_quantile` returns."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import pandas as pd

from cofactor.display import lines_html, notes_html, table_html
from cofactor.errors import FitError, UnknownVariableError
from cofactor.models.formula import MatrixSpec
from cofactor.models.rows import Counts
from cofactor.survey.estimate import Estimate

if TYPE_CHECKING:
    from cofactor.survey.design import SurveyDesign

Floats = npt.NDArray[np.float64]
Mask = npt.NDArray[np.bool_]


@dataclass(frozen=True, eq=False, repr=False)
class QuantileFit:
    """Regressions of several quantiles of one outcome on the same rows.

    Attributes
    ----------
    estimate : Estimate
        The coefficients, quantile by quantile; labels: prob, term.
    quantiles : tuple of float
        In rising order.
    formula : str
    spec : MatrixSpec
        Makes the columns of the coefficients from new rows.
    counts : Counts
    used_rows : bool array (n,)
    notes : tuple of str
        What was decided; quantiles with other solutions as good; for how many people fitted quantiles cross.
    """

    estimate: Estimate
    quantiles: tuple[float, ...]
    formula: str
    spec: MatrixSpec
    counts: Counts
    used_rows: Mask
    notes: tuple[str, ...] = ()

    @property
    def design(self) -> SurveyDesign:
        """The design that the fit stands on."""
        return self.estimate.design

    @property
    def terms(self) -> tuple[str, ...]:
        """The names of the coefficients of each quantile."""
        return self.spec.columns

    @property
    def coefficients(self) -> pd.DataFrame:
        """The coefficients, one row a term and one column a quantile, in units of the outcome."""
        values = self.estimate.values.reshape(len(self.quantiles), -1).T
        return pd.DataFrame(values, index=list(self.terms), columns=list(self.quantiles))

    @property
    def covariance(self) -> Floats:
        """Joint design covariance of all coefficients, in the order of the table."""
        return self.estimate.covariance

    @property
    def df(self) -> float:
        """Degrees of freedom of the tests and intervals."""
        return float(self.estimate.df[0])

    def influence(self) -> Floats:
        """Return the weighted influence of every row of the design on each coefficient, made on demand."""
        return self.estimate.influence()

    def table(self, level: float = 0.95) -> pd.DataFrame:
        """Return one row a quantile and coefficient: prob, term, estimate, se, low, high, p, df."""
        return self.estimate.table(level=level)

    def positions(self, terms: Sequence[str], prob: float) -> list[int]:
        """Return where the coefficients of these names stand for a quantile.

        Raises
        ------
        FitError
            A quantile that was not fitted.
        UnknownVariableError
            A coefficient that the fit does not have.
        """
        at = [i for i, quantile in enumerate(self.quantiles) if abs(quantile - prob) < 1e-12]
        if not at:
            fitted = ", ".join(f"{quantile:g}" for quantile in self.quantiles)
            raise FitError(f"the quantile {prob:g} of {self.formula!r} was not fitted; there are {fitted}")
        for term in terms:
            if term not in self.terms:
                raise UnknownVariableError.suggest(term, self.terms, f"the coefficients of {self.formula!r}")
        return [at[0] * len(self.terms) + self.terms.index(term) for term in terms]

    def _title(self) -> str:
        probs = ", ".join(f"{quantile:g}" for quantile in self.quantiles)
        return f"quantile regression ({probs}): {self.formula}\n{self.counts}, {self.df:g} degrees of freedom"

    def __repr__(self) -> str:
        """Return the model, its rows, its table and its notes as text."""
        notes = "".join(f"\nnote: {note}" for note in self.notes)
        return f"{self._title()}\n{self.table().to_string(index=False)}{notes}"

    def _repr_html_(self) -> str:
        caption, *lines = self._title().splitlines()
        table = table_html(self.table(), caption=caption, row_headers=2)
        return table + lines_html(lines) + notes_html(self.notes)
