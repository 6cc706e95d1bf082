"""Fine-Gray regression of a subdistribution hazard under a survey design."""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, get_args

import numpy as np
import numpy.typing as npt
import pandas as pd

from cofactor.errors import CofactorWarning, FitError, UnknownVariableError
from cofactor.models.causes import Causes, cause_words, read_causes
from cofactor.models.cox_matrix import centred, centred_in_place
from cofactor.models.cox_slots import Ties
from cofactor.models.fine_gray_kernel import FineGraySolution, solve_fine_gray
from cofactor.models.fine_gray_sets import SubdistributionSets, subdistribution_sets
from cofactor.models.fit import Fit, assemble
from cofactor.models.follow_up import Roles, follow_up, read_roles
from cofactor.models.formula import Cuts, MatrixSpec
from cofactor.models.rows import ModelRows, model_rows
from cofactor.models.threads import one_blas_thread

if TYPE_CHECKING:
    from cofactor.survey.design import SurveyDesign

Floats = npt.NDArray[np.float64]
Mask = npt.NDArray[np.bool_]
Indices = npt.NDArray[np.intp]
FAMILY = "Fine-Gray subdistribution hazard"
KIND = "subdistribution hazard ratios (Fine-Gray): for prognosis; for aetiology read cause-specific hazard ratios"


def fit_fine_gray(
    design: SurveyDesign,
    formula: str,
    *,
    time: str,
    event: str,
    cause: str,
    of: Any | Sequence[Any],
    entry: str | None = None,
    strata: str | Sequence[str] | None = None,
    offset: str | None = None,
    censoring_by: str | None = "cycle",
    censoring_weighted: bool = True,
    ties: Ties = "efron",
    cuts: Cuts | None = None,
    like: MatrixSpec | None = None,
) -> Fit:
    r"""Fit a proportional model of the subdistribution hazard of one cause, with design-based covariance.

    Who had an event of another cause stays in the risk sets after it, with the share :math:`G(t-)/G(b_i-)` of their
    weight, G being the Kaplan-Meier curve of not being censored yet. The coefficients solve
    :math:`\sum_i d_i w_i (x_i - \bar x(t_i)) = 0` over the events of the cause, with the means over these risk sets.
    The hazard ratios order the cumulative incidences of the cause by covariates: they are for prognosis, how many will
    die of it. A covariate that raises deaths from other causes lowers them; for aetiology take
    `fit_cause_specific`. The influence includes that of the people on G.

    Parameters
    ----------
    design : SurveyDesign
        n rows; those outside its domain keep their PSUs and carry zero influence.
    formula : str
        The right-hand side, e.g. ``"rcs(age_years) * sex + smoking"``.
    time, event : str
        Columns: time at exit, and whether an event of any cause happened then (a flag, or 0 and 1), as ``died``.
    cause : str
        Column of the cause, as ``cause_of_death``, read where the event happened. An event without a cause counts as
        one of another cause, and is counted in the notes.
    of : level or sequence of levels
        The cause, or causes, in question.
    entry : str, optional
        Column of the time of delayed entry: at risk at t when entry < t <= time. The share of who had another event is
        then :math:`G(t-)H(t-)/\{G(b_i-)H(b_i-)\}`, H being the product-limit curve of having entered.
    strata : str or sequence of str, optional
        Columns whose combinations of levels have a baseline hazard each, and curves of censoring and entry each: many
        people are needed in each.
    offset : str, optional
        Column that is added to the linear predictor without a coefficient.
    censoring_by : str or None
        Column of the groups that have a censoring curve each: people of one cycle are followed for equally long. None:
        one curve for all (of a stratum).
    censoring_weighted : bool
        By the weights of the design, its estimation being part of the influence. False: each person counts as one, and
        the curve as known; with ``censoring_by=None`` this is R's.
    ties : {"efron", "breslow"}
    cuts, like
        As in `fit_cox`.

    Returns
    -------
    Fit
        Log subdistribution hazard ratios, of the kind "fine_gray". ``extra["baseline"]`` is the cumulative
        subdistribution hazard at each event time of a person with the mean covariates, ``extra["centre"]``.

    Raises
    ------
    FormulaError, UnknownVariableError
        See `cofactor.models.formula.design_matrix`; a column that the data do not have.
    FitError
        No event of the cause; a cause that the column does not have; an event that is not 0 or 1; a time that is
        negative, 0 or not after the entry; late entry that leaves nobody under observation at some time after people
        have entered; collinear columns; no degrees of freedom; no convergence.

    Warns
    -----
    CofactorWarning
        A coefficient that runs to infinity; more parameters than degrees of freedom.

    Notes
    -----
    Fine JP, Gray RJ (1999), A proportional hazards model for the subdistribution of a competing risk. JASA 94:496-509.
    doi:10.1080/01621459.1999.10474144. Geskus RB (2011), doi:10.1111/j.1541-0420.2010.01420.x, for the weights, with
    late entry too. Zhou B and others (2011), doi:10.1111/j.1541-0420.2010.01493.x, for strata.
    Latouche A and others (2013), doi:10.1016/j.jclinepi.2012.09.017, on reading both kinds of ratio side by side.
    Efron's ties as in `fit_cox`. R: ``coxph`` on the rows of ``finegray`` has the same coefficients with unweighted
    curves; its robust error leaves out that of the curves, and any design.

    Examples
    --------
    >>> import numpy as np, pandas as pd
    >>> from cofactor.survey import SurveyDesign
    >>> i = np.arange(60)
    >>> people = pd.DataFrame({
    ...     "analysis_weight": 1.0 + i % 3, "strata": i % 6, "psu": i // 6 % 2, "months": 1 + i * 7 % 12,
    ...     "died": i % 4 > 0, "why": np.where(i % 5 > 1, "heart", "cancer"), "x": (i * 5 % 11) / 10})
    >>> fit = fit_fine_gray(SurveyDesign(people), "x", time="months", event="died", cause="why", of="heart",
    ...                     censoring_by=None)
    >>> round(fit.coefficient("x"), 3)
    -0.083
    """
    where = f"the Fine-Gray model {formula!r}"
    if ties not in get_args(Ties):
        raise FitError(f"ties={ties!r} is unknown; there are: {', '.join(get_args(Ties))}")
    _check_censoring_by(design, censoring_by, where)
    causes = read_causes(design, event, cause, where)
    main = causes.among(of, where)
    roles = read_roles(time, event, entry, strata, offset)
    others = (*roles.columns, *([] if censoring_by is None else [censoring_by]))
    rows = model_rows(design, formula, others=others, event=main.astype(np.float64), cuts=cuts, like=like)
    if len(rows.matrix.columns) == 1:
        raise FitError(f"{where} has no term; cumulative_incidence() gives the curve without covariates")
    people = follow_up(design, rows.used, roles, where)
    if not main[rows.used].any():
        raise FitError(f"{where} has no event of {cause_words(of)} in the {len(people.exit):,} rows used; widen it")
    group = _sharing(design, rows.used, [*roles.strata, *others[len(roles.columns) :]])
    sets = subdistribution_sets(
        people, main[rows.used], group, rows.weights / rows.weights.mean(), ties=ties, weighted=censoring_weighted,
        where=where,
    )  # fmt: skip
    model, totals = _fitted(design, rows, sets)
    rows = replace(rows, matrix=rows.matrix.without_intercept())
    return _result(model, totals, rows, causes, of, ties, roles, censoring_by)


def _sharing(design: SurveyDesign, used: Mask, names: list[str]) -> Indices | None:
    """Return codes of who shares the curves among the rows used, (m,): the levels of these columns together."""
    if not names:
        return None
    groups = design.data.loc[used, list(dict.fromkeys(names))]
    return np.asarray(groups.groupby(list(groups), observed=True).ngroup(), dtype=np.intp)


@dataclass(frozen=True, eq=False)
class _Model:
    """What was fitted; called, it gives the influence (n, p) of every row, from the description of the matrix."""

    design: SurveyDesign
    spec: MatrixSpec
    rows: Mask
    sets: SubdistributionSets
    solution: FineGraySolution
    centre: Floats

    def __call__(self) -> Floats:
        values = self.spec.new_rows(self.design.data.loc[self.rows])
        made = np.zeros((self.rows.size, values.shape[1]))
        with one_blas_thread():
            made[self.rows] = self.solution.influence(centred(values, self.centre), self.sets)
        return made


def _fitted(design: SurveyDesign, rows: ModelRows, sets: SubdistributionSets) -> tuple[_Model, Floats]:
    """Return what was fitted, and the PSU totals (G, p) of its influence."""
    spec, used = rows.matrix.spec.without_intercept(), rows.used
    with one_blas_thread():
        matrix = centred_in_place(rows.matrix.values, sets.slots.weights)
        solution = solve_fine_gray(matrix, sets, spec.columns, spec.formula)
        totals = solution.psu_totals(matrix, sets, design.psu_index[used], design.n_psu)
    return _Model(design, spec, used, sets, solution, matrix.centre), totals


def _result(
    model: _Model,
    totals: Floats,
    rows: ModelRows,
    causes: Causes,
    of: Any,
    ties: Ties,
    roles: Roles,
    censoring_by: str | None,
) -> Fit:
    solution, slots, state = model.solution, model.sets.slots, model.solution.state
    of_offset = 0.0 if roles.offset is None else float(slots.weights[slots.dead] @ slots.offset[slots.dead])
    stratum = {"stratum": slots.stratum[slots.live]} if roles.strata else {}
    fit = assemble(
        model.design,
        rows,
        kind="fine_gray",
        coefficients=state.b,
        totals=totals,
        influence_rows=model,
        naive_covariance=solution.inverse_information,
        log_likelihood=state.log_likelihood + of_offset,
        null_log_likelihood=solution.null_log_likelihood + of_offset,
        log_scale=True,
        notes=_notes(model, rows, causes, of, ties, censoring_by),
        family=FAMILY,
        link="log",
        ties=ties,
        outcome={
            "time": roles.time, "event": roles.event, "of": cause_words(of), "entry": roles.entry,
            "strata": ", ".join(roles.strata) or None, "offset": roles.offset, "censoring_by": censoring_by,
        },
        extra={
            "iterations": solution.iterations,
            "model": model,
            "roles": roles,
            "baseline": pd.DataFrame({
                **stratum, "time": slots.times[slots.live], "cumulative_hazard": state.hazards.cumulated[slots.live],
            }),
            "centre": pd.Series(model.centre, index=list(model.spec.columns)),
        },
    )  # fmt: skip
    kind = pd.DataFrame({"hazard": ["subdistribution"] * len(fit.terms)})
    return replace(fit, estimate=replace(fit.estimate, extra=kind))


def _notes(
    model: _Model, rows: ModelRows, causes: Causes, of: Any, ties: Ties, censoring_by: str | None
) -> tuple[str, ...]:
    used, curve = rows.used, model.sets.curve
    freedom = model.design.degrees_of_freedom(used)
    made = [
        KIND,
        f"ties by {ties.capitalize()}; {rows.counts.events:,} events of {cause_words(of)}, "
        f"{len(model.sets.competing):,} of other causes; {freedom} degrees of freedom",
        f"censoring curve: {'weighted' if curve.weighted else 'unweighted, taken as known'}, "
        + ("one for all" if censoring_by is None else f"one for each {censoring_by} ({len(curve.slots.starts)})"),
    ]
    unknown = int((causes.unknown & used).sum())
    if unknown:
        made.append(f"events without a cause: {unknown:,}; they count as events of other causes")
    if model.solution.monotone:
        names = ", ".join(rows.matrix.columns[j] for j in model.solution.monotone)
        made.append(
            f"the likelihood grows without bound in {names} (a monotone likelihood: a group without events?): the "
            "value shown is where the iterations stopped, and its interval means nothing; merge levels or leave the "
            "term out"
        )
        warnings.warn(made[-1], CofactorWarning, stacklevel=4)
    return tuple(made)


def _check_censoring_by(design: SurveyDesign, name: str | None, where: str) -> None:
    if name is not None and name not in design.data.columns:
        raise UnknownVariableError(
            f"{where} takes a censoring curve for each level of {name!r}, which the data lack; give the column of the "
            "groups that were followed for equally long, or censoring_by=None for one curve"
        )
