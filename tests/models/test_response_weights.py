"""Response weights: the adjusted weights by hand, and their influence against derivatives and the jackknife."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from cofactor.errors import DesignError, FitError, UnknownVariableError
from cofactor.models import fit_cox, fit_glm, response_weights
from cofactor.survey import SurveyDesign, replicate, weighted_mean, weighted_quantile


@pytest.fixture(scope="module")
def data() -> pd.DataFrame:
    """People whose vitamin is more often unknown when they are ill, and who die sooner then."""
    rng = np.random.default_rng(8)
    n = 1200
    ill = rng.random(n) < 0.3
    made = pd.DataFrame({
        "strata": rng.integers(0, 15, n), "psu": rng.integers(1, 3, n), "analysis_weight": rng.gamma(2.0, 1.0, n),
        "sex": pd.Categorical(rng.choice(["f", "m"], n)), "ill": pd.array(ill, dtype="boolean"),
        "age": rng.uniform(20, 80, n), "vitamin": 60 - 15 * ill + rng.normal(0, 10, n),
    })  # fmt: skip
    time = rng.exponential(100 / np.exp(0.8 * ill))
    made["time"], made["died"] = np.ceil(np.minimum(time, 100)), time < 100
    made["everyone"] = made["vitamin"]
    made["vitamin"] = made["vitamin"].mask(rng.random(n) < np.where(ill, 0.5, 0.1))
    return made


ESTIMATORS = {
    "mean": lambda d: weighted_mean(d, "vitamin"),
    "glm": lambda d: fit_glm(d, "vitamin ~ age + sex"),
    "cox": lambda d: fit_cox(d, "vitamin + sex", time="time", event="died"),
}
estimators = pytest.mark.parametrize("name", ESTIMATORS)


def adjusted(design, name):
    made = response_weights(design, "vitamin", by=["sex", "ill"])
    return made.adjusted(ESTIMATORS[name](made.design))


def test_weights_are_multiplied_by_the_cells_total_over_that_of_those_known(data):
    design = SurveyDesign(data, domain="age > 30")
    made = response_weights(design, "vitamin", by=["sex", "ill"])
    inside = data[data["age"] > 30]
    for _, row in made.cells.iterrows():
        cell = inside[(inside["sex"] == row["sex"]) & (inside["ill"] == row["ill"])]
        known = cell[cell["vitamin"].notna()]
        factor = cell["analysis_weight"].sum() / known["analysis_weight"].sum()
        assert row["factor"] == pytest.approx(factor)
        np.testing.assert_allclose(made.design.weights[known.index], factor * known["analysis_weight"])
    assert made.design.weights.sum() == pytest.approx(inside["analysis_weight"].sum())
    assert (made.design.weights[data["vitamin"].isna()] == 0.0).all()


def test_they_mend_a_mean_whose_loss_depends_on_the_cells(data):
    design = SurveyDesign(data)
    truth = weighted_mean(design, "everyone").values[0]
    plain, mended = weighted_mean(design, "vitamin"), adjusted(design, "mean")
    assert plain.values[0] - truth > 1.0
    assert abs(mended.values[0] - truth) < 0.5


@estimators
def test_the_influence_is_the_derivative_in_the_weights_through_the_adjustment(data, name):
    design = SurveyDesign(data, domain="age > 25")
    found = adjusted(design, name).influence()
    lost = np.flatnonzero(data["vitamin"].isna() & (data["age"] > 25))[:3]
    for row in (*lost, *np.flatnonzero(data["vitamin"].notna() & (data["age"] > 25))[:3]):
        ends = []
        for sign in (1.0, -1.0):
            weights = design.weights.copy()
            weights[row] *= 1.0 + sign * 1e-4
            ends.append(adjusted(design.with_weights(weights), name).values)
        np.testing.assert_allclose(found[row], (ends[0] - ends[1]) / 2e-4, rtol=2e-4, atol=1e-10)


@estimators
def test_influence_sums_to_zero_and_agrees_with_the_jackknife(data, name):
    design = SurveyDesign(data)
    estimate = adjusted(design, name)
    np.testing.assert_allclose(estimate.influence().sum(axis=0), 0.0, atol=1e-9)
    jackknife = replicate(design, lambda part: adjusted(part, name))
    np.testing.assert_allclose(estimate.se, jackknife.se, rtol=0.05)


def test_outside_the_domain_is_the_same_as_weight_zero(data):
    inside = data["age"] > 40
    zeroed = data.assign(analysis_weight=data["analysis_weight"].where(inside, 0.0))
    one, other = adjusted(SurveyDesign(data, domain="age > 40"), "cox"), adjusted(SurveyDesign(zeroed), "cox")
    np.testing.assert_allclose(one.values, other.values, rtol=1e-10)
    np.testing.assert_allclose(one.covariance, other.covariance, rtol=1e-8)


def test_nothing_missing_changes_nothing(data):
    design = SurveyDesign(data)
    made = response_weights(design, "everyone", by="sex")
    plain = weighted_mean(design, "everyone")
    found = made.adjusted(weighted_mean(made.design, "everyone"))
    np.testing.assert_allclose(found.values, plain.values)
    np.testing.assert_allclose(found.covariance, plain.covariance)


def test_order_scale_and_labels_change_nothing(data):
    plain = adjusted(SurveyDesign(data), "glm")
    changed = data.assign(analysis_weight=1e4 * data["analysis_weight"], psu=data["psu"].map({1: "b", 2: "a"}))
    other = adjusted(SurveyDesign(changed.sample(frac=1.0, random_state=1)), "glm")
    np.testing.assert_allclose(other.values, plain.values, rtol=1e-10)
    np.testing.assert_allclose(other.covariance, plain.covariance, rtol=1e-8)


def test_people_whose_by_variable_is_missing_are_a_cell_of_their_own(data):
    unknown = data.assign(ill=data["ill"].mask(data.index % 5 == 0), sex=data["sex"].mask(data.index % 7 == 0))
    made = response_weights(SurveyDesign(unknown), "vitamin", by=["sex", "ill"], fewest=5)
    assert "missing" in set(made.cells["sex"]) & set(made.cells["ill"])
    assert made.cells["people"].sum() == len(data)


BAD = {
    "name": (lambda d: response_weights(d, "vitamine", by="sex"), UnknownVariableError, "did you mean vitamin"),
    "by": (lambda d: response_weights(d, "vitamin", by=["sexe"]), UnknownVariableError, "sex"),
    "nothing": (lambda d: response_weights(d, [], by="sex"), DesignError, "known="),
    "few": (lambda d: response_weights(d, "vitamin", by=["sex", "ill"], fewest=500), DesignError, "coarser"),
    "number": (lambda d: response_weights(d, "vitamin", by="age"), DesignError, "age"),
    "array": (lambda d: response_weights(d, "vitamin", by="sex").adjusted(np.ones(2)), FitError, "no influence"),
    "other": (lambda d: response_weights(d, "vitamin", by="sex").adjusted(weighted_mean(d, "vitamin")), FitError,
              "adjusted weights"),
}  # fmt: skip


@pytest.mark.parametrize("case", BAD)
def test_bad_input_says_what_and_how_to_mend(data, case):
    call, error, message = BAD[case]
    with pytest.raises(error, match=message):
        call(SurveyDesign(data))


def test_a_quantile_keeps_its_value_and_its_own_interval_is_left_behind(data):
    made = response_weights(SurveyDesign(data), "vitamin", by=["sex", "ill"])
    plain = weighted_quantile(made.design, "vitamin", 0.5)
    found = made.adjusted(plain)
    assert found.values == plain.values
    assert found.limits is None
