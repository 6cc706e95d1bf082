"""Which cycles have a variable, whom it was measured on, and what must be read for it."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache

from cofactor.cohort.measured import Measured
from cofactor.cohort.registry import Variable, variable, variables
from cofactor.errors import CofactorError, NotMeasuredError
from cofactor.loaders.cycles import CYCLES


@cache
def is_measured(name: str, cycle: str) -> bool:
    """Whether a cycle has the variable: its source, or all inputs that its rule must have (else one optional)."""
    found = variable(name)
    if isinstance(found, Measured):
        return found.source(cycle) is not None
    if found.required:
        return all(is_measured(part, cycle) for part in found.required)
    return any(is_measured(part, cycle) for part in found.inputs)


def cycles_of(name: str) -> tuple[str, ...]:
    """Return the cycles that have the variable, in order.

    >>> cycles_of("vitamin_d_diet_two_day_ug")[0]
    '2007-2008'
    """
    return tuple(cycle for cycle in CYCLES if is_measured(name, cycle))


def weighty_inputs(found: Variable, cycle: str) -> tuple[str, ...]:
    """Return the inputs of a derived variable that decide its subsample: the required, else the optional that exist."""
    if isinstance(found, Measured):
        return ()
    return found.required or tuple(part for part in found.inputs if is_measured(part, cycle))


@cache
def subsamples_of(name: str, cycle: str) -> frozenset[str]:
    """Return the names of all subsamples that a variable rests on in a cycle; none where the cycle lacks it."""
    found = variable(name)
    if not is_measured(name, cycle):
        return frozenset()
    if isinstance(found, Measured):
        source = found.source(cycle)
        return frozenset({source.subsample}) if source else frozenset()
    return frozenset().union(*(subsamples_of(part, cycle) for part in weighty_inputs(found, cycle)))


def in_order(names: Iterable[str]) -> tuple[str, ...]:
    """Return the names with everything that they are made of, each after its inputs."""
    found: dict[str, None] = {}

    def visit(name: str, path: tuple[str, ...]) -> None:
        if name in found:
            return
        this = variables()[name]
        for part in () if isinstance(this, Measured) else this.inputs:
            if part in path:
                raise CofactorError(f"the rules of {' -> '.join((*path, part))} go round in a ring; break it")
            visit(part, (*path, part))
        found[name] = None

    for name in names:
        visit(name, (name,))
    return tuple(found)


def check_measured(names: Iterable[str], cycles: tuple[str, ...]) -> None:
    """Raise NotMeasuredError, naming the cycles that have it, for the first variable that one of `cycles` lacks."""
    for name in names:
        lacking = [cycle for cycle in cycles if not is_measured(name, cycle)]
        if not lacking:
            continue
        has = cycles_of(name)
        raise NotMeasuredError(
            f"{name} is not measured in {', '.join(lacking)}{_because(name, lacking[0])}; "
            f"it is in {', '.join(has) or 'no cycle'}. "
            'Ask for those cycles, or give absent="missing" to have it missing elsewhere'
        )


def _because(name: str, cycle: str) -> str:
    """The measured inputs that a cycle lacks, in brackets, where the variable is derived."""
    found = variable(name)
    if isinstance(found, Measured):
        return ""
    parts = [p for p in in_order(weighty_inputs(found, cycle) or found.inputs) if not is_measured(p, cycle)]
    lacking = [part for part in parts if isinstance(variable(part), Measured)]
    return f" (it is made of {', '.join(lacking)})" if lacking else ""
