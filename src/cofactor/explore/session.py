"""What the page does: reads the choices, answers them, and says what is wrong in plain words."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from typing import TypeVar
from urllib.parse import parse_qsl

from shiny import Inputs, Outputs, Session, reactive, render
from shiny.ui import TagChild, tags

from cofactor.cohort import variables
from cofactor.errors import CofactorError
from cofactor.explore import results, views
from cofactor.explore.choices import Choices, choices_of
from cofactor.explore.code import python_code
from cofactor.explore.explorer import Explorer
from cofactor.explore.home import Home, opened
from cofactor.explore.offered import default_reference
from cofactor.explore.page import group_inputs
from cofactor.explore.plan import Plan, plan_of

T = TypeVar("T")

DEFECT = (
    "Something went wrong inside the program. That is a defect of it and not of your choice; the terminal shows where. "
    "Another choice may work."
)
ROLES = ("exposure", "modifier")
MENDS = {
    "; leave it out of the formula": "; untick it under “Adjusted for”, or widen the condition",
    ": it is zero throughout. Leave out one of the terms": ": nobody is there; choose other groups",
    ". Leave out one of the terms": "; untick one under “Adjusted for”",
    ". Where many people share a value, give the knots": ". Many people share a value: no curve, but see the table",
}
"""What a model's message tells a writer of formulas to do, and what a reader of the page does instead."""

_LOG = logging.getLogger(__name__)


def server_of(home: Home) -> Callable[[Inputs, Outputs, Session], None]:
    """Return what runs for each page that is open."""

    def server(input: Inputs, output: Outputs, session: Session) -> None:
        if home.explorer is None:
            _offer_synthetic(home, input, session)
        else:
            _explore(home.explorer, home.synthetic, input, session)

    return server


async def answered(make: Callable[[], T]) -> T | str:
    """Return what a function makes, made in a thread, or what is wrong in words that a reader can use."""
    try:
        return await asyncio.to_thread(make)
    except CofactorError as error:
        return str(error)
    except Exception:
        _LOG.exception("the page could not answer")
        return DEFECT


def _offer_synthetic(home: Home, input: Inputs, session: Session) -> None:
    @render.ui
    @reactive.event(input.make_synthetic)
    async def making() -> TagChild:
        wrong = await answered(home.make_synthetic)
        if isinstance(wrong, str):
            return views.complaint(wrong)
        await session.send_custom_message("reload", {})
        return tags.p("Made; the page opens.")


def _explore(explorer: Explorer, synthetic: bool, input: Inputs, session: Session) -> None:
    with reactive.isolate():
        address = parse_qsl(session.clientdata.url_search().lstrip("?"), keep_blank_values=True)
    first, wrong = opened([pair for pair in address if pair[0] != "token"])
    asked: reactive.Value[Choices | str] = reactive.Value(first)
    _show_group_inputs(first, input)
    _follow_choices(first, asked, input, session)

    @reactive.calc
    def plan() -> Plan | str:
        choices = asked.get()
        try:
            return choices if isinstance(choices, str) else plan_of(choices)
        except CofactorError as error:
            return str(error)

    @reactive.calc
    async def trouble() -> str:
        """Say what keeps every part from an answer, "" for nothing."""
        made = plan()
        if isinstance(made, str):
            return made
        people = await answered(lambda: explorer.people(made))
        return people if isinstance(people, str) else ""

    @render.ui
    async def complaint() -> TagChild:
        told = await trouble() or (wrong if asked.get() == first else "")
        return views.complaint(told) if told else None

    @render.ui
    def code() -> TagChild:
        made = plan()
        return None if isinstance(made, str) else views.code(python_code(made, explorer.source))

    for part in results.PARTS:
        _show(part, plan, trouble, explorer, synthetic)


def _show(
    part: results.Part, plan: Callable[[], Plan | str], trouble: Callable[[], Awaitable[str]], explorer: Explorer,
    synthetic: bool,
) -> None:  # fmt: skip
    """Show a part of the results, or what is wrong with it; nothing where no part has an answer."""

    async def shown() -> TagChild:
        made = plan()
        if isinstance(made, str) or await trouble():
            return None
        found = await answered(lambda: part.show(explorer, made, synthetic))
        return views.complaint(on_page(found)) if isinstance(found, str) else found

    shown.__name__ = part.name
    render.ui(shown)


def on_page(message: str) -> str:
    """Return what is wrong with a model, with a mend that the page has where the message names one of formulas.

    >>> on_page("'sex' has one level (female) on the rows used; leave it out of the formula 'x + sex'")
    "'sex' has one level (female) on the rows used; untick it under “Adjusted for”, or widen the condition"
    """
    for of_formulas, of_page in MENDS.items():
        said, found, _ = message.partition(of_formulas)
        if found:
            return said + of_page
    return message


def _show_group_inputs(first: Choices, input: Inputs) -> None:
    """Show, beneath exposure and modifier, where to cut a number and which group is the reference.

    The names of these inputs hold the variable's, so that what was typed for one is never taken for another.
    """
    for role in ROLES:
        _show_group_inputs_of(role, first, input)


def _show_group_inputs_of(role: str, first: Choices, input: Inputs) -> None:
    def shown() -> TagChild:
        name = str(input[role]())
        return group_inputs(role, name, first if name == getattr(first, role) else None)

    shown.__name__ = f"{role}_groups"
    render.ui(shown)


def _follow_choices(first: Choices, asked: reactive.Value[Choices | str], input: Inputs, session: Session) -> None:
    """Keep `asked` to what the form says, and the address of the browser to `asked`."""

    @reactive.effect
    def follow() -> None:
        try:
            made: Choices | str = choices_of(_texts(first, input))
        except CofactorError as error:
            made = str(error)
        with reactive.isolate():
            if made != asked.get():
                asked.set(made)

    @reactive.effect
    async def keep_address() -> None:
        choices = asked.get()
        if isinstance(choices, Choices) and choices != first:
            await session.send_custom_message("address", {"query": choices.to_address()})


def _texts(first: Choices, input: Inputs) -> dict[str, str]:
    """Return what the form says, by the names of the choices."""
    texts = {name: str(input[name]()) for name in (*ROLES, "outcome", "subgroup")}
    begin, end = str(input.first_cycle()), str(input.last_cycle())
    texts["cycles"] = begin if begin == end else f"{begin[:4]}-{end[-4:]}"
    texts["adjust"] = ",".join(input.adjust())
    for role in ROLES:
        begun = texts[role] == getattr(first, role)
        for part in ("cut", "reference"):
            name = f"{role}_{part}_{texts[role]}"
            value = input[name]() if name in input else getattr(first, f"{role}_{part}") if begun else None
            texts[f"{role}_{part}"] = "" if value is None else str(value)
        if _is_default(texts[f"{role}_reference"], texts[role]):
            texts[f"{role}_reference"] = ""
    return texts


def _is_default(reference: str, name: str) -> bool:
    """Whether a reference is the one that stands where nothing is said; a name may be no variable."""
    return name in variables() and reference == default_reference(name)
