"""The flow counts who left, and whether the condition was false or unknown; outcomes keep to their window."""

import numpy as np
import pandas as pd
import pytest

from cofactor.errors import StudyError
from cofactor.study import Outcome, Step
from cofactor.study.population import outcome_columns, population_flow

FRAME = pd.DataFrame(
    {
        "analysis_weight": [1.0, 2.0, 3.0, 0.0, 5.0],
        "age": [30.0, 10.0, np.nan, 40.0, 50.0],
        "followup_months_exam": [0.5, 24.0, 60.0, 61.0, 130.0],
        "died": pd.array([True, True, True, False, True], dtype="boolean"),
        "start_age": [240.0, 300.0, 360.0, 420.0, 480.0],
    }
)


def test_false_and_unknown_are_counted_apart():
    mask, flow = population_flow(FRAME, (Step("adults", "age >= 20"),), "died")
    assert mask.tolist() == [True, False, False, False, True]
    assert flow["people"].tolist() == [5, 3, 2]
    assert flow.loc[1, ["left_false", "left_unknown", "deaths"]].tolist() == [1, 1, 2]
    assert flow.loc[2, "left_false"] == 1  # a zero weight
    assert flow["weighted"].tolist() == [11.0, 6.0, 6.0]


def test_a_step_that_leaves_nobody_is_an_error():
    with pytest.raises(StudyError, match=r"'the old' \(age > 90\) leaves nobody"):
        population_flow(FRAME, (Step("the old", "age > 90"),), "died")


@pytest.mark.parametrize(
    ("changes", "time", "event", "entry", "at_risk"),
    [
        ({}, [0.5, 24, 60, 61, 130], [1, 1, 1, 0, 1], None, [1, 1, 1, 1, 1]),
        ({"stop": 60}, [0.5, 24, 60, 60, 60], [1, 1, 1, 0, 0], None, [1, 1, 1, 1, 1]),
        ({"start": 24}, [0.5, 24, 60, 61, 130], [1, 1, 1, 0, 1], [24] * 5, [0, 0, 1, 1, 1]),
        ({"start": 60, "stop": 120}, [0.5, 24, 60, 61, 120], [1, 1, 1, 0, 0], [60] * 5, [0, 0, 0, 1, 1]),
        ({"origin": "start_age"}, [240.5, 324, 420, 481, 610], [1, 1, 1, 0, 1], [240, 300, 360, 420, 480], [1] * 5),
    ],
    ids=["all", "first 60", "from 24", "60 to 120", "age as time scale"],
)
def test_outcomes_keep_to_their_window(changes, time, event, entry, at_risk):
    columns, mask = outcome_columns(FRAME, Outcome("o", "o", "died", **changes))
    assert columns["time_o"].tolist() == time
    assert columns["event_o"].astype(int).tolist() == event
    assert ("entry_o" in columns) == (entry is not None)
    if entry is not None:
        assert columns["entry_o"].tolist() == entry
    assert mask.astype(int).tolist() == at_risk
