"""Replicates and leave-one-out on real files of 2005-2008 with linked deaths: every road leads to nearly one error."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from cofactor.cohort import load
from cofactor.models import fit_cox, leave_out, most_influential
from cofactor.survey import SurveyDesign, replicate

pytestmark = pytest.mark.real_data
NAMES = ["age_years", "sex", "mortality_eligible", "followup_months_exam", "died"]


@pytest.fixture(scope="module")
def design(real_data_folder) -> SurveyDesign:
    people = load(NAMES, cycles="2005-2008", data=real_data_folder)
    return SurveyDesign(people, domain="mortality_eligible and age_years >= 40 and followup_months_exam > 0")


def fit(design: SurveyDesign):
    return fit_cox(design, "rcs(age_years, 4) * sex", time="followup_months_exam", event="died")


@pytest.mark.parametrize(
    ("options", "rtol"),
    [({}, 0.05), ({"method": "bootstrap", "number": 100, "seed": 3}, 0.25)],
    ids=["jackknife", "bootstrap"],
)
def test_errors_by_replicates_are_nearly_the_linearised(options, rtol, design):
    np.testing.assert_allclose(replicate(design, fit, **options).se, fit(design).estimate.se, rtol=rtol)


@pytest.mark.parametrize("group", ["cycle", "psu"])
def test_leaving_out_is_near_a_refit(group, design):
    whole = fit(design)
    made = leave_out(whole, group)
    p = len(whole.terms)
    codes = design.psu_index if group == "psu" else pd.factorize(design.data["cycle"], sort=True)[0]
    for g in (0, 1):
        refit = fit_cox(
            design.with_weights(np.where(codes == g, 0.0, design.weights)), "rcs(age_years, 4) * sex",
            time="followup_months_exam", event="died", like=whole.spec,
        )  # fmt: skip
        error = (made["without"].to_numpy()[g * p : (g + 1) * p] - refit.estimate.values) / whole.estimate.se
        # Half of the people are many for first order; a PSU of 62 is not.
        assert np.abs(error).max() < (0.35 if group == "cycle" else 0.02)


def test_the_most_influential_person_is_known_by_the_index(design):
    made = most_influential(fit(design), fit(design).terms[0], 5)
    assert made["row"].isin(design.data.index).all()
    assert made["change"].abs().is_monotonic_decreasing
