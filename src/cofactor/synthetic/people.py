"""The people of a cycle with all that is known of them: the one source of the files and of the frame."""

from __future__ import annotations

from dataclasses import dataclass

from cofactor.synthetic.activity import Activity, draw_activity
from cofactor.synthetic.background import Background, draw_background
from cofactor.synthetic.deaths import Deaths, draw_deaths, log_hazard_ratio
from cofactor.synthetic.habits import Habits, draw_habits
from cofactor.synthetic.health import Health, draw_health
from cofactor.synthetic.intake import Intake, draw_intake
from cofactor.synthetic.plan import CyclePlan
from cofactor.synthetic.randomness import stream
from cofactor.synthetic.sample import Sample, draw_sample
from cofactor.synthetic.truth import Truth
from cofactor.synthetic.visit import Visit, draw_visit


@dataclass(frozen=True, eq=False)
class People:
    """The people of a cycle, by topic."""

    plan: CyclePlan
    seed: int
    sample: Sample
    visit: Visit
    background: Background
    habits: Habits
    activity: Activity
    health: Health
    intake: Intake
    deaths: Deaths


def draw_people(plan: CyclePlan, people: int, seed: int, truth: Truth) -> People:
    """Draw the people of a cycle; the same for the same arguments, whatever other cycles are drawn.

    Raises
    ------
    StudyError
        A seed that is not a whole number from 0 up.
    """
    sample = draw_sample(plan, people, stream(seed, plan.cycle, "sample"))
    visit = draw_visit(plan, sample, stream(seed, plan.cycle, "visit"))
    background = draw_background(plan, sample, visit, stream(seed, plan.cycle, "background"))
    habits = draw_habits(plan, sample, visit, background, stream(seed, plan.cycle, "habits"))
    intake = draw_intake(plan, sample, visit, background, stream(seed, plan.cycle, "intake"))
    log_ratio = log_hazard_ratio(plan, sample, visit, background, habits, intake, truth)
    return People(
        plan=plan,
        seed=seed,
        sample=sample,
        visit=visit,
        background=background,
        habits=habits,
        activity=draw_activity(plan, sample, stream(seed, plan.cycle, "activity")),
        health=draw_health(sample, background, habits, stream(seed, plan.cycle, "health")),
        intake=intake,
        deaths=draw_deaths(sample, visit, log_ratio, stream(seed, plan.cycle, "deaths")),
    )
