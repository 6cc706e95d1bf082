"""The parts of the results: each from an explorer and a plan to a fragment of the page."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from dataclasses import dataclass

from shiny.ui import TagChild, TagList, tags

from cofactor.errors import CofactorError
from cofactor.explore import views
from cofactor.explore.explorer import Explorer, curve_key, distribution_key, table_key
from cofactor.explore.offered import label
from cofactor.explore.pictures import curves_picture, exposure_picture, modifier_picture
from cofactor.explore.plan import Plan
from cofactor.explore.tables import cells_table, measures_table, people_lines, quartiles_table
from cofactor.explore.words import note_words, outcome_words, plain_number
from cofactor.report.format import p_value
from cofactor.survey.wald import WaldTest

Show = Callable[[Explorer, Plan, bool], TagChild]

READING = (
    "A RERI above 0 says that the excesses of the two together are more than their sum; a product term above 1, more "
    "than their product. The two can disagree. These are associations, not effects."
)


@dataclass(frozen=True)
class Part:
    """A part of the results.

    name : of its output. make : from explorer, plan and whether the data are synthetic to a fragment. key : what of a
    plan it depends on.
    """

    name: str
    make: Show
    key: Callable[[Plan], Hashable]

    def show(self, explorer: Explorer, plan: Plan, synthetic: bool) -> TagChild:
        """Return the fragment, made anew only where something that it depends on has changed."""
        return explorer.kept(("shown", self.name, self.key(plan)), lambda: self.make(explorer, plan, synthetic))


def _distributions(explorer: Explorer, plan: Plan, synthetic: bool) -> TagChild:
    people, found = explorer.people(plan), explorer.distributions(plan)
    of_exposure = exposure_picture(plan, people, found.answer, synthetic=synthetic)
    of_modifier = modifier_picture(plan, people, found.answer, synthetic=synthetic)
    exposure, modifier = label(plan.exposure.variable), label(plan.modifier.variable)
    return TagList(
        tags.div(
            views.picture(of_exposure, f"{exposure}, by {modifier}. Weighted."),
            views.picture(of_modifier, f"{modifier}. Weighted."),
            class_="side-by-side",
        ),
        views.folded(quartiles_table(plan, people, found.answer)),
        views.notes((*found.answer.exposure.notes, *found.warnings)),
    )


def _curve(explorer: Explorer, plan: Plan, synthetic: bool) -> TagChild:
    people, found = explorer.people(plan), explorer.curves(plan)
    shown = curves_picture(plan, people, found.answer, synthetic=synthetic)
    caption = (
        f"{plan.measure.capitalize()} of {outcome_words(plan)}, against {plain_number(found.answer.reference)} in the"
        " same group, as far as anybody is in it; restricted cubic splines, their knots at the ticks below; shaded:"
        " pointwise 95% intervals."
    )
    return TagList(
        views.picture(shown, caption),
        tags.p(_test("That the curves have one shape", found.answer.differ), class_="test"),
        views.notes((*found.answer.fit.notes, *found.warnings)),
    )


def _interaction(explorer: Explorer, plan: Plan, synthetic: bool) -> TagChild:
    people, found = explorer.people(plan), explorer.interaction(plan)
    joint = _test("All product terms together", found.answer.product)
    several = len(plan.exposure.levels) * len(plan.modifier.levels) > 4
    return TagList(
        tags.p(f"Outcome: {outcome_words(plan)}."),
        views.table(cells_table(plan, people, found.answer)),
        views.table(measures_table(plan, people, found.answer)),
        tags.p(joint, class_="test") if several else None,
        tags.p(READING, class_="test"),
        views.notes(note_words(note, plan, people.cuts) for note in (*found.answer.table.notes, *found.warnings)),
    )


def _people(explorer: Explorer, plan: Plan, synthetic: bool) -> TagChild:
    people = explorer.people(plan)
    try:
        found = explorer.interaction(plan).answer
    except CofactorError:  # said where the table would be
        found = None
    return views.sentences(people_lines(plan, people, found))


def _test(words: str, test: WaldTest) -> str:
    p = p_value(test.p)
    return f"{words}: F({test.df1:g}, {test.df2:g}) = {test.f:.3g}, p {p if p[0] in '<>' else f'= {p}'}."


PARTS = (
    Part("distributions", _distributions, distribution_key),
    Part("curve", _curve, curve_key),
    Part("interaction", _interaction, table_key),
    Part("people", _people, table_key),
)
"""In the order of the page; the code comes after them."""
