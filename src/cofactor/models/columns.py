"""The values of a factor: a column as numbers or as codes of levels, and arithmetic on columns by a small evaluator."""

from __future__ import annotations

import ast
import operator
from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from cofactor.errors import FormulaError, UnknownVariableError
from cofactor.models.factors import Level

Floats = npt.NDArray[np.float64]
Codes = npt.NDArray[np.intp]

_BINARY: dict[type[ast.operator], Callable[[Any, Any], Any]] = {
    ast.Add: np.add, ast.Sub: np.subtract, ast.Mult: np.multiply, ast.Div: np.divide,
    ast.FloorDiv: np.floor_divide, ast.Mod: np.mod, ast.Pow: np.power,
}  # fmt: skip
_COMPARE: dict[type[ast.cmpop], Callable[[Any, Any], Any]] = {
    ast.Lt: operator.lt, ast.LtE: operator.le, ast.Gt: operator.gt, ast.GtE: operator.ge,
    ast.Eq: operator.eq, ast.NotEq: operator.ne,
}  # fmt: skip
_FUNCTIONS: dict[str, Callable[[Any], Any]] = {
    "I": lambda x: x, "exp": np.exp, "log": np.log, "sqrt": np.sqrt,
}  # fmt: skip


def column(data: pd.DataFrame, name: str, formula: str) -> pd.Series[Any]:
    """Return the column `name`, or raise UnknownVariableError with near names."""
    if name not in data.columns:
        raise UnknownVariableError.suggest(name, map(str, data.columns), f"the formula {formula!r}")
    if not data.columns.is_unique and (data.columns == name).sum() > 1:
        raise FormulaError(f"the data have several columns named {name!r}; the formula {formula!r} needs one")
    return data[name]


def is_category(values: pd.Series[Any]) -> bool:
    """Return whether a column is modelled by its levels: a Categorical or text."""
    return isinstance(values.dtype, pd.CategoricalDtype) or (
        pd.api.types.is_string_dtype(values.dtype) or pd.api.types.is_object_dtype(values.dtype)
    )


def has_levels(values: pd.Series[Any]) -> bool:
    """Return whether a column is a category or a flag, and no number."""
    return is_category(values) or bool(pd.api.types.is_bool_dtype(values.dtype))


def numbers(values: pd.Series[Any], name: str, formula: str) -> Floats:
    """Return a numeric or boolean column as float64, a flag as 0 and 1, missing as NaN."""
    kind = values.dtype
    if pd.api.types.is_bool_dtype(kind) or pd.api.types.is_numeric_dtype(kind):
        return np.asarray(values.to_numpy(dtype=np.float64, na_value=np.nan))
    raise FormulaError(
        f"{name!r} is of type {kind} and cannot be a number in the formula {formula!r}; "
        f"a category is compared with a level, I({name} == 'level'), or stands by itself"
    )


def levels_present(values: pd.Series[Any]) -> tuple[Level, ...]:
    """Return the levels that occur: in their own order for a Categorical, sorted for text and numbers."""
    if isinstance(values.dtype, pd.CategoricalDtype):
        codes = values.cat.codes.to_numpy()
        counts = np.bincount(codes[codes >= 0], minlength=len(values.cat.categories))
        return tuple(_plain(level) for level, n in zip(values.cat.categories, counts, strict=True) if n)
    return tuple(
        sorted((_plain(level) for level in values.dropna().unique()), key=lambda level: (str(type(level)), level))
    )


def _plain(level: Any) -> Level:
    """Return a level as a plain Python value; whole floats as integers read better (``x[2]``)."""
    value = level.item() if hasattr(level, "item") else level
    if isinstance(value, float) and value.is_integer():
        return int(value)
    return value if isinstance(value, (str, bool, int, float)) else str(value)


def level_codes(values: pd.Series[Any], levels: tuple[Level, ...], name: str, formula: str) -> Codes:
    """Return each row's position among `levels`.

    Raises
    ------
    FormulaError
        A value that is none of them (a level that the fit has not seen).
    """
    wanted = pd.Index(list(levels))
    if isinstance(values.dtype, pd.CategoricalDtype):
        of_category = wanted.get_indexer(pd.Index([_plain(level) for level in values.cat.categories]))
        codes = values.cat.codes.to_numpy()
        found = np.where(codes >= 0, of_category[codes], -1)
    else:
        found = wanted.get_indexer(pd.Index(values))
    if np.any(found < 0):
        unknown = values[found < 0].iloc[0]
        raise FormulaError(
            f"{name!r} has the value {unknown!r}, which is not among the levels of the model "
            f"({', '.join(map(str, levels))}) in the formula {formula!r}"
        )
    return np.asarray(found, dtype=np.intp)


def arithmetic(operand: str, data: pd.DataFrame, formula: str) -> Floats:
    """Evaluate arithmetic that `check_arithmetic` let through, on the rows of `data`; never Python's own `eval`."""
    with np.errstate(all="ignore"):
        values = np.asarray(_value(ast.parse(operand, mode="eval").body, data, formula), dtype=np.float64)
    return np.broadcast_to(values, (len(data),)) if values.ndim == 0 else values


def _value(node: ast.expr, data: pd.DataFrame, formula: str) -> Any:
    match node:
        case ast.Constant(value=int() | float() as value):
            return np.float64(value)
        case ast.Constant(value=value):
            raise FormulaError(f"{value!r} in the formula {formula!r}: text can only be compared with == or !=")
        case ast.Name(id=name):
            return numbers(column(data, name, formula), name, formula)
        case ast.UnaryOp(op=ast.Not(), operand=inner):
            return np.asarray(_value(inner, data, formula) == 0.0, dtype=np.float64)
        case ast.UnaryOp(op=sign, operand=inner):
            value = _value(inner, data, formula)
            return -value if isinstance(sign, ast.USub) else value
        case ast.BinOp(left=left, op=op, right=right):
            return _BINARY[type(op)](_value(left, data, formula), _value(right, data, formula))
        case ast.BoolOp(op=op, values=parts):
            truths = [_value(part, data, formula) != 0.0 for part in parts]
            combine = np.logical_and if isinstance(op, ast.And) else np.logical_or
            return np.asarray(combine.reduce(np.broadcast_arrays(*truths)), dtype=np.float64)
        case ast.Compare():
            return _comparison(node, data, formula)
        case ast.Call(func=ast.Name(id=name), args=[inner]):
            return _FUNCTIONS[name](_value(inner, data, formula))
    raise FormulaError(f"{ast.unparse(node)!r} cannot stand in the formula {formula!r}")


def _comparison(node: ast.Compare, data: pd.DataFrame, formula: str) -> Floats:
    operands = [node.left, *node.comparators]
    truth: Any = True
    for left, op, right in zip(operands, node.ops, operands[1:], strict=False):
        truth = np.logical_and(truth, _compare(left, op, right, data, formula))
    return np.asarray(truth, dtype=np.float64)


def _compare(left: ast.expr, op: ast.cmpop, right: ast.expr, data: pd.DataFrame, formula: str) -> Any:
    if isinstance(left, ast.Constant) and isinstance(left.value, str):
        left, right = right, left
    if not (isinstance(right, ast.Constant) and isinstance(right.value, str)):
        return _COMPARE[type(op)](_value(left, data, formula), _value(right, data, formula))
    if not isinstance(left, ast.Name) or not isinstance(op, (ast.Eq, ast.NotEq)):
        raise FormulaError(f"{right.value!r} in the formula {formula!r}: text can only be compared with == or !=")
    values = column(data, left.id, formula)
    if isinstance(values.dtype, pd.CategoricalDtype) and right.value not in values.cat.categories:
        raise FormulaError(
            f"{left.id!r} has no level {right.value!r} (formula {formula!r}); "
            f"there are: {', '.join(map(str, values.cat.categories))}"
        )
    return _COMPARE[type(op)](values.to_numpy(dtype=object), right.value)
