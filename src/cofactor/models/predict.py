"""What a model of hazards says of new people: cumulative hazard, survival and risk by some times, with intervals."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Literal, get_args

import numpy as np
import numpy.typing as npt
import pandas as pd

from cofactor.errors import FitError, UnknownVariableError
from cofactor.models.baseline import Baseline, baseline_at
from cofactor.models.fit import Fit
from cofactor.models.log_log import log_limits, log_log_limits, risk_limits
from cofactor.survey.estimate import Estimate
from cofactor.survey.variance import covariance

Floats = npt.NDArray[np.float64]
Indices = npt.NDArray[np.intp]
Kind = Literal["survival", "risk", "cumulative hazard"]
WHERE = "a prediction"


def predict(fit: Fit, rows: pd.DataFrame, *, at: Sequence[float] | float, kind: Kind = "survival") -> Estimate:
    r"""Predict survival, risk or cumulative hazard of new people by some times.

    :math:`\Lambda(t; x) = \Lambda_0(t) \exp((x - c)'b)`, with survival :math:`e^{-\Lambda}` and risk
    :math:`1 - e^{-\Lambda}`. The influence is that of the baseline hazard and of the coefficients; the intervals are
    those of :math:`\log \Lambda`, so that survival stays between 0 and 1.

    Parameters
    ----------
    fit : Fit
        A Cox model; or a Fine-Gray model, whose risk is the cumulative incidence of its cause.
    rows : DataFrame
        One row a person, with the variables of the formula (and the columns of Cox strata and offset), all known.
    at : float or sequence of float
        Times, in the unit of the follow-up.
    kind : {"survival", "risk", "cumulative hazard"}

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
        Another model, no rows, a Cox stratum that the fit has not seen, or a time after the last exit.

    Notes
    -----
    With delayed entry, conditional on being alive at the earliest entry. Lin DY (2000), doi:10.1093/biomet/87.1.37;
    Fine JP, Gray RJ (1999), doi:10.1080/01621459.1999.10474144, section 5. R: ``survfit`` of a ``coxph`` with the
    weights has the same curve; the error that ``predict.svycoxph`` adds leaves out the covariance of coefficients and
    baseline.

    Examples
    --------
    >>> import numpy as np, pandas as pd
    >>> from cofactor.models import fit_cox
    >>> from cofactor.survey import SurveyDesign
    >>> i = np.arange(60)
    >>> people = pd.DataFrame({
    ...     "analysis_weight": 1.0 + i % 3, "strata": i % 6, "psu": i // 6 % 2, "months": 1 + i * 7 % 12,
    ...     "died": i % 4 > 0, "x": (i * 5 % 11) / 10})
    >>> fit = fit_cox(SurveyDesign(people), "x", time="months", event="died")
    >>> predict(fit, pd.DataFrame({"x": [0.0, 1.0]}), at=6, kind="risk").values.round(3).tolist()
    [0.329, 0.481]
    """
    if kind not in get_args(Kind):
        raise FitError(f"kind={kind!r} is unknown; there are: {', '.join(get_args(Kind))}")
    if not len(rows):
        raise FitError(f"{WHERE} needs rows: `rows` is empty")
    baseline = baseline_at(fit, at, WHERE)
    values = fit.spec.new_rows(rows) - baseline.matrix.centre
    asked = _Asked(fit, baseline, values, _strata(fit, baseline, rows), _offset(fit, rows), kind)
    times = baseline.times
    labels = pd.DataFrame({
        "row": np.repeat(rows.index.to_numpy(), len(times)), "time": np.tile(times, len(rows)), "term": kind,
    })  # fmt: skip
    totals = asked.psu_totals()
    held = fit.design.psus_holding(fit.used_rows)
    df = np.full(len(labels), fit.df)
    spread = np.sqrt(np.diag(covariance(fit.design, totals, rows=held)))
    return Estimate(
        design=fit.design, labels=labels, values=asked.values, psu_totals=totals, df=df, influence_rows=asked,
        notes=fit.notes[:1], held=held, limits=partial(_limits, asked.values, spread, df, kind),
    )  # fmt: skip


@dataclass(frozen=True, eq=False)
class _Asked:
    """The predictions for rows z (r, p) of Cox strata and offsets (r,); called, it gives the influence (n, r T)."""

    fit: Fit
    baseline: Baseline
    z: Floats
    stratum: Indices
    offset: Floats
    kind: Kind

    @property
    def ratio(self) -> Floats:
        return np.asarray(np.exp(self.z @ self.fit.estimate.values + self.offset))

    @property
    def hazard(self) -> Floats:
        """Cumulative hazards, (r, T)."""
        return np.asarray(self.baseline.values[self.stratum] * self.ratio[:, np.newaxis])

    @property
    def values(self) -> Floats:
        hazard = self.hazard.ravel()
        return {"survival": np.exp(-hazard), "risk": -np.expm1(-hazard)}.get(self.kind, hazard)

    @property
    def slope(self) -> Floats:
        """Derivative of the values in the hazards, (r T,)."""
        survival = np.exp(-self.hazard.ravel())
        return {"survival": -survival, "risk": survival}.get(self.kind, np.ones_like(survival))

    def psu_totals(self) -> Floats:
        """Return the PSU totals (G, r T) of the influence, without making that of every row."""
        design, used = self.fit.design, self.fit.used_rows
        n_strata, n_times = self.baseline.values.shape
        direct = np.zeros((design.n_psu, n_strata, n_times))
        np.add.at(direct, (design.psu_index[used], self.baseline.stratum), self.baseline.direct)
        return self._combined(self.fit.estimate.psu_totals, direct[:, self.stratum])

    def __call__(self) -> Floats:
        n_strata, n_times = self.baseline.values.shape
        direct = np.zeros((len(self.fit.used_rows), n_strata, n_times))
        direct[np.flatnonzero(self.fit.used_rows), self.baseline.stratum] = self.baseline.direct
        return self._combined(self.fit.influence(), direct[:, self.stratum])

    def _combined(self, of_coefficients: Floats, direct: Floats) -> Floats:
        """Return the influence on the values from that on coefficients (m, p) and baseline hazards (m, r, T)."""
        gradient = self.baseline.slopes[self.stratum] * self.ratio[:, np.newaxis, np.newaxis]
        gradient = gradient + self.hazard[:, :, np.newaxis] * self.z[:, np.newaxis, :]  # (r, T, p)
        made = of_coefficients @ gradient.reshape(-1, self.z.shape[1]).T
        made += (direct * self.ratio[:, np.newaxis]).reshape(len(direct), -1)
        return np.asarray(made * self.slope)


def _strata(fit: Fit, baseline: Baseline, rows: pd.DataFrame) -> Indices:
    """Return the Cox stratum of each new row."""
    names = list(fit.extra["roles"].strata)
    if not names:
        return np.zeros(len(rows), dtype=np.intp)
    for name in names:
        if name not in rows.columns:
            raise UnknownVariableError.suggest(name, map(str, rows.columns), f"{WHERE}, as Cox stratum")
    known = fit.design.data.loc[fit.used_rows, names].astype(object).assign(stratum=baseline.stratum)
    known = known.drop_duplicates(names)
    position = pd.MultiIndex.from_frame(known[names]).get_indexer(pd.MultiIndex.from_frame(rows[names].astype(object)))
    if (position < 0).any():
        first = rows[names].iloc[int(np.argmax(position < 0))]
        raise FitError(
            f"the fit has no Cox stratum with {', '.join(f'{name} = {value}' for name, value in first.items())}"
        )
    return np.asarray(known["stratum"].to_numpy()[position], dtype=np.intp)


def _offset(fit: Fit, rows: pd.DataFrame) -> Floats:
    name = fit.extra["roles"].offset
    if name is None:
        return np.zeros(len(rows))
    if name not in rows.columns:
        raise UnknownVariableError.suggest(name, map(str, rows.columns), f"{WHERE}, as offset")
    return np.asarray(rows[name], dtype=np.float64)


def _limits(values: Floats, se: Floats, df: Floats, kind: Kind, level: float) -> tuple[Floats, Floats]:
    if kind == "cumulative hazard":
        return log_limits(values, se, df, level)
    return (log_log_limits if kind == "survival" else risk_limits)(values, se, df, level)
