"""`load`: variables of everybody in some cycles, with the weight that fits them. The only door to the data."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from cofactor.cohort.attributes import attributes
from cofactor.cohort.availability import check_measured, in_order, is_measured, subsamples_of
from cofactor.cohort.measured import Measured
from cofactor.cohort.reading import People, read_people
from cofactor.cohort.registry import canonical, variable, variables
from cofactor.cohort.weights import APART, WeightChoice, choose_weight, given_weight, smallest, weight_column
from cofactor.errors import DesignError
from cofactor.loaders.cycles import parse_cycles
from cofactor.loaders.store import DataFolder, data_folder

ALWAYS = ("cycle", "strata", "psu", "analysis_weight")
NOBODY = "nobody"
"""The reach of a variable in a cycle that lacks it."""


def load(
    names: Sequence[str],
    *,
    cycles: str | Sequence[str],
    data: str | Path | DataFolder | None = None,
    weight: str | None = "auto",
    absent: Literal["error", "missing"] = "error",
    pool_2021: bool = False,
) -> pd.DataFrame:
    """Return variables of everybody in some cycles, with design and weight.

    Parameters
    ----------
    names : names or aliases of the catalogue; a column comes back under the name asked.
    cycles : a span ("2001-2018"), a cycle, or a list of them.
    data : a data folder in CDC's layout; None for COFACTOR_DATA, else the platform's cache folder.
    weight : "auto" for the weight of the smallest subsample that any variable rests on, the catalogue's name of a
        weight ("weight_exam"), or None for none.
    absent : what to do with a variable that a cycle lacks: "error", or "missing" to have it missing there.
    pool_2021 : whether 2021-2023 may be pooled with earlier cycles (telephone recalls, another frame and response).

    Returns
    -------
    DataFrame indexed by SEQN, one row a person of the cycles, nobody dropped: the asked columns, then `cycle`,
    `strata`, `psu` and `analysis_weight` (persons, scaled to the pool; 0 outside the subsample). `attrs`: weight_name,
    weight_reason, weight_variables, inputs (every file read, with its hash), references, labels, units.

    Raises
    ------
    UnknownVariableError, NotMeasuredError, DesignError, FileError, StudyError (no such cycles)

    Examples
    --------
    >>> load(["magnesium_dite_mg"], cycles="2005-2006")
    Traceback (most recent call last):
    cofactor.errors.UnknownVariableError: unknown variable 'magnesium_dite_mg' in load; did you mean ...
    """
    if absent not in ("error", "missing"):
        raise DesignError(f"absent={absent!r} is unknown; there are 'error' and 'missing'")
    pool = parse_cycles(cycles)
    _check_pool(pool, pool_2021)
    asked = _asked(names)
    if absent == "error":
        check_measured(asked.values(), pool)
    choice = _weight(weight, tuple(asked.values()), pool)
    order = in_order([*asked.values(), "strata", "psu"])
    people = read_people(folder := _folder(data), _to_read(order, choice, pool), pool)
    columns = _derive(people, order)
    frame = pd.DataFrame({shown: columns[name] for shown, name in asked.items()} | _design(people, choice), copy=False)
    frame.index = pd.Index(people.seqn, name="SEQN")
    frame.attrs.update(attributes(asked, choice, folder.inputs(), people))
    return frame


def _asked(names: Sequence[str]) -> dict[str, str]:
    """Name as asked -> the catalogue's own name; what every frame has anyway is left out."""
    listed = [names] if isinstance(names, str) else list(names)
    return {name: canonical(name) for name in dict.fromkeys(listed) if name not in ALWAYS}


def _check_pool(pool: tuple[str, ...], pool_2021: bool) -> None:
    if APART in pool and len(pool) > 1 and not pool_2021:
        raise DesignError(
            f"{APART} is not to be pooled with earlier cycles without a word: another sampling frame, lower response, "
            "recalls by telephone; load it by itself, or give pool_2021=True"
        )


def _weight(weight: str | None, names: tuple[str, ...], pool: tuple[str, ...]) -> WeightChoice | None:
    if weight is None:
        return None
    return choose_weight(names, pool) if weight == "auto" else given_weight(weight, pool)


def _folder(data: str | Path | DataFolder | None) -> DataFolder:
    return data if isinstance(data, DataFolder) else data_folder(data)


@cache
def _rests_on(name: str, cycle: str) -> str | None:
    """The subsample outside which a derived variable is missing in a cycle; None where everybody was interviewed."""
    part = smallest(subsamples_of(name, cycle))
    return None if isinstance(variable(name), Measured) or part == "interview" else part


def _to_read(order: tuple[str, ...], choice: WeightChoice | None, pool: tuple[str, ...]) -> tuple[str, ...]:
    """The measured variables behind everything asked, and the weights that tell who is in a subsample."""
    measured = [name for name in order if isinstance(variables()[name], Measured)]
    members = [reach for name in order for cycle in pool if (reach := _reach(name, cycle)) not in (None, NOBODY)]
    weights = list(choice.columns.values()) if choice else []
    needed = dict.fromkeys([*measured, *members, *weights])
    if APART in pool and choice is not None and is_measured("weight_phlebotomy", APART):
        needed["weight_phlebotomy"] = None
    return tuple(needed)


def _design(people: People, choice: WeightChoice | None) -> dict[str, pd.Series]:
    """Cycle, stratum, PSU and weight, over the index of the people's columns."""
    cycle = pd.Categorical.from_codes(people.cycle, categories=pd.Index(people.cycles))
    design = {"cycle": pd.Series(cycle)} | {name: people.columns[name].astype(int) for name in ("strata", "psu")}
    return design if choice is None else design | {"analysis_weight": pd.Series(_weights(people, choice))}


def _derive(people: People, order: tuple[str, ...]) -> dict[str, pd.Series]:
    """All columns in order; a derived one is missing outside its cycles and its subsample, yes and no alike."""
    columns = dict(people.columns)
    masks: dict[tuple[str | None, ...], NDArray[np.bool_]] = {}  # hundreds of variables share a few reaches
    for name in order:
        found = variables()[name]
        if isinstance(found, Measured):
            continue
        made = found.function(*(columns[part] for part in found.inputs))
        reach = tuple(_reach(name, cycle) for cycle in people.cycles)
        if reach not in masks:
            masks[reach] = _inside(people, reach)
        columns[name] = made if masks[reach].all() else made.where(masks[reach])
    return columns


@cache
def _reach(name: str, cycle: str) -> str | None:
    """Whom a cycle has a derived variable of: NOBODY, those with this weight, or everybody (None)."""
    part = _rests_on(name, cycle)
    return NOBODY if not is_measured(name, cycle) else weight_column(part, cycle) if part else None


def _inside(people: People, reach: tuple[str | None, ...]) -> NDArray[np.bool_]:
    """Whether each person is reached in their cycle; `reach` as `_reach`, one a cycle.

    A rule may turn "not asked" into no or 0, which would invent answers where the cycle never asked.
    """
    inside = np.ones(len(people.seqn), dtype=bool)
    for position, column in enumerate(reach):
        rows = people.cycle == position
        if column == NOBODY:
            inside[rows] = False
        elif column is not None:
            inside[rows] = people.columns[column].to_numpy()[rows] > 0
    return inside


def _weights(people: People, choice: WeightChoice) -> NDArray[np.float64]:
    """The chosen weight scaled to the pool; 0 for people outside the subsample, whether 0 or missing in the file."""
    weights = np.zeros(len(people.seqn))
    for position, cycle in enumerate(people.cycles):
        rows = people.cycle == position
        weights[rows] = people.columns[choice.columns[cycle]].to_numpy()[rows] * choice.scale[cycle]
    return np.nan_to_num(weights, nan=0.0)
