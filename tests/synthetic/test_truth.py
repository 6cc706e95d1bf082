"""The planted truth: its names are those of the fitted terms, its deaths follow it, and a fit finds it."""

from __future__ import annotations

import importlib.util
from types import ModuleType

import numpy as np
import pandas as pd
import pytest
from scipy import stats

import cofactor
from cofactor.errors import StudyError, UnknownVariableError
from cofactor.models.formula import design_matrix
from cofactor.resources import resource_folder
from cofactor.study.columns import make_columns
from cofactor.study.population import known_rows, population_flow
from cofactor.synthetic import Truth, synthetic_people
from cofactor.synthetic.deaths import BASELINE, GROWTH, draw_deaths
from cofactor.synthetic.people import draw_people
from cofactor.synthetic.plan import PLANS
from cofactor.synthetic.randomness import stream

CYCLES = "2001-2018"


@pytest.fixture(scope="module")
def analysis() -> ModuleType:
    path = resource_folder("analyses") / "mg_vitd_mortality.py"
    spec = importlib.util.spec_from_file_location("mg_vitd_mortality", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def prepare(study, truth: Truth):
    """The design of the main job on synthetic people, and its cut points."""
    frame = synthetic_people(people=3000, seed=5, truth=truth, cycles=CYCLES)
    population, _ = population_flow(frame, study.population, "died")
    wanted = {"vitd_capped_per_25", "magnesium_adequate", "energy_per_1000", "activity_third"}
    columns = tuple(column for column in study.columns if column.name in wanted)
    cuts = tuple(cut for cut in study.cuts if cut.name in {"age_knots", "bmi_knots", "activity_cuts"})
    frame, points = make_columns(frame, population, columns, cuts)
    design = cofactor.SurveyDesign(frame, domain=pd.Series(population, index=frame.index))
    complete = design.within(known_rows(frame, study.complete_on))
    return complete, {name: levels[""] for name, levels in points.items() if "" in levels}


def test_truth_has_every_term_of_the_primary_model_and_no_other(analysis):
    design, cuts = prepare(analysis.MAIN, Truth())
    formula = analysis.MAIN.formula(analysis.PRIMARY)
    matrix = design_matrix(formula, design.data, design.in_domain, weights=design.weights, cuts=cuts)
    assert set(Truth().parameters(CYCLES)) == set(matrix.without_intercept().columns)


@pytest.mark.parametrize(
    "truth",
    [
        Truth(),
        Truth(vitd_capped_per_25=0.0, magnesium_adequate=0.0, product=0.0),
        Truth(vitd_capped_per_25=0.3, product=-0.6, age_per_year=0.03, smoking={"former": -0.5}, per_cycle=0.1),
    ],
    ids=["as by default", "neither nutrient matters", "far from the default"],
)
def test_planted_truth_is_recovered(analysis, truth):
    design, cuts = prepare(analysis.MAIN, truth)
    formula = analysis.MAIN.formula(analysis.PRIMARY)
    fit = cofactor.fit_cox(design, formula, time="followup_months_exam", event="died", cuts=cuts)
    table = fit.table().set_index("term")
    planted = pd.Series(truth.parameters(CYCLES))
    z = (table["estimate"] - planted[table.index]) / table["se"]
    assert z.abs().max() < 4.0
    assert 0.5 < (z**2).mean() < 2.0  # neither far off nor suspiciously near, over 43 parameters


def test_months_to_death_follow_the_gompertz_distribution():
    """Against scipy's Gompertz: its shape c at scale s has hazard c / s exp(t / s)."""
    people = draw_people(PLANS[1], 20_000, 7, Truth())
    log_ratio = np.full(20_000, 6.0)
    deaths = draw_deaths(people.sample, people.visit, log_ratio, stream(7, "deaths"))
    adults = people.sample.age >= 18
    scale = 1.0 / GROWTH
    expected = stats.gompertz(c=BASELINE * np.exp(6.0) * scale, scale=scale)
    for months in (24, 60, 120, 200):
        share = np.mean(deaths.died[adults] & (deaths.from_exam[adults] < months))
        error = np.sqrt(expected.cdf(months) * expected.sf(months) / adults.sum())
        # A few eligible people in a thousand are not linked.
        assert share == pytest.approx(expected.cdf(months) * 0.998, abs=4 * error)


def test_parameters_of_cycles_are_counted_from_the_first_cycle_fitted():
    truth = Truth(per_cycle=-0.1)
    assert truth.parameters("2007-2018")["cycle[2009-2010]"] == pytest.approx(-0.1)
    assert "cycle[2007-2008]" not in truth.parameters("2007-2018")


def test_an_unknown_level_is_named():
    with pytest.raises(UnknownVariableError, match="former"):
        Truth(smoking={"formerly": 0.2})


@pytest.mark.parametrize("value", [float("nan"), float("inf"), 40.0])
def test_a_log_hazard_ratio_is_a_moderate_number(value):
    with pytest.raises(StudyError, match="product"):
        Truth(product=value)
