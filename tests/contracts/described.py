"""Rows of the contract: what is said of a population without a model of it."""

from __future__ import annotations

import numpy as np

from cofactor.survey import (
    chi_square_test,
    delta,
    from_influence,
    joint,
    linear,
    rank_test,
    replicate,
    standardize,
    t_test,
    trend_test,
    weighted_mean,
    weighted_proportion,
    weighted_quantile,
    weighted_ratio,
    weighted_total,
)

from .row import Row, figures, handful

STEPS = {
    "derivative": "a quantile moves in steps; its influence is that of the share below it",
    "jackknife": "a quantile moves in steps",
}
RANKS = {"derivative": "takes the ranks as known"}


def means(d):
    return weighted_mean(d, ["z", "y"])


DESCRIBED = {
    "weighted_mean": handful(lambda d: weighted_mean(d, ["x", "z"])),
    "weighted_mean: by group": handful(lambda d: weighted_mean(d, "x", by="group")),
    "weighted_total": handful(lambda d: weighted_total(d, ["x", "flag"]), total=True),
    "weighted_ratio": handful(lambda d: weighted_ratio(d, "x", "z")),
    "weighted_proportion": handful(lambda d: weighted_proportion(d, "group")),
    "weighted_quantile": handful(lambda d: weighted_quantile(d, "z", [0.25, 0.5]), lacks=STEPS),
    "delta": handful(lambda d: delta(weighted_mean(d, "z"), np.log, ["log"])),
    "linear": handful(lambda d: linear(means(d), np.array([[1.0, -1.0]]), ["difference"])),
    "joint": handful(lambda d: joint(weighted_mean(d, "z"), weighted_mean(d, "y"))),
    "from_influence": handful(lambda d: from_influence(d, means(d).labels, means(d).values, means(d).influence())),
    "standardize": Row(lambda d: standardize(d, "z", over="group", population={"a": 0.7, "b": 0.3})),
    "t_test": Row(lambda d: t_test(d, "z", "group")),
    "rank_test": Row(lambda d: rank_test(d, "z", "group").differences, lacks=RANKS),
    "rank_test: median": Row(
        lambda d: rank_test(d, "z", "third", score="median").differences,
        lacks={**RANKS, "jackknife": "the median moves in steps"},
    ),
    "trend_test": Row(lambda d: trend_test(d, "y", "third")),
    "chi_square_test": Row(lambda d: chi_square_test(d, "group", "third").cells),
    "chi_square_test: test": figures(
        lambda d: (lambda made: [made.f, made.p])(chi_square_test(d, "group", "third")),
        lacks={"repeated rows": "Pearson's statistic counts rows, over which its design effects are taken"},
    ),
    "replicate": figures(lambda d: (lambda made: [*made.values, *made.se])(replicate(d, means)), people=1),
}
