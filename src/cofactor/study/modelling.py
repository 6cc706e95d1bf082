"""Fit one model of a study, and read from it what the study asks for."""

from __future__ import annotations

import warnings
from collections.abc import Mapping
from dataclasses import replace
from typing import TypedDict

import numpy as np
import pandas as pd

from cofactor.errors import CofactorError, CofactorWarning
from cofactor.models import (
    Fit,
    OverTime,
    coefficients_over_time,
    contrast,
    design_effects,
    fit_cox,
    interaction_table,
    proportional_hazards_test,
    reri,
    standardized_risk,
    standardized_rmst,
    surface,
    wald_test,
)
from cofactor.study.definition import Study
from cofactor.study.error_dial import error_dial_table
from cofactor.study.parts import DoseResponse, Model, Outcome, SurfaceOf
from cofactor.study.preparing import Prepared
from cofactor.study.result import ModelResult
from cofactor.survey import Estimate, SurveyDesign, delta, joint
from cofactor.survey.quantiles import weighted_quantile_values


def run_model(study: Study, model: Model, prepared: Prepared, start: Mapping[str, float] | None = None) -> ModelResult:
    """Fit a model on its rows and extract hazard ratios, comparisons, tests, interaction and curve.

    start : coefficients of a model much alike, to begin from.

    Raises and warns what the fit does, with the model's name before it.
    """
    where = f"study {study.name!r}, model {model.name!r}"
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        try:
            result = _run_model(study, model, prepared, start)
        except CofactorError as error:
            raise type(error)(f"{where}: {error}") from error
    for item in caught:
        own = issubclass(item.category, CofactorWarning)
        warnings.warn(f"{where}: {item.message}" if own else str(item.message), item.category, stacklevel=2)
    return result


def _run_model(study: Study, model: Model, prepared: Prepared, start: Mapping[str, float] | None) -> ModelResult:
    outcome = study.outcome(model.outcome)
    population = prepared.population
    rows = prepared.at_risk[outcome.name] & (prepared.common if model.rows == "common" else True)
    design = population.within(rows)
    if model.subset:
        design = design.within(model.subset)
    formula = study.formula(model)
    fit = fit_cox(design, formula, **roles_of(outcome, design), cuts=knots_of(prepared), start=start)
    interaction = None
    additive = None
    if model.additive:
        exposure, modifier = model.additive
        additive = reri(fit, exposure, modifier).table()
        interaction = interaction_table(fit, exposure, modifier)
    return ModelResult(
        model=model,
        formula=formula,
        fit=fit,
        hazard_ratios=_hazard_ratios(fit, model.coefficients),
        comparisons=_comparisons(fit, model),
        tests=_tests(fit, model),
        additive=additive,
        interaction=interaction,
        standardized=_standardized(fit, model.additive, model.standardized),
        surface=_surface(fit, model.surface),
        error_dial=None if model.error_dial is None else error_dial_table(fit, model.error_dial),
        over_time=_over_time(fit, model),
        curve=_curve(fit, model.curve, population) if model.curve else None,
        proportional_hazards=proportional_hazards_test(fit).table() if model.proportional_hazards else None,
        diagnostics=design_effects(fit),
        weight_reason=prepared.weight_reason,
    )


class Roles(TypedDict):
    """The columns of a Cox model's outcome, as the models take them."""

    time: str
    event: str
    entry: str | None
    strata: list[str] | None


def roles_of(outcome: Outcome, design: SurveyDesign) -> Roles:
    """Return the columns of an outcome; an entry where the design has one."""
    entry = f"entry_{outcome.name}"
    return {
        "time": f"time_{outcome.name}",
        "event": f"event_{outcome.name}",
        "entry": entry if entry in design.data else None,
        "strata": list(outcome.strata) or None,
    }


def knots_of(prepared: Prepared) -> dict[str, tuple[float, ...]]:
    """Return the cut points that formulas name: those that are not made apart by a category."""
    return {name: points[""] for name, points in prepared.cuts.items() if "" in points}


def _standardized(fit: Fit, pair: tuple[str, str] | None, months: float | None) -> pd.DataFrame | None:
    """Risks by some months in the four cells of two flags, what compares them, and RERI of independent hazards."""
    if pair is None or months is None:
        return None
    first, second = pair
    both = [False, True]
    made = standardized_risk(fit, first, both, at=months, modifier=second, modifier_levels=both)
    single = [contrast(fit, {**none, name: True}, none) for none in [{first: False, second: False}] for name in pair]
    expected = delta(joint(*single), lambda b: np.expm1(b[:1]) * np.expm1(b[1:]), ["(HR10 - 1)(HR01 - 1)"])
    means = standardized_rmst(fit, first, both, until=months, modifier=second, modifier_levels=both)
    parts = {
        "risk": made.risks,
        "difference": made.differences,
        "interaction": made.interaction,
        "expected RERI": replace(expected, log_scale=False, tested=False),
        "restricted mean": means.means,
        "difference in restricted mean": means.differences,
    }
    tables = [part.table().assign(quantity=name) for name, part in parts.items() if part is not None]
    table = pd.concat(tables, ignore_index=True)
    return table[["quantity", *(name for name in table.columns if name != "quantity")]]


def _over_time(fit: Fit, model: Model) -> OverTime | None:
    """The course of the exposure's coefficients, beside the test of proportional hazards."""
    if not model.proportional_hazards:
        return None
    return coefficients_over_time(fit, list(_hazard_ratios(fit, model.coefficients)["term"]))


def _surface(fit: Fit, asked: SurfaceOf | None) -> pd.DataFrame | None:
    return None if asked is None else surface(fit, asked.first, asked.second, reference=asked.reference).table()


def with_ratios(table: pd.DataFrame) -> pd.DataFrame:
    """Add hazard_ratio, ratio_low and ratio_high to a table of log hazard ratios."""
    with np.errstate(over="ignore"):  # the limits of a coefficient that runs away
        return table.assign(
            hazard_ratio=np.exp(table["estimate"]),
            ratio_low=np.exp(table["low"]),
            ratio_high=np.exp(table["high"]),
        )


def _hazard_ratios(fit: Fit, terms: tuple[str, ...]) -> pd.DataFrame:
    table = with_ratios(fit.table())
    if not terms:
        return table
    return table.iloc[list(fit.spec.positions(terms))].reset_index(drop=True)


def _comparisons(fit: Fit, model: Model) -> pd.DataFrame:
    tables = [
        with_ratios(contrast(fit, dict(item.high), dict(item.low)).table()).assign(term=item.label)
        for item in model.comparisons
    ]
    return pd.concat(tables, ignore_index=True) if tables else pd.DataFrame()


def _tests(fit: Fit, model: Model) -> pd.DataFrame:
    tests = [(item, wald_test(fit, list(item.terms))) for item in model.tests]
    return pd.DataFrame(
        [
            {
                "label": item.label,
                "terms": ", ".join(item.terms),
                "f": test.f,
                "df1": test.df1,
                "df2": test.df2,
                "p": test.p,
            }
            for item, test in tests
        ]
    )


def _curve(fit: Fit, asked: DoseResponse, population: SurveyDesign) -> pd.DataFrame:
    """Hazard ratios along the variable against its reference, within each level of the modifier."""
    inside = population.in_domain
    values = population.data[asked.variable].to_numpy(dtype=float, na_value=np.nan)
    known = inside & np.isfinite(values)
    low, high = weighted_quantile_values(values[known], population.weights[known], np.asarray(asked.probs))
    grid = np.linspace(low, high, asked.points)
    levels = [None] if asked.modifier is None else list(pd.unique(population.data.loc[known, asked.modifier].dropna()))
    tables = []
    for level in sorted(levels, key=str):
        held = {} if asked.modifier is None else {asked.modifier: level}
        estimate = _along(fit, asked, grid, held)
        table = with_ratios(estimate.table()).drop(columns="term")
        table.insert(0, "value", grid)
        if asked.modifier is not None:
            table.insert(0, asked.modifier, str(level))
        tables.append(table)
    return pd.concat(tables, ignore_index=True)


def _along(fit: Fit, asked: DoseResponse, grid: np.ndarray, held: dict[str, object]) -> Estimate:
    high = {asked.variable: grid, **{name: [value] * len(grid) for name, value in held.items()}}
    low = {asked.variable: asked.reference, **held}
    return contrast(fit, high, low)
