"""What every estimator keeps, on designs that hypothesis makes up; the rows are in `every_row`.

A row may take an exception, and says why. Beside this table each estimator has its own reference.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, reject, settings
from hypothesis import strategies as st

from cofactor.errors import CofactorError
from cofactor.survey import SurveyDesign, replicate

from .every_row import ROWS
from .row import Row
from .surveys import changed, made_up, repeated, surveys

pytestmark = pytest.mark.filterwarnings("ignore::cofactor.errors.CofactorWarning")  # few degrees of freedom, and so on

few = settings(max_examples=3, deadline=None, suppress_health_check=list(HealthCheck))
fewest = settings(few, max_examples=2)


def rows_that_keep(*names: str):
    kept = {label: row for label, row in ROWS.items() if any(row.keeps(name) for name in names)}
    return pytest.mark.parametrize("row", kept.values(), ids=kept)


def estimated(row: Row, design: SurveyDesign):
    """The estimate; a survey on which there is none (everyone died, nobody is known) is not one to test on."""
    try:
        made = row.made(design)
    except CofactorError:
        reject()
    if getattr(made, "unbounded", None) is not None and made.unbounded.any():
        reject()
    return made


def same(row: Row, one, other, *, errors: bool = True, scale: float = 1.0):
    """Assert that two results are alike, the other on `scale` times the weights."""
    precision = row.precision
    scale = scale if row.total else 1.0
    if isinstance(one, np.ndarray):
        np.testing.assert_allclose(other, one, rtol=precision, atol=1e-9)
        return
    np.testing.assert_allclose(other.values / scale, one.values, rtol=precision, atol=1e-9)
    if errors:
        np.testing.assert_allclose(other.covariance / scale**2, one.covariance, rtol=10 * precision, atol=1e-10)
        np.testing.assert_array_equal(other.df, one.df)


@rows_that_keep("influence")
@given(data=st.data())
@few
def test_influence_sums_to_zero_and_to_the_totals_of_psus_and_is_zero_outside_the_domain(row, data):
    design = SurveyDesign(
        data.draw(surveys(row)), domain=data.draw(st.sampled_from(["True", "strata == 0 or psu == 0"]))
    )
    made = estimated(row, design)
    influence = made.influence()
    sums, known = influence.sum(axis=0), ~np.isnan(influence).any(axis=0)
    expected = made.values if row.total else np.zeros(len(sums))
    np.testing.assert_allclose(sums[known], expected[known], atol=1e-8)
    assert not np.nan_to_num(influence[~design.in_domain]).any()
    totals = pd.DataFrame(influence).groupby(design.psu_index).sum(min_count=1).to_numpy()
    np.testing.assert_allclose(totals, made.psu_totals, rtol=1e-7, atol=1e-9)
    assert_a_covariance(made.covariance)


def assert_a_covariance(v: np.ndarray) -> None:
    """Assert that a matrix is symmetric and nowhere negative, where it is known."""
    v = v[~np.isnan(np.diag(v))][:, ~np.isnan(np.diag(v))]
    np.testing.assert_allclose(v, v.T)
    assert np.linalg.eigvalsh(v).min(initial=0.0) > -1e-9 * max(1.0, np.abs(v).max(initial=0.0))


@rows_that_keep("order", "scale", "labels")
@given(data=st.data())
@few
def test_the_order_of_rows_the_scale_of_the_weights_and_labels_do_not_matter(row, data):
    people = data.draw(surveys(row))
    seed = data.draw(st.none() | st.integers(0, 2**16), "order") if row.keeps("order") else None
    scale = data.draw(st.sampled_from([1.0, 1e-6, 0.37, 1e7]), "scale") if row.keeps("scale") else 1.0
    labelled = data.draw(st.booleans(), "labels") if row.keeps("labels") else False
    others = changed(people, seed=seed, scale=scale, labelled=labelled)
    one, other = estimated(row, SurveyDesign(people)), row.made(SurveyDesign(others))
    same(row, one, other, scale=scale)
    if row.keeps("influence") and not row.total:
        np.testing.assert_allclose(other.influence(), one.influence()[others.index], rtol=10 * row.precision, atol=1e-9)


@rows_that_keep("repeated rows")
@given(data=st.data())
@few
def test_integer_weights_are_repeated_rows(row, data):
    people = data.draw(surveys(row))
    one = estimated(row, SurveyDesign(people))
    same(row, one, row.made(SurveyDesign(repeated(people))), errors=row.keeps("repeated rows' errors"))


@rows_that_keep("zero weight")
@given(data=st.data())
@few
def test_outside_the_domain_is_the_same_as_weight_zero(row, data):
    people = data.draw(surveys(row))
    inside = people["y"] > 0.0
    zeroed = people.assign(analysis_weight=people["analysis_weight"].where(inside, 0.0))
    try:
        one = row.made(SurveyDesign(people, domain="y > 0"))
    except CofactorError as error:  # nobody with x known, everyone died: the same must happen on the other road
        with pytest.raises(type(error)):
            row.made(SurveyDesign(zeroed))
        return
    same(row, one, row.made(SurveyDesign(zeroed)))


@rows_that_keep("everyone")
@given(data=st.data())
@fewest
def test_a_domain_of_everyone_changes_nothing(row, data):
    people = data.draw(surveys(row))
    same(row, estimated(row, SurveyDesign(people)), row.made(SurveyDesign(people, domain="True")))


@pytest.fixture(scope="module")
def cohort():
    """A survey of 8 strata with 2 PSUs of 50 people."""
    cells = [(h, g) for h in range(8) for g in range(2) for _ in range(50)]
    return SurveyDesign(made_up(cells, np.random.default_rng(11)))


@rows_that_keep("derivative")
def test_influence_is_the_derivative_in_the_weights(row, cohort):
    influence = row.made(cohort).influence()
    for i in np.flatnonzero(cohort.weights > 0.0)[[3, 200, 500]]:
        step = np.zeros(len(cohort.weights))
        step[i] = 1e-3 * cohort.weights[i]
        up, down = (row.made(cohort.with_weights(cohort.weights + sign * step)).values for sign in (1, -1))
        np.testing.assert_allclose((up - down) / 2e-3, influence[i], rtol=2e-3, atol=1e-3 * np.abs(influence).max())


@rows_that_keep("jackknife")
def test_linearised_and_jackknife_errors_agree(row, cohort):
    linearised = row.made(cohort).se
    np.testing.assert_allclose(replicate(cohort, row.made).se, linearised, rtol=0.1)
