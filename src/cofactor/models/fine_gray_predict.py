"""What a Fine-Gray model says of new people: the cumulative incidence of the cause by some times."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np
import numpy.typing as npt
import pandas as pd

from cofactor.errors import FitError
from cofactor.models.baseline import Baseline
from cofactor.models.fine_gray_baseline import subdistribution_baseline
from cofactor.models.fit import Fit
from cofactor.models.log_log import risk_limits
from cofactor.survey.estimate import Estimate
from cofactor.survey.variance import covariance

Floats = npt.NDArray[np.float64]
WHERE = "a predicted incidence"
TERM = "cumulative incidence"


def predict_incidence(fit: Fit, rows: pd.DataFrame, *, at: Sequence[float] | float) -> Estimate:
    r"""Predict the cumulative incidence of the cause of a Fine-Gray model for new people, by some times.

    :math:`F(t; x) = 1 - \exp\{-\Lambda_0(t)\, e^{(x - c)'b}\}` with the cumulative subdistribution hazard
    :math:`\Lambda_0` of a person at the centre c. The influence is that of the coefficients, of the baseline, and of
    the curve of censoring on both; the intervals are those of :math:`\log(-\log(1 - F))`.

    Parameters
    ----------
    fit : Fit
        Of `fit_fine_gray`.
    rows : DataFrame
        One row a person, with the variables of the formula, all known.
    at : float or sequence of float
        Times, in the unit of the follow-up.

    Returns
    -------
    Estimate
        One row a person and time; labels: row (the index of `rows`), time, term.

    Raises
    ------
    UnknownVariableError
        `rows` lacks a variable.
    FormulaError
        A level that the fit has not seen, or a missing value.
    FitError
        No Fine-Gray model, no rows, or a time that is not positive or after the last exit.

    Notes
    -----
    Fine JP, Gray RJ (1999), doi:10.1080/01621459.1999.10474144, section 5. R: ``survfit`` of the ``coxph`` on the rows
    of ``finegray`` has the same incidences.

    Examples
    --------
    >>> import numpy as np, pandas as pd
    >>> from cofactor.models import fit_fine_gray
    >>> from cofactor.survey import SurveyDesign
    >>> i = np.arange(60)
    >>> people = pd.DataFrame({
    ...     "analysis_weight": 1.0 + i % 3, "strata": i % 6, "psu": i // 6 % 2, "months": 1 + i * 7 % 12,
    ...     "died": i % 4 > 0, "why": np.where(i % 5 > 1, "heart", "cancer"), "x": (i * 5 % 11) / 10})
    >>> fit = fit_fine_gray(SurveyDesign(people), "x", time="months", event="died", cause="why", of="heart",
    ...                     censoring_by=None)
    >>> predict_incidence(fit, pd.DataFrame({"x": [0.0, 1.0]}), at=6).values.round(3).tolist()
    [0.251, 0.234]
    """
    if not len(rows):
        raise FitError(f"{WHERE} needs rows: `rows` is empty")
    baseline = subdistribution_baseline(fit, at, WHERE)
    asked = _Asked(fit, baseline, fit.spec.new_rows(rows) - baseline.matrix.centre)
    labels = pd.DataFrame({
        "row": np.repeat(rows.index.to_numpy(), len(baseline.times)), "time": np.tile(baseline.times, len(rows)),
        "term": TERM,
    })  # fmt: skip
    values, totals, df = -np.expm1(-asked.hazard.ravel()), asked.psu_totals(), np.full(len(labels), fit.df)
    held = fit.design.psus_holding(fit.used_rows)
    se = np.sqrt(np.diag(covariance(fit.design, totals, rows=held)))
    return Estimate(
        design=fit.design, labels=labels, values=values, psu_totals=totals, df=df, influence_rows=asked,
        notes=fit.notes[:2], held=held, limits=partial(risk_limits, values, se, df),
    )  # fmt: skip


@dataclass(frozen=True, eq=False)
class _Asked:
    """The incidences of rows z (r, p) at T times; called, it gives the influence (n, r T) of every row."""

    fit: Fit
    baseline: Baseline
    z: Floats

    @property
    def ratio(self) -> Floats:
        return np.asarray(np.exp(self.z @ self.fit.estimate.values))

    @property
    def hazard(self) -> Floats:
        """Cumulative subdistribution hazards, (r, T)."""
        return np.asarray(self.baseline.values * self.ratio[:, np.newaxis])

    def psu_totals(self) -> Floats:
        """Return the PSU totals (G, r T) of the influence, without making that of every row."""
        design = self.fit.design
        direct = np.zeros((design.n_psu, len(self.baseline.times)))
        np.add.at(direct, design.psu_index[self.fit.used_rows], self.baseline.direct)
        return self._combined(self.fit.estimate.psu_totals, direct)

    def __call__(self) -> Floats:
        direct = np.zeros((len(self.fit.used_rows), len(self.baseline.times)))
        direct[self.fit.used_rows] = self.baseline.direct
        return self._combined(self.fit.influence(), direct)

    def _combined(self, of_coefficients: Floats, direct: Floats) -> Floats:
        """Return the influence on the incidences from that on coefficients (m, p) and the baseline (m, T)."""
        gradient = self.baseline.slopes * self.ratio[:, np.newaxis, np.newaxis]
        gradient = gradient + self.hazard[:, :, np.newaxis] * self.z[:, np.newaxis, :]  # (r, T, p)
        made = of_coefficients @ gradient.reshape(-1, self.z.shape[1]).T
        made += (direct[:, np.newaxis, :] * self.ratio[:, np.newaxis]).reshape(len(direct), -1)
        return np.asarray(made * np.exp(-self.hazard.ravel()))
