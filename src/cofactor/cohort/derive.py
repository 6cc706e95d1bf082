"""Derived variables: a function whose parameters are its inputs, with its cases beside it."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from dataclasses import dataclass
from types import MappingProxyType

import pandas as pd

from cofactor.cohort.measured import Kind, Measured

CaseValue = float | bool | str | None


@dataclass(frozen=True, init=False)
class Case:
    """One row of inputs, what the rule gives for it, and a word on why. None is a missing value.

    >>> Case(calcium_diet_mg=900.0, magnesium_diet_mg=300.0, gives=3.0, why="900 / 300").gives
    3.0
    """

    inputs: MappingProxyType[str, CaseValue]
    gives: CaseValue
    why: str

    def __init__(self, *, gives: CaseValue, why: str, **inputs: CaseValue) -> None:
        object.__setattr__(self, "inputs", MappingProxyType(inputs))
        object.__setattr__(self, "gives", gives)
        object.__setattr__(self, "why", why)


@dataclass(frozen=True, kw_only=True)
class Derived:
    """A derived variable: its rule and everything that is said about it.

    Made by `derived` from a function, or by a function that states once what many variables share.

    inputs : the variables that it needs. optional : the inputs (of default None) that may be absent in a cycle, and
    then are all missing; they have no effect on the weight, unless the rule has no other inputs: then each cycle needs
    at least one of them.
    """

    name: str
    label: str
    unit: str = ""
    kind: Kind = "number"
    levels: tuple[str, ...] = ()
    reference: str | None = None
    source: str
    rule: str
    inputs: tuple[str, ...]
    optional: frozenset[str] = frozenset()
    cases: tuple[Case, ...]
    function: Callable[..., pd.Series]

    @property
    def required(self) -> tuple[str, ...]:
        """The inputs that each cycle must have."""
        return tuple(name for name in self.inputs if name not in self.optional)


def derived(
    label: str,
    *,
    unit: str = "",
    source: str,
    kind: Kind = "number",
    levels: tuple[str, ...] = (),
    reference: str | None = None,
    cases: tuple[Case, ...],
) -> Callable[[Callable[..., pd.Series]], Derived]:
    """Declare a derived variable; the parameters of the decorated function are the names of its inputs.

    label, unit : in the field's words. source : a DOI or the document of the rule. kind, levels, reference : as of a
    measured variable; the reference is the first level where none is named. cases : boundary and missing rows, run by
    the tests and shown on the variable's page. The function takes columns of one index, and returns one.
    """

    def declare(function: Callable[..., pd.Series]) -> Derived:
        parameters = inspect.signature(function).parameters
        return Derived(
            name=function.__name__,
            label=label,
            unit=unit,
            kind=kind,
            levels=levels,
            reference=reference or (levels[0] if levels else None),
            source=source,
            rule=inspect.getdoc(function) or "",
            inputs=tuple(parameters),
            optional=frozenset(name for name, p in parameters.items() if p.default is None),
            cases=cases,
            function=function,
        )

    return declare


def input_column(variable: Measured | Derived, values: list[CaseValue]) -> pd.Series:
    """Return values as a column of the kind of `variable`."""
    if variable.kind == "flag":
        return pd.Series(values, dtype="boolean")
    if variable.kind == "category":
        return pd.Series(pd.Categorical(values, categories=list(variable.levels)))
    return pd.Series([None if value is None else float(value) for value in values], dtype=float)
