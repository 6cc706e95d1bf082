"""A design-based test of proportional hazards: do the hazard ratios of a fit change with time?"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal, get_args

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy import stats

from cofactor.display import notes_html, table_html
from cofactor.errors import FitError
from cofactor.models.contrast import wald_test
from cofactor.models.cox_information import determined_columns
from cofactor.models.cox_kernel import state_at
from cofactor.models.cox_rows import rows_of
from cofactor.models.cox_slots import RiskSlots
from cofactor.models.cox_time_varying import Problem, Varying, influence, psu_totals, solve_varying, start
from cofactor.models.fit import Fit
from cofactor.models.threads import one_blas_thread
from cofactor.survey.estimate import Estimate
from cofactor.survey.wald import WaldTest

Floats = npt.NDArray[np.float64]
Transform = Literal["log", "identity", "rank"]

GLOBAL = "global"


@dataclass(frozen=True, eq=False, repr=False)
class ProportionalHazardsTest:
    """Tests that the coefficients of a Cox model do not change with time.

    Attributes
    ----------
    slopes : Estimate
        Of each coefficient, its change per unit of g(t), with the design covariance.
    tests : tuple of WaldTest
        One a formula term, and the last of all of them.
    transform : str
        The g.
    notes : tuple of str
    """

    slopes: Estimate
    tests: tuple[WaldTest, ...]
    transform: str
    notes: tuple[str, ...]

    def table(self) -> pd.DataFrame:
        """Return one row a formula term and one for all: term, f, df1, df2, p."""
        return pd.concat([test.table() for test in self.tests], ignore_index=True).assign(
            term=[*(test.terms[0] for test in self.tests[:-1]), GLOBAL]
        )

    def __repr__(self) -> str:
        """Return the tests as text."""
        notes = "".join(f"\nnote: {note}" for note in self.notes)
        return f"Proportional hazards, g(t) = {self.transform}\n{self.table().to_string(index=False)}{notes}"

    def _repr_html_(self) -> str:
        table = table_html(self.table(), caption=f"Tests of proportional hazards, g(t) = {self.transform}")
        return table + notes_html(self.notes)


def proportional_hazards_test(fit: Fit, *, transform: Transform = "log") -> ProportionalHazardsTest:
    r"""Test proportional hazards by the coefficients of x g(t), with their design-based covariance.

    The model :math:`h(t) = h_0(t) \exp(x'(b + c\,g(t)))` is fitted to the rows of `fit`, with its ties, entries and
    strata, all columns at once; a term's test is the Wald test that its part of c is 0, on F as `wald_test`. The
    estimates and their covariance are those of a survey-weighted Cox model on rows split at every event time.

    Parameters
    ----------
    fit : Fit
        A Cox model.
    transform : {"log", "identity", "rank"}
        g: the logarithm of time; time itself; the rank of the event time among the deaths.

    Returns
    -------
    ProportionalHazardsTest

    Raises
    ------
    FitError
        No Cox model; columns whose change with time the events cannot tell apart; no convergence.

    Notes
    -----
    Cox DR (1972), doi:10.1111/j.2517-6161.1972.tb00899.x; Binder DA (1992), doi:10.1093/biomet/79.1.139. A test on
    residuals that takes sampling weights for counts, as R's ``cox.zph``, is no test here. The work grows with people
    times event times.

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
    >>> proportional_hazards_test(fit).table()["term"].tolist()
    ['x', 'global']
    """
    if transform not in get_args(Transform):
        raise FitError(f"transform={transform!r} is unknown; there are: {', '.join(get_args(Transform))}")
    problem = _problem(fit, transform)
    b = np.asarray(fit.estimate.values)
    with one_blas_thread():
        null = start(problem, b, state_at(problem.matrix, problem.slots, b).hazards)
        _refuse_undetermined(fit, null)
        state = solve_varying(problem, null, f"the test of proportional hazards of {fit.formula!r}")
        slopes = _slopes(fit, problem, state, transform)
    tests, notes = _tests(fit, slopes)
    return ProportionalHazardsTest(slopes, tests, transform, notes)


def _problem(fit: Fit, transform: Transform) -> Problem:
    matrix, slots = rows_of(fit, "a test of proportional hazards")
    return Problem(matrix, slots, _function_of_time(slots, transform))


def _function_of_time(slots: RiskSlots, transform: Transform) -> Floats:
    """Return g at each slot, centred at its mean over the deaths, so that x and x g(t) tell each other apart."""
    live, weight = slots.live, slots.death_weight
    times = slots.times[live]
    if transform == "log" and times.min() <= 0.0:
        raise FitError(f"events at time {times.min():g} have no logarithm; use transform='identity' or 'rank'")
    if transform == "rank":
        at = stats.rankdata(np.repeat(times, slots.deaths[live]))[slots.ladder_start]
    else:
        at = np.log(times) if transform == "log" else times
    g = np.zeros(slots.size)
    g[live] = at - np.average(at, weights=weight[live])
    return g


def _names(fit: Fit, transform: Transform) -> list[str]:
    function = {"log": "log(time)", "identity": "time", "rank": "rank(time)"}[transform]
    return [f"{name}:{function}" for name in fit.terms]


def _refuse_undetermined(fit: Fit, state: Varying) -> None:
    p = len(fit.terms)
    flat = [j for j in range(p) if not state.information[p + j, p + j] > 0.0]
    found = sorted({*flat, *(j - p for j in determined_columns(state.information) if j >= p)})
    if found:
        names = ", ".join(fit.terms[j] for j in found)
        raise FitError(
            f"the events do not tell whether the hazard ratio of {names} changes with time (too few event times at "
            f"which people differ in it); fit {fit.formula!r} without it to test the others"
        )


def _slopes(fit: Fit, problem: Problem, state: Varying, transform: Transform) -> Estimate:
    design, p = fit.design, len(fit.terms)
    totals = psu_totals(problem, state, design.psu_index[fit.used_rows], design.n_psu)
    return Estimate(
        design=design,
        labels=pd.DataFrame({"term": _names(fit, transform)}),
        values=state.theta[p:],
        psu_totals=np.ascontiguousarray(totals[:, p:]),
        df=np.full(p, fit.df),
        influence_rows=_Influence(fit, transform, state),
        tested=True,
        log_scale=True,
        held=design.psus_holding(fit.used_rows),
    )


@dataclass(frozen=True, eq=False)
class _Influence:
    """Gives the influence (n, p) of every row on the slopes when asked; holds no matrix."""

    fit: Fit
    transform: Transform
    state: Varying

    def __call__(self) -> Floats:
        made = np.zeros((len(self.fit.used_rows), len(self.fit.terms)))
        made[self.fit.used_rows] = influence(_problem(self.fit, self.transform), self.state)[:, len(self.fit.terms) :]
        return made


def _tests(fit: Fit, slopes: Estimate) -> tuple[tuple[WaldTest, ...], tuple[str, ...]]:
    """Return the Wald tests of the terms and of all, by a fit whose coefficients are the slopes."""
    of_slopes = replace(fit, estimate=slopes)
    terms = tuple(name for name, positions in fit.spec.terms.items() if positions)
    tests = [wald_test(of_slopes, term) for term in terms]
    if len(fit.terms) <= fit.df:
        return (*tests, wald_test(of_slopes, terms)), ()
    unknown = WaldTest(terms, np.nan, float(len(fit.terms)), np.nan, np.nan)
    note = f"no global test: {len(fit.terms)} coefficients on {fit.df:g} degrees of freedom of the design"
    return (*tests, unknown), (note,)
