"""The contract holds for whatever is public: a function without a row, and without a reason for none, fails here."""

from __future__ import annotations

import pytest

from cofactor import models, survey
from cofactor.models.families import FAMILIES

from .every_row import NO_ESTIMATORS, ROWS, public_name
from .row import PROPERTIES

PUBLIC = {
    name for package in (survey, models) for name in package.__all__ if not isinstance(getattr(package, name), type)
}
NAMED = {public_name(row) for row in ROWS}


@pytest.mark.parametrize("name", sorted(PUBLIC))
def test_every_public_function_has_a_row_or_a_reason_for_none(name):
    assert (name in NAMED) != (name in NO_ESTIMATORS), f"add a row to {name}'s table in tests/contracts"


def test_rows_are_about_public_functions():
    assert NAMED <= PUBLIC
    assert set(NO_ESTIMATORS) <= PUBLIC


@pytest.mark.parametrize("family", sorted(FAMILIES))
def test_every_family_of_outcomes_has_a_row(family):
    assert any(row.removeprefix("fit_glm: ").split(",")[0] == family for row in ROWS)


@pytest.mark.parametrize("row", ROWS.values(), ids=ROWS)
def test_exceptions_are_of_known_properties_and_have_reasons(row):
    assert set(row.lacks) <= set(PROPERTIES)
    assert all(len(reason) > 5 for reason in row.lacks.values())
