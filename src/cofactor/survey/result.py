"""What every estimator ends in: values, the PSU totals of their influence, and all that follows from these."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import KW_ONLY, dataclass
from typing import TYPE_CHECKING, TypeAlias

import numpy as np
import numpy.typing as npt
import pandas as pd

from cofactor.display import notes_html, table_html
from cofactor.survey.variance import covariance

if TYPE_CHECKING:
    from cofactor.survey.design import SurveyDesign

Floats = npt.NDArray[np.float64]
Mask = npt.NDArray[np.bool_]
Limits: TypeAlias = Callable[[float], tuple[Floats, Floats]]


@dataclass(frozen=True, eq=False, repr=False)
class Estimate:
    """Estimates of one design with their joint covariance.

    Attributes
    ----------
    design : SurveyDesign
        n rows in G PSUs.
    labels : DataFrame (k rows)
        The last column is ``term``; by-variables stand before it.
    values : array (k,)
        On the scale of estimation: logarithms where `log_scale`.
    psu_totals : array (G, k)
        PSU totals of the influence.
    df : array (k,)
        Degrees of freedom of each.
    influence_rows : function
        Gives the weighted influence (n, k) when called. It is kept picklable: a `functools.partial`, no lambda.
    notes : tuple of str
    tested : bool
        There is a hypothesis that the value is 0; else p is missing.
    log_scale : bool
        The exponential of a value is what people read: a ratio.
    held : bool array (G,) or (G, k), optional
        Which PSUs hold the rows that an estimate stands on; the domain's if not given.
    limits : function, optional
        Gives low and high (k,) for a level, where they are not estimate -/+ t se.
    extra : DataFrame (k rows), optional
        Further columns of the table, after df.
    shown_as_ratio : bool array (k,), optional
        Values that are logarithms and that the table always shows exponentiated, with the se of the logarithm.
    unbounded : bool array (k,), optional
        Values that the data do not bound (a coefficient that runs away): the table has no interval and no p for them.
    """

    design: SurveyDesign
    labels: pd.DataFrame
    values: Floats
    psu_totals: Floats
    df: Floats
    influence_rows: Callable[[], Floats]
    notes: tuple[str, ...] = ()
    tested: bool = False
    log_scale: bool = False
    _: KW_ONLY
    held: Mask | None = None
    limits: Limits | None = None
    extra: pd.DataFrame | None = None
    shown_as_ratio: Mask | None = None
    unbounded: Mask | None = None

    @property
    def terms(self) -> tuple[str, ...]:
        """The terms, one a value."""
        return tuple(self.labels["term"])

    @property
    def covariance(self) -> Floats:
        """Joint design covariance of the values, (k, k)."""
        return covariance(self.design, self.psu_totals, rows=self.held)

    @property
    def se(self) -> Floats:
        """Standard errors on the scale of the values, (k,)."""
        return np.asarray(np.sqrt(np.diag(self.covariance)))

    def influence(self) -> Floats:
        """Return the weighted influence of each row on each value, (n, k), made on demand."""
        return self.influence_rows()

    def table(self, level: float = 0.95, exponentiate: bool = False) -> pd.DataFrame:
        """Return one row an estimate: by-variables, term, estimate, se, low, high, p, df, and what is particular.

        Parameters
        ----------
        level : float
            Of the interval: estimate -/+ t(df) se, unless the estimator has its own.
        exponentiate : bool
            Turn estimate, low and high into ratios; se stays on the scale of logarithms.

        Raises
        ------
        DesignError
            A level outside 0 to 1; a lonely PSU under "error".
        """
        from cofactor.survey.table import result_table

        return result_table(self, level, exponentiate)

    def __repr__(self) -> str:
        """Return the table and the notes as text."""
        return "\n".join([self.table().to_string(index=False), *(f"note: {note}" for note in self.notes)])

    def _repr_html_(self) -> str:
        table = table_html(self.table(), caption="Estimates", row_headers=len(self.labels.columns))
        return table + notes_html(self.notes)


def held_by(estimate: Estimate) -> Mask:
    """Return which PSUs hold the rows that each value stands on, (G, k)."""
    held = estimate.design.psus_holding() if estimate.held is None else estimate.held
    columns = held[:, np.newaxis] if held.ndim == 1 else held
    return np.broadcast_to(columns, estimate.psu_totals.shape)
