"""What chains of imputation start from: who is imputed, what is imputed, and the columns that predict it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import pandas as pd

from cofactor.errors import FitError, UnknownVariableError
from cofactor.models.columns import column, is_category, numbers
from cofactor.models.cox import fit_cox
from cofactor.models.fit import Fit
from cofactor.models.follow_up import FollowUp, Roles, follow_up
from cofactor.models.formula import Cuts, MatrixSpec, design_matrix, known_rows, response_values
from cofactor.models.glm import fit_glm
from cofactor.models.imputation_compatible import Analysis
from cofactor.models.imputation_regression import Rows
from cofactor.models.imputation_targets import Follower, Target, read_target, typed, with_followers
from cofactor.models.parse import ParsedFormula, parse_formula
from cofactor.survey.expression import evaluate, names_in

if TYPE_CHECKING:
    from cofactor.survey.design import SurveyDesign

Floats = npt.NDArray[np.float64]
Mask = npt.NDArray[np.bool_]
Indices = npt.NDArray[np.intp]


@dataclass(frozen=True)
class Question:
    """What is asked for: the analysis, the variables to impute, and what else predicts them."""

    variables: tuple[str, ...]
    formula: str
    roles: Roles | None
    also: tuple[str, ...]
    cycle: str | None
    family: str
    derived: Mapping[str, str]

    def fit(
        self, design: SurveyDesign, start: Mapping[str, float] | None, *, cuts: Cuts | None, like: MatrixSpec
    ) -> Fit:
        """Fit the analysis; a Cox model begins at `start`."""
        if self.roles is None:
            return fit_glm(design, self.formula, family=self.family, cuts=cuts, like=like)
        time, event, entry, strata = self.roles.time, self.roles.event, self.roles.entry, self.roles.strata
        return fit_cox(
            design, self.formula, time=time, event=event, entry=entry, strata=strata or None, cuts=cuts, like=like,
            start=start,
        )  # fmt: skip

    @property
    def parsed(self) -> ParsedFormula:
        """The formula of the analysis."""
        return parse_formula(self.formula)

    def predictors(self, data: pd.DataFrame) -> str:
        """Return the formula of the analysis's right-hand side and of what else predicts in the data."""
        cycles = [] if self.cycle is None or column(data, self.cycle, self.formula).nunique() < 2 else [self.cycle]
        more = [*self.also, *(self.roles.strata if self.roles else ()), *cycles]
        mine = [f"({self.formula.rpartition('~')[2].strip()})"]
        for name in dict.fromkeys(more):
            if name in self.parsed.variables:
                continue
            number = name == self.cycle and not is_category(column(data, name, self.formula))
            mine.append(f"C({name})" if number else f"`{name}`")
        return " + ".join(mine)


@dataclass(frozen=True, eq=False)
class Problem:
    """Everything that a chain needs; a chain copies what it changes.

    Attributes
    ----------
    order : int array (n,)
        Which row of the data each row is; rows are sorted by stratum.
    frame : DataFrame (n rows)
        The variables of the predictors, missing values filled in for a start.
    spec : MatrixSpec
        Makes the columns of predictors.
    rows : Rows
        Standardised columns and strata.
    centre, scale : array (p,)
    targets : tuple of Target
        From the fewest missing values to the most.
    compatible : tuple of bool
        Which targets stand in a product, and must suit the analysis.
    use, own : tuple of int arrays
        Of each target, the columns that predict it, and those that it is in.
    analysis : Analysis, optional
        Where any does.
    """

    order: Indices
    frame: pd.DataFrame
    spec: MatrixSpec
    rows: Rows
    centre: Floats
    scale: Floats
    targets: tuple[Target, ...]
    compatible: tuple[bool, ...]
    use: tuple[Indices, ...]
    own: tuple[Indices, ...]
    analysis: Analysis | None


def make_problem(
    design: SurveyDesign, question: Question, cuts: Cuts | None, rng: np.random.Generator
) -> tuple[Problem, tuple[str, ...]]:
    """Return the problem and notes on who is left out.

    Raises
    ------
    UnknownVariableError, FormulaError, FitError
        See `cofactor.models.imputation_chain.impute`.
    """
    inside, notes = _people(design, question, parse_formula(question.predictors(design.data)))
    parsed = parse_formula(question.predictors(design.data.loc[inside]))
    stratum = design.stratum_of_psu[design.psu_index]
    chosen = np.flatnonzero(inside)
    order = chosen[np.argsort(stratum[chosen], kind="stable")]
    _, group = np.unique(stratum[order], return_inverse=True)
    frame = design.data[list(parsed.variables)].iloc[order].reset_index(drop=True)
    targets = tuple(
        replace(read_target(frame[name], name), followers=_followers(question, name)) for name in question.variables
    )
    targets = tuple(sorted(targets, key=lambda target: len(target.missing)))
    _check_followers(frame, question)
    frame = filled(frame, targets, [start_values(target, rng) for target in targets])
    matrix = design_matrix(
        parsed, frame, np.ones(len(frame), dtype=bool), weights=design.weights[order],
        references=design.data.attrs.get("references"), cuts=cuts,
    )  # fmt: skip
    people, response = _outcome(design, question, order)
    outcome = _outcome_columns(people, response, design.weights[order])
    columns = np.column_stack([matrix.values, np.log(design.weights[order]), outcome])
    centre, scale = columns.mean(axis=0), columns.std(axis=0)
    centre[0], scale[scale < 1e-12] = 0.0, 1.0
    compatible = tuple(_in_product(question.parsed, target.names) for target in targets)
    own = tuple(_columns_with(matrix.spec, target.names) for target in targets)
    covariates, everything = np.arange(columns.shape[1] - outcome.shape[1]), np.arange(columns.shape[1])
    use = tuple(
        np.setdiff1d(covariates if suits else everything, mine) for suits, mine in zip(compatible, own, strict=True)
    )
    starts = np.flatnonzero(np.r_[True, group[1:] != group[:-1]])
    rows = Rows(((columns - centre) / scale).astype(np.float32), group, starts)
    fit = partial(question.fit, cuts=cuts, like=matrix.spec)
    analysis = Analysis(design, order, fit, people, response) if any(compatible) else None
    return Problem(order, frame, matrix.spec, rows, centre, scale, targets, compatible, use, own, analysis), notes


def start_values(target: Target, rng: np.random.Generator) -> Floats:
    """Return values to start from: drawn from the known ones."""
    return np.asarray(rng.choice(target.values[target.known], size=len(target.missing)))


def filled(frame: pd.DataFrame, targets: Sequence[Target], values: Sequence[Floats]) -> pd.DataFrame:
    """Return the frame with values (r,) where targets are missing."""
    made = {}
    for target, new in zip(targets, values, strict=True):
        values_now = frame[target.name].copy()
        if len(target.missing):
            values_now.iloc[target.missing] = typed(values_now, new, target.levels)
        made[target.name] = values_now
    return with_followers(frame.assign(**made), [(target.missing, target.followers) for target in targets])


def _followers(question: Question, name: str) -> tuple[Follower, ...]:
    return tuple(Follower(flag, text) for flag, text in question.derived.items() if name in names_in(text))


def _check_followers(frame: pd.DataFrame, question: Question) -> None:
    """Raise FitError unless each derived flag is what its expression says, and follows from imputed variables."""
    for name, expression in question.derived.items():
        if name in question.variables or not set(names_in(expression)) & set(question.variables):
            raise FitError(f"derived={{{name!r}: {expression!r}}}: it must follow from variables that are imputed")
        told = evaluate(expression, frame).astype("Float64").to_numpy(dtype=np.float64, na_value=np.nan)
        known = numbers(frame[name], name, question.formula)
        wrong = int(((told != known) & ~np.isnan(told)).sum())
        if wrong:
            raise FitError(f"{name!r} is not {expression!r} for {wrong:,} people where this can be told; mend derived=")


def _people(design: SurveyDesign, question: Question, parsed: ParsedFormula) -> tuple[Mask, tuple[str, ...]]:
    """Return who is imputed: people of the domain with all that is not imputed known, where all was asked."""
    analysis = question.parsed
    if clash := sorted(set(question.variables) & _never(question)):
        raise FitError(f"{clash[0]!r} is the outcome, a stratum or the cycle of the model: only covariates are imputed")
    for name in question.variables:
        if name not in parsed.variables:
            raise UnknownVariableError.suggest(name, parsed.variables, f"the model {question.formula!r} and also=")
    others = [
        name for name in (*parsed.variables, *_never(question)) if name not in {*question.variables, *question.derived}
    ]
    kept, missing = known_rows(design.data, design.in_domain, list(dict.fromkeys(others)), question.formula)
    notes = []
    if lost := int(design.in_domain.sum()) - int(kept.sum()):
        which = ", ".join(f"{name} {n:,}" for name, n in missing.items())
        notes.append(f"{lost:,} people lack what is not imputed and stay out: {which}")
    for name in question.variables if question.cycle is not None else ():
        known = design.data[name].notna().to_numpy()
        cycles = design.data[question.cycle].to_numpy()
        unasked = sorted(set(cycles[kept]) - set(cycles[kept & known]), key=str)
        if not unasked:
            continue
        if name not in analysis.variables:
            raise FitError(f"{name!r} is known for nobody in {', '.join(map(str, unasked))}; leave it out of also=")
        notes.append(f"{name} is known for nobody in {', '.join(map(str, unasked))}: not asked, so not imputed there")
        kept &= ~np.isin(cycles, unasked)
    if not kept.any():
        raise FitError(f"nobody is left to impute for {question.formula!r}: {'; '.join(notes) or 'an empty domain'}")
    return kept, tuple(notes)


def _in_product(parsed: ParsedFormula, names: Sequence[str]) -> bool:
    """Return whether a variable, or what follows from it, stands in a product with another."""
    insides = [{one for factor in term.factors for one in factor.variables} for term in parsed.terms]
    return any(inside & set(names) and inside - set(names) for inside in insides)


def _never(question: Question) -> set[str]:
    """Return the columns that are never imputed: the outcome's, and the cycle."""
    parsed = question.parsed
    names = set() if parsed.response is None else set(parsed.response.variables)
    names |= set(question.roles.columns) if question.roles is not None else set()
    return names | ({question.cycle} if question.cycle is not None else set())


def _columns_with(spec: MatrixSpec, names: Sequence[str]) -> Indices:
    """Return the columns of all terms that hold one of the variables."""
    holding = [
        term.name
        for term in spec.parsed.terms
        if term.name in spec.terms and any(name in factor.variables for factor in term.factors for name in names)
    ]
    return np.array(sorted(at for term in holding for at in spec.terms[term]), dtype=np.intp)


def _outcome(design: SurveyDesign, question: Question, order: Indices) -> tuple[FollowUp | None, Floats | None]:
    """Return the follow-up of the rows in `order`, or their response (n,)."""
    rows = np.zeros(len(design.in_domain), dtype=bool)
    rows[order] = True
    if question.roles is None:
        return None, response_values(question.parsed, design.data, rows)[order]
    found = follow_up(design, rows, question.roles, f"the imputation for {question.formula!r}")
    back = np.argsort(np.argsort(order))  # follow_up gives them in the order of the data
    entry = None if found.entry is None else found.entry[back]
    stratum = None if found.stratum is None else found.stratum[back]
    return FollowUp(found.exit[back], found.event[back], entry, stratum), None


def _outcome_columns(people: FollowUp | None, response: Floats | None, weights: Floats) -> Floats:
    """Return the columns (n, 1 or 2) that stand for the outcome: event and cumulative hazard, or the response."""
    if people is None:
        assert response is not None
        return response[:, np.newaxis]
    entry = np.zeros(len(weights)) if people.entry is None else people.entry
    return np.column_stack([people.event, cumulative_hazard(people.exit, people.event, entry, weights)])


def cumulative_hazard(exit_time: Floats, event: Mask, entry: Floats, weights: Floats) -> Floats:
    """Return each person's Nelson-Aalen cumulative hazard between entry and exit, (n,).

    White IR, Royston P (2009), Imputing missing covariate values for the Cox model. doi:10.1002/sim.3618: with the
    event it is what a covariate's distribution depends on, to first order.

    Examples
    --------
    >>> import numpy as np
    >>> times, died = np.array([1.0, 2.0, 2.0]), np.array([True, True, False])
    >>> cumulative_hazard(times, died, np.zeros(3), np.ones(3)).round(3).tolist()
    [0.333, 0.833, 0.833]
    """
    times = np.unique(exit_time[event])
    deaths = np.bincount(np.searchsorted(times, exit_time[event]), weights[event], minlength=len(times))
    left = np.bincount(np.searchsorted(times, exit_time, side="right"), weights, minlength=len(times) + 1)
    came = np.bincount(np.searchsorted(times, entry, side="right"), weights, minlength=len(times) + 1)
    at_risk = np.cumsum(came - left)[:-1]  # entered before a time and not left before it
    hazard = np.r_[0.0, np.cumsum(deaths / at_risk)]
    until, since = (np.searchsorted(times, when, side="right") for when in (exit_time, entry))
    return np.asarray(hazard[until] - hazard[since])
