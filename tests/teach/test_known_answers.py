"""The right answers of exercises, held against other roads: numpy, pandas, statsmodels, and hands."""

from __future__ import annotations

import io
import math
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm
from statsmodels.duration.hazard_regression import PHReg

from cofactor.synthetic.transport import write_transport
from cofactor.teach import EXERCISES, check, data, right_answer
from cofactor.teach.exercises.deficits import planted

SEEDS = (1, 20)


def adults_of(name: str, seed: int) -> pd.DataFrame:
    people = data(name, seed=seed)
    return people[(people.age_years >= 20) & (people.analysis_weight > 0)]


def total_error(people: pd.DataFrame, influence: pd.Series) -> float:
    """By hand: the standard error from PSU totals of influence, those of PSUs without anybody inside being 0."""
    cells = people.groupby(["strata", "psu"]).size().index
    totals = influence.groupby([people.strata, people.psu]).sum().reindex(cells, fill_value=0.0)
    size = totals.groupby("strata").transform("size")
    return float(np.sqrt((size / (size - 1) * (totals - totals.groupby("strata").transform("mean")) ** 2).sum()))


@pytest.mark.parametrize("seed", SEEDS)
def test_mean_of_a_small_group_counts_its_empty_psus(seed: int) -> None:
    people = data("02.1", seed=seed)
    inside = (people.age_years >= 78) & people.vitd_25oh_nmol_l.notna()
    weight, value = people.analysis_weight.where(inside, 0.0), people.vitd_25oh_nmol_l.where(inside, 0.0)
    mean = float((weight * value).sum() / weight.sum())
    error = total_error(people, weight * (value - mean) / weight.sum())
    assert (people[inside & (weight > 0)].groupby(["strata", "psu"]).ngroups) < people.groupby(
        ["strata", "psu"]
    ).ngroups
    assert check("02.1", (mean, error), seed=seed).right


@pytest.mark.parametrize("seed", SEEDS)
def test_ratio_of_means_by_linearisation(seed: int) -> None:
    people = data("03.2", seed=seed)
    inside = (people.age_years >= 20) & people.magnesium_diet_mg.notna()
    weight = people.analysis_weight.where(inside, 0.0)
    top, bottom = people.magnesium_diet_mg.where(inside, 0.0), people.energy_diet_kcal.where(inside, 0.0) / 1000
    ratio = float((weight * top).sum() / (weight * bottom).sum())
    error = total_error(people, weight * (top - ratio * bottom) / (weight * bottom).sum())
    assert check("03.2", (ratio, error), seed=seed).right


@pytest.mark.parametrize("seed", SEEDS)
def test_phreg_of_statsmodels_is_the_unweighted_mistake(seed: int) -> None:
    adults = adults_of("04.1", seed)
    fit = PHReg(adults.months, adults[["smoker", "age_years"]], status=adults.died.astype(int)).fit()
    told = check("04.1", (math.exp(fit.params[0]), float(fit.bse[0])), seed=seed)
    assert (told.right, told.kind) == (False, "unweighted")


def test_weighted_cox_solves_the_weighted_score_equation() -> None:
    """The score of Breslow's partial likelihood, summed by brute force over deaths; times are tied hardly ever."""
    adults = adults_of("04.1", 1).sort_values("months", ascending=False)
    ratio, _ = right_answer("04.1", seed=1).values
    x, w = adults[["smoker", "age_years"]].to_numpy(dtype=float), adults.analysis_weight.to_numpy(dtype=float)
    died = adults.died.to_numpy(dtype=bool)

    def score(age: float) -> np.ndarray:
        risk = w * np.exp(x @ [math.log(ratio), age])
        mean = np.cumsum(risk[:, None] * x, axis=0) / np.cumsum(risk)[:, None]
        return (w[died, None] * (x - mean)[died]).sum(axis=0) / w[died].sum()

    low, high = 0.0, 0.2
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (middle, high) if score(middle)[1] > 0 else (low, middle)
    assert score(low)[0] == pytest.approx(0.0, abs=2e-4)


@pytest.mark.parametrize("seed", SEEDS)
def test_risk_is_the_weighted_product_limit(seed: int) -> None:
    adults = adults_of("04.2", seed).sort_values("months")
    survival = 1.0
    for months in adults.months[adults.died.astype(bool) & (adults.months <= 60)].unique():
        dying = adults.analysis_weight[(adults.months == months) & adults.died.astype(bool)].sum()
        survival *= 1 - dying / adults.analysis_weight[adults.months >= months].sum()
    assert check("04.2", 100 * (1 - survival), seed=seed).right


@pytest.mark.parametrize("seed", range(1, 13))
def test_reri_of_the_data_covers_what_was_planted(seed: int) -> None:
    """Within 3.5 standard errors: each of twelve data sets would miss with a chance of 1 in 2,000."""
    first, second, both = planted(seed)
    estimate, error = right_answer("05.1", seed=seed).values
    assert abs(estimate - (both - first - second + 1)) < 3.5 * error


def test_hazard_ratios_planted_multiply_add_or_exceed_by_turns() -> None:
    ratios = {round(both / (first * second), 1) for first, second, both in map(planted, range(1, 31))}
    assert 1.0 in ratios
    assert min(ratios) < 0.85
    assert max(ratios) > 1.8


def test_every_reading_of_two_intervals_occurs() -> None:
    assert {right_answer("05.3", seed=seed).choice for seed in range(1, 31)} >= set("abd")


def test_pandas_reads_the_zero_of_a_transport_file_as_the_exercise_has_it(tmp_path: Path) -> None:
    path = tmp_path / "DR1TOT_D.xpt"
    write_transport(pd.DataFrame({"SEQN": [1.0, 2.0], "DR1TALCO": [0.0, 13.5]}), path)
    read = pd.read_sas(io.BytesIO(path.read_bytes()), format="xport")
    smallest = data("01.1", seed=1)["DR1TALCO"].min()
    assert read["DR1TALCO"].tolist() == [smallest, 13.5]
    assert smallest != 0.0


def test_odds_ratio_by_statsmodels_is_its_own_mistake() -> None:
    adults = adults_of("04.1", 1)
    design = sm.add_constant(adults[["smoker", "age_years"]])
    weight = adults.analysis_weight / adults.analysis_weight.mean()
    fit = sm.GLM(adults.died.astype(float), design, family=sm.families.Binomial(), freq_weights=weight).fit()
    assert check("04.1", (math.exp(fit.params["smoker"]), float(fit.bse["smoker"])), seed=1).kind == "odds ratio"


def test_numbers_of_the_exercises_run_without_gaps() -> None:
    for notebook in {name.split(".")[0] for name in EXERCISES}:
        own = [int(name.split(".")[1]) for name in EXERCISES if name.startswith(f"{notebook}.")]
        assert own == list(range(1, len(own) + 1))
