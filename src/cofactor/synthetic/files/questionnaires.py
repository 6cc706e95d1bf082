"""PAQ, PAQIAF, DIQ, BPQ, MCQ and HUQ: physical activity, diagnoses told by a doctor, general health."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pandas as pd

from cofactor.synthetic.files.tables import positive, table
from cofactor.synthetic.frame import everybody
from cofactor.synthetic.health import CARDIOVASCULAR
from cofactor.synthetic.people import People

ACTIVITY_CODES = {1.0: 20.0, 2.0: 30.0}
"""A code of the list of activities for each level; the METs stand beside it."""


def activity(one: People, rng: np.random.Generator) -> dict[str, pd.DataFrame]:
    """Return PAQ, and up to 2006 PAQIAF with one row for each leisure activity that a person names."""
    files = {"PAQ": table(one, one.activity.asked, one.activity.answers)}
    if one.plan.asks_past_30_days:
        place, level, times, minutes, mets = one.activity.leisure.T
        files["PAQIAF"] = pd.DataFrame(
            {
                "SEQN": one.sample.seqn[place.astype(np.int64)].astype(np.float64),
                "PADACTIV": np.where(level == 1.0, ACTIVITY_CODES[1.0], ACTIVITY_CODES[2.0]),
                "PADLEVEL": level,
                "PADTIMES": times,
                "PADDURAT": minutes,
                "PADMETS": mets,
            }
        )
    return files


def histories(one: People, rng: np.random.Generator) -> dict[str, pd.DataFrame]:
    """Return DIQ, BPQ, MCQ and HUQ."""
    health, age = one.health, one.sample.age
    conditions: dict[str, npt.ArrayLike] = {
        **{name: positive(codes) for name, codes in zip(CARDIOVASCULAR, health.cardiovascular.T, strict=True)},
        "MCQ220": positive(health.cancer),
        **{f"MCQ230{letter}": positive(kind) for letter, kind in zip("ABCD", health.cancer_kinds.T, strict=True)},
    }
    return {
        "DIQ": table(one, age >= 1, {"DIQ010": positive(health.diabetes)}),
        "BPQ": table(one, age >= 16, {"BPQ020": positive(health.hypertension)}),
        "MCQ": table(one, age >= 1, conditions),
        "HUQ": table(one, everybody(one), {"HUQ010": health.general}),
    }
