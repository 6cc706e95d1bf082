"""What cumulative incidences of several causes keep between them, on designs that hypothesis makes up."""

from __future__ import annotations

import numpy as np
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from cofactor.models import cumulative_incidence, kaplan_meier
from cofactor.survey import SurveyDesign

from .every_row import ROWS
from .surveys import surveys

TIMES = [2, 3, 5, 6]


@given(data=st.data())
@settings(max_examples=20, deadline=None, suppress_health_check=list(HealthCheck))
def test_incidences_rise_and_make_up_with_survival_the_whole(data):
    people = data.draw(surveys(ROWS["cumulative_incidence"]))
    design = SurveyDesign(people)
    assume(people.loc[people["analysis_weight"] > 0, "died"].any())
    roles = {"time": "months", "event": "died", "times": TIMES}
    incidences = cumulative_incidence(design, cause="cause", **roles).estimate.values.reshape(-1, len(TIMES))
    survival = kaplan_meier(design, **roles).estimate.values
    known = np.isfinite(survival)
    assert (np.diff(incidences, axis=1)[:, known[1:]] >= -1e-12).all()
    np.testing.assert_allclose((incidences.sum(axis=0) + survival)[known], 1.0, atol=1e-12)
