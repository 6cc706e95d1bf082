"""Impute the covariates of a study's model, and make the study's columns again from each set of imputed values."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

import pandas as pd

from cofactor.errors import StudyError
from cofactor.models import Imputations, impute
from cofactor.models.parse import parse_formula
from cofactor.study.columns import columns_again
from cofactor.study.definition import Study, renamed_variables
from cofactor.study.modelling import knots_of, roles_of
from cofactor.study.names import names_in_terms, needs
from cofactor.study.parts import Column, Flag, MissingData, Model
from cofactor.study.preparing import Prepared
from cofactor.survey import SurveyDesign
from cofactor.survey.expression import names_in


@dataclass(frozen=True)
class Plan:
    """What is drawn for a model, from what, and what is made again afterwards.

    formula : of the model, in which columns of the study that rest on an imputed variable are that variable. also :
    further variables that predict what is missing. derived : flags that follow from imputed variables, with the
    expression that makes them. again : the study's columns that rest on imputed variables, each behind what it needs.
    """

    formula: str
    variables: tuple[str, ...]
    also: tuple[str, ...]
    derived: Mapping[str, str]
    again: tuple[Column, ...]


def plan_of(study: Study, model: Model, asked: MissingData) -> Plan:
    """Return the plan of a model's imputation.

    Raises StudyError where an exposure or the subset of the model rests on imputed variables, or a column does in a way
    that cannot be drawn.
    """
    behind = {column.name: _imputed_behind(study, column.name, asked) for column in study.columns}
    again = tuple(column for column in study.columns if behind[column.name] and column.name not in asked.variables)
    formula = study.formula(model)
    used = parse_formula(formula).variables
    where = f"study {study.name!r}, model {model.name!r}"
    for what, names in (
        ("exposure", names_in_terms(model.terms)),
        ("subset", names_in(model.subset) if model.subset else ()),
    ):
        for name in names:
            if name in asked.variables or behind.get(name):
                raise StudyError(
                    f"{where}: its {what} rests on {name!r}, which missing_data would impute; only covariates are. Take"
                    " the model out of its models, or the variable out of its variables"
                )
    derived = {flag: text for flag, text in asked.derived if flag in used}
    for column in again:
        if column.name not in used:
            continue
        if isinstance(column, Flag):
            derived[column.name] = column.condition
        elif len(behind[column.name]) == 1:
            formula = renamed_variables(formula, {column.name: behind[column.name][0]})
        else:
            raise StudyError(
                f"{where}: {column.name!r} is made from {' and '.join(behind[column.name])}, which are imputed; let"
                f" missing_data name {column.name!r} itself among its variables"
            )
    drawn = parse_formula(formula).variables
    beside = [*asked.variables, *(name for text in derived.values() for name in names_in(text))]
    also = tuple(name for name in dict.fromkeys(beside) if name not in drawn)
    return Plan(formula, asked.variables, also, derived, _in_order(again))


def _imputed_behind(study: Study, name: str, asked: MissingData) -> tuple[str, ...]:
    """Return the imputed variables that a name rests on through the study's columns and cuts."""
    parts = {part.name: part for part in (*study.columns, *study.cuts)}
    found: dict[str, None] = {}
    pending = [name]
    while pending:
        one = pending.pop()
        if one in asked.variables:
            found[one] = None
        elif one in parts:
            pending.extend(needs(parts[one]))
    return tuple(found)


def _in_order(columns: tuple[Column, ...]) -> tuple[Column, ...]:
    """Return columns so that each stands behind those of them that it needs; cuts are made already."""
    names = {column.name for column in columns}
    made: list[Column] = []
    pending = list(columns)
    while pending:
        there = {column.name for column in made}
        ready = [column for column in pending if not (set(needs(column)) & names) - there]
        made += ready
        pending = [column for column in pending if column not in ready]
    return tuple(made)


def impute_for(
    study: Study, model: Model, prepared: Prepared, plan: Plan, asked: MissingData, *, m: int, seed: int
) -> Imputations:
    """Return m imputations for everyone of the population who can be in a model."""
    outcome = study.outcome(model.outcome)
    design = prepared.population.within(prepared.at_risk[outcome.name])
    if model.subset:
        design = design.within(model.subset)
    return impute(
        _slim(design, study, model, plan, asked),
        plan.variables,
        formula=plan.formula,
        also=plan.also,
        derived=plan.derived,
        cycle=asked.cycle,
        cuts=knots_of(prepared),
        m=m,
        rounds=asked.rounds,
        seed=seed,
        **roles_of(outcome, design),
    )


def _slim(design: SurveyDesign, study: Study, model: Model, plan: Plan, asked: MissingData) -> SurveyDesign:
    """Return the design with the columns that matter alone: it travels to other processes once for each imputation."""
    roles = roles_of(study.outcome(model.outcome), design)
    parts = {cut.name: cut for cut in study.cuts}
    needed = [name for column in plan.again for name in needs(column)]
    needed += [name for cut in needed if cut in parts for name in needs(parts[cut])]
    names = [
        *parse_formula(study.formula(model)).variables, *parse_formula(plan.formula).variables, *plan.also,
        *plan.variables, *plan.derived, *needed, roles["time"], roles["event"], *(roles["strata"] or ()),
        *filter(None, (roles["entry"], design.strata, design.psu, design.weight, asked.cycle)),
    ]  # fmt: skip
    kept = [name for name in dict.fromkeys(names) if name in design.data]
    return replace(design, data=design.data[kept], domain=pd.Series(design.in_domain, index=design.data.index))


def imputed_designs(study: Study, prepared: Prepared, plan: Plan, imputations: Imputations) -> Iterator[SurveyDesign]:
    """Yield the design with each set of imputed values, and with the study's columns made again from them."""
    population = prepared.population.in_domain
    for design in imputations.designs():
        yield replace(design, data=columns_again(design.data, population, plan.again, study.cuts, prepared.cuts))
