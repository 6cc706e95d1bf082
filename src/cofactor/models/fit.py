"""A fitted regression: coefficients with their design covariance, and all that later questions to it need.

Nothing here knows which model was fitted: `model_rows` takes a design and a formula to the rows and the matrix, a
model finds the coefficients and the influence of each row, and `assemble` makes the result.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from cofactor.display import lines_html, notes_html, table_html
from cofactor.errors import CofactorWarning, FitError, UnknownVariableError
from cofactor.models.formula import MatrixSpec
from cofactor.models.rows import Counts, ModelRows, model_rows
from cofactor.survey.estimate import Estimate

if TYPE_CHECKING:
    from cofactor.survey.design import SurveyDesign

Floats = npt.NDArray[np.float64]
Mask = npt.NDArray[np.bool_]

__all__ = ["Counts", "Fit", "ModelRows", "assemble", "model_rows"]


@dataclass(frozen=True, eq=False)
class Fit:
    """A regression fitted to a survey design.

    Attributes
    ----------
    estimate : Estimate
        The coefficients with their PSU totals of influence.
    kind : str
        ``"glm"``, ``"cox"`` or ``"fine_gray"``, among others.
    formula : str
        As it was given.
    spec : MatrixSpec
        Makes the columns of the coefficients from new rows.
    counts : Counts
        Rows used and lost.
    used_rows : bool array (n,)
        Which rows of the design's data are used.
    naive_covariance : array (p, p)
        Inverse information with the weights scaled to mean 1: for design effects, never for inference.
    log_likelihood, null_log_likelihood : float
        Weighted (mean weight 1), at the coefficients and without covariates.
    family, link, ties : str or None
        Which model.
    outcome : mapping
        Role to column: ``{"outcome": ...}``, or time, event, entry, strata.
    extra : mapping
        What a kind of model keeps for itself (dispersion, iterations, baseline hazard).
    notes : tuple of str
        What was decided, and what the data could not determine.
    """

    estimate: Estimate
    kind: str
    formula: str
    spec: MatrixSpec
    counts: Counts
    used_rows: Mask
    naive_covariance: Floats
    log_likelihood: float
    null_log_likelihood: float
    family: str | None = None
    link: str | None = None
    ties: str | None = None
    outcome: Mapping[str, str | None] = field(default_factory=dict)
    extra: Mapping[str, Any] = field(default_factory=dict)
    notes: tuple[str, ...] = ()

    @property
    def design(self) -> SurveyDesign:
        """The design that the fit stands on."""
        return self.estimate.design

    @property
    def terms(self) -> tuple[str, ...]:
        """The names of the coefficients."""
        return self.spec.columns

    @property
    def coefficients(self) -> pd.Series[float]:
        """The coefficients by name, on the model's scale."""
        return pd.Series(self.estimate.values, index=list(self.terms), name="coefficient")

    @property
    def covariance(self) -> Floats:
        """Design covariance (p, p) of the coefficients."""
        return self.estimate.covariance

    @property
    def df(self) -> float:
        """Degrees of freedom of the tests and intervals."""
        return float(self.estimate.df[0])

    @property
    def n_domain(self) -> int:
        """Rows of the domain with a positive weight."""
        return self.counts.n_domain

    @property
    def n_used(self) -> int:
        """Rows of the domain where everything that the model needs is known."""
        return self.counts.n_used

    @property
    def n_missing(self) -> Mapping[str, int]:
        """Rows of the domain that lack a variable, by variable."""
        return self.counts.n_missing

    def influence(self) -> Floats:
        """Return the weighted influence (n, p) of every row of the design on the coefficients, made on demand."""
        return self.estimate.influence()

    def coefficient(self, name: str) -> float:
        """Return one coefficient, on the model's scale.

        Raises
        ------
        UnknownVariableError
            The fit has no such coefficient.
        """
        if name not in self.terms:
            raise UnknownVariableError.suggest(name, self.terms, f"the coefficients of {self.formula!r}")
        return float(self.estimate.values[self.terms.index(name)])

    def table(self, level: float = 0.95, exponentiate: bool = False) -> pd.DataFrame:
        """Return one row a coefficient: term, estimate, se, low, high, p, df.

        `exponentiate` turns estimate, low and high into ratios; `se` stays on the model's scale.
        """
        return self.estimate.table(level=level, exponentiate=exponentiate)

    def _title(self) -> str:
        model = {"cox": "Cox model"}.get(self.kind, f"{self.family} regression, {self.link} link")
        return f"{model}: {self.formula}\n{self.counts}, {self.df:g} degrees of freedom"

    def __repr__(self) -> str:
        """Return the model, its rows, its table and its notes as text."""
        notes = "".join(f"\nnote: {note}" for note in self.notes)
        return f"{self._title()}\n{self.table().to_string(index=False)}{notes}"

    def _repr_html_(self) -> str:
        caption, *lines = self._title().splitlines()
        return table_html(self.table(), caption=caption) + lines_html(lines) + notes_html(self.notes)


def assemble(
    design: SurveyDesign,
    rows: ModelRows,
    *,
    kind: str,
    coefficients: Floats,
    totals: Floats,
    influence_rows: Callable[[], Floats],
    naive_covariance: Floats,
    log_likelihood: float,
    null_log_likelihood: float,
    log_scale: bool,
    df: float | None = None,
    unbounded: Sequence[int] = (),
    notes: Sequence[str] = (),
    **settings: Any,
) -> Fit:
    """Make the result of a model from its coefficients and the PSU totals of their influence.

    Parameters
    ----------
    design, rows
        What was fitted; `rows.matrix` has the columns of the coefficients.
    coefficients : array (p,)
    totals : array (G, p)
        PSU totals of the influence.
    influence_rows : function
        Gives the influence (n, p) when asked.
    naive_covariance : array (p, p)
    log_scale : bool
        The exponential of a coefficient is a ratio.
    df : float, optional
        Degrees of freedom; PSUs - strata among the rows used if not given.
    unbounded : sequence of int
        Positions of coefficients that run away: no interval and no p is shown for them.
    settings
        The other fields of `Fit`.

    Raises
    ------
    FitError
        The rows used leave no degrees of freedom.
    """
    spec = rows.matrix.spec
    freedom = float(design.degrees_of_freedom(rows.used)) if df is None else float(df)
    check_freedom(freedom, len(spec.columns), spec.formula)
    all_notes = (*spec.notes, *notes)
    estimate = Estimate(
        design=design,
        labels=pd.DataFrame({"term": list(spec.columns)}),
        values=np.asarray(coefficients, dtype=np.float64),
        psu_totals=totals,
        df=np.full(len(spec.columns), freedom),
        influence_rows=influence_rows,
        notes=all_notes,
        tested=True,
        log_scale=log_scale,
        held=design.psus_holding(rows.used),
        unbounded=np.isin(np.arange(len(spec.columns)), list(unbounded)) if unbounded else None,
    )
    return Fit(
        estimate=estimate, kind=kind, formula=spec.formula, spec=spec, counts=rows.counts, used_rows=rows.used,
        naive_covariance=naive_covariance, log_likelihood=log_likelihood, null_log_likelihood=null_log_likelihood,
        notes=all_notes, **settings,
    )  # fmt: skip


def check_freedom(freedom: float, parameters: int, formula: str) -> None:
    if freedom < 1:
        raise FitError(
            f"the rows used by {formula!r} leave {freedom:g} degrees of freedom (PSUs - strata): "
            "no error can be estimated; widen the domain or pool cycles"
        )
    if parameters > freedom:
        warnings.warn(
            f"{formula!r} has {parameters} parameters but the design only {freedom:g} degrees of freedom "
            "(PSUs - strata): single coefficients can be read, a joint test of many cannot",
            CofactorWarning,
            stacklevel=4,
        )
