"""Every variable of the house by name, measured or derived, and its other names."""

from __future__ import annotations

import importlib
import pkgutil
from functools import cache

from cofactor.cohort import derived as derived_package
from cofactor.cohort.catalogue_files import aliases, measured_variables
from cofactor.cohort.derive import Derived
from cofactor.cohort.measured import Measured
from cofactor.cohort.not_here import why_not
from cofactor.errors import CofactorError, UnknownVariableError

Variable = Measured | Derived


@cache
def derived_variables() -> dict[str, Derived]:
    """Return the derived variables by name: all that a module of `cohort/derived` declares, alone or in a tuple.

    Raises
    ------
    CofactorError
        A name that is declared twice; one that a module imports from another is the same thing.
    """
    found: dict[str, Derived] = {}
    for module in pkgutil.iter_modules(derived_package.__path__):
        for made in declared_in(module.name):
            if found.setdefault(made.name, made) is not made:
                raise CofactorError(f"{made.name} is declared twice, the second time in {module.name}.py; rename one")
    return found


def declared_in(module: str) -> tuple[Derived, ...]:
    """Return the derived variables that a module of `cohort/derived` names, its own and those that it imports.

    >>> [made.name for made in declared_in("vitamin_d")][:1]
    ['vitd_status']
    """
    names = vars(importlib.import_module(f"{derived_package.__name__}.{module}"))
    return tuple(made for value in names.values() for made in _declared(value))


def _declared(value: object) -> tuple[Derived, ...]:
    members = value if isinstance(value, tuple) else (value,)
    return tuple(made for made in members if isinstance(made, Derived))


@cache
def variables() -> dict[str, Variable]:
    """Return all variables by their own name.

    Raises
    ------
    CofactorError
        A name that stands for two things: measured and derived, or a name and an alias.
    """
    measured, made = measured_variables(), derived_variables()
    doubled = sorted((set(measured) & set(made)) | (set(aliases()) & (set(measured) | set(made))))
    if doubled:
        raise CofactorError(f"the catalogue uses {', '.join(doubled)} for two things; rename one of each")
    return {**measured, **made}


def canonical(name: str, where: str = "load") -> str:
    """Return the catalogue's own name of a variable or alias.

    >>> canonical("magnesium_supp_mg")
    'magnesium_supplement_mg'

    Raises
    ------
    UnknownVariableError
        With the reason why there is none, where that is known, else with the nearest names that there are.
    """
    if name in variables():
        return name
    if name in aliases():
        return aliases()[name]
    if reason := why_not(name):
        raise UnknownVariableError(f"{name!r}, asked in {where}, cannot be had: {reason}")
    raise UnknownVariableError.suggest(name, [*variables(), *aliases()], where)


def variable(name: str, where: str = "the catalogue") -> Variable:
    """Return a variable by its name or alias; raises UnknownVariableError."""
    return variables()[canonical(name, where)]
