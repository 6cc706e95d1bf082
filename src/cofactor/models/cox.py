"""Cox regression under a survey design."""

from __future__ import annotations

import warnings
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, Literal, get_args

import numpy as np
import numpy.typing as npt
import pandas as pd

from cofactor.errors import CofactorWarning, FitError
from cofactor.models.cox_arrays import fit_arrays, matrix_taken_over
from cofactor.models.cox_kernel import CoxSolution, solve_cox
from cofactor.models.cox_matrix import centred
from cofactor.models.cox_slots import RiskSlots, Ties
from cofactor.models.firth import solve_firth
from cofactor.models.fit import Fit, assemble
from cofactor.models.follow_up import Roles, event_values, follow_up, read_roles
from cofactor.models.formula import Cuts, MatrixSpec
from cofactor.models.person_rows import check_person_rows
from cofactor.models.rows import ModelRows, model_rows
from cofactor.models.threads import one_blas_thread

if TYPE_CHECKING:
    from cofactor.survey.design import SurveyDesign

Floats = npt.NDArray[np.float64]
Mask = npt.NDArray[np.bool_]


def fit_cox(
    design: SurveyDesign,
    formula: str,
    *,
    time: str,
    event: str,
    entry: str | None = None,
    strata: str | Sequence[str] | None = None,
    offset: str | None = None,
    person: str | None = None,
    ties: Ties = "efron",
    penalty: Literal["firth"] | None = None,
    cuts: Cuts | None = None,
    like: MatrixSpec | None = None,
    start: Mapping[str, float] | None = None,
) -> Fit:
    r"""Fit a proportional hazards model by weighted partial likelihood, with design-based covariance.

    The coefficients solve :math:`\sum_i d_i w_i (x_i - \bar x(t_i)) = 0`, where :math:`\bar x(t)` is the mean over
    those at risk at t, weighted by :math:`w \exp(x'b)`. Row i's influence is its weighted score residual times the
    inverse information; the design makes the covariance of its PSU totals.

    Parameters
    ----------
    design : SurveyDesign
        n rows; those outside its domain keep their PSUs and carry zero influence.
    formula : str
        The right-hand side, e.g. ``"rcs(age_years) * sex + smoking"``.
    time, event : str
        Columns: time at exit, and whether the event happened then (a flag, or 0 and 1). Whole or half months are
        fastest; any unit will do. A person is at risk until the exit, that time included.
    entry : str, optional
        Column of the time of delayed entry: at risk at t when entry < t <= time.
    strata : str or sequence of str, optional
        Columns whose combinations of levels have a baseline hazard each.
    offset : str, optional
        Column that is added to the linear predictor without a coefficient.
    person : str, optional
        Column of whose row it is, where covariates change with time and a person has a row for each interval (entry,
        time]: the intervals are checked, and the notes count people. Weights and PSU stand in each of the rows.
    ties : {"efron", "breslow"}
        Follow-up in whole months ties heavily, where Breslow's is biased towards 0.
    penalty : {"firth"}, optional
        Firth's, which keeps the coefficient of a group without events finite; see `cofactor.models.firth`.
    cuts : mapping, optional
        Knots by name, for ``rcs(x, knots=name)``.
    like : MatrixSpec, optional
        ``other_fit.spec``: take its levels, references and knots.
    start : mapping, optional
        Coefficients to begin from, by name, of a model that is much alike (those not named begin at 0): fewer steps to
        the same maximum.

    Returns
    -------
    Fit
        Log hazard ratios; ``.table(exponentiate=True)`` gives hazard ratios. ``extra["baseline"]`` is the cumulative
        hazard at each event time of a person with the mean covariates, which are ``extra["centre"]``.

    Raises
    ------
    FormulaError, UnknownVariableError
        See `cofactor.models.formula.design_matrix`.
    FitError
        No event; an event that is not 0 or 1; a time that is negative, 0, or not after the entry; intervals of a person
        that overlap or go on after the event; collinear columns;
        no degrees of freedom; no convergence.

    Warns
    -----
    CofactorWarning
        A coefficient that runs to infinity (a group without events): a result with a note. More parameters than
        degrees of freedom.

    Notes
    -----
    Binder DA (1992), Fitting Cox's proportional hazards models from survey data. Biometrika 79:139-147.
    doi:10.1093/biomet/79.1.139. Lin DY (2000), On fitting Cox's proportional hazards models to survey data. Biometrika
    87:37-47. doi:10.1093/biomet/87.1.37. Efron B (1977), doi:10.1080/01621459.1977.10480613; tied deaths have their
    mean weight in each of Efron's steps, as in R's survival. R: ``svycoxph(..., method = "efron")``.

    Examples
    --------
    >>> import pandas as pd
    >>> from cofactor.survey import SurveyDesign
    >>> people = pd.DataFrame({
    ...     "analysis_weight": 1.0, "strata": [1, 1, 1, 1, 2, 2, 2, 2], "psu": [1, 1, 2, 2, 1, 1, 2, 2],
    ...     "months": [6, 12, 3, 9, 8, 10, 2, 7], "died": [1, 0, 1, 1, 0, 1, 1, 0], "x": [1.0, 0, 1, 0, 0, 1, 1, 0]})
    >>> fit = fit_cox(SurveyDesign(people), "x", time="months", event="died")
    >>> round(fit.coefficient("x"), 4)
    1.75
    """
    if penalty not in (None, "firth"):
        raise FitError(f"penalty={penalty!r} is unknown; there is 'firth'")
    if ties not in get_args(Ties):
        raise FitError(f"ties={ties!r} is unknown; there are: {', '.join(get_args(Ties))}")
    where = f"the Cox model {formula!r}"
    roles = read_roles(time, event, entry, strata, offset)
    happened = event_values(design.data, event, where)
    rows = model_rows(
        design, formula, others=roles.columns, event=happened, cuts=cuts, like=like, may_be_collinear=True
    )
    if len(rows.matrix.columns) == 1:
        raise FitError(f"{where} has no term; kaplan_meier() gives the curve without covariates")
    people = follow_up(design, rows.used, roles, where)
    counted = None if person is None else check_person_rows(design, rows.used, person, people, where)
    with one_blas_thread():
        matrix = matrix_taken_over(rows.matrix.values, rows.weights)
    rows = replace(rows, matrix=rows.matrix.without_intercept())
    columns = rows.matrix.columns
    begin = None if start is None else np.array([start.get(name, 0.0) for name in columns])
    made = fit_arrays(
        matrix, people.exit, people.event, rows.weights, design.psu_index[rows.used], design.n_psu,
        entry=people.entry, stratum=people.stratum, offset=people.offset, ties=ties, columns=columns,
        formula=formula, solve=partial(solve_cox, begin=begin) if penalty is None else solve_firth,
    )  # fmt: skip
    return _result(design, rows, roles, made.slots, made.solution, made.psu_totals, ties, counted)


def _result(
    design: SurveyDesign, rows: ModelRows, roles: Roles, slots: RiskSlots, solution: CoxSolution, totals: Floats,
    ties: Ties, counted: str | None,
) -> Fit:  # fmt: skip
    spec = rows.matrix.spec
    of_offset = 0.0 if roles.offset is None else float(slots.weights[slots.dead] @ slots.offset[slots.dead])
    return assemble(
        design,
        rows,
        kind="cox",
        coefficients=solution.coefficients,
        totals=totals,
        influence_rows=_Influence(design, spec, rows.used, slots, solution),
        naive_covariance=solution.inverse_information,
        log_likelihood=solution.log_likelihood + of_offset,
        null_log_likelihood=solution.null_log_likelihood + of_offset,
        log_scale=True,
        unbounded=solution.monotone,
        notes=(*_notes(design, rows, solution, ties), *([] if counted is None else [counted])),
        ties=ties,
        outcome={
            "time": roles.time, "event": roles.event, "entry": roles.entry, "strata": ", ".join(roles.strata) or None,
            "offset": roles.offset,
        },
        extra={
            "iterations": solution.iterations,
            "roles": roles,
            "baseline": _baseline(slots, solution),
            "centre": pd.Series(solution.centre, index=list(spec.columns)),
        },
    )  # fmt: skip


@dataclass(frozen=True, eq=False)
class _Influence:
    """Gives the influence (n, p) of every row when asked, from the description of the matrix; holds no matrix."""

    design: SurveyDesign
    spec: MatrixSpec
    rows: Mask
    slots: RiskSlots
    solution: CoxSolution

    def __call__(self) -> Floats:
        values = self.spec.new_rows(self.design.data.loc[self.rows])
        made = np.zeros((self.rows.size, values.shape[1]))
        made[self.rows] = self.solution.influence(centred(values, self.solution.centre), self.slots)
        return made


def _baseline(slots: RiskSlots, solution: CoxSolution) -> pd.DataFrame:
    """Return time and cumulative hazard of a person at the centre, by Cox stratum where there are several."""
    stratum = {"stratum": slots.stratum[slots.live]} if len(slots.starts) > 1 else {}
    hazard = solution.hazards.cumulated[slots.live]
    return pd.DataFrame({**stratum, "time": slots.times[slots.live], "cumulative_hazard": hazard})


def _notes(design: SurveyDesign, rows: ModelRows, solution: CoxSolution, ties: str) -> tuple[str, ...]:
    freedom = design.degrees_of_freedom(rows.used)
    notes = (f"ties by {ties.capitalize()}; {rows.counts.events:,} events; {freedom} degrees of freedom",)
    if solution.penalised:
        return (*notes, "Firth's penalty: the errors take the penalty as given")
    if not solution.monotone:
        return notes
    names = ", ".join(rows.matrix.columns[j] for j in solution.monotone)
    runaway = (
        f"the likelihood grows without bound in {names} (a monotone likelihood: a group without events?): the value "
        "shown is where the iterations stopped, and it has no interval; merge levels, leave the term out, or give "
        'penalty="firth"'
    )
    warnings.warn(runaway, CofactorWarning, stacklevel=4)
    return (*notes, runaway)
