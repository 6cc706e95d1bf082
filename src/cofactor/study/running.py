"""Run a study: load, choose, fit, and gather everything that a page shows."""

from __future__ import annotations

import dataclasses
import datetime
import logging
import warnings
from collections.abc import Generator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from joblib import Parallel, delayed

from cofactor.loaders import data_folder
from cofactor.models import cumulative_incidence, kaplan_meier
from cofactor.models.threads import one_blas_thread
from cofactor.progress import progress
from cofactor.study.characteristics import characteristics_table
from cofactor.study.columns import Points
from cofactor.study.confounding import e_values
from cofactor.study.definition import Study
from cofactor.study.headline import headline
from cofactor.study.methods import methods
from cofactor.study.missing_data import answer_with_missing_data, check_imputations
from cofactor.study.modelling import run_model
from cofactor.study.names import names_to_load
from cofactor.study.parts import Incidence
from cofactor.study.population import at_risk_by_cycle, counted, missing_table
from cofactor.study.preparing import Data, Prepared, frame_of, prepare, weights_of_models
from cofactor.study.provenance import now, provenance
from cofactor.study.result import ModelResult, StudyResult
from cofactor.survey import SurveyDesign

if TYPE_CHECKING:
    from cofactor.models import Curve
    from cofactor.study.quality import DataQuality

    Beside = tuple[dict[str, StudyResult], DataQuality | None]

_log = logging.getLogger(__name__)


def run_study(
    study: Study,
    *,
    data: Data = None,
    variants: bool = True,
    quality: bool = True,
    imputations: int | None = None,
    seed: int | None = None,
) -> StudyResult:
    """Run a study on a data folder, or on a frame as `load` returns it.

    Parameters
    ----------
    study : Study
    data : path, DataFrame or None
        A folder of NHANES files; a frame with the study's variables; None for COFACTOR_DATA or the platform's cache.
    variants : bool
        Run the study's variants too. Each loads cycles and variables of its own, so that a frame serves none of them.
    quality : bool
        Describe the data quality of the study's variables too (`data_quality`); it reads raw columns, so that a frame
        does not serve it either.
    imputations : int, optional
        Set the answers of the models that the study's `missing_data` names beside those from so many imputations (20 or
        more in a report) and from response weights; without it complete cases alone. Chains and fits run in parallel
        under ``joblib.parallel_config``.
    seed : int, optional
        Of the imputations; the study's own if not given.

    Returns
    -------
    StudyResult

    Raises
    ------
    StudyError
        The study's parts do not fit together, a step of the population leaves nobody, or imputations are asked that
        cannot be.
    UnknownVariableError, NotMeasuredError
        A variable that the catalogue, a cycle or the frame lacks.
    """
    if imputations is not None:
        check_imputations(study, imputations, seed)  # before anything is read
    with one_blas_thread():  # around tables and tests too: a second thread would wait for the variants' core
        result, by_weight = _run_study(study, data, variants, quality)
        return result if imputations is None else _with_missing_answers(result, by_weight, imputations, seed)


def _with_missing_answers(
    result: StudyResult, by_weight: Mapping[str, Prepared], imputations: int, seed: int | None
) -> StudyResult:
    """Add what imputation and response weights answer; the words and the provenance follow.

    It comes last: what ran beside is done, and every core is free for the chains.
    """
    answers = answer_with_missing_data(result.study, result.models, by_weight, m=imputations, seed=seed)
    whole = dataclasses.replace(result, missing_answers=answers)
    made = result.provenance
    return dataclasses.replace(
        whole,
        methods=methods(whole),
        provenance={
            **made,
            "options": {**made["options"], "imputations": imputations, "seed of the imputations": answers.seed},
            "wasGeneratedBy": {**made["wasGeneratedBy"], "finished": now()},
        },
    )


def _run_study(study: Study, data: Data, variants: bool, quality: bool) -> tuple[StudyResult, Mapping[str, Prepared]]:
    started = datetime.datetime.now(datetime.UTC)
    by_weight = _prepared_by_weight(study, data)
    pending = _begun_beside(study, data, variants, quality)
    try:
        return _gathered(study, by_weight, pending, started, _options(data)), by_weight
    except BaseException:
        _abandon(pending)
        raise


def _gathered(
    study: Study,
    by_weight: Mapping[str, Prepared],
    pending: Generator[Beside],
    started: datetime.datetime,
    options: Mapping[str, Any],
) -> StudyResult:
    """Fit, count and tell, and take at last what was worked out beside."""
    models = _fit_models(study, by_weight)
    main = by_weight[study.headline.model]
    characteristics = characteristics_table(main.population, study.characteristics, study.groups)
    curves = _crude_curves(study, main.population)
    missing = missing_table(main.population, study, main.common)
    others, described = next(pending)  # last: the other process has worked meanwhile
    partial = StudyResult(
        study=study,
        flow=main.flow,
        cut_points=_cut_table(study, main.cuts),
        characteristics=characteristics,
        curves=curves,
        at_risk_by_cycle=at_risk_by_cycle(main.population, study.outcomes[0]),
        models=models,
        headline={},
        methods=(),
        provenance={},
        weight_reason=main.weight_reason,
        counted=counted(main.population, study.counted),
        missing=missing,
        variants=others,
        quality=described,
        e_values=e_values(study, models),
        incidence=_incidence(study, main.population),
        incidence_curves=_incidence_curves(study, main.population),
    )
    return dataclasses.replace(
        partial,
        headline=headline(partial),
        methods=methods(partial),
        provenance=provenance(study, main.origin, started, options),
    )


def _prepared_by_weight(study: Study, data: Data) -> dict[str, Prepared]:
    """Return what each model stands on, by its name; models of one weight share it."""
    if isinstance(data, pd.DataFrame):
        given = prepare(study, frame_of(study, data))
        return {model.name: given for model in study.models}
    choices = weights_of_models(study)
    reasons = {choice.name: choice.reason for choice in choices.values()}
    made = {weight: prepare(study, frame_of(study, data, weight), reason) for weight, reason in reasons.items()}
    return {name: made[choice.name] for name, choice in choices.items()}


def _fit_models(study: Study, by_weight: Mapping[str, Prepared]) -> dict[str, ModelResult]:
    """Fit the headline's model, then the others, each beginning where that one ended."""
    first = study.model(study.headline.model)
    results = {first.name: run_model(study, first, by_weight[first.name])}
    start = dict(zip(results[first.name].fit.terms, results[first.name].fit.estimate.values, strict=True))
    others = [model for model in study.models if model is not first]
    for model in progress(others, label=study.name, unit="model"):
        _log.info("fitting %s", model.name)
        results[model.name] = run_model(study, model, by_weight[model.name], start)
    return {model.name: results[model.name] for model in study.models}


def _crude_curves(study: Study, design: SurveyDesign) -> Curve:
    outcome = study.outcomes[0]
    return kaplan_meier(design, time=f"time_{outcome.name}", event=f"event_{outcome.name}", by=study.groups)


def _incidence(study: Study, design: SurveyDesign) -> pd.DataFrame:
    """Crude cumulative incidence of each cause in the study's groups, where it asks for it."""
    if study.incidence is None:
        return pd.DataFrame()
    return _incidence_of(study, study.incidence, design, study.groups, [study.incidence.months])


def _incidence_curves(study: Study, design: SurveyDesign) -> pd.DataFrame:
    """The same of everyone, month by month."""
    if study.incidence is None:
        return pd.DataFrame()
    months = [float(month) for month in range(1, int(study.incidence.months) + 1)]
    return _incidence_of(study, study.incidence, design, None, months)


def _incidence_of(
    study: Study, asked: Incidence, design: SurveyDesign, by: str | None, times: list[float]
) -> pd.DataFrame:
    time, event = (f"{role}_{study.outcomes[0].name}" for role in ("time", "event"))
    return cumulative_incidence(design, time=time, event=event, cause=asked.cause, by=by, times=times).table()


def _cut_table(study: Study, cuts: Mapping[str, Points]) -> pd.DataFrame:
    rows = []
    for cut in study.cuts:
        for level, points in cuts[cut.name].items():
            probs = cut.probs or (np.nan,) * len(points)
            rows += [
                {"cut": cut.name, "of": cut.of, "level": level, "prob": prob, "value": value}
                for prob, value in zip(probs, points, strict=True)
            ]
    return pd.DataFrame(rows, columns=["cut", "of", "level", "prob", "value"])


def _begun_beside(study: Study, data: Data, variants: bool, quality: bool) -> Generator[Beside]:
    """Start the variants and the data quality in a process of their own; return where their results will come out.

    They wait for nothing of the study's, so that a second core has work meanwhile; the files that they share with it
    were parsed before.
    """
    others = study.variants if variants else ()
    if not (others or quality):
        return _nothing()
    if isinstance(data, pd.DataFrame):
        if others:
            _log.warning("a frame was given: the variants of %s need a data folder and were not run", study.name)
        return _nothing()
    # That process may have begun elsewhere, in another folder and with other settings: it is told the place in full.
    folder = data_folder(data).root.resolve()
    results: Generator[Beside] = Parallel(n_jobs=2, return_as="generator")(
        [delayed(_run_beside)(others, study if quality else None, folder)]
    )
    return results


def _nothing() -> Generator[Beside]:
    yield {}, None


def _abandon(pending: Generator[Beside]) -> None:
    """Stop what runs beside. That its work is lost is no news after an error, though joblib warns of it."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        pending.close()


def _run_beside(variants: tuple[Study, ...], described: Study | None, data: Path) -> Beside:
    others = {variant.name: run_study(variant, data=data, quality=False) for variant in variants}
    return others, None if described is None else _quality(described, data)


def _quality(study: Study, data: Path) -> DataQuality:
    from cofactor.study.quality import data_quality

    title = f"the variables of the study {study.name}"
    with one_blas_thread():
        return data_quality(names_to_load(study), cycles=study.cycles, data=data, title=title)


def _options(data: Data) -> dict[str, Any]:
    return {"data": "a data frame" if isinstance(data, pd.DataFrame) else "a folder of NHANES files"}
