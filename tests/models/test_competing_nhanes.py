"""Competing causes of death of real people of 2001-2008, against R (tests/reference/competing/nhanes.R)."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from cofactor.cohort import load
from cofactor.models import cumulative_incidence, fit_cause_specific, fit_fine_gray, kaplan_meier, predict
from cofactor.survey import SurveyDesign, replicate

REFERENCE = Path(__file__).parent.parent / "reference" / "competing" / "nhanes.json"
NAMES = ["age_years", "sex", "died", "cause_of_death", "died_heart", "died_of_unknown_cause", "followup_months_exam",
         "mortality_eligible"]  # fmt: skip
ROLES = {"time": "followup_months_exam", "event": "died", "cause": "cause_of_death"}
HEART = {**ROLES, "of": "heart disease"}


def people_2001(folder: Path, cycles: str = "2001-2008") -> pd.DataFrame:
    """Everyone of the cycles; nhanes.R reads this frame as CSV."""
    return load(NAMES, cycles=cycles, data=folder)


@pytest.fixture(scope="module")
def design(real_data_folder) -> SurveyDesign:
    return SurveyDesign(people_2001(real_data_folder), domain="age_years >= 40 and mortality_eligible")


@pytest.fixture(scope="module")
def expected() -> dict:
    return json.loads(REFERENCE.read_text())


@pytest.mark.real_data
def test_incidences_of_ten_causes_match_survfit_and_add_up_to_kaplan_meiers_risk(design, expected):
    made = cumulative_incidence(design, **ROLES, times=expected["times"])
    table = made.table()
    for name, values in expected["incidence"].items():
        mine = table.loc[table["cause_of_death"] == name, "cumulative_incidence"]
        np.testing.assert_allclose(mine, values, rtol=1e-9, err_msg=name)
    survival = kaplan_meier(design, time=ROLES["time"], event="died", times=expected["times"]).table()["survival"]
    sums = table.groupby("time")["cumulative_incidence"].sum()
    np.testing.assert_allclose(sums.to_numpy() + survival.to_numpy(), 1.0, atol=1e-12)


@pytest.mark.real_data
@pytest.mark.parametrize("name", ["pooled_unweighted", "cycle_weighted"])
def test_fine_gray_of_heart_disease_matches_coxph_on_split_rows(design, expected, name):
    how = {} if name == "cycle_weighted" else {"censoring_by": None, "censoring_weighted": False}
    fit = fit_fine_gray(design, "age_years * sex", **HEART, **how)
    np.testing.assert_allclose(fit.estimate.values, expected[name]["coefficients"], rtol=1e-7)
    assert (fit.counts.n_used, fit.counts.events) == (expected[name]["n"], expected[name]["events"])


@pytest.mark.real_data
def test_cause_specific_hazards_match_svycoxph(design, expected):
    fit = fit_cause_specific(design, "age_years * sex", **HEART)
    np.testing.assert_allclose(fit.estimate.values, expected["cause_specific"]["coefficients"], rtol=1e-7)
    np.testing.assert_allclose(fit.estimate.se, expected["cause_specific"]["se"], rtol=1e-7)
    assert fit.df == expected["cause_specific"]["df"]


@pytest.mark.real_data
def test_linearised_errors_of_real_people_are_near_the_jackknifes(real_data_folder):
    old = SurveyDesign(people_2001(real_data_folder, "2005-2008"), domain="age_years >= 60 and mortality_eligible")
    people = pd.DataFrame({"age_years": [70, 80], "sex": ["female", "male"]})

    def both(part):
        fit = fit_fine_gray(part, "age_years + sex", **HEART)
        return np.concatenate([fit.estimate.values, predict(fit, people, at=120, kind="risk").values])

    fit = fit_fine_gray(old, "age_years + sex", **HEART)
    linear = np.concatenate([fit.estimate.se, predict(fit, people, at=120, kind="risk").se])
    np.testing.assert_allclose(linear, replicate(old, both).se, rtol=0.01)


@pytest.mark.real_data
def test_the_deaths_without_a_cause_are_counted(real_data_folder):
    """Two people of 1999-2018, of whom one was examined and so has a weight here."""
    everyone = SurveyDesign(people_2001(real_data_folder, "1999-2018"), domain="mortality_eligible")
    assert everyone.data["died_of_unknown_cause"].sum() == 2
    notes = cumulative_incidence(everyone, **ROLES, times=[120]).notes
    assert "events without a cause: 1; they are a cause of their own, 'cause unknown'" in notes
    assert "events without a cause: 1; censored there, too" in fit_cause_specific(everyone, "sex", **HEART).notes
