"""Imputation and response weights on real files of 2003-2006 with linked deaths."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from cofactor.cohort import load
from cofactor.models import fit_cox, impute, pool, response_weights
from cofactor.survey import SurveyDesign, weighted_mean

FORMULA = "age_years + sex + race_ethnicity + education + poverty_income_ratio + smoking + bmi_kg_m2"
COX = {"time": "followup_months_exam", "event": "died"}
LACKING = ["education", "poverty_income_ratio", "smoking", "bmi_kg_m2"]
NAMES = ["age_years", "sex", "race_ethnicity", *LACKING, "died", "followup_months_exam", "mortality_eligible"]

pytestmark = pytest.mark.real_data


@pytest.fixture(scope="module")
def design(real_data_folder) -> SurveyDesign:
    data = load([*NAMES, "vitd_25oh_nmol_l"], cycles="2003-2006", data=real_data_folder)
    return SurveyDesign(data, domain="age_years >= 20 and mortality_eligible and followup_months_exam > 0")


def test_real_covariates_are_imputed_for_everyone_and_pooled(design):
    made = impute(design, LACKING, formula=FORMULA, **COX, cycle="cycle", m=5, rounds=3, seed=2003)
    inside = design.in_domain
    assert not made.data(4).loc[inside, LACKING].isna().any().any()
    lost = design.data.loc[inside, LACKING].isna().sum()
    assert made.table().set_index("variable")["missing"].to_dict() == lost.to_dict()
    income = made.data(0)["poverty_income_ratio"][inside]
    assert income.between(0.0, 5.0).all()
    pooled = pool(made, lambda one: fit_cox(one, FORMULA, **COX))
    assert pooled.complete_case.counts.n_used < pooled.complete_case.counts.n_domain == int(inside.sum())
    assert (pooled.df <= pooled.complete_df).all()
    one = pooled.complete_case.estimate
    assert (np.abs(pooled.values - one.values) < 1.5 * one.se).all()  # 8% of the people change no conclusion


def test_people_with_vitamin_d_known_stand_for_all(design):
    ages = pd.cut(design.data["age_years"], [0, 40, 60, 200], right=False, labels=["20-39", "40-59", "60+"])
    of_ages = SurveyDesign(design.data.assign(ages=ages), domain=pd.Series(design.in_domain, index=design.data.index))
    made = response_weights(of_ages, "vitd_25oh_nmol_l", by=["ages", "sex", "race_ethnicity"])
    assert made.design.weights.sum() == pytest.approx(of_ages.weights[of_ages.in_domain].sum())
    assert made.cells["share_known"].between(0.6, 1.0).all()
    age = made.adjusted(weighted_mean(made.design, "age_years"))
    truth, plain = (
        weighted_mean(of_ages, "age_years"),
        weighted_mean(of_ages.within("known(vitd_25oh_nmol_l)"), "age_years"),
    )
    assert abs(age.values[0] - truth.values[0]) < abs(plain.values[0] - truth.values[0])
