"""A question as data, and its run: the only place where data meet statistics."""

from cofactor.study.definition import Study, canonical_json, renamed_variables
from cofactor.study.finding import find_study_file, load_study
from cofactor.study.missing_data import MissingDataAnswers
from cofactor.study.parts import (
    Adjustment,
    Column,
    Comparison,
    Covariate,
    Crossed,
    Cut,
    DoseResponse,
    Flag,
    Groups,
    Headline,
    Incidence,
    MissingData,
    Model,
    Outcome,
    Residual,
    Scaled,
    Score,
    Step,
    SurfaceOf,
    Test,
)
from cofactor.study.result import ModelResult, StudyResult
from cofactor.study.running import run_study

__all__ = [
    "Adjustment",
    "Column",
    "Comparison",
    "Covariate",
    "Crossed",
    "Cut",
    "DoseResponse",
    "Flag",
    "Groups",
    "Headline",
    "Incidence",
    "MissingData",
    "MissingDataAnswers",
    "Model",
    "ModelResult",
    "Outcome",
    "Residual",
    "Scaled",
    "Score",
    "Step",
    "Study",
    "StudyResult",
    "SurfaceOf",
    "Test",
    "canonical_json",
    "find_study_file",
    "load_study",
    "renamed_variables",
    "run_study",
]
