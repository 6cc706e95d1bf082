"""Run a study: load, choose, fit, and gather everything that a page shows."""

from __future__ import annotations

import dataclasses
import datetime
import logging
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from tqdm.auto import tqdm

from cofactor.cohort import load
from cofactor.errors import StudyError, UnknownVariableError
from cofactor.models import kaplan_meier
from cofactor.study.characteristics import characteristics_table
from cofactor.study.columns import Points, make_columns
from cofactor.study.definition import Study
from cofactor.study.headline import headline
from cofactor.study.methods import methods
from cofactor.study.modelling import run_model
from cofactor.study.names import names_to_load
from cofactor.study.population import Mask, known_rows, outcome_columns, population_flow
from cofactor.study.provenance import provenance
from cofactor.study.result import StudyResult
from cofactor.survey import SurveyDesign

_log = logging.getLogger(__name__)


def run_study(study: Study, *, data: str | Path | pd.DataFrame | None = None, variants: bool = True) -> StudyResult:
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
    frame = _frame(study, data)
    population, flow = population_flow(frame, study.population, study.outcomes[0].event)
    frame, cuts = make_columns(frame, population, study.columns, study.cuts)
    frame, at_risk = _with_outcomes(frame, study)
    design = SurveyDesign(frame, domain=pd.Series(population, index=frame.index))
    common = known_rows(frame, study.complete_on)
    models = {}
    for model in tqdm(study.models, desc=study.name, unit="model", disable=None, leave=False):
        _log.info("fitting %s", model.name)
        models[model.name] = run_model(study, model, design, common, at_risk, cuts)
    partial = StudyResult(
        study=study,
        flow=flow,
        cut_points=_cut_table(study, cuts),
        characteristics=characteristics_table(design, study.characteristics, study.groups),
        curves=_crude_curves(study, design),
        models=models,
        headline={},
        methods=(),
        provenance={},
        weight_reason=str(frame.attrs.get("weight_reason", "")),
        missing=missing_table(design, study, common),
        variants=_variants(study, data) if variants else {},
    )
    return dataclasses.replace(
        partial,
        headline=headline(partial),
        methods=methods(partial),
        provenance=provenance(study, frame, started, _options(data)),
    )


def _frame(study: Study, data: str | Path | pd.DataFrame | None) -> pd.DataFrame:
    names = names_to_load(study)
    if not isinstance(data, pd.DataFrame):
        return load(list(names), cycles=study.cycles, data=data)
    for name in (*names, "cycle", "strata", "psu", "analysis_weight"):
        if name not in data.columns:
            raise UnknownVariableError.suggest(name, map(str, data.columns), f"the frame given to study {study.name!r}")
    return data


def _with_outcomes(frame: pd.DataFrame, study: Study) -> tuple[pd.DataFrame, dict[str, Mask]]:
    added: dict[str, pd.Series] = {}
    at_risk: dict[str, Mask] = {}
    for outcome in study.outcomes:
        columns, at_risk[outcome.name] = outcome_columns(frame, outcome)
        added.update(columns)
    taken = sorted(set(added) & set(frame.columns))
    if taken:
        raise StudyError(
            f"study {study.name!r}: the names {', '.join(taken)} belong to the outcomes; rename those columns"
        )
    widened = pd.concat([frame, pd.DataFrame(added, index=frame.index)], axis=1)
    widened.attrs.update(frame.attrs)
    return widened, at_risk


def _crude_curves(study: Study, design: SurveyDesign) -> Any:
    outcome = study.outcomes[0]
    return kaplan_meier(design, time=f"time_{outcome.name}", event=f"event_{outcome.name}", by=study.groups)


def _cut_table(study: Study, cuts: dict[str, Points]) -> pd.DataFrame:
    rows = []
    for cut in study.cuts:
        for level, points in cuts[cut.name].items():
            probs = cut.probs or (np.nan,) * len(points)
            rows += [
                {"cut": cut.name, "of": cut.of, "level": level, "prob": prob, "value": value}
                for prob, value in zip(probs, points, strict=True)
            ]
    return pd.DataFrame(rows, columns=["cut", "of", "level", "prob", "value"])


def missing_table(design: SurveyDesign, study: Study, common: Mask) -> pd.DataFrame:
    """Return, per variable that complete rows need, how much of the population lacks it: people, share, deaths."""
    inside = design.in_domain
    died = design.data[study.outcomes[0].event].fillna(False).to_numpy(dtype=bool)
    weights = design.weights
    rows = []
    for name, lost in [
        *((name, inside & design.data[name].isna().to_numpy()) for name in study.complete_on),
        ("any of these", inside & ~common),
    ]:
        rows.append(
            {
                "variable": name,
                "people": int(lost.sum()),
                "percent": 100.0 * lost.sum() / inside.sum(),
                "weighted_percent": 100.0 * weights[lost].sum() / weights[inside].sum(),
                "deaths": int((lost & died).sum()),
            }
        )
    return pd.DataFrame(rows)


def _variants(study: Study, data: str | Path | pd.DataFrame | None) -> dict[str, StudyResult]:
    if isinstance(data, pd.DataFrame):
        if study.variants:
            _log.warning("a frame was given: the variants of %s need a data folder and were not run", study.name)
        return {}
    return {variant.name: run_study(variant, data=data) for variant in study.variants}


def _options(data: str | Path | pd.DataFrame | None) -> dict[str, Any]:
    return {"data": "a data frame" if isinstance(data, pd.DataFrame) else "a folder of NHANES files"}
