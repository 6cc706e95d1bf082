"""Who is at risk when: the distinct event times of each Cox stratum as slots of one table.

All strata lie end to end. Stratum s owns the slots from ``starts[s]``, where the slot ``starts[s]`` itself means
"before its first event". A person whose entry slot is a and exit slot b is at risk at the slots a < k <= b, so that
strata and delayed entry are two integers a person and cost nothing more.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Mask = npt.NDArray[np.bool_]
Codes = npt.NDArray[np.int32]
Ties = Literal["efron", "breslow"]

LARGEST_TABLE = 4_000_000  # cells of a look-up table by stratum and time; beyond it a binary search takes its place


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
    exit, entry : int array (n,)
        Slot at the exit, and at the entry (None: everyone is there from the start).
    group : int array (n,)
        Exit slot of the living, exit slot + T of the dead.
    targets : int array (n,) or (n, 2)
        Rows of the table of sums that a person is added to: group, and 2 T + entry.
    starts : int array (S,)
        First slot of each Cox stratum.
    times, stratum : arrays (T,)
        Time of each slot (missing at `starts`), and its Cox stratum.
    deaths, death_weight, mean_weight : arrays (T,)
        Number of deaths (rows), their weight, and its mean.
    live : int array
        Slots with deaths: all but `starts`.
    ladder_slot, ladder_share, ladder_start : arrays
        One step l a death: its slot, l / deaths (0 for Breslow), and where the steps of each live slot begin.
    """

    weights: Floats
    exposure: Floats
    dead: Mask
    exit: Codes
    entry: Codes | None
    group: Codes
    targets: Codes
    starts: npt.NDArray[np.intp]
    times: Floats
    stratum: npt.NDArray[np.intp]
    deaths: npt.NDArray[np.intp]
    death_weight: Floats
    mean_weight: Floats
    live: npt.NDArray[np.intp]
    ladder_slot: npt.NDArray[np.intp]
    ladder_share: Floats
    ladder_start: npt.NDArray[np.intp]

    @property
    def size(self) -> int:
        """How many slots there are, T."""
        return len(self.deaths)

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
    dead = event & (weights > 0.0)
    exit_code, entry_code, time_of_code = _time_codes(time, entry, dead)
    width = len(time_of_code)
    of = np.zeros(len(time), dtype=np.int64) if stratum is None else stratum.astype(np.int64)
    n_strata = int(of.max(initial=0)) + 1
    exit_key = exit_code + width * of
    event_keys = _distinct(exit_key[dead], width * n_strata)
    exit_slot = _position(event_keys, exit_key, width * n_strata) + of
    entry_slot = None
    if entry_code is not None:
        entry_slot = (_position(event_keys, entry_code + width * of, width * n_strata) + of).astype(np.int32)
    slot_of_event = np.arange(1, len(event_keys) + 1) + event_keys // width
    starts = np.searchsorted(event_keys, width * np.arange(n_strata)) + np.arange(n_strata)
    size = len(event_keys) + n_strata
    times = np.full(size, np.nan)
    times[slot_of_event] = time_of_code[event_keys % width]
    exposure = weights if offset is None else weights * np.exp(offset)
    return _with_deaths(weights, exposure, dead, exit_slot.astype(np.int32), entry_slot, starts, times, ties)


def _with_deaths(
    weights: Floats, exposure: Floats, dead: Mask, exit_slot: Codes, entry: Codes | None,
    starts: npt.NDArray[np.intp], times: Floats, ties: Ties,
) -> RiskSlots:  # fmt: skip
    size = len(times)
    deaths = np.bincount(exit_slot[dead], minlength=size)
    death_weight = np.bincount(exit_slot[dead], weights[dead], size).astype(np.float64)
    live = np.flatnonzero(deaths)
    ladder_start = np.cumsum(deaths[live]) - deaths[live]
    ladder_slot = np.repeat(live, deaths[live])
    step = np.arange(len(ladder_slot)) - np.repeat(ladder_start, deaths[live])
    share = step / deaths[ladder_slot] if ties == "efron" else np.zeros(len(ladder_slot))
    group = exit_slot + np.int32(size) * dead.astype(np.int32)
    targets = group if entry is None else np.stack([group, entry + np.int32(2 * size)], axis=1)
    stratum = np.repeat(np.arange(len(starts)), np.diff(np.append(starts, size)))
    return RiskSlots(
        weights=weights, exposure=exposure, dead=dead, exit=exit_slot, entry=entry, group=group, targets=targets,
        starts=starts, times=times, stratum=stratum, deaths=deaths, death_weight=death_weight,
        mean_weight=death_weight / np.maximum(deaths, 1), live=live, ladder_slot=ladder_slot, ladder_share=share,
        ladder_start=ladder_start,
    )  # fmt: skip


def _time_codes(
    time: Floats, entry: Floats | None, dead: Mask
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64] | None, Floats]:
    """Return integers that order exits, entries and event times as the times do, and the time of each integer.

    Half months are integers already when doubled; other times are replaced by the number of event times up to them.
    """
    exits = _half_months(time)
    entries = None if entry is None else _half_months(entry)
    if exits is not None and (entry is None or entries is not None):
        low = int(exits.min()) if entries is None else min(int(exits.min()), int(entries.min()))
        span = int(exits.max()) - low + 1
        if span <= LARGEST_TABLE and (entries is None or int(entries.max()) - low < span):
            return exits - low, None if entries is None else entries - low, (np.arange(span) + low) / 2.0
    distinct = np.unique(time[dead])
    ranks = np.searchsorted(distinct, time, side="right")
    entry_ranks = None if entry is None else np.searchsorted(distinct, entry, side="right")
    return ranks, entry_ranks, np.append(np.nan, distinct)


def _half_months(time: Floats) -> npt.NDArray[np.int64] | None:
    doubled = 2.0 * time
    if not np.abs(doubled).max(initial=0.0) < 2**31:
        return None
    whole = doubled.astype(np.int64)
    return whole if np.array_equal(whole, doubled) else None


def _distinct(keys: npt.NDArray[np.int64], cells: int) -> npt.NDArray[np.intp]:
    if cells > LARGEST_TABLE:
        return np.unique(keys)
    marks = np.zeros(cells, dtype=bool)
    marks[keys] = True
    return np.flatnonzero(marks)


def _position(event_keys: npt.NDArray[np.intp], keys: npt.NDArray[np.int64], cells: int) -> npt.NDArray[np.intp]:
    """Return how many event keys are at or below each key."""
    if cells > LARGEST_TABLE:
        return np.searchsorted(event_keys, keys, side="right")
    count = np.zeros(cells, dtype=np.intp)
    count[event_keys] = 1
    return np.asarray(np.cumsum(count)[keys])


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
