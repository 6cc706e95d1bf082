"""Each covariate of the main job against figures made independently from the same public files.

Main domain: 2001-2018, age 20 and over, eligible for linkage, examined, first recall reliable, 25(OH)D measured, not
known to be pregnant; dietary day-1 weight over nine cycles. Figures are to the digits in which they were written down.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from cofactor.cohort import load
from cofactor.loaders.store import DataFolder

pytestmark = pytest.mark.real_data

NAMES = """
age_years age_80_plus pregnant examined recall_reliable_day1 vitd_25oh_nmol_l mortality_eligible died died_heart
died_cancer followup_months_exam season education poverty_income_ratio poverty_income_ratio_top smoking
cigarettes_past_30_days alcohol alcohol_drinks_year bmi_kg_m2 energy_diet_kcal physical_activity_met_min_week
activity_instrument magnesium_below_ear diabetes_diagnosed diabetes hypertension_diagnosed cvd_history cancer_history
fair_or_poor_health free_of_serious_illness
"""


@pytest.fixture(scope="module")
def domain(real: DataFolder) -> pd.DataFrame:
    frame = load(NAMES.split(), cycles="2001-2018", data=real)
    inside = frame["mortality_eligible"] & frame["examined"] & frame["recall_reliable_day1"]
    inside &= (frame["age_years"] >= 20) & frame["vitd_25oh_nmol_l"].notna() & ~frame["pregnant"].fillna(False)
    return frame[inside.fillna(False).to_numpy(dtype=bool)]


def shares(frame: pd.DataFrame, name: str) -> dict[str, float]:
    """Weighted per cent of the known rows, by level."""
    weight = frame["analysis_weight"].groupby(frame[name], observed=False).sum()
    return {str(level): float(100 * part / weight.sum()) for level, part in weight.items()}


def mean(frame: pd.DataFrame, values: pd.Series) -> float:
    known = values.notna()
    return float(np.average(values[known].astype(float), weights=frame["analysis_weight"][known]))


def quantile(frame: pd.DataFrame, values: pd.Series, prob: float) -> float:
    """The least value at which the weighted distribution reaches `prob`."""
    known = values.notna()
    order = np.argsort(values[known].to_numpy(), kind="stable")
    cumulated = np.cumsum(frame["analysis_weight"][known].to_numpy()[order])
    return float(values[known].to_numpy()[order][np.searchsorted(cumulated, prob * cumulated[-1])])


def test_people_and_deaths(domain):
    """8 people have a follow-up of 0 months, all of them dead."""
    assert (domain["analysis_weight"] > 0).all()
    assert domain["followup_months_exam"].notna().all()
    none = domain["followup_months_exam"] == 0.5
    assert none.sum() == 8
    assert domain["died"][none].all()


@pytest.mark.parametrize(
    ("name", "rows", "weighted"),
    [
        ("season", 0, 0),
        ("education", 0.10, 0.05),
        ("poverty_income_ratio", 7.63, 6.26),
        ("smoking", 0.14, 0.08),
        ("alcohol", 5.18, 4.46),
        ("bmi_kg_m2", 1.41, 1.05),
        ("energy_diet_kcal", 0, 0),
        ("physical_activity_met_min_week", 0.45, 0.41),
        ("age_80_plus", 0, 0),
        ("magnesium_below_ear", 0, 0),
        ("diabetes_diagnosed", 0.05, 0.03),
        ("diabetes", 0.18, 0.15),
        ("hypertension_diagnosed", 0.33, 0.23),
        ("cvd_history", 0.49, 0.40),
        ("cancer_history", 0.10, 0.10),
        ("fair_or_poor_health", 0.07, 0.08),
    ],
)
def test_share_missing(domain, name, rows, weighted):
    missing = domain[name].isna()
    assert 100 * missing.mean() == pytest.approx(rows, abs=0.005)
    assert 100 * mean(domain, missing) == pytest.approx(weighted, abs=0.005)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("season", {"November-April": 42.1, "May-October": 57.9}),
        (
            "education",
            {
                "college graduate": 28.3,
                "some college": 31.6,
                "high school or GED": 24.0,
                "grades 9-11": 10.6,
                "less than 9th grade": 5.51,
            },
        ),
        (
            "smoking",
            {"never": 53.6, "former": 25.1, "current under 15 a day": 12.2, "current 15 or more": 9.08},
        ),
        ("alcohol", {"never": 11.0, "former": 16.0, "light": 46.2, "moderate": 18.3, "heavy": 8.47}),
    ],
)
def test_shares_of_levels(domain, name, expected):
    assert shares(domain, name) == pytest.approx(expected, abs=0.051)


@pytest.mark.parametrize(
    ("name", "expected", "digits"),
    [
        ("poverty_income_ratio_top", 26.0, 1),
        ("age_80_plus", 4.23, 2),
        ("magnesium_below_ear", 100 - 41.5, 1),
        ("diabetes_diagnosed", 9.31, 2),
        ("diabetes", 11.4, 1),
        ("hypertension_diagnosed", 31.8, 1),
        ("cvd_history", 8.98, 2),
        ("cancer_history", 6.99, 2),
        ("fair_or_poor_health", 17.7, 1),
    ],
)
def test_share_of_yes(domain, name, expected, digits):
    assert 100 * mean(domain, domain[name]) == pytest.approx(expected, abs=0.51 * 10**-digits)


@pytest.mark.parametrize(
    ("name", "expected", "tolerance"),
    [("poverty_income_ratio", 3.011, 0.0005), ("bmi_kg_m2", 28.86, 0.005), ("energy_diet_kcal", 2116, 0.5)],
)
def test_mean(domain, name, expected, tolerance):
    assert mean(domain, domain[name]) == pytest.approx(expected, abs=tolerance)


def test_cigarettes_of_current_smokers(domain):
    current = domain[domain["smoking"].isin(["current under 15 a day", "current 15 or more"])]
    assert mean(current, current["cigarettes_past_30_days"] / 30) == pytest.approx(13.1, abs=0.05)


def test_drinks_of_current_drinkers(domain):
    current = domain[domain["alcohol"].isin(["light", "moderate", "heavy"])]
    assert mean(current, current["alcohol_drinks_year"]) == pytest.approx(251, abs=0.5)


def test_never_drinkers_by_cycle(domain):
    """The question of 2017-2018 lets never fall; shares are of everybody, known or not."""
    never = (domain["alcohol"] == "never").groupby(domain["cycle"], observed=True)
    by_cycle = [100 * mean(domain.loc[part.index], part) for _, part in never]
    assert all(9 <= round(share, 1) <= 14 for share in by_cycle[:-1])
    assert by_cycle[-1] == pytest.approx(6.6, abs=0.05)


def test_half_of_those_without_a_bmi_died(domain):
    assert domain["died"][domain["bmi_kg_m2"].isna()].mean() == pytest.approx(0.5, abs=0.05)


@pytest.mark.parametrize(
    ("name", "expected"), [("age_years", [22, 39, 55, 78]), ("bmi_kg_m2", [20.04, 25.62, 30.20, 41.50])]
)
def test_knots(domain, name, expected):
    assert [quantile(domain, domain[name], prob) for prob in (0.05, 0.35, 0.65, 0.95)] == pytest.approx(expected)


@pytest.mark.parametrize(
    ("instrument", "zero", "average", "lower", "upper", "lowest"),
    [("past 30 days", 14.7, 1858, 420, 1777.416667, 33.2), ("typical week", 21.7, 3811, 480, 2940, 31.1)],
)
def test_activity_within_instrument(domain, instrument, zero, average, lower, upper, lowest):
    people = domain[(domain["activity_instrument"] == instrument) & domain["physical_activity_met_min_week"].notna()]
    activity = people["physical_activity_met_min_week"]
    assert 100 * mean(people, activity == 0) == pytest.approx(zero, abs=0.05)
    assert mean(people, activity) == pytest.approx(average, abs=0.6)
    assert quantile(people, activity, 1 / 3) == lower
    assert quantile(people, activity, 2 / 3) == upper
    assert 100 * mean(people, activity < lower) == pytest.approx(lowest, abs=0.05)


def test_activity_thirds(domain):
    early = domain["activity_instrument"] == "past 30 days"
    activity = domain["physical_activity_met_min_week"]
    lower, upper = np.where(early, 420, 480), np.where(early, 1777.416667, 2940)
    third = pd.Series(np.where(activity < lower, "low", np.where(activity < upper, "middle", "high")), activity.index)
    made = domain.assign(third=third.where(activity.notna()))
    assert shares(made, "third") == pytest.approx({"low": 31.8, "middle": 34.9, "high": 33.4}, abs=0.051)
