"""The residual method against least squares by another road."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm

from cofactor.errors import DesignError, UnknownVariableError
from cofactor.models.energy_adjusted import energy_adjusted
from cofactor.survey import SurveyDesign


@pytest.fixture
def people() -> pd.DataFrame:
    rng = np.random.default_rng(5)
    energy = rng.gamma(9, 230, 200)
    frame = pd.DataFrame({
        "analysis_weight": rng.uniform(0.5, 3, 200),
        "strata": np.repeat([1, 2, 3, 4], 50),
        "psu": np.tile([1, 2], 100),
        "sex": pd.Categorical.from_codes(rng.integers(0, 2, 200), ["male", "female"]),
        "age": rng.integers(5, 80, 200).astype(float),
        "energy": energy,
        "magnesium": 0.15 * energy + rng.normal(0, 60, 200),
    })  # fmt: skip
    frame.loc[[3, 90], "magnesium"] = np.nan
    frame.loc[7, "sex"] = np.nan
    return frame


def test_line_is_that_of_weighted_least_squares_within_sex(people):
    ours = energy_adjusted(SurveyDesign(people, domain="age >= 20"), "magnesium", "energy", by="sex")
    for sex in ("male", "female"):
        those = people[people["sex"] == sex]
        fitted = those[(those["age"] >= 20) & those["magnesium"].notna()]
        line = sm.WLS(fitted["magnesium"], sm.add_constant(fitted["energy"]), weights=fitted["analysis_weight"]).fit()
        expected = those["magnesium"] - line.predict(sm.add_constant(those["energy"]))
        np.testing.assert_allclose(ours[those.index], expected, rtol=0, atol=1e-9)


def test_residual_is_uncorrelated_with_energy_in_the_domain(people):
    ours = energy_adjusted(SurveyDesign(people), "magnesium", "energy")
    known = ours.notna()
    w = people.loc[known, "analysis_weight"]
    assert (w * ours[known]).sum() == pytest.approx(0, abs=1e-8)
    assert (w * ours[known] * people.loc[known, "energy"]).sum() == pytest.approx(0, abs=1e-5)


def test_people_outside_the_domain_have_a_residual_and_the_unknown_have_none(people):
    ours = energy_adjusted(SurveyDesign(people, domain="age >= 20"), "magnesium", "energy", by="sex")
    assert ours[people["age"] < 20].drop(index=[3, 7, 90], errors="ignore").notna().all()
    assert ours[[3, 7, 90]].isna().all()


def test_a_domain_without_a_line_is_refused_in_words(people):
    with pytest.raises(DesignError, match=r"with sex = female has no two values of 'energy'"):
        energy_adjusted(
            SurveyDesign(people.assign(energy=people["energy"].where(people["sex"] != "female", 2000.0))),
            "magnesium", "energy", by="sex",
        )  # fmt: skip


def test_unknown_names_are_suggested(people):
    with pytest.raises(UnknownVariableError, match="magnesium"):
        energy_adjusted(SurveyDesign(people), "magnesum", "energy")


@pytest.mark.parametrize("sex", ["male", "female"])
def test_level_outside_the_domain_has_no_residual(people, sex):
    other = "female" if sex == "male" else "male"
    ours = energy_adjusted(SurveyDesign(people, domain=f"sex == '{sex}'"), "magnesium", "energy", by="sex")
    assert ours[people["sex"] == other].isna().all()
    assert ours[people["sex"] == sex].notna().sum() > 50
