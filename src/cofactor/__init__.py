"""Magnesium, vitamin D and mortality on public NHANES data, with design-based inference throughout.

The names below are imported from their modules when they are first used, so that ``import cofactor`` is fast.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from cofactor.cohort import catalogue, load
    from cofactor.errors import (
        CofactorError,
        CofactorWarning,
        DesignError,
        FileError,
        FitError,
        FormulaError,
        NotMeasuredError,
        StudyError,
        UnknownVariableError,
        VerificationError,
    )
    from cofactor.models import (
        adjust_pvalues,
        average_marginal_effect,
        contrast,
        cox_residuals,
        crude_risk,
        e_value,
        fit_cox,
        fit_glm,
        interaction_table,
        kaplan_meier,
        marginal_means,
        nelson_aalen,
        predict,
        proportional_hazards_test,
        reri,
        rmst,
        standardized_risk,
        wald_test,
    )
    from cofactor.study import Study, run_study
    from cofactor.survey import (
        SurveyDesign,
        chi_square_test,
        rank_test,
        replicate,
        standardize,
        t_test,
        trend_test,
        us2000_population,
        weighted_mean,
        weighted_proportion,
        weighted_quantile,
        weighted_ratio,
        weighted_total,
    )
    from cofactor.synthetic import synthetic_nhanes

__version__ = "0.1.0"

_HOME = {
    "CofactorError": "errors",
    "CofactorWarning": "errors",
    "DesignError": "errors",
    "FileError": "errors",
    "FitError": "errors",
    "FormulaError": "errors",
    "NotMeasuredError": "errors",
    "Study": "study",
    "StudyError": "errors",
    "SurveyDesign": "survey",
    "UnknownVariableError": "errors",
    "VerificationError": "errors",
    "adjust_pvalues": "models",
    "average_marginal_effect": "models",
    "catalogue": "cohort",
    "chi_square_test": "survey",
    "contrast": "models",
    "cox_residuals": "models",
    "crude_risk": "models",
    "e_value": "models",
    "fit_cox": "models",
    "fit_glm": "models",
    "interaction_table": "models",
    "kaplan_meier": "models",
    "load": "cohort",
    "marginal_means": "models",
    "nelson_aalen": "models",
    "predict": "models",
    "proportional_hazards_test": "models",
    "rank_test": "survey",
    "replicate": "survey",
    "reri": "models",
    "rmst": "models",
    "run_study": "study",
    "standardize": "survey",
    "standardized_risk": "models",
    "synthetic_nhanes": "synthetic",
    "t_test": "survey",
    "trend_test": "survey",
    "us2000_population": "survey",
    "wald_test": "models",
    "weighted_mean": "survey",
    "weighted_proportion": "survey",
    "weighted_quantile": "survey",
    "weighted_ratio": "survey",
    "weighted_total": "survey",
}

__all__ = [
    "CofactorError",
    "CofactorWarning",
    "DesignError",
    "FileError",
    "FitError",
    "FormulaError",
    "NotMeasuredError",
    "Study",
    "StudyError",
    "SurveyDesign",
    "UnknownVariableError",
    "VerificationError",
    "adjust_pvalues",
    "average_marginal_effect",
    "catalogue",
    "chi_square_test",
    "contrast",
    "cox_residuals",
    "crude_risk",
    "e_value",
    "fit_cox",
    "fit_glm",
    "interaction_table",
    "kaplan_meier",
    "load",
    "marginal_means",
    "nelson_aalen",
    "predict",
    "proportional_hazards_test",
    "rank_test",
    "replicate",
    "reri",
    "rmst",
    "run_study",
    "standardize",
    "standardized_risk",
    "synthetic_nhanes",
    "t_test",
    "trend_test",
    "us2000_population",
    "wald_test",
    "weighted_mean",
    "weighted_proportion",
    "weighted_quantile",
    "weighted_ratio",
    "weighted_total",
]


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(f"module 'cofactor' has no attribute {name!r}")
    return getattr(importlib.import_module(f"cofactor.{_HOME[name]}"), name)


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
