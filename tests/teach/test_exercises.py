"""What holds for every exercise: answers of a seed are its own, and each mistake is made, told apart and recognised."""

from __future__ import annotations

import dataclasses
import math

import pandas as pd
import pytest

from cofactor import StudyError
from cofactor.teach import EXERCISES, Answer, Exercise, check, data, question, right_answer

SEEDS = (1, 20, 303)
FORGIVEN = {("00.1", "missing as nothing"), ("00.1", "rows dropped")}
"""Mistakes that synthetic data forgive: people without a recall have no weight, and no PSU vanishes; the exercise's own
tests make them on other data."""

EVERY = pytest.mark.parametrize("exercise", EXERCISES.values(), ids=list(EXERCISES))


def given(answer: Answer, right: Answer) -> str | tuple[float, ...]:
    """What a student would type; where a number does not matter, the right one."""
    filled = zip(answer.values, right.values or answer.values, strict=True)
    return answer.choice or tuple(b if math.isnan(a) else a for a, b in filled)


@EVERY
def test_question_and_form_of_the_answer_belong_together(exercise: Exercise) -> None:
    assert bool(exercise.asks) != bool(exercise.choices)
    assert EXERCISES[exercise.name] is exercise
    assert all(f"({letter})" in question(exercise.name) for letter in exercise.choices)
    assert len(exercise.when_partly) != 1, "a ladder has more than one step"


@EVERY
@pytest.mark.parametrize("seed", SEEDS)
def test_right_answer_is_right_and_to_three_digits_too(exercise: Exercise, seed: int) -> None:
    right = right_answer(exercise.name, seed=seed)
    assert check(exercise.name, given(right, right), seed=seed).right
    if exercise.relative and right.values:
        rounded = tuple(float(f"{value:.3g}") for value in right.values)
        assert check(exercise.name, rounded, seed=seed).right


@EVERY
def test_each_mistake_is_told_apart_and_called_by_its_name(exercise: Exercise) -> None:
    """With some seed at least; a seed whose data forgive the mistake, or make two of them alike, is no exception."""
    told = {mistake.kind: set[str]() for mistake in exercise.mistakes if (exercise.name, mistake.kind) not in FORGIVEN}
    for seed in SEEDS:
        people, right = data(exercise.name, seed=seed), right_answer(exercise.name, seed=seed)
        for mistake in exercise.mistakes:
            for wrong in mistake.leads_to(people) or ():
                if not exercise.same(wrong, right):
                    told[mistake.kind].add(check(exercise.name, given(wrong, right), seed=seed).kind)
    assert {kind: kind in found for kind, found in told.items()} == dict.fromkeys(told, True)
    assert not any("right" in found for found in told.values())


@EVERY
def test_answers_differ_between_seeds(exercise: Exercise) -> None:
    found = [right_answer(exercise.name, seed=seed) for seed in range(1, 7)]
    if exercise.asks:
        assert len({answer.values[0] for answer in found}) > 3
    assert all(answer.choice in exercise.choices for answer in found if exercise.choices)


@EVERY
def test_data_of_a_seed_are_the_same_again_and_the_students_own(exercise: Exercise) -> None:
    first = data(exercise.name, seed=5)
    pd.testing.assert_frame_equal(first, exercise.data(5))
    first.iloc[:, 0] = first.iloc[0, 0]
    assert not first.equals(data(exercise.name, seed=5)), "a student's change reached the data of the check"


@EVERY
def test_no_hint_holds_a_number_of_the_answer(exercise: Exercise) -> None:
    hints = [hint for mistake in exercise.mistakes for hint in mistake.hints]
    hints += [*exercise.when_lost, *exercise.when_partly]
    for seed in SEEDS:
        for value in right_answer(exercise.name, seed=seed).values:
            assert not any(f"{value:.3g}" in hint for hint in hints if len(f"{value:.3g}") > 2)


@pytest.mark.parametrize("seed", [-1, 1.5, True])
def test_what_is_no_seed_is_told_so(seed: object) -> None:
    with pytest.raises(StudyError, match="whole number"):
        data("00.1", seed=seed)  # type: ignore[arg-type]


def test_a_sentence_about_the_truth_follows_a_right_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    told = dataclasses.replace(EXERCISES["00.1"], truth=lambda seed: f"Planted with {seed}.")
    monkeypatch.setitem(EXERCISES, "00.1", told)
    assert repr(check("00.1", right_answer("00.1", seed=3).values, seed=3)).endswith("Planted with 3.")
