"""The reference: one page a package, with its public names by topic, and one page a name from its docstring."""

from __future__ import annotations

import importlib
import inspect
from pathlib import Path
from types import ModuleType
from typing import Any

from building.files import drop_others, write_changed
from building.topics import OTHERS, PACKAGES, Topics

INTRODUCTION = """\
Reference
=========

Every public name, from the docstrings, whose examples the tests run. What most people need comes straight from
``cofactor``: ``from cofactor import load, SurveyDesign, fit_cox``. The packages stand here in the order in which data
go through them.

.. toctree::
   :maxdepth: 1

"""


def write(docs: Path) -> None:
    """Write the pages of the packages and their list into `docs/reference`."""
    target = docs / "reference"
    pages = {target / f"{name}.rst": package_page(name, topics) for name, topics in PACKAGES.items()}
    for path, text in pages.items():
        write_changed(path, text)
    index = target / "index.rst"
    write_changed(index, INTRODUCTION + "".join(f"   {name}\n" for name in PACKAGES))
    drop_others(target, "*.rst", {*pages, index})
    named = {target / "names" / f"{name}.{each}.rst" for name in PACKAGES for each in public_names(load(name))}
    drop_others(target / "names", "*.rst", named)


def package_page(name: str, topics: Topics) -> str:
    """Return the page of a package: its docstring's first line, then its public names by topic.

    >>> print(package_page("cofactor.errors", {})[:31])
    cofactor.errors
    ===============
    """
    module = load(name)
    lines = [name, "=" * len(name), "", inspect.cleandoc(module.__doc__ or "").splitlines()[0], ""]
    lines += [f".. currentmodule:: {name}", ""]
    found = public_names(module)
    for topic, names in (by_topic(found, topics) if topics else by_kind(module, found)).items():
        lines += [topic, "-" * len(topic), "", ".. autosummary::", "   :toctree: names", "   :nosignatures:", ""]
        lines += [*(f"   {each}" for each in names), ""]
    return "\n".join(lines)


def load(name: str) -> ModuleType:
    """Return the package or module of a name.

    >>> load("cofactor.errors").__name__
    'cofactor.errors'
    """
    return importlib.import_module(name)


def public_names(module: ModuleType) -> tuple[str, ...]:
    """Return what a module hands out: its `__all__`, else the classes and functions that it defines.

    >>> import cofactor.errors
    >>> "FitError" in public_names(cofactor.errors)
    True
    """
    named = getattr(module, "__all__", None)
    if named is None:
        named = [
            name
            for name, value in vars(module).items()
            if not name.startswith("_") and getattr(value, "__module__", "") == module.__name__
        ]
    return tuple(
        name for name in named if documented(getattr(module, name)) and home(getattr(module, name)) == module.__name__
    )


def home(value: Any) -> str:
    """Return the package on whose page a value stands: the longest name in the list that its module begins with.

    >>> home(write_changed)
    ''
    """
    module = f"{value.__module__}."
    return max((name for name in PACKAGES if module.startswith(f"{name}.")), key=len, default="")


def documented(value: object) -> bool:
    """Tell whether a value has a docstring of its own; a plain constant has that of its type.

    >>> documented(documented), documented((1, 2))
    (True, False)
    """
    return inspect.isclass(value) or inspect.isroutine(value)


def by_topic(names: tuple[str, ...], topics: Topics) -> dict[str, tuple[str, ...]]:
    """Sort names into topics, in the order of the topics; a name that none claims stands among the others.

    >>> by_topic(("mean", "odd"), {"Describe": ("mean",)})
    {'Describe': ('mean',), 'Others': ('odd',)}
    """
    claimed = {name for found in topics.values() for name in found}
    sorted_out = {topic: tuple(name for name in found if name in names) for topic, found in topics.items()}
    rest = tuple(name for name in names if name not in claimed)
    return {topic: found for topic, found in {**sorted_out, OTHERS: rest}.items() if found}


def by_kind(module: ModuleType, names: tuple[str, ...]) -> dict[str, tuple[str, ...]]:
    """Sort the names of a package without topics into functions and classes.

    >>> import cofactor.errors
    >>> list(by_kind(cofactor.errors, ("FitError",)))
    ['Classes']
    """
    classes = tuple(name for name in names if inspect.isclass(getattr(module, name)))
    functions = tuple(name for name in names if name not in classes)
    return {kind: found for kind, found in (("Functions", functions), ("Classes", classes)) if found}
