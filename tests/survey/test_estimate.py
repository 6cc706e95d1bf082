"""What follows from values and influence: tables, combinations, the delta method, stacking."""

from __future__ import annotations

import pickle
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from cofactor.errors import DesignError
from cofactor.survey import (
    SurveyDesign,
    delta,
    from_influence,
    joint,
    linear,
    weighted_mean,
    weighted_proportion,
    weighted_quantile,
    weighted_ratio,
    weighted_total,
)

COLUMNS = ["term", "estimate", "se", "low", "high", "p", "df"]


@pytest.fixture
def design():
    rng = np.random.default_rng(11)
    n = 240
    data = pd.DataFrame(
        {
            "strata": np.repeat(range(6), 40),
            "psu": np.tile(np.repeat([1, 2], 20), 6),
            "analysis_weight": rng.uniform(0.5, 3.0, n),
            "x": rng.normal(2.0, 1.0, n),
            "y": rng.normal(5.0, 1.0, n),
            "sex": pd.Categorical(rng.choice(["male", "female"], n), categories=["male", "female"]),
        }
    )
    return SurveyDesign(data)


def test_the_table_has_the_columns_of_the_house_and_a_plain_index(design):
    table = weighted_mean(design, ["x", "y"]).table()
    assert list(table.columns) == COLUMNS
    assert table.index.equals(pd.RangeIndex(2))
    assert table["p"].isna().all()  # a mean is described, not tested
    by = weighted_mean(design, "x", by="sex").table()
    assert list(by.columns) == ["sex", *COLUMNS]
    assert list(weighted_proportion(design, "sex").table().columns) == [
        *COLUMNS, "level", "n", "n_effective", "reliability", "reasons",
    ]  # fmt: skip
    assert list(weighted_quantile(design, "x", 0.5).table().columns) == [*COLUMNS, "prob"]


@pytest.mark.parametrize("level", [0.5, 0.9, 0.95, 0.99])
def test_limits_are_t_quantiles_of_the_design_away(level, design):
    row = weighted_mean(design, "x").table(level=level).iloc[0]
    reach = stats.t.ppf((1 + level) / 2, 6) * row["se"]
    np.testing.assert_allclose([row["low"], row["high"]], row["estimate"] + np.array([-reach, reach]))


@pytest.mark.parametrize("level", [0.0, 1.0, 95, -1, np.nan])
def test_a_level_that_is_none_is_refused(level, design):
    with pytest.raises(DesignError, match=r"give one between 0 and 1, as 0\.95"):
        weighted_mean(design, "x").table(level=level)


def test_p_is_two_sided_from_t(design):
    mean = replace(weighted_mean(design, "x"), tested=True)
    row = mean.table().iloc[0]
    np.testing.assert_allclose(row["p"], 2 * stats.t.sf(row["estimate"] / row["se"], 6))


def test_exponentiate_turns_limits_into_ratios_and_leaves_se(design):
    mean = replace(weighted_mean(design, "x"), log_scale=True)
    plain, ratio = mean.table().iloc[0], mean.table(exponentiate=True).iloc[0]
    np.testing.assert_allclose(
        ratio[["estimate", "low", "high"]].astype(float), np.exp(plain[["estimate", "low", "high"]].astype(float))
    )
    assert ratio["se"] == plain["se"]


def test_values_that_are_always_shown_as_ratios(design):
    pair = replace(weighted_mean(design, ["x", "y"]), shown_as_ratio=np.array([False, True]))
    table = pair.table()
    np.testing.assert_allclose(table["estimate"], [pair.values[0], np.exp(pair.values[1])])
    np.testing.assert_allclose(table["se"], pair.se)
    pd.testing.assert_frame_equal(pair.table(exponentiate=True), table)  # what stands beside ratios is no logarithm


def test_no_degrees_of_freedom_give_no_interval():
    data = pd.DataFrame({"strata": [1, 2], "psu": 1, "analysis_weight": 1.0, "x": [1.0, 2.0]})
    row = weighted_mean(SurveyDesign(data, lonely_psu="adjust"), "x").table().iloc[0]
    assert row["df"] == 0
    assert np.isnan([row["low"], row["high"]]).all()


def test_linear_is_the_matrix_on_values_and_covariance(design):
    pair = weighted_mean(design, ["x", "y"])
    matrix = np.array([[1.0, -1.0], [0.5, 0.5]])
    made = linear(pair, matrix, ["difference", "mean"])
    np.testing.assert_allclose(made.values, matrix @ pair.values)
    np.testing.assert_allclose(made.covariance, matrix @ pair.covariance @ matrix.T)
    np.testing.assert_allclose(made.influence(), pair.influence() @ matrix.T)
    assert made.terms == ("difference", "mean")


def test_delta_agrees_with_derivatives_by_hand(design):
    pair = weighted_total(design, ["x", "y"])
    made = delta(pair, lambda t: [t[0] / t[1], np.log(t[1])], ["ratio", "log"])
    x, y = pair.values
    derivatives = np.array([[1 / y, -x / y**2], [0.0, 1 / y]])
    given = delta(pair, lambda t: [t[0] / t[1], np.log(t[1])], ["ratio", "log"], jacobian=derivatives)
    np.testing.assert_allclose(made.covariance, given.covariance, rtol=1e-8)
    np.testing.assert_allclose(made.influence(), pair.influence() @ derivatives.T, rtol=1e-7, atol=1e-12)


def test_delta_of_a_value_of_zero_has_a_step(design):
    zero = from_influence(design, ["zero"], [0.0], weighted_mean(design, "x").influence())
    np.testing.assert_allclose(delta(zero, np.exp, ["one"]).se, zero.se, rtol=1e-8)


def test_joint_has_the_covariance_between_what_was_estimated_apart(design):
    women, men = (weighted_mean(design.within(f"sex == '{sex}'"), "x") for sex in ("female", "male"))
    both = joint(men, women)
    together = weighted_mean(design, "x", by="sex")
    np.testing.assert_allclose(both.covariance, together.covariance, rtol=1e-12)
    assert abs(both.covariance[0, 1]) > 0
    np.testing.assert_allclose(both.influence(), together.influence())


def test_joint_keeps_by_variables_and_leaves_them_missing_where_there_are_none(design):
    both = joint(weighted_mean(design, "x", by="sex"), weighted_mean(design, "y"))
    assert list(both.labels.columns) == ["sex", "term"]
    assert both.labels["sex"].isna().tolist() == [False, False, True]


def test_a_difference_between_domains_has_the_degrees_of_freedom_of_their_union(design):
    one = weighted_mean(design.within("strata in (0, 1)"), "x")
    other = weighted_mean(design.within("strata in (1, 2, 3)"), "x")
    both = joint(one, other)
    assert both.df.tolist() == [2, 3]
    assert linear(both, [[1.0, -1.0]], ["difference"]).df.tolist() == [4]
    assert linear(both, [[1.0, 0.0]], ["first"]).df.tolist() == [2]


def test_joint_of_different_designs_is_refused(design):
    other = SurveyDesign(design.data, psu=None)
    for wrong in (other, SurveyDesign(design.data, lonely_psu="adjust")):
        with pytest.raises(DesignError, match=r"different designs .* \.within"):
            joint(weighted_mean(design, "x"), weighted_mean(wrong, "x"))
    with pytest.raises(DesignError, match="at least one"):
        joint()
    with pytest.raises(DesignError, match="has no scale"):
        joint(weighted_mean(design, "x"), replace(weighted_mean(design, "x"), log_scale=True))


def test_shapes_that_do_not_fit_are_refused(design):
    pair = weighted_mean(design, ["x", "y"])
    with pytest.raises(DesignError, match=r"matrix has shape \(1, 3\); \(1, 2\) is needed"):
        linear(pair, [[1.0, 2.0, 3.0]], ["a"])
    with pytest.raises(DesignError, match="function's values"):
        delta(pair, lambda t: t, ["only one"])
    with pytest.raises(DesignError, match="Jacobian"):
        delta(pair, lambda t: t, ["a", "b"], jacobian=np.eye(3))
    with pytest.raises(DesignError, match="influence has shape"):
        from_influence(design, ["a"], [1.0], np.zeros((3, 1)))


ESTIMATES = {
    "mean": lambda d: weighted_mean(d, ["x", "y"], by="sex"),
    "total": lambda d: weighted_total(d, "x"),
    "ratio": lambda d: weighted_ratio(d, "x", "y"),
    "proportion": lambda d: weighted_proportion(d, "sex"),
    "logit proportion": lambda d: weighted_proportion(d, "sex", interval="logit"),
    "quantile": lambda d: weighted_quantile(d, "x", [0.2, 0.5], by="sex"),
    "joint": lambda d: joint(weighted_mean(d, "x"), weighted_mean(d, "y")),
    "linear": lambda d: linear(weighted_mean(d, ["x", "y"]), [[1.0, 1.0]], ["sum"]),
    "delta": lambda d: delta(weighted_mean(d, "x"), np.exp, ["exp"]),
}


@pytest.mark.parametrize("name", ESTIMATES)
def test_results_survive_pickling(name, design):
    made = ESTIMATES[name](design)
    back = pickle.loads(pickle.dumps(made))
    pd.testing.assert_frame_equal(back.table(), made.table())
    np.testing.assert_array_equal(back.influence(), made.influence())


@pytest.mark.parametrize("name", ESTIMATES)
def test_psu_totals_are_those_of_the_influence(name, design):
    from cofactor.survey.variance import psu_totals

    made = ESTIMATES[name](design)
    np.testing.assert_allclose(made.psu_totals, psu_totals(design, made.influence()), rtol=1e-9, atol=1e-12)


def test_results_print_as_tables_with_their_notes(design):
    data = design.data.assign(x=design.data["x"].mask(design.data["x"] > 3))
    mean = weighted_mean(SurveyDesign(data), "x")
    assert "note: x is missing for" in repr(mean)
    assert repr(mean).splitlines()[0].split() == COLUMNS
    assert "<table" in mean._repr_html_()
    assert "<p>note: x is missing for" in mean._repr_html_()
