"""From a study and its data to the people, columns and designs that its models stand on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from cofactor.cohort import WeightChoice, choose_weight, load
from cofactor.cohort.loading import ALWAYS
from cofactor.errors import StudyError, UnknownVariableError
from cofactor.loaders import parse_cycles
from cofactor.study.columns import Points, make_columns
from cofactor.study.definition import Study
from cofactor.study.names import names_of_model, names_to_load
from cofactor.study.population import Mask, known_rows, outcome_columns, population_flow
from cofactor.study.recalls import day_columns, with_recalls
from cofactor.survey import SurveyDesign

Data = str | Path | pd.DataFrame | None
GIVEN = "the weight of the frame that was given"


@dataclass(frozen=True, eq=False)
class Prepared:
    """Everyone of the cycles under one weight, with the study's columns, population and cut points.

    population : the design whose domain is the study's population. common : (n,) rows complete on all that the study
    names. at_risk : per outcome, who is ever at risk. origin : the attributes of the frame as it was loaded.
    """

    population: SurveyDesign
    flow: pd.DataFrame
    cuts: Mapping[str, Points]
    common: Mask
    at_risk: Mapping[str, Mask]
    origin: Mapping[str, object]

    @property
    def weight_reason(self) -> str:
        """Which weight, and why."""
        return str(self.origin.get("weight_reason", GIVEN))


class _References(dict[str, object]):
    """The reference levels, shared by all copies of a frame: pandas copies attributes with every operation."""

    def __deepcopy__(self, memo: object) -> _References:
        return self


def prepare(study: Study, frame: pd.DataFrame, weight_reason: str | None = None) -> Prepared:
    """Apply the population's steps and make columns, cut points and outcomes."""
    origin = {str(name): value for name, value in frame.attrs.items()}
    if weight_reason is not None:
        origin["weight_reason"] = weight_reason
    frame = frame.copy(deep=False)
    frame.attrs = {"references": _References(origin.get("references", {}))}
    population, flow = population_flow(frame, study.population, study.outcomes[0].event)
    frame, cuts = make_columns(frame, population, study.columns, study.cuts)
    frame = frame.assign(**day_columns(frame, study))
    frame, at_risk = _with_outcomes(frame, study)
    design = SurveyDesign(frame, domain=pd.Series(population, index=frame.index))
    return Prepared(design, flow, cuts, known_rows(frame, study.complete_on), at_risk, origin)


def frame_of(study: Study, data: Data, weight: str = "auto") -> pd.DataFrame:
    """Load the study's variables, or check that a frame has them."""
    names = names_to_load(study)
    if not isinstance(data, pd.DataFrame):
        return with_recalls(load(list(names), cycles=study.cycles, data=data, weight=weight), study, data)
    for name in (*names, *ALWAYS):
        if name not in data.columns:
            raise UnknownVariableError.suggest(name, map(str, data.columns), f"the frame given to study {study.name!r}")
    return data


def weights_of_models(study: Study) -> dict[str, WeightChoice]:
    """Return the weight of each model by name: that of the smallest subsample which its variables rest on."""
    cycles = parse_cycles(study.cycles)
    return {model.name: choose_weight(names_of_model(study, model), cycles) for model in study.models}


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
