"""Whether every variable is documented: the build of the pages stops where one is not."""

from __future__ import annotations

from collections.abc import Iterable

from cofactor.cohort.derive import Derived
from cofactor.cohort.measured import Measured
from cofactor.cohort.registry import Variable
from cofactor.errors import CofactorError


def check_documented(found: Iterable[Variable]) -> None:
    """Raise CofactorError, naming every variable that lacks a part of its documentation, and the parts.

    A label always; a unit of a number; levels of a category; sources of a measured variable; rule (the docstring),
    source and cases of a derived one.
    """
    lines = [f"  {variable.name}: {', '.join(lacks(variable))}" for variable in found if lacks(variable)]
    if lines:
        raise CofactorError(
            "undocumented variables; state the parts where the variable is (catalogue/*.toml or derived/*.py):\n"
            + "\n".join(lines)
        )


def lacks(found: Variable) -> tuple[str, ...]:
    """Return what the documentation of a variable lacks, in words.

    >>> lacks(Measured("x_mg", "", "", "number", (), None, ()))
    ('no label', 'no unit', 'no sources')
    """
    parts = {
        "no label": bool(found.label.strip()),
        "no unit": found.kind not in ("number", "months") or bool(found.unit.strip()),
        "no levels": found.kind != "category" or bool(found.levels),
    }
    if isinstance(found, Measured):
        parts["no sources"] = bool(found.sources)
    if isinstance(found, Derived):
        parts["no rule: its function has no docstring"] = bool(found.rule.strip())
        parts["no source of the rule"] = bool(found.source.strip())
        parts["no cases"] = bool(found.cases)
        parts["a case without its reason"] = all(case.why.strip() for case in found.cases)
    return tuple(words for words, stated in parts.items() if not stated)
