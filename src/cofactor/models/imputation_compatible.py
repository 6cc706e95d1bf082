r"""Imputation that is compatible with the analysis, for a covariate that stands in a product.

Drawn from main effects of the outcome, such a value would know nothing of the interaction and flatten it. Here a value
is proposed from the other covariates alone, :math:`p(v \mid z)`, and taken with the likelihood that the analysis, with
coefficients drawn from their distribution, gives to the person's outcome: :math:`p(v \mid z, y) \propto p(v \mid z)\,
p(y \mid v, z)`. Levels are summed over; of a number forty proposals are weighed.

Bartlett JW, Seaman SR, White IR, Carpenter JR (2015), Multiple imputation of covariates by fully conditional
specification: accommodating the substantive model. doi:10.1177/0962280214521348
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import pandas as pd

from cofactor.errors import CofactorWarning
from cofactor.models.families import FAMILIES
from cofactor.models.fit import Fit
from cofactor.models.follow_up import FollowUp
from cofactor.models.imputation_regression import Mode, Rows
from cofactor.models.imputation_targets import (
    Target,
    choose,
    follow,
    log_probabilities,
    proposals,
    typed,
    with_followers,
)

if TYPE_CHECKING:
    from cofactor.survey.design import SurveyDesign

Floats = npt.NDArray[np.float64]
Indices = npt.NDArray[np.intp]

PROPOSALS = 40


@dataclass(frozen=True, eq=False)
class Analysis:
    """The analysis that imputed values must suit.

    `fit` makes it from a design and coefficients to begin at; `order` (n,) says which row of the design's data each row
    of a chain is; `people` (Cox) or `response` (n,) is the outcome, in the order of the chain.
    """

    design: SurveyDesign
    order: Indices
    fit: Callable[[SurveyDesign, Mapping[str, float] | None], Fit]
    people: FollowUp | None
    response: Floats | None


@dataclass(frozen=True, eq=False)
class Likelihood:
    """The analysis with drawn coefficients: the log likelihood of a person's outcome, given covariates.

    `hazard` (n,) is each person's cumulative baseline hazard over the time at risk, at the centre (Cox).
    """

    fit: Fit
    coefficients: Floats
    analysis: Analysis
    hazard: Floats | None

    def of(self, frame: pd.DataFrame, at: Indices) -> Floats:
        """Return the log likelihood (r,), less a constant, of the outcomes of rows `at` with covariates `frame`."""
        columns = self.fit.spec.new_rows(frame)
        if self.hazard is None:
            assert self.analysis.response is not None
            model = FAMILIES[str(self.fit.family)].model(str(self.fit.link), self.fit.extra.get("alpha", 1.0))
            mean = model.link.inverse(columns @ self.coefficients)
            scale = float(self.fit.extra["dispersion"])
            return np.asarray(model.loglike_obs(self.analysis.response[at], mean, scale=scale))
        assert self.analysis.people is not None
        eta = (columns - self.fit.extra["centre"].to_numpy()) @ self.coefficients
        return np.asarray(self.analysis.people.event[at] * eta - self.hazard[at] * np.exp(eta))


def drawn_likelihood(
    analysis: Analysis, targets: Sequence[Target], values: Sequence[Floats], last: Likelihood | None,
    rng: np.random.Generator,
) -> Likelihood:  # fmt: skip
    """Fit the analysis, beginning at its last fit, on the data with the chain's present values; draw its coefficients.

    From their normal distribution with the design's covariance; the baseline hazard of a Cox model at its mean
    covariates hardly depends on them, and stays.
    """
    data = analysis.design.data
    made = {}
    for target, new in zip(targets, values, strict=True):
        column = data[target.name].copy()
        column.iloc[analysis.order[target.missing]] = typed(column, new, target.levels)
        made[target.name] = column
    data = with_followers(data.assign(**made), [(analysis.order[t.missing], t.followers) for t in targets])
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", CofactorWarning)  # said once by the analysis itself, not each round
        start = None if last is None else dict(zip(last.fit.terms, last.fit.estimate.values.tolist(), strict=True))
        fit = analysis.fit(replace(analysis.design, data=data), start)
    sizes, directions = np.linalg.eigh(fit.covariance)
    noise = directions @ (np.sqrt(np.maximum(sizes, 0.0)) * rng.standard_normal(len(sizes)))
    hazard = None if analysis.people is None else _hazard(fit, analysis.people)
    return Likelihood(fit, np.asarray(fit.estimate.values + noise), analysis, hazard)


def _hazard(fit: Fit, people: FollowUp) -> Floats:
    """Return the cumulative baseline hazard between each person's entry and exit, (n,)."""
    baseline = fit.extra["baseline"]
    made = np.zeros(len(people.exit))
    stratum = np.zeros(len(made), dtype=np.intp) if people.stratum is None else people.stratum
    codes = baseline["stratum"].to_numpy() if "stratum" in baseline else np.zeros(len(baseline), dtype=np.intp)
    for code in np.unique(stratum):
        mine = baseline[codes == code]
        steps = np.r_[0.0, mine["cumulative_hazard"].to_numpy()]
        here = stratum == code
        until = steps[np.searchsorted(mine["time"].to_numpy(), people.exit[here], side="right")]
        if people.entry is not None:
            until = until - steps[np.searchsorted(mine["time"].to_numpy(), people.entry[here], side="right")]
        made[here] = until
    return made


def draw_compatible(
    target: Target, present: Floats, rows: Rows, use: Indices, modes: dict[int, Mode], likelihood: Likelihood,
    frame: pd.DataFrame, rng: np.random.Generator,
) -> Floats:  # fmt: skip
    """Draw values (r,) of a target in a product.

    `present` (r,) are the chain's last ones. The proposals are learnt from them and the known values together: who has
    the value known is a selection by the outcome, which proposals do not see. `use` are the columns of the other
    covariates, without the outcome.
    """
    whole = target.values.copy()
    whole[target.missing] = present
    target = replace(target, values=whole)
    candidates: Floats
    prior: Floats
    if target.kind == "number":
        candidates = proposals(target, rows, use, modes, PROPOSALS, rng)
        prior = np.zeros_like(candidates)
    else:
        prior = log_probabilities(target, rows, use, modes, rng)
        candidates = np.tile(np.arange(prior.shape[1], dtype=np.float64), (len(prior), 1))
    at = np.repeat(target.missing, prior.shape[1])
    people = frame.iloc[at].reset_index(drop=True)
    people = people.assign(**{target.name: typed(frame[target.name], candidates.ravel(), target.levels)})
    people = follow(people, target.followers)
    chosen = choose(prior + likelihood.of(people, at).reshape(prior.shape), rng)
    return np.asarray(np.take_along_axis(candidates, chosen[:, np.newaxis], axis=1)[:, 0])
