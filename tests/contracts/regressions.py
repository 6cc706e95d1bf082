"""Rows of the contract: regressions of a number, a category or an event without a time."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pandas as pd

from cofactor.models import (
    change_point,
    energy_adjusted,
    equal_slopes_test,
    fit_glm,
    fit_ordinal,
    fit_quantile,
    impute,
    pool,
    predict_levels,
    proportional_odds_test,
    response_weights,
    slope_difference,
)
from cofactor.survey import SurveyDesign, weighted_mean

from .row import Row, figures

KNOTS = {"derivative": "takes the knots as known, and replicates keep them"}
DENSITY = {
    "repeated rows' errors": "the density at a quantile is looked for less far around it the more rows there are",
    "derivative": "the linear programme moves in steps",
    "jackknife": "the linear programme moves in steps",
}
EXPECTED = {"derivative": "takes the expected information, as R does"}
LINE = "a mean of the residuals takes their line as known"
KINK = "the profile has a kink at each value that people have"
DRAWS = {
    "order": "random numbers are drawn in the order of rows",
    "scale": "the logarithm of the weight is a predictor",
    "labels": "random numbers are drawn in the order of strata",
    "repeated rows": "more rows take more random numbers",
    "zero weight": "rows of weight zero are not imputed, so that the draws differ",
}


def glm(formula: str, **options: str) -> Callable[[SurveyDesign], Any]:
    return lambda d: fit_glm(d, formula, **options)


def completed(d: SurveyDesign) -> list[float]:
    imputed = impute(d, "x", formula="y ~ x + z", seed=1, m=2, rounds=1)
    pooled = pool(imputed, glm("y ~ x + z"))
    return [*pooled.values, *pooled.se]


def averaged(d: SurveyDesign) -> Any:
    """What the nutrient is above the line, by group: 0 over the whole domain."""
    above = replace(d, data=d.data.assign(above=energy_adjusted(d, "y", "z")))
    return weighted_mean(above, "above", by="group")


def reweighted(d: SurveyDesign) -> Any:
    made = response_weights(d, "x", by="group", fewest=1)
    return made.adjusted(weighted_mean(made.design, "x"))


REGRESSIONS = {
    "fit_glm: gaussian": Row(glm("y ~ z + group")),
    "fit_glm: gaussian, x missing for some": Row(glm("y ~ x")),
    "fit_glm: gaussian, spline": Row(glm("y ~ rcs(z, 3)"), lacks=KNOTS),
    "fit_glm: gaussian, log": Row(glm("z ~ group", link="log")),
    "fit_glm: binomial": Row(glm("died ~ z", family="binomial")),
    "fit_glm: binomial, cloglog": Row(glm("died ~ z", family="binomial", link="cloglog"), lacks=EXPECTED),
    "fit_glm: binomial, log": Row(glm("died ~ group", family="binomial", link="log")),
    "fit_glm: poisson": Row(glm("count ~ z + group", family="poisson")),
    "fit_glm: negative binomial": Row(glm("count ~ group", family="negative binomial")),
    "fit_glm: gamma": Row(glm("z ~ group", family="gamma")),
    "fit_ordinal": Row(lambda d: fit_ordinal(d, "third ~ z")),
    "predict_levels": Row(lambda d: predict_levels(fit_ordinal(d, "third ~ z"), pd.DataFrame({"z": [2.0]}))),
    "proportional_odds_test": Row(lambda d: proportional_odds_test(fit_ordinal(d, "third ~ z")).slopes, precision=1e-6),
    "fit_quantile": Row(lambda d: fit_quantile(d, "y ~ z", [0.5]), lacks=DENSITY),
    "slope_difference": Row(
        lambda d: slope_difference(fit_quantile(d, "y ~ z", [0.3, 0.7]), "z", 0.7, 0.3), lacks=DENSITY
    ),
    "equal_slopes_test": figures(
        lambda d: (lambda test: [test.f, test.p])(equal_slopes_test(fit_quantile(d, "y ~ z", [0.3, 0.7]), "z")),
        lacks={"repeated rows": "as its errors: the density depends on how many rows there are"},
    ),
    "change_point": Row(
        lambda d: change_point(d, "bent ~ z", "z", points=5, between=(1.5, 5.0)),
        precision=1e-4,
        lacks={"derivative": KINK, "jackknife": KINK},
    ),
    "energy_adjusted": Row(averaged, lacks={"derivative": LINE, "jackknife": LINE}),
    "response_weights": Row(reweighted),
    "impute": figures(completed, lacks=DRAWS),
    "pool": Row(
        lambda d: pool([glm("y ~ z")(d), glm("y ~ z")(d.within("True"))]),
        lacks=dict.fromkeys(("influence", "derivative", "jackknife"), "a pooled result has no influence"),
    ),
}
