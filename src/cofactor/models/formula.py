"""From a formula and data to the matrix of a model, and a description that makes the same columns from new rows.

The matrix is made on the rows used, after levels that do not occur there were dropped: otherwise an empty level makes
the fit singular and a missing category silently becomes the reference.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from cofactor.errors import FormulaError, UnknownVariableError
from cofactor.models.coding import Piece, code_terms
from cofactor.models.columns import column
from cofactor.models.parse import ParsedFormula, parse_formula
from cofactor.models.resolve import Resolved, factor_columns, resolve_factor, side_by_side

Floats = npt.NDArray[np.float64]
Mask = npt.NDArray[np.bool_]
Cuts = Mapping[str, Sequence[float]]

INTERCEPT = "Intercept"


@dataclass(frozen=True, eq=False)
class MatrixSpec:
    """All that a fit needs to make its columns again: levels, references, knots and the coding are fixed in it.

    `columns` are the names of the columns; `terms` maps each term's canonical text to the positions of its columns;
    `variables` are the columns of the data that the right-hand side uses.
    """

    parsed: ParsedFormula
    factors: Mapping[str, Resolved]
    pieces: tuple[Piece, ...]
    columns: tuple[str, ...]
    terms: Mapping[str, tuple[int, ...]]
    notes: tuple[str, ...] = ()

    @property
    def formula(self) -> str:
        """The text of the formula."""
        return self.parsed.text

    @property
    def variables(self) -> tuple[str, ...]:
        """Columns of the data on the right-hand side, each once."""
        factors = [factor for term in self.parsed.terms for factor in term.factors]
        return tuple(dict.fromkeys(name for factor in factors for name in factor.variables))

    def new_rows(self, frame: pd.DataFrame, touching: Collection[str] | None = None) -> Floats:
        """Return the matrix (r, p) of the rows of `frame`, with the levels, references and knots of the fit.

        With `touching`, only the columns of terms that hold one of these variables are made, and the others are 0: for
        differences between rows that are alike in all else. `frame` then needs the variables of those terms alone.

        Raises
        ------
        UnknownVariableError
            `frame` lacks a variable of the formula.
        FormulaError
            A level that the fit has not seen, or a value that is missing or not finite.
        """
        return _matrix(self, frame, touching)

    def variables_with(self, names: Collection[str]) -> tuple[str, ...]:
        """Return the variables of all terms that hold one of these."""
        found: dict[str, None] = {}
        for term in self.parsed.terms:
            inside = [name for factor in term.factors for name in factor.variables]
            if any(name in names for name in inside):
                found.update(dict.fromkeys(inside))
        return tuple(found)

    def without_intercept(self) -> MatrixSpec:
        """Return the description without the column ``Intercept``, as a Cox model needs it."""
        return _described(replace(self, pieces=tuple(piece for piece in self.pieces if piece.factors)))

    def positions(self, terms: str | Sequence[str]) -> tuple[int, ...]:
        """Return the columns of formula terms (the order of their factors is free; ``a*b`` names a, b and a:b).

        Raises
        ------
        UnknownVariableError
            A term that the model does not have.
        """
        by_key = {term.key: self.terms[term.name] for term in self.parsed.terms if term.name in self.terms}
        found: list[int] = []
        for text in [terms] if isinstance(terms, str) else terms:
            parsed = parse_formula(text)
            asked = [term for term in parsed.terms if term.factors] or parsed.terms
            for term in asked:
                if term.key not in by_key:
                    raise UnknownVariableError.suggest(term.name, self.terms, f"the terms of {self.formula!r}")
                found.extend(by_key[term.key])
        return tuple(dict.fromkeys(found))


@dataclass(frozen=True, eq=False)
class Matrix:
    """The matrix of a model on the rows used.

    `spec` describes it; `columns` are its p names; `values` is (m, p); `rows` (n,) marks the m rows of the data that
    are used; `response` (m,) is the left-hand side, None when the formula has none.
    """

    spec: MatrixSpec
    values: Floats
    rows: Mask
    response: Floats | None = None
    response_name: str | None = None

    @property
    def columns(self) -> tuple[str, ...]:
        """The names of the columns."""
        return self.spec.columns

    def without_intercept(self) -> Matrix:
        """Return the matrix without its column ``Intercept``, the first of every formula; nothing is copied."""
        return replace(self, spec=self.spec.without_intercept(), values=self.values[:, 1:])


def known_rows(data: pd.DataFrame, rows: Mask, variables: Sequence[str], formula: str) -> tuple[Mask, dict[str, int]]:
    """Return which of `rows` have every variable known, and by variable how many of `rows` lack it.

    Raises
    ------
    UnknownVariableError
        A name that `data` does not have; the error suggests near ones.
    """
    used, missing = rows.copy(), {}
    for name in variables:
        absent = column(data, name, formula).isna().to_numpy() & rows
        if absent.any():
            missing[name] = int(absent.sum())
            used &= ~absent
    return used, missing


def design_matrix(
    formula: str | ParsedFormula,
    data: pd.DataFrame,
    rows: Mask,
    *,
    weights: npt.ArrayLike | None = None,
    references: Mapping[str, Any] | None = None,
    cuts: Cuts | None = None,
    like: MatrixSpec | None = None,
) -> Matrix:
    """Make the matrix of `formula` on those of `rows` where all its variables are known.

    Parameters
    ----------
    formula : str or ParsedFormula
        ``"y ~ x"``, or the right-hand side alone. Functions: C, I, log, exp, sqrt, rcs, poly, reference.
    data : DataFrame (n rows)
        Numbers stay numbers, flags (boolean) become 0 and 1, Categoricals and text become one column a level but the
        reference, named ``x[level]``.
    rows : bool array (n,)
        The domain; rows with a missing variable leave.
    weights : array (n,), optional
        For the percentiles at which ``rcs`` puts its knots; equal if not given.
    references : mapping, optional
        Reference level by variable; else the first level that occurs. ``reference(x, 'level')`` goes before both.
    cuts : mapping, optional
        Knots by the name that the formula uses, ``rcs(x, knots=name)``.
    like : MatrixSpec, optional
        Take levels, references and knots of this earlier description wherever it has the same factor.

    Returns
    -------
    Matrix

    Raises
    ------
    FormulaError, UnknownVariableError
        See `parse_formula`; also a category with one level only, and values that are not finite.

    Examples
    --------
    >>> import numpy as np, pandas as pd
    >>> data = pd.DataFrame({"age": [20.0, 30, 40, None], "sex": ["male", "female", "male", "male"]})
    >>> made = design_matrix("age * sex", data, np.ones(4, dtype=bool))
    >>> made.columns
    ('Intercept', 'age', 'sex[male]', 'age:sex[male]')
    >>> made.rows
    array([ True,  True,  True, False])
    """
    parsed = parse_formula(formula) if isinstance(formula, str) else formula
    used, _ = known_rows(data, np.asarray(rows, dtype=bool), parsed.variables, parsed.text)
    if not used.any():
        raise FormulaError(f"no row of the domain has all variables of the formula {parsed.text!r} known")
    return matrix_of_known(parsed, data, used, weights=weights, references=references, cuts=cuts, like=like)


def matrix_of_known(
    parsed: ParsedFormula, data: pd.DataFrame, used: Mask, *, weights: npt.ArrayLike | None = None,
    references: Mapping[str, Any] | None = None, cuts: Cuts | None = None, like: MatrixSpec | None = None,
) -> Matrix:  # fmt: skip
    """Make the matrix of `design_matrix` on rows (n,) that are known to have every variable, and are some."""
    frame = data.loc[:, list(parsed.variables)]
    frame = frame if used.all() else frame.loc[used]
    share = np.ones(len(frame)) if weights is None else np.asarray(weights, dtype=np.float64)[used]
    spec = _resolve(parsed, frame, share, references or {}, cuts or {}, like)
    values = _matrix(spec, frame)
    response, name = _response(parsed, frame)
    return Matrix(spec, values, used, response, name)


def response_values(parsed: ParsedFormula, data: pd.DataFrame, rows: Mask) -> Floats:
    """Return the left-hand side (n,) on those of `rows` where its own variables are known, NaN elsewhere."""
    values = np.full(len(data), np.nan)
    if parsed.response is not None:
        known, _ = known_rows(data, rows, parsed.response.variables, parsed.text)
        made, _ = _response(parsed, data.loc[known]) if known.any() else (None, None)
        values[known] = np.nan if made is None else made
    return values


def _resolve(
    parsed: ParsedFormula, frame: pd.DataFrame, weights: Floats, references: Mapping[str, Any], cuts: Cuts,
    like: MatrixSpec | None,
) -> MatrixSpec:  # fmt: skip
    factors: dict[str, Resolved] = {}
    notes: list[str] = []
    earlier = {} if like is None else like.factors
    for code in (factor for term in parsed.terms for factor in term.factors):
        if code.text in factors:
            continue
        if code.text in earlier:
            factors[code.text] = earlier[code.text]
            continue
        factors[code.text], note = resolve_factor(code, frame, weights, references, cuts, parsed.text)
        notes.extend(note)
    categories = frozenset(text for text, factor in factors.items() if factor.levels is not None)
    pieces = code_terms(parsed.terms, categories)
    spec = MatrixSpec(parsed, factors, pieces, (), {}, tuple(notes))
    return _described(spec)


def _described(spec: MatrixSpec) -> MatrixSpec:
    """Fill in the names of the columns and the positions of the terms."""
    columns: list[str] = []
    terms: dict[str, tuple[int, ...]] = {}
    for piece in spec.pieces:
        names = _piece_names(spec, piece)
        terms[piece.term] = (*terms.get(piece.term, ()), *range(len(columns), len(columns) + len(names)))
        columns.extend(names)
    twice = sorted({name for name in columns if columns.count(name) > 1})
    if twice:
        raise FormulaError(f"the formula {spec.formula!r} makes {', '.join(twice)} twice; leave one of the terms out")
    return replace(spec, columns=tuple(columns), terms=terms)


def _piece_names(spec: MatrixSpec, piece: Piece) -> list[str]:
    names = [""]
    for text in piece.factors:
        own = spec.factors[text].names(full=text in piece.full)
        names = [f"{left}:{right}" if left else right for right in own for left in names]
    return names if piece.factors else [INTERCEPT]


def _matrix(spec: MatrixSpec, frame: pd.DataFrame, touching: Collection[str] | None = None) -> Floats:
    wanted = [piece for piece in spec.pieces if touching is None or _touches(spec, piece, touching)]
    needed = {text for piece in wanted for text in piece.factors}
    values = {text: spec.factors[text].evaluate(frame, spec.formula) for text in spec.factors if text in needed}
    columns: list[Floats | float] = []
    for piece in spec.pieces:
        if piece not in wanted:
            columns.extend([0.0] * len(_piece_names(spec, piece)))
            continue
        if not piece.factors:
            columns.append(1.0)
        block: list[Floats] = []
        for text in piece.factors:
            own = factor_columns(spec.factors[text], values[text], full=text in piece.full)
            block = [left * right for right in own for left in block] if block else own
        columns.extend(block)
    return side_by_side(columns, len(frame))


def _touches(spec: MatrixSpec, piece: Piece, names: Collection[str]) -> bool:
    return any(name in names for text in piece.factors for name in spec.factors[text].code.variables)


def _response(parsed: ParsedFormula, frame: pd.DataFrame) -> tuple[Floats | None, str | None]:
    code = parsed.response
    if code is None:
        return None, None
    resolved, _ = resolve_factor(code, frame, np.ones(len(frame)), {}, {}, parsed.text)
    if resolved.levels is not None or resolved.width != 1:
        raise FormulaError(
            f"the outcome {code.text!r} of the formula {parsed.text!r} is no single number; a category is made one by "
            f"I({code.operand} == 'level')"
        )
    return np.asarray(resolved.evaluate(frame, parsed.text)).ravel(), code.text
