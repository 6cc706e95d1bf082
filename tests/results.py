"""One small result of each kind, from a made-up survey: for the tests of pictures and of tables in notebooks."""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np
import pandas as pd

from cofactor import models
from cofactor.models import Fit
from cofactor.survey import (
    SurveyDesign,
    chi_square_test,
    rank_test,
    replicate,
    replicate_weights,
    weighted_mean,
    weighted_proportion,
    weighted_quantile,
)

N = 1200
HOSTILE = "<script>alert('high & $x$')</script>"
"""A level that would run in a notebook if it were not escaped, and that matplotlib would read as mathematics."""


@cache
def survey() -> SurveyDesign:
    """Return a survey of 12 strata with two PSUs each: numbers, flags, categories, a follow-up with causes."""
    rng = np.random.default_rng(20)
    low_d, low_mg = rng.random(N) < 0.4, rng.random(N) < 0.5
    age = rng.uniform(30.0, 80.0, N)
    vitamin_d = np.where(low_d, rng.uniform(15, 50, N), rng.uniform(50, 110, N))
    hazard = 0.004 * np.exp(0.05 * (age - 55) + 0.3 * low_d + 0.2 * low_mg + 0.4 * (low_d & low_mg))
    months = np.minimum(np.ceil(rng.exponential(1 / hazard)), 180.0)
    died = months < 180.0
    data = pd.DataFrame({
        "strata": np.repeat(np.arange(12), N // 12),
        "psu": np.tile(np.repeat([1, 2], N // 24), 12),
        "analysis_weight": rng.uniform(500.0, 9000.0, N),
        "age_years": age,
        "vitd": vitamin_d,
        "magnesium": np.where(low_mg, rng.uniform(150, 300, N), rng.uniform(300, 500, N)),
        "low_d": pd.array(low_d, dtype="boolean"),
        "low_mg": pd.array(low_mg, dtype="boolean"),
        "sex": pd.Categorical(rng.choice(["men", "women"], N)),
        "education": pd.Categorical(rng.choice(["low", HOSTILE, "high"], N), categories=["low", HOSTILE, "high"]),
        "months": months,
        "died": died,
        "cause": pd.Categorical(np.where(rng.random(N) < 0.4, "heart", "other")).set_categories(["heart", "other"]),
    })  # fmt: skip
    data.loc[~died, "cause"] = None
    data["bmi"] = 24.0 + 0.05 * age - 0.02 * vitamin_d + rng.normal(0, 4, N)
    data["obese"] = pd.array(data["bmi"] >= 30, dtype="boolean")
    data["health"] = pd.cut(data["bmi"] + rng.normal(0, 3, N), [-99, 25, 29, 99], labels=["good", "fair", "poor"])
    data["gappy"] = data["bmi"].where(rng.random(N) > 0.2)
    return SurveyDesign(data)


@cache
def cox_fit() -> Fit:
    return models.fit_cox(survey(), "low_d * low_mg + age_years + education", time="months", event="died")


@cache
def numbers_fit() -> Fit:
    return models.fit_cox(survey(), "rcs(vitd, 3) * rcs(magnesium, 3) + age_years", time="months", event="died")


@cache
def results() -> dict[str, Any]:
    """Return a result of each public class, by a name that says which."""
    design, cox = survey(), cox_fit()
    linear = models.fit_glm(design, "bmi ~ vitd + sex + age_years")
    logistic = models.fit_glm(design, "obese ~ low_d + age_years + sex", family="binomial")
    quantiles = models.fit_quantile(design, "bmi ~ vitd + age_years", quantiles=[0.1, 0.25, 0.5, 0.75, 0.9])
    ordinal = models.fit_ordinal(design, "health ~ low_d + age_years")
    imputations = models.impute(design, "gappy", formula="vitd ~ gappy + age_years", seed=1, m=4, rounds=3)
    weights = replicate_weights(design)
    change = models.change_point(
        design, "vitd + age_years", "vitd", time="months", event="died", points=11, between=(25, 90)
    )
    follow: dict[str, Any] = {"time": "months", "event": "died"}
    additive = models.reri(cox, "low_d", "low_mg")
    by_sex = models.fit_cox(design, "low_d * low_mg * sex + age_years", **follow)
    return {
        "design": design,
        "mean": weighted_mean(design, ["vitd"], by="education"),
        "share": weighted_proportion(design, "education", by="sex"),
        "quantile": weighted_quantile(design, "vitd", [0.1, 0.25, 0.5, 0.75, 0.9], by="sex"),
        "chi-square": chi_square_test(design, "education", "sex"),
        "ranks": rank_test(design, "vitd", "education"),
        "replicate weights": weights,
        "replicated": replicate(design, lambda part: weighted_mean(part, "vitd", by="sex")),
        "cox": cox,
        "linear": linear,
        "logistic": logistic,
        "wald": models.wald_test(cox, "education"),
        "over time": models.coefficients_over_time(cox),
        "standard errors": models.covariances(cox),
        "interaction measures": additive,
        "interaction table": models.interaction_table(cox, "low_d", "low_mg"),
        "heterogeneity": models.interaction_heterogeneity(by_sex, "low_d", "low_mg", "sex"),
        "e-value": models.e_value(1.8, 1.3, 2.5),
        "proportional hazards": models.proportional_hazards_test(cox),
        "proportional odds": models.proportional_odds_test(ordinal),
        "quantile fit": quantiles,
        "curve": models.kaplan_meier(design, by="low_d", **follow),
        "cumulative hazard": models.nelson_aalen(design, by="low_d", **follow),
        "incidence": models.cumulative_incidence(design, cause="cause", by="low_d", **follow),
        "dose-response": models.dose_response(numbers_fit(), "vitd", reference=75, at={"magnesium": 300}),
        "surface": models.surface(numbers_fit(), "vitd", "magnesium", reference=(75, 350)),
        "change point": change,
        "profile": change.profile,
        "no change": change.no_change,
        "marginal means": models.marginal_means(logistic, "low_d"),
        "standardised risks": models.standardized_risk(
            cox, "low_d", [False, True], modifier="low_mg", modifier_levels=[False, True], at=[60, 120]
        ),
        "restricted means": models.rmst(design, until=120, by="low_d", **follow),
        "imputations": imputations,
        "pooled": models.pool(imputations, lambda one: models.fit_glm(one, "vitd ~ gappy + age_years")),
        "response weights": models.response_weights(design, "gappy", by=["sex", "low_d"]),
    }
