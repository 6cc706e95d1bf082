"""The one family of errors: each says what is wrong, where it was met, and how to mend it."""

from __future__ import annotations

import difflib
from collections.abc import Iterable


class CofactorError(Exception):
    """Base of every error that the package raises on purpose."""


class UnknownVariableError(CofactorError):
    """A name that neither the catalogue nor the data has."""

    @classmethod
    def suggest(cls, name: str, known: Iterable[str], where: str) -> UnknownVariableError:
        """Make the error for `name`, met in `where`, with the nearest of the `known` names."""
        names = sorted(set(known))
        near = difflib.get_close_matches(name, names, n=3, cutoff=0.6)
        if near:
            mend = f"did you mean {' or '.join(near)}?"
        elif len(names) <= 12:
            mend = f"there are: {', '.join(names) or 'none'}"
        else:
            mend = "`cofactor catalogue` lists the names"
        return cls(f"unknown variable {name!r} in {where}; {mend}")


class NotMeasuredError(CofactorError):
    """A variable that a cycle asked for does not have."""


class FileError(CofactorError):
    """A file that is absent, damaged, or not what its name says."""


class VerificationError(CofactorError):
    """A file whose bytes and content both differ from the manifest."""


class DesignError(CofactorError):
    """Weights, strata, PSUs or a domain that admit no design-based inference."""


class FitError(CofactorError):
    """A model that the data cannot determine."""


class FormulaError(CofactorError):
    """A formula or an expression that cannot be understood, or would run code."""


class StudyError(CofactorError):
    """A study whose parts do not fit together."""


class CofactorWarning(UserWarning):
    """Something that the user may want to change."""
