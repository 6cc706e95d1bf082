"""Conditions on variables, three-valued: what is missing is unknown, and unknown is neither true nor false.

An expression is read by Python's parser and evaluated here, node by node; nothing of it ever runs as code. Pandas' own
``DataFrame.eval`` is no substitute: there ``not (d < 50)`` is True for a missing ``d``, and ``@`` reaches Python.
"""

from __future__ import annotations

import ast
import operator
import re
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import pandas as pd

from cofactor.errors import FormulaError, UnknownVariableError
from cofactor.survey.condition_values import (
    Compare,
    Constant,
    Labels,
    Numbers,
    Truth,
    Value,
    column_value,
    compared_numbers,
    joined,
    kind,
    known_rows,
)

_COMPARE: Mapping[type[ast.cmpop], Compare] = {
    ast.Eq: operator.eq,
    ast.NotEq: operator.ne,
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
}
_MIRRORED: Mapping[type[ast.cmpop], ast.cmpop] = {
    ast.Eq: ast.Eq(),
    ast.NotEq: ast.NotEq(),
    ast.Lt: ast.Gt(),
    ast.LtE: ast.GtE(),
    ast.Gt: ast.Lt(),
    ast.GtE: ast.LtE(),
}
_ARITHMETIC: Mapping[type[ast.operator], Callable[[Any, Any], Any]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
}
_FUNCTIONS = ("known", "not_true")
_WRITE_INSTEAD = {ast.BitAnd: "and", ast.BitOr: "or"}


def evaluate(expression: str, data: pd.DataFrame) -> pd.Series[Any]:
    """Say for each row of `data` whether a condition is true, false, or unknown (missing).

    Names are columns. There are numbers, texts, ``True`` and ``False``; comparisons, chained too; ``in`` and ``not in``
    with a list of constants; ``and``, ``or``, ``not`` (Kleene's: unknown or true is true); ``+ - * /`` of numbers;
    ``known(x)``, which is never unknown; and ``not_true(x)``, true where x is false or unknown. A category compares
    with its levels, an ordered one also by ``<``; a flag may stand alone.

    Parameters
    ----------
    expression : str
    data : DataFrame
        n rows.

    Returns
    -------
    Series of dtype "boolean", (n,), with the index of `data`

    Raises
    ------
    UnknownVariableError
        A name that is no column.
    FormulaError
        Anything else that is not said above, a level that a category does not have, a comparison of unlike things.

    Examples
    --------
    >>> import pandas as pd
    >>> people = pd.DataFrame({"age": [15.0, 44.0, None], "sex": pd.Categorical(["male", "female", "female"])})
    >>> evaluate("20 <= age < 50 and sex == 'female'", people).tolist()
    [False, True, <NA>]
    >>> evaluate("not_true(age < 20)", people).tolist()
    [False, True, True]
    """
    try:
        truth = _Evaluator(expression, data).condition(_parse(expression))
    except RecursionError:
        raise FormulaError(f"the condition {expression[:60]!r}... is nested too deeply; split it") from None
    values = pd.array(truth.true, dtype="boolean")
    values[~(truth.true | truth.false)] = pd.NA
    return pd.Series(values, index=data.index)


def names_in(expression: str) -> tuple[str, ...]:
    """Return the variables that an expression names, in the order of their first use.

    Raises FormulaError where the expression cannot be parsed.

    >>> names_in("20 <= age and known(bmi) and sex == 'female'")
    ('age', 'bmi', 'sex')
    """
    tree = _parse(expression)
    called = {id(node.func) for node in ast.walk(tree) if isinstance(node, ast.Call)}
    names = [node for node in ast.walk(tree) if isinstance(node, ast.Name) and id(node) not in called]
    names.sort(key=lambda node: (node.lineno, node.col_offset))
    return tuple(dict.fromkeys(node.id for node in names))


def _mend(expression: str) -> str:
    """Return what to write instead, where a condition that cannot be read is written as in another language.

    >>> _mend("age = 20"), _mend("age >= 20 &")
    ('; write == to compare', '; write and, or, not')
    """
    if re.search(r"(?<![=<>!])=(?!=)", expression):
        return "; write == to compare"
    return "; write and, or, not" if re.search(r"[&|]|!(?!=)", expression) else ""


def _parse(expression: str) -> ast.expr:
    if not isinstance(expression, str):
        raise FormulaError(f"a condition is a text such as 'age_years >= 20'; got {type(expression).__name__}")
    try:
        return ast.parse(expression.strip(), mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        reason = getattr(error, "msg", None) or str(error)
        raise FormulaError(f"cannot read the condition {expression!r}: {reason}{_mend(expression)}") from None


class _Evaluator:
    """The recursion over one expression; it holds the expression for messages, the data, and nothing that changes."""

    def __init__(self, expression: str, data: pd.DataFrame) -> None:
        self.expression = expression
        self.data = data

    def error(self, problem: str) -> FormulaError:
        return FormulaError(f"in the condition {self.expression!r}: {problem}")

    # -- conditions ---------------------------------------------------------------------------------------------

    def condition(self, node: ast.expr) -> Truth:
        """Return where the node is true and false; raise where it is no condition."""
        value = self.value(node)
        if isinstance(value, Truth):
            return value
        if isinstance(value, Constant) and isinstance(value.value, bool):
            all_rows = np.full(len(self.data), value.value)
            return Truth(all_rows, ~all_rows)
        text = ast.unparse(node)
        raise self.error(f"{text!r} is no condition but a value; compare it, as in {text} == ...")

    def value(self, node: ast.expr) -> Value:
        """Return what a node stands for."""
        match node:
            case ast.Name(id=name):
                return self.column(name)
            case ast.Constant(value=bool() | int() | float() | str() as constant):
                return Constant(constant)
            case ast.Compare():
                return self.comparison(node)
            case ast.BoolOp(op=op, values=parts):
                return joined([self.condition(part) for part in parts], isinstance(op, ast.And))
            case ast.UnaryOp(op=ast.Not(), operand=inner):
                truth = self.condition(inner)
                return Truth(truth.false, truth.true)
            case ast.UnaryOp(op=ast.USub() | ast.UAdd() as sign, operand=inner):
                return self.signed(inner, -1.0 if isinstance(sign, ast.USub) else 1.0)
            case ast.BinOp():
                return self.arithmetic(node)
            case ast.Call():
                return self.call(node)
        raise self.error(self.refusal(node))

    def refusal(self, node: ast.AST) -> str:
        if isinstance(node, ast.Constant) and node.value is None:
            return "None is not a value here; write known(x) or not known(x)"
        if isinstance(node, ast.UnaryOp):
            return "~ is not known; write not"
        text = ast.unparse(node)
        return f"{text!r} is not allowed: names, constants, comparisons, in, and, or, not, known(x), not_true(x) are"

    def call(self, node: ast.Call) -> Truth:
        if not isinstance(node.func, ast.Name) or node.func.id not in _FUNCTIONS:
            raise self.error(f"{ast.unparse(node)!r} is a call; there are known(x) and not_true(x), and no others")
        if len(node.args) != 1 or node.keywords:
            raise self.error(f"{node.func.id} takes one argument, as in {node.func.id}(x)")
        if node.func.id == "not_true":
            true = self.condition(node.args[0]).true
            return Truth(~true, true)
        known = known_rows(self.value(node.args[0]), len(self.data))
        return Truth(known, ~known)

    # -- columns and arithmetic -----------------------------------------------------------------------------------

    def column(self, name: str) -> Value:
        if name not in self.data.columns:
            where = f"the condition {self.expression!r}"
            raise UnknownVariableError.suggest(name, map(str, self.data.columns), where)
        if self.data.columns.tolist().count(name) > 1:
            raise self.error(f"{name!r} names more than one column of the data; keep one")
        series = self.data[name]
        value = column_value(name, series)
        if value is None:
            raise self.error(f"{name!r} is of type {series.dtype}; a number, flag, category or text is needed")
        return value

    def signed(self, node: ast.expr, sign: float) -> Value:
        value = self.value(node)
        if isinstance(value, Constant) and not isinstance(value.value, str | bool):
            return Constant(sign * value.value)
        return Numbers(sign * self.numbers(value, ast.unparse(node)))

    def numbers(self, value: Value, text: str) -> Any:
        if isinstance(value, Numbers):
            return value.values
        if isinstance(value, Constant) and not isinstance(value.value, str | bool):
            return float(value.value)
        raise self.error(f"{text!r} is not a number")

    def arithmetic(self, node: ast.BinOp) -> Value:
        if type(node.op) in _WRITE_INSTEAD:
            symbol = "&" if isinstance(node.op, ast.BitAnd) else "|"
            raise self.error(f"{symbol} is not known; write {_WRITE_INSTEAD[type(node.op)]}")
        if type(node.op) not in _ARITHMETIC:
            raise self.error(f"{ast.unparse(node)!r}: of arithmetic there are + - * / only")
        left = self.numbers(self.value(node.left), ast.unparse(node.left))
        right = self.numbers(self.value(node.right), ast.unparse(node.right))
        with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
            made = np.broadcast_to(_ARITHMETIC[type(node.op)](np.asarray(left), right), (len(self.data),))
        return Numbers(np.where(np.isfinite(made), made, np.nan))  # division by zero is unknown

    # -- comparisons ----------------------------------------------------------------------------------------------

    def comparison(self, node: ast.Compare) -> Truth:
        parts, left = [], node.left
        for op, right in zip(node.ops, node.comparators, strict=True):
            if isinstance(op, ast.In | ast.NotIn):
                parts.append(self.membership(left, right, isinstance(op, ast.NotIn)))
            elif type(op) in _COMPARE:
                parts.append(self.compared(self.value(left), op, self.value(right), ast.unparse(node)))
            else:
                raise self.error("'is' is not known; write == or known(x)")
            left = right
        return joined(parts, True)

    def membership(self, left: ast.expr, right: ast.expr, negated: bool) -> Truth:
        if not isinstance(right, ast.Tuple | ast.List) or not right.elts:
            raise self.error(f"after 'in' comes a list of constants, as in ('a', 'b'); got {ast.unparse(right)!r}")
        value = self.value(left)
        found = []
        for element in right.elts:
            constant = self.value(element)
            if not isinstance(constant, Constant):
                raise self.error(f"after 'in' come constants alone; got {ast.unparse(element)!r}")
            found.append(self.compared(value, ast.Eq(), constant, ast.unparse(left)))
        truth = joined(found, False)
        return Truth(truth.false, truth.true) if negated else truth

    def compared(self, left: Value, op: ast.cmpop, right: Value, text: str) -> Truth:
        if isinstance(left, Constant) and not isinstance(right, Constant):
            return self.compared(right, _MIRRORED[type(op)], left, text)
        match left, right:
            case (Numbers(), Numbers()):
                return compared_numbers(left.values, _COMPARE[type(op)], right.values)
            case (Numbers(), Constant(value=float() | int() as value)) if not isinstance(value, bool):
                return compared_numbers(left.values, _COMPARE[type(op)], np.full(len(self.data), float(value)))
            case (Labels(), Constant(value=value)):
                return self.with_level(left, op, value)
            case (Truth(), Constant(value=bool() as value)) if isinstance(op, ast.Eq | ast.NotEq):
                same = value == isinstance(op, ast.Eq)
                return left if same else Truth(left.false, left.true)
        raise self.error(f"{text!r} compares {kind(left)} with {kind(right)}")

    def with_level(self, labels: Labels, op: ast.cmpop, level: Any) -> Truth:
        known = labels.codes >= 0
        if isinstance(op, ast.Eq | ast.NotEq):
            equal = known & (labels.codes == self.code(labels, level))
            unequal = known & ~equal
            return Truth(equal, unequal) if isinstance(op, ast.Eq) else Truth(unequal, equal)
        if not labels.ordered:
            raise self.error(f"{labels.name!r} has no order; use ==, != or in")
        true = known & _COMPARE[type(op)](labels.codes, self.code(labels, level))
        return Truth(true, known & ~true)

    def code(self, labels: Labels, level: Any) -> int:
        if level in labels.levels:
            return labels.levels.index(level)
        if labels.closed:
            there_are = ", ".join(repr(known) for known in labels.levels)
            raise self.error(f"{labels.name!r} has no level {level!r}; there are {there_are}")
        return len(labels.levels)
