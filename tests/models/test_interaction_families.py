"""Additive interaction from every family and link of ratios: against R, the jackknife, and each other."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from cofactor.errors import FitError
from cofactor.models import fit_cox, fit_glm, reri
from cofactor.models.families import FAMILIES, RATIOS
from cofactor.survey import SurveyDesign, delta, linear, replicate

FOLDER = Path(__file__).parent.parent / "reference" / "interaction"
EXPECTED = json.loads((FOLDER / "families.json").read_text())
OF_RATIOS = [(family.name, link) for family in FAMILIES.values() for link in family.links if link in RATIOS]
OTHERS = [(family.name, link) for family in FAMILIES.values() for link in family.links if link not in RATIOS]
NULL = {"RERI": 0.0, "AP": 0.0, "S": 1.0, "multiplicative": 1.0}

pytestmark = pytest.mark.filterwarnings("ignore:the outcome of")


@pytest.fixture(scope="module")
def design() -> SurveyDesign:
    data = pd.read_csv(FOLDER / "data.csv")
    data["deficient"] = (data["vitamin"] == "deficient").astype(int)
    chance = 1.0 / (2.0 + data["deficient"] + data["deficient"] * data["low_magnesium"])
    visits = np.random.default_rng(6).negative_binomial(1.5, chance)
    return SurveyDesign(data.assign(cost=130 - data["months"], visits=visits), weight="weight")


def fitted(design, family, link):
    if family == "cox":
        return fit_cox(design, "deficient * low_magnesium", time="months", event="died")
    outcome = {"gamma": "cost", "negative binomial": "visits"}.get(family, "event")
    return fit_glm(design, f"{outcome} ~ deficient * low_magnesium", family=family, link=link)


def measured(design, family, link, **options):
    return reri(fitted(design, family, link), "deficient", "low_magnesium", **options)


STABLE = ("RERI", "AP", "multiplicative")  # S is undefined in some replicates


@pytest.mark.parametrize("case", EXPECTED)
def test_every_link_of_ratios_matches_svycontrast(design, case):
    made, expected = measured(design, *case.rsplit(" ", 1)), EXPECTED[case]
    for i, name in enumerate(("RERI", "AP", "log_S", "log_multiplicative")):
        assert made.values[i] == pytest.approx(expected[name]["estimate"], rel=1e-8, abs=1e-9), name
        assert made.se[i] == pytest.approx(expected[name]["se"], rel=1e-8), name


@pytest.mark.parametrize(("family", "link"), [("cox", "log"), *OF_RATIOS])
def test_errors_are_the_delta_method_of_the_coefficients_and_the_jackknife_agrees(design, family, link):
    fit = fitted(design, family, link)
    made = reri(fit, "deficient", "low_magnesium")
    rows = np.array([[float(name in cell) for name in fit.terms] for cell in (
        {"deficient"}, {"low_magnesium"}, {"deficient", "low_magnesium", "deficient:low_magnesium"},
    )])  # fmt: skip
    cells = linear(fit.estimate, rows, ["r10", "r01", "r11"])
    by_hand = delta(cells, lambda g: [np.exp(g[2]) - np.exp(g[0]) - np.exp(g[1]) + 1.0, g[2] - g[0] - g[1]], ["R", "m"])
    np.testing.assert_allclose(made.values[[0, 3]], by_hand.values, rtol=1e-10)
    np.testing.assert_allclose(made.se[[0, 3]], by_hand.se, rtol=1e-7)
    again = replicate(design, lambda part: measured(part, family, link, measures=STABLE))
    np.testing.assert_allclose(again.se, made.se[[0, 1, 3]], rtol=0.12)


@pytest.mark.parametrize("method", ["jackknife", "bootstrap"])
def test_the_interval_by_replicates_excludes_the_null_exactly_where_p_is_below_five_percent(design, method):
    for share in (0.0, 0.2, 0.5):
        rng = np.random.default_rng(8)
        chance = 0.15 + share * design.data["deficient"] * design.data["low_magnesium"]
        moved = SurveyDesign(design.data.assign(event=rng.random(len(design.data)) < chance), weight="weight")
        options = {"number": 40, "seed": 1} if method == "bootstrap" else {}
        made = replicate(
            moved, lambda part: measured(part, "poisson", "log", measures=STABLE), method=method, **options
        )
        table = made.table()
        assert len(table) == 3
        for row in table.itertuples():
            assert (row.p < 0.05) == (row.low > NULL[row.term] or row.high < NULL[row.term]), row.term


@pytest.mark.parametrize(("family", "link"), OTHERS)
def test_differences_are_refused(design, family, link):
    with pytest.raises(FitError, match=f"not one with {link} link"):
        measured(design, family, link)


def test_some_of_the_measures_are_those_of_all(design):
    whole = measured(design, "poisson", "log")
    some = measured(design, "poisson", "log", measures=["multiplicative", "RERI"])
    np.testing.assert_allclose(some.values, whole.values[[3, 0]], rtol=1e-14)
    np.testing.assert_allclose(some.se, whole.se[[3, 0]], rtol=1e-12)
    assert some.table()["estimate"].tolist() == pytest.approx(whole.table()["estimate"].iloc[[3, 0]].tolist())
    for wrong in (["ERR"], [], ["AP", "AP"]):
        with pytest.raises(FitError, match="measures are some of RERI, AP, S, multiplicative"):
            measured(design, "poisson", "log", measures=wrong)
