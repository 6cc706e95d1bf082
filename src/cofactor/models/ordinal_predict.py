"""What a proportional-odds regression says of new people: the probability of each level, with design intervals."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy import special

from cofactor.errors import FitError
from cofactor.models.fit import Fit
from cofactor.models.ordinal_kernel import level_probabilities
from cofactor.survey.estimate import Estimate, delta, joint
from cofactor.survey.result import Limits
from cofactor.survey.table import t_quantile

Floats = npt.NDArray[np.float64]


def predict_levels(fit: Fit, rows: pd.DataFrame) -> Estimate:
    r"""Predict the probability of each level of the outcome for new people.

    :math:`P(Y = j) = F(\zeta_j - x'b) - F(\zeta_{j-1} - x'b)`, F the logistic distribution. The influence is that of
    coefficients and thresholds together, by the chain rule; the intervals are those of the logit, so that they stay
    between 0 and 1.

    Parameters
    ----------
    fit : Fit
        Of `fit_ordinal`.
    rows : DataFrame
        One row a person, with the variables of the formula, all known.

    Returns
    -------
    Estimate
        One row a person and level; labels: row (the index of `rows`), level, term.

    Raises
    ------
    FitError
        No proportional-odds regression, or no rows.
    UnknownVariableError
        `rows` lacks a variable.
    FormulaError
        A level of a term that the fit has not seen, or a missing value.

    Examples
    --------
    >>> import numpy as np, pandas as pd
    >>> from cofactor.models import fit_ordinal
    >>> from cofactor.survey import SurveyDesign
    >>> i = np.arange(120)
    >>> people = pd.DataFrame({
    ...     "analysis_weight": 1.0 + i % 3, "strata": i % 6, "psu": i // 6 % 2, "x": i * 7 % 11 / 10})
    >>> people["health"] = pd.cut(people["x"] + i * 13 % 17 / 10, [-1, 0.9, 1.6, 9], labels=["poor", "fair", "good"])
    >>> fit = fit_ordinal(SurveyDesign(people), "health ~ x")
    >>> predict_levels(fit, pd.DataFrame({"x": [0.0, 1.0]})).values.round(3).tolist()
    [0.606, 0.324, 0.069, 0.067, 0.318, 0.615]
    """
    if fit.kind != "ordinal":
        raise FitError(f"predict_levels needs a fit of fit_ordinal; {fit.formula!r} is a {fit.kind} fit")
    if not len(rows):
        raise FitError("a prediction needs rows: `rows` is empty")
    asked = _Asked(fit.spec.new_rows(rows))
    levels = fit.extra["levels"]
    labels = pd.DataFrame({
        "row": np.repeat(rows.index.to_numpy(), len(levels)), "level": list(map(str, levels)) * len(rows),
        "term": f"P({fit.outcome['outcome']})",
    })  # fmt: skip
    both = joint(fit.estimate, fit.extra["thresholds"])
    made = delta(both, asked, list(labels["term"]), jacobian=asked.slopes(both.values))
    return Estimate(
        design=made.design, labels=labels, values=made.values, psu_totals=made.psu_totals, df=made.df,
        influence_rows=made.influence_rows, notes=fit.notes, held=made.held, limits=_limits(made),
    )  # fmt: skip


@dataclass(frozen=True, eq=False)
class _Asked:
    """The probabilities (r (q + 1),) for rows x (r, p), as a function of slopes and thresholds (p + q,)."""

    x: Floats

    def __call__(self, theta: Floats) -> Floats:
        p = self.x.shape[1]
        return level_probabilities(self.x @ theta[:p], theta[p:]).ravel()

    def slopes(self, theta: Floats) -> Floats:
        """Return the derivatives (r (q + 1), p + q)."""
        p, q = self.x.shape[1], theta.size - self.x.shape[1]
        below = special.expit(theta[p:] - (self.x @ theta[:p])[:, np.newaxis])
        density = below * (1.0 - below)  # (r, q)
        of_slopes = -density[:, :, np.newaxis] * self.x[:, np.newaxis, :]
        of_thresholds = density[:, :, np.newaxis] * np.eye(q)
        cumulated = np.concatenate([of_slopes, of_thresholds], axis=2)
        return np.diff(cumulated, axis=1, prepend=0.0, append=0.0).reshape(-1, theta.size)


def _limits(made: Estimate) -> Limits:
    return partial(_logit_limits, made.values, made.se, made.df)


def _logit_limits(values: Floats, se: Floats, df: Floats, level: float) -> tuple[Floats, Floats]:
    """Return the limits of probabilities (k,) by their logits; missing where one is 0 or 1."""
    inner = (values > 0.0) & (values < 1.0)
    safe = np.where(inner, values, 0.5)
    reach = np.where(inner, t_quantile(level, df) * se / (safe * (1.0 - safe)), np.nan)
    logit = special.logit(safe)
    return special.expit(logit - reach), special.expit(logit + reach)
