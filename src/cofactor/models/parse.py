"""From the text of a formula to its response and its terms; the grammar is formulaic's, and nothing runs.

formulaic tokenises and expands the operators (``+ : * / ** - ~`` and brackets). The factors come back as text,
which ``factors.py`` reads with a whitelist of its own: formulaic's evaluator, which hands text to Python's `eval`,
is never called.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from formulaic.errors import FormulaicError
from formulaic.parser import DefaultFormulaParser

from cofactor.errors import FormulaError
from cofactor.models.factors import FactorCode, read_factor

_COLOUR = re.compile(r"\x1b?\[[0-9;]*m|[⧛⧚]")
_MARK = re.compile(r"⧛(?:\x1b?\[[0-9;]*m)?(.*?)(?:\x1b?\[0m)?⧚", re.DOTALL)
_MENDS = {  # formulaic's words where they speak of its own settings, and ours
    "insuffient": "an operator lacks a term beside it",
    "disabled by parser": "this operator has no meaning here",
    "`.` operator": "'.' is not understood; name the variables",
    "Numeric literals": "a number cannot be a term; arithmetic stands inside I(), e.g. I(2 * x)",
    "context marker": "a bracket is not closed",
}


@dataclass(frozen=True)
class Term:
    """A product of factors, in the order in which they were written; the intercept has none."""

    factors: tuple[FactorCode, ...]

    @property
    def name(self) -> str:
        """Canonical text, e.g. ``vitd_status:magnesium_diet_mg``; ``Intercept`` for the intercept."""
        return ":".join(factor.text for factor in self.factors) or "Intercept"

    @property
    def key(self) -> frozenset[str]:
        """The factors without their order, by which terms are the same or not."""
        return frozenset(factor.text for factor in self.factors)


@dataclass(frozen=True)
class ParsedFormula:
    """What a formula says: its text, its response (None for a right-hand side alone) and its terms."""

    text: str
    response: FactorCode | None
    terms: tuple[Term, ...]

    @property
    def variables(self) -> tuple[str, ...]:
        """Every name of a column that the formula uses, the response's first, each once."""
        factors = [] if self.response is None else [self.response]
        factors += [factor for term in self.terms for factor in term.factors]
        return tuple(dict.fromkeys(name for factor in factors for name in factor.variables))


@lru_cache(maxsize=512)
def parse_formula(text: str) -> ParsedFormula:
    """Read a formula without evaluating anything.

    Parameters
    ----------
    text : str
        ``"outcome ~ terms"``, or the right-hand side alone.

    Raises
    ------
    FormulaError
        The text is no formula, takes the intercept away, uses ``**`` on a number outside ``I()``, or holds a call, an
        attribute or anything else outside the whitelist of functions.

    Examples
    --------
    >>> [term.name for term in parse_formula("died ~ age * sex").terms]
    ['Intercept', 'age', 'sex', 'age:sex']
    """
    if not isinstance(text, str) or not text.strip():
        raise FormulaError("the formula is empty; write the terms, e.g. 'age_years + sex'")
    left, tilde, right = text.rpartition("~")
    if tilde and not right.strip():
        raise FormulaError(f"nothing stands on the right of '~' in the formula {text!r}; write its terms, or 1")
    structure = _structure(text)
    response = _one_response(structure.get("lhs", ()), text)
    if tilde and left.strip() and response is None:
        raise FormulaError(f"the formula {text!r} has no outcome on the left of '~'")
    # Main effects before products, as R: a product must find its margins spanned, wherever it was written.
    terms = tuple(sorted((_read_term(term, text) for term in structure["rhs"]), key=lambda term: len(term.factors)))
    if not any(not term.factors for term in terms):
        raise FormulaError(
            f"the formula {text!r} takes the intercept away (0 or -1); every model here has one "
            "(fit_cox drops it by itself): leave it in"
        )
    return ParsedFormula(text, response, terms)


def _structure(text: str) -> dict[str, Iterable[Any]]:
    """Return formulaic's terms by side, or raise the house's error with the place of the mistake."""
    parser = DefaultFormulaParser(feature_flags={"TWOSIDED"})
    try:
        _refuse_powers(parser.get_ast(text, context={}), text)
        terms = parser.get_terms(text, context={})
    except FormulaicError as error:
        raise _mistake(text, str(error)) from None
    except (SyntaxError, RecursionError, MemoryError, ValueError) as error:
        raise FormulaError(f"cannot read the formula {text!r}: {_plain(str(error))}") from None
    sides: dict[str, Iterable[Any]] = dict(getattr(terms, "_structure", {"root": terms}))
    return {"lhs": sides.get("lhs", ()), "rhs": sides.get("rhs", sides.get("root", ()))}


def _mistake(text: str, message: str) -> FormulaError:
    found = _MARK.search(message)
    where = ""
    if found is not None:
        before = _COLOUR.sub("", message[: found.start()].rsplit("\n\n", 1)[-1])
        where = f" (at position {len(before) + 1}: {found.group(1).strip()!r})"
    return FormulaError(f"cannot read the formula {text!r}{where}: {_plain(message)}")


def _plain(message: str) -> str:
    for part, mend in _MENDS.items():
        if part in message:
            return mend
    return _COLOUR.sub("", message.split("\n\n")[0]).strip()


def _refuse_powers(node: Any, text: str) -> None:
    """Refuse ``x**2``: as an operator on terms it means x alone, which nobody who writes it wants."""
    if not hasattr(node, "operator"):
        return
    arguments = list(node.args)
    if node.operator.symbol in ("**", "^") and not hasattr(arguments[0], "operator"):
        base = str(arguments[0])
        raise FormulaError(
            f"{base}{node.operator.symbol}{arguments[1]} in the formula {text!r} would mean {base} alone, since "
            f"powers outside I() act on terms; use I({base}**{arguments[1]})"
        )
    for argument in arguments:
        _refuse_powers(argument, text)


def _one_response(terms: Iterable[Any], text: str) -> FactorCode | None:
    read = [_read_term(term, text) for term in terms]
    if not read:
        return None
    if len(read) > 1 or len(read[0].factors) != 1:
        raise FormulaError(f"the formula {text!r} needs one outcome on the left of '~'")
    return read[0].factors[0]


def _read_term(term: Any, text: str) -> Term:
    factors = []
    for factor in term.factors:
        if factor.eval_method.value == "literal":
            if len(tuple(term.factors)) == 1 and factor.expr == "1":
                continue
            raise FormulaError(f"the number {factor.expr} stands as a term in the formula {text!r}; put it inside I()")
        factors.append(read_factor(factor.expr, lookup=factor.eval_method.value == "lookup", formula=text))
    return Term(tuple(factors))
