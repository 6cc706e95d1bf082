"""Leaving people out without refitting, held against refits and against what a mean gives exactly."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from cofactor.errors import FitError, UnknownVariableError
from cofactor.models import fit_cox, fit_glm, leave_out, most_influential
from cofactor.survey import SurveyDesign

FITS = {
    "gaussian": lambda d: fit_glm(d, "z ~ age + a * b"),
    "logistic": lambda d: fit_glm(d, "died ~ age + a * b", family="binomial"),
    "Cox": lambda d: fit_cox(d, "age + a * b", time="months", event="died"),
}
fits = pytest.mark.parametrize("fit", FITS.values(), ids=FITS)


@pytest.fixture(scope="module")
def design():
    """Nine cycles of 400 people, each with two strata of two PSUs; effects differ a little between cycles."""
    rng = np.random.default_rng(1)
    n = 3600
    data = pd.DataFrame({
        "cycle": np.arange(n) // 400, "strata": np.arange(n) // 200, "psu": np.arange(n) // 100 % 2 + 1,
        "analysis_weight": rng.uniform(1, 5, n), "age": rng.normal(0, 1, n), "a": rng.integers(0, 2, n),
        "b": rng.integers(0, 2, n),
    })  # fmt: skip
    data["z"] = 0.3 * data["age"] + rng.normal(size=n) + 0.05 * data["cycle"]
    data.loc[rng.random(n) < 0.05, "z"] = np.nan
    months = rng.exponential(100 / np.exp(0.5 * data["age"] + 0.3 * data["a"] * data["b"]))
    data["months"], data["died"] = np.ceil(np.minimum(months, 90)), (months < 90).astype(int)
    return SurveyDesign(data.set_index(pd.Index(np.arange(n) + 70_000)), domain="age > -2")


def without(fit, design, rows):
    """The coefficients of a true refit without some rows."""
    return fit(design.with_weights(np.where(rows, 0.0, design.weights))).estimate.values


@fits
@pytest.mark.parametrize(("group", "worst"), [("cycle", 0.06), ("psu", 0.015)])
def test_it_is_near_a_refit(fit, group, worst, design):
    made = leave_out(fit(design), group)
    se = fit(design).estimate.se
    codes = design.psu_index if group == "psu" else design.data["cycle"].to_numpy()
    for g in range(0, codes.max() + 1, 4):
        mine = made.iloc[g * len(se) : (g + 1) * len(se)]
        error = np.abs(mine["without"].to_numpy() - without(fit, design, codes == g)) / se
        assert error.max() < worst
    assert made["change_in_se"].abs().max() > 5 * worst


@fits
def test_a_person_left_out_is_near_a_refit(fit, design):
    whole = fit(design)
    made = most_influential(whole, "age", 3)
    for row in made.itertuples():
        refit = without(fit, design, design.data.index == row.row)[whole.terms.index("age")]
        assert row.change == pytest.approx(refit - whole.coefficient("age"), rel=0.03)
        assert row.share == pytest.approx(row.change / whole.coefficient("age"))


def test_the_most_influential_are_all_others_moves_at_most_theirs(design):
    fit = FITS["Cox"](design)
    made = most_influential(fit, "age", 5)
    assert made["change"].abs().is_monotonic_decreasing
    z = pd.Series(fit.influence()[:, fit.terms.index("age")], index=design.data.index).abs()
    assert set(made["row"]) == set(z.nlargest(5).index)
    assert len(most_influential(fit, "age", 10_000)) == fit.n_used


def test_of_a_mean_it_is_exact(design):
    data = design.data
    fit = fit_glm(design, "z ~ 1")
    used = (data["age"] > -2) & data["z"].notna()
    made = leave_out(fit, "cycle")
    assert made["n"].tolist() == data[used].groupby("cycle").size().tolist()
    for cycle in range(9):
        left = data[used & (data["cycle"] != cycle)]
        expected = np.average(left["z"], weights=left["analysis_weight"])
        assert made.loc[cycle, "without"] == pytest.approx(expected, rel=1e-12)


def test_psus_carry_their_labels_and_those_outside_the_domain_are_absent(design):
    made = leave_out(fit_glm(design.within("cycle < 2"), "z ~ 1"))
    assert made[["stratum", "psu"]].to_numpy().tolist() == [[h, g] for h in range(4) for g in (1, 2)]
    assert list(made.columns) == ["stratum", "psu", "n", "term", "estimate", "without", "change", "change_in_se"]
    grouped = leave_out(fit_glm(design.within("cycle < 2"), "z ~ 1"), "strata")
    assert grouped["n"].tolist() == made.groupby("stratum")["n"].sum().tolist()


def test_missing_groups_and_flags(design):
    data = design.data.assign(half=pd.array([True, False, None] * 1200, dtype="boolean"))
    made = leave_out(fit_glm(SurveyDesign(data), "age ~ 1"), "half")
    assert made["half"].tolist() == [False, True]
    assert made["n"].tolist() == [1200, 1200]


@pytest.mark.parametrize(
    ("act", "error", "message"),
    [
        (lambda fit: leave_out(fit, "cycles"), UnknownVariableError, "did you mean cycle"),
        (lambda fit: leave_out(fit, "one"), FitError, "'one' has 1 group among the rows used"),
        (lambda fit: most_influential(fit, "aeg"), UnknownVariableError, "'aeg' in the coefficients of"),
        (lambda fit: most_influential(fit, "age", 0), FitError, "give 1 or more"),
    ],
)
def test_bad_questions_are_refused(act, error, message, design):
    fit = fit_glm(SurveyDesign(design.data.assign(one=1)), "z ~ age")
    with pytest.raises(error, match=message):
        act(fit)


def test_one_psu_cannot_be_left_out(people):
    fit = fit_glm(SurveyDesign(people), "y ~ age")
    from dataclasses import replace

    rows = np.zeros(len(people), dtype=bool)
    rows[:3] = True
    with pytest.raises(FitError, match="are of one PSU"):
        leave_out(replace(fit, used_rows=rows))
