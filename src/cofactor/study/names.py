"""Which variables a study must load: every name that it mentions and does not make itself."""

from __future__ import annotations

from collections.abc import Iterable

from cofactor.cohort.loading import ALWAYS
from cofactor.models.parse import parse_formula
from cofactor.study.definition import Study
from cofactor.study.parts import Column, Crossed, Cut, Flag, Groups, Model, Outcome, Residual, Scaled, Score
from cofactor.survey.expression import names_in


def names_in_terms(terms: Iterable[str]) -> tuple[str, ...]:
    """Return the variables of formula terms, as the models read them; functions and the names of knots are none.

    >>> names_in_terms(("rcs(age_years, knots=age_knots) * sex", "I(energy / 1000)"))
    ('age_years', 'sex', 'energy')
    """
    return tuple(dict.fromkeys(name for term in terms for name in parse_formula(term).variables))


def needs(part: Column | Cut) -> tuple[str, ...]:
    """Return the columns and cuts that must exist before this part can be made."""
    match part:
        case Flag():
            return names_in(part.condition)
        case Scaled() | Score():
            return (part.of,)
        case Groups():
            return (part.cut,)
        case Residual():
            return (part.of, part.on, part.by)
        case Crossed():
            return (part.first, part.second)
        case Cut():
            return (part.of, part.by) if part.by else (part.of,)


def outcome_names(outcome: Outcome) -> tuple[str, ...]:
    """Return the columns that an outcome reads."""
    origin = (outcome.origin,) if outcome.origin else ()
    return (outcome.time, outcome.event, *origin, *outcome.strata)


def model_names(study: Study, model: Model) -> tuple[str, ...]:
    """Return the columns and cuts that a model's formula, outcome and subset mention."""
    covariates = tuple(covariate.term for covariate in study.adjustment(model.adjustment).covariates)
    subset = names_in(model.subset) if model.subset else ()
    return (
        *names_in_terms((*model.terms, *covariates)),
        *subset,
        *outcome_names(study.outcome(model.outcome)),
    )


def names_of_model(study: Study, model: Model) -> tuple[str, ...]:
    """Return the variables behind a model and its population: the study's own columns are taken back to what they use.

    The weight of the model is chosen from these.
    """
    parts = {part.name: part for part in (*study.columns, *study.cuts)}
    pending = [name for step in study.population for name in names_in(step.condition)]
    pending += model_names(study, model)
    found: dict[str, None] = {}
    while pending:
        name = pending.pop()
        if name in parts:
            pending.extend(needs(parts[name]))
        elif name not in ALWAYS:
            found[name] = None
    return tuple(found)


def names_to_load(study: Study) -> tuple[str, ...]:
    """Return the variables to ask of the cohort for this study (its variants are studies of their own)."""
    wanted: dict[str, None] = {}
    for step in (*study.population, *study.counted):
        wanted.update(dict.fromkeys(names_in(step.condition)))
    for part in (*study.columns, *study.cuts):
        wanted.update(dict.fromkeys(needs(part)))
    for model in study.models:
        wanted.update(dict.fromkeys(model_names(study, model)))
    for outcome in study.outcomes:
        wanted.update(dict.fromkeys(outcome_names(outcome)))
    wanted.update(dict.fromkeys((*study.characteristics, *study.complete_on, study.groups)))
    if study.incidence is not None:
        wanted[study.incidence.cause] = None
    if study.missing_data is not None:
        wanted.update(dict.fromkeys((*study.missing_data.variables, *study.missing_data.cells)))
    made = {column.name for column in study.columns} | {cut.name for cut in study.cuts} | set(ALWAYS)
    return tuple(name for name in wanted if name not in made)
