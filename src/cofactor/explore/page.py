"""The page: what is on it, and where. What it shows is in `views`, what it does in `session`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from shiny import ui
from shiny.ui import Tag, TagList, tags

from cofactor.cohort import variable
from cofactor.explore.choices import Choices
from cofactor.explore.offered import COVARIATES, default_reference, exposures, is_number, levels_of, outcomes
from cofactor.loaders.cycles import CYCLES, parse_cycles

ASSETS = Path(__file__).parent / "assets"


@dataclass(frozen=True)
class Opening:
    """What a page opens with: the choices, the data in words, whether they are made up, and whether there are none."""

    choices: Choices
    data: str
    synthetic: bool
    empty: bool


def page(opening: Opening) -> Tag:
    """Return the whole page."""
    return ui.page_fluid(
        tags.head(
            tags.meta(name="viewport", content="width=device-width, initial-scale=1"),
            tags.link(rel="stylesheet", href="explore.css"),
            tags.script(src="explore.js", defer=""),
        ),
        tags.a("To the results", href="#results", class_="skip"),
        _banner(opening),
        tags.header(
            tags.div(tags.h1("Explore exposure, modifier and outcome"), ui.input_dark_mode(id="colours")),
            tags.p(opening.data, class_="data"),
        ),
        tags.main(_nothing(opening) if opening.empty else _question(opening)),
        title="cofactor: explore",
        lang="en",
    )


def _banner(opening: Opening) -> Tag | None:
    if not opening.synthetic:
        return None
    return tags.div(
        tags.strong("SYNTHETIC DATA"),
        tags.span("Made-up people with a planted truth: nothing below says anything about health."),
        class_="synthetic",
        role="note",
    )


def _nothing(opening: Opening) -> TagList:
    """Say that there are no data, and offer made-up ones."""
    return TagList(
        tags.h2("There are no NHANES files here yet"),
        tags.p("Bring the public files from CDC, verified, and start this page again:"),
        tags.pre("cofactor fetch --cycles 2001-2018"),
        tags.p(
            "Or look around with synthetic files, which this program makes in less than a minute. Their people are"
            " made up: the page then shows how things work, and nothing about health."
        ),
        ui.input_action_button("make_synthetic", "Make synthetic files and go on"),
        tags.div(ui.output_ui("making"), role="status", aria_live="polite"),
    )


def _question(opening: Opening) -> Tag:
    return tags.div(
        tags.section(tags.h2("The question"), *_form(opening.choices), class_="question", aria_label="The question"),
        tags.section(
            tags.div(
                ui.output_ui("complaint"),
                role="status",
                aria_live="polite",
            ),
            *(_part(name, title) for name, title in PARTS.items()),
            id="results",
            tabindex="-1",
            aria_label="Results",
        ),
        class_="columns",
    )


PARTS: Mapping[str, str] = {
    "distributions": "Distributions",
    "curve": "The curve",
    "interaction": "Interaction",
    "people": "Who, and which weight",
    "code": "The Python that makes this",
}
"""The parts of the results, by the name of their output."""


def _part(name: str, title: str) -> Tag:
    return tags.section(tags.h2(title), ui.output_ui(name), class_="part", aria_label=title)


def _form(choices: Choices) -> list[Tag]:
    pool = parse_cycles(choices.cycles)
    grouped = {topic: dict(names) for topic, names in exposures().items()}
    ends = {cycle: cycle for cycle in CYCLES}
    return [
        ui.input_selectize("exposure", "Exposure", grouped, selected=choices.exposure),
        ui.output_ui("exposure_groups"),
        ui.input_selectize("modifier", "Modifier", grouped, selected=choices.modifier),
        ui.output_ui("modifier_groups"),
        ui.input_selectize(
            "outcome", "Outcome", {group: dict(names) for group, names in outcomes().items()}, selected=choices.outcome
        ),
        tags.div(
            ui.input_select("first_cycle", "First cycle", ends, selected=pool[0]),
            ui.input_select("last_cycle", "Last cycle", ends, selected=pool[-1]),
            class_="pair",
        ),
        ui.input_text("subgroup", "Only people with", choices.subgroup, update_on="blur", placeholder="everybody"),
        tags.p(
            "A condition on variables of the catalogue, such as ",
            tags.code("age_years >= 20 and sex == 'female'"),
            "; press Enter.",
            class_="hint",
            id="subgroup_hint",
        ),
        ui.input_checkbox_group(
            "adjust",
            "Adjusted for",
            {name: one.label for name, one in COVARIATES.items()},
            selected=list(choices.adjust),
        ),
    ]


def group_inputs(role: str, name: str, begun: Choices | None) -> TagList | None:
    """Return where to cut a number and which group is the reference, for an exposure or a modifier.

    `begun` holds what they are at first; None for the median and the first group.
    """
    if not any(name in names for names in exposures().values()):
        return None
    cut = getattr(begun, f"{role}_cut") if begun else None
    reference = getattr(begun, f"{role}_reference") if begun else ""
    first = reference or default_reference(name)
    unit = variable(name).unit
    levels = levels_of(name)
    words = f"Cut the {role} at" + (f" ({unit})" if unit else "")
    shown = ui.input_text(
        f"{role}_cut_{name}",
        words,
        "" if cut is None else f"{cut:g}",
        update_on="blur",
        placeholder="weighted median",
    )
    chosen = ui.input_select(
        f"{role}_reference_{name}",
        f"Reference of the {role}",
        list(levels),
        selected=first,
    )
    return TagList(tags.div(shown if is_number(name) else None, chosen, class_="groups"))
