"""What an address may say of a question, and what it may not."""

from __future__ import annotations

from urllib.parse import parse_qsl

import pytest

from cofactor.errors import CofactorError
from cofactor.explore.choices import FIRST, Choices, from_address

CHOICES = (
    FIRST,
    Choices(subgroup="", adjust=(), exposure_cut=-0.25),
    Choices(
        exposure="smoking_status",
        modifier="magnesium_diet_mg",
        outcome="cause_of_death:heart disease",
        cycles="2005-2006",
        subgroup="sex == 'female' and 20 <= age_years & 1",
        modifier_cut=300.0,
        modifier_reference="higher",
    ),
)


@pytest.mark.parametrize("choices", CHOICES)
def test_an_address_brings_back_what_was_chosen(choices: Choices) -> None:
    assert from_address(parse_qsl(choices.to_address(), keep_blank_values=True)) == choices


def test_an_empty_address_opens_with_the_question_of_the_package() -> None:
    assert from_address([]) == FIRST


def test_another_exposure_does_not_inherit_the_cut_and_the_reference_of_the_first() -> None:
    made = from_address([("exposure", "magnesium_diet_mg")])
    assert (made.exposure_cut, made.exposure_reference) == (None, "")


@pytest.mark.parametrize(
    ("pairs", "said"),
    [
        ([("exposur", "sex")], "did you mean exposure"),
        ([("<script>alert(1)</script>", "1")], "unknown variable"),
        ([("x" * 5000, "1")], r"xxx\.\.\."),
        ([("exposure", "sex"), ("exposure", "died")], "gives exposure twice"),
        ([("exposure_cut", "fifty")], "cannot be cut at 'fifty'; give a number"),
        ([("modifier_cut", "nan")], "cannot be cut at 'nan'"),
        ([("modifier_cut", "1e999")], "cannot be cut"),
    ],
)
def test_nonsense_in_an_address_is_answered_in_plain_words(pairs: list[tuple[str, str]], said: str) -> None:
    with pytest.raises(CofactorError, match=said):
        from_address(pairs)
