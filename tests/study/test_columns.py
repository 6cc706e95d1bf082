"""Columns and cut points that a study makes, against sums by hand."""

import numpy as np
import pandas as pd
import pytest

from cofactor.errors import StudyError
from cofactor.study import Crossed, Cut, Flag, Groups, Residual, Scaled, Score
from cofactor.study.columns import make_columns

FRAME = pd.DataFrame(
    {
        "analysis_weight": [1.0, 1.0, 2.0, 1.0, 1.0, 0.0],
        "x": [10.0, 20.0, 30.0, 40.0, np.nan, 5.0],
        "energy": [1.0, 2.0, 3.0, 4.0, 5.0, 6.0],
        "sex": pd.Categorical(["male", "male", "male", "female", "female", "female"], categories=["male", "female"]),
        "low": pd.array([True, False, None, True, False, False], dtype="boolean"),
    }
)
EVERYONE = np.ones(len(FRAME), dtype=bool)


def made(*parts):
    columns = tuple(part for part in parts if not isinstance(part, Cut))
    cuts = tuple(part for part in parts if isinstance(part, Cut))
    return make_columns(FRAME, EVERYONE, columns, cuts)


def test_quantiles_are_weighted_and_leave_out_the_unknown_and_zero_weights():
    # weights 1, 1, 2, 1 on 10, 20, 30, 40: half of 5 is reached within 30
    _, points = made(Cut("c", "x", probs=(0.5,)))
    assert points["c"] == {"": (30.0,)}


def test_groups_are_closed_on_the_left():
    frame, _ = made(Cut("c", "x", values=(20.0, 40.0)), Groups("g", "c", ("a", "b", "c"), "g"))
    assert frame["g"].tolist() == ["a", "b", "b", "c", np.nan, "a"]


def test_cuts_by_a_category_are_made_apart():
    frame, points = made(Cut("c", "x", probs=(0.5,), by="sex"), Groups("g", "c", ("lower", "upper"), "g"))
    assert points["c"] == {"male": (20.0,), "female": (40.0,)}
    assert frame["g"].tolist() == ["lower", "upper", "upper", "upper", np.nan, "lower"]


def test_scaling_caps_first():
    frame, _ = made(Scaled("s", "x", per=10, cap=25, label="s"))
    np.testing.assert_allclose(frame["s"], [1.0, 2.0, 2.5, 2.5, np.nan, 0.5])


def test_a_flag_is_unknown_where_its_condition_is():
    frame, _ = made(Flag("f", "x < 25", "f"))
    assert frame["f"].tolist() == [True, True, False, False, pd.NA, True]


def test_a_score_counts_levels_from_one():
    frame, _ = made(Score("s", "sex", "s"))
    assert frame["s"].tolist() == [1, 1, 1, 2, 2, 2]


def test_crossed_flags_name_four_levels_and_keep_the_unknown():
    frame, _ = made(Flag("small", "x < 25", "small"), Crossed("j", "small", "low", ("00", "01", "10", "11"), "j"))
    assert frame["j"].tolist() == ["11", "10", np.nan, "01", np.nan, "10"]


def test_residuals_are_those_of_weighted_least_squares_within_levels():
    frame, _ = made(Residual("r", "x", on="energy", by="sex", label="r"))
    rows = FRAME["sex"] == "male"
    design = np.column_stack([np.ones(3), FRAME.loc[rows, "energy"]])
    root = np.sqrt(FRAME.loc[rows, "analysis_weight"].to_numpy())
    beta, *_ = np.linalg.lstsq(design * root[:, None], FRAME.loc[rows, "x"] * root, rcond=None)
    np.testing.assert_allclose(frame.loc[rows, "r"], FRAME.loc[rows, "x"] - design @ beta, atol=1e-12)


def test_parts_may_stand_in_any_order():
    frame, _ = made(Score("s", "g", "s"), Groups("g", "c", ("a", "b"), "g"), Cut("c", "x", values=(25.0,)))
    assert frame["s"].tolist()[:4] == [1, 1, 2, 2]


def test_what_nothing_makes_is_named():
    with pytest.raises(StudyError, match="the columns s need elsewhere, which nothing makes"):
        made(Score("s", "elsewhere", "s"))


def test_levels_and_cuts_must_agree_in_number():
    with pytest.raises(StudyError, match="'g' names 2 levels, but the cut 'c' makes 3 groups"):
        made(Cut("c", "x", values=(1.0, 2.0)), Groups("g", "c", ("a", "b"), "g"))
