"""Run a study: load, choose, fit, and gather everything that a page shows."""

from __future__ import annotations

import dataclasses
import datetime
import logging
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from joblib import Parallel, delayed
from tqdm.auto import tqdm

from cofactor.loaders import data_folder
from cofactor.models import kaplan_meier
from cofactor.models.threads import one_blas_thread
from cofactor.study.characteristics import characteristics_table
from cofactor.study.columns import Points
from cofactor.study.definition import Study
from cofactor.study.headline import headline
from cofactor.study.methods import methods
from cofactor.study.modelling import run_model
from cofactor.study.population import at_risk_by_cycle, counted, missing_table
from cofactor.study.preparing import Data, Prepared, frame_of, prepare, weights_of_models
from cofactor.study.provenance import provenance
from cofactor.study.result import ModelResult, StudyResult
from cofactor.survey import SurveyDesign

if TYPE_CHECKING:
    from cofactor.models import Curve

_log = logging.getLogger(__name__)


def run_study(study: Study, *, data: Data = None, variants: bool = True) -> StudyResult:
    """Run a study on a data folder, or on a frame as `load` returns it.

    Parameters
    ----------
    study : Study
    data : path, DataFrame or None
        A folder of NHANES files; a frame with the study's variables; None for COFACTOR_DATA or the platform's cache.
    variants : bool
        Run the study's variants too. Each loads cycles and variables of its own, so that a frame serves none of them.

    Returns
    -------
    StudyResult

    Raises
    ------
    StudyError
        The study's parts do not fit together, or a step of the population leaves nobody.
    UnknownVariableError, NotMeasuredError
        A variable that the catalogue, a cycle or the frame lacks.
    """
    with one_blas_thread():  # around tables and tests too: a second thread would wait for the variants' core
        return _run_study(study, data, variants)


def _run_study(study: Study, data: Data, variants: bool) -> StudyResult:
    started = datetime.datetime.now(datetime.UTC)
    by_weight = _prepared_by_weight(study, data)
    pending = _begun_variants(study, data, variants)
    models = _fit_models(study, by_weight)
    main = by_weight[study.headline.model]
    partial = StudyResult(
        study=study,
        flow=main.flow,
        cut_points=_cut_table(study, main.cuts),
        characteristics=characteristics_table(main.population, study.characteristics, study.groups),
        curves=_crude_curves(study, main.population),
        at_risk_by_cycle=at_risk_by_cycle(main.population, study.outcomes[0]),
        models=models,
        headline={},
        methods=(),
        provenance={},
        weight_reason=main.weight_reason,
        counted=counted(main.population, study.counted),
        missing=missing_table(main.population, study, main.common),
        variants=next(pending),
    )
    return dataclasses.replace(
        partial,
        headline=headline(partial),
        methods=methods(partial),
        provenance=provenance(study, main.origin, started, _options(data)),
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
    for model in tqdm(others, desc=study.name, unit="model", disable=None, leave=False):
        _log.info("fitting %s", model.name)
        results[model.name] = run_model(study, model, by_weight[model.name], start)
    return {model.name: results[model.name] for model in study.models}


def _crude_curves(study: Study, design: SurveyDesign) -> Curve:
    outcome = study.outcomes[0]
    return kaplan_meier(design, time=f"time_{outcome.name}", event=f"event_{outcome.name}", by=study.groups)


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


def _begun_variants(study: Study, data: Data, wanted: bool) -> Iterator[dict[str, StudyResult]]:
    """Start the variants in a process of their own, and return where their results will come out.

    They wait for nothing of the study's, so that a second core has work meanwhile; the files that they share with it
    were parsed before.
    """
    if not (wanted and study.variants):
        return iter(({},))
    if isinstance(data, pd.DataFrame):
        _log.warning("a frame was given: the variants of %s need a data folder and were not run", study.name)
        return iter(({},))
    # That process may have begun elsewhere, in another folder and with other settings: it is told the place in full.
    folder = data_folder(data).root.resolve()
    results: Iterator[dict[str, StudyResult]] = Parallel(n_jobs=2, return_as="generator")(
        [delayed(_run_variants)(study.variants, folder)]
    )
    return results


def _run_variants(variants: tuple[Study, ...], data: Data) -> dict[str, StudyResult]:
    return {variant.name: run_study(variant, data=data) for variant in variants}


def _options(data: Data) -> dict[str, Any]:
    return {"data": "a data frame" if isinstance(data, pd.DataFrame) else "a folder of NHANES files"}
