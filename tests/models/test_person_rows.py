"""Covariates that change with time: rows in (start, stop] form."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from cofactor.errors import FitError, UnknownVariableError
from cofactor.models import fit_cox
from cofactor.survey import SurveyDesign

DATA = Path(__file__).parent.parent / "reference" / "cox" / "data.csv"


@pytest.fixture(scope="module")
def people() -> pd.DataFrame:
    return pd.read_csv(DATA).assign(id=lambda data: np.arange(len(data)))


def split(people: pd.DataFrame, at: float) -> pd.DataFrame:
    """Each person who is followed beyond `at` in two rows, the event in the last."""
    first = people.assign(start=0.0, stop=np.minimum(people["months"], at), late=0.0)
    first["died"] = np.where(people["months"] <= at, people["died"], 0)
    second = people[people["months"] > at].assign(start=at, stop=lambda data: data["months"], late=1.0)
    return pd.concat([first, second], ignore_index=True)


def fitted(rows, formula="age + x", **options):
    design = SurveyDesign(rows, weight="weight")
    return fit_cox(design, formula, time="stop", event="died", entry="start", person="id", **options)


def test_split_rows_give_the_fit_of_whole_ones(people):
    whole = fit_cox(SurveyDesign(people, weight="weight"), "age + x", time="months", event="died")
    fit = fitted(split(people, 24.0))
    np.testing.assert_allclose(fit.estimate.values, whole.estimate.values, rtol=1e-8)
    np.testing.assert_allclose(fit.covariance, whole.covariance, rtol=1e-8)
    assert fit.notes[-1] == f"{whole.n_used:,} people in {fit.n_used:,} rows"


def test_a_covariate_may_change_with_time(people):
    """A ratio that differs after month 24 is the product with a column that says so, on the rows as they stand."""
    rows = split(people, 24.0)
    fit = fitted(rows.assign(x_late=rows["x"] * rows["late"]), "x + x_late")
    early = fit_cox(
        SurveyDesign(rows[rows["late"] == 0], weight="weight"), "x", time="stop", event="died", entry="start"
    )
    assert fit.coefficient("x") == pytest.approx(early.coefficient("x"), rel=1e-6)


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (lambda rows: rows.assign(start=rows["start"] * 0.5), "overlap within a person"),
        (lambda rows: rows.assign(died=1), "go on after the event"),
        (lambda rows: rows.assign(weight=rows["weight"] * (1 + rows["late"])), "different weights"),
        (lambda rows: rows.assign(psu=np.where(rows["late"] == 1, 3 - rows["psu"].clip(1, 2), rows["psu"])), "PSUs"),
        (lambda rows: rows.assign(id=rows["id"].where(rows["id"] > 3)), "of nobody"),
    ],
)
def test_rows_that_do_not_fit_together_are_refused(people, change, says):
    with pytest.raises(FitError, match=says):
        fitted(change(split(people, 24.0)))


def test_a_person_needs_an_entry_and_a_column(people):
    design = SurveyDesign(people, weight="weight")
    with pytest.raises(FitError, match="give entry="):
        fit_cox(design, "age", time="months", event="died", person="id")
    with pytest.raises(UnknownVariableError):
        fitted(split(people, 24.0).drop(columns="id"))
