"""Who is at risk when: the distinct event times of each Cox stratum as slots of one table.

All strata lie end to end. Stratum s owns the slots from ``starts[s]``, where the slot ``starts[s]`` itself means
"before its first event". A person whose entry slot is a and exit slot b is at risk at the slots a < k <= b, so that
strata and delayed entry are two integers a person and cost nothing more.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

import numpy as np
import numpy.typing as npt

from cofactor.models.cox_times import BLOCK, LARGEST_TABLE, blocks, clock_of

Floats = npt.NDArray[np.float64]
Mask = npt.NDArray[np.bool_]
Codes = npt.NDArray[np.int32]
Keys = npt.NDArray[np.int64]
Ties = Literal["efron", "breslow"]


@dataclass(frozen=True, eq=False)
class RiskSlots:
    """The risk sets of n people over T slots, prepared once an outcome and independent of covariates.

    Attributes
    ----------
    weights : array (n,)
    exposure : array (n,)
        Weight times the exponential of the offset: what a person brings into a risk set at coefficients of 0.
    dead : bool array (n,)
        Has the event, with positive weight.
    group : int array (n,)
        Slot at the exit of the living, slot at the exit + T of the dead.
    entry : int array (n,)
        Slot at the entry (None: everyone is there from the start).
    starts : int array (S,)
        First slot of each Cox stratum.
    times, stratum : arrays (T,)
        Time of each slot (missing at `starts`), and its Cox stratum.
    deaths, death_weight, mean_weight : arrays (T,)
        Number of deaths (rows), their weight, and its mean.
    live : int array
        Slots with deaths: all but `starts`.
    ladder_start : int array
        Where the deaths of each live slot begin if they are laid end to end.
    efron : bool
        Tied deaths leave the risk set one after the other; else (Breslow) they stay.
    """

    weights: Floats
    exposure: Floats
    dead: Mask
    group: Codes
    entry: Codes | None
    starts: npt.NDArray[np.intp]
    times: Floats
    stratum: npt.NDArray[np.intp]
    deaths: npt.NDArray[np.intp]
    death_weight: Floats
    mean_weight: Floats
    live: npt.NDArray[np.intp]
    ladder_start: npt.NDArray[np.intp]
    efron: bool

    @property
    def size(self) -> int:
        """How many slots there are, T."""
        return len(self.deaths)

    @cached_property
    def exit(self) -> Codes:
        """Slot at the exit of everyone, (n,)."""
        return self.group - np.int32(self.size) * self.dead

    @cached_property
    def targets(self) -> Codes:
        """Rows of the table of sums that a person is added to, (n,) or (n, 2): group, and 2 T + entry."""
        if self.entry is None:
            return self.group
        return np.stack([self.group, self.entry + np.int32(2 * self.size)], axis=1)

    @property
    def offset(self) -> Floats:
        """The offset of everyone, (n,): 0 without one; of rows of weight 0 too."""
        inside = self.weights > 0.0
        return np.log(np.divide(self.exposure, self.weights, out=np.ones_like(self.weights), where=inside))

    @property
    def entry_of(self) -> Codes:
        """Entry slot of everyone, (n,): the first of the stratum where nobody enters late."""
        if self.entry is not None:
            return self.entry
        return self.starts[self.stratum[self.exit]].astype(np.int32)

    def cumulated(self, values: Floats) -> Floats:
        """Return sums over the slots up to each one, within Cox strata; values (T,) or (T, q)."""
        return _by_stratum(self.starts, values, _forward)

    def remaining(self, values: Floats) -> Floats:
        """Return sums over each slot and those after it, within Cox strata; values (T,) or (T, q)."""
        return _by_stratum(self.starts, values, _backward)


def risk_slots(
    time: Floats,
    event: Mask,
    weights: Floats,
    *,
    entry: Floats | None = None,
    stratum: npt.NDArray[np.integer] | None = None,
    offset: Floats | None = None,
    ties: Ties = "efron",
) -> RiskSlots:
    """Prepare the risk sets of n people.

    Parameters
    ----------
    time : array (n,)
        Exit; people are at risk in (entry, time]. Whole or half months are fastest, any numbers will do.
    event : bool array (n,)
    weights : array (n,)
        Not negative; rows of weight 0 count in nothing, not even as a death of Efron's ties.
    entry : array (n,), optional
        Before `time`.
    stratum : int array (n,), optional
        Codes 0..S-1 of Cox strata.
    offset : array (n,), optional
        Part of the linear predictor that has no coefficient.
    ties : {"efron", "breslow"}
    """
    dead = weights > 0.0
    dead &= event
    clock = clock_of(time, entry, dead)
    n_strata = 1 if stratum is None else int(stratum.max(initial=0)) + 1
    cells = clock.width * n_strata

    def keys_of(times: Floats, rows: slice, chosen: Mask | slice) -> tuple[Keys, Keys | int]:
        of = 0 if stratum is None else _long(stratum[rows][chosen])
        return clock.codes(times[rows][chosen]) + clock.width * of, of

    parts = list(blocks(len(time), BLOCK))
    event_keys = _distinct((keys_of(time, rows, dead[rows])[0] for rows in parts), cells)
    place = _places(event_keys, cells)

    def slots_of(times: Floats) -> Codes:
        made = np.empty(len(times), dtype=np.int32)
        for rows in parts:
            keys, of = keys_of(times, rows, slice(None))
            made[rows] = place(keys) + of
        return made

    slot_of_event = np.arange(1, len(event_keys) + 1) + event_keys // clock.width
    starts = np.searchsorted(event_keys, clock.width * np.arange(n_strata)) + np.arange(n_strata)
    slot_times = np.full(len(event_keys) + n_strata, np.nan)
    slot_times[slot_of_event] = clock.times[event_keys % clock.width]
    exposure = weights if offset is None else weights * np.exp(offset)
    entry_slot = None if entry is None else slots_of(entry)
    return _with_deaths(weights, exposure, dead, slots_of(time), entry_slot, starts, slot_times, ties)


def _with_deaths(
    weights: Floats, exposure: Floats, dead: Mask, group: Codes, entry: Codes | None,
    starts: npt.NDArray[np.intp], times: Floats, ties: Ties,
) -> RiskSlots:  # fmt: skip
    """Count the deaths of each slot; `group` comes as the slot at the exit of everyone, and is changed in its place."""
    size = len(times)
    deaths, death_weight = np.zeros(size, dtype=np.intp), np.zeros(size)
    for rows in blocks(len(group), max(BLOCK, 4 * size)):
        mine = np.flatnonzero(dead[rows])
        of_death = group[rows][mine]
        deaths += np.bincount(of_death, minlength=size)
        death_weight += np.bincount(of_death, weights[rows][mine], size)
        group[rows][mine] += np.int32(size)
    live = np.flatnonzero(deaths)
    stratum = np.repeat(np.arange(len(starts)), np.diff(np.append(starts, size)))
    return RiskSlots(
        weights=weights, exposure=exposure, dead=dead, group=group, entry=entry, starts=starts, times=times,
        stratum=stratum, deaths=deaths, death_weight=death_weight, mean_weight=death_weight / np.maximum(deaths, 1),
        live=live, ladder_start=np.cumsum(deaths[live]) - deaths[live], efron=ties == "efron",
    )  # fmt: skip


def _long(codes: npt.NDArray[np.integer]) -> Keys:
    return codes.astype(np.int64)


def _distinct(parts: Iterator[Keys], cells: int) -> Keys:
    if cells > LARGEST_TABLE:
        return np.unique(np.concatenate([np.unique(keys) for keys in parts]))
    marks = np.zeros(cells, dtype=bool)
    for keys in parts:
        marks[keys] = True
    return np.flatnonzero(marks)


def _places(event_keys: Keys, cells: int) -> Callable[[Keys], Keys]:
    """Return the function that says how many event keys are at or below each key."""
    if cells > LARGEST_TABLE:
        return lambda keys: np.searchsorted(event_keys, keys, side="right")
    count = np.zeros(cells, dtype=np.int64)
    count[event_keys] = 1
    return np.cumsum(count).take


def _forward(values: Floats, out: Floats) -> None:
    np.cumsum(values, axis=0, out=out)


def _backward(values: Floats, out: Floats) -> None:
    np.cumsum(values[::-1], axis=0, out=out[::-1])


def _by_stratum(starts: npt.NDArray[np.intp], values: Floats, cumulate: Callable[[Floats, Floats], None]) -> Floats:
    # Each stratum by itself: a difference of sums that run through all strata would lose the digits of small risk sets.
    made = np.empty_like(values)
    ends = [*starts[1:], len(values)]
    for start, end in zip(starts, ends, strict=True):
        cumulate(values[start:end], made[start:end])
    return made
