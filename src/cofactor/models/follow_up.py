"""Follow-up of the people of a design: exit, entry, event and Cox strata, read from columns and checked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import pandas as pd

from cofactor.errors import FitError, UnknownVariableError

if TYPE_CHECKING:
    from cofactor.survey.design import SurveyDesign

Floats = npt.NDArray[np.float64]
Mask = npt.NDArray[np.bool_]
Ints = npt.NDArray[np.intp]


@dataclass(frozen=True)
class Roles:
    """Which columns hold time at exit, event, time at entry, Cox strata, and an offset."""

    time: str
    event: str
    entry: str | None = None
    strata: tuple[str, ...] = ()
    offset: str | None = None

    @property
    def columns(self) -> tuple[str, ...]:
        """All the columns, each once."""
        optional = tuple(name for name in (self.entry, self.offset) if name is not None)
        return tuple(dict.fromkeys((self.time, self.event, *optional, *self.strata)))


@dataclass(frozen=True, eq=False)
class FollowUp:
    """Of m people: at risk in (entry, exit], the event at the exit, Cox stratum, offset; None if not asked."""

    exit: Floats
    event: Mask
    entry: Floats | None
    stratum: Ints | None
    offset: Floats | None = None


def read_roles(
    time: str, event: str, entry: str | None, strata: str | Sequence[str] | None, offset: str | None = None
) -> Roles:
    """Return the roles of columns; `strata` is a name or several."""
    return Roles(time, event, entry, (strata,) if isinstance(strata, str) else tuple(strata or ()), offset)


def event_values(data: pd.DataFrame, name: str, where: str) -> Floats:
    """Return the event of every row as 0, 1 or NaN.

    Raises
    ------
    UnknownVariableError, FitError
        FitError: neither a flag nor 0 and 1.
    """
    values = _numbers(data, name, "event", where)
    wrong = ~((values == 0.0) | (values == 1.0) | np.isnan(values))
    if wrong.any():
        shown = ", ".join(f"{value:g}" for value in np.unique(values[wrong])[:3])
        raise FitError(
            f"the event {name!r} of {where} must be a flag, or 0 and 1; it also has {shown}. Make a flag of the code "
            "that means the event"
        )
    return values


def follow_up(design: SurveyDesign, rows: Mask, roles: Roles, where: str) -> FollowUp:
    """Return the follow-up of the m `rows` (n,) of a design, where every one of the columns is known.

    Raises
    ------
    FitError
        No event; a time that is negative, 0 or not after the entry; columns that are not numbers.
    UnknownVariableError
        A column that the data do not have.
    """
    exit_time = _numbers(design.data, roles.time, "time", where)[rows]
    happened = event_values(design.data, roles.event, where)[rows] == 1.0
    entry = None if roles.entry is None else _numbers(design.data, roles.entry, "entry", where)[rows]
    _check_times(exit_time, entry, happened, roles, where)
    if not happened.any():
        raise FitError(
            f"{where} has no event: {roles.event!r} is 0 in all {len(happened):,} rows used; look at the domain and at "
            "how the event is coded"
        )
    stratum: Ints | None = None
    if roles.strata:
        groups = design.data.loc[rows, list(roles.strata)].groupby(list(roles.strata), observed=True)
        stratum = np.asarray(groups.ngroup(), dtype=np.intp)
    offset = None if roles.offset is None else _numbers(design.data, roles.offset, "offset", where)[rows]
    if offset is not None and not np.isfinite(offset).all():
        raise FitError(f"the offset {roles.offset!r} of {where} is infinite for somebody")
    return FollowUp(exit_time, happened, entry, stratum, offset)


def _check_times(exit_time: Floats, entry: Floats | None, event: Mask, roles: Roles, where: str) -> None:
    if not np.isfinite(exit_time).all() or (entry is not None and np.isnan(entry).any()):
        raise FitError(f"{where} has infinite times in {roles.time!r}; the end of follow-up is a number")
    if entry is not None:
        late = exit_time <= entry
        if late.any():
            raise FitError(
                f"{int(late.sum()):,} rows of {where} leave ({roles.time!r}) no later than they enter "
                f"({roles.entry!r}), {int((late & event).sum()):,} of them with the event; restrict the domain to "
                f"'{roles.time} > {roles.entry}'"
            )
        return
    negative, none = exit_time < 0.0, exit_time == 0.0
    if negative.any():
        raise FitError(f"{int(negative.sum()):,} rows of {where} have a negative time in {roles.time!r}")
    if none.any():
        raise FitError(
            f"{int(none.sum()):,} rows of {where} have a time of 0 in {roles.time!r}, {int((none & event).sum()):,} of "
            "them with the event: nobody is at risk for no time. Where a follow-up of 0 months is real, use 0.5"
        )


def _numbers(data: pd.DataFrame, name: str, role: str, where: str) -> Floats:
    if name not in data.columns:
        raise UnknownVariableError.suggest(name, map(str, data.columns), f"{where}, as {role}")
    column = data[name]
    if not (pd.api.types.is_numeric_dtype(column.dtype) or pd.api.types.is_bool_dtype(column.dtype)):
        raise FitError(f"the {role} {name!r} of {where} is of type {column.dtype}; numbers are needed")
    return np.asarray(column.to_numpy(dtype=np.float64, na_value=np.nan))
