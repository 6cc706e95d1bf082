"""The dictionary of medicines: which of them belong to a class, by their own classes and those of their ingredients."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from cofactor.errors import FileError
from cofactor.loaders.store import DataFolder

FILE = "RXQ_DRUG.xpt"
"""One file for all cycles: no suffix."""
KEY = "RXDDRGID"
LEVELS = "ABC"
CLASSES = tuple(
    tuple(f"{stem}{number}{level}" for level in LEVELS)
    for stem, most in (("RXDDCI", 4), ("RXDICI", 6))
    for number in range(1, most + 1)
)
"""A medicine has up to four classes of its own, and up to six ingredients of a class each; a class has three levels."""

Class = tuple[float, ...]
"""A class by its levels, the broadest first: (40, 49) is every diuretic, (40, 49, 156) the thiazides."""

YES, NO, UNCLEAR = 1, 0, -1


@dataclass(frozen=True, eq=False)
class DrugDictionary:
    """The medicines that the files name.

    ids : (n,) their codes. classes : (n, 10, 3) the levels of their classes, NaN where there is none.
    """

    ids: pd.Index
    classes: NDArray[np.float64]

    def positions(self, ids: pd.Series) -> NDArray[np.intp]:
        """Return, for each code, its place in the dictionary, and -1 where it is missing.

        Raises
        ------
        FileError
            A code that the dictionary lacks.
        """
        found = self.ids.get_indexer(pd.Index(ids))
        if len(strange := ids[(found < 0) & ids.notna().to_numpy()].unique()):
            raise FileError(
                f"{FILE} lacks {len(strange)} codes of medicines that people take ({', '.join(strange[:3])}, ...); "
                "fetch it again: it grows with the cycles"
            )
        return found

    def members(self, wanted: Iterable[Class], but_not: Iterable[Class] = ()) -> NDArray[np.int8]:
        """Return, for each medicine, whether it is of a class: 1 yes, 0 no, -1 unclear; one more, -1, ends the array.

        A medicine belongs to a class if that is one of its own classes, or the class of one of its ingredients. What is
        known by a broader class alone ("cardiovascular agent, unspecified") is unclear. A medicine of a class in
        `but_not` does not belong. The last element stands for position -1: no medicine is known.

        >>> two = np.full((2, 10, 3), np.nan)
        >>> two[0, 0], two[1, 0, 0] = (40, 49, 156), 40
        >>> DrugDictionary(pd.Index(["d00253", "c00040"]), two).members([(40, 49)]).tolist()
        [1, -1, -1]
        """
        state = np.full(len(self.ids) + 1, NO, dtype=np.int8)
        for one in wanted:
            for length in range(1, len(one)):
                exact = self._begin_with(one[:length]) & np.isnan(self.classes[:, :, length])
                state[:-1][exact.any(axis=1) & (state[:-1] != YES)] = UNCLEAR
            state[:-1][self._begin_with(one).any(axis=1)] = YES
        for one in but_not:
            state[:-1][self._begin_with(one).any(axis=1)] = NO
        state[-1] = UNCLEAR
        return state

    def _begin_with(self, one: Class) -> NDArray[np.bool_]:
        return np.asarray((self.classes[:, :, : len(one)] == np.array(one)).all(axis=2))


def read_dictionary(folder: DataFolder) -> DrugDictionary:
    """Read the dictionary of medicines through the verified door; raises as `DataFolder.columns`."""
    columns = [column for three in CLASSES for column in three]
    frame = folder.columns(FILE, [KEY, *columns], one_row_per_person=False)
    levels = frame[columns].to_numpy(dtype=float).reshape(len(frame), len(CLASSES), len(LEVELS))
    return DrugDictionary(pd.Index(frame[KEY]), levels)


def any_member(
    members: NDArray[np.int8], medicines: NDArray[np.intp], people: NDArray[np.intp], taken: NDArray[np.int8]
) -> NDArray[np.int8]:
    """Return, for each person, whether any of the medicines taken is a member: 1 yes, 0 no, -1 not known.

    Parameters
    ----------
    members : of `DrugDictionary.members`. medicines, people : (rows,) the place of each row's medicine in the
        dictionary, and of its person. taken : (n,) whether the person takes any medicine: 1, 0 or -1.

    Examples
    --------
    One who takes a member; one who takes another and an unknown one; one who takes none; one who does not say.

    >>> members = np.array([1, 0, -1], dtype=np.int8)
    >>> rows, people = np.array([0, 1, -1, -1, -1]), np.array([0, 1, 1, 2, 3])
    >>> any_member(members, rows, people, np.array([1, 1, 0, -1], dtype=np.int8)).tolist()
    [1, -1, 0, -1]
    """
    states = members[medicines]
    yes = np.bincount(people[states == YES], minlength=len(taken)) > 0
    unclear = np.bincount(people[states == UNCLEAR], minlength=len(taken)) > 0
    named = np.where(yes, YES, np.where(unclear, UNCLEAR, NO))
    return np.where(taken == YES, named, taken).astype(np.int8)
