"""Rows of the contract: times to an event, and to one of several causes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd

from cofactor.models import (
    coefficients_over_time,
    cox_residuals,
    crude_risk,
    cumulative_incidence,
    fit_cause_specific,
    fit_cox,
    fit_fine_gray,
    kaplan_meier,
    nelson_aalen,
    predict,
    proportional_hazards_test,
    rmst,
    standardized_risk,
    standardized_rmst,
)
from cofactor.survey import SurveyDesign

from .row import Row, figures

TIMES = {"time": "months", "event": "died"}
UNTIED = {"time": "exact", "event": "died"}
OF_HEART = {"cause": "cause", "of": "heart"}
EFRON = "Efron's steps go by the mean weight of those who die together: repeated rows have another one"
STEPS = {"repeated rows": EFRON, "repeated rows' errors": EFRON}
FIRTH = "the penalty stands beside weights of mean 1: repeated rows weigh more against it"
PENALTY = {"derivative": "takes the penalty as given", "repeated rows": FIRTH, "repeated rows' errors": FIRTH}


def cox(formula: str = "z", **options: Any) -> Callable[[SurveyDesign], Any]:
    return lambda d: fit_cox(d, formula, **{"ties": "breslow", **TIMES, **options})


def fine_gray(formula: str = "z", **options: Any) -> Callable[[SurveyDesign], Any]:
    asked = {"ties": "breslow", "censoring_by": None, **TIMES, **OF_HEART, **options}
    return lambda d: fit_fine_gray(d, formula, **asked)


def cause_specific(formula: str = "z", **options: Any) -> Callable[[SurveyDesign], Any]:
    return lambda d: fit_cause_specific(d, formula, **{"ties": "breslow", **TIMES, **OF_HEART, **options})


def predicted(model: Callable[[SurveyDesign], Any], kind: str) -> Callable[[SurveyDesign], Any]:
    return lambda d: predict(model(d), pd.DataFrame({"z": [2.0]}), at=6, kind=kind)


def squared_residuals(d: SurveyDesign) -> np.ndarray:
    made = cox_residuals(cox()(d))["martingale"]
    weight = pd.Series(d.weights, index=d.data.index).loc[made.index]
    return np.array([(weight * made**2).sum() / weight.sum()])


EVENTS = {
    "fit_cox: Efron": Row(cox("z + group", ties="efron"), lacks=STEPS),
    "fit_cox: Efron, untied": Row(cox(ties="efron", **UNTIED), lacks=STEPS),
    "fit_cox: Breslow": Row(cox("z + group")),
    "fit_cox: delayed entry": Row(cox(entry="entry")),
    "fit_cox: strata": Row(cox(strata="group")),
    "fit_cox: offset": Row(cox(offset="y")),
    "fit_cox: rows of a person": Row(
        cox(entry="entry", person="person"), lacks={"repeated rows": "a person's rows must not overlap"}
    ),
    "fit_cox: Firth's penalty": Row(cox(penalty="firth"), lacks=PENALTY),
    "cox_residuals": figures(squared_residuals),
    "coefficients_over_time": figures(
        lambda d: coefficients_over_time(cox(**UNTIED)(d)).table()[["time", "estimate", "se"]],
        lacks={"repeated rows": "repeated rows have residuals of their own"},
    ),
    "proportional_hazards_test": Row(lambda d: proportional_hazards_test(cox()(d)).slopes),
    "kaplan_meier": Row(lambda d: kaplan_meier(d, times=[3, 6], **TIMES)),
    "kaplan_meier: by group, delayed entry": Row(
        lambda d: kaplan_meier(d, times=[4, 6], by="group", entry="entry", **TIMES)
    ),
    "nelson_aalen": Row(lambda d: nelson_aalen(d, times=[3, 6], **TIMES)),
    "nelson_aalen: delayed entry": Row(lambda d: nelson_aalen(d, times=[3, 6], entry="entry", **TIMES)),
    "rmst": Row(lambda d: rmst(d, until=6, by="group", **TIMES).differences),
    "crude_risk": Row(lambda d: crude_risk(d, by="group", at=6, **TIMES).differences),
    "cumulative_incidence": Row(lambda d: cumulative_incidence(d, cause="cause", times=[3, 6], **TIMES)),
    "cumulative_incidence: by group, delayed entry": Row(
        lambda d: cumulative_incidence(d, cause="cause", times=[4, 6], by="group", entry="entry", **TIMES)
    ),
    "fit_fine_gray": Row(fine_gray()),
    "fit_fine_gray: Efron": Row(fine_gray(ties="efron"), lacks=STEPS),
    "fit_fine_gray: censoring by group": Row(fine_gray(censoring_by="group")),
    "fit_fine_gray: delayed entry": Row(fine_gray(entry="entry")),
    "fit_fine_gray: strata, offset": Row(fine_gray(strata="group", offset="y")),
    "fit_fine_gray: all three": Row(fine_gray(entry="entry", strata="group", offset="y"), people=20),
    "fit_cause_specific: offset": Row(cause_specific(offset="y")),
    "fit_cause_specific: Firth's penalty": Row(cause_specific(penalty="firth"), lacks=PENALTY),
    "fit_cause_specific": Row(cause_specific()),
    "fit_cause_specific: delayed entry, strata": Row(cause_specific(entry="entry", strata="group")),
    "standardized_risk": Row(lambda d: standardized_risk(cox("group + z")(d), "group", ["a", "b"], at=6).risks),
    "standardized_rmst": Row(
        lambda d: standardized_rmst(cox("group + z")(d), "group", ["a", "b"], until=6).differences
    ),
    "predict: survival": Row(predicted(cox(), "survival")),
    "predict: risk, Fine-Gray": Row(predicted(fine_gray(), "risk")),
}
