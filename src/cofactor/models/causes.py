"""Causes of events, read from a flag and a column of causes: of which cause, of a cause unknown, or no event."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from cofactor.errors import FitError
from cofactor.models.follow_up import event_values
from cofactor.survey.groups import level_codes

if TYPE_CHECKING:
    from cofactor.survey.design import SurveyDesign

Mask = npt.NDArray[np.bool_]
UNKNOWN = "cause unknown"


@dataclass(frozen=True, eq=False)
class Causes:
    """Of which cause the event of each row is.

    Attributes
    ----------
    codes : int array (n,)
        Position in `names`; -1 without an event, or where it is not known whether there was one.
    names : tuple
        Levels of the column of causes in their order, then "cause unknown".
    """

    codes: npt.NDArray[np.intp]
    names: tuple[Any, ...]

    @property
    def unknown(self) -> Mask:
        """Rows with an event whose cause is missing, (n,)."""
        return np.asarray(self.codes == len(self.names) - 1)

    def among(self, of: Any | Sequence[Any], where: str) -> Mask:
        """Return the rows whose event is of one of the causes `of`, (n,).

        Raises
        ------
        FitError
            A cause that the column does not have.
        """
        asked = [of] if isinstance(of, str) or not isinstance(of, Sequence) else list(of)
        levels = list(self.names[:-1])
        strange = [one for one in asked if one not in levels]
        if strange or not asked:
            raise FitError(
                f"{where} asks for {', '.join(map(repr, strange)) or 'no cause'}; the causes are: "
                f"{', '.join(map(repr, levels))}"
            )
        return np.isin(self.codes, [levels.index(one) for one in asked])


def read_causes(design: SurveyDesign, event: str, cause: str, where: str) -> Causes:
    """Return the causes of the events of a design's n rows.

    `event` is a flag or 0 and 1; `cause` a category, text, flag or whole number, read where there is an event alone.

    Raises
    ------
    UnknownVariableError
        A column that the data do not have.
    FitError, DesignError
        An event that is not 0 or 1; causes that are numbers with fractions.
    """
    happened = event_values(design.data, event, where) == 1.0
    codes, levels = level_codes(design, cause, "cause")
    names = (*pd.Index(levels).tolist(), UNKNOWN)
    return Causes(np.where(happened, np.where(codes < 0, len(names) - 1, codes), -1), names)


def cause_words(of: Any | Sequence[Any]) -> str:
    """Return causes in words: "heart disease or stroke"."""
    return " or ".join(map(str, [of] if isinstance(of, str) or not isinstance(of, Sequence) else of))
