"""Design effects: 1 for a simple random sample, the cluster size for repeated rows."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from cofactor.models import design_effects, fit_glm
from cofactor.survey import SurveyDesign


def sample(rng, n):
    x = rng.normal(0.0, 1.0, n)
    return pd.DataFrame({"x": x, "y": x + rng.normal(0.0, 1.0, n), "event": (rng.random(n) < 0.3).astype(float),
                         "analysis_weight": 2.5, "strata": 1, "psu": np.arange(n)})  # fmt: skip


def test_a_simple_random_sample_has_no_design_effect():
    made = design_effects(fit_glm(SurveyDesign(sample(np.random.default_rng(1), 4000)), "y ~ x"))
    np.testing.assert_allclose(made["design_effect"], 1.0, atol=0.1)


@pytest.mark.parametrize("family", ["gaussian", "binomial"])
def test_each_person_four_times_has_a_design_effect_of_four(family):
    once = sample(np.random.default_rng(2), 800)
    four = pd.concat([once] * 4, ignore_index=True)
    outcome = {"gaussian": "y", "binomial": "event"}[family]
    plain = design_effects(fit_glm(SurveyDesign(once), f"{outcome} ~ x", family=family))
    clustered = design_effects(fit_glm(SurveyDesign(four), f"{outcome} ~ x", family=family))
    np.testing.assert_allclose(clustered["design_effect"] / plain["design_effect"], 4.0, rtol=5e-3)
    np.testing.assert_allclose(clustered["n_effective"], plain["n_effective"], rtol=5e-3)
    assert clustered["events_effective"].isna().all() == (family == "gaussian")


def test_naive_error_is_that_of_a_program_without_survey():
    import statsmodels.api as sm

    data = sample(np.random.default_rng(3), 500)
    data["analysis_weight"] = np.random.default_rng(4).uniform(1.0, 5.0, 500)
    fit = fit_glm(SurveyDesign(data), "event ~ x", family="binomial")
    scaled = data["analysis_weight"] / data["analysis_weight"].mean()
    theirs = sm.GLM(data["event"], sm.add_constant(data["x"]), sm.families.Binomial(), freq_weights=scaled).fit()
    np.testing.assert_allclose(design_effects(fit)["naive_se"], theirs.bse, rtol=1e-6)
