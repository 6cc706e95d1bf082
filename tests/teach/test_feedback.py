"""Feedback never begins with the solution, and gives its hints one by one."""

from __future__ import annotations

import re

import pytest

from cofactor.teach import EXERCISES, Feedback
from cofactor.teach.checking import ROWS_DROPPED

LADDERS = [
    (f"{exercise.name} {name}", hints)
    for exercise in EXERCISES.values()
    for name, hints in (
        *((mistake.kind, mistake.hints) for mistake in exercise.mistakes),
        ("unrecognised", exercise.when_lost),
        ("rows dropped by luck", ROWS_DROPPED),
    )
]


@pytest.mark.parametrize(("kind", "hints"), LADDERS, ids=[kind for kind, _ in LADDERS])
def test_hints_lead_from_a_nudge_to_a_name(kind: str, hints: tuple[str, ...]) -> None:
    assert len(hints) >= 2
    assert not re.search(r"weighted_mean|SurveyDesign\(", hints[0]), "the first hint names the solution"
    assert not any(re.search(r"\d{4}|\d\.\d\d", hint) for hint in hints), "a hint tells a number"


def test_more_shows_one_more_hint_and_stops_at_the_last() -> None:
    first = Feedback(False, "kind", ("a", "b"))
    assert "\nb" not in repr(first)
    assert repr(first.more()) == "Not yet. a\nb"
    assert first.more().more() == first.more()
    assert repr(first).startswith("Not yet. a\n(1 more hint"), "more() returned a new object"


def test_html_escapes_what_it_shows() -> None:
    assert "&lt;b&gt;" in Feedback(False, "kind", ("<b>",))._repr_html_()
