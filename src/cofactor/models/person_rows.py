"""Several rows a person, in (start, stop] form: covariates that change with time."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import pandas as pd

from cofactor.errors import FitError
from cofactor.models.follow_up import FollowUp
from cofactor.survey.groups import column_of

if TYPE_CHECKING:
    from cofactor.survey.design import SurveyDesign


def check_person_rows(
    design: SurveyDesign, used: npt.NDArray[np.bool_], person: str, people: FollowUp, where: str
) -> str:
    """Return how many people the rows used are of, in words, once their intervals are found right.

    Raises
    ------
    UnknownVariableError
        No such column.
    FitError
        No entry; a missing person; intervals of a person that overlap; a row after a person's event; rows of a person
        in several PSUs, or of several weights.
    """
    if people.entry is None:
        raise FitError(f"{where} has several rows a person ({person!r}), which begin and end: give entry= as well")
    column = column_of(design, person)[used]
    if column.isna().any():
        raise FitError(f"{int(column.isna().sum()):,} rows of {where} are of nobody: {person!r} is missing")
    codes, names = pd.factorize(column)
    order = np.lexsort((people.entry, codes))
    same = codes[order][1:] == codes[order][:-1]
    for wrong, words in (
        (people.entry[order][1:] < people.exit[order][:-1], "overlap"),
        (people.event[order][:-1], "go on after the event"),
        (design.psu_index[used][order][1:] != design.psu_index[used][order][:-1], "lie in different PSUs"),
        (design.weights[used][order][1:] != design.weights[used][order][:-1], "have different weights"),
    ):
        found = np.flatnonzero(same & wrong)
        if found.size:
            first = names[codes[order][found[0]]]
            raise FitError(f"rows of {where} {words} within a person ({person} {first} for one, {found.size:,} in all)")
    return f"{len(names):,} people in {len(codes):,} rows"
