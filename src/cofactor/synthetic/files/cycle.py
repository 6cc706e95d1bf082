"""All XPT files of a cycle."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd

from cofactor.synthetic.files.demographics import demographics
from cofactor.synthetic.files.diet import diet
from cofactor.synthetic.files.examination import examination
from cofactor.synthetic.files.habits import drinking, smoking
from cofactor.synthetic.files.medicines import medicines
from cofactor.synthetic.files.questionnaires import activity, histories
from cofactor.synthetic.files.supplements import supplements
from cofactor.synthetic.people import People
from cofactor.synthetic.published import filled
from cofactor.synthetic.randomness import stream

MAKERS: tuple[Callable[[People, np.random.Generator], dict[str, pd.DataFrame]], ...] = (
    demographics,
    diet,
    supplements,
    examination,
    smoking,
    drinking,
    activity,
    histories,
    medicines,
)


def tables_of(one: People) -> dict[str, pd.DataFrame]:
    """Return every XPT file of the cycle by name ("DEMO_D.xpt"): SEQN first, NaN for missing.

    Codes that the people do not settle (refused or not known, how many days, which kind) come from streams of their
    own, so that they never move who the people are. Columns of the catalogue that no maker knows are drawn from CDC's
    published counts.
    """
    made: dict[str, pd.DataFrame] = {}
    for make in MAKERS:
        made |= make(one, stream(one.seed, one.plan.cycle, "file", make.__name__))
    return filled(one, {one.plan.file(stem): frame for stem, frame in made.items()})
