"""Run a study: load, choose, fit, and gather everything that a page shows."""

from __future__ import annotations

import dataclasses
import datetime
import logging
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from joblib import Parallel, delayed
from tqdm.auto import tqdm

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

FITS_AT_ONCE = 2

_log = logging.getLogger(__name__)


def run_study(study: Study, *, data: Data = None, variants: bool = True) -> StudyResult:
    """Run a study on a data folder, or on a frame as `load` returns it.

    Parameters
    ----------
    study : Study
    data : path, DataFrame or None
        A folder of NHANES files; a frame with the study's variables; None for COFACTOR_DATA or the platform's cache.
    variants : bool
        Run the study's variants too (each loads the cycles and variables of its own; a frame serves those it can).

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
    started = datetime.datetime.now(datetime.UTC)
    by_weight = _prepared_by_weight(study, data)
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
        variants=_variants(study, data) if variants else {},
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
    """Fit the models side by side in threads: what takes time in a fit leaves Python's lock."""
    progress = tqdm(study.models, desc=study.name, unit="model", disable=None, leave=False)
    with one_blas_thread():  # around them all: threads that each set and restore it would get in each other's way
        results = Parallel(n_jobs=FITS_AT_ONCE, prefer="threads")(
            delayed(run_model)(study, model, by_weight[model.name]) for model in progress
        )
    return {model.name: result for model, result in zip(study.models, results, strict=True)}


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


def _variants(study: Study, data: Data) -> dict[str, StudyResult]:
    if isinstance(data, pd.DataFrame):
        if study.variants:
            _log.warning("a frame was given: the variants of %s need a data folder and were not run", study.name)
        return {}
    return {variant.name: run_study(variant, data=data) for variant in study.variants}


def _options(data: Data) -> dict[str, Any]:
    return {"data": "a data frame" if isinstance(data, pd.DataFrame) else "a folder of NHANES files"}
