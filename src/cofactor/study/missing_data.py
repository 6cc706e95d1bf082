"""The answers of a study's models side by side: complete cases, imputed, weighted for response.

Each rests on another assumption about those who lack something, so that what they agree on does not hang on one.
"""

from __future__ import annotations

import warnings
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import partial

import joblib
import numpy as np
import pandas as pd

from cofactor.display import notes_html, table_html
from cofactor.errors import CofactorError, CofactorWarning, DesignError, StudyError
from cofactor.models import Fit, Imputations, ResponseWeights, fit_cox, pool, response_weights
from cofactor.progress import progress
from cofactor.study.definition import Study
from cofactor.study.imputing import impute_for, imputed_designs, plan_of
from cofactor.study.modelling import knots_of, roles_of
from cofactor.study.names import names_in_terms
from cofactor.study.parts import MissingData, Model
from cofactor.study.population import population_flow
from cofactor.study.preparing import Prepared
from cofactor.study.questions import Answer, answers_of, questions_of, table_of
from cofactor.study.result import ModelResult
from cofactor.survey import SurveyDesign

FEWEST, MOST = 2, 1000

COMPLETE, IMPUTED, WEIGHTED, WEIGHTED_WIDER = (
    "complete cases",
    "imputed",
    "weighted for response",
    "weighted, exposure not measured included",
)
Start = Mapping[str, float]


@dataclass(frozen=True, eq=False)
class MissingDataAnswers:
    """The answers of models side by side, and what the imputations and weights are made of.

    Attributes
    ----------
    m, seed : int
        Imputations, and the seed of each model's.
    answers : DataFrame
        model, approach, people, events, stand_for (people: more than those counted where they are weighted), quantity
        ("coefficient", "comparison" or "additive"), term, estimate, se, low, high, p, df, missing_information (of the
        imputed), hazard_ratio, ratio_low, ratio_high (missing for RERI).
    imputed : DataFrame
        model, variable, kind, method, missing, share, r_hat.
    cells : DataFrame
        approach, the study's cells, people, known, share_known, factor: of the headline's model.
    notes : tuple of str
        Who stays out of the imputations, and why.
    """

    m: int
    seed: int
    answers: pd.DataFrame
    imputed: pd.DataFrame
    cells: pd.DataFrame
    notes: tuple[str, ...]

    def _repr_html_(self) -> str:
        shown = self.answers[["model", "approach", "term", "people", "hazard_ratio", "ratio_low", "ratio_high", "p"]]
        imputed = table_html(self.imputed, caption=f"What was imputed, {self.m} times", row_headers=2)
        return table_html(shown, caption="Answers by approach", row_headers=3) + imputed + notes_html(self.notes)


def check_imputations(study: Study, m: int, seed: int | None = None) -> MissingData:
    """Return what a study says of missing data; raise StudyError unless m imputations from a seed can be made."""
    if study.missing_data is None:
        raise StudyError(
            f"study {study.name!r} does not say what may be imputed; give it missing_data=MissingData(models=...,"
            " variables=..., cells=...), or run it without imputations"
        )
    if not _whole(m, FEWEST, MOST):
        raise StudyError(
            f"imputations={m}: give a whole number from {FEWEST} to {MOST:,}. Rubin's rules need two to compare, a"
            " report 20 or more; for complete cases alone leave it out"
        )
    if seed is not None and not _whole(seed, 0, None):
        raise StudyError(f"seed={seed}: the imputations need a whole number of 0 or more")
    _check_names(study, study.missing_data)
    return study.missing_data


def _check_names(study: Study, asked: MissingData) -> None:
    """Raise StudyError where what a study says of missing data names what the study does not have, or nothing."""
    for what, named, there in (
        ("models", asked.models, [model.name for model in study.models]),
        ("measured", asked.measured, [step.condition for step in study.population]),
        ("variables", asked.variables, None),
        ("cells", asked.cells, None),
    ):
        if not named and what != "measured":
            raise StudyError(f"study {study.name!r}: its missing_data has no {what}; name them")
        unknown = [name for name in named if there is not None and name not in there]
        if unknown:
            raise StudyError(
                f"study {study.name!r}: its missing_data names {unknown[0]!r} in {what}; there are:"
                f" {', '.join(there or ())}"
            )


def _whole(number: object, low: int, high: int | None) -> bool:
    if isinstance(number, bool) or not isinstance(number, int | np.integer):
        return False
    return low <= int(number) and (high is None or int(number) <= high)


def answer_with_missing_data(
    study: Study,
    models: Mapping[str, ModelResult],
    by_weight: Mapping[str, Prepared],
    *,
    m: int,
    seed: int | None = None,
) -> MissingDataAnswers:
    """Fit the models that a study names again: imputed m times, and weighted for response.

    Each model has imputations of its own, which hold its terms; the chains and the fits run in parallel under
    ``joblib.parallel_config``.

    Raises
    ------
    StudyError
        A number of imputations that cannot be, or a study that does not say what may be imputed.
    CofactorError
        What an imputation or a fit raises, with the study and the model before it.
    """
    asked = check_imputations(study, m, seed)
    seed = asked.seed if seed is None else seed
    tables: list[pd.DataFrame] = []
    imputed: list[pd.DataFrame] = []
    cells = pd.DataFrame()
    notes: list[str] = []
    for name in progress(asked.models, label="missing data", unit="model"):
        where = f"study {study.name!r}, model {name!r}, missing data"
        try:
            made = _of_model(study, models[name], by_weight[name], asked, m, seed)
        except CofactorError as error:
            raise type(error)(f"{where}: {error}") from error
        tables.append(made.answers.assign(model=name))
        imputed.append(made.imputed.assign(model=name))
        notes += [note for note in made.notes if note not in notes]
        if name == study.headline.model or cells.empty:
            cells = made.cells
    return MissingDataAnswers(m, seed, _led(tables), _led(imputed), cells, tuple(notes))


def _led(tables: list[pd.DataFrame]) -> pd.DataFrame:
    """Return tables one below the other, the model first."""
    whole = pd.concat(tables, ignore_index=True)
    return whole[["model", *(name for name in whole if name != "model")]]


@dataclass(frozen=True, eq=False)
class _OfModel:
    answers: pd.DataFrame
    imputed: pd.DataFrame
    cells: pd.DataFrame
    notes: tuple[str, ...]


def _of_model(study: Study, result: ModelResult, prepared: Prepared, asked: MissingData, m: int, seed: int) -> _OfModel:
    model = result.model
    start = dict(zip(result.fit.terms, map(float, result.fit.estimate.values), strict=True))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", CofactorWarning)  # the complete cases' fit has said it
        tables = [_plain(result.fit, model)]
        drawn, pooled = _imputed(study, model, prepared, asked, start, m, seed)
        tables.append(pooled)
        cells = []
        for approach, design in _to_weight(study, model, prepared, asked):
            weights = _weights(study, model, design, asked)
            fit = _fit(study, model, prepared, start, weights.design)
            tables.append(_weighted(approach, fit, model, weights))
            cells.append(weights.cells.assign(approach=approach))
    whole = pd.concat(cells, ignore_index=True)
    whole = whole[["approach", *(name for name in whole if name != "approach")]]
    return _OfModel(pd.concat(tables, ignore_index=True), drawn.table(), whole, drawn.notes[1:])


def _fit(study: Study, model: Model, prepared: Prepared, start: Start, design: SurveyDesign) -> Fit:
    roles = roles_of(study.outcome(model.outcome), design)
    return fit_cox(design, study.formula(model), **roles, cuts=knots_of(prepared), start=start)


def _plain(fit: Fit, model: Model) -> pd.DataFrame:
    tables = [table_of(kind, estimate) for kind, estimate in questions_of(fit, model).items()]
    people = fit.counts.n_used
    return _approach(COMPLETE, tables, people, fit.counts.events or 0, people)


def _imputed(
    study: Study, model: Model, prepared: Prepared, asked: MissingData, start: Start, m: int, seed: int
) -> tuple[Imputations, pd.DataFrame]:
    """Return the imputations and the pooled answers; processes get one design each, and give numbers back."""
    plan = plan_of(study, model, asked)
    drawn = impute_for(study, model, prepared, plan, asked, m=m, seed=seed)
    one = partial(_answers, study.formula(model), model, roles_of(study.outcome(model.outcome), drawn.design))
    run = joblib.Parallel(return_as="generator")
    designs = imputed_designs(study, prepared, plan, drawn)
    made = run(joblib.delayed(one)(knots_of(prepared), start, design) for design in designs)
    answers = list(progress(made, label=f"{model.name}, imputed", unit="fit", total=m))
    tables = [table_of(kind, pool([answer[kind] for answer in answers])) for kind in answers[0]]
    first = next(iter(answers[0].values()))
    return drawn, _approach(IMPUTED, tables, first.people, first.events, first.people)


def _answers(
    formula: str, model: Model, roles: Mapping[str, object], cuts: Mapping[str, tuple[float, ...]], start: Start,
    design: SurveyDesign,
) -> dict[str, Answer]:  # fmt: skip
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", CofactorWarning)  # filters do not travel to other processes
        return answers_of(fit_cox(design, formula, **roles, cuts=cuts, start=start), model)  # type: ignore[arg-type]


def _to_weight(
    study: Study, model: Model, prepared: Prepared, asked: MissingData
) -> Iterator[tuple[str, SurveyDesign]]:
    """Yield whom complete rows shall stand for: the population, then with those whose exposure is unknown."""
    at_risk = prepared.at_risk[model.outcome]
    wholes = [(WEIGHTED, prepared.population)]
    if asked.measured:
        steps = tuple(step for step in study.population if step.condition not in asked.measured)
        data = prepared.population.data
        wider, _ = population_flow(data, steps, study.outcomes[0].event)
        wholes.append((WEIGHTED_WIDER, SurveyDesign(data, domain=pd.Series(wider, index=data.index))))
    for approach, whole in wholes:
        design = whole.within(at_risk)
        yield approach, design.within(model.subset) if model.subset else design


def _weights(study: Study, model: Model, design: SurveyDesign, asked: MissingData) -> ResponseWeights:
    """Return weights by which people whose row is complete stand for all of the domain, within the study's cells.

    Where a cell has too few people the last of the cells' variables is left out, and so on.
    """
    roles = roles_of(study.outcome(model.outcome), design)
    known = study.complete_on if model.rows == "common" else ()
    names = list(dict.fromkeys([*known, *names_in_terms((study.formula(model),)), roles["time"], roles["event"]]))
    for size in range(len(asked.cells), 1, -1):
        try:
            return response_weights(design, names, by=asked.cells[:size])
        except DesignError:
            continue
    return response_weights(design, names, by=asked.cells[:1])


def _weighted(approach: str, fit: Fit, model: Model, weights: ResponseWeights) -> pd.DataFrame:
    tables = [table_of(kind, weights.adjusted(one)) for kind, one in questions_of(fit, model).items()]
    return _approach(approach, tables, fit.counts.n_used, fit.counts.events or 0, int(weights.cells["people"].sum()))


def _approach(approach: str, tables: list[pd.DataFrame], people: int, events: int, stand_for: int) -> pd.DataFrame:
    table = pd.concat(tables, ignore_index=True)
    told = {"approach": approach, "people": people, "events": events, "stand_for": stand_for}
    lead = pd.DataFrame(told, index=table.index)
    return pd.concat([lead, table], axis=1)
