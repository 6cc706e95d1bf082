"""From a plan and its people to what the page shows: distributions, curve, interaction. Knows no page."""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from cofactor.errors import StudyError
from cofactor.explore.offered import CAUSE, with_unit
from cofactor.explore.plan import TIME, Grouped, Plan
from cofactor.explore.words import group_words
from cofactor.models import (
    dose_response,
    fit_cause_specific,
    fit_cox,
    fit_glm,
    interaction_table,
    wald_test,
)
from cofactor.models.dose_response import DoseResponseCurve
from cofactor.models.fit import Fit
from cofactor.models.knol_vanderweele import InteractionTable
from cofactor.survey import SurveyDesign, weighted_proportion, weighted_quantile
from cofactor.survey.estimate import Estimate
from cofactor.survey.wald import WaldTest

QUARTILES = (0.25, 0.5, 0.75)


@dataclass(frozen=True, eq=False)
class People:
    """The people in question, and where numbers were cut: column -> value."""

    design: SurveyDesign
    cuts: Mapping[str, float]


@dataclass(frozen=True, eq=False)
class Distributions:
    """How exposure and modifier are distributed.

    Attributes
    ----------
    exposure : Estimate
        Quartiles of a number, shares of the levels of anything else, by group of the modifier.
    modifier : Estimate
        Quartiles of a number, shares of levels.
    """

    exposure: Estimate
    modifier: Estimate


@dataclass(frozen=True, eq=False)
class Curves:
    """The curve of the outcome along the exposure in each group of the modifier.

    Attributes
    ----------
    fit : Fit
    by_level : mapping of level to DoseResponseCurve
    reference : float
        Where every curve is 1.
    differ : WaldTest
        That the curves have one shape.
    """

    fit: Fit
    by_level: Mapping[Any, DoseResponseCurve]
    reference: float
    differ: WaldTest


@dataclass(frozen=True, eq=False)
class Interaction:
    """The interaction of groups, and the joint test of all its product terms."""

    fit: Fit
    table: InteractionTable
    product: WaldTest


def people_of(plan: Plan, frame: pd.DataFrame) -> People:
    """Put the people of a frame, as `load` returns it, into the groups of the plan.

    A number is cut in two, closed on the left, at the value chosen or at its weighted median in the domain.

    Raises
    ------
    StudyError
        A cut that leaves one side empty.
    FormulaError, UnknownVariableError, DesignError
        A condition that cannot be judged, or that nobody meets.
    """
    design = SurveyDesign(frame, domain=plan.domain)
    columns: dict[str, pd.Series[Any]] = {}
    cuts: dict[str, float] = {}
    for one in (plan.exposure, plan.modifier):
        if one.number:
            cuts[one.column] = median_of(design, one.variable) if one.cut is None else one.cut
            columns[one.column] = cut_in_two(frame[one.variable], cuts[one.column])
            _check_cut(one, columns[one.column][design.in_domain], cuts[one.column])
    return People(SurveyDesign(frame.assign(**columns), domain=plan.domain), cuts)


def cut_in_two(values: pd.Series[Any], cut: float) -> pd.Series[Any]:
    """Return "lower" below the cut and "higher" from it on, missing where the value is.

    >>> cut_in_two(pd.Series([1.0, 2.0, None]), 2.0).tolist()
    ['lower', 'higher', nan]
    """
    return pd.cut(values, [-np.inf, cut, np.inf], right=False, labels=["lower", "higher"])


def median_of(design: SurveyDesign, name: str) -> float:
    """Return the weighted median of a number in the domain."""
    return float(weighted_quantile(design, name, 0.5).values[0])


def distributions_of(plan: Plan, people: People) -> Distributions:
    """Return quartiles of numbers and shares of levels, with intervals; raises DesignError where nobody is known."""
    return Distributions(
        exposure=_distribution(people.design, plan.exposure, by=plan.modifier.column),
        modifier=_distribution(people.design, plan.modifier),
    )


def curves_of(plan: Plan, people: People) -> Curves:
    """Fit a spline of the exposure in each group of the modifier, and return the curves.

    Raises
    ------
    StudyError
        The exposure is no number.
    FitError, FormulaError
        A model that the data cannot determine; many people with one value, so that knots fall together.
    """
    if not plan.exposure.number:
        raise StudyError(f"{with_unit(plan.exposure.variable)} is no number, so it has no curve; see the table")
    fit = fitted(plan, people, plan.curve_terms)
    reference = people.cuts[plan.exposure.column]
    return Curves(
        fit=fit,
        by_level={
            level: dose_response(fit, plan.exposure.variable, reference=reference, at={plan.modifier.column: level})
            for level in plan.modifier.ordered
        },
        reference=reference,
        differ=wald_test(fit, f"rcs({plan.exposure.variable}):{plan.modifier.column}"),
    )


def interaction_of(plan: Plan, people: People) -> Interaction:
    """Fit the product of both groupings, and return its table and the joint test.

    Raises
    ------
    StudyError
        Nobody is in one of the groups together.
    FitError, FormulaError
        A model that the data cannot determine.
    """
    _check_cells(plan, people)
    fit = fitted(plan, people, plan.table_terms)
    exposure, modifier = plan.exposure, plan.modifier
    return Interaction(
        fit=fit,
        table=interaction_table(
            fit,
            exposure.column,
            modifier.column,
            exposure_levels=exposure.levels,
            modifier_levels=modifier.levels,
        ),
        product=wald_test(fit, f"{exposure.column}:{modifier.column}"),
    )


def fitted(plan: Plan, people: People, terms: str) -> Fit:
    """Fit some terms and the covariates: hazards of a death, else a log-linear model of the share with the outcome."""
    formula = f"{terms} + {plan.covariates}" if plan.covariates else terms
    if plan.cause:
        return fit_cause_specific(people.design, formula, time=TIME, event="died", cause=CAUSE, of=plan.cause)
    if plan.survival:
        return fit_cox(people.design, formula, time=TIME, event="died")
    return fit_glm(people.design, f"{plan.outcome} ~ {formula}", family="poisson")


def _distribution(design: SurveyDesign, one: Grouped, by: str | None = None) -> Estimate:
    if one.number:
        return weighted_quantile(design, one.variable, QUARTILES, by=by)
    return weighted_proportion(design, one.variable, by=by)


def _check_cut(one: Grouped, groups: pd.Series[Any], cut: float) -> None:
    """Raise StudyError where a cut leaves a side empty: where most people share the lowest value, say."""
    for level, words in (("lower", "below"), ("higher", "at or above")):
        if not (groups == level).any():
            raise StudyError(
                f"nobody in question has {with_unit(one.variable)} {words} {cut:g}"
                + (", its weighted median" if one.cut is None else "")
                + "; choose another place to cut, or a yes/no variable"
            )


def _check_cells(plan: Plan, people: People) -> None:
    """Raise StudyError where a level of the exposure never meets one of the modifier, as where one follows from it."""
    columns = [plan.exposure.column, plan.modifier.column]
    inside = people.design.data.loc[people.design.in_domain, columns].dropna()
    there = set(inside.itertuples(index=False, name=None))
    for pair in itertools.product(plan.exposure.levels, plan.modifier.levels):
        if pair not in there:
            words = (
                group_words(one, level, people.cuts)
                for one, level in zip((plan.exposure, plan.modifier), pair, strict=True)
            )
            raise StudyError(
                f"nobody in question is in both groups together: {'; '.join(words)}. Choose other groups, or a modifier"
                " that does not follow from the exposure"
            )
