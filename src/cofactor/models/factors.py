"""One factor of a formula: read with a whitelist of functions, so that no text of a formula ever runs as Python."""

from __future__ import annotations

import ast
import difflib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from cofactor.errors import FormulaError

FUNCTIONS = ("C", "I", "exp", "log", "poly", "rcs", "reference", "sqrt")
ARITHMETIC_FUNCTIONS = ("I", "exp", "log", "sqrt")

Role = Literal["column", "category", "number", "spline", "polynomial"]
Level = str | float | bool

_ARITHMETIC = (
    ast.Constant, ast.Name, ast.Load, ast.UnaryOp, ast.USub, ast.UAdd, ast.Not, ast.BinOp, ast.Add, ast.Sub, ast.Mult,
    ast.Div, ast.FloorDiv, ast.Mod, ast.Pow, ast.Compare, ast.Lt, ast.LtE, ast.Gt, ast.GtE, ast.Eq, ast.NotEq,
    ast.BoolOp, ast.And, ast.Or, ast.Call,
)  # fmt: skip


@dataclass(frozen=True)
class FactorCode:
    """A factor as written, found safe, not yet evaluated.

    `text` is its canonical text; `operand` the column's name (roles column, category) or the arithmetic that the role
    is applied to; `reference` a level asked for; `argument` the knots (a number of them, their values, a name among the
    cuts) or the degree.
    """

    text: str
    role: Role
    operand: str
    variables: tuple[str, ...]
    reference: Level | None = None
    argument: int | str | tuple[float, ...] | None = None


def read_factor(text: str, *, lookup: bool, formula: str) -> FactorCode:
    """Return the factor that `text` writes; `lookup` says that it is a bare column name (quoted in backticks or not).

    Raises
    ------
    FormulaError
        Anything but a column, arithmetic inside ``I()``, or a call of the functions in `FUNCTIONS`.

    Examples
    --------
    >>> read_factor("rcs(age_years, 5)", lookup=False, formula="died ~ rcs(age_years, 5)").argument
    5
    """
    if lookup:
        return FactorCode(text, "column", text, (text,))
    node = _parse(text, formula)
    if not isinstance(node, ast.Call):
        raise _refusal(text, formula, "only columns, arithmetic inside I(), and functions can stand in a formula")
    name = _function_name(node, formula)
    canonical = ast.unparse(node)
    if name in ARITHMETIC_FUNCTIONS:
        check_arithmetic(node, formula)
        return FactorCode(canonical, "number", canonical, _names(node))
    if name in ("C", "reference"):
        return _category(node, name, canonical, formula)
    return _basis(node, name, canonical, formula)


def _parse(text: str, formula: str) -> ast.expr:
    if "`" in text:
        raise _refusal(text, formula, "a name in backticks stands alone, not inside a function; rename the column")
    try:
        return ast.parse(text, mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        raise _refusal(text, formula, f"it cannot be read ({error})") from None


def _refusal(text: str, formula: str, why: str) -> FormulaError:
    place = formula.find(text)
    where = f" (at position {place + 1})" if place >= 0 else ""
    return FormulaError(f"{text!r}{where} in the formula {formula!r}: {why}")


def _function_name(node: ast.Call, formula: str) -> str:
    if not isinstance(node.func, ast.Name):
        raise _refusal(ast.unparse(node), formula, "attributes and computed calls are never run in a formula")
    name = node.func.id
    if name not in FUNCTIONS:
        near = difflib.get_close_matches(name, FUNCTIONS, n=1, cutoff=0.5)
        mend = f"did you mean {near[0]}?" if near else f"a formula may use {', '.join(FUNCTIONS)}"
        raise _refusal(name, formula, f"unknown function; {mend}")
    return name


def check_arithmetic(node: ast.expr, formula: str) -> None:
    """Raise FormulaError unless `node` holds nothing but columns, constants, arithmetic and comparisons."""
    for part in ast.walk(node):
        if not isinstance(part, _ARITHMETIC):
            shown = ast.unparse(part) if isinstance(part, ast.expr) else type(part).__name__
            raise _refusal(shown, formula, "a formula holds columns, numbers, arithmetic and comparisons only")
        if isinstance(part, ast.Constant) and not isinstance(part.value, (int, float, str)):
            raise _refusal(ast.unparse(part), formula, "constants are numbers or quoted levels")
        if isinstance(part, ast.Call):
            name = _function_name(part, formula)
            if name not in ARITHMETIC_FUNCTIONS:
                raise _refusal(ast.unparse(part), formula, f"{name}() stands by itself, not inside other functions")
            if len(part.args) != 1 or part.keywords:
                raise _refusal(ast.unparse(part), formula, f"{name}() takes one argument")


def _names(node: ast.AST) -> tuple[str, ...]:
    return tuple(dict.fromkeys(_walk_names(node)))


def _walk_names(node: ast.AST) -> Iterator[str]:
    if isinstance(node, ast.Name):
        yield node.id
    elif isinstance(node, ast.Call):  # the function's own name is no column
        for argument in node.args:
            yield from _walk_names(argument)
    else:
        for child in ast.iter_child_nodes(node):
            yield from _walk_names(child)


def _category(node: ast.Call, name: str, text: str, formula: str) -> FactorCode:
    """Read C(x), reference(x, level) and reference(C(x), level)."""
    wanted = 2 if name == "reference" else 1
    if len(node.args) != wanted or node.keywords:
        shown = "reference(x, 'level')" if name == "reference" else "C(x)"
        raise _refusal(text, formula, f"write it as {shown}")
    inner = node.args[0]
    role: Role = "category"
    if name == "reference" and isinstance(inner, ast.Call) and _function_name(inner, formula) == "C":
        return FactorCode(text, role, *_column(inner.args[0] if inner.args else inner, text, formula),
                          reference=_level(node.args[1], text, formula))  # fmt: skip
    reference = _level(node.args[1], text, formula) if name == "reference" else None
    return FactorCode(text, role, *_column(inner, text, formula), reference=reference)


def _column(node: ast.expr, text: str, formula: str) -> tuple[str, tuple[str, ...]]:
    if not isinstance(node, ast.Name):
        raise _refusal(text, formula, "its first argument is the name of a column")
    return node.id, (node.id,)


def _level(node: ast.expr, text: str, formula: str) -> Level:
    if isinstance(node, ast.Constant) and isinstance(node.value, (str, int, float)):
        return node.value
    raise _refusal(text, formula, "the reference is a quoted level or a number")


def _basis(node: ast.Call, name: str, text: str, formula: str) -> FactorCode:
    """Read rcs(x), rcs(x, 5), rcs(x, [knots]), rcs(x, knots=name) and poly(x, degree)."""
    key = "knots" if name == "rcs" else "degree"
    given = [*node.args[1:], *(word.value for word in node.keywords if word.arg == key)]
    if not node.args or len(given) > 1 or any(word.arg != key for word in node.keywords):
        raise _refusal(text, formula, f"write it as {'rcs(x), rcs(x, 5)' if name == 'rcs' else 'poly(x, 2)'}")
    operand = node.args[0]
    check_arithmetic(operand, formula)
    variables = _names(operand)
    if name == "poly":
        degree = _constant(given[0]) if given else None
        if not isinstance(degree, int) or degree < 1:
            raise _refusal(text, formula, "write the degree as a whole number from 1, e.g. poly(x, 2)")
        return FactorCode(text, "polynomial", ast.unparse(operand), variables, argument=degree)
    return FactorCode(text, "spline", ast.unparse(operand), variables, argument=_knots(given, text, formula))


def _knots(given: list[ast.expr], text: str, formula: str) -> int | str | tuple[float, ...]:
    if not given:
        return 4
    node = given[0]
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, (ast.List, ast.Tuple)):
        values = [_constant(item) for item in node.elts]
        if all(value is not None for value in values):
            return tuple(float(value) for value in values if value is not None)
    number = _constant(node)
    if isinstance(number, int):
        return number
    raise _refusal(text, formula, "knots are a number of them, a list of values, or a name among the cuts")


def _constant(node: ast.expr) -> int | float | None:
    sign = 1
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        sign, node = -1, node.operand
    if isinstance(node, ast.Constant) and isinstance(node.value, (int, float)) and not isinstance(node.value, bool):
        return sign * node.value
    return None
