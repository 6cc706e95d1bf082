"""Surveys that hypothesis makes up, and one of a fixed size: columns of every kind that an estimator may want."""

from __future__ import annotations

import numpy as np
import pandas as pd
from hypothesis import strategies as st

from .row import Row


@st.composite
def surveys(draw, row: Row):
    """A survey of some strata with 2 or 3 PSUs, some people of weight 0, some with x missing; larger for models."""
    model = row.people > 1
    people = st.integers(row.people, row.people + (4 if model else 5))
    sizes = draw(st.lists(st.lists(people, min_size=2, max_size=3), min_size=3 if model else 2, max_size=5))
    cells = [(h, g) for h, stratum in enumerate(sizes) for g, n in enumerate(stratum) for _ in range(n)]
    missing = draw(st.sampled_from([0.0, 0.3]))
    return made_up(cells, np.random.default_rng(draw(st.integers(0, 2**32 - 1))), missing)


def made_up(cells, rng, missing: float = 0.0):
    """People of PSUs `cells` of (stratum, PSU)."""
    n = len(cells)
    strata, psu = np.array(cells).T
    weight = rng.integers(0, 4, n).astype(float)
    x = np.where(rng.random(n) < missing, np.nan, rng.normal(2.0, 1.0, n))
    weight[0], x[0] = 2.0, 1.0
    data = pd.DataFrame({"strata": strata, "psu": psu, "analysis_weight": weight, "x": x, "z": rng.gamma(3.0, 1.0, n)})
    data["person"] = np.arange(n)
    for name, levels in (("group", ["a", "b"]), ("half", ["one", "two"])):
        data[name] = pd.Categorical(rng.choice(levels, n), categories=levels)
    data["third"] = pd.Categorical(rng.choice(["low", "middle", "high"], n), ["low", "middle", "high"], ordered=True)
    data["flag"] = pd.array(rng.random(n) < 0.5, dtype="boolean")
    data["y"] = rng.normal(0.0, 1.0, n) + 0.2 * data["z"]
    data["bent"] = data["y"] - 0.8 * np.maximum(data["z"] - 3.0, 0.0)
    data["first"], data["second"] = (data["z"] + rng.normal(0.0, 0.5, n) for _ in range(2))
    data["intake"] = (data["first"] + data["second"]) / 2.0
    mean = 2.0 * np.exp(0.5 * (data["group"] == "b") + 0.5 * data["flag"].astype(float))
    data["count"] = rng.negative_binomial(2.0, 2.0 / (2.0 + mean), n).astype(float)
    return followed_up(data, rng)


def followed_up(data: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
    """Add times, in months that tie and in numbers that do not, an event and its cause."""
    n = len(data)
    data["months"] = rng.integers(2, 9, n)
    data["entry"] = data["months"] - rng.integers(2, 9, n).clip(max=data["months"].to_numpy())
    data["exact"] = rng.permutation(n) + 1.0
    data["died"] = rng.integers(0, 2, n)
    data["cause"] = pd.Categorical(np.where(data["died"] == 1, rng.choice(["heart", "other"], n), None))
    return data


def changed(
    people: pd.DataFrame, *, seed: int | None = None, scale: float = 1.0, labelled: bool = False
) -> pd.DataFrame:
    """The same survey in another order of rows, on another scale of weights, under other names of strata and PSUs."""
    made = people.assign(analysis_weight=people["analysis_weight"] * scale)
    if labelled:
        psu = (people["strata"] * 7 + people["psu"] * 3).map(lambda code: f"cluster {code}")
        made = made.assign(psu=psu, strata=people["strata"].map(lambda h: f"stratum {9 - h}"))
    return made if seed is None else made.sample(frac=1.0, random_state=seed)


def repeated(people: pd.DataFrame) -> pd.DataFrame:
    """The same survey with a row of weight 1 for each unit of the weights."""
    rows = people.loc[people.index.repeat(people["analysis_weight"].astype(int))].assign(analysis_weight=1.0)
    # A PSU whose rows all have weight 0 must stay in the design: one such row keeps its place.
    return pd.concat([rows, people.assign(analysis_weight=0.0)], ignore_index=True)
